"""Tries one leaf of a rulebook on a fine grid of values, to see where its marks jump or fall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from saima.campaigns import Direction
from saima.rules.building import fields_of
from saima.rules.marking import modified
from saima.rules.methods import method
from saima.rules.quantities import (
    DERIVED,
    STATISTICS,
    Quantities,
    Scope,
    Statistic,
    higher_is_better,
    quantity_unit,
)
from saima.rules.rulebook import Leaf, Rulebook
from saima.steps import Floats, Num

POINTS = 20_001
MATES = {"actual": (60.0, 80.0, 100.0, 120.0), "attainment": (0.6, 0.8, 1.0, 1.2)}
"""Four other units, so that means, best and worst are something to be compared with."""

_SPANS = {"ratio": (-0.5, 2.5), "points": (-100.0, 100.0), "place": (1.0, 41.0)}


class Probe(Quantities):
    """One unit whose quantity `of` takes many values (arrays), among four fixed others.

    Everything else is ordinary: target 100, last year 90, plan 75 of it, nine of twelve months.
    """

    pace_base = "linear-month"
    count = 1.0  # of every event

    def __init__(
        self, of: str, values: Floats, full: float, leaf: Leaf, direction: Direction = "more"
    ) -> None:
        self.of, self.values, self.full = of, values, full
        self.direction, self.reverse = direction, leaf.reverse
        self.zero_target, self.negative_target = leaf.zero_target, leaf.negative_target

    def get(self, name: str) -> Num:
        return Num(self.values) if name == self.of else super().get(name)

    def basic(self, name: str) -> Num:
        ordinary = {"target": 100.0, "stretch": 120.0, "plan": 75.0, "last_year": 90.0,
                    "previous": 90.0, "opening": 100.0, "elapsed": 9.0, "whole": 12.0,
                    "difficulty": 1.0, "full": self.full, "day_number": 60.0}  # fmt: skip
        return Num(ordinary.get(name, 75.0))

    def statistic(self, kind: Statistic, of: str, _: Scope) -> Num:
        own = self.get(of).value
        mates = [np.full_like(own, m) for m in self._mates(of)]
        rising = higher_is_better(of, self.direction, self.reverse)
        every = np.stack([own, *mates])
        if kind == "rank":
            return Num(1.0 + sum((m > own if rising else m < own).astype(float) for m in mates))
        if kind == "count":
            return Num(np.full_like(own, float(len(every))))
        if kind in ("mean", "sum"):
            return Num(every.sum(axis=0) / (len(every) if kind == "mean" else 1))
        return Num((np.max if (kind == "best") == rising else np.min)(every, axis=0))

    def _mates(self, of: str) -> Iterable[float]:
        if of in MATES:
            return MATES[of]
        if of not in DERIVED:
            return [float(self.basic(of).value)] * 4
        trial = Probe("actual", np.array(MATES["actual"]), self.full, _PLAIN, self.direction)
        return list(np.broadcast_to(trial.get(of).value, 4))

    def other(self, _: str) -> Num:
        return Num(100.0)

    def of_other(self, _: str, of: str) -> Num:
        return Num(1.0 if quantity_unit(of) == "ratio" else 100.0)

    def graded(self, _: tuple[str, ...]) -> Num:
        return Num(0.0)

    def regions(self, kind: Statistic, of: str) -> Num:
        return Num(
            {"mean": 0.95, "sum": 6.0, "count": 8.0}.get(kind, 1.0)
            if of != "met" or kind != "mean"
            else 0.75
        )

    def events(self, _: str) -> Num:
        return Num(self.count)


_PLAIN = Leaf(indicator="", weight=1.0, method="attainment", settings=None)


@dataclass(frozen=True)
class Curve:
    """Marks of a leaf along one quantity. `full`: its full marks; x ascends."""

    of: str
    unit: str
    x: Floats
    marks: Floats
    full: float

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.marks).sum() > 2)


def curve(leaf: Leaf, rulebook: Rulebook, full: float, direction: Direction = "more") -> Curve:
    """Try a leaf along the quantity that its settings name, else along its actual."""
    of = varied(leaf)
    unit = quantity_unit(of)
    x = grid(leaf, unit)
    return Curve(of, unit, x, marks_at(leaf, rulebook, full, of, x, direction), full)


def varied(leaf: Leaf) -> str:
    """The quantity to try a leaf along: the one its settings name, else the first of its own needs."""
    needs = method(leaf.method).needs(leaf.settings)
    own = [n for n in needs if ":" not in n and n.partition("_")[0] not in STATISTICS]
    return str(getattr(leaf.settings, "of", "")) or (
        "actual" if "actual" in own or not own else own[0]
    )


def marks_at(
    leaf: Leaf,
    rulebook: Rulebook,
    full: float,
    of: str,
    x: Floats,
    direction: Direction = "more",
    count: float = 1.0,
) -> Floats:
    """Marks of a leaf at values of a quantity, before rounding of the mark."""
    q = Probe(of, x, full, leaf, direction)
    q.count = count
    exact = msgspec.structs.replace(
        rulebook, rounding=msgspec.structs.replace(rulebook.rounding, marks=None)
    )
    raw = method(leaf.method).marks(q, leaf.settings)
    return np.broadcast_to(modified(raw, q, leaf, exact).value, x.shape).astype(np.float64)


def most(leaf: Leaf, rulebook: Rulebook, full: float) -> float:
    """The most that a leaf may earn, as far as trying out tells; infinite where it cannot tell."""
    if any(":" in need for need in method(leaf.method).needs(leaf.settings)):
        return float("inf")
    of = varied(leaf)
    x = grid(leaf, quantity_unit(of))
    tried = [marks_at(leaf, rulebook, full, of, x, "more", count) for count in (0.0, 1000.0)]
    return float(np.max([np.nanmax(t) if np.isfinite(t).any() else np.inf for t in tried]))


def grid(leaf: Leaf, unit: str) -> Floats:
    """Values to try: usual ones of the unit, and around every number in the settings."""
    stated = numbers_in(leaf.settings)
    low, high = _SPANS.get(unit, (min([0.0, *stated]), max([200.0, *stated])))
    if unit == "place":
        return np.arange(1.0, 42.0)
    spread = max(high - low, 1e-6)
    if unit in ("ratio", "points"):
        stated = [s for s in stated if low <= s <= high]
        spread = 0.0
    return np.linspace(low - 0.1 * spread, high + 0.1 * spread, POINTS)


def numbers_in(settings: Any) -> list[float]:
    """Every number in a method's settings."""
    if isinstance(settings, bool) or settings is None:
        return []
    if isinstance(settings, (int, float)):
        return [float(settings)]
    if isinstance(settings, msgspec.Struct):
        keys = fields_of(type(settings)).values()
        return [n for f in keys for n in numbers_in(getattr(settings, f.name))]
    if isinstance(settings, (list, tuple)):
        return [n for item in settings for n in numbers_in(item)]
    return []
