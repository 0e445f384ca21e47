"""What is refused about projects, and how to mend it."""

from __future__ import annotations

from saima.problems import declare

NAME_THERE = declare(
    "project-there",
    "项目“{name}”已经有了。",
    "请改用另一个名称，或修改原有项目。",
    "There is a project “{name}” already.",
    "Choose another name, or change that project.",
)
ABOVE_TOTAL = declare(
    "project-money-above-total",
    "“{name}”的{what}{amount}万元，超过总投资{total}万元。",
    "请核对金额和单位（万元）；总投资已调整的，请先改总投资。",
    "{what} of “{name}” is {amount}, more than its total of {total} (in 10,000 yuan).",
    "Check the amount; if the total was changed, change it first.",
)
NEGATIVE_MONEY = declare(
    "project-money-negative",
    "“{name}”的{what}{amount}万元是负数。",
    "请填写 0 或正数；冲减请在更正当月数时直接改小。",
    "{what} of “{name}” is negative ({amount}).",
    "Write 0 or more.",
)
PLAN_IN_TARGETS = declare(
    "project-plan-in-targets",
    "“{name}”的月度计划由“{indicator}”的目标分解管理，不在这里改。",
    "请在目标编制里修改项目月度计划，批准后这里随之变化。",
    "The monthly plan of “{name}” is kept with the targets of “{indicator}”.",
    "Change it there; it shows here once approved.",
)
DATES_ORDER = declare(
    "project-dates-order",
    "“{name}”的{later}{late}早于{earlier}{early}。",
    "请核对两个日期。",
    "“{name}”: {later} {late} is before {earlier} {early}.",
    "Check the two dates.",
)
FUTURE = declare(
    "project-date-to-come",
    "“{name}”的{what}{day}还没有到。",
    "实际日期只能填今天或以前。",
    "{what} {day} of “{name}” is still to come.",
    "What has happened is dated today or before.",
)
NOT_STARTED = declare(
    "project-not-started",
    "“{name}”还没有登记开工，不能登记{what}。",
    "请先登记实际开工日期。",
    "“{name}” has not been started; {what} cannot be recorded.",
    "Record the start first.",
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
