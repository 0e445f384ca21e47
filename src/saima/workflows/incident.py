"""An incident on a red line: recorded, confirmed by a leader, in effect, appealed, over."""

from __future__ import annotations

from saima.workflows.tables import Workflow

INCIDENT = Workflow(
    states={
        "recorded": "待审定",
        "dismissed": "不予采取",
        "in-effect": "生效中",
        "appealed": "申诉中",
        "upheld": "维持",
        "withdrawn": "已撤销",
        "expired": "已到期",
    },
    events={
        "confirm": "审定生效",
        "dismiss": "不予采取",
        "appeal": "申诉",
        "retract": "撤回申诉",
        "uphold": "维持原决定",
        "withdraw": "撤销",
        "expire": "到期",
    },
    moves={
        ("recorded", "confirm"): "in-effect",
        ("recorded", "dismiss"): "dismissed",
        ("in-effect", "appeal"): "appealed",
        ("in-effect", "withdraw"): "withdrawn",
        ("in-effect", "expire"): "expired",
        ("appealed", "retract"): "in-effect",
        ("appealed", "uphold"): "upheld",
        ("appealed", "withdraw"): "withdrawn",
        ("upheld", "withdraw"): "withdrawn",
        ("upheld", "expire"): "expired",
    },
)
"""An appeal is decided before its incident expires; a decision that was upheld is final."""
