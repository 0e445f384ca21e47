"""What units themselves say of being behind: cause, measure and the day they catch up by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from saima_web.campaigns.models import Campaign
from saima_web.reporting.models import Remark
from saima_web.targets.models import Countermeasure


@dataclass(frozen=True)
class Reason:
    """A unit's own words. who: the person answerable, where a countermeasure names one."""

    cause: str
    measure: str
    until: date | None
    who: str = ""


Key = tuple[str, str]
"""The codes of a unit and an indicator."""


def reasons_of(campaign: Campaign, period: str, unit: str = "") -> dict[Key, Reason]:
    """The latest words of a period, given with the figure or on the countermeasure sheet."""
    found = [*_remarks(campaign, period, unit), *_measures(campaign, period, unit)]
    return {key: reason for key, _at, reason in sorted(found, key=lambda row: row[1])}


def _remarks(campaign: Campaign, period: str, unit: str) -> Iterator[tuple[Key, datetime, Reason]]:
    rows = Remark.objects.filter(
        entry__round__campaign=campaign, entry__round__period=period, kind=Remark.Kind.BEHIND
    )
    if unit:
        rows = rows.filter(entry__unit__code=unit)
    for r in rows.select_related("entry__unit", "entry__indicator"):
        key = (r.entry.unit.code, r.entry.indicator.code)
        yield key, r.at, Reason(r.text, r.measure, r.catch_up_on)


def _measures(campaign: Campaign, period: str, unit: str) -> Iterator[tuple[Key, datetime, Reason]]:
    rows = Countermeasure.objects.filter(campaign=campaign, period=period)
    if unit:
        rows = rows.filter(unit__code=unit)
    for r in rows.select_related("unit", "indicator"):
        key = (r.unit.code, r.indicator.code)
        yield key, r.recorded_at, Reason(r.cause, r.measure, r.due, r.responsible)
