"""What lower slices show of higher ones, filled here: `site` alone may name them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import Q

from saima.periods import Period
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.followup import saving
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.projects.assessment.quarters import PROBLEMS
from saima_web.projects.followed import read_by
from saima_web.projects.saved_views import SAVED
from saima_web.reporting.models import Figure
from saima_web.site import followed
from saima_web.supervision import naming
from saima_web.targets import reached


def counting_figures(
    campaign: Campaign, indicators: Collection[str], within: Period | None
) -> Iterator[tuple[reached.Key, Decimal]]:
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


def fill() -> None:
    """Fill every slot; called once, when the addresses are read."""
    reached.read_by(counting_figures)
    read_by(followed.tasks, followed.problems, followed.cards)
    PROBLEMS[:] = [naming.counts]
    SAVED[:] = [saving.shown]
