"""Working days: the State Council's holidays, and what the office knows better (DayOverride)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import chinese_calendar

from saima_web.campaigns.models import DayOverride

Overrides = Mapping[date, bool]
"""Days that the office set itself: True worked, False off."""


def overrides() -> dict[date, bool]:
    """All days that the office set itself."""
    return dict(DayOverride.objects.values_list("on", "working"))


def year_known(year: int) -> bool:
    """Whether the holidays of a year are in the table; else only weekends are off."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date, known: Overrides | None = None) -> bool:
    """Whether a day is worked. `known` spares the look-up where many days are asked."""
    set_by_office = overrides() if known is None else known
    if day in set_by_office:
        return set_by_office[day]
    if not year_known(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def next_working_day(day: date, known: Overrides | None = None) -> date:
    """The day itself if it is worked, else the next that is: deadlines on a holiday move on."""
    return next(_working(day, overrides() if known is None else known))


def add_working_days(day: date, count: int, known: Overrides | None = None) -> date:
    """The day that is `count` working days after (negative: before) a day, which is not counted."""
    found, step = day, timedelta(days=1 if count >= 0 else -1)
    days_off = overrides() if known is None else known
    left = abs(count)
    while left:
        found += step
        left -= is_working_day(found, days_off)
    return found


def _working(day: date, known: Overrides) -> Iterator[date]:
    """The working days from a day on."""
    while True:
        if is_working_day(day, known):
            yield day
        day += timedelta(days=1)


def holiday_name(day: date, language: str = "zh") -> str:
    """The holiday that a day is off for or worked for; empty for none."""
    if not year_known(day.year):
        return ""
    name = chinese_calendar.get_holiday_detail(day)[1]
    if not name or language == "en":
        return name or ""
    return str(chinese_calendar.Holiday(name).chinese)
