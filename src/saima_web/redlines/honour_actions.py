"""Writing honours and warnings of units, within the year's cap, and what units answered for."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from saima.problems import refuse
from saima.workflows.honour import HONOUR
from saima_web.audit.actions import Ledger, writing
from saima_web.audit.erasing import erase
from saima_web.base.clock import now, today
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.redlines import refusals
from saima_web.redlines.models import AccountabilityRecord, Honour, HonourCap
from saima_web.redlines.refusals import basis_of, said
from saima_web.scoring.events import record_event, withdraw_event

Kind = Honour.Kind
FEEDS = {
    Kind.BONUS: "bonus",
    Kind.COMMENDATION: "bonus",
    Kind.DEDUCTION: "deduction",
    Kind.WARNING: "deduction",
}
"""Which kind of score event points of a kind become."""


def record_honour(
    *, campaign: Campaign, unit: Unit, kind: str, name: str, on: date, basis: str, by: User,
    points: Decimal | None = None, counts_in: str = Honour.CountsIn.BOTH, note: str = "",
) -> Honour:  # fmt: skip
    """Propose a bonus, deduction, commendation or warning. Errors: Refused without a basis."""
    with writing(by) as ledger:
        require(by, "honours.record", campaign=campaign)
        name = said(name, "事项")
        if on > today():
            raise refuse(refusals.DAY_TO_COME, day=on.isoformat())
        if kind in (Kind.BONUS, Kind.DEDUCTION) and (points is None or points <= 0):
            raise refuse(refusals.POINTS_NEEDED, kind=str(Kind(kind).label))
        made = Honour.objects.create(
            campaign=campaign, unit=unit, kind=kind, name=name, on=on, points=points,
            basis=basis_of(basis, name), counts_in=counts_in, note=note.strip(),
            recorded_at=now(), recorded_by=by,
        )  # fmt: skip
        text = None if points is None else canonical(points)
        _note(ledger, "honour.recorded", made, basis=made.basis, kind=kind, points=text)
    return made


def approve_honour(*, honour: Honour, words: str, by: User) -> Honour:
    """A leader approves: what the year's cap leaves of the points goes into the scores."""
    with writing(by) as ledger:
        found = _stepped(honour, "approve", by)
        found.counted = countable(found)
        if found.counted:
            on, expires = dated(found)
            found.event = record_event(
                campaign=found.campaign, by=by, under="honours.approve", unit=found.unit,
                kind=FEEDS[Kind(found.kind)], name=found.name, on=on, expires=expires,
                points=canonical(found.counted), basis=found.basis, note=found.note,
            )  # fmt: skip
        _decided(found, words.strip(), by)
        counted = None if found.counted is None else canonical(found.counted)
        _note(ledger, "honour.approved", found, words, counted=counted)
        tell(
            to=found.unit, subject=f"本单位有一项{found.get_kind_display()}已审定", kind="redline",
            campaign=found.campaign, link=f"/c/{found.campaign.code}/honours/{found.pk}/", by=by,
        )  # fmt: skip
    return found


def refuse_honour(*, honour: Honour, words: str, by: User) -> Honour:
    """A leader does not approve."""
    with writing(by) as ledger:
        found = _stepped(honour, "refuse", by)
        _decided(found, said(words, "理由"), by)
        _note(ledger, "honour.refused", found, words)
    return found


def withdraw_honour(*, honour: Honour, words: str, by: User) -> Honour:
    """A leader takes it back; its points go out of runs from now on."""
    with writing(by) as ledger:
        found = _stepped(honour, "withdraw", by)
        reason = said(words, "撤销的理由")
        if found.event is not None:
            reason = reason[:300]
            withdraw_event(event=found.event, reason=reason, by=by, under="honours.approve")
        _decided(found, reason, by)
        _note(ledger, "honour.withdrawn", found, reason)
    return found


