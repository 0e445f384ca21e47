"""Writing instructions, taking them on, answering them; beginning tasks (`loop` takes them on)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypedDict, Unpack

from django.db.models import Max

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Instruction, Task, TaskForce
from saima_web.followup.recording import note_step, record
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import posts_of, require

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


class Details(TypedDict, total=False):
    """What a task may say beside the necessary."""

    supporting_project: str
    landmark_result: str
    front: str
    contingency_plan: str
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
    **details: Unpack[Details],
) -> Task:
    """Begin a task (立项); `loop.assign` sends it out. Errors: Refused for no title, a past date.

    source: a value of Task.Source; source_note: the paper, meeting or card that it rests on.
    """
    indicators = details.pop("indicators", ())
    with writing(by) as ledger:
        require(by, "tasks.initiate", campaign=campaign)
        if not title.strip():
            raise refuse(TASK_INCOMPLETE, what="“工作任务”")
        if deadline < today():
            raise refuse(TASK_INCOMPLETE, what="今天或以后的完成时限")
        made = Task.objects.create(
            campaign=campaign, number=_next_number(campaign), parent=parent, title=title.strip(),
            goal=goal.strip(), source=Task.Source(source), source_note=source_note.strip(),
            responsible_unit=responsible_unit, assigning_unit=_unit_of(by, campaign),
            deadline=deadline, first_deadline=deadline, initiated_by=by, initiated_at=now(),
            changed_at=now(), **details,
        )  # fmt: skip
        made.supporting_units.set(supporting_units)
        made.indicators.set(indicators)
        note_step(made, "initiate", by)
        record(ledger, "initiated", made, made.title, deadline=str(deadline), source=made.source)
    return made


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
