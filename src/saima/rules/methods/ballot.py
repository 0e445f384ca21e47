"""Marks from ballots by level and class of voters (民主测评计分)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.values import Ratio
from saima.rules.words import Cell, percent_short, points, short
from saima.steps import Num, named, total

NAME = "ballot"
TITLE = ("测评计分", "ballot")


class VoterClass(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One class of voters: its weight, and the indicators that hold its valid votes by level."""

    name: Annotated[str, Meta(description="测评主体，如 分管领导")]
    weight: Annotated[Ratio, Meta(description="占的比例", gt=0, le=1)] = 1.0
    votes: Annotated[Mapping[str, str], Meta(description="各等次有效票数的指标代码", min_length=1)]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    levels: Annotated[Mapping[str, Ratio], Meta(description="各等次折合满分的比例", min_length=2)]
    classes: Annotated[tuple[VoterClass, ...], Meta(description="测评主体", min_length=1)]


def check(s: Settings) -> list[str]:
    unknown = [f"“{k}”不是等次" for c in s.classes for k in c.votes if k not in s.levels]
    whole = sum(c.weight for c in s.classes)
    return unknown + (
        [] if abs(whole - 1) < 1e-9 else [f"各测评主体合计应为100%，现为{percent_short(whole)}"]
    )


def needs(s: Settings) -> tuple[str, ...]:
    return tuple(f"value:{code}" for c in s.classes for code in c.votes.values())


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·Σ class weight·(Σ level·votes)/valid votes.

    Source: 党政机关领导干部工作实绩量化考核分值计算: {好×100+较好×80+一般×60+较差×40}÷有效票数; 20%+40%+40%.
    """
    rates = [named(_rate(q, c, s) * c.weight, c.name) for c in s.classes]
    return named(q.get("full") * named(total(rates), "测评得分率"), "测评得分")


def _rate(q: Quantities, c: VoterClass, s: Settings) -> Num:
    votes = {level: q.other(code) for level, code in c.votes.items()}
    worth = total([votes[level] * s.levels[level] for level in votes])
    return worth / named(total(list(votes.values())), "有效票数")


def rule(s: Settings, language: str) -> str:
    shares = [(k, percent_short(v)) for k, v in s.levels.items()]
    weights = [(c.name, percent_short(c.weight)) for c in s.classes]
    if language != "zh":
        levels, classes = (", ".join(f"{k} {v}" for k, v in x) for x in (shares, weights))
        return f"By ballot, levels {levels}; voters {classes}."
    levels, classes = ("、".join(f"{k}{v}" for k, v in x) for x in (shares, weights))
    return f"按测评计分：各等次折合满分的{levels}，以有效票数为准；测评主体{classes}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    said = []
    for voters in s.classes:
        counts = {level: c[f"value:{code}"] for level, code in voters.votes.items()}
        valid = sum(counts.values())
        rate = sum(s.levels[level] * n for level, n in counts.items()) / valid if valid else 0.0
        votes = "、".join(f"{level}{short(n)}票" for level, n in counts.items())
        mark = points(rate * 100.0, 2)
        said.append(
            f"{voters.name}{votes}，折{mark}分" if language == "zh" else f"{voters.name} {mark}"
        )
    whole = ("；" if language == "zh" else "; ").join(said)
    return f"{whole}；合计得{c.points}分" if language == "zh" else f"{whole}: {c.points}"
