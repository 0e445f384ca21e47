"""Reading instructions and tasks: those that a person may see, and how they stand today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from saima.tasks.completeness import Part as Lacking
from saima.tasks.completeness import missing
from saima.tasks.due import DueState, due_state, overdue_days, progress_due
from saima.tasks.limits import Limit, default_limits
from saima.tasks.rollup import Part, Whole, roll_up
from saima.workflows.task import OPEN, REPORTED
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.waiting import Waiting, end_of
from saima_web.campaigns.working_days import is_working_day, overrides
from saima_web.followup.models import Instruction, Task, TaskRequest
from saima_web.followup.scope import scope
from saima_web.people.models import User
from saima_web.people.permissions import may, units_for


def instructions_for(by: User, campaign: Campaign) -> QuerySet[Instruction]:
    """A unit sees its own; leaders, the office and inspectors see all."""
    if not may(by, "instructions.see", campaign=campaign):
        return Instruction.objects.none()
    rows = Instruction.objects.filter(
        campaign=campaign, unit__in=units_for(by, "instructions.see", campaign)
    )
    return rows.select_related("unit", "written_by", "answered_by", "accepted_by", "task")


def open_instructions(by: User, campaign: Campaign) -> QuerySet[Instruction]:
    """Those that still wait for an answer."""
    return (
        instructions_for(by, campaign).exclude(state=Instruction.State.ANSWERED).order_by("due_on")
    )


def tasks_for(by: User, campaign: Campaign) -> QuerySet[Task]:
    """The tasks that a person may see (`scope`)."""
    rows = Task.objects.filter(scope(by, "tasks.see", campaign), campaign=campaign)
    return rows.select_related(
        "campaign", "responsible_unit", "task_force", "instruction", "project"
    )


@dataclass(frozen=True)
class Standing:
    """A task as it stands on a day. asked: a line of progress is due; below: what its parts say."""

    task: Task
    due: DueState
    late: int
    lacks: tuple[Lacking, ...]
    asked: bool
    below: Whole

    @property
    def open(self) -> bool:
        return self.task.state in OPEN


def standings(tasks: Iterable[Task], on: date | None = None) -> list[Standing]:
    """How tasks stand on a day (today), parts under their wholes as far as they are given."""
    day, known, rows = on or today(), overrides(), list(tasks)

    def works(moment: date) -> bool:
        return is_working_day(moment, known)

    due = {task.pk: due_of(task, day, works) for task in rows}
    wholes = roll_up(
        {task.pk: Part(task.state, due[task.pk]) for task in rows},
        {task.pk: task.parent_id for task in rows},
    )
    return [_standing(task, day, due[task.pk], wholes[task.pk]) for task in rows]


def _standing(task: Task, day: date, due: DueState, below: Whole) -> Standing:
    lacks = missing(task.goal, task.supporting_project, task.landmark_result)
    late = overdue_days(task.deadline, day, task.reported_on) if task.state != "stopped" else 0
    return Standing(task, due, late, lacks, is_asked(task, day), below)


def due_of(task: Task, day: date, works: Callable[[date], bool]) -> DueState:
    """Normal, nearing or overdue; a stopped task is due no more."""
    if task.state == "stopped":
        return "normal"
    reported = task.reported_on if task.state in REPORTED else None
    return due_state(task.deadline, day, reported=reported, works=works)


def is_asked(task: Task, day: date) -> bool:
    """Whether a line of progress is due from the unit."""
    if task.state not in ("accepted", "in_hand", "returned") or task.told_on is None:
        return False
    when = progress_due(task.every, task.told_on)  # type: ignore[arg-type]
    return when is not None and when <= day


UNIT_WAITS = {
    "assigned": noop("“%(title)s”待签收"),
    "returned": noop("“%(title)s”被退回重办"),
    "overdue": noop("“%(title)s”逾期未办结"),
    "nearing": noop("“%(title)s”临近时限"),
    "asked": noop("“%(title)s”该报进展了"),
}
OFFICE_WAITS = {
    "initiated": noop("“%(title)s”已立项，待交办"),
    "disputed": noop("“%(title)s”有异议，待处理"),
    "reported": noop("“%(title)s”报告办结，待审核"),
    "reviewed": noop("“%(title)s”已审核，待办结"),
    "completed": noop("“%(title)s”已办结，待销号"),
}


def my_tasks(by: User, campaign: Campaign) -> list[Waiting]:
    """What of tasks waits for a person: to take on, to report, to review, to decide."""
    found: list[Waiting] = []
    if may(by, "tasks.report", campaign=campaign):
        rows = tasks_for(by, campaign).filter(scope(by, "tasks.report", campaign))
        found += _of_unit(rows.filter(state__in=OPEN), by)
    if may(by, "tasks.manage", campaign=campaign):
        rows = tasks_for(by, campaign).filter(scope(by, "tasks.manage", campaign))
        found += _of_office(rows)
    return found


def _of_unit(rows: QuerySet[Task], by: User) -> Iterator[Waiting]:
    for standing in standings(rows):
        task = standing.task
        key = "asked" if standing.due == "normal" and standing.asked else standing.due
        words = UNIT_WAITS.get(task.state) or UNIT_WAITS.get(key)
        if words:
            yield _waiting(task, words, task.person if task.person != by.name else "")


def _of_office(rows: QuerySet[Task]) -> Iterator[Waiting]:
    for task in rows.filter(state__in=OFFICE_WAITS):
        yield _waiting(task, OFFICE_WAITS[task.state], task.responsible_unit.short_name)
    asked = TaskRequest.objects.filter(state=TaskRequest.State.OPEN, task__in=rows)
    for request in asked.select_related("task__campaign", "task__responsible_unit"):
        words = noop("“%(title)s”申请%(kind)s，待批复")
        unit = str(request.task.responsible_unit)
        yield _waiting(request.task, words, unit, kind=request.get_kind_display())


def _waiting(task: Task, words: str, detail: str, **values: Any) -> Waiting:
    href = reverse("followup:task", args=[task.campaign.code, task.number])
    title = _(words) % {"title": task.title, **values}
    return Waiting(title, href, end_of(task.deadline), detail)


def limits_of(campaign: Campaign) -> list[Limit]:
    """The default time limits: the published ones, changed where the campaign set its own."""
    own = {row.kind: row for row in campaign.own_limits.all()}
    return [
        msgspec.structs.replace(
            limit, days=own[limit.kind].days, count=own[limit.kind].count,
            source=own[limit.kind].source, within=None,
        )
        if limit.kind in own
        else limit
        for limit in default_limits()
    ]  # fmt: skip
