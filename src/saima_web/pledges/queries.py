"""Reading promises: whose one may see, how they stand, and the pledged beside the reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from saima.periods import Period, add_months
from saima.tasks.counting import Count, count
from saima.tasks.due import progress_due
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign, KeyDate
from saima_web.campaigns.queries import active_ids, active_members
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may, units_for
from saima_web.pledges.models import (
    ActionPlan,
    Commitment,
    CommitmentStep,
    InstitutionMeasure,
    Pledge,
    PledgedValue,
    PledgeSettings,
)
from saima_web.targets.cells import whole_of
from saima_web.targets.reached import reached

State = Commitment.State


def settings_of(campaign: Campaign) -> PledgeSettings:
    """A campaign's settings, the defaults where none were made."""
    return PledgeSettings.objects.filter(campaign=campaign).first() or PledgeSettings(
        campaign=campaign
    )


def _seen(rows: QuerySet[Any], by: User, campaign: Campaign) -> QuerySet[Any]:
    if not may(by, "pledges.see", campaign=campaign):
        return rows.none()
    return rows.filter(unit__in=units_for(by, "pledges.see", campaign))


def writable_units(by: User, campaign: Campaign, action: str = "pledges.write") -> QuerySet[Unit]:
    """The units of a campaign for which a person may write."""
    if not may(by, action, campaign=campaign):
        return Unit.objects.none()
    ids = active_ids(campaign, today())
    return units_for(by, action, campaign).filter(pk__in=ids)


# ── Commitments ──


def commitments_for(by: User, campaign: Campaign) -> QuerySet[Commitment]:
    """A unit sees its own; the office, leaders and inspectors see all that are no mere drafts."""
    rows: QuerySet[Commitment] = _seen(Commitment.objects.filter(campaign=campaign), by, campaign)
    rows = rows.exclude(_others_drafts(by, campaign))
    related = ("campaign", "unit", "indicator", "made_by", "decided_by", "released_by")
    return with_last_step(rows.select_related(*related))


