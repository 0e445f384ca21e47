"""Marks relative to pace (对照序时进度计分): as a ratio to it, or points ahead and behind."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.slopes import Slope, change, slope_rule, slope_sentence
from saima.rules.values import Marks, Ratio
from saima.rules.words import Cell, gap_words, percent, percent_short
from saima.steps import Num, clip, maximum, named

NAME = "pace"
TITLE = ("序时进度计分", "pace-relative")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set. The basis of pace (按月、按日、按计划) is the rulebook's or the leaf's."""

    by: Annotated[Literal["ratio", "points"], Meta(description="按进度比，还是按超欠百分点")] = (
        "ratio"
    )
    floor: Annotated[Ratio, Meta(description="按进度比：最低按多少计")] = 0.0
    cap: Annotated[Ratio | None, Meta(description="按进度比：最高按多少计，空为不封顶")] = 1.0
    adds: Annotated[Marks, Meta(description="按百分点：每超1个百分点加几分")] = 0.0
    takes: Annotated[Marks, Meta(description="按百分点：每欠1个百分点扣几分")] = 0.0
    adds_at_most: Annotated[Marks | None, Meta(description="按百分点：最多加几分")] = None
    takes_at_most: Annotated[Marks | None, Meta(description="按百分点：最多扣几分")] = None


def check(s: Settings) -> list[str]:
    if s.cap is not None and s.cap < s.floor:
        return [f"封顶{percent_short(s.cap)}低于保底{percent_short(s.floor)}"]
    given = s.adds != 0.0 or s.takes != 0.0
    if s.by == "points" and not given:
        return ["按百分点计分时，adds（加分）与 takes（扣分）至少要写一项"]
    if s.by == "ratio" and given:
        return ["按进度比计分时不用 adds、takes；要用请写 by: points"]
    return []


def needs(_: Settings) -> tuple[str, ...]:
    return ("attainment", "pace")


def shows(_: Settings) -> tuple[str, ...]:
    return ("attainment", "pace", "pace_gap", "pace_ratio")


def _slopes(s: Settings) -> tuple[Slope, Slope]:
    up = Slope(each=1.0, adds=s.adds, at_most=s.adds_at_most)
    return up, Slope(each=1.0, takes=s.takes, at_most=s.takes_at_most)


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·clip(r/p), or W + adds·ahead − takes·behind. Source: 三元区 2010、江门、富宁 2010 的序时进度."""
    full = q.get("full")
    if s.by == "ratio":
        ratio = named(clip(q.get("pace_ratio"), s.floor, s.cap), "计分进度比")
        return named(full * ratio, "序时进度得分")
    gap = q.get("pace_gap")
    up, down = _slopes(s)
    out = (
        full
        + named(change(gap, up, full), "超序时加分")
        + named(change(-gap, down, full), "欠序时扣分")
    )
    return named(maximum(out, 0.0), "序时进度得分")


def rule(s: Settings, language: str) -> str:
    zh = language == "zh"
    if s.by == "ratio":
        top = "" if s.cap is None else percent_short(s.cap)
        if not zh:
            return f"Full marks times attainment over pace, at least {percent_short(s.floor)}, at most {top or 'any'}."
        cap = f"最高按{top}计" if top else "上不封顶"
        return f"按完成率与序时进度之比占满分的比例计分，最低按{percent_short(s.floor)}计，{cap}。"
    verbs = ("超序时", "欠序时") if zh else ("ahead", "behind")
    words = [slope_rule(x, "points", v, language) for x, v in zip(_slopes(s), verbs) if x.amount]
    if not zh:
        return f"On pace: full marks; {'; '.join(words)}."
    return f"达到序时进度得满分；{'；'.join(words)}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh = language == "zh"
    rates = (percent(c["attainment"]), percent(c["pace"]))
    said = (
        f"完成率{rates[0]}，序时进度{rates[1]}" if zh else f"attainment {rates[0]}, pace {rates[1]}"
    )
    if s.by == "ratio":
        ratio = c["pace_ratio"]
        used = min(max(ratio, s.floor), ratio if s.cap is None else s.cap)
        limit = (
            "" if used == ratio else f"，{'封顶' if used < ratio else '保底'}按{percent(used)}计"
        )
        if not zh:
            return f"{said}: {c.full_points} × {percent(used)} = {c.points}"
        return (
            f"{said}，进度比{percent(ratio)}{limit}，得{c.full_points}×{percent(used)}={c.points}分"
        )
    gap = c["pace_gap"]
    slope = _slopes(s)[0 if gap > 0 else 1]
    if gap == 0 or not slope.amount:
        return f"{said}，{gap_words(gap)}，得{c.points}分" if zh else f"{said}: {c.points}"
    change_ = slope_sentence(abs(gap), slope, c.full, c.marks_decimals, language)
    if not zh:
        return f"{said}, {gap_words(gap, language)}: {c.full_points}, {change_}, in all {c.points}"
    return f"{said}，{gap_words(gap)}，满分{c.full_points}分，{change_}，合计{c.points}分"
