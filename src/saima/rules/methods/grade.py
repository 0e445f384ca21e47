"""Marks for a grade that reviewers gave a goal in words (定性目标评议计分)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.values import Marks, split_marks
from saima.rules.words import Cell, marks_text
from saima.steps import Num, lookup, named

NAME = "grade"
TITLE = ("评议等次计分", "grade by reviewers")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    levels: Annotated[
        Mapping[str, Marks],
        Meta(description="各等次得几分，如 {好: full, 中: 60%, 差: 0}", min_length=2),
    ]


def needs(s: Settings) -> tuple[str, ...]:
    return (_name(s),)


def shows(s: Settings) -> tuple[str, ...]:
    return (_name(s),)


def _name(s: Settings) -> str:
    return f"grade:{'|'.join(s.levels)}"


def marks(q: Quantities, s: Settings) -> Num:
    """S is what the grade is worth. Source: 市国资委年度计分办法, 评议表 好/中/差 → 3/2/1."""
    index = q.graded(tuple(s.levels))
    split = [split_marks(m) for m in s.levels.values()]
    bounds = [float(i) for i in range(len(split))]
    fixed = lookup(index, bounds, [f for f, _ in split], 0.0)
    if not any(share for _, share in split):
        return named(fixed, "评议得分")
    shares = q.get("full") * lookup(index, bounds, [share for _, share in split], 0.0)
    return named(fixed + shares if any(f for f, _ in split) else shares, "评议得分")


def rule(s: Settings, language: str) -> str:
    said = [
        f"{name}{'得' if language == 'zh' else ': '}{marks_text(m, language)}"
        for name, m in s.levels.items()
    ]
    return (
        f"按评议等次计分：{'，'.join(said)}。"
        if language == "zh"
        else f"By grade: {', '.join(said)}."
    )


def sentence(c: Cell, s: Settings, language: str) -> str:
    name = list(s.levels)[int(c[_name(s)])]
    return f"评为“{name}”，得{c.points}分" if language == "zh" else f"graded {name}: {c.points}"
