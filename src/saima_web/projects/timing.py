"""A project's milestones as a network: dates that are still possible, what drives them, what slips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from saima.files.schedule.links import read_links
from saima.problems import Problem, Refused
from saima.scheduling import Project as Plan
from saima.scheduling import Schedule, Task, schedule
from saima.scheduling.calendars import EIGHT_HOURS, WorkCalendar
from saima.scheduling.model import DAY
from saima.scheduling.slip import slippages
from saima_web.projects.models import Milestone, Project

OPENING, CLOSING = time(8), time(17)
SITE_DAYS = WorkCalendar("每天", (EIGHT_HOURS,) * 7)
"""Building sites work every day."""


@dataclass(frozen=True)
class Line:
    """A milestone beside its calculated dates; slip in days against the plan."""

    row: Milestone
    forecast: date | None
    slack: float | None
    critical: bool
    slip: float
    overdue: int

    @property
    def state(self) -> str:
        """done, overdue, late (the forecast is behind the plan) or ahead of it."""
        if self.row.actual_finish:
            return "done"
        if self.overdue:
            return "overdue"
        return "late" if self.slip > 0 else "due"


@dataclass(frozen=True)
class Timing:
    """All lines of a project, its schedule where one can be made, else why not."""

    lines: tuple[Line, ...]
    schedule: Schedule | None
    problem: Problem | None = None

    @property
    def next(self) -> Line | None:
        """The first milestone that is not done."""
        waiting = [x for x in self.lines if not x.row.actual_finish]
        return min(waiting, key=lambda x: (x.row.planned_finish, x.row.number), default=None)

    @property
    def overdue(self) -> list[Line]:
        return [x for x in self.lines if x.state == "overdue"]


def plan_of(project: Project, rows: list[Milestone], today: date) -> Plan:
    """The milestones as a plan of the library; predecessors that cannot be read are refused."""
    known = {str(row.number) for row in rows}
    dates = [row.planned_start or row.planned_finish for row in rows]
    dates += [row.actual_start for row in rows if row.actual_start]
    tasks = tuple(_task(row, known) for row in rows)
    status = _at(today, OPENING)
    return Plan(_at(min(dates), OPENING), tasks, project.name, {"": SITE_DAYS}, status=status)


def _task(row: Milestone, known: set[str]) -> Task:
    links, strange = read_links(row.predecessors, DAY, known)
    if strange:
        from saima.files.schedule.problems import BAD_LINK
        from saima.problems import refuse

        raise refuse(BAD_LINK, text="、".join(strange))
    linked = bool(links)
    first = row.planned_start or row.planned_finish
    return Task(
        row.number,
        row.name,
        int(row.duration * DAY),
        tuple(links),
        constraint="ASAP" if linked else "SNET",
        constraint_date=None if linked else _at(first, OPENING if row.duration else CLOSING),
        baseline_start=_at(first, OPENING),
        baseline_finish=_at(row.planned_finish, CLOSING),
        actual_start=_at(row.actual_start, OPENING) if row.actual_start else None,
        actual_finish=_at(row.actual_finish, CLOSING) if row.actual_finish else None,
        percent_complete=float(row.percent),
        estimates=_estimates(row),
    )


def _estimates(row: Milestone) -> tuple[int, int, int] | None:
    """The three estimates in seconds of work."""
    if row.optimistic is None or row.likely is None or row.pessimistic is None:
        return None
    return int(row.optimistic * DAY), int(row.likely * DAY), int(row.pessimistic * DAY)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour)


def timing_of(project: Project, rows: list[Milestone], today: date) -> Timing:
    """Calculate; where the network is broken, the plan's own dates stand with the reason."""
    if not rows:
        return Timing((), None)
    try:
        found = schedule(plan_of(project, rows, today))
    except Refused as refused:
        return Timing(tuple(_plain(row, today) for row in rows), None, refused.problem)
    slips = {slip.task.uid: slip.finish_days for slip in slippages(found)}
    return Timing(tuple(_line(row, found, slips, today) for row in rows), found)


def _overdue(row: Milestone, today: date) -> int:
    return 0 if row.actual_finish else max((today - row.planned_finish).days, 0)


def _plain(row: Milestone, today: date) -> Line:
    late = _overdue(row, today)
    return Line(row, row.actual_finish, None, False, float(late), late)


def _line(row: Milestone, found: Schedule, slips: dict[Any, float], today: date) -> Line:
    dates = found.tasks[row.number]
    return Line(
        row,
        row.actual_finish or dates.early_finish.date(),
        dates.total_slack / DAY,
        dates.critical,
        slips.get(row.number, 0.0),
        _overdue(row, today),
    )
