"""A score run: drafted, sent out for checking, approved by a leader, published, corrected."""

from __future__ import annotations

from saima.workflows.tables import Workflow

SCORE_RUN = Workflow(
    states={
        "draft": "试算",
        "checking": "核对中",
        "checked": "待审定",
        "approved": "已审定",
        "published": "已公布",
        "superseded": "已被更正",
        "dropped": "已作废",
    },
    events={
        "send": "送各单位核对",
        "close": "结束核对",
        "approve": "审定",
        "refuse": "退回重算",
        "publish": "公布",
        "supersede": "更正",
        "drop": "作废",
    },
    moves={
        ("draft", "send"): "checking",
        ("draft", "drop"): "dropped",
        ("checking", "close"): "checked",
        ("checking", "drop"): "dropped",
        ("checked", "approve"): "approved",
        ("checked", "refuse"): "dropped",
        ("approved", "publish"): "published",
        ("approved", "drop"): "dropped",
        ("published", "supersede"): "superseded",
    },
)
