"""Bars that are moved: when a milestone may begin, and how long it takes.

The planned finish is a commitment and never moves with a bar. An activity without predecessors
keeps its new day as its planned start, one with predecessors as a lag behind the one that binds it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from saima.files.schedule.links import WHOLE_DAY, link_text, read_links
from saima.problems import Refused, refuse
from saima.scheduling import Link, Schedule, schedule
from saima.scheduling.model import DAY, Uid
from saima.scheduling.slip import driver_of
from saima_web.audit.actions import writing
from saima_web.base.clock import today
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects.actions import subject
from saima_web.projects.gantt import refusals
from saima_web.projects.models import Milestone
from saima_web.projects.timing import plan_of

SHORTEST, LONGEST = Decimal("0.5"), Decimal(3650)
LONGEST_LINKS = 120
"""Characters that the predecessors of a milestone have room for."""
TRIES = 24
"""Links that are tried in turn before a move is given up as bound."""


@dataclass(frozen=True)
class Setting:
    """What a milestone's calculated dates come from, beside what has happened."""

    predecessors: str
    planned_start: date | None
    duration: Decimal

    def as_data(self) -> dict[str, Any]:
        start = self.planned_start
        return {
            "predecessors": self.predecessors, "planned_start": start and start.isoformat(),
            "duration": _plain(self.duration),
        }  # fmt: skip


def _plain(days: Decimal) -> str:
    return f"{days.normalize():f}"


def setting_of(row: Milestone) -> Setting:
    return Setting(row.predecessors, row.planned_start, row.duration)


def setting_in(data: Any) -> Setting:
    """A setting as a page sends it. Errors: Refused for what cannot be read."""
    try:
        start = data["planned_start"]
        days = Decimal(str(data["duration"]))
        if not days.is_finite():
            raise ValueError
        return Setting(
            str(data["predecessors"]), date.fromisoformat(start) if start else None, days
        )
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise refuse(refusals.UNREADABLE) from None


def move(*, milestone: Milestone, days: int, seen: Setting, by: User) -> Milestone:
    """Begin so many days later (earlier with a minus).

    Errors: Refused where it has begun, before today, or before what its predecessors allow.
    """
    with writing(by):
        row = _open(milestone, seen, by)
        if row.actual_start:
            raise refuse(refusals.BEGUN, name=row.name, day=row.actual_start)
        return _keep(row, _moved(row, days), by)


def resize(*, milestone: Milestone, days: int, seen: Setting, by: User) -> Milestone:
    """Finish so many days later by taking longer; of what is under way only the rest grows."""
    with writing(by):
        row = _open(milestone, seen, by)
        if not row.duration:
            raise refuse(refusals.NO_LENGTH, name=row.name)
        left = 1 - Decimal(row.percent if row.actual_start else 0) / 100
        longer = (row.duration + days / max(left, Decimal("0.01"))).quantize(Decimal("0.01"))
        return _keep(row, replace(setting_of(row), duration=longer), by)


def put(*, milestone: Milestone, setting: Setting, seen: Setting, by: User) -> Milestone:
    """Set back what a move or resize has changed, or do it again."""
    with writing(by):
        row = _open(milestone, seen, by)
        if bool(setting.duration) != bool(row.duration):
            raise refuse(refusals.NO_LENGTH, name=row.name)
        return _keep(row, setting, by)


def _open(milestone: Milestone, seen: Setting, by: User) -> Milestone:
    project = milestone.project
    require(by, "projects.manage", campaign=project.campaign, unit=project.unit)
    row = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if setting_of(row) != seen:
        raise refuse(refusals.CHANGED, name=row.name)
    if row.actual_finish:
        raise refuse(refusals.DONE, name=row.name)
    return row


