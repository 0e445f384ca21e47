"""Rank decay (争先进位计分): the first place has full marks, each further place a fixed part less."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, Scope
from saima.rules.values import Quantity, Ratio
from saima.rules.words import Cell, percent, percent_short, short, term
from saima.steps import Num, maximum, named

NAME = "rank-decay"
TITLE = ("名次递减计分", "rank decay")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量排名")] = "actual"
    step: Annotated[Ratio, Meta(description="每后一位减少满分的比例", gt=0, le=1)] = 0.05
    lowest: Annotated[Ratio, Meta(description="最低得满分的比例", ge=0, le=1)] = 0.0
    among: Annotated[Scope, Meta(description="在赛道内还是全体单位中排名")] = "track"


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of, _rank_name(s))


def marks(q: Quantities, s: Settings) -> Num:
    """S = W · max(lowest, 1 − step·(rank − 1)). Source: 经济发展指标月度评估办法, 争先进位计分法."""
    rank = q.statistic("rank", s.of, s.among)
    share = named(maximum(1.0 - s.step * (rank - 1.0), s.lowest), "名次得分率")
    return named(q.get("full") * share, "按名次得分")


def _rank_name(s: Settings) -> str:
    return f"rank_{'all_' if s.among == 'all' else ''}{s.of}"


def rule(s: Settings, language: str) -> str:
    if language != "zh":
        return (
            f"Ranked by {s.of} in {'the track' if s.among == 'track' else 'all units'}: the first has "
            f"full marks, each place after it {percent_short(s.step)} of full marks less."
        )
    scope = "赛道内" if s.among == "track" else "全体单位"
    least = f"，最低得满分的{percent_short(s.lowest)}" if s.lowest else "，减完为止"
    return f"按{term(s.of)}在{scope}排名，第一位得满分，以后每位递减满分的{percent_short(s.step)}{least}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    rank = c[_rank_name(s)]
    share = max(1.0 - s.step * (rank - 1.0), s.lowest)
    if language != "zh":
        return f"place {short(rank)}: {c.full_points} × {percent(share)} = {c.points}"
    scope = "赛道内" if s.among == "track" else "全体单位中"
    return (
        f"{term(s.of)}居{scope}第{short(rank)}位，得{c.full_points}×{percent(share)}={c.points}分"
    )
