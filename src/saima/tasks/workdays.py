"""Working days, counted by whatever says which days are worked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

Works = Callable[[date], bool]
"""Whether a day is worked."""

ONE_DAY = timedelta(days=1)


def usual(day: date) -> bool:
    """The State Council's holidays where they are known, else Monday to Friday."""
    from chinese_calendar import is_workday

    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def added(day: date, count: int, works: Works = usual) -> date:
    """The day that is `count` working days after a day, which is not counted."""
    while count > 0:
        day += ONE_DAY
        count -= works(day)
    return day


def on_or_after(day: date, works: Works = usual) -> date:
    """The day itself if it is worked, else the next that is."""
    while not works(day):
        day += ONE_DAY
    return day


def left(day: date, until: date, works: Works = usual, enough: int = 400) -> int:
    """Working days after a day up to `until`, counted no further than `enough`."""
    count = 0
    while day < until and count < enough:
        day += ONE_DAY
        count += works(day)
    return count
