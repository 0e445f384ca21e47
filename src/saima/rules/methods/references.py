"""Marks against several references at once: last year, the plan, the average (多标准对照计分)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, higher_is_better, quantity_unit
from saima.rules.slopes import in_marks, settled
from saima.rules.values import Marks, OfQuantity, Quantity, Ratio
from saima.rules.words import Cell, marks_text, term, told
from saima.steps import Num, clip, named, total, where

NAME = "references"
TITLE = ("多标准对照计分", "against references")


class Reference(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One reference: its marks if it is reached, and what remains if it is not."""

    of: Annotated[Quantity, Meta(description="看哪个量")] = "actual"
    than: Annotated[
        OfQuantity | Quantity, Meta(description="与什么比：一个数，或 last-year、plan、mean-…")
    ]
    marks: Annotated[Marks, Meta(description="达到得几分（占满分的比例）")]
    short: Annotated[
        Literal["none", "proportional"], Meta(description="未达到：不得分，或按比例")
    ] = "none"


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    references: Annotated[tuple[Reference, ...], Meta(description="各项标准", min_length=1)]
    floor: Annotated[Ratio, Meta(description="最低得满分的比例")] = 0.0


def needs(s: Settings) -> tuple[str, ...]:
    named_ = [r.than for r in s.references if isinstance(r.than, str)]
    return tuple(dict.fromkeys([*(r.of for r in s.references), *named_]))


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def check(s: Settings) -> list[str]:
    bad = [r for r in s.references if r.short == "proportional" and r.than == 0.0]
    return ["与0比不能按比例计分"] if bad else []


def marks(q: Quantities, s: Settings) -> Num:
    """S = Σ marks of the references reached. Source: 天津 2022 (own plan and city average)."""
    full = q.get("full")
    parts = [_marks(q, r, full) for r in s.references]
    return named(clip(named(total(parts), "各项合计"), full * s.floor, None), "对照得分")


def _marks(q: Quantities, r: Reference, full: Num) -> Num:
    x, than, worth = settled(q.get(r.of)), settled(q.value(r.than)), in_marks(r.marks, full)
    rising = higher_is_better(r.of, q.direction, q.reverse)
    reached = x >= than if rising else x <= than
    rest = Num(0.0)
    if r.short == "proportional":
        rest = worth * clip(x / than if rising else than / x, 0.0, 1.0)
    return named(where(reached, worth, rest), f"与{_name(r, 'zh')}比")


def _name(r: Reference, language: str) -> str:
    if isinstance(r.than, str):
        return term(r.than) if language == "zh" else r.than
    return told(r.than, quantity_unit(r.of), language=language)


def rule(s: Settings, language: str) -> str:
    zh, said = language == "zh", []
    for r in s.references:
        worth, partly = marks_text(r.marks, language), r.short == "proportional"
        if zh:
            said.append(
                f"{term(r.of)}不差于{_name(r, language)}的得{worth}{'，未达到的按比例' if partly else ''}"
            )
        else:
            said.append(
                f"{r.of} at {_name(r, language)}: {worth}{', else in proportion' if partly else ''}"
            )
    return f"{'；'.join(said)}。" if zh else f"{'; '.join(said)}."


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh, said = language == "zh", []
    for i, r in enumerate(s.references):
        than = c.plain(c.value(r.than), r.of, language)
        name = than
        if isinstance(r.than, str):
            name = f"{_name(r, language)}{than}" if zh else f"{_name(r, language)} {than}"
        new = i == 0 or s.references[i - 1].of != r.of
        own = (
            (f"{term(r.of)}{c.told(r.of)}，" if zh else f"{r.of} {c.told(r.of, language)} ")
            if new
            else ""
        )
        said.append(f"{own}对照{name}" if zh else f"{own}against {name}")
    return f"{'、'.join(said)}，合计得{c.points}分" if zh else f"{', '.join(said)}: {c.points}"
