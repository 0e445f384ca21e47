"""The dense cube indicators × units × columns that scoring runs on, built from the long tables.

A column is an end date: figures of different frequencies meet where their periods end. Values are
float64 with NaN where there is none; `state` says what kind of none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from saima.campaigns import SOURCES, Campaign
from saima.periods import ONE_DAY, Kind, Period, a_year_before, parse
from saima.problems import Place
from saima.steps import Floats
from saima.tables import MISSING_KINDS, Tables

if TYPE_CHECKING:
    import polars as pl

Indices = NDArray[np.int64]


class State(IntEnum):
    """What a cell holds: a value, or which kind of missing (docs/reference/missing.md)."""

    NOT_REPORTED = 0
    VALUE = 1
    NOT_APPLICABLE = 2
    BELOW_UNIT = 3
    UNKNOWN = 4
    EXCLUDED = 5


_STATE_OF_KIND: dict[str, State] = {
    "": State.VALUE,
    "not-reported": State.NOT_REPORTED,
    "not-applicable": State.NOT_APPLICABLE,
    "below-unit": State.BELOW_UNIT,
    "unknown": State.UNKNOWN,
    "excluded": State.EXCLUDED,
}
NO_SOURCE = 99


@dataclass(frozen=True)
class Cube:
    """Figures and targets of a campaign, arrays indicator × unit × column (float64 unless said).

    columns: end dates, ascending. scored: the periods to score and their columns.
    value: as scored (year-to-date of flows, level of stocks). in_period: figure of the column's
    own period where facts are in-period. state: State codes (uint8). source: index into SOURCES
    (uint8). row: row of the fact in `tables.facts` (int32, -1 none).
    starts: first days of in-period figures, None if there are none.
    grade: index into grade_names, -1 none (int16), None if no goal was graded.
    target, stretch: per window (indicator × unit × window). plan: cumulative plan, None if no
    plan was given at all.
    """

    tables: Tables
    columns: tuple[date, ...]
    scored: tuple[Period, ...]
    value: Floats
    in_period: Floats | None
    state: NDArray[np.uint8]
    source: NDArray[np.uint8]
    row: NDArray[np.int32]
    windows: tuple[Period, ...]
    target: Floats
    stretch: Floats
    target_row: NDArray[np.int32]
    plan: Floats | None
    grade: NDArray[np.int16] | None = None
    grade_names: tuple[str, ...] = ()
    starts: Starts | None = None

    @property
    def campaign(self) -> Campaign:
        return self.tables.campaign

    @cached_property
    def column_of(self) -> dict[date, int]:
        return {end: k for k, end in enumerate(self.columns)}

    @cached_property
    def scored_columns(self) -> Indices:
        return np.array([self.column_of[p.end] for p in self.scored], dtype=np.int64)

    @cached_property
    def window_of(self) -> Indices:
        """The window index of every column."""
        index = {w: n for n, w in enumerate(self.windows)}
        return np.array(
            [index[self.campaign.clock.window(c)] for c in self.columns], dtype=np.int64
        )

    def shifted(self, kind: str) -> Indices:
        """For every column the column of last year's end, the opening, or -1 where there is none."""
        clock = self.campaign.clock
        return np.array(
            [
                self.column_of.get(
                    a_year_before(c) if kind == "last_year" else clock.window(c).start - ONE_DAY, -1
                )
                for c in self.columns
            ],
            dtype=np.int64,
        )

    def place(self, indicator: int, unit: int, column: int) -> Place:
        """Where the figure of a cell stands in the input; empty if there is none."""
        return _row_place(self.tables, "facts", int(self.row[indicator, unit, column]))

    def target_place(self, indicator: int, unit: int, window: int) -> Place:
        return _row_place(self.tables, "targets", int(self.target_row[indicator, unit, window]))


def _row_place(tables: Tables, which: str, row: int) -> Place:
    if row < 0:
        return Place()
    frame: pl.DataFrame = getattr(tables, which)
    found: dict[str, Any] = frame.row(row, named=True)
    column = -1 if found["column"] is None else int(found["column"])
    return tables.place(str(found["table"] or ""), int(found["row"] or 0), column)


@dataclass(frozen=True)
class Axes:
    """What every part of a campaign's cube has from the whole: a part is built on them.

    columns: end dates. scored: texts of the scored periods. plans: whether any plan was given.
    """

    columns: tuple[date, ...] = ()
    scored: tuple[str, ...] = ()
    plans: bool = False


def axes_of(cube: Cube) -> Axes:
    """The axes on which a part of a cube is built as it stands in the whole."""
    return Axes(cube.columns, tuple(p.text for p in cube.scored), cube.plan is not None)