def with_last_step(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Commitments with the moment of their last report and the last number in one."""
    told = CommitmentStep.objects.filter(commitment=OuterRef("pk"), reached__isnull=False)
    number = told.order_by("-at", "-pk").values("reached")[:1]
    return rows.annotate(last_step=Max("steps__at"), last_reached=Subquery(number))


def _others_drafts(by: User, campaign: Campaign) -> Q:
    """What is only drafted, by units for which a person does not write."""
    return Q(state="draft") & ~Q(unit__in=units_for(by, "pledges.write", campaign))


def moved_on(row: Commitment) -> date | None:
    """The day on which a commitment last moved: its last report, else the day it was made."""
    last = getattr(row, "last_step", None) or row.made_at
    return timezone.localdate(last) if last else None


def asks_progress(row: Commitment, day: date) -> bool:
    """Whether a line of progress is due: a day, a week or a month after the last one."""
    last = moved_on(row)
    if row.state != State.MADE or last is None or row.indicator_id:
        return False
    when = progress_due(row.counted_by, last)  # type: ignore[arg-type]
    return when is not None and when <= day


def count_of(row: Commitment, day: date) -> Count | None:
    """How a promised quantity stands against its days, weeks or months; None where none is.

    An indicator's own number is held against the figures instead (`compare`).
    """
    if row.state not in (State.MADE, State.CLAIMED):
        return None
    return count_on(row, day, getattr(row, "last_reached", None))


def count_on(row: Commitment, day: date, reached: Decimal | None) -> Count | None:
    """As `count_of`, with what was reached by a day given."""
    if row.quantity is None or row.made_at is None:
        return None
    begin, by = timezone.localdate(row.made_at), row.counted_by
    return count(
        row.quantity, reached or Decimal(0), begin=begin, end=row.due_on, on=day,
        by=by,  # type: ignore[arg-type]
    )  # fmt: skip


def is_stalled(row: Commitment, months: int, day: date) -> bool:
    """Whether nothing was reported for so many months on a commitment that still runs."""
    last = moved_on(row)
    return row.state == State.MADE and last is not None and add_months(last, months) <= day


def is_overdue(row: Commitment, day: date) -> bool:
    """Whether its day has passed without a verdict or a claim."""
    return row.state == State.MADE and row.due_on < day


@dataclass(frozen=True)
class Fulfilment:
    """A unit's commitments: made, due or judged by now, fulfilled of these, stalled."""

    unit: Unit
    made: int
    due: int
    fulfilled: int
    stalled: int

    @property
    def rate(self) -> float | None:
        """Fulfilled over due; None while nothing is due."""
        return self.fulfilled / self.due if self.due else None


def fulfilment(rows: Iterable[Commitment], months: int, day: date) -> list[Fulfilment]:
    """How far each unit keeps its word, in official order; drafts and ended ones do not count."""
    by_unit: dict[Unit, list[Commitment]] = {}
    for row in rows:
        if row.state not in (State.DRAFT, State.DROPPED):
            by_unit.setdefault(row.unit, []).append(row)
    units = sorted(by_unit, key=lambda u: (u.order, u.code))
    return [_fulfilment(unit, by_unit[unit], months, day) for unit in units]


def _fulfilment(unit: Unit, rows: Sequence[Commitment], months: int, day: date) -> Fulfilment:
    judged = (State.FULFILLED, State.UNFULFILLED)
    return Fulfilment(
        unit=unit,
        made=len(rows),
        due=sum(1 for r in rows if r.state in judged or r.due_on < day),
        fulfilled=sum(1 for r in rows if r.state == State.FULFILLED),
        stalled=sum(1 for r in rows if is_stalled(r, months, day)),
    )


def public_commitments(campaign: Campaign) -> list[Commitment]:
    """What was released, of commitments that stand."""
    rows = Commitment.objects.filter(campaign=campaign, public=True, released_at__isnull=False)
    kept = rows.exclude(state__in=(State.DRAFT, State.DROPPED))
    return list(kept.select_related("unit").order_by("unit__order", "due_on", "pk"))


# ── Pledges, held against what was reached ──


def pledges_for(by: User, campaign: Campaign) -> QuerySet[Pledge]:
    rows = _seen(Pledge.objects.filter(campaign=campaign), by, campaign)
    return rows.select_related("unit", "recorded_by").prefetch_related("values__indicator")


@dataclass(frozen=True)
class Compared:
    """A number that was promised beside what was reached by a period; `final` at the very end."""

    value: Decimal
    actual: Decimal | None
    through: Period | None
    final: bool
    kept: bool | None

    @property
    def ratio(self) -> float | None:
        """Reached over promised; None where there is nothing to divide."""
        return float(self.actual / self.value) if self.actual is not None and self.value else None

    @property
    def gap(self) -> Decimal | None:
        """Reached less promised, in the indicator's measure."""
        return None if self.actual is None else self.actual - self.value


def compare(
    campaign: Campaign, asked: Iterable[tuple[str, Indicator, Decimal]]
) -> dict[tuple[str, str], Compared]:
    """Promised values, as (unit code, indicator, value), beside the figures that count."""
    wanted = list(asked)
    actuals = reached(campaign, list({x.pk: x for _, x, _ in wanted}.values())) if wanted else {}
    return {
        (unit, x.code): _compared(campaign, x, value, actuals.get((unit, x.code)))
        for unit, x, value in wanted
    }


def _compared(
    campaign: Campaign, indicator: Indicator, value: Decimal, found: tuple[Decimal, Period] | None
) -> Compared:
    if found is None:
        return Compared(value, None, None, False, None)
    actual, through = found
    final = through.end >= whole_of(campaign).end
    return Compared(value, actual, through, final, _kept(indicator, value, actual))


def _kept(indicator: Indicator, value: Decimal, actual: Decimal) -> bool:
    """Whether the word is kept by what was reached so far."""
    if indicator.direction in (Indicator.Direction.LESS, Indicator.Direction.CLEAR):
        return actual <= value
    return actual >= value


def pledged(rows: Iterable[Pledge]) -> list[tuple[Pledge, PledgedValue]]:
    """The values of pledges that stand, one line each."""
    return [(p, v) for p in rows if p.withdrawn_at is None for v in p.values.all()]


# ── Plans, institutions, duty ──


def plans_for(by: User, campaign: Campaign) -> QuerySet[ActionPlan]:
    """Plans of one's units; mere drafts show to their own unit only."""
    rows: QuerySet[ActionPlan] = _seen(ActionPlan.objects.filter(campaign=campaign), by, campaign)
    rows = rows.exclude(_others_drafts(by, campaign))
    related = rows.select_related("campaign", "unit", "submitted_by", "decided_by")
    return related.prefetch_related("measures")


def articles_for(by: User, campaign: Campaign) -> QuerySet[InstitutionMeasure]:
    """Articles of institution documents that one's units answer for."""
    rows = InstitutionMeasure.objects.filter(document__campaign=campaign)
    found = _seen(rows, by, campaign)
    return found.select_related("document", "unit", "reported_by", "checked_by")


def windows_of(campaign: Campaign) -> list[KeyDate]:
    """The campaign's windows of heightened duty, in order."""
    return list(campaign.key_dates.filter(heightened=True))


def duty_units(by: User, campaign: Campaign) -> list[Unit]:
    """The participating units whose duty a person may see."""
    seen = set(units_for(by, "pledges.see", campaign).values_list("pk", flat=True))
    return [p.unit for p in active_members(campaign, today()) if p.unit_id in seen]