def countable(row: Honour) -> Decimal | None:
    """What the cap of its kind and year leaves of an honour's points; None where it has none."""
    if row.points is None:
        return None
    points: Decimal = row.points
    cap = HonourCap.objects.filter(campaign=row.campaign, kind=row.kind).first()
    return points if cap is None else max(Decimal(0), min(points, cap.most - used(row)))


def used(row: Honour) -> Decimal:
    """The points of its kind that its unit has got in its year already."""
    same = Honour.objects.filter(
        campaign=row.campaign, unit=row.unit, kind=row.kind, state=Honour.State.APPROVED,
        on__year=row.on.year,
    ).exclude(pk=row.pk)  # fmt: skip
    return sum((h.counted for h in same if h.counted is not None), Decimal(0))


def dated(row: Honour) -> tuple[date, date | None]:
    """From when and to when an honour counts: this month, from now on, or at the year's end."""
    if row.counts_in == Honour.CountsIn.YEAR:
        return row.campaign.end, None
    if row.counts_in == Honour.CountsIn.MONTH:
        return row.on, row.on.replace(day=monthrange(row.on.year, row.on.month)[1])
    return row.on, None


def set_caps(*, campaign: Campaign, caps: Mapping[str, Decimal | None], by: User) -> None:
    """How many points of each kind a unit can get in a year; None lifts a cap."""
    with writing(by) as ledger:
        require(by, "honours.record", campaign=campaign)
        for kind, most in caps.items():
            if most is None:
                campaign.honour_caps.filter(kind=kind).delete()
            else:
                values = {"most": most}
                HonourCap.objects.update_or_create(campaign=campaign, kind=kind, defaults=values)
        ledger.record(
            "honour-caps.set", f"honours/{campaign.code}", campaign=campaign.code,
            caps={k: None if m is None else canonical(m) for k, m in caps.items()},
        )  # fmt: skip


def record_accountability(
    *, campaign: Campaign, unit: Unit, on: date, matter: str, form: str, basis: str, words: str,
    by: User,
) -> AccountabilityRecord:  # fmt: skip
    """Keep that a unit was called to account; only the office and leaders read it."""
    with writing(by) as ledger:
        require(by, "accountability.record", campaign=campaign)
        matter = said(matter, "事由")
        made = AccountabilityRecord.objects.create(
            campaign=campaign, unit=unit, on=on, matter=matter, form=said(form, "方式"),
            basis=basis_of(basis, matter), words=words.strip(), recorded_at=now(), recorded_by=by,
        )  # fmt: skip
        ledger.record(
            "accountability.recorded", _account(made), campaign=campaign.code, basis=made.basis,
            personal=f"{made.matter}　{made.form}　{made.words}",
        )  # fmt: skip
    return made


def erase_accountability(*, record: AccountabilityRecord, reason: str, by: User) -> None:
    """Empty a record's words, here and beside the ledger; that there was one stays."""
    with writing(by):
        require(by, "accountability.record", campaign=record.campaign)
        reason = said(reason, "删除的原因")
        record.matter, record.words, record.erased_at = "（已删除）", "", now()
        record.save()
        code = record.campaign.code
        erase(subjects=[_account(record)], campaign=code, reason=reason, by=by)


def _account(row: AccountabilityRecord) -> str:
    return f"accountability/{row.campaign.code}/{row.pk}"


def _decided(found: Honour, words: str, by: User) -> None:
    found.decision, found.decided_at, found.decided_by = words[:300], now(), by
    found.save()


def _stepped(row: Honour, event: str, by: User) -> Honour:
    rows = Honour.objects.select_for_update(of=("self",)).select_related("campaign", "unit")
    found = rows.get(pk=row.pk)
    require(by, "honours.approve", campaign=found.campaign)
    found.state = HONOUR.step(found.state, event)
    return found


def _note(ledger: Ledger, event: str, row: Honour, words: str = "", **data: Any) -> None:
    code = row.campaign.code
    ledger.record(
        event, f"honour/{code}/{row.pk}", campaign=code, unit=row.unit.code, state=row.state,
        personal=words.strip(), **data,
    )  # fmt: skip
