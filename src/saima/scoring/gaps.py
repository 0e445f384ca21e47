"""What it would take: how much more of one indicator closes a gap, everything else as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from saima.rules.marking import modified
from saima.rules.quantities import STATISTICS, Scope, Statistic
from saima.rules.words import amount
from saima.scoring.cells import LeafQuantities
from saima.scoring.engine import Scoring
from saima.scoring.marks import LeafMarks, Status
from saima.scoring.result import Need
from saima.steps import Floats, Num

_ROUNDS, _POINTS = 8, 32  # 32^8 parts of twice the target: finer than any measure


class _Trial(LeafQuantities):
    """A leaf's quantities in one period with trial actuals (units, trials); the rest (units, 1)."""

    def __init__(self, base: LeafQuantities, scored: int, actual: Floats) -> None:
        super().__init__(base.field, base.leaf, base.full)
        self._base, self._scored = base, scored
        self._made["actual"] = Num(actual)

    def basic(self, name: str) -> Num:
        values = np.broadcast_to(self._base.get(name).value, self._base.field.shape)
        return Num(values[:, [self._scored]])

    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        return Num(self._base.statistic(kind, of, scope).value[:, [self._scored]])

    def other(self, indicator: str) -> Num:
        return Num(self._base.other(indicator).value[:, [self._scored]])

    def of_other(self, indicator: str, of: str) -> Num:
        return Num(self._base.of_other(indicator, of).value[:, [self._scored]])

    def graded(self, grades: tuple[str, ...]) -> Num:
        return Num(self._base.graded(grades).value[:, [self._scored]])

    def regions(self, kind: Statistic, of: str) -> Num:
        return Num(self._base.regions(kind, of).value[:, [self._scored]])

    def events(self, name: str) -> Num:
        return Num(self._base.events(name).value[:, [self._scored]])


@dataclass(frozen=True)
class _Leaf:
    marks: LeafMarks
    better: float  # +1 if more is better, -1 if less


def _reachable(scoring: Scoring) -> list[_Leaf]:
    """Leaves whose mark can be moved by the unit's own figure alone: no ranks, no statistics."""
    out = []
    for m in scoring.marked:
        uses = (*m.method.needs(m.leaf.settings), *m.method.shows(m.leaf.settings))
        relative = any(n.split("_")[0] in STATISTICS for n in uses)
        plain = m.q.direction in ("more", "less", "clear-to-zero") and m.leaf.against == "target"
        if plain and not relative and not m.q.indicator.qualitative and "actual" in _inputs(m):
            out.append(_Leaf(m, 1.0 if m.q.direction == "more" else -1.0))
    return out


def _inputs(m: LeafMarks) -> set[str]:
    """Quantities that the mark depends on, by the words of its method's needs."""
    needs = set(m.method.needs(m.leaf.settings))
    through = {"attainment", "pace_gap", "pace_ratio", "growth", "cleared", "cleared_share",
               "shortfall", "stretch_attainment", "plan_attainment", "actual"}  # fmt: skip
    return {"actual"} if needs & through else set()


def needs(scoring: Scoring, scored: int, gap: Floats) -> list[Need | None]:
    """For each unit the easiest single way to gain `gap` points (units,; NaN for none).

    Easiest is the smallest change in relation to the target (or the figure, without one). The
    amount is the least, at the indicator's decimals, that gains the gap: marks are computed anew
    by the engine's own method for every trial.
    """
    best: list[Need | None] = [None] * len(gap)
    effort = np.full(len(gap), np.inf)
    for leaf in _reachable(scoring):
        more = _more(scoring, leaf, scored, gap)
        size = _size(leaf.marks, scored)
        for u in np.nonzero(~np.isnan(more))[0].tolist():
            cost = more[u] / size[u] if size[u] else np.inf
            if cost < effort[u] and cost <= 1.0:
                effort[u] = cost
                best[u] = _need(leaf, float(more[u]))
    return best


def _size(m: LeafMarks, scored: int) -> Floats:
    target = np.abs(m.q.get("target").value[:, scored])
    actual = np.abs(m.q.get("actual").value[:, scored])
    return np.asarray(np.where(np.isnan(target) | (target == 0), actual, target))


def _more(scoring: Scoring, leaf: _Leaf, scored: int, gap: Floats) -> Floats:
    """The least change of the figure that gains the gap, (units,); NaN where none up to twice does."""
    m = leaf.marks
    actual = m.q.get("actual").value
    now = m.marks[:, scored]
    size = _size(m, scored)
    possible = (m.status[:, scored] == Status.MARKED) & (gap >= 0) & ~np.isnan(size) & (size > 0)
    low, high = np.zeros(len(gap)), size * 2.0
    if leaf.better < 0:
        high = np.minimum(high, np.abs(actual[:, scored]))
    if possible.any():
        possible &= _gained(scoring, leaf, scored, high[:, None])[:, 0] - now > gap
    if not possible.any():
        return np.full(len(gap), np.nan)
    share = np.arange(1, _POINTS + 1) / _POINTS
    everyone = np.arange(len(gap))
    for _ in range(_ROUNDS):
        points = low[:, None] + (high - low)[:, None] * share
        first = np.argmax(
            _gained(scoring, leaf, scored, points) - now[:, None] > gap[:, None], axis=1
        )
        low = np.where(first > 0, points[everyone, first - 1], low)
        high = points[everyone, first]
    step = 10.0**-m.q.indicator.decimals
    rounded = np.ceil(high / step - 1e-6) * step
    return np.asarray(np.where(possible, rounded, np.nan))


def _gained(scoring: Scoring, leaf: _Leaf, scored: int, change: Floats) -> Floats:
    """Marks of the leaf with the figure changed for the better; (units, trials) as `change`."""
    m = leaf.marks
    trial = _Trial(m.q, scored, m.q.get("actual").value[:, [scored]] + leaf.better * change)
    marks = modified(m.method.marks(trial, m.leaf.settings), trial, m.leaf, scoring.rulebook)
    return np.nan_to_num(np.broadcast_to(marks.value, change.shape), nan=-np.inf)


def _need(leaf: _Leaf, more: float) -> Need:
    indicator = leaf.marks.q.indicator
    word = "再多完成" if leaf.better > 0 else "再减少"
    said = f"{indicator.name}{word}{amount(more, indicator.measure, indicator.decimals)}"
    return Need(
        indicator=indicator.code,
        name=indicator.name,
        more=more,
        measure=indicator.measure,
        sentence=said,
    )
