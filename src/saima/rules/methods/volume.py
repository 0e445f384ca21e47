"""Points for volume added, with relief for small bases (总量台阶与小基数照顾)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, quantity_unit
from saima.rules.slopes import Slope, Steps, change, in_marks, slope_rule, stated
from saima.rules.values import Marks, Quantity
from saima.rules.words import Cell, marks_text, points, short, term
from saima.steps import Num, minimum, named, only_with, where

NAME = "volume"
TITLE = ("总量台阶计分", "volume points")


class SmallBase(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Units whose base is small have their points multiplied."""

    of: Annotated[Quantity, Meta(description="基数是哪个量")] = "last_year"
    below: Annotated[float, Meta(description="基数不足多少算小基数", gt=0)]
    times: Annotated[float, Meta(description="按几倍计", gt=1)]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量，通常是 change（比上年增加）")] = "change"
    each: Annotated[float, Meta(description="每增加多少", gt=0)]
    adds: Annotated[Marks, Meta(description="加几分")]
    at_most: Annotated[Marks | None, Meta(description="最多加几分，空为不封顶")] = None
    steps: Annotated[Steps, Meta(description="不足一档的：按比例、不计、按一档计")] = "whole"
    threshold: Annotated[float | None, Meta(description="总量达到多少才计")] = None
    small: Annotated[SmallBase | None, Meta(description="小基数照顾")] = None


def needs(s: Settings) -> tuple[str, ...]:
    extra = ("actual",) if s.threshold is not None else ()
    return (s.of, *extra, *((s.small.of,) if s.small else ()))


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def _slope(s: Settings) -> Slope:
    return Slope(each=s.each, adds=s.adds, steps=s.steps)


def marks(q: Quantities, s: Settings) -> Num:
    """S = adds·steps(volume), doubled for a small base, within a limit, from a threshold on.

    Source: 金华 2011: 每增加100亿元加1分; 每增加1家加0.5分，不足10家的县加1分.
    """
    full = q.get("full")
    out = named(change(q.get(s.of), _slope(s), full), "台阶得分")
    if s.small:
        small = q.get(s.small.of) < s.small.below
        out = where(small, named(out * s.small.times, "小基数加倍"), out)
    if s.at_most is not None:
        out = minimum(out, in_marks(s.at_most, full))
    if s.threshold is not None:
        out = where(q.get("actual") >= s.threshold, out, 0.0)
    return named(only_with(q.get(s.of), out), "总量台阶得分")


def rule(s: Settings, language: str) -> str:
    zh, unit = language == "zh", quantity_unit(s.of)
    said = slope_rule(_slope(s), unit, "增加" if zh else "of volume", language)
    most = "" if s.at_most is None else marks_text(s.at_most, language)
    if not zh:
        small = f"; times {short(s.small.times)} below {short(s.small.below)}" if s.small else ""
        return f"{said}{f', at most {most}' if most else ''}{small}."
    start = f"总量达到{short(s.threshold)}的，" if s.threshold is not None else ""
    small = (
        f"；{term(s.small.of)}不足{short(s.small.below)}的按{short(s.small.times)}倍计"
        if s.small
        else ""
    )
    return f"{start}按{term(s.of)}{said}{f'，最多加{most}' if most else ''}{small}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh = language == "zh"
    each = points(stated(s.adds, c.full))
    if s.threshold is not None and c["actual"] < s.threshold:
        least = c.plain(s.threshold, "actual")
        return f"总量不足{least}，不加分" if zh else f"below {least}: {c.points}"
    small = s.small is not None and c[s.small.of] < s.small.below
    if not zh:
        return f"{s.of} {c.told(s.of, language)}, {each} for every {short(s.each)}: {c.points}"
    relief = (
        f"，基数不足{short(s.small.below)}，按{short(s.small.times)}倍计"
        if small and s.small
        else ""
    )
    return f"{term(s.of)}{c.told(s.of)}，每{short(s.each)}{c.measure}加{each}分{relief}，得{c.points}分"
