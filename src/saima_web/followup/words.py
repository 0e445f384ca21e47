"""The library's words about tasks, for readers of either language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DUE = {"normal": _("正常"), "nearing": _("临期"), "overdue": _("逾期")}
LACKS = {
    "goal": _("量化目标"), "number": _("目标中的数"), "project": _("支撑项目"), "result": _("标志性成果"),
}  # fmt: skip
LEVELS = (_("清单"), _("事项"), _("步骤"))
EVENTS = {
    "initiate": _("立项"), "assign": _("交办"), "accept": _("签收"), "dispute": _("提出异议"),
    "start": _("承办"), "report": _("报告办结"), "review": _("审核"), "return": _("退回"),
    "complete": _("办结"), "close_out": _("销号"), "evaluate": _("评价"), "archive": _("归档"),
    "stop": _("中止"), "import": _("导入"),
}  # fmt: skip
SHAPES = {
    "initiated": "dash", "assigned": "wait", "disputed": "bad", "accepted": "wait",
    "in_hand": "wait", "reported": "wait", "reviewed": "wait", "returned": "back",
    "completed": "ok", "closed_out": "ok", "evaluated": "ok", "archived": "lock",
    "stopped": "dash",
}  # fmt: skip
"""State -> the glyph that stands before its word."""
WAITS = {
    "initiated": _("已立项，等交办。"), "assigned": _("等责任单位签收。"), "disputed": _("等交办单位处理异议。"),
    "accepted": _("责任单位已签收，等第一次进展。"), "in_hand": _("责任单位正在办。"),
    "returned": _("责任单位正在重办。"), "reported": _("等交办单位审核。"), "reviewed": _("等交办单位定办结还是退回。"),
    "completed": _("等现场核实后销号。"), "closed_out": _("等评价。"), "evaluated": _("等归档。"),
    "archived": _("已经归档，全程在右边。"), "stopped": _("已经中止。"),
}  # fmt: skip
"""State -> whom a task waits for, for those who have nothing to do with it now."""
