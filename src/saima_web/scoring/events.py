"""Writing events that touch scores, and appeals against published marks."""

from __future__ import annotations

from typing import Any

from saima.problems import declare, refuse
from saima.workflows.appeal import APPEAL
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.scoring.models import Appeal, ScoreEvent, ScoreRun

EVENT_NEEDS_BASIS = declare(
    "event-needs-basis",
    "加扣分事项“{name}”没有写依据。",
    "请写明文件名称和文号。",
    "the event “{name}” has no basis document.",
    "Name the document and its number.",
)
WORDS_NEEDED = declare(
    "words-needed",
    "还没有写{what}。",
    "请写清楚再提交，它会留在记录里。",
    "{what} is missing.",
    "Write it down; it stays in the record.",
)
NOT_PUBLISHED = declare(
    "appeal-before-publication",
    "这期成绩还没有公布，不能申诉。",
    "核对期间请在成绩单上填写异议。",
    "this ranking is not published yet.",
    "While sheets are checked, answer on the sheet.",
)
OPEN_APPEAL = declare(
    "appeal-open-already",
    "这一项已有一件申诉正在处理。",
    "请等待答复；需要补充，请先撤回再提。",
    "an appeal about this mark is open already.",
    "Wait for the answer, or withdraw it first.",
)


def record_event(
    *, campaign: Campaign, by: User, under: str = "events.manage", **values: Any
) -> ScoreEvent:
    """Register a bonus, deduction, veto or gate. Errors: Refused without a basis.

    `under` is the action by which a slice above lets it be done, as a leader's decision.
    """
    with writing(by) as ledger:
        require(by, under, campaign=campaign)
        if not str(values.get("basis", "")).strip():
            raise refuse(EVENT_NEEDS_BASIS, name=values.get("name", ""))
        made = ScoreEvent.objects.create(
            campaign=campaign, recorded_at=now(), recorded_by=by, **values
        )
        _note(ledger, "event.recorded", made, name=made.name, basis=made.basis)
    return made


def withdraw_event(
    *, event: ScoreEvent, reason: str, by: User, under: str = "events.manage"
) -> ScoreEvent:
    """Take an event back with a reason; runs from now on are without it."""
    with writing(by) as ledger:
        found = ScoreEvent.objects.select_for_update().get(pk=event.pk)
        require(by, under, campaign=found.campaign)
        if not reason.strip():
            raise refuse(WORDS_NEEDED, what="撤销原因")
        if found.withdrawn_at is None:
            found.withdrawn_at, found.withdrawn_by, found.withdrawal = now(), by, reason.strip()
            found.save()
            _note(ledger, "event.withdrawn", found, reason=reason.strip())
    return found


def _note(ledger: Ledger, event: str, row: ScoreEvent, **data: Any) -> None:
    code = row.campaign.code
    ledger.record(event, f"event/{code}/{row.pk}", campaign=code, unit=row.unit.code, **data)


def raise_appeal(
    *, run: ScoreRun, unit: Unit, indicator: Indicator | None, grounds: str, by: User
) -> Appeal:
    """A unit disputes a published mark of its own."""
    with writing(by) as ledger:
        require(by, "appeals.raise", campaign=run.campaign, unit=unit)
        if run.state != ScoreRun.State.PUBLISHED:
            raise refuse(NOT_PUBLISHED)
        if not grounds.strip():
            raise refuse(WORDS_NEEDED, what="申诉理由")
        same = Appeal.objects.filter(run=run, unit=unit, indicator=indicator)
        if same.filter(state=Appeal.State.RAISED).exists():
            raise refuse(OPEN_APPEAL)
        made = Appeal.objects.create(
            run=run, unit=unit, indicator=indicator, grounds=grounds.strip(), raised_at=now(),
            raised_by=by,
        )  # fmt: skip
        _note_appeal(ledger, "appeal.raised", made, grounds)
    return made


def decide_appeal(*, appeal: Appeal, uphold: bool, decision: str, by: User) -> Appeal:
    """The office decides with a reason."""
    with writing(by) as ledger:
        found = _moved(appeal, "uphold" if uphold else "reject")
        require(by, "appeals.decide", campaign=found.run.campaign)
        if not decision.strip():
            raise refuse(WORDS_NEEDED, what="决定的理由")
        found.decision, found.decided_at, found.decided_by = decision.strip(), now(), by
        found.save()
        _note_appeal(ledger, "appeal.decided", found, decision)
    return found


def withdraw_appeal(*, appeal: Appeal, by: User) -> Appeal:
    """The unit takes its appeal back."""
    with writing(by) as ledger:
        found = _moved(appeal, "withdraw")
        require(by, "appeals.raise", campaign=found.run.campaign, unit=found.unit)
        found.save()
        _note_appeal(ledger, "appeal.withdrawn", found)
    return found


def _moved(appeal: Appeal, event: str) -> Appeal:
    found = Appeal.objects.select_for_update().get(pk=appeal.pk)
    found.state = APPEAL.step(found.state, event)
    return found


def _note_appeal(ledger: Ledger, event: str, row: Appeal, words: str = "") -> None:
    code = row.run.campaign.code
    ledger.record(
        event, f"appeal/{code}/{row.pk}", campaign=code, unit=row.unit.code, state=row.state,
        personal=words.strip(),
    )  # fmt: skip
