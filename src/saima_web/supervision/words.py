"""The library's words for states and events, marked so that they are translated with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop

from saima.workflows.dispatch import DISPATCH
from saima.workflows.inspection import FINDING, INSPECTION
from saima.workflows.problem import LEVELS, PROBLEM

WORDS = (
    noop("待督查"), noop("已督查"), noop("待反馈"), noop("有异议"), noop("维持结论"), noop("已反馈"),
    noop("退回重报"), noop("已办结"), noop("已取消"), noop("记录督查情况"), noop("送达结论"),
    noop("反馈"), noop("提出异议"), noop("修改结论"), noop("退回反馈"), noop("办结"), noop("取消"),
    noop("整改中"), noop("待核实"), noop("已整改"), noop("反馈整改情况"), noop("核实销号"),
    noop("退回整改"), noop("待分流"), noop("专班协调"), noop("待会商"), noop("待领导决策"),
    noop("办理中"), noop("待销号"), noop("已销号"), noop("不予受理"), noop("已撤回"),
    noop("交专班协调"), noop("列入会商"), noop("上报领导"), noop("撤回"), noop("议定"),
    noop("反馈办理情况"), noop("退回办理"), noop("销号"), noop("重新办理"), noop("专班可以解决"),
    noop("需要会商"), noop("需要领导决策"), noop("待召开"), noop("已召开"), noop("纪要已印发"),
    noop("记录会议"), noop("印发纪要"),
)  # fmt: skip
"""Every word of the tables below; a test holds them together."""

EXTRA = {"raised": noop("提出"), "postponed": noop("改期")}
"""Steps that are no event of a table."""


def choices(states: Mapping[str, str]) -> tuple[tuple[str, Any], ...]:
    """A table's states as a field's choices, in the reader's language."""
    return tuple((key, gettext_lazy(word)) for key, word in states.items())


INSPECTION_STATES = choices(INSPECTION.states)
FINDING_STATES = choices(FINDING.states)
PROBLEM_STATES = choices(PROBLEM.states)
PROBLEM_LEVELS = choices(LEVELS)
DISPATCH_STATES = choices(DISPATCH.states)


def event_word(event: str, of: Mapping[str, str]) -> str:
    """What a step did, in the reader's language; `of` is the table's events."""
    return str(gettext_lazy(of.get(event) or EXTRA.get(event, event)))
