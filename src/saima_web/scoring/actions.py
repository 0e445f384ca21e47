"""The life of a score run: drafted, checked by units, approved, published, corrected; appeals."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import Any

import msgspec

from saima.problems import declare, refuse
from saima.scoring import Scoring, result, score
from saima.scoring.result import Result
from saima.workflows.score_run import SCORE_RUN
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.reporting.models import Round
from saima_web.scoring import inputs
from saima_web.scoring.models import ScoreRun, SheetCheck, Standing
from saima_web.scoring.tables import tables_of

State = ScoreRun.State

NOT_SCORED = declare(
    "nothing-to-score",
    "{period}还没有可计分的数据。",
    "请先完成该期填报和核定；确需提前看，可勾选“含未核定数”试算。",
    "there is nothing to score in {period} yet.",
    "Finish reporting and confirming, or try a provisional run.",
)
OWN_APPROVAL = declare(
    "maker-approves",
    "计分的人不能审定自己算的结果。",
    "请由另一位领导审定。",
    "whoever made a run cannot approve it.",
    "Ask another leader to approve.",
)
RUN_NOT_FOR_PUBLICATION = declare(
    "run-not-for-publication",
    "这次计算{why}，不能进入公布流程。",
    "请按在用办法、以核定数重新计分。",
    "this run {why}; it cannot be published.",
    "Make a run under the rulebook in force on confirmed figures.",
)
REASON_FOR_CORRECTION = declare(
    "correction-reason-needed",
    "{period}已经公布过第{version}版，更正要写明原因。",
    "请在重新计分时填写更正原因。",
    "{period} was published as version {version}; a correction needs a reason.",
    "Give the reason when you run the scores again.",
)
CHECK_CLOSED = declare(
    "check-closed",
    "这张成绩单的核对已经结束。",
    "如对结果有异议，请在公布后申诉。",
    "checking of this sheet is over.",
    "Raise an appeal after publication.",
)
CHECK_NEEDS_NOTE = declare(
    "check-needs-note",
    "有异议时要写明哪一项、为什么。",
    "请填写说明后再提交。",
    "say which mark is disputed and why.",
    "Fill in the note.",
)


def run(
    *,
    campaign: Campaign,
    period: str,
    by: User,
    provisional: bool = False,
    comparison: bool = False,
    rulebook: Rulebook | None = None,
    as_of: datetime | None = None,
    reason: str = "",
) -> ScoreRun:
    """Score a period with all that was known at a moment, and keep what was used.

    With another rulebook than the one in force the run is a comparison. Errors: Refused where
    there is nothing to score or no rulebook is in force.
    """
    require(by, "scores.run", campaign=campaign)
    wanted, moment = period_in(campaign, period), as_of or now()
    row = rulebook or rulebook_in_force(campaign, wanted, moment)
    scoring, found = _scored(campaign, row, period, moment, provisional)
    with writing(by) as ledger:
        made = ScoreRun.objects.create(
            campaign=campaign, period=period, rulebook=row, comparison=comparison or rulebook is not None,
            trial=_is_trial(campaign, period), provisional=provisional, as_of=moment,
            rulebook_digest=found.rulebook.digest, input_digest=found.input_digest, library=version("saima"),
            result=msgspec.to_builtins(found), made_at=now(), made_by=by, reason=reason.strip(),
        )  # fmt: skip
        keep_standings(made, found)
        inputs.keep(made, scoring, found.input_digest)
        _note(ledger, "run.made", made, input=found.input_digest, rulebook=made.rulebook_digest)
    return made


def _scored(
    campaign: Campaign, row: Rulebook, period: str, moment: datetime, provisional: bool
) -> tuple[Scoring, Result]:
    book = parsed(row.text)[0]
    assert book is not None, "a kept rulebook reads"
    day = period_in(campaign, period).end
    scoring = score(tables_of(campaign, moment, provisional=provisional, day=day), book)
    if period not in {p.text for p in scoring.cube.scored}:
        raise refuse(NOT_SCORED, period=period_in(campaign, period).label())
    return scoring, result(scoring, period, as_of=moment.isoformat())


def _is_trial(campaign: Campaign, period: str) -> bool:
    listed = period in campaign.trial_periods
    return listed or Round.objects.filter(campaign=campaign, period=period, trial=True).exists()


def keep_standings(made: ScoreRun, found: Result) -> None:
    """One row per unit, for lists and trends."""
    units = dict(Unit.objects.values_list("code", "pk"))
    Standing.objects.bulk_create(
        Standing(
            run=made, unit_id=units[u.unit], track=u.track, score=u.score, rank=u.rank,
            tied=u.tied, tier=u.tier or "", grade=u.grade or "", movement=u.movement,
        )
        for u in found.units
    )  # fmt: skip


def send_for_checking(*, run: ScoreRun, by: User) -> ScoreRun:
    """Send every unit its own sheet to check (核对)."""
    with writing(by) as ledger:
        require(by, "scores.run", campaign=run.campaign)
        _require_official(run)
        _require_reason(run)
        found = _step(run, "send")
        SheetCheck.objects.bulk_create(
            SheetCheck(run=found, unit_id=pk)
            for pk in found.standings.values_list("unit_id", flat=True)
        )
        _note(ledger, "run.sent", found)
    return found


def _require_official(run: ScoreRun) -> None:
    if run.comparison:
        raise refuse(RUN_NOT_FOR_PUBLICATION, why="只供对照")
    if run.provisional:
        raise refuse(RUN_NOT_FOR_PUBLICATION, why="含未核定数")


def _require_reason(run: ScoreRun) -> None:
    before = _published(run.campaign, run.period)
    if before is not None and not run.reason:
        label = period_in(run.campaign, run.period).label()
        raise refuse(REASON_FOR_CORRECTION, period=label, version=before.version)


def answer_check(*, check: SheetCheck, agreed: bool, note: str, by: User) -> SheetCheck:
    """A unit's answer to its sheet; a dispute says what is wrong."""
    with writing(by) as ledger:
        found = SheetCheck.objects.select_for_update().get(pk=check.pk)
        require(by, "sheets.check", campaign=found.run.campaign, unit=found.unit)
        if found.run.state != State.CHECKING:
            raise refuse(CHECK_CLOSED)
        if not agreed and not note.strip():
            raise refuse(CHECK_NEEDS_NOTE)
        found.state = SheetCheck.State.AGREED if agreed else SheetCheck.State.DISPUTED
        found.note, found.answered_at, found.answered_by = note.strip(), now(), by
        found.save()
        ledger.record(
            "sheet.checked", f"{_subject(found.run)}/{found.unit.code}", agreed=agreed,
            campaign=found.run.campaign.code, personal=note.strip(),
        )  # fmt: skip
    return found


