"""Counting down to zero (清零): a part in proportion, a part only when all is cleared."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.slopes import in_marks
from saima.rules.values import Marks, Ratio
from saima.rules.words import Cell, marks_text, percent, percent_short, points
from saima.steps import Num, clip, maximum, named, where

NAME = "clear-to-zero"
TITLE = ("清零计分", "clear to zero")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    part: Annotated[Ratio, Meta(description="按清零率计的部分占满分的比例", ge=0, le=1)] = 0.8
    clear: Annotated[Marks, Meta(description="全部清零另得几分")] = "20%"
    each_left: Annotated[float, Meta(description="每剩一户（件）扣几分", ge=0)] = 0.0


def needs(_: Settings) -> tuple[str, ...]:
    return ("opening", "actual")


def shows(_: Settings) -> tuple[str, ...]:
    return ("opening", "actual", "cleared_share")


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·part·cleared share + clear·1[nothing left] − each_left·left, not below nothing.

    Nothing to clear from the start is all cleared.
    """
    full, left, opening = q.get("full"), q.get("actual"), q.get("opening")
    share = where(opening > 0.0, clip(q.get("cleared_share"), 0.0, 1.0), 1.0)
    out = named(full * s.part * share, "按清零率得分")
    out = out + named(where(left <= 0.0, in_marks(s.clear, full), 0.0), "全部清零得分")
    if s.each_left:
        out = maximum(out - named(maximum(left, 0.0) * s.each_left, "未清零扣分"), 0.0)
    return named(out, "清零得分")


def rule(s: Settings, language: str) -> str:
    clear = marks_text(s.clear, language)
    if language != "zh":
        left = f"; every one left takes {points(s.each_left)}" if s.each_left else ""
        return f"{percent_short(s.part)} of full marks by cleared share, {clear} more when all is cleared{left}."
    left = f"；每剩1户（件）扣{points(s.each_left)}分，扣完为止" if s.each_left else ""
    return f"满分的{percent_short(s.part)}按清零率计，全部清零另得{clear}{left}。"


def sentence(c: Cell, _: Settings, language: str) -> str:
    left, opening = c.amount("actual"), c.amount("opening")
    if c["opening"] <= 0:
        return (
            f"没有需清零的，得{c.points}分" if language == "zh" else f"nothing to clear: {c.points}"
        )
    share = percent(c["cleared_share"])
    if language != "zh":
        return f"{opening} at first, {left} left, {share} cleared: {c.points}"
    done = "已全部清零" if c["actual"] <= 0 else f"尚余{left}"
    return f"期初{opening}，{done}，清零率{share}，得{c.points}分"
