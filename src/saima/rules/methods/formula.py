"""Marks by a formula over named quantities: what the other methods cannot say (公式计分)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct

from saima.formulas import Formula, compile_formula
from saima.rules.quantities import Quantities, quantity_label, quantity_named, quantity_names
from saima.rules.words import Cell
from saima.steps import Num, named

NAME = "formula"
TITLE = ("公式计分", "formula")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    marks: Annotated[str, Meta(description="公式，如 min(W, W*actual/target)；W 为满分")]
    words: Annotated[str, Meta(description="公式的文字说明，印在办法里")] = ""


def _resolve(name: str) -> str | None:
    return "full" if name == "W" else quantity_named(name)


@lru_cache(maxsize=512)
def compiled(text: str) -> tuple[Formula | None, tuple[str, ...]]:
    """The compiled formula and what is wrong with it, in Chinese."""
    found, problems = compile_formula(text, _resolve, ("W", *quantity_names()))
    return found, tuple(p.message() + p.hint() for p in problems)


def check(s: Settings) -> list[str]:
    return [reason.rstrip("。") for reason in compiled(s.marks)[1]]


def _formula(s: Settings) -> Formula:
    found, wrong = compiled(s.marks)
    if found is None:
        raise ValueError("；".join(wrong))
    return found


def needs(s: Settings) -> tuple[str, ...]:
    return tuple(sorted(_formula(s).names - {"full"}))


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def marks(q: Quantities, s: Settings) -> Num:
    """S as the formula says, over the quantities of this indicator and `value('code')` of others."""
    return named(_formula(s)(q.get), "公式得分")


def rule(s: Settings, language: str) -> str:
    if language != "zh":
        return f"By the formula {s.marks}."
    return f"{s.words.rstrip('。')}。" if s.words else f"按公式“{s.marks}”计分，其中W为满分。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    zh = language == "zh"
    put_in = [
        f"{quantity_label(n) if zh else n}{'' if zh else ' '}{c.told(n, language)}"
        for n in needs(s)
    ]
    if not zh:
        return f"{', '.join(put_in)}: {s.marks} = {c.points}"
    return f"{'，'.join(put_in)}，按公式“{s.marks}”得{c.points}分"
