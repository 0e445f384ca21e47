"""Writing instructions, taking them on, answering them; beginning tasks (`loop` takes them on)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max

from saima.problems import declare, refuse
from saima.tasks.limits import limit_of
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Instruction, OwnLimit, Task, TaskForce
from saima_web.followup.recording import locked, note_step, record
from saima_web.followup.scope import require_on
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import posts_of, require
from saima_web.projects.models import Project
from saima_web.ui.uploads import keep_file

State = Instruction.State

INSTRUCTION_INCOMPLETE = declare(
    "instruction-incomplete",
    "批示还缺{what}。",
    "请补齐后再交办。",
    "the instruction lacks {what}.",
    "Fill it in and send again.",
)
INSTRUCTION_ANSWERED = declare(
    "instruction-answered",
    "这条批示已经回复过。",
    "需要补充，请联系督查室。",
    "this instruction was answered already.",
    "Ask the office if more has to be said.",
)
TASK_INCOMPLETE = declare(
    "task-incomplete",
    "任务还缺{what}。",
    "请补齐后再立项。",
    "the task lacks {what}.",
    "Fill it in and send again.",
)
OTHERS_PROJECT = declare(
    "task-project-of-another",
    "项目“{name}”不在这个行动的重点项目里。",
    "请从本行动的项目中选，或只写支撑项目的名称。",
    "the project “{name}” is none of this campaign's.",
    "Choose one of its own, or write the name only.",
)
TASK_STANDS = declare(
    "task-stands",
    "任务已经交办，时限、目标和责任单位不能直接修改。",
    "时限和目标由承办单位申请延期、变更；责任单位在处理异议时改派。",
    "the task was assigned; its day, goal and unit cannot be changed.",
    "The unit asks for it; another unit is named when a dispute is decided.",
)


class Details(TypedDict, total=False):
    """What a task may say beside the necessary."""

    project: Project | None
    supporting_project: str
    file: UploadedFile[Any] | None
    landmark_result: str
    front: str
    contingency_plan: str
    source_object: int
    limit: str
    lead_leader: str
    first_responsible: str
    person: str
    deadline_kind: str
    every: str
    task_force: TaskForce | None
    indicators: Iterable[Indicator]
    instruction: Instruction


def initiate_task(
    *,
    campaign: Campaign,
    title: str,
    goal: str,
    responsible_unit: Unit,
    deadline: date,
    source: str,
    source_note: str = "",
    parent: Task | None = None,
    supporting_units: Iterable[Unit] = (),
    by: User,
    under: str = "tasks.initiate",
    **details: Unpack[Details],
) -> Task:
    """Begin a task (立项); `loop.assign` sends it out. Errors: Refused for no title, a past date.

    source: a value of Task.Source; source_note: the paper, meeting or card that it rests on;
    under: the action that allows it, where a slice above has its own.
    """
    if deadline < today():
        raise refuse(TASK_INCOMPLETE, what="今天或以后的完成时限")
    return begin_task(
        campaign=campaign, title=title, goal=goal, responsible_unit=responsible_unit,
        deadline=deadline, source=source, source_note=source_note, parent=parent,
        supporting_units=supporting_units, by=by, under=under, **details,
    )  # fmt: skip


def begin_task(
    *,
    campaign: Campaign,
    title: str,
    supporting_units: Iterable[Unit] = (),
    by: User,
    deadline: date,
    under: str = "tasks.initiate",
    **details: Any,
) -> Task:
    """As `initiate_task`, for what may be overdue already: an imported list, an old instruction."""
    indicators, file = details.pop("indicators", ()), details.pop("file", None)
    with writing(by) as ledger:
        require(by, under, campaign=campaign)
        if not title.strip():
            raise refuse(TASK_INCOMPLETE, what="“工作任务”")
        details = {k: v.strip() if isinstance(v, str) else v for k, v in details.items()}
        made = Task(
            campaign=campaign, number=_next_number(campaign), title=title.strip(),
            assigning_unit=_unit_of(by, campaign), deadline=deadline, first_deadline=deadline,
            initiated_by=by, initiated_at=now(), changed_at=now(),
            **(details | _project_of(campaign, details)),
        )  # fmt: skip
        digest = keep_file(made, file)
        made.save()
        made.supporting_units.set(supporting_units)
        made.indicators.set(indicators)
        note_step(made, "initiate", by)
        more = {"digest": digest} if digest else {}
        record(ledger, "initiated", made, made.title, deadline=str(deadline), source=made.source,
               **more)  # fmt: skip
    return made


def _project_of(campaign: Campaign, details: dict[str, Any]) -> dict[str, Any]:
    """The project that a task rests on and its name: each is found by the other.

    Errors: Refused for a project of another campaign.
    """
    project, name = details.get("project"), details.get("supporting_project", "")
    if project is not None and project.campaign_id != campaign.pk:
        raise refuse(OTHERS_PROJECT, name=project.name)
    if project is None and name:
        project = campaign.projects.filter(name=name).first()
    return {"project": project, "supporting_project": project.name if project else name}


def change_task(*, task: Task, by: User, **details: Any) -> Task:
    """Mend what a task says. Once it is assigned its day, its goal and its unit stand: they move
    by a request, or by a decision on a dispute."""
    with writing(by) as ledger:
        found = locked(task)
        require_on(by, "tasks.manage", found)
        units, indicators = details.pop("supporting_units", None), details.pop("indicators", None)
        digest = keep_file(found, details.pop("file", None))
        if "project" in details or "supporting_project" in details:
            named = {"supporting_project": found.supporting_project} | details
            details |= _project_of(found.campaign, named)
        changed = sorted(k for k, v in details.items() if getattr(found, k) != v)
        stands = [k for k in changed if k in ASSIGNED_STANDS]
        if stands and found.state != "initiated":
            raise refuse(TASK_STANDS)
        for key in changed:
            setattr(found, key, details[key])
        if "deadline" in changed:
            found.first_deadline = found.deadline
        found.changed_at = now()
        found.save()
        if units is not None:
            found.supporting_units.set(units)
        if indicators is not None:
            found.indicators.set(indicators)
        more = {"digest": digest} if digest else {}
        record(ledger, "changed", found, fields=changed, **more)
    return found


ASSIGNED_STANDS = ("deadline", "deadline_kind", "goal", "responsible_unit")


def put_task_force(
    *, campaign: Campaign, name: str, by: User, chief: str = "", note: str = "",
    units: Iterable[Unit] = (), row: TaskForce | None = None,
) -> TaskForce:  # fmt: skip
    """Found a team (专班) or change it. Errors: Refused for no name."""
    with writing(by) as ledger:
        require(by, "tasks.initiate", campaign=campaign)
        if not name.strip():
            raise refuse(TASK_INCOMPLETE, what="专班名称")
        said = {"name": name.strip(), "chief": chief.strip(), "note": note.strip()}
        if row is None:
            row = TaskForce(campaign=campaign)
        for key, value in said.items():
            setattr(row, key, value)
        row.save()
        row.units.set(units)
        ledger.record("task-force.saved", f"task-force/{row.pk}", campaign=campaign.code, **said)
    return row


def set_limit(
    *, campaign: Campaign, kind: str, days: int, count: str, source: str, by: User
) -> OwnLimit:
    """Set a default time limit for a campaign. Errors: Refused for an unknown kind, no basis."""
    with writing(by) as ledger:
        require(by, "tasks.limits", campaign=campaign)
        limit_of(kind)
        if not source.strip():
            raise refuse(TASK_INCOMPLETE, what="时限的依据")
        said: dict[str, Any] = {"days": days, "count": count, "source": source.strip()}
        row, _made = OwnLimit.objects.update_or_create(campaign=campaign, kind=kind, defaults=said)
        ledger.record("limit.set", f"limit/{kind}", campaign=campaign.code, **said)
    return row


def _next_number(campaign: Campaign) -> int:
    """The next number of the campaign; its row is held, so that no two tasks get the same."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    last = Task.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _unit_of(by: User, campaign: Campaign) -> Unit | None:
    """The unit for which somebody assigns: that of their post in the campaign, else their own."""
    posts = [p.unit for p in posts_of(by) if p.campaign_id == campaign.pk and p.unit]
    return posts[0] if posts else by.unit


