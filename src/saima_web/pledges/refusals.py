"""What is refused about promises, and how to mend it."""

from __future__ import annotations

from saima.problems import declare, refuse

PROMISE_INCOMPLETE = declare(
    "promise-incomplete",
    "还没有写{what}。",
    "请补齐后再提交，已填的内容没有丢失。",
    "{what} is missing.",
    "Fill it in; nothing typed was lost.",
)
DUE_PAST = declare(
    "promise-due-past",
    "完成时限{day}已经过去。",
    "请填今天或以后的日期。",
    "the deadline {day} has passed.",
    "Give today or a later day.",
)
TARGET_WITHOUT_INDICATOR = declare(
    "target-without-indicator",
    "填了目标值，但没有选指标。",
    "请选出这个数说的是哪一项指标，或把目标写在“可衡量的目标”里。",
    "a target was given without its indicator.",
    "Choose the indicator, or say it in the goal.",
)
NUMBER_TWICE = declare(
    "commitment-number-twice",
    "选了指标，又填了承诺数量。",
    "由指标的数对照的填“目标值”，由单位自己报数的填“承诺数量”，只填一个。",
    "an indicator and a quantity of its own are both given.",
    "Give the target of the indicator, or the quantity, not both.",
)
NOT_A_QUANTITY = declare(
    "commitment-not-a-quantity",
    "{what}要大于{least}。",
    "请填一个数，如 40。",
    "{what} must be more than {least}.",
    "Give a number such as 40.",
)
NOT_COUNTED = declare(
    "commitment-not-counted",
    "这件承诺没有承诺数量，不报累计完成数。",
    "请只写进展。",
    "this commitment has no quantity to count.",
    "Report in words only.",
)
NOTHING_PLEDGED = declare(
    "nothing-pledged",
    "表态里没有一项有数。",
    "请至少填一项指标的表态值，年底才能用数据对照。",
    "the pledge names no number.",
    "Give at least one indicator's value, to be held against the result.",
)
PLEDGE_WITHDRAWN = declare(
    "pledge-withdrawn",
    "这次表态已经收回。",
    "如需改口，请重新登记一次表态，两次都留在记录里。",
    "this pledge was taken back already.",
    "Record a new pledge; both stay in the record.",
)
NOT_FOR_PUBLIC = declare(
    "commitment-not-for-public",
    "这件承诺现在不能对外公示：{why}。",
    "请先由单位作出承诺并同意公示，逐字看过再勾选“已审阅”。",
    "this commitment cannot be shown to the public: {why}.",
    "The unit must have made it and agreed; read it and tick.",
)
STEP_NOT_NOW = declare(
    "promise-step-not-now",
    "现在是“{state}”，不能再{what}。",
    "刷新页面看最新状态；要重来，请联系考核办退回。",
    "it is “{state}” now; no {what} any more.",
    "Reload the page; ask the office to return it.",
)
NOT_HEIGHTENED = declare(
    "duty-not-heightened",
    "“{name}”不是值守时段。",
    "请在“设置—重要时间”里勾选值守时段，再排班。",
    "“{name}” is no window of heightened duty.",
    "Tick it in the settings of key dates first.",
)
DUTY_OUTSIDE = declare(
    "duty-outside",
    "{day}不在值守时段{begin}至{end}之内。",
    "请填值守时段里的日期。",
    "{day} is not within {begin} to {end}.",
    "Give a day within the window.",
)
DUTY_EMPTY = declare(
    "duty-empty",
    "还有{n}天没有排班。",
    "请把值守时段每一天的带班领导和值班人员填好，再确认。",
    "{n} days have no duty yet.",
    "Fill in every day of the window, then confirm.",
)
DUTY_RUNNING = declare(
    "duty-running",
    "“{name}”还没有结束，值班人员和电话还要用。",
    "请在时段结束后再清除。",
    "“{name}” is not over; names and telephones are still needed.",
    "Clear them after its last day.",
)


def said(text: str, what: str) -> str:
    """Words without blanks around them. Errors: Refused where there are none."""
    if not text.strip():
        raise refuse(PROMISE_INCOMPLETE, what=what)
    return text.strip()
