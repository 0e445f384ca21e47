"""What a unit still has to deliver from a day on, and a share of it for a unit founded from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets.cells import additive, in_force, months_of, total, whole_of


def remaining(campaign: Campaign, unit: Unit, since: date) -> dict[Indicator, Decimal]:
    """By additive indicator, the plans of the months from a day on; the year's where no month is
    planned."""
    months = {p.text for p in months_of(campaign) if p.end >= since}
    planned = {p.text for p in months_of(campaign)}
    whole = whole_of(campaign).text
    held: dict[int, list[Any]] = {}
    for (pk, indicator, _), row in in_force(campaign).items():
        if pk == unit.pk:
            held.setdefault(indicator, []).append(row)
    found: dict[Indicator, Decimal] = {}
    for group in held.values():
        indicator = group[0].indicator
        monthly = [r for r in group if r.period in planned]
        wanted = [r for r in monthly if r.period in months]
        if not monthly:
            wanted = [r for r in group if r.period == whole]
        value = total(r.value for r in wanted)
        if additive(indicator) and value is not None:
            found[indicator] = value
    return found


def shares(
    campaign: Campaign, unit: Unit, since: date, share: Decimal, own: Mapping[str, Decimal]
) -> Iterator[tuple[Indicator, Decimal]]:
    """By indicator, the part of what remains that goes over, to the indicator's decimals.

    `own` has shares by indicator code; all others go by `share`.
    """
    for indicator, value in remaining(campaign, unit, since).items():
        step = Decimal(1).scaleb(-indicator.decimals)
        amount = (value * own.get(indicator.code, share)).quantize(step, ROUND_HALF_UP)
        if amount:
            yield indicator, amount


def not_moved(campaign: Campaign, unit: Unit) -> list[Indicator]:
    """Indicators whose targets do not add up, and therefore stay: rates, stocks, goals in words."""
    held = {i for u, i, _ in in_force(campaign) if u == unit.pk}
    return [x for x in Indicator.objects.filter(pk__in=held) if not additive(x)]
