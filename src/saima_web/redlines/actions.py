"""Writing incidents: recorded with a basis, confirmed by a leader, appealed, taken back, expired."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from saima.problems import refuse
from saima.workflows.incident import INCIDENT
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.base.fields import canonical
from saima_web.campaigns.models import Campaign
from saima_web.messaging.actions import tell
from saima_web.messaging.queries import To
from saima_web.people.models import Role, Unit, User
from saima_web.people.permissions import require
from saima_web.redlines import refusals, rules
from saima_web.redlines.models import AllowedVeto, Domain, Incident
from saima_web.redlines.refusals import basis_of, said
from saima_web.scoring.events import record_event, withdraw_event
from saima_web.ui.uploads import keep_file

State = Incident.State
IN_FORCE = (State.IN_EFFECT, State.APPEALED, State.UPHELD)
"""States in which an incident's event stands in the scores' register."""
LEADER = "incidents.confirm"


def record_incident(
    *, campaign: Campaign, domain: Domain, unit: Unit, on: date, name: str, description: str,
    basis: str, veto: AllowedVeto, by: User, points: Decimal | None = None,
    expires: date | None = None, file: UploadedFile[Any] | None = None,
) -> Incident:  # fmt: skip
    """Record what happened and what should follow; nothing follows before a leader confirms.

    Errors: Refused without a basis, for what the campaign's list does not allow, for a veto or
    gate that would never end, for a day to come.
    """
    with writing(by) as ledger:
        require(by, "incidents.record", campaign=campaign)
        name = said(name, "事件名称")
        basis = basis_of(basis, name)
        _require_allowed(campaign, domain, veto)
        if on > today():
            raise refuse(refusals.DAY_TO_COME, day=on.isoformat())
        made = Incident(
            campaign=campaign, domain=domain, unit=unit, on=on, name=name, basis=basis, veto=veto,
            description=said(description, "经过"), points=points,
            expires=expires or rules.expiry(campaign, veto.effect, veto.name, on),
            recorded_at=now(), recorded_by=by,
        )  # fmt: skip
        _require_expiry(made)
        digest = keep_file(made, file)
        made.save()
        _note(
            ledger, "incident.recorded", made, made.description, basis=basis, effect=veto.effect,
            veto=veto.name, on=on.isoformat(), digest=digest,
            points=None if points is None else canonical(points),
        )  # fmt: skip
        _tell(made, Role.LEADER, "待审定", by)
    return made


def _require_allowed(campaign: Campaign, domain: Domain, veto: AllowedVeto) -> None:
    same = veto.campaign_id == campaign.pk == domain.campaign_id and veto.domain_id == domain.pk
    if not same or veto.retired_at is not None:
        raise refuse(refusals.VETO_NOT_ALLOWED, name=veto.name)


def _require_expiry(row: Incident) -> None:
    if row.expires is None and row.veto.effect != AllowedVeto.Effect.DEDUCTION:
        raise refuse(refusals.EXPIRY_NEEDED, name=row.veto.name)
    if row.expires is not None and row.expires < row.on:
        day, on = row.expires.isoformat(), row.on.isoformat()
        raise refuse(refusals.EXPIRY_BEFORE, expires=day, on=on)


def confirm(*, incident: Incident, words: str, by: User) -> Incident:
    """A leader lets it take effect: runs from now on count it."""
    with writing(by) as ledger:
        found = _stepped(incident, "confirm", LEADER, by)
        _require_allowed(found.campaign, found.domain, found.veto)
        found.event = record_event(
            campaign=found.campaign, by=by, under=LEADER, kind=found.veto.effect, unit=found.unit,
            name=found.veto.name, on=found.on, basis=found.basis, expires=found.expires,
            points=canonical(found.points) if found.points is not None else "",
            note=found.name,
        )  # fmt: skip
        _decided(found, words.strip(), by)
        _note(ledger, "incident.confirmed", found, words, score_event=found.event.pk)
        _tell(found, found.unit, "已审定生效，如有异议可以申诉", by)
    return found


def dismiss(*, incident: Incident, words: str, by: User) -> Incident:
    """A leader finds that nothing should follow."""
    with writing(by) as ledger:
        found = _stepped(incident, "dismiss", LEADER, by)
        _decided(found, said(words, "理由"), by)
        _note(ledger, "incident.dismissed", found, words)
    return found


def _decided(found: Incident, words: str, by: User) -> None:
    found.decision, found.decided_at, found.decided_by = words, now(), by
    found.save()


def appeal(*, incident: Incident, grounds: str, by: User) -> Incident:
    """The unit concerned disputes it."""
    with writing(by) as ledger:
        found = _stepped(incident, "appeal", "incidents.appeal", by)
        found.grounds, found.appealed_at, found.appealed_by = said(grounds, "申诉理由"), now(), by
        found.save()
        _note(ledger, "incident.appealed", found, grounds)
        _tell(found, Role.LEADER, "有申诉，请答复", by)
    return found


def retract(*, incident: Incident, by: User) -> Incident:
    """The unit takes its appeal back."""
    with writing(by) as ledger:
        found = _stepped(incident, "retract", "incidents.appeal", by)
        found.save()
        _note(ledger, "incident.retracted", found)
    return found


def uphold(*, incident: Incident, words: str, by: User) -> Incident:
    """A leader answers the appeal: the decision stands."""
    with writing(by) as ledger:
        found = _stepped(incident, "uphold", LEADER, by)
        _answered(found, said(words, "答复"), by)
        _note(ledger, "incident.upheld", found, words)
        _tell(found, found.unit, "申诉已答复：维持原决定", by)
    return found


def withdraw(*, incident: Incident, words: str, by: User) -> Incident:
    """A leader takes it back, on an appeal or without: the event goes, rankings are run anew."""
    with writing(by) as ledger:
        found = _stepped(incident, "withdraw", LEADER, by)
        reason = said(words, "撤销的理由")
        if found.event is not None:
            withdraw_event(event=found.event, reason=reason[:300], by=by, under=LEADER)
        _answered(found, reason, by)
        _note(ledger, "incident.withdrawn", found, reason)
        _tell(found, (found.unit, Role.OFFICE), "已撤销，须重新计分", by)
    return found


def _answered(found: Incident, words: str, by: User) -> None:
    found.answer, found.answered_at, found.answered_by = words, now(), by
    found.save()


def expire_due() -> list[Incident]:
    """Mark what has run out; an open appeal is answered first. For the daily job."""
    rows = Incident.objects.filter(
        state__in=(State.IN_EFFECT, State.UPHELD), expires__lt=today()
    ).select_related("campaign", "unit")
    done = []
    with writing(None) as ledger:
        for row in rows.select_for_update(of=("self",)):
            row.state = INCIDENT.step(row.state, "expire")
            row.save(update_fields=["state"])
            _note(ledger, "incident.expired", row)
            done.append(row)
    return done


def _stepped(row: Incident, event: str, action: str, by: User) -> Incident:
    """The row, locked, after an event. Errors: Refused to others, and where it does not apply."""
    rows = Incident.objects.select_for_update(of=("self",))
    found = rows.select_related("campaign", "unit", "domain", "veto").get(pk=row.pk)
    require(by, action, campaign=found.campaign, unit=found.unit)
    found.state = INCIDENT.step(found.state, event)
    return found


def _tell(row: Incident, to: To | Iterable[To], what: str, by: User) -> None:
    """Tell those whom it concerns that there is something; what it is stands on the page only."""
    tell(
        to=to, subject=f"{row.domain.name}红线事件{what}", kind="redline", campaign=row.campaign, by=by,
        link=f"/c/{row.campaign.code}/redlines/{row.pk}/",
    )  # fmt: skip


def _note(ledger: Ledger, event: str, row: Incident, words: str = "", **data: Any) -> None:
    code = row.campaign.code
    ledger.record(
        event, f"incident/{code}/{row.pk}", campaign=code, unit=row.unit.code, state=row.state,
        personal=words.strip(), **data,
    )  # fmt: skip
