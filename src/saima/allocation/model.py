"""A breakdown in whole numbers: cells in a row, lines over them, all amounts turned positive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from saima.allocation.breakdown import Breakdown, Restriction, Table
from saima.allocation.exact import from_units, to_units
from saima.allocation.network import FAR, Ints, Line


@dataclass(frozen=True)
class Model:
    """The whole-number side of one breakdown; cell (i, j) has index i × periods + j.

    sign: −1 where the headline is negative (every amount is then kept negated). floor, ceiling:
    what every cell may be when nothing is written about it: not below zero (or the lowest amount
    written for it), not above the total plus what lies below zero. limits: one Line per
    restriction, in their order.
    """

    breakdown: Breakdown
    sign: int
    total: int
    floor: Ints
    ceiling: int
    limits: tuple[Line, ...]

    @property
    def rows(self) -> int:
        return len(self.breakdown.units)

    @property
    def columns(self) -> int:
        return len(self.breakdown.periods)

    def row(self, index: int) -> tuple[int, ...]:
        return tuple(range(index * self.columns, (index + 1) * self.columns))

    def column(self, index: int) -> tuple[int, ...]:
        return tuple(range(index, self.rows * self.columns, self.columns))

    def table(self, cells: Ints) -> Table:
        """Whole-number cells back in the indicator's measure."""
        b = self.breakdown
        keys = ((unit, period) for unit in b.units for period in b.periods)
        amounts = (from_units(self.sign * int(cell), b.decimals) for cell in cells)
        targets = dict(zip(keys, amounts))
        return Table(b.indicator, b.decimals, b.units, b.periods, targets)


def model_of(breakdown: Breakdown) -> Model:
    """The model of a breakdown that `breakdown.check` found nothing wrong with."""
    sign = -1 if breakdown.headline < 0 else 1
    total = _whole(breakdown, breakdown.headline)
    limits = tuple(_limit(breakdown, r, sign) for r in breakdown.restrictions)
    floor = np.zeros(len(breakdown.units) * len(breakdown.periods), dtype=np.int64)
    for line in limits:
        if len(line.cells) == 1:
            low = min(bound for bound in (line.lower, line.upper) if abs(bound) < FAR)
            floor[line.cells[0]] = min(floor[line.cells[0]], low)
        elif line.upper < 0:
            floor[list(line.cells)] = np.minimum(floor[list(line.cells)], line.upper)
    ceiling = abs(total) - int(floor.sum())
    return Model(breakdown, sign, sign * total, floor, ceiling, limits)


def _whole(breakdown: Breakdown, amount: Decimal) -> int:
    units = to_units(amount, breakdown.decimals)
    if units is None:
        raise ValueError("a breakdown must be checked before it is modelled")
    return units


def _limit(b: Breakdown, restriction: Restriction, sign: int) -> Line:
    rows = [b.units.index(unit) for unit in b.units_of(restriction)]
    columns = [b.periods.index(period) for period in b.periods_of(restriction)]
    cells = tuple(i * len(b.periods) + j for i in rows for j in columns)
    amount = sign * _whole(b, restriction.amount)
    at_most = (restriction.kind == "upper") == (sign > 0)
    lower = -FAR if restriction.kind != "lock" and at_most else amount
    upper = FAR if restriction.kind != "lock" and not at_most else amount
    return Line(cells, lower, upper, left=len(columns) == len(b.periods) or len(rows) == 1)


def cell_bounds(model: Model) -> tuple[Ints, Ints]:
    """Lowest and highest of every cell after the restrictions on single cells."""
    lower, upper = model.floor.copy(), np.full_like(model.floor, model.ceiling)
    for line in model.limits:
        if len(line.cells) == 1:
            cell = line.cells[0]
            lower[cell] = max(lower[cell], line.lower)
            upper[cell] = min(upper[cell], line.upper)
    return lower, upper


def wide_limits(model: Model) -> list[Line]:
    """The restrictions on more than one cell."""
    return [line for line in model.limits if len(line.cells) > 1]


def reach(
    cells: Iterable[int], lower: Ints, upper: Ints, limits: Sequence[Line]
) -> tuple[int, int]:
    """The least and most that a set of cells can carry, as far as the lines inside it tell.

    Lines count smallest first; one that crosses an earlier one is passed over, so the range may
    be wider than the truth, never narrower.
    """
    parts = {cell: (frozenset([cell]), int(lower[cell]), int(upper[cell])) for cell in cells}
    for line in sorted(limits, key=lambda line: len(line.cells)):
        members = set(line.cells)
        if not members <= parts.keys() or not all(parts[c][0] <= members for c in members):
            continue
        inside = {parts[c] for c in members}
        least = max(sum(part[1] for part in inside), line.lower)
        most = min(sum(part[2] for part in inside), line.upper)
        joined = (frozenset(members), least, most)
        parts.update(dict.fromkeys(members, joined))
    outermost = set(parts.values())
    return sum(part[1] for part in outermost), sum(part[2] for part in outermost)