def build(tables: Tables, kind: Kind, whole: Axes | None = None) -> Cube:
    """Arrange checked tables as a cube scored on periods of a kind.

    Rows that name unknown units, indicators or periods are passed over here: the reader's checks
    have named them. `whole` tells that the tables are a part, of a cube with these axes.
    """
    campaign = tables.campaign
    facts = _Facts.of(tables)
    wanted = list(campaign.clock.periods(kind))
    known = whole or Axes()
    ends = {*known.columns, *(p.end for p in facts.periods), *(p.end for p in wanted)}
    columns = tuple(sorted(ends))
    windows = tuple(sorted({campaign.clock.window(c) for c in columns}))
    shape = (len(campaign.indicators), len(campaign.units), len(columns))
    value, in_period, state, source, row, starts = _place_facts(campaign, facts, columns, shape)
    grade, grade_names = _grades(tables, row, state)
    target, stretch, target_row, plan = _place_targets(
        tables, columns, windows, shape, planned=known.plans
    )
    scored = scored_periods(campaign, wanted, columns, state)
    if whole is not None:
        scored = tuple(p for p in wanted if p.text in whole.scored)
    return Cube(
        tables, columns, scored, value, in_period, state,
        source, row, windows, target, stretch, target_row, plan, grade, grade_names, starts,
    )  # fmt: skip


def _grades(
    tables: Tables, row: NDArray[np.int32], state: NDArray[np.uint8]
) -> tuple[NDArray[np.int16] | None, tuple[str, ...]]:
    """Grades of qualitative goals by cell; a graded cell counts as reported (`state` is set)."""
    series = tables.facts["grade"].fill_null("")
    names = tuple(sorted(set(series.unique().to_list()) - {""}))
    if not names:
        return None, ()
    codes = indices(series, {name: n for n, name in enumerate(names)}).astype(np.int16)
    grade = np.where(row >= 0, codes[np.maximum(row, 0)], -1).astype(np.int16)
    state[(grade >= 0) & (state == State.NOT_REPORTED)] = State.VALUE
    return grade, names


def scored_periods(
    campaign: Campaign,
    wanted: Iterable[Period],
    columns: tuple[date, ...],
    state: NDArray[np.uint8],
) -> tuple[Period, ...]:
    """The periods at whose end some unit that is scored has a number for some indicator."""
    rows = [n for n, unit in enumerate(campaign.units) if unit.track]
    figures = (state == State.VALUE) | (state == State.BELOW_UNIT)
    has = figures[:, rows].any(axis=(0, 1))
    present = {columns[k] for k in np.nonzero(has)[0]}
    return tuple(p for p in wanted if p.end in present)


@dataclass(frozen=True)
class _Facts:
    """Fact rows as index arrays: indicator, unit, period (into `periods`), source, value, state."""

    periods: tuple[Period, ...]
    indicator: Indices
    unit: Indices
    period: Indices
    source: Indices
    value: Floats
    state: NDArray[np.uint8]
    row: Indices

    @classmethod
    def of(cls, tables: Tables) -> _Facts:
        campaign, facts = tables.campaign, tables.facts
        period, periods = _period_indices(facts["period"], campaign)
        columns = (
            indices(facts["indicator"], campaign.indicator_index),
            indices(facts["unit"], campaign.unit_index),
            period,
            indices(facts["source"], {s: n for n, s in enumerate(SOURCES)}),
        )
        good = np.logical_and.reduce([c >= 0 for c in columns])
        value = facts["value"].to_numpy().astype(np.float64)
        missing = indices(facts["missing"], {k: n for n, k in enumerate(MISSING_KINDS)})
        codes = np.array([_STATE_OF_KIND[k] for k in MISSING_KINDS], dtype=np.uint8)
        state = codes[np.maximum(missing, 0)]
        state[np.isnan(value) & (state == State.VALUE)] = State.NOT_REPORTED
        value = np.where(state == State.BELOW_UNIT, 0.0, value)
        rows = np.arange(len(value), dtype=np.int64)
        if good.all():
            return cls(periods, *columns, value, state, rows)
        i, u, p, chosen = (c[good] for c in columns)
        return cls(periods, i, u, p, chosen, value[good], state[good], rows[good])


def indices(series: pl.Series, index: dict[str, int]) -> Indices:
    """Text to positions, -1 for unknown or null (int64, one per row)."""
    import polars as pl

    if not index or not len(series):
        return np.full(len(series), -1, dtype=np.int64)
    if isinstance(series.dtype, pl.Enum):
        names = series.dtype.categories.to_list()
        place = np.array([*(index.get(name, -1) for name in names), -1], dtype=np.int64)
        return np.asarray(place[series.to_physical().fill_null(len(names)).to_numpy()])
    found = series.replace_strict(index, default=-1, return_dtype=pl.Int64).fill_null(-1)
    return found.to_numpy()


