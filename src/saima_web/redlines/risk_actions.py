"""Writing the list of risks (底线清单): items, their plans, their checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from saima.problems import refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.redlines import refusals
from saima_web.redlines.models import Domain, RiskCheck, RiskItem
from saima_web.redlines.refusals import said


def enter_risk(
    *, campaign: Campaign, domain: Domain, unit: Unit, name: str, by: User, measure: str = "",
    every_days: int = 30, plan: str = "",
) -> RiskItem:  # fmt: skip
    """Put a risk on the list, with who answers for it and how often it is checked."""
    with writing(by) as ledger:
        require(by, "risks.check", campaign=campaign, unit=unit)
        made = RiskItem.objects.create(
            campaign=campaign, domain=domain, unit=unit, name=said(name, "风险事项"),
            measure=measure.strip(), every_days=every_days, plan=plan.strip(), recorded_at=now(),
            recorded_by=by,
        )  # fmt: skip
        _note(ledger, "risk.entered", made, domain=domain.name, every_days=every_days)
    return made


def write_plan(*, risk: RiskItem, plan: str, by: User) -> RiskItem:
    """Write what is done should it come to pass (应急预案)."""
    with writing(by) as ledger:
        found = _open(risk, by)
        found.plan = said(plan, "应急预案")
        found.save()
        _note(ledger, "risk.plan-written", found, plan)
    return found


def check_risk(*, risk: RiskItem, on: date, result: str, note: str, by: User) -> RiskCheck:
    """Keep a check with its result; what is not sound needs words."""
    with writing(by) as ledger:
        found = _open(risk, by)
        if on > today():
            raise refuse(refusals.DAY_TO_COME, day=on.isoformat())
        if result != RiskCheck.Result.SOUND:
            said(note, "发现或整改的情况")
        made = RiskCheck.objects.create(
            risk=found, on=on, result=result, note=note.strip(), at=now(), by=by
        )
        _note(ledger, "risk.checked", found, note, on=on.isoformat(), result=result)
    return made


def close_risk(*, risk: RiskItem, words: str, by: User) -> RiskItem:
    """Take a risk off the list, saying why."""
    with writing(by) as ledger:
        found = _open(risk, by)
        found.closed_at, found.closing = now(), said(words, "销项说明")
        found.save()
        _note(ledger, "risk.closed", found, words)
    return found


def _open(risk: RiskItem, by: User) -> RiskItem:
    rows = RiskItem.objects.select_for_update(of=("self",)).select_related("campaign", "unit")
    found = rows.get(pk=risk.pk)
    require(by, "risks.check", campaign=found.campaign, unit=found.unit)
    if found.closed_at is not None:
        raise refuse(refusals.RISK_CLOSED, name=found.name)
    return found


def _note(ledger: Ledger, event: str, row: RiskItem, words: str = "", **data: Any) -> None:
    code = row.campaign.code
    ledger.record(
        event, f"risk/{code}/{row.pk}", campaign=code, unit=row.unit.code, personal=words.strip(),
        **data,
    )  # fmt: skip
