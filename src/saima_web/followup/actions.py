"""Writing instructions, taking them on, answering them."""

from __future__ import annotations

from datetime import date

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Instruction
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require

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
