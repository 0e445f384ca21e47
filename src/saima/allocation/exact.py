"""Whole numbers that add up: decimals as scaled integers, and exact proportional shares of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

LARGEST = 10**15
"""The largest amount, in units of the last decimal: above it binary fractions would be lost."""


def to_units(amount: Decimal, decimals: int) -> int | None:
    """An amount as an integer of 10^-decimals; None if it is finer than that."""
    scaled = amount.scaleb(decimals)
    return int(scaled) if scaled == scaled.to_integral_value() else None


def from_units(units: int, decimals: int) -> Decimal:
    """The inverse of `to_units`, with that many decimals printed."""
    return Decimal(units).scaleb(-decimals)


def is_weight(amount: Decimal) -> bool:
    """Whether an amount can weigh: not negative, finite, neither 10^30 nor 10^-30."""
    return amount.is_finite() and amount >= 0 and (not amount or abs(amount.adjusted()) < 30)


def whole_weights(weights: Sequence[Decimal]) -> list[int]:
    """Weights as integers in the same proportions, exactly."""
    finest = max((-int(w.as_tuple().exponent) for w in weights), default=0)
    return [int(w.scaleb(max(0, finest))) for w in weights]


def share_out(
    total: int, weights: Sequence[int], lower: Sequence[int], upper: Sequence[int]
) -> list[int] | None:
    """Split an integer in proportion to weights, each part within its bounds, adding up exactly.

    The ideal part is clamp(level·weight, lower, upper) with the one level that gives the total,
    found in exact fractions; then largest remainder, ties to the earlier part. A part without
    weight stays at zero (or its nearest bound) unless the others cannot carry the total.
    None if the bounds leave no room for the total.
    Source: Hamilton's method, with bounds as in Balinski and Young, Fair Representation (1982).
    """
    if not sum(lower) <= total <= sum(upper) or any(a > b for a, b in zip(lower, upper)):
        return None
    heavy = [i for i, w in enumerate(weights) if w > 0]
    light = [i for i, w in enumerate(weights) if w <= 0]
    ideal = [Fraction(max(low, min(0, high))) for low, high in zip(lower, upper)]
    idle = sum(ideal[i] for i in light)
    most = sum(upper[i] for i in heavy)
    carried = int(min(max(total - idle, sum(lower[i] for i in heavy)), most))
    _fill(ideal, heavy, carried, weights, lower, upper)
    if carried != total - idle:
        _fill(ideal, light, total - carried, [1] * len(weights), lower, upper)
    return _largest_remainder(ideal, total)


def _fill(
    ideal: list[Fraction],
    members: list[int],
    total: int,
    weights: Sequence[int],
    lower: Sequence[int],
    upper: Sequence[int],
) -> None:
    """Set the members' ideal parts to clamp(level·weight, lower, upper), adding up to total."""
    if not members:
        return
    level = _level(
        total,
        [weights[i] for i in members],
        [lower[i] for i in members],
        [upper[i] for i in members],
    )
    for i in members:
        ideal[i] = min(max(level * weights[i], Fraction(lower[i])), Fraction(upper[i]))


def _level(total: int, weights: list[int], lower: list[int], upper: list[int]) -> Fraction:
    """The level at which clamp(level·weight, lower, upper) adds up to the total."""
    parts = list(zip(weights, lower, upper))

    def filled(level: Fraction) -> Fraction:
        amounts = (min(max(level * w, Fraction(a)), Fraction(b)) for w, a, b in parts)
        return sum(amounts, Fraction(0))

    bends = sorted({Fraction(bound, w) for w, a, b in parts for bound in (a, b)})
    high = bisect_left(bends, Fraction(total), key=filled)
    if high == 0:
        return bends[0]
    left, right = bends[high - 1], bends[high]
    rise = filled(right) - filled(left)
    return left + (right - left) * (total - filled(left)) / rise


def _largest_remainder(ideal: Sequence[Fraction], total: int) -> list[int]:
    floors = [part.numerator // part.denominator for part in ideal]
    by_remainder = sorted(range(len(ideal)), key=lambda i: (floors[i] - ideal[i], i))
    for i in by_remainder[: total - sum(floors)]:
        floors[i] += 1
    return floors
