"""Figures reached, read through a slot: reporting stands above targets, so `site` fills it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal

from saima.allocation.history import History
from saima.periods import Period, parse, span
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.targets.cells import whole_of

Key = tuple[str, str, str]
"""Unit code, indicator code, canonical period."""
Figures = Iterator[tuple[Key, Decimal]]
"""The figures that count, one for a key."""
Reader = Callable[[Campaign, Collection[str], Period | None], Figures]
"""Of a campaign, some indicators, and of any year or what may end within a period."""

_readers: list[Reader] = []


def read_by(reader: Reader) -> None:
    """Fill the slot (once, at start-up)."""
    _readers[:] = [reader]


def figures(
    campaign: Campaign, indicators: Collection[Indicator], within: Period | None = None
) -> Figures:
    """The figures of some indicators; none while nobody has filled the slot."""
    return _readers[0](campaign, [x.code for x in indicators], within) if _readers else iter(())


def history_of(campaign: Campaign, indicators: Collection[Indicator]) -> History:
    """The figures as the library shares by them: in-period, by (indicator, unit) and period."""
    by_code = {x.code: x for x in indicators}
    known: dict[tuple[str, str], dict[Period, Decimal]] = defaultdict(dict)
    for (unit, code, period), value in figures(campaign, indicators):
        known[code, unit][parse(period)] = value
    return History(
        {
            key: in_periods(series) if by_code[key[0]].nature == "year-to-date" else series
            for key, series in known.items()
        }
    )


def in_periods(series: Mapping[Period, Decimal]) -> dict[Period, Decimal]:
    """Year-to-date figures as what each period brought, from the figure before it on."""
    found: dict[Period, Decimal] = {}
    last: Period | None = None
    for period in sorted(series, key=lambda p: p.end):
        same_year = last is not None and last.end.year == period.end.year
        if last is not None and same_year:
            found[period] = series[period] - series[last]
        else:
            first = Period(period.end.replace(month=1, day=1), period.end, "range")
            found[period if period.start == first.start else span(first, period)] = series[period]
        last = period
    return found


def reached(
    campaign: Campaign, indicators: Collection[Indicator]
) -> dict[tuple[str, str], Reached]:
    """What every unit has reached so far this year, by (unit, indicator) code.

    Figures are added as they come: a year of a large house is a million of them.
    """
    sums = {x.code for x in indicators if x.nature == Indicator.Nature.IN_PERIOD}
    whole, known = whole_of(campaign), dict[str, Period]()
    found: dict[tuple[str, str], Reached] = {}
    for (unit, code, text), value in figures(campaign, indicators, whole):
        period = known.get(text) or known.setdefault(text, parse(text))
        if not whole.start <= period.end <= whole.end:
            continue
        before = found.get((unit, code))
        if before is None:
            found[unit, code] = value, period
            continue
        done, last = before
        later = period.end > last.end
        if code in sums:
            found[unit, code] = done + value, period if later else last
        elif later:
            found[unit, code] = value, period
    return found


Reached = tuple[Decimal, Period]
"""The figure that stands against the whole target, and the last period that it speaks of."""