def _keep(row: Milestone, setting: Setting, by: User) -> Milestone:
    """Save a setting whose network has a schedule."""
    if row.duration and not SHORTEST <= setting.duration <= LONGEST:
        raise refuse(refusals.TOO_SHORT, name=row.name, days=_plain(setting.duration))
    was, project = setting_of(row), row.project
    _calculated(row, setting)
    row.predecessors, row.planned_start = setting.predecessors, setting.planned_start
    row.duration = setting.duration
    with writing(by) as ledger:
        row.save()
        ledger.record(
            "project.replanned", subject(project), campaign=project.campaign.code, name=row.name,
            was=was.as_data(), now=setting.as_data(),
        )  # fmt: skip
    return row


def _calculated(row: Milestone, setting: Setting) -> Schedule:
    """The project's schedule with this setting. Errors: Refused where there is none."""
    if len(setting.predecessors) > LONGEST_LINKS:
        raise refuse(refusals.UNREADABLE)
    rows = list(row.project.milestones.all())
    for other in rows:
        if other.pk == row.pk:
            other.predecessors, other.planned_start = setting.predecessors, setting.planned_start
            other.duration = setting.duration
    return schedule(plan_of(row.project, rows, today()))


def _begins(found: Schedule, row: Milestone) -> date:
    return found.tasks[row.number].early_start.date()


def _moved(row: Milestone, days: int) -> Setting:
    """The setting that moves the calculated start by so many days."""
    setting = setting_of(row)
    found = _calculated(row, setting)
    if abs(days) > LONGEST:
        raise refuse(refusals.UNREADABLE)
    target = _begins(found, row) + timedelta(days)
    if target < today():
        raise refuse(refusals.PAST, name=row.name, day=today())
    if not found.net.tasks[found.net.node_of[row.number]].links:
        return replace(setting, planned_start=target)
    for _ in range(TRIES):
        gap = (target - _begins(found, row)).days
        if not gap:
            return setting
        setting = _lagged(found, row, setting, gap, target)
        found = _calculated(row, setting)
    raise _bound(found, row)


def _lagged(found: Schedule, row: Milestone, setting: Setting, gap: int, target: date) -> Setting:
    """Let the link that binds the start grow or shrink by the gap; no lag shrinks below zero."""
    driver = driver_of(found, row.number)
    links = list(found.net.tasks[found.net.node_of[row.number]].links)
    at = next((n for n, k in enumerate(links) if k.predecessor == driver), None)
    if at is None and gap < 0:
        raise refuse(refusals.PAST, name=row.name, day=today())
    if at is None:  # what it waits for is long over: today binds
        at = max(range(len(links)), key=lambda n: _end(found, links[n]))
        gap = max(gap, (target - _end(found, links[at])).days)
        links[at] = replace(links[at], lag=0.0) if links[at].lag < 0 else links[at]
        gap -= int(_days(links[at], row))
    lag = _days(links[at], row)
    if gap < 0:
        if lag <= 0:
            raise _bound(found, row)
        gap = -min(-gap, lag)  # type: ignore[assignment]
    size = WHOLE_DAY if links[at].unit == "elapsed" else DAY
    links[at] = replace(links[at], lag=links[at].lag + gap * size)
    return replace(setting, predecessors="，".join(link_text(k, DAY) for k in links))


def _days(link: Link, row: Milestone) -> float:
    if link.unit not in ("work", "elapsed"):
        raise refuse(refusals.PERCENT_LAG, name=row.name)
    return link.lag / (WHOLE_DAY if link.unit == "elapsed" else DAY)


def _end(found: Schedule, link: Link) -> date:
    dates = found.tasks[link.predecessor]
    return (dates.early_finish if link.kind[0] == "F" else dates.early_start).date()


def _bound(found: Schedule, row: Milestone) -> Refused:
    driver: Uid | None = driver_of(found, row.number)
    before = found.tasks[driver].task.name if driver is not None else ""
    return refuse(refusals.BOUND, name=row.name, before=before, day=_begins(found, row))


def links_of(row: Milestone, known: set[str]) -> list[Link]:
    """The links of a milestone that can be read."""
    return read_links(row.predecessors, DAY, known)[0]
