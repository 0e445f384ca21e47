"""Reading campaigns: whose they are, their clock, their periods, and the library's Campaign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from saima import campaigns as library
from saima.periods import Clock, Kind, Period, parse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign, Participation
from saima_web.people.models import Unit, User
from saima_web.people.permissions import posts_of


def campaigns_of(by: User) -> QuerySet[Campaign]:
    """The campaigns in which a user has a post; a post without campaign counts for all."""
    posts = posts_of(by)
    if any(p.campaign_id is None for p in posts):
        return Campaign.objects.all()
    return Campaign.objects.filter(pk__in={p.campaign_id for p in posts})


def campaign_of(by: User, code: str) -> Campaign | None:
    """One of the user's campaigns by its code; a post in it brings it along."""
    for post in posts_of(by):
        if post.campaign is not None and post.campaign.code == code:
            return post.campaign
    return campaigns_of(by).filter(code=code).first()


def current_campaign(by: User) -> Campaign | None:
    """The campaign that a user most likely means: running, else in preparation, else the latest."""
    found = {c.state: c for c in reversed(campaigns_of(by))}
    return found.get("running") or found.get("preparing") or found.get("closed")


def clock_of(campaign: Campaign) -> Clock:
    """The library's clock of a campaign."""
    joint = tuple((int(a), int(b)) for a, b in campaign.joint)
    return Clock(campaign.clock_kind, campaign.start, campaign.end, joint)  # type: ignore[arg-type]


def periods_of(campaign: Campaign) -> list[Period]:
    """The periods that a campaign scores, in order."""
    kind: Kind = campaign.scores.replace("-", "_")  # type: ignore[assignment]
    return list(clock_of(campaign).periods(kind))


def period_in(campaign: Campaign, text: str) -> Period:
    """A period by its canonical text. Errors: Refused for what is no period."""
    return parse(text, clock_of(campaign))


def day_count(campaign: Campaign, moment: date | None = None) -> tuple[int, int] | None:
    """Which day of the campaign it is and how many are left (day 37, 63 left); None outside."""
    day = moment or today()
    start, end = campaign.sprint_start or campaign.start, campaign.sprint_end or campaign.end
    return ((day - start).days + 1, (end - day).days) if start <= day <= end else None


def members(campaign: Campaign, moment: date, as_of: datetime | None = None) -> list[Participation]:
    """Who takes part at a day, in official order; the row recorded last speaks for its unit."""
    rows = _taking_part(campaign, moment).select_related("unit", "track")
    if as_of is not None:
        rows = rows.filter(recorded_at__lte=as_of)
    latest = {row.unit_id: row for row in rows.order_by("pk")}
    return sorted(latest.values(), key=lambda p: (p.unit.order, p.unit.code))


def member_ids(campaign: Campaign, moment: date) -> set[int]:
    """The ids of the units of `members`, where nothing else is asked of hundreds."""
    return {pk for (pk,) in _taking_part(campaign, moment).order_by().values_list("unit_id")}


def _taking_part(campaign: Campaign, moment: date) -> QuerySet[Participation]:
    return campaign.participations.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=moment),
        Q(valid_to__isnull=True) | Q(valid_to__gte=moment),
    )


def active_members(campaign: Campaign, moment: date) -> list[Participation]:
    """Who takes part at a day and exists then: whom to ask for figures and targets."""
    return [p for p in members(campaign, moment) if exists(p.unit, moment)]


def active_ids(campaign: Campaign, moment: date) -> set[int]:
    """The ids of `active_members`, where nothing else is asked of hundreds of units."""
    rows = _taking_part(campaign, moment).order_by().values_list("unit_id")
    exist = Q(unit__valid_from__isnull=True) | Q(unit__valid_from__lte=moment)
    exist &= Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=moment)
    return {pk for (pk,) in rows.filter(exist)}


def exists(unit: Unit, moment: date) -> bool:
    """Whether a unit is neither founded later nor merged away before a day."""
    begun = unit.valid_from is None or unit.valid_from <= moment
    return begun and (unit.valid_to is None or moment <= unit.valid_to)


def library_units(
    campaign: Campaign, moment: date, as_of: datetime | None = None
) -> tuple[library.Unit, ...]:
    """The campaign's units as the library knows them, with the membership at a day.

    Units above members (the group, departments) come along without a track. A unit that left
    stays, valid to its last day, so that its earlier months keep their marks.
    """
    spans = _memberships(campaign, moment, as_of)
    everyone = {u.pk: u for u in Unit.objects.all()}
    wanted = _with_parents(spans, everyone)
    ordered = sorted((everyone[pk] for pk in wanted), key=lambda u: (u.order, u.code))
    return tuple(_library_unit(u, spans.get(u.pk), everyone) for u in ordered)


@dataclass(frozen=True)
class Membership:
    """The row in force at a day, and the whole span in which its unit takes part."""

    row: Participation
    begins: date | None
    ends: date | None


def _memberships(campaign: Campaign, moment: date, as_of: datetime | None) -> dict[int, Membership]:
    """By unit, all that had begun by a day."""
    rows = campaign.participations.select_related("unit", "track").order_by("pk")
    if as_of is not None:
        rows = rows.filter(recorded_at__lte=as_of)
    known: dict[int, list[Participation]] = {}
    for row in rows:
        known.setdefault(row.unit_id, []).append(row)
    return {
        pk: Membership(begun[-1], _earliest(r.valid_from for r in every), _latest(every))
        for pk, every in known.items()
        if (begun := [r for r in every if r.valid_from is None or r.valid_from <= moment])
    }


def _earliest(days: Iterable[date | None]) -> date | None:
    """The first day, None where one is open."""
    given = list(days)
    return None if None in given else min(d for d in given if d is not None)


def _latest(rows: list[Participation]) -> date | None:
    """The last day, None where a row is open."""
    given = [r.valid_to for r in rows]
    return None if None in given else max(d for d in given if d is not None)


def _with_parents(rows: Iterable[int], everyone: dict[int, Unit]) -> set[int]:
    found: set[int] = set()
    for pk in rows:
        at: int | None = pk
        while at is not None and at not in found:
            found.add(at)
            at = everyone[at].parent_id
    return found


def _library_unit(unit: Unit, span: Membership | None, everyone: dict[int, Unit]) -> library.Unit:
    row = span.row if span else None
    begins = [d for d in (unit.valid_from, span.begins if span else None) if d]
    ends = [d for d in (unit.valid_to, span.ends if span else None) if d]
    return library.Unit(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,  # type: ignore[arg-type]
        parent=everyone[unit.parent_id].code if unit.parent_id else "",
        order=unit.order,
        track=row.track.name if row and row.track else "",
        ranked=row.ranked if row else False,
        valid_from=max(begins, default=None),
        valid_to=min(ends, default=None),
        successor=everyone[unit.successor_id].code if unit.successor_id else "",
        difficulty=float(row.difficulty) if row else 1.0,
    )


def document_settings(campaign: Campaign) -> library.DocumentSettings:
    """What a campaign's bulletins print."""
    settings: Any = campaign.documents or {}
    return msgspec.convert(settings, library.DocumentSettings)
