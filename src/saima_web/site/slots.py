"""What lower slices show of higher ones, filled here: `site` alone may name them all."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from saima_web.campaigns.models import Campaign
from saima_web.followup import saving
from saima_web.projects.assessment.quarters import PROBLEMS
from saima_web.projects.followed import read_by
from saima_web.projects.saved_views import SAVED
from saima_web.reporting.models import Figure
from saima_web.site import followed
from saima_web.supervision import naming
from saima_web.targets import reached


def counting_figures(
    campaign: Campaign, indicators: Collection[str]
) -> dict[tuple[str, str, str], Decimal]:
    """The figures that count, by (unit, indicator, period): of the campaign's sources, the first.

    Insert-only rows: the last one of a source stands, unless it was withdrawn.
    """
    order = {s: n for n, s in enumerate(campaign.counts or ["confirmed"])}
    rows = Figure.objects.filter(indicator__code__in=indicators, source__in=order).order_by("pk")
    latest = {
        row[:4]: row[4:]
        for row in rows.values_list(
            "unit__code", "indicator__code", "period", "source", "value", "withdrawn"
        )
    }
    found: dict[tuple[str, str, str], tuple[int, Decimal]] = {}
    for (unit, code, period, source), (value, withdrawn) in latest.items():
        if value is None or withdrawn:
            continue
        known = found.get((unit, code, period))
        if known is None or order[source] < known[0]:
            found[unit, code, period] = order[source], value
    return {key: value for key, (_, value) in found.items()}


def fill() -> None:
    """Fill every slot; called once, when the addresses are read."""
    reached.read_by(counting_figures)
    read_by(followed.tasks, followed.problems, followed.cards)
    PROBLEMS[:] = [naming.counts]
    SAVED[:] = [saving.shown]
