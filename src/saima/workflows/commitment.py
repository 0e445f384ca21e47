"""A commitment (承诺): made by a unit, claimed when fulfilled, judged by the office."""

from __future__ import annotations

from saima.workflows.tables import Workflow

COMMITMENT = Workflow(
    states={
        "draft": "拟定",
        "made": "履行中",
        "claimed": "待认定",
        "fulfilled": "已兑现",
        "unfulfilled": "未兑现",
        "dropped": "已终止",
    },
    events={
        "make": "作出承诺",
        "claim": "申请认定",
        "return": "退回",
        "fulfil": "认定兑现",
        "fail": "认定未兑现",
        "drop": "终止",
    },
    moves={
        ("draft", "make"): "made",
        ("draft", "drop"): "dropped",
        ("made", "claim"): "claimed",
        ("made", "fail"): "unfulfilled",
        ("made", "drop"): "dropped",
        ("claimed", "return"): "made",
        ("claimed", "fulfil"): "fulfilled",
        ("claimed", "fail"): "unfulfilled",
    },
)
