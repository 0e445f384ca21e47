"""Which targets are in force, which a draft changes, and over which units and periods they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from saima.allocation.cascade import cut
from saima.periods import Period
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import active_ids, clock_of
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for, may
from saima_web.targets.models import ProjectPlan, Target, TargetSet

Cell = tuple[int, int, str]
"""Unit id, indicator id, canonical period."""
PlanCell = tuple[int, int, str, str]
"""Unit id, indicator id, project, canonical period."""

Said = TypeVar("Said")

RATES = ("%", "％", "‰", "百分点", "个百分点", "名次", "位")


def whole_of(campaign: Campaign) -> Period:
    """What a whole target speaks of: the year, or all days of a clock of days."""
    return clock_of(campaign).window(campaign.start)


def months_of(campaign: Campaign) -> list[Period]:
    """The months that a whole target is planned over, clipped to it."""
    return cut(whole_of(campaign), "month")


def additive(indicator: Indicator) -> bool:
    """Whether months add up to the year and units to the group: not stocks, not rates."""
    return not (
        indicator.qualitative
        or indicator.nature == Indicator.Nature.POINT_IN_TIME
        or indicator.rolls_up == Indicator.RollUp.RATIO
        or indicator.measure in RATES
    )


def less_is_better(indicator: Indicator) -> bool:
    return indicator.direction in (Indicator.Direction.LESS, Indicator.Direction.CLEAR)


# --- units --------------------------------------------------------------------------------------


def member_ids(campaign: Campaign) -> set[int]:
    """The units that take part and exist now (or did on the last day)."""
    return active_ids(campaign, min(max(today(), campaign.start), campaign.end))


def top_unit(campaign: Campaign) -> Unit | None:
    """The unit above all members, whose target is the headline: the group."""
    return above_all({u.pk: u for u in Unit.objects.all()}, member_ids(campaign))


def above_all(everyone: dict[int, Unit], ids: set[int]) -> Unit | None:
    """The nearest unit that all of some units have above them."""
    chains = [_above(everyone, pk) for pk in ids]
    common = [pk for pk in chains[0] if all(pk in c for c in chains)] if chains else []
    found = next((pk for pk in common if pk not in ids), None)
    return everyone[found] if found is not None else None


def _above(everyone: dict[int, Unit], pk: int) -> list[int]:
    """A unit's superiors from the nearest up."""
    found: list[int] = []
    at = everyone[pk].parent_id
    while at is not None and at not in found:
        found.append(at)
        at = everyone[at].parent_id
    return found


def sees_totals(campaign: Campaign, by: User, indicator: Indicator, top: Unit | None) -> bool:
    """Whether a user may see what all units together have, not only their own."""
    nowhere = top or Unit(pk=0)
    return may(by, "targets.see", campaign=campaign, unit=nowhere, indicator=indicator)


# --- targets ------------------------------------------------------------------------------------


def approved(campaign: Campaign, moment: datetime | None = None) -> QuerySet[Target]:
    """All rows of approved sets, the one that stands last."""
    rows = Target.objects.filter(batch__campaign=campaign, batch__state=TargetSet.State.APPROVED)
    rows = rows.exclude(batch__kind=TargetSet.Kind.NEXT_YEAR)
    if moment is not None:
        rows = rows.filter(batch__decided_at__lte=moment)
    return rows.order_by("batch__decided_at", "pk")


class Aim(NamedTuple):
    """What a target in force says, where nothing is asked of its row: there are very many."""

    period: str
    value: Decimal | None
    stretch: Decimal | None
    goal: str
    locked: bool


def aims(campaign: Campaign, scope: Q) -> dict[Cell, Aim]:
    """As `in_force`, of the approved targets only what they say."""
    fields = ("unit_id", "indicator_id", "period", "value", "stretch", "goal", "locked")
    latest: dict[Cell, Aim | None] = {}
    for unit, indicator, *said, gone in (
        approved(campaign).filter(scope).values_list(*fields, "withdrawn").iterator()
    ):
        latest[unit, indicator, said[0]] = None if gone else Aim(*said)
    return {key: aim for key, aim in latest.items() if aim is not None}


def in_force(
    campaign: Campaign, scope: Q | None = None, *, moment: datetime | None = None
) -> dict[Cell, Target]:
    """The approved target of every cell that has one; `scope` narrows the rows."""
    rows = approved(campaign, moment)
    latest = {key_of(r): r for r in (rows.filter(scope) if scope is not None else rows)}
    return with_parents({key: row for key, row in latest.items() if not row.withdrawn})


def with_parents(rows: dict[Cell, Target]) -> dict[Cell, Target]:
    """The rows with their units and indicators at hand: one object each, not one per row."""
    units = Unit.objects.in_bulk({key[0] for key in rows})
    indicators = Indicator.objects.in_bulk({key[1] for key in rows})
    for (unit, indicator, _), row in rows.items():
        row.unit, row.indicator = units[unit], indicators[indicator]
    return rows


def seen(campaign: Campaign, by: User, **only: Any) -> dict[Cell, Target]:
    """The targets in force that a user may see: the scope of every page and export."""
    return in_force(campaign, cells_for(by, "targets.see", campaign) & Q(**only))


def key_of(row: Target) -> Cell:
    return row.unit_id, row.indicator_id, row.period


def draft_of(campaign: Campaign, by: User) -> TargetSet | None:
    """The set that a user is still working on."""
    return campaign.target_sets.filter(
        state=TargetSet.State.DRAFT, kind=TargetSet.Kind.PLAN, made_by=by
    ).first()


def rows_in(batch: TargetSet | None, **only: Any) -> dict[Cell, Target]:
    """The latest row of every cell in a set, withdrawals included."""
    if batch is None:
        return {}
    return with_parents({key_of(r): r for r in batch.targets.filter(**only).order_by("pk")})


def with_draft(campaign: Campaign, by: User, **only: Any) -> dict[Cell, Target]:
    """What a user sees with their own draft laid over it."""
    return laid_over(seen(campaign, by, **only), rows_in(draft_of(campaign, by), **only))


def laid_over(
    standing: Mapping[Cell, Said], draft: Mapping[Cell, Target]
) -> dict[Cell, Said | Target]:
    """What stands with the rows of a draft in its place."""
    found: dict[Cell, Said | Target] = {k: row for k, row in standing.items() if k not in draft}
    return found | {key: row for key, row in draft.items() if not row.withdrawn}


# --- projects -----------------------------------------------------------------------------------


def plan_key(row: ProjectPlan) -> PlanCell:
    return row.unit_id, row.indicator_id, row.project, row.period


def project_plans(
    campaign: Campaign, by: User, indicator: Indicator, *, draft: bool = False
) -> dict[PlanCell, ProjectPlan]:
    """The projects' plans in force that a user may see, with their own draft laid over."""
    scope = cells_for(by, "targets.see", campaign) & Q(indicator=indicator)
    rows = ProjectPlan.objects.filter(scope, batch__campaign=campaign).select_related("unit")
    standing = rows.filter(batch__state=TargetSet.State.APPROVED)
    latest = {plan_key(r): r for r in standing.order_by("batch__decided_at", "pk")}
    own = draft_of(campaign, by) if draft else None
    if own is not None:
        latest |= {plan_key(r): r for r in rows.filter(batch=own).order_by("pk")}
    return {k: r for k, r in latest.items() if not r.withdrawn}


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of what is given, None if nothing is."""
    given = [v for v in values if v is not None]
    return sum(given, Decimal(0)) if given else None
