"""A card (黄牌、红牌): proposed by a rule, issued by a person, answered, reviewed, lifted."""

from __future__ import annotations

from datetime import date

from saima.workflows.tables import Workflow

CARD = Workflow(
    states={
        "proposed": "待决定",
        "held": "暂缓发出",
        "waived": "容错免牌",
        "lapsed": "未发出",
        "issued": "待答复",
        "answered": "待复核",
        "returned": "退回重答",
        "accepted": "整改中",
        "escalated": "已约谈",
        "lifted": "已摘牌",
        "replaced": "已换牌",
    },
    events={
        "issue": "发出",
        "hold": "暂缓",
        "waive": "容错免牌",
        "lapse": "不再发出",
        "answer": "答复",
        "return": "退回",
        "accept": "认可",
        "escalate": "约谈",
        "lift": "摘牌",
        "replace": "换牌",
    },
    moves={
        ("proposed", "issue"): "issued",
        ("proposed", "hold"): "held",
        ("proposed", "waive"): "waived",
        ("proposed", "lapse"): "lapsed",
        ("held", "issue"): "issued",
        ("held", "waive"): "waived",
        ("held", "lapse"): "lapsed",
        ("issued", "answer"): "answered",
        ("issued", "escalate"): "escalated",
        ("issued", "replace"): "replaced",
        ("issued", "waive"): "waived",
        ("answered", "accept"): "accepted",
        ("answered", "return"): "returned",
        ("answered", "escalate"): "escalated",
        ("answered", "replace"): "replaced",
        ("answered", "waive"): "waived",
        ("returned", "answer"): "answered",
        ("returned", "escalate"): "escalated",
        ("returned", "replace"): "replaced",
        ("returned", "waive"): "waived",
        ("accepted", "lift"): "lifted",
        ("accepted", "return"): "returned",
        ("accepted", "escalate"): "escalated",
        ("accepted", "replace"): "replaced",
        ("accepted", "waive"): "waived",
        ("escalated", "answer"): "answered",
        ("escalated", "escalate"): "escalated",
        ("escalated", "replace"): "replaced",
        ("escalated", "waive"): "waived",
    },
)
"""`replace` closes a card because a heavier or lighter one takes its place."""

OPEN = ("proposed", "held", "issued", "answered", "returned", "accepted", "escalated")
OUT = ("issued", "answered", "returned", "accepted", "escalated")
"""Cards that a unit has in hand; what is only proposed or held has not reached it."""

AWAITS_ANSWER = ("issued", "returned", "escalated")


def overdue(state: str, due: date | None, on: date) -> bool:
    """Whether the unit still owes an answer whose day has passed."""
    return state in AWAITS_ANSWER and due is not None and on > due
