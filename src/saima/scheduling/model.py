"""What a schedule is made of: tasks, the links between them, and the project that holds both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from saima.problems import Place
from saima.scheduling.calendars import OFFICE, WorkCalendar

Uid = int | str
LinkKind = Literal["FS", "SS", "FF", "SF"]
LagUnit = Literal["work", "elapsed", "percent", "elapsed-percent"]
Constraint = Literal["ASAP", "ALAP", "SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"]

NOWHERE = Place()
DAY = 8 * 3600
"""Seconds of work in a usual day."""


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency on a predecessor.

    `kind` names the predecessor's end first: FS is finish to start. `lag` counts seconds of the
    successor's calendar (`work`), seconds of the clock (`elapsed`), or percent of the
    predecessor's duration, worked off in the successor's calendar or on the clock.
    """

    predecessor: Uid
    kind: LinkKind = "FS"
    lag: float = 0
    unit: LagUnit = "work"
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Task:
    """An activity, a milestone (duration 0) or a summary of its children.

    Durations, remaining work and the three estimates (optimistic, most likely, pessimistic) are
    seconds of work; `calendar` is a key of the project's calendars, empty for its own. The dates
    of a task in progress come from `actual_start`, `actual_finish` and `remaining`.
    """

    uid: Uid
    name: str
    duration: int = 0
    links: tuple[Link, ...] = ()
    parent: Uid | None = None
    summary: bool = False
    calendar: str = ""
    constraint: Constraint = "ASAP"
    constraint_date: datetime | None = None
    deadline: datetime | None = None
    baseline_start: datetime | None = None
    baseline_finish: datetime | None = None
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    percent_complete: float = 0.0
    remaining: int | None = None
    estimates: tuple[int, int, int] | None = None
    place: Place = NOWHERE


@dataclass(frozen=True)
class Project:
    """A plan: its start, its tasks in their order, its calendars by key.

    With `status`, work that is not done lies after that moment. `honour_constraints`: a date that
    binds (not later than, must) is kept even against the links, as usual; without it the links
    win and slack becomes negative. `critical_slack` (seconds of work) and `own_ends` (a task
    without a successor may not slip) say what counts as critical.
    """

    start: datetime
    tasks: tuple[Task, ...]
    name: str = ""
    calendars: dict[str, WorkCalendar] = field(default_factory=lambda: {"": OFFICE})
    calendar: str = ""
    status: datetime | None = None
    honour_constraints: bool = True
    critical_slack: int = 0
    own_ends: bool = False
    day: int = DAY
    place: Place = NOWHERE
