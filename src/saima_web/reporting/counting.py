"""The figures that count: of all ever given for a cell, the one that scoring and targets go by."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import Q

from saima.periods import Period
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.reporting.models import Figure
from saima_web.targets.reached import Key


def counting_figures(
    campaign: Campaign, indicators: Collection[str], within: Period | None
) -> Iterator[tuple[Key, Decimal]]:
    """The figures that count, with (unit, indicator, period): of the campaign's sources, the first.

    Insert-only rows: the last one of a source stands, unless it was withdrawn. They come one after
    another, as their index has them: years of a large house do not fit into memory.
    """
    order = {s: n for n, s in enumerate(campaign.counts or ["confirmed"])}
    codes = dict(Indicator.objects.filter(code__in=indicators).values_list("pk", "code"))
    units = dict(Unit.objects.order_by().values_list("pk", "code"))
    rows = Figure.objects.filter(indicator__in=codes, source__in=order)
    rows = rows.filter(_texts(campaign, within) if within else Q())
    told = rows.order_by("indicator_id", "period", "unit_id", "source", "pk").values_list(
        "unit_id", "indicator_id", "period", "source", "value", "withdrawn"
    )
    for (unit, code, period), cell in groupby(told.iterator(5000), itemgetter(0, 1, 2)):
        latest = {source: (value, gone) for *_key, source, value, gone in cell}
        standing = [
            (order[source], value)
            for source, (value, gone) in latest.items()
            if value is not None and not gone
        ]
        if standing:
            yield (units[unit], codes[code], period), min(standing, key=itemgetter(0))[1]


def _texts(campaign: Campaign, within: Period) -> Q:
    """The texts of periods that may end within another: its years', and what begins before."""
    year = within.start.year
    before = {p.text for p in periods_of(campaign) if p.text < str(year)}
    weeks = {f"{year - 1}-W52", f"{year - 1}-W53"}
    return Q(period__gte=str(year)) | Q(period__in=before | weeks)
