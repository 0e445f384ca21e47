"""Several lenses on one indicator, each with its part of the marks: level, growth, share (增幅与总量)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, Scope, higher_is_better
from saima.rules.values import Quantity, Ratio
from saima.rules.words import Cell, percent_short, term
from saima.steps import Num, clip, maximum, named, only_with, total, where

NAME = "growth-and-level"
TITLE = ("增幅与总量结合计分", "growth and level")

By = Literal["efficacy", "rank", "best"]


class Lens(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One way to look at the indicator and how it earns its part."""

    of: Annotated[Quantity, Meta(description="看哪个量，如 actual（总量）、growth（增幅）")]
    part: Annotated[Ratio, Meta(description="占满分的比例", gt=0, le=1)]
    by: Annotated[By, Meta(description="功效系数、名次递减、与最优值之比")] = "efficacy"
    base: Annotated[Ratio, Meta(description="功效系数：最差值得这部分的比例", ge=0, le=1)] = 0.6
    step: Annotated[Ratio, Meta(description="名次递减：每后一位减少的比例", gt=0, le=1)] = 0.05


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    lenses: Annotated[tuple[Lens, ...], Meta(description="各部分", min_length=2)]
    among: Annotated[Scope, Meta(description="在赛道内还是全体单位中比")] = "track"


def check(s: Settings) -> list[str]:
    whole = sum(lens.part for lens in s.lenses)
    return [] if abs(whole - 1) < 1e-9 else [f"各部分合计应为100%，现为{percent_short(whole)}"]


def needs(s: Settings) -> tuple[str, ...]:
    return tuple(lens.of for lens in s.lenses)


def _name(kind: str, of: str, s: Settings) -> str:
    return f"{kind}_{'all_' if s.among == 'all' else ''}{of}"


def shows(s: Settings) -> tuple[str, ...]:
    return (*needs(s), *(_name("rank", lens.of, s) for lens in s.lenses))


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·Σ part·rate. Source: 临沂 2012 (X及升降幅度), 抚州 2013 (纵比增幅，横比份额…)."""
    parts = [
        named(_rate(q, lens, s.among) * lens.part, f"{term(lens.of)}部分") for lens in s.lenses
    ]
    return named(q.get("full") * named(total(parts), "合计得分率"), "增幅与总量得分")


def _rate(q: Quantities, lens: Lens, among: Scope) -> Num:
    x = q.get(lens.of)
    if lens.by == "rank":
        rank = q.statistic("rank", lens.of, among)
        return maximum(1.0 - lens.step * (rank - 1.0), 0.0)
    best = q.statistic("best", lens.of, among)
    if lens.by == "best":
        rising = higher_is_better(lens.of, q.direction, q.reverse)
        return where(best > 0.0, clip(x / best if rising else best / x, 0.0, 1.0), float("nan"))
    worst = q.statistic("worst", lens.of, among)
    equal = (best >= worst) * (best <= worst)
    share = lens.base + (x - worst) / (best - worst) * (1.0 - lens.base)
    return only_with(x, where(equal, 1.0, share))


_BY_ZH = {"efficacy": "功效系数法", "rank": "名次递减", "best": "与最优值之比"}


def rule(s: Settings, language: str) -> str:
    if language != "zh":
        said = [f"{lens.of} {percent_short(lens.part)} by {lens.by}" for lens in s.lenses]
        return f"Parts: {', '.join(said)}."
    said = [f"{term(x.of)}占{percent_short(x.part)}（{_BY_ZH[x.by]}）" for x in s.lenses]
    return (
        f"在{'赛道内' if s.among == 'track' else '全体单位中'}分别比较并合计：{'，'.join(said)}。"
    )


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh = language == "zh"
    said = [
        f"{term(lens.of)}{c.told(lens.of)}（{c.told(_name('rank', lens.of, s))}）"
        if zh
        else f"{lens.of} {c.told(lens.of, language)}"
        for lens in s.lenses
    ]
    return f"{'，'.join(said)}，合计得{c.points}分" if zh else f"{', '.join(said)}: {c.points}"