def write_instruction(
    *, campaign: Campaign, unit: Unit, text: str, due_on: date, by: User
) -> Instruction:
    """A leader writes to a unit, with a date. Errors: Refused for nothing said or a past date."""
    with writing(by) as ledger:
        require(by, "instructions.write", campaign=campaign)
        if not text.strip():
            raise refuse(INSTRUCTION_INCOMPLETE, what="内容")
        if due_on < today():
            raise refuse(INSTRUCTION_INCOMPLETE, what="今天或以后的期限")
        made = Instruction.objects.create(
            campaign=campaign, unit=unit, text=text.strip(), due_on=due_on, written_by=by,
            written_at=now(),
        )  # fmt: skip
        _note(ledger, "instruction.written", made, text)
    return made


def accept_instruction(*, instruction: Instruction, by: User) -> Instruction:
    """The unit takes it on (签收)."""
    with writing(by) as ledger:
        found = _own(instruction, by)
        if found.state == State.SENT:
            found.state, found.accepted_by, found.accepted_at = State.ACCEPTED, by, now()
            found.save()
            _note(ledger, "instruction.accepted", found)
    return found


def answer_instruction(*, instruction: Instruction, answer: str, by: User) -> Instruction:
    """The unit answers in words, once."""
    with writing(by) as ledger:
        found = _own(instruction, by)
        if found.state == State.ANSWERED:
            raise refuse(INSTRUCTION_ANSWERED)
        if not answer.strip():
            raise refuse(INSTRUCTION_INCOMPLETE, what="回复内容")
        if found.accepted_at is None:
            found.accepted_by, found.accepted_at = by, now()
        found.state, found.answer = State.ANSWERED, answer.strip()
        found.answered_by, found.answered_at = by, now()
        found.save()
        _note(ledger, "instruction.answered", found, answer)
    return found


def _own(instruction: Instruction, by: User) -> Instruction:
    found = Instruction.objects.select_for_update().get(pk=instruction.pk)
    require(by, "instructions.answer", campaign=found.campaign, unit=found.unit)
    return found


def _note(ledger: Ledger, event: str, row: Instruction, words: str = "") -> None:
    subject = f"instruction/{row.campaign.code}/{row.pk}"
    ledger.record(
        event, subject, campaign=row.campaign.code, unit=row.unit.code, personal=words.strip()
    )
