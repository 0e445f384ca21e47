"""A cell of a reporting round: reported by the unit, endorsed by its head, confirmed by its owner."""

from __future__ import annotations

from saima.workflows.tables import Workflow

SUBMISSION = Workflow(
    states={
        "empty": "未报",
        "draft": "已保存",
        "submitted": "待单位审核",
        "endorsed": "待部门核定",
        "confirmed": "已核定",
        "returned": "被退回",
    },
    events={
        "save": "保存",
        "clear": "清空",
        "submit": "提交",
        "withdraw": "撤回",
        "endorse": "审核通过",
        "return": "退回",
        "confirm": "核定",
        "provide": "统一提供",
    },
    moves={
        ("empty", "save"): "draft",
        ("draft", "save"): "draft",
        ("returned", "save"): "draft",
        ("draft", "clear"): "empty",
        ("returned", "clear"): "empty",
        ("draft", "submit"): "submitted",
        ("submitted", "withdraw"): "draft",
        ("submitted", "endorse"): "endorsed",
        ("submitted", "return"): "returned",
        ("endorsed", "confirm"): "confirmed",
        ("endorsed", "return"): "returned",
        ("confirmed", "return"): "returned",
        ("empty", "provide"): "confirmed",
        ("confirmed", "provide"): "confirmed",
    },
)
"""`provide` is for indicators that the data owner gives for all units; units cannot save those."""
