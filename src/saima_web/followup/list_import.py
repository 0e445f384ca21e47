"""An office's task list checked against the platform: what each row would begin, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import override

from saima.files.task_list import read_task_list
from saima.problems import Problem, declare, has_errors, refuse
from saima.tasks.model import Task as Row
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.followup.actions import begin_task
from saima_web.followup.models import Report, Task
from saima_web.followup.recording import note_step, record
from saima_web.followup.task_forms import units_of
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require

UNKNOWN_UNIT = declare(
    "task-unknown-unit",
    "“{name}”不是本行动的单位。",
    "请写单位的名称、简称或代码：{known}。",
    "“{name}” is no unit of this campaign.",
    "Write its name, short name or code: {known}.",
)
STANDING_TASK = declare(
    "task-standing",
    "没有可用的完成时限，导入后按{day}考核。",
    "如不合适，请在表中写明时限。",
    "there is no usable deadline; {day} is taken.",
    "Write a deadline if that does not suit.",
    severity="warning",
)
KNOWN_TASK = declare(
    "task-known",
    "平台上已有同名的任务（编号{number}），这一行不再导入。",
    "要改进展，请到任务页填写。",
    "a task of this title exists (number {number}); the row is left out.",
    "Tell its progress at the task's page.",
    severity="warning",
)
ROWS_WRONG = declare(
    "task-rows-wrong",
    "还有{count}行有错，没有导入。",
    "请改好后重新上传，或只导入没有问题的行。",
    "{count} rows still have errors; nothing was imported.",
    "Mend them and upload again, or import the good rows only.",
)


@dataclass
class Line:
    """A row of the list, what is wrong with it, and the platform's objects behind its words."""

    row: Row
    problems: list[Problem] = field(default_factory=list)
    unit: Unit | None = None
    supporting: list[Unit] = field(default_factory=list)
    known: Task | None = None

    @property
    def wrong(self) -> bool:
        return has_errors(self.problems)

    @property
    def state(self) -> str:
        return str(Task.State(self.row.state).label)


@dataclass
class Plan:
    """What an import would do; `problems` are those of no row."""

    lines: list[Line]
    problems: list[Problem]

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.wrong]

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if not line.wrong and line.known is None]

    @property
    def told(self) -> list[Problem]:
        return [*self.problems, *(p for line in self.lines for p in line.problems)]


def plan_of(path: Path, campaign: Campaign) -> Plan:
    """Check a file. Errors: Refused where it cannot be opened."""
    found = read_task_list(path, today().year)
    units = {name: u for u in units_of(campaign) for name in (u.name, u.short_name, u.code) if name}
    titles = {(t.title, t.responsible_unit_id): t for t in campaign.tasks.all()}
    lines = [_line(row, units, titles, campaign) for row in found.tasks]
    rest = _given_out(found.problems, lines)
    return Plan(lines, rest)


def _line(
    row: Row, units: dict[str, Unit], titles: dict[tuple[str, int], Task], campaign: Campaign
) -> Line:
    line = Line(row, unit=units.get(row.responsible_unit))
    known = "、".join(sorted({u.short_name or u.name for u in units.values()}))
    wanted = [("responsible_unit", row.responsible_unit)] if line.unit is None else []
    wanted += [("supporting_units", name) for name in row.supporting_units if name not in units]
    for name, text in wanted:
        if text:
            values = {"name": text, "known": known}
            line.problems.append(Problem(UNKNOWN_UNIT, row.place(name), values))
    line.supporting = [units[name] for name in row.supporting_units if name in units]
    if row.deadline is None and row.deadline_text:
        values = {"day": str(campaign.end)}
        line.problems.append(Problem(STANDING_TASK, row.place("deadline"), values))
    line.known = titles.get((row.title, line.unit.pk)) if line.unit else None
    if line.known is not None:
        values = {"number": str(line.known.number)}
        line.problems.append(Problem(KNOWN_TASK, row.place(), values))
    return line


def _given_out(problems: list[Problem], lines: list[Line]) -> list[Problem]:
    """Put each problem of the file to the row that its cell is in; gives those of no row."""
    by_place = {place: line for line in lines for place in line.row.cells.values()}
    rest: list[Problem] = []
    for problem in problems:
        line = by_place.get(problem.place)
        (line.problems if line else rest).append(problem)
    return rest


def import_tasks(*, plan: Plan, campaign: Campaign, by: User, only_good: bool = False) -> int:
    """Begin the tasks of a checked list, with the state and progress that it says; gives how many.

    Errors: Refused while a row has errors, unless only the good ones are asked for.
    """
    require(by, "tasks.initiate", campaign=campaign)
    if plan.wrong and not only_good:
        raise refuse(ROWS_WRONG, count=len(plan.wrong))
    made: dict[str, Task] = {}
    with writing(by) as ledger:
        for line in plan.good:
            task = _begun(line, campaign, made.get(line.row.parent), by)
            if line.row.number:
                made[line.row.number] = task
            record(ledger, "imported", task, state=task.state)
    return len(plan.good)


def _begun(line: Line, campaign: Campaign, parent: Task | None, by: User) -> Task:
    row, unit = line.row, line.unit
    assert unit is not None
    task = begin_task(
        campaign=campaign, title=row.title[:200], goal=row.goal, responsible_unit=unit,
        deadline=row.deadline.day if row.deadline else campaign.end,
        deadline_kind=row.deadline.kind if row.deadline else "day", source=_source(row.source),
        source_note=(row.note or row.source)[:300], parent=parent, by=by,
        supporting_units=line.supporting, **_texts(row),
    )  # fmt: skip
    _stand(task, row, by)
    return task


def _texts(row: Row) -> dict[str, Any]:
    limits = {
        "supporting_project": 200, "landmark_result": 200, "front": 60, "lead_leader": 60,
        "first_responsible": 60, "person": 60,
    }  # fmt: skip
    return {name: getattr(row, name)[:size] for name, size in limits.items()}


def _source(text: str) -> str:
    with override("zh-hans"):
        known = {str(label): value for value, label in Task.Source.choices}
    return known.get(text, Task.Source.PLAN)


def _stand(task: Task, row: Row, by: User) -> None:
    """The state and the line of progress that the list says, as one step of the import."""
    task.state, task.told_on = row.state, today()
    task.progress, task.trouble = row.progress[:300], row.trouble[:300]
    task.next_step = row.next_step[:300]
    if not row.open and row.state != "stopped":
        task.reported_on = row.reported or min(task.deadline, today())
    task.save()
    if row.state != "initiated":
        note_step(task, "import", by, task.progress)
    if row.progress:
        Report.objects.create(
            task=task, text=task.progress, trouble=task.trouble, next_step=task.next_step, by=by,
            at=now(),
        )  # fmt: skip


def lines_shown(plan: Plan) -> Iterator[dict[str, Any]]:
    """The rows of the preview."""
    for line in plan.lines:
        yield {
            "row": line.row, "line": line, "place": line.row.place().cell,
            "unit": line.unit or line.row.responsible_unit,
            "what": "wrong" if line.wrong else "known" if line.known else "new",
        }  # fmt: skip
