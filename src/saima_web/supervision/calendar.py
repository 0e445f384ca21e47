"""Days of the rhythm: the next weekly slot, the next dispatch meeting, when to remind."""

from __future__ import annotations

from datetime import date, timedelta


def next_slot(day: date, weekday: int) -> date:
    """The next day of the week (0 is Monday), the day itself included."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def next_month_day(day: date, number: int) -> date:
    """The next day of the month with a number (at most 28), the day itself included."""
    this = day.replace(day=number)
    if this >= day:
        return this
    return (day.replace(day=1) + timedelta(days=32)).replace(day=number)


def is_reminded(due: date, today: date) -> bool:
    """Three days before, on the day, the day after, then every week while it is overdue."""
    days = (due - today).days
    return days in (3, 0) or (days < 0 and -days % 7 == 1)
