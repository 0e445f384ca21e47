"""Reading red lines: how each domain stands, whose incidents, risks and honours one may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import active_ids
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may, on_all_units, units_for
from saima_web.redlines.actions import IN_FORCE
from saima_web.redlines.honour_actions import used
from saima_web.redlines.models import Domain, Honour, Incident, RiskCheck, RiskItem

State = Incident.State
HAPPENED = (*IN_FORCE, State.EXPIRED)
"""States of incidents that a leader has found to be so: their domain is not clean."""


def members(campaign: Campaign) -> QuerySet[Unit]:
    """The units that take part today, in official order."""
    return Unit.objects.filter(pk__in=active_ids(campaign, today()))


def oversees(by: User, action: str, campaign: Campaign) -> bool:
    """Whether somebody sees all units by an action, not only their own."""
    if not may(by, action, campaign=campaign):
        return False
    return on_all_units(by, action, campaign) or _all_reach(by, action, campaign)


def _all_reach(by: User, action: str, campaign: Campaign) -> bool:
    reached = units_for(by, action, campaign).order_by().values_list("pk", flat=True)
    return active_ids(campaign, today()) <= set(reached)


# ── Domains: 100-1=0 ──


@dataclass(frozen=True)
class Standing:
    """A domain in a campaign: incidents that happened, those in force, days without any."""

    domain: Domain
    happened: int
    in_force: int
    days: int
    risks: int
    overdue: int

    @property
    def clean(self) -> bool:
        return self.happened == 0


def standings(campaign: Campaign, day: date | None = None) -> list[Standing]:
    """Every domain in order."""
    moment = day or today()
    incidents = list(campaign.incidents.filter(state__in=HAPPENED))
    risks = list(open_risks(campaign))
    return [
        _standing(
            domain, [i for i in incidents if i.domain_id == domain.pk],
            [r for r in risks if r.domain_id == domain.pk], moment,
        )
        for domain in campaign.domains.all()
    ]  # fmt: skip


def _standing(
    domain: Domain, incidents: list[Incident], risks: list[RiskItem], moment: date
) -> Standing:
    last = max((i.on for i in incidents), default=domain.campaign.start)
    return Standing(
        domain=domain,
        happened=len(incidents),
        in_force=sum(1 for i in incidents if i.state in IN_FORCE),
        days=max(0, (min(moment, domain.campaign.end) - last).days),
        risks=len(risks),
        overdue=sum(1 for r in risks if is_overdue(r, moment)),
    )


# ── Incidents ──


def incidents_for(by: User, campaign: Campaign) -> QuerySet[Incident]:
    """Those who oversee see all; a unit sees what was confirmed about itself."""
    rows = campaign.incidents.select_related(
        "campaign", "unit", "domain", "veto", "event", "recorded_by", "decided_by",
        "appealed_by", "answered_by",
    )  # fmt: skip
    if not may(by, "incidents.see", campaign=campaign):
        return rows.none()
    if oversees(by, "incidents.see", campaign):
        return rows
    mine = rows.filter(unit__in=units_for(by, "incidents.see", campaign))
    return mine.exclude(state__in=(State.RECORDED, State.DISMISSED))


# ── Risks ──


def open_risks(campaign: Campaign) -> QuerySet[RiskItem]:
    """Items that are on the list, with the day of their last check."""
    rows = campaign.risks.filter(closed_at=None).select_related("domain", "unit")
    return rows.annotate(last_on=Max("checks__on"))


def risks_for(by: User, campaign: Campaign) -> QuerySet[RiskItem]:
    """A unit's own, all of them for those who oversee."""
    rows = campaign.risks.select_related("campaign", "domain", "unit", "recorded_by")
    if not may(by, "risks.see", campaign=campaign):
        return rows.none()
    seen = units_for(by, "risks.see", campaign)
    return rows.filter(unit__in=seen).annotate(last_on=Max("checks__on"))


def next_check(risk: RiskItem) -> date:
    """When a risk is to be checked next."""
    last: date = getattr(risk, "last_on", None) or timezone.localdate(risk.recorded_at)
    return last + timedelta(days=risk.every_days)


def is_overdue(risk: RiskItem, day: date) -> bool:
    """Whether a check has not come in time."""
    return risk.closed_at is None and next_check(risk) < day


def open_hazards(campaign: Campaign) -> set[int]:
    """Risks whose last check found something that is not mended, by id."""
    last: dict[int, str] = {}
    rows = RiskCheck.objects.filter(risk__campaign=campaign, risk__closed_at=None)
    for pk, result in rows.order_by("on", "pk").values_list("risk", "result"):
        last[pk] = result
    return {pk for pk, result in last.items() if result == RiskCheck.Result.FOUND}


# ── Honours ──


def honours_for(by: User, campaign: Campaign) -> QuerySet[Honour]:
    """Those who oversee see all; a unit sees what was approved about itself."""
    rows = campaign.honours.select_related("campaign", "unit", "event", "recorded_by", "decided_by")
    if not may(by, "honours.see", campaign=campaign):
        return rows.none()
    if oversees(by, "honours.see", campaign):
        return rows
    mine = rows.filter(unit__in=units_for(by, "honours.see", campaign))
    return mine.filter(state__in=(Honour.State.APPROVED, Honour.State.WITHDRAWN))


def caps_of(campaign: Campaign) -> dict[str, Decimal]:
    """What a unit can get in a year, by kind."""
    return dict(campaign.honour_caps.values_list("kind", "most"))


def left_of(row: Honour) -> Decimal | None:
    """What the year's cap leaves for a unit and kind; None where there is no cap."""
    cap = caps_of(row.campaign).get(row.kind)
    return None if cap is None else max(Decimal(0), cap - used(row))


def frame(by: User, campaign: Campaign, tab: str) -> dict[str, Any]:
    """What every page of the slice needs: which of its pages one may open."""
    own = by.contributions.filter(campaign=campaign, erased_at=None).exists()
    return {
        "campaign": campaign, "tab": tab,
        "sees_risks": may(by, "risks.see", campaign=campaign),
        "sees_honours": may(by, "honours.see", campaign=campaign),
        "sees_accountability": may(by, "accountability.see", campaign=campaign),
        "sees_contributions": may(by, "contributions.see", campaign=campaign),
        "has_contributions": own,
    }  # fmt: skip
