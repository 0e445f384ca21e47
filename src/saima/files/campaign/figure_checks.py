"""Check facts and targets as whole columns: what does not fit their units, indicators and times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from saima.campaigns import SOURCE_NAMES, SOURCES, Campaign
from saima.cube import indices
from saima.files.campaign.duties import assigned_pairs
from saima.files.campaign.names import PERCENT_MEASURES
from saima.files.campaign.problems import Findings
from saima.periods import Period, parse
from saima.problems import Place
from saima.rounding import half_up
from saima.rounding import text as digits
from saima.rules.rulebook import Rulebook
from saima.tables import Tables

if TYPE_CHECKING:
    import polars as pl

Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]
_CHUNK = 1_000_000


@dataclass(frozen=True)
class _Figures:
    """A long table as arrays, one element per row with a figure: unit, indicator and period by
    index, value, and `at`, the row in the table."""

    tables: Tables
    which: str
    periods: tuple[Period, ...]
    unit: Indices
    indicator: Indices
    period: Indices
    value: NDArray[np.float64]
    at: Indices

    @classmethod
    def of(cls, tables: Tables, which: str, amount: str) -> _Figures:
        campaign, frame = tables.campaign, getattr(tables, which)
        texts = {t: parse(t, campaign.clock) for t in map(str, frame["period"].unique().to_list())}
        periods = tuple(sorted(set(texts.values())))
        position = {p: n for n, p in enumerate(periods)}
        columns = (
            indices(frame["unit"], campaign.unit_index),
            indices(frame["indicator"], campaign.indicator_index),
            indices(frame["period"], {t: position[p] for t, p in texts.items()}),
        )
        value = frame[amount].to_numpy().astype(np.float64)
        at = np.flatnonzero(~np.isnan(value) & np.logical_and.reduce([c >= 0 for c in columns]))
        unit, indicator, period = (c[at] for c in columns)
        return cls(tables, which, periods, unit, indicator, period, value[at], at)

    @property
    def campaign(self) -> Campaign:
        return self.tables.campaign

    def row(self, n: int) -> dict[str, Any]:
        found: dict[str, Any] = getattr(self.tables, self.which).row(int(self.at[n]), named=True)
        return found

    def place(self, n: int) -> Place:
        row = self.row(n)
        return self.tables.place(str(row["table"]), int(row["row"]), int(row["column"]))

    @cached_property
    def table(self) -> str:
        """How findings know the table."""
        place = self.place(0) if len(self.at) else Place()
        return place.sheet or place.file

    @cached_property
    def source(self) -> Indices:
        """Facts only: the index of each figure's source in SOURCES."""
        series = self.tables.facts["source"]
        return indices(series, {s: n for n, s in enumerate(SOURCES)})[self.at]

    def said(self, n: int) -> dict[str, str]:
        """The values that most wordings name."""
        indicator = self.campaign.indicators[self.indicator[n]]
        return {
            "unit": self.campaign.units[self.unit[n]].label,
            "indicator": indicator.name,
            "period": self.periods[self.period[n]].label(),
            "value": digits(float(self.value[n])),
        }

    def of_indicators(self, attribute: Callable[[Any], Any], kind: type) -> NDArray[Any]:
        """An attribute of the indicators, row by row."""
        return np.array([attribute(x) for x in self.campaign.indicators], dtype=kind)[
            self.indicator
        ]


def check_figures(tables: Tables, rulebooks: tuple[Rulebook, ...], findings: Findings) -> None:
    """Facts and targets against what they name, and against what is assigned."""
    facts = _Figures.of(tables, "facts", "value")
    targets = _Figures.of(tables, "targets", "target")
    _check_decimals(facts, findings)
    _check_signs(facts, targets, findings)
    _check_validity(facts, findings)
    _check_times(facts, findings)
    _check_cumulative(facts, findings)
    _check_ends(facts, findings)
    _check_sources(facts, findings)
    _check_stretch(targets, findings)
    _check_plans(targets, findings)
    _check_duties(facts, targets, rulebooks, findings)


def _name(
    figures: _Figures,
    wrong: Flags | Indices,
    code: str,
    findings: Findings,
    more: Callable[[int], dict[str, Any]] = lambda _: {},
) -> None:
    """A problem for each wrong figure, as far as there is room."""
    at = np.flatnonzero(wrong) if wrong.dtype == np.bool_ else wrong
    room = findings.room(code, figures.table) if len(at) else 0
    for n in at[:room].tolist():
        findings.add(code, figures.place(n), **figures.said(n), **more(n))
    findings.passed_over(code, figures.table, max(0, len(at) - room))


