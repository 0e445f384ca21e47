"""A bonus, deduction, commendation or warning: recorded, approved, taken back if it was wrong."""

from __future__ import annotations

from saima.workflows.tables import Workflow

HONOUR = Workflow(
    states={
        "recorded": "待审定",
        "approved": "已审定",
        "refused": "未批准",
        "withdrawn": "已撤销",
    },
    events={"approve": "审定", "refuse": "不批准", "withdraw": "撤销"},
    moves={
        ("recorded", "approve"): "approved",
        ("recorded", "refuse"): "refused",
        ("approved", "withdraw"): "withdrawn",
    },
)
