"""The calendars of MS Project XML: weekdays, exceptions old and new, weeks that differ."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from saima.files.schedule.problems import RECURRENCE
from saima.problems import Problem
from saima.scheduling.calendars import (
    EIGHT_HOURS,
    Exceptional,
    OtherWeek,
    Shift,
    Shifts,
    WorkCalendar,
    union,
)

if TYPE_CHECKING:
    from saima.files.schedule.mspdi_reading import Reader

_DAILY = ("", "1")
_EXCEPTION_DAY = "0"


def read_calendars(reader: Reader) -> dict[str, WorkCalendar]:
    """Calendars by UID; one that is derived takes from its base what it does not say itself."""
    elements = {reader.text(e, "UID"): e for e in reader.all(reader.root, "Calendars/Calendar")}
    known: dict[str, WorkCalendar] = {}
    for uid in elements:
        _read(reader, elements, uid, known, set())
    return known


def _read(
    reader: Reader,
    elements: dict[str, Any],
    uid: str,
    known: dict[str, WorkCalendar],
    path: set[str],
) -> WorkCalendar | None:
    if uid in known or uid not in elements or uid in path:
        return known.get(uid)
    element = elements[uid]
    base_uid = reader.text(element, "BaseCalendarUID")
    base = _read(reader, elements, base_uid, known, path | {uid})
    week: list[Shifts] = list(base.week) if base else [EIGHT_HOURS] * 5 + [(), ()]
    exceptions = list(base.exceptions) if base else []
    for day in reader.all(element, "WeekDays/WeekDay"):
        kind = reader.text(day, "DayType")
        if kind == _EXCEPTION_DAY:
            exceptions += _exception(reader, day)
        elif kind.isdigit() and 1 <= int(kind) <= 7:
            week[(int(kind) + 5) % 7] = _shifts(reader, day)
    name = reader.text(element, "Name") or (base.name if base else uid)
    for one in reader.all(element, "Exceptions/Exception"):
        exceptions += _new_exception(reader, one, name)
    others = [*(base.other_weeks if base else ()), *_other_weeks(reader, element, week)]
    known[uid] = WorkCalendar(name, tuple(week), tuple(exceptions), tuple(others))
    return known[uid]


def _shifts(reader: Reader, day: Any) -> Shifts:
    if reader.text(day, "DayWorking") != "1":
        return ()
    times = [_shift(reader, time) for time in reader.all(day, "WorkingTimes/WorkingTime")]
    return tuple(sorted(t for t in times if t)) or EIGHT_HOURS


def _shift(reader: Reader, time: Any) -> Shift | None:
    start, end = (reader.clock(time, name) for name in ("FromTime", "ToTime"))
    if start is None or end is None:
        return None
    end = end or 24 * 3600  # a shift until midnight is written 00:00:00
    return (start, end) if start < end else None


def _span(reader: Reader, element: Any) -> tuple[date, date] | None:
    first = reader.moment(element, "TimePeriod/FromDate")
    last = reader.moment(element, "TimePeriod/ToDate")
    if first is None or last is None:
        return None
    return first.date(), max(first, last).date()


def _exception(reader: Reader, element: Any, name: str = "") -> list[Exceptional]:
    span = _span(reader, element)
    return [Exceptional(*span, _shifts(reader, element), name)] if span else []


def _new_exception(reader: Reader, element: Any, calendar: str) -> list[Exceptional]:
    kind, name = reader.text(element, "Type"), reader.text(element, "Name")
    every = reader.text(element, "Period") or "1"
    if kind in _DAILY and every in ("0", "1"):
        return _exception(reader, element, name)
    values = {"calendar": calendar, "name": name, "type": kind}
    reader.problems.append(Problem(RECURRENCE, reader.place(element), values))
    return []


def _other_weeks(reader: Reader, element: Any, week: list[Shifts]) -> list[OtherWeek]:
    found = []
    for other in reader.all(element, "WorkWeeks/WorkWeek"):
        span, days = _span(reader, other), list(week)
        for day in reader.all(other, "WeekDays/WeekDay"):
            kind = reader.text(day, "DayType")
            if kind.isdigit() and 1 <= int(kind) <= 7:
                days[(int(kind) + 5) % 7] = _shifts(reader, day)
        if span:
            found.append(OtherWeek(*span, tuple(days)))
    return found


def of_resources(
    reader: Reader, calendars: dict[str, WorkCalendar], project: str
) -> dict[str, str]:
    """Task UID -> calendar, for tasks whose resources work by a calendar other than the project's.

    A task runs while any of its resources works: several calendars make a joint one, which is
    added to `calendars`.
    """
    own = {
        reader.text(r, "UID"): reader.text(r, "CalendarUID")
        for r in reader.all(reader.root, "Resources/Resource")
        if reader.text(r, "Type") != "0"  # material has no working time
    }
    by_task: dict[str, set[str]] = {}
    for assignment in reader.all(reader.root, "Assignments/Assignment"):
        calendar = own.get(reader.text(assignment, "ResourceUID"), "")
        if calendar in calendars:
            by_task.setdefault(reader.text(assignment, "TaskUID"), set()).add(calendar)
    return {
        task: _joint(sorted(keys), calendars)
        for task, keys in by_task.items()
        if any(_differs(calendars[key], calendars.get(project)) for key in keys)
    }


def _differs(one: WorkCalendar, other: WorkCalendar | None) -> bool:
    return other is None or (one.week, one.exceptions, one.other_weeks) != (
        other.week,
        other.exceptions,
        other.other_weeks,
    )


def _joint(keys: list[str], calendars: dict[str, WorkCalendar]) -> str:
    if len(keys) == 1:
        return keys[0]
    key = "+".join(keys)
    if key not in calendars:
        members = [calendars[k] for k in keys]
        calendars[key] = union("+".join(c.name for c in members), members)
    return key
