"""Bounded iterative proportional fitting: the table nearest to given proportions, in floats.

Minimises relative entropy to the seed under bounds on cells and lines by setting one line's
multiplier after another (dual coordinate ascent); without bounds it is the classical method of
Deming and Stephan (1940). What it returns is only the aim: `network.route` makes it whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from saima.allocation.network import Floats, Ints, Line

_SWEEPS = 400
_PATIENCE = 20
_TOLERANCE = 1e-4
_ENOUGH = 0.05
_EXTREME = 1e60


def fit(seed: Floats, lower: Floats, upper: Floats, lines: Sequence[Line]) -> Floats:
    """Cells clip(seed·multipliers of their lines, lower, upper) whose line sums keep the bounds.

    seed: not negative, shape (cells,); lower, upper: the same shape. Stops when every line is
    within 10^-4 of its bounds (or a relative 10^-12), or when twenty sweeps no longer halve a
    miss that is under a twentieth, or after 400 sweeps; forced cells are settled beforehand.
    """
    lower, upper = settle(lower, upper, lines)
    scale = np.ones_like(seed)
    multipliers = [1.0] * len(lines)
    members = [np.array(line.cells, dtype=np.int64) for line in lines]
    last = np.inf
    for sweep in range(_SWEEPS):
        worst = 0.0
        for k, line in enumerate(lines):
            cells = members[k]
            own = seed[cells] * (scale[cells] / multipliers[k])
            worst = max(
                worst, _miss(np.clip(own * multipliers[k], lower[cells], upper[cells]), line)
            )
            new = _multiplier(own, lower[cells], upper[cells], line)
            scale[cells] *= new / multipliers[k]
            multipliers[k] = new
        if worst <= _TOLERANCE or (sweep % _PATIENCE == 0 and last / 2 < worst < _ENOUGH):
            break
        if sweep % _PATIENCE == 0:
            last = worst
    return np.asarray(np.clip(seed * scale, lower, upper))


def settle(lower: Floats, upper: Floats, lines: Sequence[Line]) -> tuple[Floats, Floats]:
    """Fix the cells of lines that can only be met at their cells' lowest or highest values."""
    lower, upper = lower.copy(), upper.copy()
    members: list[Ints] = [np.array(line.cells, dtype=np.int64) for line in lines]
    changed = True
    while changed:
        changed = False
        for line, cells in zip(lines, members):
            if (lower[cells] == upper[cells]).all():
                continue
            if lower[cells].sum() >= line.upper:
                upper[cells] = lower[cells]
                changed = True
            elif upper[cells].sum() <= line.lower:
                lower[cells] = upper[cells]
                changed = True
    return lower, upper


def _miss(amounts: Floats, line: Line) -> float:
    total = float(amounts.sum())
    miss = max(line.lower - total, total - line.upper, 0.0)
    return 0.0 if miss <= 1e-12 * abs(total) else miss


def _multiplier(own: Floats, lower: Floats, upper: Floats, line: Line) -> float:
    """The multiplier nearest to one at which the clipped cells add up within the line's bounds."""
    total = float(np.clip(own, lower, upper).sum())
    if total < line.lower:
        return _solve(own, lower, upper, float(line.lower))
    if total > line.upper:
        return _solve(own, lower, upper, float(line.upper))
    return 1.0


def _solve(own: Floats, lower: Floats, upper: Floats, total: float) -> float:
    """The m with sum(clip(m·own, lower, upper)) = total, as near as its range allows."""
    active = own > 0
    if not active.any():
        return 1.0
    own, low, high = own[active], lower[active], upper[active]
    rest = total - float(np.clip(0.0, lower[~active], upper[~active]).sum())
    simple = rest / float(own.sum())
    if simple > 0 and ((own * simple >= low) & (own * simple <= high)).all():
        return min(max(simple, 1 / _EXTREME), _EXTREME)
    bends = np.concatenate([low / own, high / own])
    order = np.argsort(bends, kind="stable")
    slopes = np.cumsum(np.concatenate([own, -own])[order])
    bends = bends[order]
    sums = float(low.sum()) + np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(bends))])
    k = int(np.searchsorted(sums, rest))
    if k == 0 or k == len(sums):
        found = float(bends[min(k, len(bends) - 1)])
    else:
        found = float(bends[k - 1] + (rest - sums[k - 1]) / slopes[k - 1])
    return min(max(found, 1 / _EXTREME), _EXTREME)