def _check_decimals(facts: _Figures, findings: Findings) -> None:
    decimals = facts.of_indicators(lambda x: x.decimals, np.int64)
    wrong = np.zeros(len(facts.at), dtype=bool)
    for places in {x.decimals for x in facts.campaign.indicators}:
        here = np.flatnonzero(decimals == places)
        for start in range(0, len(here), _CHUNK):
            rows = here[start : start + _CHUNK]
            wrong[rows] = half_up(facts.value[rows], places) != facts.value[rows]
    _name(facts, wrong, "too-many-decimals", findings, lambda n: {"decimals": int(decimals[n])})


def _check_signs(facts: _Figures, targets: _Figures, findings: Findings) -> None:
    """Negative figures are named, but not where a target is negative or the measure is percent."""
    may = np.array([x.measure in PERCENT_MEASURES for x in facts.campaign.indicators], dtype=bool)
    may[targets.indicator[targets.value < 0]] = True
    negative = facts.value < 0
    if negative.any():
        _name(facts, negative & ~may[facts.indicator], "value-negative", findings)


def _check_validity(facts: _Figures, findings: Findings) -> None:
    """Figures of the campaign's time outside a unit's own; zeros and a restated base may stand."""
    units = facts.campaign.units
    if not any(u.valid_from or u.valid_to for u in units):
        return
    since = np.array([(u.valid_from or date.min).toordinal() for u in units])
    until = np.array([(u.valid_to or date.max).toordinal() for u in units])
    ends, starts = (
        np.array([d.toordinal() for d in days])
        for days in ([p.end for p in facts.periods], [p.start for p in facts.periods])
    )
    wrong = (ends[facts.period] < since[facts.unit]) | (starts[facts.period] > until[facts.unit])
    wrong &= (ends[facts.period] >= facts.campaign.clock.start.toordinal()) & (facts.value != 0)

    def dates(n: int) -> dict[str, str]:
        unit = units[facts.unit[n]]
        return {"start": str(unit.valid_from or "—"), "end": str(unit.valid_to or "—")}

    _name(facts, wrong, "unit-not-there-yet", findings, dates)


def _check_times(facts: _Figures, findings: Findings) -> None:
    """Periods that no figure should speak of: one problem each, at the first such figure."""
    clock = facts.campaign.clock
    for k, period in enumerate(facts.periods):
        late, inside = period.start > clock.end, clock.inside_joint(period)
        if late or inside:
            first = np.flatnonzero(facts.period == k)[:1]  # none where the period has no value
            code = "period-after-the-end" if late else "period-inside-joint"
            _name(facts, first, code, findings)


