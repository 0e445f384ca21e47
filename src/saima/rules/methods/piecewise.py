"""Straight lines through anchor points, with slopes and limits of their own beyond the ends."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, quantity_unit
from saima.rules.slopes import (
    Slope,
    change,
    in_marks,
    slope_errors,
    slope_rule,
    slope_sentence,
    stated,
)
from saima.rules.values import Marks, OfQuantity, Quantity, split_marks
from saima.rules.words import Cell, gap_words, marks_text, points, term, told
from saima.steps import Num, interpolate, maximum, named

NAME = "piecewise"
TITLE = ("分段折线计分", "piecewise linear")

Point = tuple[OfQuantity, Marks]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量计分")] = "attainment"
    points: Annotated[
        tuple[Point, ...],
        Meta(description="各折点 [量值, 得分]，由小到大，其间按直线", min_length=1),
    ]
    above: Annotated[Slope | None, Meta(description="超过最后一点后的加（扣）分")] = None
    below: Annotated[Slope | None, Meta(description="低于第一点后的扣（加）分")] = None
    lowest: Annotated[Marks, Meta(description="最低得分")] = 0.0


def check(s: Settings) -> list[str]:
    errors = slope_errors(s.above, "above") + slope_errors(s.below, "below")
    if any(a[0] >= b[0] for a, b in pairwise(s.points)):
        errors.append("points 各折点的量值要由小到大")
    return errors


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def marks(q: Quantities, s: Settings) -> Num:
    """S = line(x) + above(x − last) + below(first − x), never below `lowest`.

    Source: 金华 2011、绍兴 2007、枣庄 2006: 每超1个百分点加1分，每低1个百分点扣1分，以基本分为限.
    """
    x, full = q.get(s.of), q.get("full")
    out = named(_line(x, s, full), "折线得分")
    if s.above:
        out = out + named(change(x - s.points[-1][0], s.above, full), "超出部分")
    if s.below:
        out = out + named(change(s.points[0][0] - x, s.below, full), "不足部分")
    if any(slope and slope.sign < 0 for slope in (s.above, s.below)):
        out = maximum(out, in_marks(s.lowest, full))
    return named(out, "分段折线得分")


def _line(x: Num, s: Settings, full: Num) -> Num:
    """Fixed marks and shares of full marks are lines of their own, and add up."""
    split = [(p[0], *split_marks(p[1])) for p in s.points]
    if len(split) == 1:  # flat on both sides
        split = [*split, (split[0][0] + 1.0, *split[0][1:])]
    fixed = [(x_, f) for x_, f, _ in split]
    shares = [(x_, share) for x_, _, share in split]
    if not any(f for _, f in fixed):
        return interpolate(x, shares, full)
    plain = interpolate(x, fixed)
    return plain + interpolate(x, shares, full) if any(h for _, h in shares) else plain


def rule(s: Settings, language: str) -> str:
    unit, zh = quantity_unit(s.of), language == "zh"
    said = [f"{told(x, unit)}得{marks_text(y)}" if zh else f"{told(x, unit, language=language)}: {marks_text(y, language)}"
            for x, y in s.points]  # fmt: skip
    slopes = [
        slope_rule(slope, unit, verb, language)
        for slope, verb in (
            (s.above, "超过" if zh else "above"),
            (s.below, "低于" if zh else "below"),
        )
        if slope
    ]
    if not zh:
        between = "; straight lines between" if len(s.points) > 1 else ""
        return f"By {s.of}: {', '.join(said)}{between}{''.join('; ' + x for x in slopes)}."
    between = "，其间按直线内插" if len(s.points) > 1 else ""
    return f"按{term(s.of)}计分：{'，'.join(said)}{between}{''.join('；' + x for x in slopes)}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    x, zh = c[s.of], language == "zh"
    state = _state(c, s, language)
    first, last = s.points[0][0], s.points[-1][0]
    slope, distance = (s.above, x - last) if x > last else (s.below, first - x)
    got = _base_words(_line_at(x, s, c.full), c, zh)
    if slope is None or distance <= 0:
        return f"{state}，{got}" if zh else f"{state}: {got}"
    said = slope_sentence(distance, slope, c.full, c.marks_decimals, language)
    return (
        f"{state}，{got}，{said}，合计{c.points}分"
        if zh
        else f"{state}: {got}, {said}, in all {c.points}"
    )


def _line_at(x: float, s: Settings, full: float) -> float:
    """The line's marks for plain numbers."""
    known = [(x_, stated(y, full)) for x_, y in s.points]
    for (x0, y0), (x1, y1) in pairwise(known):
        if x0 < x < x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return next((y for x_, y in reversed(known) if x >= x_), known[0][1])


def _state(c: Cell, s: Settings, language: str) -> str:
    if s.of == "pace_gap":
        return gap_words(c[s.of], language)
    return f"{term(s.of)}{c.told(s.of)}" if language == "zh" else f"{s.of} {c.told(s.of, language)}"


def _base_words(base: float, c: Cell, zh: bool) -> str:
    printed = points(base, c.marks_decimals)
    if not zh:
        return f"{printed} marks"
    return f"得满分{c.full_points}分" if base == c.full else f"得{printed}分"
