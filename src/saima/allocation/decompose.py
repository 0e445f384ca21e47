"""Break a headline down over units × periods so that every part and every sum adds up exactly.

First each unit's total and each period's total in proportion to their weights, then the cells
that keep both and lie nearest to the given proportions, rounded by an exact network flow. Locks
and bounds always hold; totals that nobody fixed give way only where locks leave no other table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from saima.allocation.breakdown import Breakdown, Table, check
from saima.allocation.conflicts import conflict_problem, smallest
from saima.allocation.exact import share_out, whole_weights
from saima.allocation.fitting import fit
from saima.allocation.model import Model, cell_bounds, model_of, reach, wide_limits
from saima.allocation.network import FAR, Crossing, Cut, Floats, Ints, Line, build, route
from saima.problems import Problem, declare

declare(
    "allocation-crossing",
    "“{indicator}”的约束“{restriction}”与其他合计的范围互相交叉，不能精确求解。",
    "请把它拆成各单位或各期间的约束。",
    "the restriction “{restriction_en}” of “{indicator}” overlaps other sums crosswise.",
    "Write it as restrictions on single units or periods.",
)
declare(
    "allocation-totals-gave-way",
    "“{indicator}”受锁定和上下限所限，{side}合计未能完全按分解依据确定，已就近调整。",
    "如需按依据分解，请放宽锁定或上下限。",
    "locks and bounds of “{indicator}” moved the totals over {side_en} off their proportions.",
    "Relax locks or bounds to keep the proportions.",
    severity="warning",
)
declare(
    "allocation-weightless-cell",
    "“{indicator}”中{cells}的分解依据为零，因锁定和上下限所限仍分到了目标。",
    "请核对这些单位和期间是否应承担目标。",
    "{cells} of “{indicator}” weigh nothing but carry targets, because locks left no other room.",
    "Check whether these cells should carry a target.",
    severity="warning",
)


@dataclass(frozen=True)
class _Freedom:
    """What gives way: cells without weight may carry targets; totals may leave the proportions."""

    weightless: bool
    units: bool
    periods: bool


_LADDER = tuple(
    _Freedom(weightless, units, periods)
    for weightless in (False, True)
    for units, periods in ((False, False), (False, True), (True, True))
)


def decompose(breakdown: Breakdown) -> tuple[Table | None, list[Problem]]:
    """The table of targets, or None; with everything that is wrong or worth knowing.

    The cells add up to the headline exactly at the precision, every restriction holds, and ties
    go to the earlier unit and period. Without restrictions each unit's and each period's total
    is within one unit of precision of its share, and each cell within one of unit total ×
    period total ÷ headline. Restrictions that cannot all hold are refused with a smallest set
    of them that conflicts (`conflicts.smallest`).
    """
    problems = check(breakdown)
    if problems:
        return None, problems
    model = model_of(breakdown)
    crossing = _crossing(model)
    if crossing:
        return None, [crossing]
    seed = seeds(breakdown)
    for freedom in _LADDER:
        cells = _attempt(model, seed, freedom)
        if cells is not None:
            table = model.table(cells)
            return table, _notes(breakdown, table, seed, freedom)
    return None, [conflict_problem(breakdown, smallest(model))]


def seeds(breakdown: Breakdown) -> Floats:
    """The proportions of all cells, shape (units, periods): unit weight × the unit's profile."""
    b = breakdown
    by_unit = np.array([float(b.unit_weights.get(unit, 0)) for unit in b.units])
    by_period = np.array([float(b.period_weights.get(period, 0)) for period in b.periods])
    profiles = np.array(
        [[float(b.cell_weights.get((unit, p), 0)) for p in b.periods] for unit in b.units]
    )
    profiles = np.where(profiles.sum(axis=1, keepdims=True) > 0, profiles, by_period)
    sums = profiles.sum(axis=1, keepdims=True)
    shares = np.divide(profiles, sums, out=np.zeros_like(profiles), where=sums > 0)
    return np.asarray(by_unit[:, None] * shares)


def _crossing(model: Model) -> Problem | None:
    """The first restriction that overlaps other sums crosswise."""
    count = len(model.limits)
    if _nests(model, count):
        return None
    b = model.breakdown
    first = next(n for n in range(1, count + 1) if not _nests(model, n))
    restriction = b.restrictions[first - 1]
    values = {
        "indicator": b.title,
        "restriction": b.describe(restriction),
        "restriction_en": b.describe(restriction, "en"),
    }
    return Problem("allocation-crossing", restriction.place, values)


def _nests(model: Model, count: int) -> bool:
    """Whether the first restrictions fit beside the sums of all units and all periods."""
    lower, upper = cell_bounds(model)
    try:
        build(lower, upper, [*_sums(model), *model.limits[:count]], model.total)
    except Crossing:
        return False
    return True


def _sums(model: Model) -> list[Line]:
    """Every row and every column, unbounded."""
    rows = [Line(model.row(i), -FAR, FAR) for i in range(model.rows)]
    return rows + [Line(model.column(j), -FAR, FAR, left=False) for j in range(model.columns)]


