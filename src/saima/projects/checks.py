"""What is wrong with a project's money and dates, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from saima.problems import declare
from saima.projects.model import Project
from saima.projects.money import SERIES, amount
from saima.rounding import text

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
SERIES_NAMES = {"statistical": "统计口径", "physical": "实物量口径", "paid": "资金支付"}


@dataclass(frozen=True)
class Wrong:
    """A declared code with the values of its wording, and the field where it shows."""

    code: str
    field: str
    values: dict[str, object]


def wrong_money(project: Project) -> Iterator[Wrong]:
    """Amounts below zero or above the total, each part and what the parts add up to."""
    money = project.money
    parts = [("before", "至上年底完成", money.before), ("year_plan", "年度计划", money.year_plan)]
    if money.before and money.year_plan:
        parts.append(("year_plan", "至上年底完成与年度计划之和", money.before + money.year_plan))
    parts += [(f"plan {m}", f"{m}计划", v) for m, v in money.plan.items()]
    parts.append(("plan", "月度计划之和", amount(money.plan.values())))
    for series in SERIES:
        months = money.series.get(series, {})
        name = SERIES_NAMES[series]
        parts += [(f"{series} {m}", f"{m}{name}", v) for m, v in months.items()]
        if months:
            parts.append((series, f"{name}累计", money.before + amount(months.values())))
    for where, what, value in (*parts, ("total", "总投资", money.total)):
        shown: dict[str, object] = {
            "name": project.name, "what": what, "amount": text(float(value), 2),
        }  # fmt: skip
        if value < 0:
            yield Wrong(NEGATIVE_MONEY, where, shown)
        elif money.total and value > money.total:
            total = text(float(money.total), 2)
            yield Wrong(ABOVE_TOTAL, where, {**shown, "total": total})


def wrong_dates(project: Project, on: date) -> Iterator[Wrong]:
    """Ends before beginnings, and what is said to have happened in days to come."""
    pairs = (
        ("finish_due", "计划竣工", project.finish_due, "计划开工", project.start_due),
        ("finished_on", "实际竣工", project.finished_on, "实际开工", project.started_on),
    )
    for where, later, late, earlier, early in pairs:
        if late and early and late < early:
            values = {"name": project.name, "later": later, "late": late, "earlier": earlier, "early": early}  # fmt: skip
            yield Wrong(DATES_ORDER, where, values)
    happened = (
        ("started_on", "实际开工", project.started_on),
        ("included_on", "入库纳统", project.included_on),
        ("finished_on", "实际竣工", project.finished_on),
    )
    for where, what, day in happened:
        if day and day > on:
            yield Wrong(FUTURE, where, {"name": project.name, "what": what, "day": day})
        if day and where != "started_on" and project.started_on is None:
            yield Wrong(NOT_STARTED, where, {"name": project.name, "what": what})
