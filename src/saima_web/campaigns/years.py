"""A year of working days as its page draws it: twelve months of weeks, and what is special."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from saima_web.base.clock import today
from saima_web.campaigns.models import DayOverride
from saima_web.campaigns.working_days import Overrides, holiday_name, is_working_day, overrides
from saima_web.people.languages import reader


def months_of(year: int) -> list[dict[str, Any]]:
    """Twelve months, each with its weeks of days (None outside the month)."""
    known = overrides()
    weeks = calendar.Calendar(firstweekday=0)
    return [
        {
            "month": month,
            "weeks": [
                [_day(d, known) if d.month == month else None for d in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _day(day: date, known: Overrides) -> dict[str, Any]:
    working = is_working_day(day, known)
    usual = working == (day.weekday() < 5)
    states = ["" if working else "off"]
    states += [] if usual else ["special"]
    states += ["set"] if day in known else []
    states += ["today"] if day == today() else []
    return {"day": day, "css": " ".join(s for s in states if s), "working": working}


def working_count(year: int) -> int:
    """How many days of a year are worked."""
    known = overrides()
    return sum(is_working_day(day, known) for day in _days(year))


def special_days(year: int) -> list[dict[str, Any]]:
    """Days that are not as their weekday says, in runs of one kind."""
    known = overrides()
    set_here = {row.on: row for row in DayOverride.objects.filter(on__year=year)}
    found: list[dict[str, Any]] = []
    for day in _days(year):
        working = is_working_day(day, known)
        name = set_here[day].name if day in set_here else holiday_name(day, reader())
        if day not in set_here and (working == (day.weekday() < 5)) and not _inside(day, known):
            continue
        last = found[-1] if found else None
        same = last and (last["working"], last["name"]) == (working, name) and not last["override"]
        if last and same and day not in set_here and last["to"] == day - timedelta(days=1):
            last["to"] = day
        else:
            row = set_here.get(day)
            found.append(
                {"from": day, "to": day, "working": working, "name": name, "override": row}
            )
    return found


def _inside(day: date, known: Overrides) -> bool:
    """A weekend day within a holiday."""
    return bool(holiday_name(day)) and not is_working_day(day, known)


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
