"""What it would take: how much more of one indicator closes a gap, everything else as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from saima.cube import Indices
from saima.rules.marking import modified
from saima.rules.quantities import STATISTICS, Scope, Statistic
from saima.rules.words import amount
from saima.scoring.cells import Flags, LeafQuantities
from saima.scoring.engine import Scoring
from saima.scoring.marks import LeafMarks, Status
from saima.scoring.result import Need
from saima.steps import Floats, Num

_ROUNDS, _POINTS = 8, 32  # 32^8 parts of twice the target: finer than any measure
_SHARES = np.arange(1, _POINTS + 1) / _POINTS
_SLACK = 1.0 + 1e-9  # for the last digits of floats


class _Trial(LeafQuantities):
    """A leaf's quantities of some units in one period: trial actuals (units, trials), the rest
    as they are (units, 1).
    """

    def __init__(self, base: LeafQuantities, scored: int, rows: Indices, actual: Floats) -> None:
        super().__init__(base.field, base.leaf, base.full)
        self._base, self._scored, self._rows = base, scored, rows
        self._made["actual"] = Num(actual)

    def _cut(self, num: Num) -> Num:
        values, shape = num.value, self._base.field.shape
        whole = values if values.shape == shape else np.broadcast_to(values, shape)
        return Num(whole[self._rows, self._scored][:, None])

    def basic(self, name: str) -> Num:
        return self._cut(self._base.get(name))

    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        return self._cut(self._base.statistic(kind, of, scope))

    def other(self, indicator: str) -> Num:
        return self._cut(self._base.other(indicator))

    def of_other(self, indicator: str, of: str) -> Num:
        return self._cut(self._base.of_other(indicator, of))

    def graded(self, grades: tuple[str, ...]) -> Num:
        return self._cut(self._base.graded(grades))

    def regions(self, kind: Statistic, of: str) -> Num:
        return self._cut(self._base.regions(kind, of))

    def events(self, name: str) -> Num:
        return self._cut(self._base.events(name))


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
    searches = [_Search.of(scoring, leaf, scored, gap) for leaf in _reachable(scoring)]
    for _ in range(_ROUNDS):
        _give_up_dearer(searches, len(gap))
        for search in searches:
            search.narrow()
    best: list[Need | None] = [None] * len(gap)
    effort = np.full(len(gap), np.inf)
    for search in searches:
        more = search.amount()
        cost = more / search.size
        for n in np.nonzero((cost < effort[search.rows]) & (cost <= 1.0))[0].tolist():
            u = int(search.rows[n])
            effort[u], best[u] = cost[n], _need(search.leaf, float(more[n]))
    return best


@dataclass
class _Search:
    """The least change of one leaf's figure that gains the gap, for the units in `rows`.

    It lies above `low` and at most at `high`. All arrays are (rows,).
    """

    scoring: Scoring
    leaf: _Leaf
    scored: int
    rows: Indices
    target: Floats  # the mark to be passed
    size: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, scoring: Scoring, leaf: _Leaf, scored: int, gap: Floats) -> _Search:
        """The search from nothing to twice the size, of the units that gain the gap by then."""
        m = leaf.marks
        size = _size(m, scored)
        marked = m.status[:, scored] == Status.MARKED
        rows = np.flatnonzero(marked & (gap >= 0) & ~np.isnan(size) & (size > 0))
        high = size[rows] * 2.0
        if leaf.better < 0:
            high = np.minimum(high, np.abs(m.q.get("actual").value[rows, scored]))
        search = cls(scoring, leaf, scored, rows, gap[rows], size[rows], np.zeros(len(rows)), high)
        search.keep(search.gains(high[:, None])[:, 0])
        return search

    def keep(self, of: Flags) -> None:
        """Search on for some of the units only."""
        for name in ("rows", "target", "size", "low", "high"):
            setattr(self, name, getattr(self, name)[of])

    def gains(self, change: Floats) -> Flags:
        """Where the figure changed for the better gains the gap; (rows, trials) as `change`."""
        m, s, rows = self.leaf.marks, self.scored, self.rows
        if not len(rows):
            return np.zeros(change.shape, dtype=bool)
        actual = m.q.get("actual").value[rows, s][:, None] + self.leaf.better * change
        trial = _Trial(m.q, s, rows, actual)
        raw = m.method.marks(trial, m.leaf.settings)
        marks = modified(raw, trial, m.leaf, self.scoring.rulebook).value
        return np.asarray(marks - m.marks[rows, s][:, None] > self.target[:, None])

    def narrow(self) -> None:
        """Search the span between `low` and `high` at evenly spaced points."""
        if not len(self.rows):
            return
        points = self.low[:, None] + (self.high - self.low)[:, None] * _SHARES
        first = np.argmax(self.gains(points), axis=1)
        everyone = np.arange(len(self.rows))
        self.low = np.where(first > 0, points[everyone, first - 1], self.low)
        self.high = points[everyone, first]

    @property
    def step(self) -> float:
        """One in the last declared decimal of the figure."""
        return float(10.0**-self.leaf.marks.q.indicator.decimals)

    def amount(self) -> Floats:
        """The change found, rounded up to the figure's decimals."""
        return np.asarray(np.ceil(self.high / self.step - 1e-6) * self.step)


def _give_up_dearer(searches: list[_Search], units: int) -> None:
    """Leave off where another leaf is sure to be easier, with a step to spare for the rounding."""
    sure = np.full(units, np.inf)
    for search in searches:
        most = (search.high * _SLACK + search.step) / search.size
        sure[search.rows] = np.minimum(sure[search.rows], most)
    for search in searches:
        search.keep((search.low / _SLACK - search.step) / search.size <= sure[search.rows])


def _size(m: LeafMarks, scored: int) -> Floats:
    target = np.abs(m.q.get("target").value[:, scored])
    actual = np.abs(m.q.get("actual").value[:, scored])
    return np.asarray(np.where(np.isnan(target) | (target == 0), actual, target))


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
