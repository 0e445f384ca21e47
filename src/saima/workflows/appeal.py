"""An appeal (申诉): raised by a unit, decided by the office with a reason, or taken back."""

from __future__ import annotations

from saima.workflows.tables import Workflow

APPEAL = Workflow(
    states={
        "raised": "待受理",
        "upheld": "予以采纳",
        "rejected": "不予采纳",
        "withdrawn": "已撤回",
    },
    events={"uphold": "采纳", "reject": "不采纳", "withdraw": "撤回"},
    moves={
        ("raised", "uphold"): "upheld",
        ("raised", "reject"): "rejected",
        ("raised", "withdraw"): "withdrawn",
    },
)
