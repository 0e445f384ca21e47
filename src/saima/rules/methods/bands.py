"""Bands of a value, each with its marks (分档计分)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, quantity_unit
from saima.rules.values import Marks, OfQuantity, Quantity, split_marks
from saima.rules.words import Cell, marks_text, term, told
from saima.steps import Num, lookup, named

NAME = "bands"
TITLE = ("分档计分", "bands")

Band = tuple[OfQuantity, Marks]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set: exactly one of `at_least` and `at_most`."""

    of: Annotated[Quantity, Meta(description="按哪个量分档")] = "attainment"
    at_least: Annotated[
        tuple[Band, ...], Meta(description="各档 [下限（含）, 得分]，由高到低")
    ] = ()
    at_most: Annotated[tuple[Band, ...], Meta(description="各档 [上限（含）, 得分]，由低到高")] = ()
    otherwise: Annotated[Marks, Meta(description="都不够的得几分")] = 0.0


def check(s: Settings) -> list[str]:
    if bool(s.at_least) == bool(s.at_most):
        return ["要写 at-least（下限）或 at-most（上限）之一"]
    if any(a[0] <= b[0] for a, b in pairwise(s.at_least)):
        return ["at-least 各档要由高到低"]
    if any(a[0] >= b[0] for a, b in pairwise(s.at_most)):
        return ["at-most 各档要由低到高"]
    return []


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def marks(q: Quantities, s: Settings) -> Num:
    """S is what the band says; a bound belongs to its band. Source: 市国资委 (预决算差异率), 建设项目考核管理办法 (5/3/1亿)."""
    x = q.get(s.of) if s.at_least else -q.get(s.of)
    bands = s.at_least or [(-bound, y) for bound, y in s.at_most]
    ordered = sorted((bound, *split_marks(y)) for bound, y in bands)
    bounds = [b[0] for b in ordered]
    fixed, share = split_marks(s.otherwise)
    out = lookup(x, bounds, [b[1] for b in ordered], fixed)
    if share or any(b[2] for b in ordered):
        shares = q.get("full") * lookup(x, bounds, [b[2] for b in ordered], share)
        has_fixed = fixed or any(b[1] for b in ordered)
        out = out + shares if has_fixed else shares
    return named(out, "分档得分")


def rule(s: Settings, language: str) -> str:
    unit, zh = quantity_unit(s.of), language == "zh"
    word = ("及以上" if zh else " and above") if s.at_least else ("及以下" if zh else " and below")
    said = [
        f"{told(b, unit, language=language)}{word}{'得' if zh else ': '}{marks_text(y, language)}"
        for b, y in s.at_least or s.at_most
    ]
    rest = marks_text(s.otherwise, language)
    if not zh:
        return f"By {s.of}: {'; '.join(said)}; otherwise {rest}."
    return f"按{term(s.of)}分档：{'，'.join(said)}，其余得{rest}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    x, unit = c[s.of], quantity_unit(s.of)
    held = [b for b, _ in s.at_least if x >= b] or [b for b, _ in s.at_most if x <= b]
    if language != "zh":
        said = f"{s.of} {c.told(s.of, language)}"
        word = "at least" if s.at_least else "at most"
        band = f"band {word} {told(held[0], unit, language=language)}" if held else "no band"
        return f"{said}, {band}: {c.points}"
    band = (
        f"在{told(held[0], unit, c.measure)}{'及以上' if s.at_least else '及以下'}一档"
        if held
        else "不够任何一档"
    )
    return f"{term(s.of)}{c.told(s.of)}，{band}，得{c.points}分"
