"""Read MS Project XML (MSPDI) as a project; stored dates are not taken over but calculated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from saima.files.schedule.mspdi_calendars import of_resources, read_calendars
from saima.files.schedule.problems import (
    BAD_VALUE,
    BROKEN,
    DECLARATION,
    EXTERNAL,
    FROM_FINISH,
    NO_START,
    NOT_MSPDI,
)
from saima.problems import Place, Problem, refuse
from saima.scheduling.calendars import ALL_DAY, OFFICE, WorkCalendar
from saima.scheduling.model import DAY, Constraint, LagUnit, Link, LinkKind, Project, Task

NAMESPACE = "http://schemas.microsoft.com/project"
ELAPSED = "elapsed"
"""The key of the calendar of elapsed durations."""
KINDS: tuple[LinkKind, ...] = ("FF", "FS", "SF", "SS")
CONSTRAINTS: tuple[Constraint, ...] = ("ASAP", "ALAP", "MSO", "MFO", "SNET", "SNLT", "FNET", "FNLT")
ELAPSED_FORMATS = frozenset(["4", "6", "8", "10", "12", "20", "36", "38", "40", "42", "44", "52"])
PERCENT_FORMATS = frozenset(["19", "20", "51", "52"])
_NO_CALENDAR = ("", "-1", "0")
_DURATION = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


@dataclass
class Reader:
    """The elements of one file; a value that cannot be read is noted with its line and passed."""

    root: Any
    file: str
    problems: list[Problem] = field(default_factory=list)

    def all(self, element: Any, path: str) -> list[Any]:
        return list(element.findall("/".join(f"{{*}}{name}" for name in path.split("/"))))

    def text(self, element: Any, path: str) -> str:
        found = element.findtext("/".join(f"{{*}}{name}" for name in path.split("/")))
        return (found or "").strip()

    def place(self, element: Any) -> Place:
        uid = self.text(element, "UID")
        name = etree.QName(element).localname
        path = f"{name} UID={uid}" if uid else name
        return Place(self.file, line=element.sourceline or 0, path=path)

    def bad(self, element: Any, name: str, value: str, wanted: str, wanted_en: str) -> None:
        values = {"field": name, "value": value, "wanted": wanted, "wanted_en": wanted_en}
        self.problems.append(Problem(BAD_VALUE, self.place(element), values))

    def moment(self, element: Any, path: str) -> datetime | None:
        text = self.text(element, path)
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self.bad(element, path, text, "2026-03-01T08:00:00 的形式", "2026-03-01T08:00:00")
            return None

    def clock(self, element: Any, path: str) -> int | None:
        at = re.fullmatch(r"(\d\d):(\d\d):(\d\d)", text := self.text(element, path))
        if at is None:
            self.bad(element, path, text, "08:00:00 的形式", "08:00:00")
            return None
        hours, minutes, secs = (int(part) for part in at.groups())
        return hours * 3600 + minutes * 60 + secs

    def duration(self, element: Any, path: str) -> int | None:
        text = self.text(element, path)
        if not text:
            return None
        match = _DURATION.fullmatch(text)
        if match is None:
            self.bad(element, path, text, "PT8H0M0S 的形式", "PT8H0M0S")
            return None
        sign, *parts = match.groups()
        days, hours, minutes, secs = (float(part or 0) for part in parts)
        total = int(days * 86400 + hours * 3600 + minutes * 60 + secs)
        return -total if sign else total

    def number(self, element: Any, path: str, default: float = 0) -> float:
        text = self.text(element, path)
        try:
            return float(text) if text else default
        except ValueError:
            self.bad(element, path, text, "数字", "a number")
            return default


def read_mspdi(path: Path, data: bytes) -> tuple[Project, list[Problem]]:
    """Read a file. Errors: Refused where it is no whole, harmless MSPDI."""
    reader = Reader(_root(path.name, data), path.name)
    calendars = read_calendars(reader)
    calendars[ELAPSED] = ALL_DAY
    own = reader.text(reader.root, "CalendarUID")
    calendar = own if own in calendars else next(iter(calendars), ELAPSED)
    if calendar == ELAPSED:
        calendars[""] = OFFICE
        calendar = ""
    tasks = _tasks(reader, calendars, calendar)
    return _project(reader, calendars, calendar, tasks), reader.problems


def _root(name: str, data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise refuse(DECLARATION, Place(name)) from error
        line = getattr(error, "lineno", 0) or 0
        reason = str(error).split(", line")[0][:120]
        raise refuse(BROKEN, Place(name, line=line), reason=reason) from error
    if root.getroottree().docinfo.doctype:
        raise refuse(DECLARATION, Place(name))
    kind = etree.QName(root)
    if kind.localname != "Project" or kind.namespace not in (NAMESPACE, None):
        raise refuse(NOT_MSPDI, Place(name), root=kind.localname)
    return root


def _project(
    reader: Reader, calendars: dict[str, WorkCalendar], calendar: str, tasks: list[Task]
) -> Project:
    root = reader.root
    start = reader.moment(root, "StartDate")
    if start is None:
        raise refuse(NO_START, Place(reader.file))
    if reader.text(root, "ScheduleFromStart") == "0":
        values = {"start": f"{start:%Y-%m-%d}"}
        reader.problems.append(Problem(FROM_FINISH, Place(reader.file), values))
    day = int(reader.number(root, "MinutesPerDay", DAY / 60) * 60) or DAY
    return Project(
        start=start,
        tasks=tuple(tasks),
        name=reader.text(root, "Title") or reader.text(root, "Name"),
        calendars=calendars,
        calendar=calendar,
        honour_constraints=reader.text(root, "HonorConstraints") != "0",
        critical_slack=int(reader.number(root, "CriticalSlackLimit") * day),
        own_ends=reader.text(root, "MultipleCriticalPaths") == "1",
        day=day,
        place=Place(reader.file),
    )


def _tasks(reader: Reader, calendars: dict[str, WorkCalendar], project: str) -> list[Task]:
    resources = of_resources(reader, calendars, project)
    tasks: list[Task] = []
    levels: list[tuple[int, int]] = []
    for element in reader.all(reader.root, "Tasks/Task"):
        if reader.text(element, "IsNull") == "1" or reader.text(element, "Active") == "0":
            continue
        level = int(reader.number(element, "OutlineLevel", 1))
        while levels and levels[-1][0] >= level:
            levels.pop()
        task = _task(reader, element, resources, levels[-1][1] if levels else None)
        if task.summary:
            levels.append((level, int(task.uid)))
        tasks.append(task)
    return tasks


def _task(reader: Reader, element: Any, resources: dict[str, str], parent: int | None) -> Task:
    uid = reader.text(element, "UID")
    place = reader.place(element)
    if not uid.isdigit():
        raise refuse(
            BAD_VALUE, place, field="UID", value=uid, wanted="整数", wanted_en="a whole number"
        )
    summary = reader.text(element, "Summary") == "1"
    manual = reader.text(element, "Manual") == "1" and not summary
    kind = int(reader.number(element, "ConstraintType"))
    constraint = CONSTRAINTS[kind] if 0 <= kind < len(CONSTRAINTS) else "ASAP"
    begun = reader.moment(element, "Start") if manual else None
    return Task(
        uid=int(uid),
        name=reader.text(element, "Name"),
        duration=reader.duration(element, "Duration") or 0,
        links=_links(reader, element),
        parent=parent,
        summary=summary,
        calendar=_calendar(reader, element, resources.get(uid, "")),
        constraint="MSO" if begun else constraint,
        constraint_date=begun or reader.moment(element, "ConstraintDate"),
        deadline=reader.moment(element, "Deadline"),
        baseline_start=reader.moment(element, "Baseline/Start"),
        baseline_finish=reader.moment(element, "Baseline/Finish"),
        actual_start=reader.moment(element, "ActualStart"),
        actual_finish=reader.moment(element, "ActualFinish"),
        percent_complete=reader.number(element, "PercentComplete"),
        remaining=reader.duration(element, "RemainingDuration"),
        place=place,
    )


def _calendar(reader: Reader, element: Any, resource: str) -> str:
    if reader.text(element, "DurationFormat") in ELAPSED_FORMATS:
        return ELAPSED
    own = reader.text(element, "CalendarUID")
    return resource if own in _NO_CALENDAR else own


def _links(reader: Reader, element: Any) -> tuple[Link, ...]:
    found = []
    for link in reader.all(element, "PredecessorLink"):
        if reader.text(link, "CrossProject") == "1":
            values = {"name": reader.text(element, "Name")}
            reader.problems.append(Problem(EXTERNAL, reader.place(element), values))
        else:
            found.append(_link(reader, element, link))
    return tuple(found)


def _link(reader: Reader, element: Any, link: Any) -> Link:
    kind = int(reader.number(link, "Type", 1))
    kind_name = KINDS[kind] if 0 <= kind < len(KINDS) else "FS"
    lag, form = reader.number(link, "LinkLag"), reader.text(link, "LagFormat")
    elapsed, percent = form in ELAPSED_FORMATS, form in PERCENT_FORMATS
    unit: LagUnit = "elapsed" if elapsed else "work"
    if percent:
        unit = "elapsed-percent" if elapsed else "percent"
    else:
        lag = int(lag * 6)  # tenths of a minute
    before = int(reader.number(link, "PredecessorUID", -1))
    place = Place(reader.file, line=link.sourceline or 0, path=reader.place(element).path)
    return Link(before, kind_name, lag, unit, place)
