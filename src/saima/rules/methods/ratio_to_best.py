"""Marks in proportion to the best unit (与最优值之比计分)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, Scope, higher_is_better
from saima.rules.values import Quantity, Ratio
from saima.rules.words import Cell, percent, percent_short, term
from saima.steps import Num, maximum, named, where

NAME = "ratio-to-best"
TITLE = ("与最优值之比计分", "ratio to the best")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="比哪个量")] = "actual"
    among: Annotated[Scope, Meta(description="与赛道内还是全体单位的最优值比")] = "track"
    floor: Annotated[Ratio, Meta(description="最低按多少计（比率）")] = 0.0


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of, _best(s))


def _best(s: Settings) -> str:
    return f"best_{'all_' if s.among == 'all' else ''}{s.of}"


def marks(q: Quantities, s: Settings) -> Num:
    """S = W·x/best, for “less” W·best/x or W·(2 − x/best) by `reverse`; none where best ≤ 0.

    Source: common practice, ratio to the best unit times a difficulty of its own.
    """
    x, best = q.get(s.of), q.statistic("best", s.of, s.among)
    if higher_is_better(s.of, q.direction, q.reverse):
        ratio = x / best
    elif q.reverse == "two-minus":
        ratio = 2.0 - x / best
    else:
        ratio = best / x
    ratio = where(best > 0.0, ratio, float("nan"))
    return named(q.get("full") * maximum(named(ratio, "与最优值之比"), s.floor), "比最优得分")


def rule(s: Settings, language: str) -> str:
    if language != "zh":
        return f"Full marks for the best {s.of}, others in proportion, at least {percent_short(s.floor)}."
    scope = "赛道内" if s.among == "track" else "全体单位"
    least = f"，最低得满分的{percent_short(s.floor)}" if s.floor else ""
    return f"{term(s.of)}为{scope}最优的得满分，其余按与最优值之比计分{least}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    share = c.marks / c.full if c.full else 0.0
    if language != "zh":
        return f"{s.of} {c.told(s.of, language)}, best {c.told(_best(s), language)}: {c.full_points} × {percent(share)} = {c.points}"
    said = f"{term(s.of)}{c.told(s.of)}，最优{c.told(_best(s))}"
    return f"{said}，得{c.full_points}×{percent(share)}={c.points}分"
