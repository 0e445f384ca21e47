"""The slow obvious reference of the scoring methods: marks of one unit, from the published rules.

Each function takes what may be asked (`Asked` in reference.py) and the method's settings, and gives
the mark before difficulty, cap and rounding. Arithmetic is from the rule in words, not from the code.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.support.reference_figures import exact

if TYPE_CHECKING:
    from tests.support.reference import Asked


class Missing(Exception):  # noqa: N818
    """A quantity that the method needs has no number."""


def within(x: Fraction, low: float | None, high: float | None) -> Fraction:
    if low is not None:
        x = max(x, exact(low))
    return x if high is None else min(x, exact(high))


def attainment(q: Asked, s: Any) -> Fraction:
    """Full marks times the ratio, not below the floor and not above the cap."""
    return q.full * within(q.get(s.of), s.floor, s.cap)


def rank_decay(q: Asked, s: Any) -> Fraction:
    """The first has full marks, each place after it a fixed share of full marks less."""
    rank = q.statistic("rank", s.of, s.among)
    return q.full * max(1 - exact(s.step) * (rank - 1), exact(s.lowest))


METHODS: dict[str, Callable[[Asked, Any], Fraction]] = {
    "attainment": attainment,
    "rank-decay": rank_decay,
}
