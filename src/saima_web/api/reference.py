"""Calls that tell what there is: campaigns, units, indicators, periods, rounds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query

from saima_web.api.calls import CAMPAIGN, REFERENCE, call
from saima_web.api.guard import CallRequest
from saima_web.api.shapes import (
    CampaignOut,
    IndicatorOut,
    Page,
    Paging,
    PeriodOut,
    RoundOut,
    UnitOut,
    part,
)
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign, Participation
from saima_web.campaigns.queries import campaigns_of, members, periods_of
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import Unit
from saima_web.reporting.models import Round
from saima_web.scoring.queries import published_periods


@call(
    "GET", "/campaigns", name="campaigns", action=None, title=_("看得到的行动"),
    gives=Page[CampaignOut], group=REFERENCE,
)  # fmt: skip
def campaigns(request: CallRequest, page: Query[Paging]) -> Any:
    return part(campaigns_of(request.user).order_by("-start", "code"), page, _campaign)


def _campaign(row: Campaign) -> dict[str, Any]:
    names = ("code", "name", "organisation", "state", "start", "end", "scores")
    return {name: getattr(row, name) for name in names}


@call(
    "GET", CAMPAIGN + "/units", name="units", action="campaign.see", title=_("参加单位"),
    gives=Page[UnitOut], group=REFERENCE,
)  # fmt: skip
def units(request: CallRequest, campaign: str, page: Query[Paging]) -> Any:
    codes = dict(Unit.objects.values_list("pk", "code"))
    return part(members(request.campaign, today()), page, lambda row: _unit(row, codes))


def _unit(row: Participation, codes: dict[int, str]) -> dict[str, Any]:
    unit = row.unit
    return {
        "code": unit.code, "name": unit.name, "short_name": unit.short_name, "kind": unit.kind,
        "parent": codes[unit.parent_id] if unit.parent_id else "", "track": row.track.name if row.track else "",
        "ranked": row.ranked,
    }  # fmt: skip


@call(
    "GET", CAMPAIGN + "/indicators", name="indicators", action="indicators.see", title=_("指标"),
    gives=Page[IndicatorOut], group=REFERENCE,
)  # fmt: skip
def indicators(request: CallRequest, campaign: str, page: Query[Paging]) -> Any:
    rows = indicators_of(request.campaign, drafts=False).select_related("data_owner")
    rows = rows.prefetch_related("definitions").order_by("order", "pk")
    return part(rows, page, _indicator)


def _indicator(row: Indicator) -> dict[str, Any]:
    names = (
        "code", "name", "category", "measure", "decimals", "direction", "nature", "frequency",
        "qualitative", "provider",
    )  # fmt: skip
    versions = sorted(row.definitions.all(), key=lambda d: d.version)
    return {name: getattr(row, name) for name in names} | {
        "data_owner": row.data_owner.code if row.data_owner else "",
        "definition": versions[-1].text if versions else "",
    }


@call(
    "GET", CAMPAIGN + "/periods", name="periods", action="campaign.see", title=_("计分期间"),
    gives=Page[PeriodOut], group=REFERENCE,
)  # fmt: skip
def periods(request: CallRequest, campaign: str, page: Query[Paging]) -> Any:
    published = set(published_periods(request.campaign))
    return part(
        periods_of(request.campaign), page,
        lambda p: {
            "period": p.text, "label": p.label(), "start": p.start, "end": p.end,
            "published": p.text in published,
        },
    )  # fmt: skip


@call(
    "GET", CAMPAIGN + "/rounds", name="rounds", action="figures.see", title=_("填报轮次"),
    gives=Page[RoundOut], group=REFERENCE,
)  # fmt: skip
def rounds(request: CallRequest, campaign: str, page: Query[Paging]) -> Any:
    return part(request.campaign.rounds.order_by("-due_at", "-pk"), page, _round)


def _round(row: Round) -> dict[str, Any]:
    names = ("period", "state", "opens_on", "due_at", "confirm_due_at", "trial", "instructions")
    return {name: getattr(row, name) for name in names}
