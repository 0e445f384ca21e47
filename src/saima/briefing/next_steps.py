"""What is left to the targets, and what each remaining day, week and month has to bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from saima.briefing.overview import Overview
from saima.briefing.phrases import quantity
from saima.briefing.progress import Progress
from saima.rounding import number

_MOST_SAID = 4
_DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Rest:
    """What is left of one indicator over several units, per remaining day, week and month."""

    left: float
    per_day: float
    per_week: float
    per_month: float


def days_left(view: Overview) -> int:
    """Days after the period up to the end of the year or campaign."""
    return (view.campaign.clock.window(view.period.end).end - view.period.end) // timedelta(days=1)


def rest_of(left: float, days: int) -> Rest:
    """Spread what is left evenly over the days that are left (以天保周、以周保月、以月保季)."""
    per_day = left / days if days else left
    return Rest(left, per_day, min(left, per_day * 7), min(left, per_day * _DAYS_A_MONTH))


def rate_decimals(smallest: float, decimals: int) -> int:
    """Decimals for amounts per day: enough that a small one does not print as nothing."""
    if decimals or smallest >= 100:
        return decimals
    return 1 if smallest >= 1 else 2


def left_of(progress: Progress, base: float | None, done: float | None) -> float | None:
    """What is left to the target, as printed; None for what does not add up towards one."""
    x = progress.indicator
    adds_up = x.direction == "more" and x.nature != "point-in-time"
    if base is None or done is None or progress.leaf.leaf.against != "target":
        return None
    return max(0.0, number(base - done, x.decimals)) if adds_up or progress.clearing else None


def need_sentences(view: Overview, progress: Sequence[Progress]) -> list[str]:
    """营业收入还需完成28,800万元，平均每月…、每周…、每天…: the weightiest indicators that add up."""
    days = days_left(view)
    found: list[str] = []
    for one in sorted(progress, key=lambda p: -_weight(p)):
        total, x = one.total, one.indicator
        if total is not None and total.units < len(one.rows):
            continue  # a sum that lacks somebody says too little
        left = total and left_of(one, total.base, total.done)
        if left and days > 0 and len(found) < _MOST_SAID:
            rest = rest_of(left, days)
            places = rate_decimals(rest.per_day, x.decimals)
            month, week, day = (
                quantity(v, x.measure, places)
                for v in (rest.per_month, rest.per_week, rest.per_day)
            )
            verb = "还需清零" if one.clearing else "还需完成"
            found.append(
                f"{x.name}{verb}{quantity(left, x.measure, x.decimals)}，平均每月{month}、每周{week}、每天{day}"
            )
    return found


def _weight(progress: Progress) -> float:
    return sum(r.mark.full_marks for r in progress.rows)
