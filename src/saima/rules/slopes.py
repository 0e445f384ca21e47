"""Marks that grow or shrink by so much for every so much: the slope shared by several methods."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rounding import SETTLED_DECIMALS
from saima.rules.values import Marks, OfQuantity, split_marks
from saima.rules.words import difference, marks_text, points, short
from saima.steps import Num, floor, maximum, minimum, rounded

Steps = Literal["linear", "whole", "begun"]
"""A part of a step counts in proportion, not at all, or as a whole one."""


class Slope(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Every `each` adds or takes so many marks, `at_most` so many together."""

    each: Annotated[OfQuantity, Meta(gt=0, description="每多少")]
    adds: Annotated[Marks | None, Meta(description="加几分")] = None
    takes: Annotated[Marks | None, Meta(description="扣几分")] = None
    at_most: Annotated[Marks | None, Meta(description="最多加（扣）几分")] = None
    steps: Annotated[Steps, Meta(description="不足一档的：按比例、不计、按一档计")] = "linear"

    @property
    def sign(self) -> float:
        return 1.0 if self.takes is None else -1.0

    @property
    def amount(self) -> float | str:
        """Marks of one step, added or taken."""
        if self.adds is not None:
            return self.adds
        return 0.0 if self.takes is None else self.takes


def slope_errors(slope: Slope | None, where: str) -> list[str]:
    if slope is None or (slope.adds is None) != (slope.takes is None):
        return []
    return [f"{where}要写 adds（加分）或 takes（扣分）之一"]


def in_marks(marks: float | str, full: Num) -> Num:
    """Stated marks as a number: 3, full, or 80% of full."""
    fixed, share = split_marks(marks)
    return full * share if share else Num(fixed)


def settled(x: Num) -> Num:
    """A computed number without binary noise, so that 8% is not just below 8%."""
    return rounded(x, SETTLED_DECIMALS)


def steps_of(distance: Num, slope: Slope) -> Num:
    """How many steps a distance is; a negative distance is none."""
    count = maximum(distance, 0.0) / slope.each
    if slope.steps == "whole":
        return floor(count)
    return -floor(-count) if slope.steps == "begun" else count


def change(distance: Num, slope: Slope, full: Num) -> Num:
    """Marks that a distance adds (positive) or takes (negative), within the slope's limit."""
    size = steps_of(distance, slope) * in_marks(slope.amount, full)
    if slope.at_most is not None:
        size = minimum(size, in_marks(slope.at_most, full))
    return size if slope.sign > 0 else -size


def slope_rule(slope: Slope, unit: str, verb: str, language: str) -> str:
    """每超过1个百分点加0.5分，最多加10分."""
    step = difference(slope.each, unit, language=language)
    size = marks_text(slope.amount, language)
    most = "" if slope.at_most is None else marks_text(slope.at_most, language)
    if language != "zh":
        does = "adds" if slope.sign > 0 else "takes"
        return f"every {step} {verb} {does} {size}" + (f", at most {most}" if most else "")
    does = "加" if slope.sign > 0 else "扣"
    partial = {"linear": "", "whole": "（不足部分不计）", "begun": "（不足部分按一档计）"}
    return f"每{verb}{step}{does}{size}{partial[slope.steps]}" + (
        f"，最多{does}{most}" if most else ""
    )


def slope_sentence(
    distance: float, slope: Slope, full: float, decimals: int | None, language: str
) -> str:
    """What a distance adds or takes, in words with figures: 另加6.25×0.5=3.13分（最多加3分）."""
    count = float(steps_of(Num(distance), slope).value) if slope.steps != "linear" else (
        max(distance, 0.0) / slope.each
    )  # fmt: skip
    each, size = stated(slope.amount, full), count * stated(slope.amount, full)
    most = size if slope.at_most is None else stated(slope.at_most, full)
    places = 2 if decimals is None else decimals
    sum_ = f"{short(count)}×{short(each)}={points(size, places)}"
    if language != "zh":
        does = "plus" if slope.sign > 0 else "less"
        return f"{does} {sum_}" + (f", limited to {points(most)}" if size > most else "")
    does = "另加" if slope.sign > 0 else "扣"
    limit = f"（最多{does[-1]}{points(most)}分）" if size > most else ""
    return f"{does}{sum_}分{limit}"


def stated(marks: float | str, full: float) -> float:
    """Stated marks for given full marks."""
    fixed, share = split_marks(marks)
    return fixed + share * full
