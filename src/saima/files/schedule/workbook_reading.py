"""Read the office's schedule workbook: sheet 计划 with one task a row, sheets 项目 and 日历."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from saima.files.opening import Sheet, Workbook, cell_name, open_workbook
from saima.files.schedule.columns import (
    CALENDARS,
    COLUMNS,
    COMPUTED,
    OFF,
    ON,
    PROJECT,
    SETTINGS,
    TASKS,
    constraint_of,
    field_of,
)
from saima.files.schedule.links import amount, as_uid, read_links
from saima.files.schedule.problems import BAD_LINK, BAD_VALUE, NO_HEADER, NO_START
from saima.problems import Place, Problem, refuse
from saima.scheduling.calendars import (
    ALL_DAY,
    EIGHT_HOURS,
    OFFICE,
    Exceptional,
    Shifts,
    WorkCalendar,
)
from saima.scheduling.model import DAY, Constraint, Link, Project, Task, Uid

ELAPSED = "日历天"
SIX_DAYS = WorkCalendar("六天", (EIGHT_HOURS,) * 6 + ((),))
EVERY_DAY = WorkCalendar("每天", (EIGHT_HOURS,) * 7)
BUILT_IN = {calendar.name: calendar for calendar in (OFFICE, SIX_DAYS, EVERY_DAY)}
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_OPENING, _CLOSING = timedelta(hours=8), timedelta(hours=17)
_HEADER_ROWS = 30
_YES = ("班", ON, "工作", "补班", "调休上班", "1")


@dataclass
class Cells:
    """The cells of one row by field, and what is wrong with them."""

    file: str
    sheet: str
    row: int
    values: dict[str, object]
    columns: dict[str, int]
    problems: list[Problem] = field(default_factory=list)

    def place(self, name: str) -> Place:
        column = self.columns.get(name, self.columns.get("name", 0))
        return Place(self.file, self.sheet, cell_name(self.row, column))

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    def bad(self, name: str, wanted: str, wanted_en: str) -> None:
        header = COLUMNS[name][0] if name in COLUMNS else name
        values = {"field": header, "value": self.text(name), "wanted": wanted}
        self.problems.append(
            Problem(BAD_VALUE, self.place(name), {**values, "wanted_en": wanted_en})
        )

    def moment(self, name: str, end: bool) -> datetime | None:
        """A date: at the opening of its day, or at its close where it ends something."""
        value = self.values.get(name, "")
        found = as_moment(value)
        if found is None:
            if self.text(name):
                self.bad(name, "2026-03-01 这样的日期", "a date such as 2026-03-01")
            return None
        return at_edge(found, end)

    def amount(self, name: str) -> tuple[int, bool] | None:
        """Seconds of work, and whether the clock counts; None where it is blank or wrong."""
        written = self.text(name)
        if not written:
            return None
        found = amount(written, DAY)
        if found is None:
            self.bad(name, "天数，如 15、2周、30日历天", "days, such as 15, 2w or 30ed")
        return found

    def seconds(self, name: str) -> int | None:
        found = self.amount(name)
        return None if found is None else found[0]

    def percent(self, name: str) -> float:
        written = self.text(name)
        value = self.values.get(name, "")
        try:
            size = float(written.rstrip("%％")) if written else 0.0
        except ValueError:
            self.bad(name, "0 到 100 之间的数", "a number from 0 to 100")
            return 0.0
        return size * 100 if isinstance(value, float) and 0 < size <= 1 else size


def as_moment(value: object) -> datetime | None:
    """A date or moment of a cell or a text; None where there is none."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value).strip().replace("/", "-").replace(".", "-")
    text = text.replace("年", "-").replace("月", "-").replace("日", "")
    parts = text.split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        text = f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def at_edge(found: datetime, end: bool) -> datetime:
    """A day without a time: 8:00 where something begins, 17:00 where it ends."""
    if (found.hour, found.minute, found.second) != (0, 0, 0):
        return found
    return found + (_CLOSING if end else _OPENING)


def read_workbook_schedule(path: Path) -> tuple[Project, list[Problem]]:
    """Read a workbook. Errors: Refused where it cannot be read, has no header or no start."""
    book = open_workbook(path)
    problems = list(book.problems)
    sheet, row, columns = _header(book)
    rows = _rows(book, sheet, row, columns)
    calendars = _calendars(book, problems)
    settings, place = _settings(book, problems)
    known = {cells.text("uid") for cells in rows} - {""}
    tasks = [_task(cells, at, known) for at, cells in enumerate(rows, 1)]
    tasks = _with_summaries(tasks)
    for cells in rows:
        problems += cells.problems
    start = cast("datetime | None", settings.get("start")) or _earliest(tasks)
    if start is None:
        raise refuse(NO_START, Place(book.name))
    project = Project(
        start=start,
        tasks=tuple(tasks),
        name=str(settings.get("name", "") or path.stem),
        calendars=calendars,
        calendar=str(settings.get("calendar") or OFFICE.name),
        status=cast("datetime | None", settings.get("status")),
        place=place,
    )
    return project, problems


def _header(book: Workbook) -> tuple[Sheet, int, dict[str, int]]:
    sheets = sorted(book.sheets, key=lambda s: s.name != TASKS)
    for sheet in sheets:
        for at, row in enumerate(sheet.rows[:_HEADER_ROWS]):
            columns: dict[str, int] = {}
            for column, value in enumerate(row):
                if name := field_of(value):
                    columns.setdefault(name, column)
            if {"name", "duration"} <= set(columns):
                return sheet, at, columns
    raise refuse(NO_HEADER, Place(book.name))


