"""Writing commitments: made by a unit, moved on, judged by the office, released to the public."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from saima.problems import refuse
from saima.workflows.commitment import COMMITMENT
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.pledges import refusals
from saima_web.pledges.models import Commitment, CommitmentStep, PledgeSettings
from saima_web.pledges.refusals import said

State = Commitment.State
JUDGED = {"fulfil": "fulfilled", "fail": "unfulfilled", "return": "returned"}
"""The office's verdict -> what the ledger calls it."""


def draft_commitment(*, campaign: Campaign, unit: Unit, by: User, **values: Any) -> Commitment:
    """A unit writes down what it would promise: what, goal, due_on and the rest of the form.

    Errors: Refused for what is missing, a past date, or a target without its indicator.
    """
    with writing(by) as ledger:
        require(by, "pledges.write", campaign=campaign, unit=unit)
        _check(values)
        made = Commitment.objects.create(
            campaign=campaign, unit=unit, recorded_at=now(), recorded_by=by, **values
        )
        _note(ledger, "commitment.drafted", made, due=made.due_on.isoformat())
    return made


def edit_commitment(*, commitment: Commitment, by: User, **values: Any) -> Commitment:
    """Change a commitment that is not made yet."""
    with writing(by) as ledger:
        found = _locked(commitment)
        require(by, "pledges.write", campaign=found.campaign, unit=found.unit)
        _only_in(found, State.DRAFT, "修改")
        _check(values)
        for key, value in values.items():
            setattr(found, key, value)
        found.save()
        _note(ledger, "commitment.changed", found, due=found.due_on.isoformat())
    return found


def _check(values: dict[str, Any]) -> None:
    said(values["what"], "承诺事项")
    said(values["goal"], "可衡量的目标")
    if values["due_on"] < today():
        raise refuse(refusals.DUE_PAST, day=_day(values["due_on"]))
    if values.get("target") is not None and values.get("indicator") is None:
        raise refuse(refusals.TARGET_WITHOUT_INDICATOR)
    quantity = values.get("quantity")
    if quantity is not None and quantity <= 0:
        raise refuse(refusals.NOT_A_QUANTITY, what="承诺数量", least="0")
    if quantity is not None and values.get("indicator") is not None:
        raise refuse(refusals.NUMBER_TWICE)


def make_commitment(*, commitment: Commitment, by: User) -> Commitment:
    """The head makes it; from here on it is not changed."""
    with writing(by) as ledger:
        found = _stepped(commitment, "make", "pledges.vow", by)
        found.made_at, found.made_by = now(), by
        found.save()
        _note(ledger, "commitment.made", found)
    return found


def report_step(
    *, commitment: Commitment, text: str, by: User, reached: Decimal | None = None
) -> CommitmentStep:
    """Tell how far it is, and of a quantity how much is reached in all."""
    with writing(by) as ledger:
        found = _locked(commitment)
        require(by, "pledges.write", campaign=found.campaign, unit=found.unit)
        _only_in(found, State.MADE, "报进展")
        if reached is not None and found.quantity is None:
            raise refuse(refusals.NOT_COUNTED)
        if reached is not None and reached < 0:
            raise refuse(refusals.NOT_A_QUANTITY, what="累计完成", least="或等于0")
        made = CommitmentStep.objects.create(
            commitment=found, text=said(text, "进展"), reached=reached, at=now(), by=by
        )
        number = None if reached is None else canonical(reached)
        _note(ledger, "commitment.stepped", found, made.text, reached=number)
    return made


def claim(*, commitment: Commitment, words: str, by: User) -> Commitment:
    """The head says that it is fulfilled, and how one can see it."""
    with writing(by) as ledger:
        found = _stepped(commitment, "claim", "pledges.vow", by)
        found.claim, found.claimed_at = said(words, "兑现情况"), now()
        found.save()
        _note(ledger, "commitment.claimed", found, words)
    return found


