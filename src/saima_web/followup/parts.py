"""A task's parts: split into children, merged into another, begun again by a new instruction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from saima.problems import declare, refuse
from saima.workflows.task import OPEN
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.followup.actions import begin_task, initiate_task, write_instruction
from saima_web.followup.loop import stop
from saima_web.followup.models import Instruction, Task
from saima_web.followup.recording import locked, move, record
from saima_web.followup.scope import require_on
from saima_web.followup.telling import tell_unit
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require

TITLE = 40
"""Characters of an instruction that become the title of its task."""

SPLIT_NOTHING = declare(
    "task-split-nothing",
    "没有写要拆成哪几项。",
    "每行写一项：工作任务；可加单位和时限。",
    "nothing was written to split the task into.",
    "Write one part on each line.",
)
MERGE_SELF = declare(
    "task-merge-self",
    "不能把任务并入它自己或它的下级。",
    "请选另一项任务。",
    "a task cannot be merged into itself or its own part.",
    "Choose another task.",
)
NOT_OPEN = declare(
    "task-not-open",
    "“{title}”现在是“{state}”，不能再拆分或合并。",
    "报告办结之前才能拆分、合并；之后请用新的批示重新交办。",
    "“{title}” is “{state}” and cannot be split or merged.",
    "Do so before the final report; later, give a new instruction.",
)
HAS_TASK = declare(
    "instruction-has-task",
    "这条批示已经转为任务{number}。",
    "请到任务页继续办理。",
    "this instruction is task {number} already.",
    "Go on at the task's page.",
)


@dataclass(frozen=True)
class PartOf:
    """What a task is split into: a title, who is responsible, until when, the goal."""

    title: str
    unit: Unit
    deadline: date
    goal: str = ""


def split(*, task: Task, parts: Sequence[PartOf], by: User) -> list[Task]:
    """Children of a task, with its source and its front; the task stays as their whole."""
    with writing(by) as ledger:
        found = locked(task)
        require_on(by, "tasks.manage", found)
        _need_open(found)
        if not parts:
            raise refuse(SPLIT_NOTHING)
        made = [_part(found, part, by) for part in parts]
        record(ledger, "split", found, parts=[child.number for child in made])
    return made


def _part(task: Task, part: PartOf, by: User) -> Task:
    return initiate_task(
        campaign=task.campaign, title=part.title, goal=part.goal, responsible_unit=part.unit,
        deadline=part.deadline, source=task.source, source_note=task.source_note, parent=task,
        by=by, front=task.front, project=task.project,
        supporting_project=task.supporting_project, limit=task.limit,
        landmark_result=task.landmark_result, lead_leader=task.lead_leader,
        task_force=task.task_force,
    )  # fmt: skip


def merge(*, tasks: Iterable[Task], into: Task, by: User) -> Task:
    """Stop tasks that another one covers; their children go over to it."""
    with writing(by) as ledger:
        target = locked(into)
        require_on(by, "tasks.manage", target)
        _need_open(target)
        above = {row.pk for row in lineage(target)}
        for task in tasks:
            if task.pk in above:
                raise refuse(MERGE_SELF)
            found = stop(task=task, reason=f"并入任务{target.number}“{target.title}”", by=by)
            found.merged_into = target
            found.save(update_fields=["merged_into"])
            found.children.update(parent=target)
            target.supporting_units.add(*_others(found, target))
            record(ledger, "merged", found, into=target.number)
    return target


def lineage(task: Task) -> list[Task]:
    """A task and all above it."""
    found: list[Task] = []
    at: Task | None = task
    while at is not None and at not in found:
        found.append(at)
        at = at.parent
    return found


def _others(task: Task, target: Task) -> list[Unit]:
    units = {task.responsible_unit, *task.supporting_units.all()}
    return [unit for unit in units if unit != target.responsible_unit]


def _need_open(task: Task) -> None:
    if task.state not in OPEN:
        raise refuse(NOT_OPEN, title=task.title, state=task.get_state_display())


def assigned_task(*, campaign: Campaign, by: User, **details: Any) -> Task:
    """A task that is begun and assigned in one step, because what it comes from names unit and day.

    details: as `actions.initiate_task` takes them. Who calls tells the unit (`telling`), which may
    get several at once.
    """
    with writing(by) as ledger:
        made = initiate_task(campaign=campaign, by=by, **details)
        move(ledger, made, "assign", by)
    return made


def task_from_instruction(
    *,
    instruction: Instruction,
    by: User,
    title: str = "",
    goal: str = "",
    parent: Task | None = None,
    **details: Any,
) -> Task:
    """An instruction as a task, assigned at once to the unit that it was written to.

    details: as `actions.initiate_task` takes them. What becomes of the task shows on the
    instruction. Errors: Refused where it is a task already.
    """
    with writing(by) as ledger:
        row = Instruction.objects.select_for_update().get(pk=instruction.pk)
        require(by, "instructions.see", campaign=row.campaign, unit=row.unit)
        known = Task.objects.filter(instruction=row).first()
        if known is not None:
            raise refuse(HAS_TASK, number=known.number)
        given = {"deadline": row.due_on, "responsible_unit": row.unit, **details}
        made = begin_task(
            campaign=row.campaign, title=title.strip() or title_of(row.text), goal=goal,
            source=Task.Source.INSTRUCTION, source_note=_source_of(row), parent=parent, by=by,
            instruction=row, **given,
        )  # fmt: skip
        move(ledger, made, "assign", by)
        tell_unit(made, "assign", by)
    return made


def title_of(text: str) -> str:
    """The first sentence of an instruction, cut where it is long."""
    first = text.strip().replace("\n", "。").partition("。")[0]
    return first if len(first) <= TITLE else first[: TITLE - 1] + "…"


def _source_of(row: Instruction) -> str:
    at = row.written_at
    return f"{row.written_by.name}{at.year}年{at.month}月{at.day}日批示"


def instruct_again(*, task: Task, text: str, due_on: date, by: User) -> Task:
    """A leader reads the result and writes again: a new instruction, begun as a child.

    The task itself stays as it is: closed stays closed.
    """
    with writing(by) as ledger:
        require_on(by, "tasks.see", task)
        row = write_instruction(
            campaign=task.campaign, unit=task.responsible_unit, text=text, due_on=due_on, by=by
        )
        made = task_from_instruction(
            instruction=row, parent=task, by=by, front=task.front,
            project=task.project, supporting_project=task.supporting_project,
        )  # fmt: skip
        Task.objects.filter(pk=task.pk).update(changed_at=now())
        record(ledger, "reopened", task, text, child=made.number)
    return made
