"""Quantities from a cube: arrays (units, scored periods) of one leaf, or one traced cell of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from saima.campaigns import Event, Frequency, Indicator
from saima.cube import Cube, Indices, State
from saima.periods import Clock, Kind, Period, containing
from saima.ranking import competition_ranks
from saima.rules.quantities import (
    Quantities,
    Scope,
    Statistic,
    higher_is_better,
)
from saima.rules.rulebook import Leaf, Rulebook
from saima.steps import Floats, Num

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Field:
    """The units of a scoring run: tracks as numbers, who is valid and who is ranked when.

    track: (units,) index into `tracks`, -1 for none. valid, ranked: (units, scored periods).
    """

    cube: Cube
    rulebook: Rulebook
    tracks: tuple[str, ...]
    track: Indices
    valid: Flags
    ranked: Flags

    @classmethod
    def of(cls, cube: Cube, rulebook: Rulebook) -> Field:
        units = cube.campaign.units
        tracks = cube.campaign.tracks or tuple(dict.fromkeys(u.track for u in units if u.track))
        index = {t: n for n, t in enumerate(tracks)}
        track = np.array([index.get(u.track, -1) for u in units], dtype=np.int64)
        valid = np.array([[u.valid_at(p.end) for p in cube.scored] for u in units], dtype=bool)
        valid = valid.reshape(len(units), len(cube.scored)) & (track >= 0)[:, None]
        ranked = valid & np.array([u.ranked for u in units], dtype=bool)[:, None]
        return cls(cube, rulebook, tracks, track, valid, ranked)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.cube.campaign.units), len(self.cube.scored)

    @cached_property
    def events_of(self) -> dict[str, list[Event]]:
        """The events of each unit that has any."""
        out: dict[str, list[Event]] = {}
        for event in self.cube.campaign.events:
            out.setdefault(event.unit, []).append(event)
        return out

    @cached_property
    def units_with_events(self) -> list[int]:
        """The rows of units that have any event."""
        index = self.cube.campaign.unit_index
        return sorted(index[code] for code in self.events_of if code in index)

    def group_rows(self, scope: Scope) -> list[Indices]:
        """The rows of units of each track, or of all units with a track."""
        if scope == "all":
            return [np.nonzero(self.track >= 0)[0]]
        return [np.nonzero(self.track == t)[0] for t in range(len(self.tracks))]


class LeafQuantities(Quantities):
    """The quantities of one leaf as arrays (units, scored periods), each made once."""

    def __init__(self, field: Field, leaf: Leaf, full: Floats) -> None:
        cube, rulebook = field.cube, field.rulebook
        self.field, self.leaf, self.cube = field, leaf, cube
        self.row = cube.campaign.indicator_index[leaf.indicator]
        self.indicator: Indicator = cube.campaign.indicators[self.row]
        self.full = full
        self.direction = self.indicator.direction
        self.reverse = leaf.reverse
        self.pace_base = leaf.pace or rulebook.pace
        self.zero_target, self.negative_target = leaf.zero_target, leaf.negative_target
        self._made: dict[str, Num] = {}

    @cached_property
    def column(self) -> Indices:
        """The column that each cell speaks of: the period's own, or an earlier one that is held.

        -1 where an off-period cell has nothing to hold or is to be left out.
        """
        own = np.broadcast_to(self.cube.scored_columns, self.field.shape)
        due = due_at(self.indicator.frequency, self.cube.scored)
        if self._on_time:
            return own
        if self.leaf.off_period == "exclude":
            return np.asarray(np.where(due, own, -1))
        return np.stack([own[:, s] if due[s] else self._held(s) for s in range(len(due))], axis=1)

    @cached_property
    def _on_time(self) -> bool:
        """True if a figure is due at every scored period: each cell speaks of its own column."""
        return bool(due_at(self.indicator.frequency, self.cube.scored).all())

    def _held(self, s: int) -> Indices:
        """The latest column before scored period s at which a figure was due and is there.

        Columns count that end where a period of the indicator's own frequency ends, in the same
        window; scored periods need not end there (a monthly figure in a weekly ranking).
        """
        held = np.full(self.field.shape[0], -1, dtype=np.int64)
        own = int(self.cube.scored_columns[s])
        kind: Kind = self.indicator.frequency.replace("-", "_")  # type: ignore[assignment]
        for column in range(own):
            end = self.cube.columns[column]
            same = self.cube.window_of[column] == self.cube.window_of[own]
            same &= end >= self.cube.windows[self.cube.window_of[own]].start
            if same and containing(kind, end).end == end:
                held[~np.isnan(self.cube.value[self.row, :, column])] = column
        return held

    @cached_property
    def held(self) -> Flags:
        """Where an earlier period's figure stands in."""
        return np.asarray((self.column >= 0) & (self.column != self.cube.scored_columns))

    @cached_property
    def state(self) -> NDArray[np.uint8]:
        """State of each cell; off-period cells with nothing to hold count as excluded."""
        return self._state_of(self.cube.state[self.row])

    @property
    def sum_state(self) -> NDArray[np.uint8]:
        """As `state`, but a sum that lacks a part is as that part is."""
        return self._state_of(self._with_gaps())

    def _state_of(self, states: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if self._on_time:
            return np.take(states, self.cube.scored_columns, axis=1)
        units = np.arange(self.field.shape[0])[:, None]
        here = states[units, np.maximum(self.column, 0)]
        return np.asarray(np.where(self.column >= 0, here, State.EXCLUDED), dtype=np.uint8)

    def _with_gaps(self) -> NDArray[np.uint8]:
        """States by (unit, column) of sums that lack a part.

        A month left out leaves the sums after it out; a month not reported makes them missing.
        """
        states = self.cube.state[self.row]
        gaps = (states == State.VALUE) & np.isnan(self.cube.value[self.row])
        if self.indicator.nature != "in-period" or not gaps.any():
            return np.asarray(states)
        out, last = states.copy(), np.full(len(states), State.NOT_REPORTED, dtype=np.uint8)
        for k, window in enumerate(self.cube.window_of):
            if k and window != self.cube.window_of[k - 1]:
                last[:] = State.NOT_REPORTED
            part = states[:, k]
            last = np.where((part != State.VALUE) & (part != State.BELOW_UNIT), part, last)
            out[:, k] = np.where(gaps[:, k], last, part)
        return np.asarray(out)

    def _take(self, layer: Floats, column: Indices) -> Floats:
        """Values of (units, columns) at a column for each cell; NaN where the column is -1."""
        if self._on_time and column is self.column:
            return np.take(layer, self.cube.scored_columns, axis=1)
        units = np.arange(layer.shape[0])[:, None]
        return np.asarray(np.where(column >= 0, layer[units, np.maximum(column, 0)], np.nan))

    def get(self, name: str) -> Num:
        if name not in self._made:
            self._made[name] = super().get(name)
        return self._made[name]

    def basic(self, name: str) -> Num:
        if self.leaf.against != "target" and name in ("actual", "target"):
            return Num(self._against(name))
        return Num(self._basic(name))

    def _against(self, name: str) -> Floats:
        """`plan`: to date against the plan to date; `current`: this period against its plan."""
        if self.leaf.against == "plan":
            return self._basic("plan" if name == "target" else name)
        if name == "actual":
            return self._basic("current")
        plan = self._basic("plan")
        if self.indicator.nature == "point-in-time":
            return plan
        before = self._previous_column(self.column, same_window=True)
        earlier = self._take(self._layer_plan(), before)
        return np.asarray(np.where(before < 0, plan, plan - earlier))

    def _layer_plan(self) -> Floats:
        if self.cube.plan is None:
            return np.full(self.cube.value.shape[1:], np.nan)
        return np.asarray(self.cube.plan[self.row])

    def _basic(self, name: str) -> Floats:
        layer = self.cube.value[self.row]
        match name:
            case "actual":
                return self._take(layer, self.column)
            case "current":
                return self._current(self.column)
            case "previous":
                return self._current(self._previous_column(self.column, same_window=False))
            case "plan":
                return self._take(self._layer_plan(), self.column)
            case "target" | "stretch":
                source = self.cube.target if name == "target" else self.cube.stretch
                if self._on_time:
                    windows = self.cube.window_of[self.cube.scored_columns]
                    return np.take(source[self.row], windows, axis=1)
                return self._take(source[self.row], self._window())
            case "last_year" | "opening":
                return self._shifted(layer, name)
            case "elapsed" | "whole" | "day_number":
                return self._clock(name)
            case "difficulty":
                by_unit = np.array([u.difficulty for u in self.cube.campaign.units])
                return np.asarray(np.broadcast_to(by_unit[:, None], self.field.shape))
        return np.broadcast_to(self.full, self.field.shape)

    def _window(self) -> Indices:
        return np.where(self.column >= 0, self.cube.window_of[np.maximum(self.column, 0)], -1)

    def _shifted(self, layer: Floats, name: str) -> Floats:
        there = self.cube.shifted(name)
        flows = self.indicator.nature == "in-period"
        if name == "last_year" and flows and self.cube.campaign.clock.kind == "days":
            there = np.full_like(there, -1)  # a campaign of days has no year before it
        column = np.where(self.column >= 0, there[np.maximum(self.column, 0)], -1)
        values = self._take(layer, column)
        if name == "last_year" and self.breaks.any():
            values = np.where(self.breaks, np.nan, values)
        return values

    @cached_property
    def breaks(self) -> Flags:
        """Scored periods (periods,) whose last-year figure has another definition."""
        changes = [d.effective for d in self.indicator.definitions if not d.comparable]
        return np.array(
            [any(_between(c, p) for c in changes) for p in self.cube.scored], dtype=bool
        )

    @cached_property
    def _before(self) -> Indices:
        """For every column, the column of the indicator's own period before it, else -1."""
        due = due_at(self.indicator.frequency, self.cube.scored)
        grid = self.cube.scored_columns[due]
        before = dict(zip(grid[1:].tolist(), grid[:-1].tolist(), strict=True))
        return np.array([before.get(k, -1) for k in range(len(self.cube.columns))], dtype=np.int64)

    def _previous_column(self, column: Indices, *, same_window: bool) -> Indices:
        before = np.where(column >= 0, self._before[np.maximum(column, 0)], -1)
        if not same_window:
            return before
        windows = self.cube.window_of
        same = windows[np.maximum(before, 0)] == windows[np.maximum(column, 0)]
        return np.where((before >= 0) & same, before, -1)

    def _current(self, column: Indices) -> Floats:
        """This period's own figure: as reported, or year-to-date less the period before."""
        if self.indicator.nature == "in-period" and self.cube.in_period is not None:
            return self._take(self.cube.in_period[self.row], column)
        layer = self.cube.value[self.row]
        value = self._take(layer, column)
        if self.indicator.nature == "point-in-time":
            return value
        before = self._previous_column(column, same_window=True)
        earlier = self._take(layer, before)
        return np.asarray(np.where(before < 0, value, value - earlier))

    def _clock(self, name: str) -> Floats:
        base = "linear-day" if self.pace_base == "linear-day" else "linear-month"
        table = _clock_table(self.cube.campaign.clock, self.cube.columns, name, base)
        layer = np.broadcast_to(table, (self.field.shape[0], len(table)))
        return self._take(layer, self.column)

    @property
    def taking_part(self) -> Flags:
        """Ranked units that have this indicator: whom statistics are taken over."""
        return np.asarray(self.field.ranked & (self.full > 0))

    def ascending(self, of: str) -> bool:
        """True where the smallest is best, which belongs to the quantity and the direction."""
        return not higher_is_better(of, self.direction, self.reverse)

    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        key = f"{kind}_{scope}_{of}"
        if key not in self._made:
            values = self.get(of).value
            out = np.full(self.field.shape, np.nan)
            for rows in self.field.group_rows(scope):
                out[rows] = group_statistic(
                    kind, values[rows], self.taking_part[rows], self.ascending(of)
                )
            self._made[key] = Num(out)
        return self._made[key]

    def other(self, indicator: str) -> Num:
        row = self.cube.campaign.indicator_index[indicator]
        return Num(self._take(self.cube.value[row], self.column))

    def events(self, name: str) -> Num:
        return Num(event_counts(self.field, name))

    def of_other(self, indicator: str, of: str) -> Num:
        return self.other(indicator) if of == "actual" else self._beside(indicator).get(of)

    def _beside(self, indicator: str) -> LeafQuantities:
        """The quantities of another indicator, read as the rulebook reads it."""
        leaves = (leaf for _, leaf in self.field.rulebook.leaves() if leaf.indicator == indicator)
        leaf = next(leaves, structs.replace(self.leaf, indicator=indicator, against="target"))
        return LeafQuantities(self.field, leaf, self.full)

    def graded(self, grades: tuple[str, ...]) -> Num:
        if self.cube.grade is None:
            return Num(np.full(self.field.shape, np.nan))
        place = {name: float(n) for n, name in enumerate(grades)}
        table = np.array([place.get(name, np.nan) for name in self.cube.grade_names])
        codes = self.cube.grade[self.row][
            np.arange(self.field.shape[0])[:, None], self._safe_column
        ]
        known = (codes >= 0) & (self.column >= 0)
        return Num(np.where(known, table[np.maximum(codes, 0)], np.nan))

    @property
    def _safe_column(self) -> Indices:
        return np.asarray(np.maximum(self.column, 0))

    def regions(self, kind: Statistic, of: str) -> Num:
        """Over the districts with a figure; every unit gets the same number."""
        districts = np.array([u.kind == "district" for u in self.cube.campaign.units], dtype=bool)
        values = np.broadcast_to(self.get(of).value, self.field.shape)
        valid = self._valid_units & districts[:, None]
        return Num(group_statistic(kind, values, valid, self.ascending(of)))

    @cached_property
    def _valid_units(self) -> Flags:
        units, scored = self.cube.campaign.units, self.cube.scored
        return np.array([[u.valid_at(p.end) for p in scored] for u in units], dtype=bool)


@lru_cache(maxsize=64)
def _clock_table(
    clock: Clock, columns: tuple[date, ...], name: str, base: Literal["linear-month", "linear-day"]
) -> Floats:
    """`day_number`, `elapsed` or `whole` at every column."""
    if name == "day_number":
        return np.array([float(clock.day_number(c)) for c in columns])
    return np.array([clock.pace(c, base)[0 if name == "elapsed" else 1] for c in columns])


@lru_cache(maxsize=64)
def due_at(frequency: Frequency, scored: tuple[Period, ...]) -> Flags:
    """Which scored periods end where a period of the indicator's own frequency ends."""
    kind: Kind = frequency.replace("-", "_")  # type: ignore[assignment]
    return np.array(
        [containing(kind, p.end).end == p.end or _longer(p, kind) for p in scored], dtype=bool
    )


def _longer(scored: Period, kind: Kind) -> bool:
    """A figure more frequent than the scored period is due at each of its ends."""
    return containing(kind, scored.end).days < scored.days


def _between(effective: str, period: Period) -> bool:
    """True if a definition took effect within the year before the period's end."""
    end = period.end.isoformat()
    a_year = f"{period.end.year - 1}{end[4:]}"
    return a_year < effective <= end or a_year[:7] < effective <= end[:7]


def group_statistic(kind: Statistic, values: Floats, among: Flags, ascending: bool) -> Floats:
    """A statistic over the units (axis 0) that take part; same shape, one row per unit."""
    taken = among & ~np.isnan(values)
    if kind == "rank":
        return competition_ranks(values, taken, ascending)
    count = taken.sum(axis=0).astype(np.float64)
    if kind == "count":
        return np.broadcast_to(count, values.shape)
    if kind in ("mean", "sum"):
        ordered = np.sort(np.where(taken, values, np.inf), axis=0)  # row order must not matter
        sums = np.where(np.isinf(ordered), 0.0, ordered).sum(axis=0)
        over = count if kind == "mean" else np.minimum(count, 1.0)
        made = np.divide(sums, over, out=np.full_like(count, np.nan), where=count > 0)
    else:
        smallest = (kind == "best") == ascending
        fill = np.inf if smallest else -np.inf
        reduce = np.min if smallest else np.max
        made = reduce(np.where(taken, values, fill), axis=0) if len(values) else count * np.nan
        made = np.where(np.isinf(made), np.nan, made)
    return np.broadcast_to(made, values.shape)


def event_counts(field: Field, name: str) -> Floats:
    """How many counted things of a name each unit has to date in the window (units, periods)."""
    campaign, scored = field.cube.campaign, field.cube.scored
    counts = np.zeros(field.shape)
    for event in campaign.events:
        if event.name != name or event.unit not in campaign.unit_index:
            continue
        for s, period in enumerate(scored):
            window = campaign.clock.window(period.end)
            if window.start <= event.on <= period.end and event.in_force(period.end):
                counts[campaign.unit_index[event.unit], s] += event.count
    return counts