def close_checking(*, run: ScoreRun, by: User) -> ScoreRun:
    """End the checking; the run waits for approval."""
    return _move(run, "close", "scores.run", "run.checked", by)


def approve(*, run: ScoreRun, by: User, note: str = "") -> ScoreRun:
    """A leader approves (审定); not whoever made the run."""
    with writing(by) as ledger:
        require(by, "scores.approve", campaign=run.campaign)
        if run.made_by_id == by.pk:
            raise refuse(OWN_APPROVAL)
        found = _step(run, "approve")
        found.approved_at, found.approved_by, found.approval = now(), by, note.strip()
        found.save()
        _note(ledger, "run.approved", found, personal=note.strip())
    return found


def refuse_run(*, run: ScoreRun, by: User, note: str) -> ScoreRun:
    """A leader sends a run back to be made again."""
    with writing(by) as ledger:
        require(by, "scores.approve", campaign=run.campaign)
        found = _step(run, "refuse")
        found.approval = note.strip()
        found.save()
        _note(ledger, "run.refused", found, personal=note.strip())
    return found


def publish(*, run: ScoreRun, by: User) -> ScoreRun:
    """Publish an approved run. A former publication of the period stays, marked as corrected."""
    with writing(by) as ledger:
        require(by, "scores.publish", campaign=run.campaign)
        before = _published(run.campaign, run.period, locked=True)
        found = _step(run, "publish")
        if before is not None:
            before.state = SCORE_RUN.step(before.state, "supersede")
            before.save(update_fields=["state"])
            _note(ledger, "run.superseded", before)
        found.version = before.version + 1 if before else 1
        found.corrects = before
        found.published_at, found.published_by = now(), by
        found.save()
        _note(ledger, "run.published", found, version=found.version)
    return found


def drop(*, run: ScoreRun, by: User) -> ScoreRun:
    """Put a run aside that was not published."""
    return _move(run, "drop", "scores.run", "run.dropped", by)


def _move(run: ScoreRun, event: str, action: str, noted: str, by: User) -> ScoreRun:
    with writing(by) as ledger:
        require(by, action, campaign=run.campaign)
        found = _step(run, event)
        _note(ledger, noted, found)
    return found


def _step(run: ScoreRun, event: str) -> ScoreRun:
    """The run, locked, after an event. Errors: Refused where the event does not apply."""
    found = ScoreRun.objects.select_for_update().select_related("campaign").get(pk=run.pk)
    found.state = SCORE_RUN.step(found.state, event)
    found.save(update_fields=["state"])
    return found


def _published(campaign: Campaign, period: str, locked: bool = False) -> ScoreRun | None:
    rows = ScoreRun.objects.filter(campaign=campaign, period=period, state=State.PUBLISHED)
    return (rows.select_for_update() if locked else rows).first()


def _subject(run: ScoreRun) -> str:
    return f"run/{run.campaign.code}/{run.period}/{run.pk}"


def _note(ledger: Ledger, event: str, run: ScoreRun, **data: Any) -> None:
    ledger.record(event, _subject(run), campaign=run.campaign.code, **data)
