"""Write a schedule as the office's workbook: the plan as it is read, and beside it what follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from saima.files.cells import safe_text
from saima.files.schedule.columns import (
    CALENDARS,
    COLUMNS,
    COMPUTED,
    CONSTRAINTS,
    OFF,
    ON,
    PROJECT,
    TASKS,
)
from saima.files.schedule.links import link_text, plain
from saima.files.schedule.workbook_reading import BUILT_IN, ELAPSED, EVERY_DAY, at_edge
from saima.scheduling.calendars import WorkCalendar
from saima.scheduling.model import Project, Task
from saima.scheduling.result import Schedule, TaskDates

_FIXED = datetime(2026, 1, 1)
_WORDS = {key: words for words, key in CONSTRAINTS.items()}
_WIDTHS = {"name": 30, "links": 18}


def workbook_bytes(found: Schedule) -> bytes:
    """The workbook of a schedule; the same schedule gives the same bytes."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _FIXED})
        styles = {
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "head": book.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
            ),
        }
        _tasks(book.add_worksheet(TASKS), found, styles)
        _project(book.add_worksheet(PROJECT), found.project, styles)
        _calendars(book.add_worksheet(CALENDARS), found.project, styles)
    return out.getvalue()


def _tasks(sheet: Any, found: Schedule, styles: dict[str, Any]) -> None:
    headers = [names[0] for names in COLUMNS.values()] + list(COMPUTED)
    for column, (header, name) in enumerate(zip(headers, [*COLUMNS, *COMPUTED])):
        sheet.write_string(0, column, header, styles["head"])
        sheet.set_column(column, column, _WIDTHS.get(name, 11))
    for row, dates in enumerate(found.tasks.values(), 1):
        values = [*_plan(dates.task, found.project), *_computed(dates, found.project.day)]
        for column, value in enumerate(values):
            _write(sheet, row, column, value, styles)
    sheet.freeze_panes(1, 2)


def _write(sheet: Any, row: int, column: int, value: object, styles: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, datetime(*value.timetuple()[:3]), styles["date"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None and value != "":
        sheet.write_string(row, column, safe_text(str(value)))


def _plan(task: Task, project: Project) -> list[object]:
    day = project.day
    elapsed = task.calendar and project.calendars[task.calendar].week == _all_day(project)
    length: object = task.duration / day
    if elapsed:
        length = f"{plain(task.duration / 86_400)}日历天"
    own = "" if elapsed else _calendar_name(project, task.calendar)
    three = [None if task.estimates is None else e / day for e in task.estimates or (0, 0, 0)]
    constraint = "" if task.constraint == "ASAP" else _WORDS[task.constraint]
    links = "，".join(link_text(link, day) for link in task.links)
    return [
        task.uid, task.name, task.parent, None if task.summary else length, links, own,
        constraint, task.constraint_date, task.deadline, task.baseline_start,
        task.baseline_finish, task.actual_start, task.actual_finish,
        task.percent_complete if task.percent_complete else None,
        None if task.remaining is None or not task.actual_start else task.remaining / day, *three,
    ]  # fmt: skip


def _all_day(project: Project) -> object:
    return project.calendars[ELAPSED].week if ELAPSED in project.calendars else None


def _calendar_name(project: Project, key: str) -> str:
    return key and project.calendars[key].name


def _computed(dates: TaskDates, day: int) -> list[object]:
    return [
        dates.early_start, dates.early_finish, dates.late_start, dates.late_finish,
        dates.total_slack / day, dates.free_slack / day, "是" if dates.critical else "",
    ]  # fmt: skip


def _project(sheet: Any, project: Project, styles: dict[str, Any]) -> None:
    rows: tuple[tuple[str, object], ...] = (
        ("项目名称", project.name),
        ("开始日期", project.start),
        ("状态日期", _status(project) or ""),
        ("日历", project.calendars[project.calendar].name),
    )
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name, styles["head"])
        _write(sheet, row, 1, value, styles)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 30)


def _status(project: Project) -> datetime | None:
    """The last day that is over: a workbook's day is read as its close."""
    status = project.status
    if status is None or status > at_edge(datetime(*status.timetuple()[:3]), False):
        return status
    return status - timedelta(1)


def _calendars(sheet: Any, project: Project, styles: dict[str, Any]) -> None:
    for column, header in enumerate(("日历", "起", "止", "上班或休息")):
        sheet.write_string(0, column, header, styles["head"])
    sheet.set_column(0, 3, 14)
    row = 1
    for key, calendar in project.calendars.items():
        if key == ELAPSED or not calendar.name:
            continue
        for values in _calendar_rows(calendar):
            for column, value in enumerate((calendar.name, *values)):
                _write(sheet, row, column, value, styles)
            row += 1


def _calendar_rows(calendar: WorkCalendar) -> list[tuple[object, ...]]:
    usual = BUILT_IN.get(calendar.name, EVERY_DAY)
    names = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
    rows: list[tuple[object, ...]] = [
        (names[day], "", ON if shifts else OFF)
        for day, shifts in enumerate(calendar.week)
        if calendar.name not in BUILT_IN or bool(shifts) != bool(usual.week[day])
    ]
    for special in calendar.exceptions:
        first = datetime(*special.first.timetuple()[:3])
        last = datetime(*special.last.timetuple()[:3])
        rows.append((first, last, ON if special.shifts else OFF))
    return rows