def _rows(book: Workbook, sheet: Sheet, header: int, columns: dict[str, int]) -> list[Cells]:
    found = []
    for at in range(header + 1, len(sheet.rows)):
        values = {name: sheet.rows[at][column] for name, column in columns.items()}
        if any(str(value).strip() for value in values.values()):
            found.append(Cells(book.name, sheet.name, at, values, columns))
    return found


def _task(cells: Cells, at: int, known: set[str]) -> Task:
    size = cells.amount("duration")
    duration, elapsed = size or (0, False)
    constraint = constraint_of(cells.text("constraint"))
    if constraint is None:
        cells.bad(
            "constraint", "越早越好、不得早于…开始、必须完成于 等", "ASAP, SNET, MFO and so on"
        )
    ends = constraint in ("FNET", "FNLT", "MFO")
    return Task(
        uid=as_uid(cells.text("uid")) if cells.text("uid") else at,
        name=cells.text("name"),
        duration=duration,
        links=_links(cells, known),
        parent=as_uid(cells.text("parent")) if cells.text("parent") else None,
        calendar=cells.text("calendar") or (ELAPSED if elapsed else ""),
        constraint=cast(Constraint, constraint or "ASAP"),
        constraint_date=cells.moment("constraint_date", ends),
        deadline=cells.moment("deadline", True),
        baseline_start=cells.moment("baseline_start", False),
        baseline_finish=cells.moment("baseline_finish", True),
        actual_start=cells.moment("actual_start", False),
        actual_finish=cells.moment("actual_finish", True),
        percent_complete=cells.percent("percent_complete"),
        remaining=cells.seconds("remaining"),
        estimates=_estimates(cells),
        place=cells.place("name"),
    )


def _links(cells: Cells, known: set[str]) -> tuple[Link, ...]:
    place = cells.place("links")
    links, strange = read_links(cells.text("links"), DAY, known)
    cells.problems += [Problem(BAD_LINK, place, {"text": piece}) for piece in strange]
    return tuple(Link(k.predecessor, k.kind, k.lag, k.unit, place) for k in links)


def _estimates(cells: Cells) -> tuple[int, int, int] | None:
    three = [cells.seconds(name) for name in ("optimistic", "likely", "pessimistic")]
    if three[1] is None and three[0] is not None and three[2] is not None:
        three[1] = cells.seconds("duration")
    low, likely, high = three
    if low is None or likely is None or high is None:
        return None
    return low, likely, high


def _with_summaries(tasks: list[Task]) -> list[Task]:
    """A task that is another's parent is a summary: its own duration does not count."""
    above: set[Uid | None] = {task.parent for task in tasks}
    return [replace(t, summary=True, duration=0) if t.uid in above else t for t in tasks]


def _earliest(tasks: list[Task]) -> datetime | None:
    dates = [t.baseline_start or t.actual_start for t in tasks]
    return min((date for date in dates if date), default=None)


def _settings(book: Workbook, problems: list[Problem]) -> tuple[dict[str, object], Place]:
    sheet = book.sheet(PROJECT)
    found: dict[str, object] = {}
    for at, row in enumerate(sheet.rows if sheet else []):
        name = SETTINGS.get(str(row[0]).strip()) if row else None
        value = row[1] if len(row) > 1 else ""
        if name is None or not str(value).strip():
            continue
        if name in ("start", "status"):
            cells = Cells(book.name, PROJECT, at, {name: value}, {name: 1})
            found[name] = cells.moment(name, name == "status")
            problems += cells.problems
        else:
            found[name] = str(value).strip()
    return found, Place(book.name, PROJECT if sheet else "")


def _calendars(book: Workbook, problems: list[Problem]) -> dict[str, WorkCalendar]:
    """The built-in calendars and those of sheet 日历: weekdays and days that differ."""
    weeks = {name: list(calendar.week) for name, calendar in BUILT_IN.items()}
    days: dict[str, list[Exceptional]] = {name: [] for name in weeks}
    sheet = book.sheet(CALENDARS)
    for at, row in enumerate(sheet.rows[1:] if sheet else [], 1):
        padded = [*row, "", "", "", ""][:4]
        name = str(padded[0]).strip() or OFFICE.name
        if not any(str(value).strip() for value in padded):
            continue
        week = weeks.setdefault(name, list(OFFICE.week))
        shifts: Shifts = EIGHT_HOURS if str(padded[3]).strip() in _YES else ()
        _calendar_row(Cells(book.name, CALENDARS, at, dict(zip(("日历", "起", "止"), padded)),
                            {"日历": 0, "起": 1, "止": 2}, problems),
                      week, days.setdefault(name, []), shifts)  # fmt: skip
    found = {name: WorkCalendar(name, tuple(weeks[name]), tuple(days[name])) for name in weeks}
    return {**found, ELAPSED: ALL_DAY}


def _calendar_row(
    cells: Cells, week: list[Shifts], days: list[Exceptional], shifts: Shifts
) -> None:
    weekday = cells.text("起").replace("星期", "周").replace("周天", "周日")
    if weekday in _WEEKDAYS:
        week[_WEEKDAYS.index(weekday)] = shifts
        return
    first = cells.moment("起", False)
    last = cells.moment("止", True) or first
    if first and last and first.date() <= last.date():
        days.append(Exceptional(first.date(), last.date(), shifts))
    elif not cells.problems or cells.problems[-1].place != cells.place("起"):
        cells.bad("起", "不晚于“止”的日期，或 周六 这样的星期", "a date up to 止, or a weekday")


__all__ = ["COMPUTED", "OFF", "as_moment", "at_edge", "read_workbook_schedule"]
