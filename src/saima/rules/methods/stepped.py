"""A base mark, and so many marks more or less for every so much above or below a value (加减分制)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from saima.rules.quantities import Quantities, higher_is_better, quantity_unit
from saima.rules.slopes import Slope, Steps, change, in_marks, slope_rule, slope_sentence, stated
from saima.rules.values import Marks, OfQuantity, Quantity
from saima.rules.words import Cell, marks_text, points, term, told
from saima.steps import Num, maximum, named

NAME = "stepped"
TITLE = ("加减分制", "stepped")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量计分")] = "attainment"
    from_: Annotated[
        OfQuantity | Quantity, Meta(description="得基本分的量值，或另一个量（如 plan、last_year）")
    ] = field(default=1.0, name="from")
    base: Annotated[Marks, Meta(description="基本分")] = "full"
    each: Annotated[OfQuantity, Meta(gt=0, description="每好（差）多少为一档")]
    adds: Annotated[Marks, Meta(description="好一档加几分")] = 0.0
    takes: Annotated[Marks, Meta(description="差一档扣几分")] = 0.0
    adds_at_most: Annotated[Marks | None, Meta(description="最多加几分")] = None
    takes_at_most: Annotated[Marks | None, Meta(description="最多扣几分")] = None
    steps: Annotated[Steps, Meta(description="不足一档的：按比例、不计、按一档计")] = "linear"
    lowest: Annotated[Marks, Meta(description="最低得分")] = 0.0


def check(s: Settings) -> list[str]:
    if s.adds == 0.0 and s.takes == 0.0:
        return ["adds（加分）与 takes（扣分）至少要写一项"]
    return []


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of, s.from_) if isinstance(s.from_, str) else (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def _slopes(s: Settings) -> tuple[Slope, Slope]:
    up = Slope(each=s.each, adds=s.adds, at_most=s.adds_at_most, steps=s.steps)
    return up, Slope(each=s.each, takes=s.takes, at_most=s.takes_at_most, steps=s.steps)


def marks(q: Quantities, s: Settings) -> Num:
    """S = base ± marks per step, each side with its limit, never below `lowest`.

    Source: 国资委 2010 附件2, 每超过目标值3%加1分，最多加6分；每低于目标值3%扣1分，最多扣6分.
    """
    full, start = q.get("full"), q.value(s.from_)
    rising = higher_is_better(s.of, q.direction, q.reverse)
    ahead = q.get(s.of) - start if rising else start - q.get(s.of)
    up, down = _slopes(s)
    out = in_marks(s.base, full) + named(change(ahead, up, full), "加分")
    out = out + named(change(-ahead, down, full), "扣分")
    return named(maximum(out, in_marks(s.lowest, full)), "加减分制得分")


def rule(s: Settings, language: str) -> str:
    unit, zh = quantity_unit(s.of), language == "zh"
    better, worse = ("优出", "差出") if zh else ("better", "worse")
    words = [
        slope_rule(x, unit, w, language) for x, w in zip(_slopes(s), (better, worse)) if x.amount
    ]
    start = _start(s, language)
    if not zh:
        return f"{s.of} at {start} has {marks_text(s.base, language)}; {'; '.join(words)}."
    return f"{term(s.of)}达到{start}得{marks_text(s.base)}；{'；'.join(words)}。"


def _start(s: Settings, language: str) -> str:
    if isinstance(s.from_, str):
        return term(s.from_) if language == "zh" else s.from_
    return told(s.from_, quantity_unit(s.of), language=language)


def sentence(c: Cell, s: Settings, language: str) -> str:
    base, distance = stated(s.base, c.full), abs(c[s.of] - c.value(s.from_))
    up, down = _slopes(s)
    ahead = c.marks >= base
    slope = up if ahead else down
    said = f"{term(s.of)}{c.told(s.of)}" if language == "zh" else f"{s.of} {c.told(s.of)}"
    got = points(base)
    if distance == 0 or not slope.amount or _untouched(c, base):
        return f"{said}，得基本分{got}分" if language == "zh" else f"{said}: base marks {got}"
    change_ = slope_sentence(distance, slope, c.full, c.marks_decimals, language)
    if language != "zh":
        return f"{said}, base marks {got}, {change_}, in all {c.points}"
    return f"{said}，基本分{got}分，{change_}，合计{c.points}分"


def _untouched(c: Cell, base: float) -> bool:
    return abs(c.marks - base) < 1e-9