def judge(*, commitment: Commitment, event: str, words: str, by: User) -> Commitment:
    """The office finds it fulfilled or not (`fulfil`, `fail`), or gives it back (`return`)."""
    with writing(by) as ledger:
        found = _stepped(commitment, event, "pledges.review", by)
        found.verdict, found.decided_at, found.decided_by = said(words, "认定意见"), now(), by
        found.save()
        _note(ledger, f"commitment.{JUDGED[event]}", found, words)
        tell(
            to=found.unit, kind="pledge", campaign=found.campaign, by=by,
            subject=f"承诺“{found.what}”：{COMMITMENT.events[event]}",
            link=f"/c/{found.campaign.code}/commitments/{found.pk}/",
        )  # fmt: skip
    return found


def drop(*, commitment: Commitment, reason: str, by: User) -> Commitment:
    """End a commitment without a verdict: a draft by its unit, one that was made by the office."""
    with writing(by) as ledger:
        draft = commitment.state == State.DRAFT
        action = "pledges.write" if draft else "pledges.review"
        found = _stepped(commitment, "drop", action, by)
        if not draft:
            found.verdict, found.decided_at, found.decided_by = said(reason, "原因"), now(), by
        found.save()
        _note(ledger, "commitment.dropped", found, reason)
    return found


def release(*, commitment: Commitment, reviewed: bool, by: User) -> Commitment:
    """Let a commitment show on the public page, after a look (保密审查)."""
    with writing(by) as ledger:
        found = _locked(commitment)
        require(by, "pledges.review", campaign=found.campaign)
        why = _objection(found, reviewed)
        if why:
            raise refuse(refusals.NOT_FOR_PUBLIC, why=why)
        found.released_at, found.released_by = now(), by
        found.save()
        _note(ledger, "commitment.released", found)
    return found


def _objection(found: Commitment, reviewed: bool) -> str:
    if found.state in (State.DRAFT, State.DROPPED):
        return "单位没有作出承诺"
    if not found.public:
        return "单位没有同意公示"
    return "" if reviewed else "没有勾选“已审阅”"


def unrelease(*, commitment: Commitment, by: User) -> Commitment:
    """Take a commitment off the public page."""
    with writing(by) as ledger:
        found = _locked(commitment)
        require(by, "pledges.review", campaign=found.campaign)
        found.released_at = found.released_by = None
        found.save()
        _note(ledger, "commitment.unreleased", found)
    return found


def set_settings(
    *, campaign: Campaign, public: bool, stalled_months: int, by: User
) -> PledgeSettings:
    """Open or close the public page; say after how many months without movement to flag."""
    with writing(by) as ledger:
        require(by, "pledges.review", campaign=campaign)
        if stalled_months < 1:
            raise refuse(refusals.PROMISE_INCOMPLETE, what="大于0的月数")
        made, _ = PledgeSettings.objects.update_or_create(
            campaign=campaign, defaults={"public": public, "stalled_months": stalled_months}
        )
        ledger.record(
            "commitments.set", f"commitments/{campaign.code}", campaign=campaign.code,
            public=public, stalled_months=stalled_months,
        )  # fmt: skip
    return made


def _locked(row: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",))
    return rows.select_related("campaign", "unit").get(pk=row.pk)


def _stepped(row: Commitment, event: str, action: str, by: User) -> Commitment:
    """The row, locked, after an event. Errors: Refused to others, and where it does not apply."""
    found = _locked(row)
    require(by, action, campaign=found.campaign, unit=found.unit)
    found.state = COMMITMENT.step(found.state, event)
    return found


def _only_in(row: Commitment, state: str, what: str) -> None:
    if row.state != state:
        raise refuse(refusals.STEP_NOT_NOW, state=COMMITMENT.states[row.state], what=what)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _note(ledger: Ledger, event: str, row: Commitment, words: str = "", **data: Any) -> None:
    code = row.campaign.code
    ledger.record(
        event, f"commitment/{code}/{row.pk}", campaign=code, unit=row.unit.code, state=row.state,
        personal=words.strip(), **data,
    )  # fmt: skip
