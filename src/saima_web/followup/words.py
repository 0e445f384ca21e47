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
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
LIMITS = {
    "instruction-at-once": _("领导批示（特急件）"), "instruction-urgent": _("领导批示（急件）"),
    "instruction": _("领导批示（非急件）"), "instruction-hard": _("领导批示（难度较大）"),
    "minutes": _("会议纪要"), "document": _("公文"), "decision": _("常务会、办公会决定"),
    "meeting": _("一类会议"), "public": _("网络舆情、群众反映"), "major": _("重大督查事项结果报告"),
}  # fmt: skip
"""Kind of a default limit -> its name."""
