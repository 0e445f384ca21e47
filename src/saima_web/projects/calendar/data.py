"""What starts, tops out and finishes when, over projects: by plan, as calculated, as it happened."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from saima.periods import add_months
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.projects.gantt.data import Picture, picture_of
from saima_web.projects.models import GatePassage, Project
from saima_web.projects.timing import Timing

What = Literal["start", "top", "finish"]
TOPPED = ("封顶", "合龙", "贯通")
"""A milestone or a gate with one of these words is where a structure tops out."""
FINISHED = ("竣工", "交工", "完工", "通车", "投产", "投用", "交付")
"""The words of the milestones that end a project."""


@dataclass(frozen=True)
class Event:
    """A start, topping out or finish of a project; `expected` is calculated."""

    project: Project
    what: What
    name: str
    planned: date | None
    expected: date | None
    actual: date | None
    today: date

    @property
    def day(self) -> date | None:
        """Where it stands in the calendar: as it happened, else as expected, else as planned."""
        if self.actual:
            return self.actual
        if self.expected and self.expected >= self.today:
            return self.expected
        return self.planned

    @property
    def state(self) -> str:
        """done, overdue, late (expected after the plan) or due."""
        if self.actual:
            return "done"
        if self.planned and self.planned < self.today:
            return "overdue"
        return "late" if self.planned and self.expected and self.expected > self.planned else "due"

    @property
    def words(self) -> str:
        """The state in words, with the days."""
        if self.state == "overdue" and self.planned:
            return _("逾期%(n)s天") % {"n": (self.today - self.planned).days}
        if self.state == "late" and self.planned and self.expected:
            return _("预计晚%(n)s天") % {"n": (self.expected - self.planned).days}
        return _("已完成") if self.state == "done" else _("未到")

    def within(self, first: date) -> bool:
        """Whether it stands in the month that begins on this day."""
        return _in(self.day, first)

    def put_off(self, first: date) -> bool:
        """Whether it was planned for this month and is expected in another."""
        return _in(self.planned, first) and self.actual is None and not self.within(first)


def _in(day: date | None, first: date) -> bool:
    return day is not None and first <= day < add_months(first, 1)


def events_of(by: User, campaign: Campaign, projects: Iterable[Project]) -> list[Event]:
    """All three of every project that has them, in a fixed number of queries."""
    found = list(projects)
    picture = picture_of(by, campaign, found)
    passages: dict[int, list[GatePassage]] = {p.pk: [] for p in found}
    for row in GatePassage.objects.filter(project__in=list(passages)).select_related("gate"):
        passages[row.project_id].append(row)
    return [e for p in found for e in _events(p, picture, passages[p.pk])]


def _events(project: Project, picture: Picture, passages: list[GatePassage]) -> Iterator[Event]:
    day, timing = today(), picture.timings[project.pk]
    if project.start_due or project.started_on:
        yield Event(project, "start", _("开工"), project.start_due, None, project.started_on, day)
    yield from _topping(project, timing, passages, day)
    expected, done = _last(timing)
    finished = project.finished_on or done
    if project.finish_due or finished:
        yield Event(project, "finish", _("竣工"), project.finish_due, expected, finished, day)


def _last(timing: Timing) -> tuple[date | None, date | None]:
    """When the last of the milestones that end the project is expected, and when all were done."""
    ends = [x for x in timing.lines if any(w in x.row.name for w in FINISHED)]
    done = [x.row.actual_finish for x in ends if x.row.actual_finish]
    expected = max((x.forecast for x in ends if x.forecast), default=None)
    return expected, max(done) if done and len(done) == len(ends) else None


def _topping(
    project: Project, timing: Timing, passages: list[GatePassage], day: date
) -> Iterator[Event]:
    """From the milestones; a project without such a milestone has its gate."""
    lines = [x for x in timing.lines if any(w in x.row.name for w in TOPPED)]
    for line in lines:
        row = line.row
        yield Event(
            project, "top", row.name, row.planned_finish, line.forecast, row.actual_finish, day
        )
    gates = [p for p in passages if any(w in p.gate.name for w in TOPPED) and (p.due or p.done_on)]
    for gate in gates if not lines else ():
        yield Event(project, "top", gate.gate.name, gate.due, None, gate.done_on, day)


@dataclass(frozen=True)
class Day:
    """A day of the calendar's sheet."""

    on: date
    inside: bool
    is_today: bool
    events: list[Event]


def weeks(events: list[Event], first: date) -> list[list[Day]]:
    """A month's sheet from Monday to Sunday."""
    days = calendar.Calendar().monthdatescalendar(first.year, first.month)
    by_day: dict[date, list[Event]] = {}
    for event in events:
        if event.day:
            by_day.setdefault(event.day, []).append(event)
    now = today()
    return [
        [Day(d, d.month == first.month, d == now, by_day.get(d, [])) for d in week] for week in days
    ]


def month_asked(text: str | None) -> date:
    """The first day of a month like 2026-11; of this month if it cannot be read."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today().replace(day=1)
