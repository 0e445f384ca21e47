"""What reporting refuses, and in which words."""

from __future__ import annotations

from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from saima.problems import Place, Problem, Refused, declare
from saima_web.reporting.models import Entry

STATES = {
    "empty": _("未报"),
    "draft": _("已保存"),
    "submitted": _("待单位审核"),
    "endorsed": _("待部门核定"),
    "confirmed": _("已核定"),
    "returned": _("被退回"),
}
"""The states of `saima.workflows.SUBMISSION`, in the language of the page."""
EVENTS = {
    "save": _("保存"),
    "clear": _("清空"),
    "submit": _("提交"),
    "withdraw": _("撤回"),
    "endorse": _("审核通过"),
    "return": _("退回"),
    "confirm": _("核定"),
    "provide": _("统一提供"),
}
"""Its events."""

ROUND_NOT_OPEN = declare(
    "round-not-open",
    "{period}的填报轮次{state}，现在不能改动。",
    "如确需改动，请联系考核办开启本轮。",
    "the round of {period} is {state}; nothing can be changed now.",
    "Ask the office to open the round.",
)
CHANGED_MEANWHILE = declare(
    "changed-meanwhile",
    "{cell}刚由{who}改为{value}，您的数没有保存。",
    "请看过新数，再决定是否修改。",
    "{cell} has just been changed to {value} by {who}; yours was not saved.",
    "Look at the new figure before you change it.",
)
REQUEST_USED = declare(
    "request-used",
    "这次保存的编号已用于另一格，{cell}没有改动。",
    "请刷新页面再试。",
    "this request was already used for another cell; {cell} was not changed.",
    "Reload the page and try again.",
)
NOT_A_FIGURE = declare(
    "not-a-figure",
    "{cell}的数不能保存：{why}",
    "请改正后再保存。",
    "the figure of {cell} cannot be saved: {why}",
    "Mend it and save again.",
)
PROVIDED_BY_OWNER = declare(
    "provided-by-owner",
    "{cell}由{owner}统一提供，单位不填报。",
    "如数据有误，请在批注中说明，或联系{owner}。",
    "{cell} is provided by {owner}, not by the units.",
    "If it is wrong, comment on it or ask {owner}.",
)
REPORTED_BY_UNIT = declare(
    "reported-by-unit",
    "{cell}由单位填报，不统一提供。",
    "请在核定时填写核定数，并说明原因。",
    "{cell} is reported by the unit.",
    "Give your figure with a reason when you confirm.",
)
ON_BEHALF_UNNAMED = declare(
    "on-behalf-unnamed",
    "代{unit}填报，要写明受谁委托。",
    "请填写“代填说明”，例如：受该单位填报员委托，电话核对。",
    "say on whose request you report for {unit}.",
    "Fill in the note on reporting for another unit.",
)
OWN_FIGURE = declare(
    "own-figure",
    "{cell}是您本单位或您本人填报的数，不能由您核定。",
    "请由数据责任部门的其他同志核定。",
    "{cell} is your own unit's figure or was reported by you; you cannot decide on it.",
    "Another person of the data owner decides.",
)
REASON_NEEDED = declare(
    "reason-needed",
    "{what}要写明原因。",
    "请填写原因再试。",
    "{what} needs a reason.",
    "Write the reason and try again.",
)
NOT_SETTLED = declare(
    "not-a-settled-figure",
    "“{text}”不是数字，不能作核定数。",
    "请填数字；应为不适用等情形的，请退回单位改报。",
    "“{text}” is no number and cannot be the confirmed figure.",
    "Give a number; return the figure if it should be something else.",
)
NOTHING_TO_DO = declare(
    "nothing-to-do",
    "{unit}现在没有可以{event}的数。",
    "{hint}",
    "{unit} has no figures to {event} now.",
    "{hint}",
)
OPEN_POINTS = declare(
    "open-points",
    "还有{count}处要先处理，没有提交：{points}",
    "请逐项改正或说明后再提交。",
    "{count} points are still open, nothing was submitted: {points}",
    "Mend or explain each, then submit.",
)
BAD_EVIDENCE = declare(
    "bad-evidence",
    "“{name}”不能作为佐证材料：{why}",
    "可以上传20MB以内的PDF、图片、Word、Excel、PPT、WPS或OFD文件。",
    "“{name}” is not accepted as evidence: {why}",
    "PDF, pictures, office documents or OFD up to 20 MB are.",
)
ROUND_NOT_MADE = declare(
    "round-not-made",
    "不能开启填报轮次：{why}",
    "{hint}",
    "the round cannot be opened: {why}",
    "{hint}",
)


def cell_name(entry: Entry) -> str:
    """A cell as messages name it: 栖湖文旅“营业收入”."""
    return f"{entry.unit}“{entry.indicator}”"


def stop(code: str, entry: Entry | None = None, **values: object) -> NoReturn:
    """Refuse by a declared code; an entry gives the place and `cell`."""
    place = Place(path=cell_name(entry)) if entry is not None else Place()
    if entry is not None:
        values["cell"] = cell_name(entry)
    raise Refused(Problem(code, place, values))
