"""Attainment with floor and cap: marks in proportion to the completion rate (按完成率计分)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, quantity_label
from saima.rules.values import Quantity, Ratio
from saima.rules.words import Cell, percent, percent_short, term
from saima.steps import Num, clip, named

NAME = "attainment"
TITLE = ("完成率计分", "attainment")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个比率计分")] = "attainment"
    floor: Annotated[Ratio, Meta(description="最低按多少计（比率）")] = 0.0
    cap: Annotated[Ratio | None, Meta(description="最高按多少计（比率），空为不封顶")] = 1.0


def check(s: Settings) -> list[str]:
    if s.cap is not None and s.cap < s.floor:
        return [f"封顶{percent(s.cap)}低于保底{percent(s.floor)}"]
    return []


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return ("actual", "target", s.of)


def marks(q: Quantities, s: Settings) -> Num:
    """S = W · clip(r, floor, cap). Source: 财政部门评价, 按完成比例计算得分，满分为止."""
    ratio = named(clip(q.get(s.of), s.floor, s.cap), f"计分{quantity_label(s.of)}")
    return named(q.get("full") * ratio, "按完成率得分")


def rule(s: Settings, language: str) -> str:
    least = percent_short(s.floor)
    if language != "zh":
        top = "no cap" if s.cap is None else f"at most {percent_short(s.cap)}"
        return f"Full marks times {s.of.replace('_', ' ')}, at least {least}, {top}."
    top = "上不封顶" if s.cap is None else f"最高按{percent_short(s.cap)}计"
    return f"按{term(s.of)}占满分的比例计分，最低按{least}计，{top}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    ratio = c[s.of]
    used = min(max(ratio, s.floor), ratio if s.cap is None else s.cap)
    if language != "zh":
        return f"{s.of} {percent(ratio)}, counted as {percent(used)}: {c.full_points} × {percent(used)} = {c.points}"
    told = f"完成{c.amount('actual')}，目标{c.amount('target')}，" if s.of == "attainment" else ""
    limit = "" if used == ratio else f"，{'封顶' if used < ratio else '保底'}按{percent(used)}计"
    label = term(s.of)
    return f"{told}{label}{percent(ratio)}{limit}，得{c.full_points}×{percent(used)}={c.points}分"