def _period_indices(series: pl.Series, campaign: Campaign) -> tuple[Indices, tuple[Period, ...]]:
    distinct = [t for t in series.unique().to_list() if t is not None]
    parsed = {str(t): parse(str(t), campaign.clock) for t in distinct}
    periods = tuple(sorted(set(parsed.values())))
    position = {p: n for n, p in enumerate(periods)}
    return indices(series, {t: position[p] for t, p in parsed.items()}), periods


_Placed = tuple[
    Floats, Floats | None, NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int32], "Starts | None"
]


def _place_facts(
    campaign: Campaign, facts: _Facts, columns: tuple[date, ...], shape: tuple[int, ...]
) -> _Placed:
    """Put each counting fact in its cell; the source declared first wins, then the later row."""
    value = np.full(shape, np.nan)
    state = np.zeros(shape, dtype=np.uint8)
    source = np.full(shape, NO_SOURCE, dtype=np.uint8)
    row = np.full(shape, -1, dtype=np.int32)
    column_of = {c: k for k, c in enumerate(columns)}
    flows = np.array([x.nature == "in-period" for x in campaign.indicators], dtype=bool)
    in_period = np.full(shape, np.nan) if flows.any() else None
    starts = Starts.empty(campaign, shape) if flows.any() else None
    to_column = np.array([column_of[p.end] for p in facts.periods], dtype=np.int64)
    cell = (facts.indicator * shape[1] + facts.unit) * shape[2] + to_column[facts.period]
    for chosen in _by_preference(campaign, facts):
        at = cell[chosen]
        value.reshape(-1)[at] = facts.value[chosen]
        state.reshape(-1)[at] = facts.state[chosen]
        source.reshape(-1)[at] = facts.source[chosen]
        row.reshape(-1)[at] = facts.row[chosen]
        if starts is not None:
            starts.put(at, facts.period[chosen], facts.periods)
    if in_period is not None and starts is not None:
        in_period[flows] = value[flows]
        value[flows] = starts.accumulate(in_period, columns, flows)
    return value, in_period, state, source, row, starts


def _by_preference(campaign: Campaign, facts: _Facts) -> list[Indices | slice]:
    """Rows in the order of writing: blanks, then the least preferred source, the preferred last."""
    order = np.full((len(campaign.indicators), len(SOURCES)), -1, dtype=np.int64)
    for i, indicator in enumerate(campaign.indicators):
        counts = indicator.counts or campaign.counts
        for rank, name in enumerate(counts):
            order[i, SOURCES.index(name)] = rank
    ranks = order[facts.indicator, facts.source] if len(facts.indicator) else np.empty(0, int)
    blank = facts.state == State.NOT_REPORTED
    parts = [
        (ranks == r) & (blank == empty)
        for empty in (True, False)  # a blank cell hides no other source's figure
        for r in reversed(range(len(SOURCES)))
    ]
    whole = slice(None)  # taking all rows as they stand spares a copy
    return [whole if part.all() else np.flatnonzero(part) for part in parts if part.any()]


@dataclass
class Starts:
    """Where the spans of in-period facts start, so that they tile without gap or overlap."""

    campaign: Campaign
    start: NDArray[np.int32]  # ordinal of the first day of the fact in the cell

    @classmethod
    def empty(cls, campaign: Campaign, shape: tuple[int, ...]) -> Starts:
        return cls(campaign, np.zeros(shape, dtype=np.int32))

    def put(self, cell: Indices, period: Indices, periods: tuple[Period, ...]) -> None:
        ordinals = np.array([p.start.toordinal() for p in periods], dtype=np.int32)
        self.start.reshape(-1)[cell] = ordinals[period]

    def accumulate(self, amounts: Floats, columns: tuple[date, ...], flows: Any) -> Floats:
        """Year-to-date sums: each cell continues the one that ends the day before it starts."""
        amounts, start = amounts[flows], self.start[flows]
        sums = np.full(amounts.shape, np.nan)
        for k, end in enumerate(columns):
            opening, latest = _openings(self.campaign, end)
            for first in _distinct(start[:, :, k]):
                if first == 0:
                    continue
                here = start[:, :, k] == first
                last = date.fromordinal(int(first) - 1)
                before = sums[:, :, columns.index(last)] if last in columns else np.nan
                begins = (first == opening) | (first < latest)
                before = np.where(begins, 0.0, np.where(first < opening, np.nan, before))
                sums[:, :, k] = np.where(here, before + amounts[:, :, k], sums[:, :, k])
        return sums


