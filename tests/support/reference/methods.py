"""The slow obvious reference of the scoring methods: marks of one unit, from the published rules.

Each function takes what may be asked (`Asked` in asked.py) and the method's settings, and gives
the mark before difficulty, cap and rounding. Arithmetic is from the rule in words, not from the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.support.reference.figures import exact, settled
from tests.support.reference.formula import evaluate

if TYPE_CHECKING:
    from tests.support.reference import Asked

ZERO = Fraction(0)


class Missing(Exception):
    """A quantity that the method needs has no number."""


def divided(a: Fraction, b: Fraction) -> Fraction:
    if b == 0:
        raise Missing
    return a / b


def within(x: Fraction, low: float | None, high: float | None) -> Fraction:
    if low is not None:
        x = max(x, exact(low))
    return x if high is None else min(x, exact(high))


def stated(marks: float | str, full: Fraction) -> Fraction:
    """3, full, or 80% of full marks."""
    if marks == "full":
        return full
    if isinstance(marks, str):
        return full * Fraction(marks.rstrip("%")) / 100
    return exact(marks)


def limited(marks: Fraction, most: float | str | None, full: Fraction) -> Fraction:
    return marks if most is None else min(marks, stated(most, full))


def number_or_quantity(q: Asked, value: float | str) -> Fraction:
    return q.get(value) if isinstance(value, str) else exact(value)


def steps(distance: Fraction, each: Fraction, parts: str) -> Fraction:
    """How many steps a distance is: in proportion, whole ones only, or begun ones too."""
    count = settled(max(distance, ZERO) / each)
    if parts == "whole":
        return Fraction(count.__floor__())
    return Fraction(count.__ceil__()) if parts == "begun" else max(distance, ZERO) / each


def slope(distance: Fraction, s: Any, full: Fraction) -> Fraction:
    """What a slope adds (above zero) or takes (below zero) over a distance."""
    amount = s.adds if s.adds is not None else s.takes
    size = steps(distance, exact(s.each), s.steps) * stated(amount, full)
    size = limited(size, s.at_most, full)
    return size if s.adds is not None else -size


# --- one unit alone -----------------------------------------------------------------------------


def attainment(q: Asked, s: Any) -> Fraction:
    """Full marks times the ratio, not below the floor and not above the cap."""
    return q.full * within(q.get(s.of), s.floor, s.cap)


def piecewise(q: Asked, s: Any) -> Fraction:
    """Straight lines through the points, level beyond the ends, slopes there of their own."""
    x = q.get(s.of)
    points = [(exact(at), stated(marks, q.full)) for at, marks in s.points]
    mark = line(x, points)
    if s.above:
        mark += slope(x - points[-1][0], s.above, q.full)
    if s.below:
        mark += slope(points[0][0] - x, s.below, q.full)
    return max(mark, stated(s.lowest, q.full))


def line(x: Fraction, points: list[tuple[Fraction, Fraction]]) -> Fraction:
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return points[-1][1]


def stepped(q: Asked, s: Any) -> Fraction:
    """Base marks; every step better adds, every step worse takes, each side up to its limit."""
    better = q.get(s.of) - number_or_quantity(q, s.from_)
    if not q.larger_is_better(s.of):
        better = -better
    each = exact(s.each)
    added = limited(steps(better, each, s.steps) * stated(s.adds, q.full), s.adds_at_most, q.full)
    taken = limited(
        steps(-better, each, s.steps) * stated(s.takes, q.full), s.takes_at_most, q.full
    )
    return max(stated(s.base, q.full) + added - taken, stated(s.lowest, q.full))


def bands(q: Asked, s: Any) -> Fraction:
    """The marks of the best band that the value reaches (or of the lowest that it keeps under)."""
    x = settled(q.get(s.of))
    for bound, marks in s.at_least:
        if x >= exact(bound):
            return stated(marks, q.full)
    for bound, marks in s.at_most:
        if x <= exact(bound):
            return stated(marks, q.full)
    return stated(s.otherwise, q.full)


def all_or_nothing(q: Asked, s: Any) -> Fraction:
    x, than = settled(q.get(s.of)), settled(number_or_quantity(q, s.than))
    passed = {
        "at-least": x >= than,
        "more-than": x > than,
        "at-most": x <= than,
        "less-than": x < than,
    }[s.test]
    return stated(s.marks if passed else s.otherwise, q.full)


def pace(q: Asked, s: Any) -> Fraction:
    """The ratio to pace, or full marks and so much for every point ahead or behind."""
    if s.by == "ratio":
        return q.full * within(q.get("pace_ratio"), s.floor, s.cap)
    gap = q.get("pace_gap")
    ahead, behind = max(gap, ZERO), max(-gap, ZERO)
    added = limited(ahead * stated(s.adds, q.full), s.adds_at_most, q.full)
    taken = limited(behind * stated(s.takes, q.full), s.takes_at_most, q.full)
    return max(q.full + added - taken, ZERO)


def per_event(q: Asked, s: Any) -> Fraction:
    """So many marks for each counted thing, from a base, between the lowest and the highest."""
    mark = stated(s.base, q.full)
    for kind in s.events:
        amount = kind.adds if kind.adds is not None else kind.takes
        size = limited(q.events(kind.name) * stated(amount, q.full), kind.at_most, q.full)
        mark += size if kind.adds is not None else -size
    return limited(max(mark, stated(s.lowest, q.full)), s.at_most, q.full)


def formula(q: Asked, s: Any) -> Fraction:
    q.uses(*re.findall(r"[a-z_]+", s.marks))
    mark = evaluate(s.marks, q.get)
    if mark is None:
        raise Missing
    return mark


def five_band(q: Asked, s: Any) -> Fraction:
    """Between two standards: the lower one's marks and the part of the way to the upper one's."""
    x = q.get(s.of)
    sign = 1 if s.standards[0] > s.standards[-1] else -1
    points = [
        (sign * exact(standard), q.full * exact(share))
        for standard, share in zip(s.standards, s.coefficients, strict=True)
    ][::-1]
    if settled(sign * x) < points[0][0]:
        return q.full * exact(s.below)
    return line(sign * x, points)


def clear_to_zero(q: Asked, s: Any) -> Fraction:
    """A part by the share cleared, a part once nothing is left, less for each one left."""
    opening, left = q.get("opening"), q.get("actual")
    share = min((opening - left) / opening, Fraction(1)) if opening else Fraction(1)
    mark = q.full * exact(s.part) * share
    if left <= 0:
        mark += stated(s.clear, q.full)
    return max(mark - exact(s.each_left) * max(left, ZERO), ZERO)


def outer_rank(q: Asked, s: Any) -> Fraction:
    place = q.get("actual")
    reached = [marks for bound, marks in s.bands if settled(place) <= exact(bound)]
    mark = stated(reached[0] if reached else s.otherwise, q.full)
    if s.up or s.down:
        gained = q.get(s.before) - place
        up = max(gained, ZERO) * stated(s.up, q.full)
        down = max(-gained, ZERO) * stated(s.down, q.full)
        mark += limited(up, s.up_at_most, q.full) - limited(down, s.down_at_most, q.full)
    return limited(max(mark, ZERO), s.at_most, q.full)


def volume(q: Asked, s: Any) -> Fraction:
    """Points for every so much added, more for a small base, up to a limit, from a threshold on."""
    mark = steps(q.get(s.of), exact(s.each), s.steps) * stated(s.adds, q.full)
    if s.small is not None and settled(q.get(s.small.of)) < exact(s.small.below):
        mark *= exact(s.small.times)
    mark = limited(mark, s.at_most, q.full)
    if s.threshold is not None and settled(q.get("actual")) < exact(s.threshold):
        return ZERO
    return mark


# --- beside the other units ---------------------------------------------------------------------


def rank_decay(q: Asked, s: Any) -> Fraction:
    """The first has full marks, each place after it a fixed share of full marks less."""
    rank = q.statistic("rank", s.of, s.among)
    return q.full * max(1 - exact(s.step) * (rank - 1), exact(s.lowest))


def rank_bands(q: Asked, s: Any) -> Fraction:
    rank = q.statistic("rank", s.of, s.among)
    if s.counted == "share":
        rank = divided(rank, q.statistic("count", s.of, s.among))
    for bound, marks in s.bands:
        if settled(rank) <= exact(bound):
            return stated(marks, q.full)
    return stated(s.otherwise, q.full)


def ratio_to_best(q: Asked, s: Any) -> Fraction:
    """The best has full marks, the others in proportion; no marks where the best is not above 0."""
    return q.full * max(to_best(q, s.of, s.among), exact(s.floor))


def to_best(q: Asked, of: str, among: str) -> Fraction:
    x, best = q.get(of), q.statistic("best", of, among)
    if best <= 0:
        raise Missing
    if q.larger_is_better(of):
        return x / best
    return 2 - x / best if q.leaf.reverse == "two-minus" else divided(best, x)


def efficacy(q: Asked, s: Any) -> Fraction:
    """Base marks at the poor end, base and scale at the good end, in proportion between."""
    x = q.get(s.of)
    if isinstance(s.range, str):
        poor, good = (q.statistic(end, s.of, s.range) for end in ("worst", "best"))
        if poor == good:
            return stated(s.when_equal, q.full)
    else:
        poor, good = exact(s.range.unacceptable), exact(s.range.satisfactory)
    part = exact(s.base) + exact(s.scale) * (x - poor) / (good - poor)
    if s.clamp:
        part = min(max(part, exact(s.base)), exact(s.base) + exact(s.scale))
    return q.full * part


def growth_and_level(q: Asked, s: Any) -> Fraction:
    return q.full * sum((exact(x.part) * lens_rate(q, x, s.among) for x in s.lenses), ZERO)


def lens_rate(q: Asked, lens: Any, among: str) -> Fraction:
    if lens.by == "best":
        x, best = q.get(lens.of), q.statistic("best", lens.of, among)
        if best <= 0:
            raise Missing
        part = x / best if q.larger_is_better(lens.of) else divided(best, x)
        return min(max(part, ZERO), Fraction(1))
    if lens.by == "rank":
        rank = q.statistic("rank", lens.of, among)
        return max(1 - exact(lens.step) * (rank - 1), ZERO)
    x = q.get(lens.of)
    poor, good = (q.statistic(end, lens.of, among) for end in ("worst", "best"))
    if poor == good:
        return Fraction(1)
    return exact(lens.base) + (1 - exact(lens.base)) * (x - poor) / (good - poor)


def references(q: Asked, s: Any) -> Fraction:
    """The marks of every reference that is reached; a missed one nothing, or in proportion."""
    q.uses(
        *(r.of for r in s.references), *(r.than for r in s.references if isinstance(r.than, str))
    )
    mark = ZERO
    for r in s.references:
        x, than = q.get(r.of), number_or_quantity(q, r.than)
        ahead = settled(x) - settled(than)
        if ahead >= 0 if q.larger_is_better(r.of) else ahead <= 0:
            mark += stated(r.marks, q.full)
        elif r.short == "proportional":
            part = divided(x, than) if q.larger_is_better(r.of) else divided(than, x)
            mark += stated(r.marks, q.full) * part
    return max(mark, q.full * exact(s.floor))


def share(q: Asked, s: Any) -> Fraction:
    """Base marks, and so much for every point of share gained or lost."""
    now = divided(q.get("actual"), q.statistic("sum", "actual", s.among))
    then = divided(q.get(s.before), q.statistic("sum", s.before, s.among))
    gained = (now - then) * 100
    mark = stated(s.base, q.full)
    if s.up:
        mark += slope(gained, s.up, q.full)
    if s.down:
        mark += slope(-gained, s.down, q.full)
    return max(mark, stated(s.lowest, q.full))


METHODS: dict[str, Callable[[Asked, Any], Fraction]] = {
    "all-or-nothing": all_or_nothing,
    "attainment": attainment,
    "bands": bands,
    "clear-to-zero": clear_to_zero,
    "efficacy": efficacy,
    "five-band": five_band,
    "formula": formula,
    "growth-and-level": growth_and_level,
    "outer-rank": outer_rank,
    "pace": pace,
    "per-event": per_event,
    "piecewise": piecewise,
    "rank-bands": rank_bands,
    "rank-decay": rank_decay,
    "ratio-to-best": ratio_to_best,
    "references": references,
    "share": share,
    "stepped": stepped,
    "volume": volume,
}
