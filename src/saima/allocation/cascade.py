"""Carry a target down to ten-day periods, weeks and days, and say what each remaining one needs.

以天保周、以周保月、以月保季: every level is cut from the same cumulated line, so days add up to
weeks, weeks and ten-day periods to months, months to quarters, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from saima.allocation.exact import from_units, to_units
from saima.periods import ONE_DAY, Kind, Period, containing, span
from saima.problems import Place, Problem, declare

WorkingDay = Callable[[date], bool]

declare(
    "cascade-no-days",
    "{period}之内没有工作日，目标无处可分。",
    "请改为按自然日分解，或调整期间。",
    "there is no working day in {period} to carry the target.",
    "Spread over calendar days, or change the period.",
)
declare(
    "cascade-too-fine",
    "目标{amount}超出了精度（{decimals}位小数）。",
    "请按精度填写，或增加小数位数。",
    "the target {amount} is finer than {decimals} decimals.",
    "Write it at that precision, or allow more decimals.",
)
declare(
    "nothing-left",
    "截至{today}已没有剩余时间，仍差{remaining}，无法再按日、周、月分摊。",
    "请核对完成时限，或将差额列入未完成事项。",
    "no time is left on {today} and {remaining} is still missing.",
    "Check the deadline, or report the gap.",
)
declare(
    "calendar-unknown",
    "{years}年的节假日安排尚未收录，已按周一至周五为工作日计算。",
    "公布后请在计划的 calendar 中补充放假和调休日期。",
    "the holidays of {years} are not known; Monday to Friday count as working days.",
    "Add rest days and make-up days to the plan's calendar once they are published.",
    severity="warning",
)


@dataclass(frozen=True)
class Piece:
    """A part of a period (clipped to it) and its target."""

    period: str
    start: date
    end: date
    target: Decimal


@dataclass(frozen=True)
class Needed:
    """What is still needed: the remainder, the time left (today included), and the pace asked.

    A week or month counts while it still has a day (or working day) left in it. The pace is
    rounded 四舍五入 to two decimals more than the target has; None where no such time is left.
    """

    remaining: Decimal
    days_left: int
    working_days_left: int
    weeks_left: int
    months_left: int
    per_day: Decimal | None
    per_working_day: Decimal | None
    per_week: Decimal | None
    per_month: Decimal | None

    def sentence(self, measure: str = "") -> str:
        """The pace in words: 剩余45天（工作日31天）需完成……."""
        if self.remaining <= 0:
            return f"目标已完成，超出{-self.remaining:,f}{measure}。"
        if self.per_day is None:
            return f"已无剩余时间，仍差{self.remaining:,f}{measure}。"
        working = "" if self.per_working_day is None else f"每个工作日{self.per_working_day:,f}，"
        return (
            f"尚需完成{self.remaining:,f}{measure}，剩余{self.days_left}天"
            f"（工作日{self.working_days_left}天）：每天{self.per_day:,f}，{working}"
            f"每周{self.per_week:,f}，每月{self.per_month:,f}{measure}。"
        )


def working_days(
    start: date, end: date, rest: Collection[date] = (), work: Collection[date] = ()
) -> tuple[WorkingDay, list[Problem]]:
    """Which days are working days, by the official arrangement and the plan's own days.

    rest, work: days that override it. Years whose arrangement is not in the calendar library
    count Monday to Friday, with a warning.
    """
    unknown = [str(y) for y in range(start.year, end.year + 1) if not _year_known(y)]
    own = dict.fromkeys(rest, False) | dict.fromkeys(work, True)
    problems = [Problem("calendar-unknown", Place(), {"years": "、".join(unknown)})]

    def is_working(day: date) -> bool:
        return own[day] if day in own else _official(day)

    return is_working, problems if unknown else []


@lru_cache(maxsize=64)
def _year_known(year: int) -> bool:
    from chinese_calendar import is_workday

    try:
        is_workday(date(year, 10, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=4096)
def _official(day: date) -> bool:
    from chinese_calendar import is_workday

    return bool(is_workday(day)) if _year_known(day.year) else day.weekday() < 5


def days_of(period: Period) -> list[date]:
    """Every day of a period."""
    return [period.start + timedelta(days=n) for n in range(period.days)]


def cut(period: Period, into: Kind) -> list[Period]:
    """The periods of a kind inside a period, the first and last clipped to it."""
    parts = []
    current = containing(into, period.start)
    while current.start <= period.end:
        whole = period.covers(current)
        start, end = max(current.start, period.start), min(current.end, period.end)
        parts.append(
            current if whole else span(Period(start, start, "day"), Period(end, end, "day"))
        )
        current = containing(into, current.end + ONE_DAY)
    return parts


def cascade(
    target: Decimal, period: Period, into: Kind, decimals: int, is_working: WorkingDay | None = None
) -> tuple[list[Piece], list[Problem]]:
    """A period's target over its ten-day periods, weeks or days, adding up exactly.

    Spread evenly over working days, or over all days if `is_working` is None. The part of any
    span of days is the cumulated target at its end less that at its start, both rounded
    四舍五入 at the precision: parts differ from their even share by less than one unit, and
    finer cuts of the same period add up to coarser ones.
    """
    days = days_of(period)
    carrying = [is_working is None or is_working(day) for day in days]
    total = to_units(target, decimals)
    if total is None:
        values = {"amount": f"{target:,f}", "decimals": str(decimals)}
        return [], [Problem("cascade-too-fine", Place(), values)]
    if not any(carrying):
        return [], [Problem("cascade-no-days", Place(), {"period": period.label()})]
    reached = [0]
    for day in carrying:
        reached.append(reached[-1] + day)
    line = {
        day: _half_up(Fraction(total * reached[n + 1], reached[-1])) for n, day in enumerate(days)
    }
    line[period.start - ONE_DAY] = 0
    pieces = [
        Piece(
            part.text,
            part.start,
            part.end,
            from_units(line[part.end] - line[part.start - ONE_DAY], decimals),
        )
        for part in cut(period, into)
    ]
    return pieces, []


def _half_up(value: Fraction) -> int:
    """四舍五入 of an exact fraction: half away from zero."""
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -size if value < 0 else size


def needed(
    target: Decimal,
    done: Decimal,
    today: date,
    end: date,
    is_working: WorkingDay,
    decimals: int = 2,
) -> tuple[Needed, list[Problem]]:
    """What remains and what each remaining day, working day, week and month must bring.

    today counts as a day that is still left. With no time left and something missing, a
    Problem `nothing-left` says so. A pace for a target that is already reached is zero.
    """
    remaining = target - done
    days = [today + timedelta(days=n) for n in range((end - today).days + 1)]
    working = [day for day in days if is_working(day)]
    weeks, months = (
        {containing(kind, day) for day in (working or days)} for kind in ("week", "month")
    )
    counts = (len(days), len(working), len(weeks), len(months))
    paces = [_pace(remaining, count, decimals + 2) for count in counts]
    problems = []
    if not days and remaining > 0:
        values = {"today": today.isoformat(), "remaining": f"{remaining:,f}"}
        problems.append(Problem("nothing-left", Place(), values))
    return Needed(remaining, *counts, *paces), problems


def _pace(remaining: Decimal, count: int, places: int) -> Decimal | None:
    if not count:
        return None
    exact = max(remaining, Decimal(0)) / count
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