def _distinct(values: NDArray[np.int32]) -> list[int]:
    """The different values; `np.unique` would load NumPy's masked arrays, which takes its time."""
    ordered = np.sort(values, axis=None)
    found: list[int] = ordered[np.flatnonzero(np.diff(ordered, prepend=-1))].tolist()
    return found


def _openings(campaign: Campaign, end: date) -> tuple[int, Indices]:
    """Where accumulation begins at an end date, as day ordinals: (the window's, each unit's).

    A span that starts earlier than the second begins the sum all the same: the first week of a
    hundred-day campaign that starts on a Wednesday, the month in which a unit was founded.
    """
    window = campaign.clock.window(end)
    opening = window.start.toordinal()
    clipped = opening + 1 if campaign.clock.kind == "days" else 0
    founded = [
        u.valid_from.toordinal() + 1
        if u.valid_from is not None and window.start < u.valid_from <= end
        else clipped
        for u in campaign.units
    ]
    return opening, np.array(founded, dtype=np.int64)


def _place_targets(
    tables: Tables,
    columns: tuple[date, ...],
    windows: tuple[Period, ...],
    shape: tuple[int, ...],
    *,
    planned: bool,
) -> tuple[Floats, Floats, NDArray[np.int32], Floats | None]:
    campaign = tables.campaign
    frame = tables.targets
    period, periods = _period_indices(frame["period"], campaign)
    i = indices(frame["indicator"], campaign.indicator_index)
    u = indices(frame["unit"], campaign.unit_index)
    amount = frame["target"].to_numpy().astype(np.float64)
    stretch_amount = frame["stretch"].to_numpy().astype(np.float64)
    target = np.full((*shape[:2], len(windows)), np.nan)
    stretch = np.full_like(target, np.nan)
    rows = np.full(target.shape, -1, dtype=np.int32)
    plans: list[tuple[Period, Indices]] = []
    for n, p in enumerate(periods):
        of = np.nonzero((period == n) & (i >= 0) & (u >= 0))[0]
        window = campaign.clock.window(p.end)
        if _whole_window(p, window):
            if window in windows:
                w = windows.index(window)
                target[i[of], u[of], w] = amount[of]
                stretch[i[of], u[of], w] = stretch_amount[of]
                rows[i[of], u[of], w] = of
        else:
            plans.append((p, of))
    planned = planned or bool(plans)
    plan = _plans(campaign, plans, i, u, amount, columns, shape) if planned else None
    _targets_from_plans(plan, columns, windows, target)
    return target, stretch, rows, plan


def _whole_window(period: Period, window: Period) -> bool:
    """A target row speaks of a window it covers, or of the year in which the window ends."""
    covers = period.start <= window.start and period.end >= window.end
    return covers or (period.kind == "year" and period.end.year == window.end.year)


def _plans(
    campaign: Campaign,
    plans: list[tuple[Period, Indices]],
    i: Indices,
    u: Indices,
    amount: Floats,
    columns: tuple[date, ...],
    shape: tuple[int, ...],
) -> Floats:
    """Cumulative plans: flows add up from the window's start, levels stand as given."""
    cumulative = np.full(shape, np.nan)
    levels = np.array([x.nature == "point-in-time" for x in campaign.indicators], dtype=bool)
    ends: dict[date, Floats] = {}
    # ends ascend, so what continues is there already; a longer span stands over a shorter
    for p, of in sorted(plans, key=lambda plan: (plan[0].end, -plan[0].start.toordinal())):
        here = ends.setdefault(p.end, np.full(shape[:2], np.nan))
        from_start = levels[i[of]]
        before = ends.get(p.start - ONE_DAY)
        earlier = before[i[of], u[of]] if before is not None else np.full(len(of), np.nan)
        opening, latest = _openings(campaign, p.end)
        first = p.start.toordinal()
        begins = (first == opening) | ((first < latest[u[of]]) & np.isnan(earlier))
        earlier = np.where(begins, 0.0, earlier)
        here[i[of], u[of]] = np.where(from_start, 0.0, earlier) + amount[of]
    for k, end in enumerate(columns):
        if end in ends:
            cumulative[:, :, k] = ends[end]
    return cumulative


def _targets_from_plans(
    plan: Floats | None,
    columns: tuple[date, ...],
    windows: tuple[Period, ...],
    target: Floats,
) -> None:
    """At the window's end plan and target are one: a stated target stands over summed plans."""
    if plan is None:
        return
    for w, window in enumerate(windows):
        if window.end in columns:
            k = columns.index(window.end)
            stated = ~np.isnan(target[:, :, w])
            plan[:, :, k] = np.where(stated, target[:, :, w], plan[:, :, k])
            target[:, :, w] = plan[:, :, k]