def _attempt(model: Model, seed: Floats, freedom: _Freedom) -> Ints | None:
    """The cells under one degree of freedom, or None if there are none."""
    lower, upper = cell_bounds(model)
    flat = seed.ravel()
    if freedom.weightless:
        flat = np.where(flat > 0, flat, (flat[flat > 0].min(initial=1.0)) * 1e-6)
    else:
        upper = np.where(flat > 0, upper, np.minimum(upper, np.maximum(lower, 0)))
    if (lower > upper).any():
        return None
    lines = wide_limits(model)
    units = None if freedom.units else _unit_totals(model, lower, upper)
    _settle_losses(model, units or [], lower, upper)
    periods = None if freedom.periods else _period_totals(model, seed, lower, upper)
    if (units is None) != freedom.units or (periods is None) != freedom.periods:
        return None
    lines += [Line(model.row(i), n, n) for i, n in enumerate(units or ())]
    lines += [Line(model.column(j), n, n, left=False) for j, n in enumerate(periods or ())]
    return _nearest(flat, lower, upper, lines, model.total)


def _nearest(seed: Floats, lower: Ints, upper: Ints, lines: list[Line], total: int) -> Ints | None:
    """The whole cells nearest to the fit of the seed, or None if the lines leave none."""
    network = build(lower, upper, lines, total)
    start = np.clip(seed * (total / (seed.sum() or 1.0)), lower, upper)
    if isinstance(route(network, start, nearest=False), Cut):
        return None
    everything = Line(tuple(range(len(seed))), total, total)
    aim = fit(seed, lower.astype(np.float64), upper.astype(np.float64), [*lines, everything])
    found = route(network, aim)
    return None if isinstance(found, Cut) else found


def _settle_losses(model: Model, units: list[int], lower: Ints, upper: Ints) -> None:
    """Hold the cells of units on the other side of zero to their shares, or they absorb gaps."""
    b = model.breakdown
    weights = whole_weights([b.period_weights.get(p, Decimal(0)) for p in b.periods])
    for i, total in enumerate(units):
        row = list(model.row(i))
        low, high = [-int(upper[c]) for c in row], [-int(lower[c]) for c in row]
        parts = share_out(-total, weights, low, high) if total < 0 else None
        if parts is not None:
            lower[row] = upper[row] = [-part for part in parts]


def _unit_totals(model: Model, lower: Ints, upper: Ints) -> list[int] | None:
    b = model.breakdown
    weights = whole_weights([b.unit_weights.get(unit, Decimal(0)) for unit in b.units])
    rows = [model.row(i) for i in range(model.rows)]
    return _totals(model, weights, rows, lower, upper)


def _period_totals(model: Model, seed: Floats, lower: Ints, upper: Ints) -> list[int] | None:
    b = model.breakdown
    if b.cell_weights:
        sums = seed.sum(axis=0)
        weights = [int(part) for part in sums / (sums.max() or 1.0) * 2.0**40]
    else:
        weights = whole_weights([b.period_weights.get(p, Decimal(0)) for p in b.periods])
    columns = [model.column(j) for j in range(model.columns)]
    return _totals(model, weights, columns, lower, upper)


def _totals(
    model: Model,
    weights: list[int],
    parts: Sequence[tuple[int, ...]],
    lower: Ints,
    upper: Ints,
) -> list[int] | None:
    """Shares of the total for rows (or columns), within what their cells and groups allow."""
    limits = wide_limits(model)
    ranges = [reach(cells, lower, upper, limits) for cells in parts]
    low, high = [a for a, _ in ranges], [min(b, model.ceiling) for _, b in ranges]
    groups = _groups(limits, parts)
    plain = share_out(model.total, weights, low, high)
    if not groups or plain is None:
        return plain
    seed = np.array([float(max(w, 0)) for w in weights])
    lows, highs = np.array(low, dtype=np.int64), np.array(high, dtype=np.int64)
    found = _nearest(seed, lows, highs, groups, model.total)
    return None if found is None else [int(n) for n in found]


def _groups(limits: list[Line], parts: Sequence[tuple[int, ...]]) -> list[Line]:
    """The limits on two or more whole rows (or columns), as lines over those rows."""
    groups = []
    for line in limits:
        cells = set(line.cells)
        inside = tuple(k for k, part in enumerate(parts) if cells.issuperset(part))
        if len(inside) > 1 and sum(len(parts[k]) for k in inside) == len(cells):
            groups.append(replace(line, cells=inside))
    return groups


def _notes(breakdown: Breakdown, table: Table, seed: Floats, freedom: _Freedom) -> list[Problem]:
    values = {"indicator": breakdown.title}
    notes = []
    for side, side_en, gave in (
        ("各单位", "units", freedom.units),
        ("各期间", "periods", freedom.periods),
    ):
        if gave:
            told = {**values, "side": side, "side_en": side_en}
            notes.append(Problem("allocation-totals-gave-way", breakdown.place, told))
    cells = _weightless(breakdown, table, seed)
    if cells:
        told = {**values, "cells": "、".join(cells)}
        notes.append(Problem("allocation-weightless-cell", breakdown.place, told))
    return notes


def _weightless(b: Breakdown, table: Table, seed: Floats) -> list[str]:
    """The cells that carry a target without a weight and without anybody having asked for it."""
    asked = {(r.unit, r.period) for r in b.restrictions if r.kind != "upper"}
    return [
        b.name(unit) + b.name(period)
        for i, unit in enumerate(b.units)
        for j, period in enumerate(b.periods)
        if seed[i, j] == 0 and table.targets[unit, period] and (unit, period) not in asked
    ]