def _check_cumulative(facts: _Figures, findings: Findings) -> None:
    """Year-to-date figures below the one before in the same year, unit, indicator and source."""
    flows = facts.of_indicators(
        lambda x: x.nature == "year-to-date" and x.direction == "more", bool
    )
    chosen = np.flatnonzero(flows)
    if len(chosen) < 2:
        return
    key = _series_keys(facts)[chosen] * len(facts.periods) + facts.period[chosen]
    if (np.diff(key) < 0).any():
        order = np.argsort(key, kind="stable")
        chosen, key = chosen[order], key[order]
    window = _window_numbers(facts)
    here, before = chosen[1:], chosen[:-1]
    same = (key[1:] // len(facts.periods)) == (key[:-1] // len(facts.periods))
    same &= window[facts.period[here]] == window[facts.period[before]]
    falls = same & (facts.value[here] < facts.value[before])
    at = np.flatnonzero(falls)
    previous = dict(zip(here[at].tolist(), before[at].tolist()))
    _name(
        facts, here[at], "cumulative-falls", findings,
        lambda n: {"before": digits(float(facts.value[previous[n]]))},
    )  # fmt: skip


def _check_ends(facts: _Figures, findings: Findings) -> None:
    """Figures of one series for different periods that end on one day: 9月 beside 1—9月."""
    ends = {day: n for n, day in enumerate(dict.fromkeys(p.end for p in facts.periods))}
    if len(ends) == len(facts.periods):
        return
    of_period = np.array([ends[p.end] for p in facts.periods], dtype=np.int64)
    key = _series_keys(facts) * len(ends) + of_period[facts.period]
    order = np.argsort(key, kind="stable")
    same = key[order][1:] == key[order][:-1]
    flows = facts.of_indicators(lambda x: x.nature == "in-period", bool)
    here, before = order[1:][same], order[:-1][same]
    differs = flows[here] | (facts.value[here] != facts.value[before])
    first = dict(zip(here[differs].tolist(), before[differs].tolist()))

    def other(n: int) -> dict[str, str]:
        told = facts.said(first[n])
        return {"other": told["period"], "before": told["value"]}

    _name(facts, here[differs], "figures-end-together", findings, other)


def _window_numbers(facts: _Figures) -> Indices:
    """For each period the span that it accumulates over; what lies before it is on its own."""
    clock = facts.campaign.clock
    found: dict[tuple[Any, ...], int] = {}
    numbers = []
    for period in facts.periods:
        window = clock.window(period.end)
        key = (window,) if window.start <= period.end else (window, period.end.year)
        numbers.append(found.setdefault(key, len(found)))
    return np.array(numbers, dtype=np.int64)


def _series_keys(facts: _Figures) -> Indices:
    """One number for each unit, indicator and source."""
    size = len(facts.campaign.indicators)
    return (facts.unit * size + facts.indicator) * len(SOURCES) + facts.source


def _cells(facts: _Figures) -> Indices:
    """One number for each unit, indicator and period."""
    size = len(facts.campaign.indicators)
    return (facts.unit * size + facts.indicator) * len(facts.periods) + facts.period


def _answered(facts: _Figures) -> _Figures:
    """Cells answered without a figure (—, …, 不计): nobody has to add one there."""
    import polars as pl

    tables = facts.tables
    kinds = ("below-unit", "not-applicable", "excluded")
    frame = tables.facts.with_columns(
        value=pl.when(pl.col("missing").cast(pl.String).is_in(kinds)).then(0.0)
    )
    return _Figures.of(replace(tables, facts=frame), "facts", "value")


def _check_sources(facts: _Figures, findings: Findings) -> None:
    """Figures from a source that does not count where none counts: they are not scored.

    Periods for which nobody has a counting figure yet are still being confirmed.
    """
    import polars as pl

    campaign = facts.campaign
    source = facts.source
    counts = np.array(
        [[s in (x.counts or campaign.counts) for s in SOURCES] for x in campaign.indicators],
        dtype=bool,
    ).reshape(-1, len(SOURCES))
    counted = counts[facts.indicator, source]
    if counted.all():
        return
    cell = _cells(facts)
    settled = np.zeros(len(facts.periods), dtype=bool)
    settled[facts.period[counted]] = True
    lone = np.flatnonzero(~counted & settled[facts.period])
    answered = np.concatenate([cell[counted], _cells(_answered(facts))])
    lone = lone[~np.isin(cell[lone], answered)]
    frame = pl.DataFrame({"n": lone, "series": _series_keys(facts)[lone], "p": facts.period[lone]})
    last = frame.sort("p").group_by("series", maintain_order=True).agg(pl.len(), pl.last("n"))
    sizes = dict(last.select("n", "len").iter_rows())

    def told(n: int) -> dict[str, Any]:
        wanted = campaign.indicators[facts.indicator[n]].counts or campaign.counts
        given = SOURCES[source[n]]
        words = {"given": SOURCE_NAMES[given], "wanted": "或".join(SOURCE_NAMES[s] for s in wanted)}
        return {"count": sizes[n], **words, "given_en": given, "wanted_en": " or ".join(wanted)}

    _name(facts, last["n"].to_numpy(), "counting-source-missing", findings, told)


def _check_stretch(targets: _Figures, findings: Findings) -> None:
    stretch = targets.tables.targets["stretch"].to_numpy().astype(np.float64)[targets.at]
    more = targets.of_indicators(lambda x: x.direction == "more", bool)
    less = targets.of_indicators(lambda x: x.direction in ("less", "clear-to-zero"), bool)
    with np.errstate(invalid="ignore"):
        wrong = (more & (stretch < targets.value)) | (less & (stretch > targets.value))
    _name(
        targets, wrong, "stretch-below-target", findings,
        lambda n: {"stretch": digits(float(stretch[n])), "target": digits(float(targets.value[n]))},
    )  # fmt: skip


def _check_plans(targets: _Figures, findings: Findings) -> None:
    """Plans that cover a whole year without gap or overlap add up to its target."""
    import polars as pl

    clock = targets.campaign.clock
    windows = [clock.window(p.end) for p in targets.periods]
    whole = np.array([p.covers(w) for p, w in zip(targets.periods, windows)], dtype=bool)
    if whole.all():
        return  # no plans
    number = {w: n for n, w in enumerate(dict.fromkeys(windows))}
    decimals = targets.of_indicators(lambda x: x.decimals, np.int64)
    frame = pl.DataFrame({
        "n": np.arange(len(targets.at)),
        "unit": targets.unit,
        "indicator": targets.indicator,
        "window": np.array([number[w] for w in windows], dtype=np.int64)[targets.period],
        "missing_days": np.array([w.days for w in windows], dtype=np.int64)[targets.period],
        "days": np.array([p.days for p in targets.periods], dtype=np.int64)[targets.period],
        "value": targets.value,
        "whole": whole[targets.period],
        "unit_in_last_place": 0.5 / 10.0**decimals,
    }).filter(targets.of_indicators(lambda x: x.nature != "point-in-time", bool))  # fmt: skip
    keys = ["unit", "indicator", "window"]
    plans = frame.filter(~pl.col("whole")).group_by(keys).agg(
        pl.col("value").sum().alias("total"),
        (pl.col("days").sum() == pl.col("missing_days").first()).alias("covers"),
    )  # fmt: skip
    both = frame.filter("whole").join(plans.filter("covers"), on=keys)
    gap = (pl.col("value") - pl.col("total")).abs()
    off = both.filter(gap >= pl.col("unit_in_last_place")).sort("n")
    totals = dict(off.select("n", "total").iter_rows())
    _name(
        targets, off["n"].to_numpy(), "plans-do-not-add-up", findings,
        lambda n: {
            "total": digits(totals[n]),
            "target": digits(float(targets.value[n])),
            "gap": digits(abs(totals[n] - float(targets.value[n]))),
        },
    )  # fmt: skip


def _check_duties(
    facts: _Figures, targets: _Figures, rulebooks: tuple[Rulebook, ...], findings: Findings
) -> None:
    """What units have to report and reach, against what is there."""
    tables, campaign = facts.tables, facts.campaign
    wanted = assigned_pairs(campaign, rulebooks)
    has_target = _pairs(tables, tables.targets.filter(tables.targets["goal"] != ""), wanted.shape)
    has_target[targets.unit, targets.indicator] = True
    does = np.zeros_like(wanted)
    does[facts.unit, facts.indicator] = True
    aimed = wanted & does & has_target.any(axis=0)
    _name_pairs(tables, "targets", aimed & ~has_target, "target-missing", findings)
    computed = [bool(x.formula) or x.rolls_up != "own" for x in campaign.indicators]
    due = wanted & ~np.array(computed, dtype=bool)
    said = tables.facts.filter(tables.facts["missing"] != "not-reported")
    reported = _pairs(tables, said, wanted.shape)
    never = due.any(axis=0) & ~reported.any(axis=0)
    for i in np.flatnonzero(never).tolist():
        place = _table_place(tables, "facts")
        findings.add("indicator-never-reported", place, indicator=campaign.indicators[i].name)
    _name_pairs(tables, "facts", due & ~reported & ~never, "unit-never-reported", findings)


def _pairs(tables: Tables, frame: pl.DataFrame, shape: tuple[int, ...]) -> Flags:
    """(units, indicators) that occur in a table."""
    found = np.zeros(shape, dtype=bool)
    u = indices(frame["unit"], tables.campaign.unit_index)
    i = indices(frame["indicator"], tables.campaign.indicator_index)
    good = (u >= 0) & (i >= 0)
    found[u[good], i[good]] = True
    return found


def _table_place(tables: Tables, which: str) -> Place:
    frame = getattr(tables, which)
    return tables.place(str(frame["table"][0]), 0, -1) if frame.height else Place(file=tables.name)


def _name_pairs(tables: Tables, which: str, wrong: Flags, code: str, findings: Findings) -> None:
    campaign, place = tables.campaign, _table_place(tables, which)
    table = place.sheet or place.file
    units, indicators = np.nonzero(wrong)
    room = findings.room(code, table)
    for u, i in zip(units[:room].tolist(), indicators[:room].tolist()):
        values = {"unit": campaign.units[u].label, "indicator": campaign.indicators[i].name}
        findings.add(code, place, **values)
    findings.passed_over(code, table, max(0, len(units) - room))
