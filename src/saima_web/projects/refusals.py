"""What is refused about projects, and how to mend it."""

from __future__ import annotations

from saima.problems import declare
from saima.projects.checks import ABOVE_TOTAL, DATES_ORDER, FUTURE, NEGATIVE_MONEY, NOT_STARTED

__all__ = [
    "ABOVE_TOTAL", "BAD_MONTH", "DATES_ORDER", "EVIDENCE_LACKING", "FUTURE", "NAME_THERE",
    "NEGATIVE_MONEY", "NOT_STARTED", "PLAN_IN_TARGETS",
]  # fmt: skip

NAME_THERE = declare(
    "project-there",
    "项目“{name}”已经有了。",
    "请改用另一个名称，或修改原有项目。",
    "There is a project “{name}” already.",
    "Choose another name, or change that project.",
)
PLAN_IN_TARGETS = declare(
    "project-plan-in-targets",
    "“{name}”的月度计划由“{indicator}”的目标分解管理，不在这里改。",
    "请在目标编制里修改项目月度计划，批准后这里随之变化。",
    "The monthly plan of “{name}” is kept with the targets of “{indicator}”.",
    "Change it there; it shows here once approved.",
)
EVIDENCE_LACKING = declare(
    "project-evidence-lacking",
    "“{name}”的入库纳统依据不齐：{lacking}。",
    "请先登记所缺材料，核对一致后再登记入库。",
    "“{name}” cannot be taken into the statistics yet: {lacking}.",
    "Enter what is missing, then try again.",
)
BAD_MONTH = declare(
    "project-month",
    "“{text}”不是本行动的月份，或还没有到。",
    "请填写 2026-10 这样的月份。",
    "“{text}” is no month of this campaign, or is still to come.",
    "Write a month such as 2026-10.",
)
