"""Efficacy coefficient (功效系数法): where a value stands between a poor and a good one."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, Scope, quantity_unit
from saima.rules.slopes import in_marks
from saima.rules.values import Marks, OfQuantity, Quantity, Ratio
from saima.rules.words import Cell, marks_text, percent_short, short, term, told
from saima.steps import Num, clip, named, only_with, where

NAME = "efficacy"
TITLE = ("功效系数法", "efficacy coefficient")


class Range(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A range that the rulebook states."""

    unacceptable: Annotated[OfQuantity, Meta(description="不允许值")]
    satisfactory: Annotated[OfQuantity, Meta(description="满意值")]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量计分")] = "actual"
    range: Annotated[
        Literal["track", "all"] | Range,
        Meta(description="赛道内或全体的最差至最优值，或给定的两个值"),
    ] = "track"
    base: Annotated[Ratio, Meta(description="最差（不允许）值得满分的比例")] = 0.6
    scale: Annotated[Ratio, Meta(description="其余部分占满分的比例")] = 0.4
    clamp: Annotated[bool, Meta(description="超出范围的按两端计")] = False
    when_equal: Annotated[Marks, Meta(description="最优与最差相同时得几分")] = "full"


def check(s: Settings) -> list[str]:
    if isinstance(s.range, Range) and s.range.satisfactory == s.range.unacceptable:
        return ["满意值与不允许值不能相同"]
    return []


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of,) if isinstance(s.range, Range) else (s.of, *_ends(s.of, s.range))


def _ends(of: str, scope: Scope) -> tuple[str, str]:
    among = "all_" if scope == "all" else ""
    return f"worst_{among}{of}", f"best_{among}{of}"


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·(base + scale·(x − poor)/(good − poor)); poor and good swap by themselves for “less”.

    Source: 功效系数法, 临沂 2012; 5.81 between 6 and 12 gives 58.73 of 100.
    """
    full, x = q.get("full"), q.get(s.of)
    poor, good = _range(q, s)
    coefficient = s.base + (x - poor) / (good - poor) * s.scale
    if s.clamp:
        coefficient = clip(coefficient, s.base, s.base + s.scale)
    out = named(full * named(coefficient, "功效系数"), "功效系数得分")
    if isinstance(s.range, Range):
        return out
    equal = (good >= poor) * (good <= poor)
    return only_with(x, where(equal, in_marks(s.when_equal, full), out))


def _range(q: Quantities, s: Settings) -> tuple[Num, Num]:
    if isinstance(s.range, Range):
        return Num(s.range.unacceptable), Num(s.range.satisfactory)
    return q.statistic("worst", s.of, s.range), q.statistic("best", s.of, s.range)


def rule(s: Settings, language: str) -> str:
    unit, zh = quantity_unit(s.of), language == "zh"
    base, top = percent_short(s.base), percent_short(s.base + s.scale)
    if isinstance(s.range, Range):
        poor, good = (
            told(v, unit, language=language) for v in (s.range.unacceptable, s.range.satisfactory)
        )
        ends = (f"不允许值{poor}", f"满意值{good}") if zh else (f"{poor} (poor)", f"{good} (good)")
    else:
        scope = {"track": "赛道内", "all": "全体单位"}[s.range]
        ends = (f"{scope}最差值", f"{scope}最优值") if zh else ("the worst", "the best")
    if not zh:
        return f"By {s.of}: {ends[0]} has {base} of full marks, {ends[1]} {top}, in proportion between."
    clamp = "，超出的按两端计" if s.clamp else ""
    return f"按{term(s.of)}以功效系数法计分：{ends[0]}得满分的{base}，{ends[1]}得{top}，其间按比例{clamp}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh = language == "zh"
    if isinstance(s.range, Range):
        poor, good = s.range.unacceptable, s.range.satisfactory
    else:
        poor, good = (c[name] for name in _ends(s.of, s.range))
    said = f"{term(s.of)}{c.told(s.of)}" if zh else f"{s.of} {c.told(s.of, language)}"
    if poor == good:
        rest = marks_text(s.when_equal, language)
        return (
            f"{said}，各单位相同，得{rest}，计{c.points}分"
            if zh
            else f"{said}, all equal: {rest}, {c.points}"
        )
    coefficient = s.base + (c[s.of] - poor) / (good - poor) * s.scale
    used = min(max(coefficient, s.base), s.base + s.scale) if s.clamp else coefficient
    unit = quantity_unit(s.of)
    low, high = (told(v, unit, c.measure, c.decimals, language) for v in (poor, good))
    names = ("不允许值", "满意值") if isinstance(s.range, Range) else ("最差", "最优")
    sum_ = f"{c.full_points}×{short(used)}={c.points}"
    if not zh:
        return f"{said} between {low} and {high}: {sum_}"
    return f"{said}，{names[0]}{low}，{names[1]}{high}，功效系数{short(used)}，得{sum_}分"
