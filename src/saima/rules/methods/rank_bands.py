"""Marks by bands of places (排名分档计分): places 1–3, 4–6, 7–10."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, Scope
from saima.rules.values import Marks, Quantity, Ratio, split_marks
from saima.rules.words import Cell, marks_text, percent_short, short, term
from saima.steps import Num, lookup, named

NAME = "rank-bands"
TITLE = ("名次分档计分", "rank bands")

Band = tuple[Ratio, Marks]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量排名")] = "actual"
    among: Annotated[Scope, Meta(description="在赛道内还是全体单位中排名")] = "track"
    counted: Annotated[
        Literal["places", "share"], Meta(description="各档按名次（前3位）还是按比例（前30%）")
    ] = "places"
    bands: Annotated[
        tuple[Band, ...], Meta(description="各档 [到第几位（或前百分之几）, 得分]", min_length=1)
    ]
    otherwise: Annotated[Marks, Meta(description="其余单位得几分")] = 0.0


def check(s: Settings) -> list[str]:
    if any(a[0] >= b[0] for a, b in pairwise(s.bands)):
        return ["bands 各档要由前到后"]
    if s.counted == "share" and any(b[0] > 1 for b in s.bands):
        return ["按比例分档时，各档不能超过100%"]
    return []


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of, _name(s, "rank"), _name(s, "count"))


def _name(s: Settings, kind: str) -> str:
    return f"{kind}_{'all_' if s.among == 'all' else ''}{s.of}"


def marks(q: Quantities, s: Settings) -> Num:
    """S is what the band of the place says. Source: 分档赋分：1–3名7分、4–6名5分、7–10名3分."""
    place = q.statistic("rank", s.of, s.among)
    if s.counted == "share":
        place = named(place / q.statistic("count", s.of, s.among), "名次占比")
    ordered = sorted((-bound, *split_marks(y)) for bound, y in s.bands)
    bounds = [b[0] for b in ordered]
    fixed, share = split_marks(s.otherwise)
    out = lookup(-place, bounds, [b[1] for b in ordered], fixed)
    if share or any(b[2] for b in ordered):
        out = out + q.get("full") * lookup(-place, bounds, [b[2] for b in ordered], share)
    return named(out, "名次分档得分")


def rule(s: Settings, language: str) -> str:
    zh, said, last = language == "zh", [], 0.0
    for bound, y in s.bands:
        said.append(f"{_span(last, bound, s, zh)}{'得' if zh else ': '}{marks_text(y, language)}")
        last = bound
    rest = marks_text(s.otherwise, language)
    if not zh:
        return f"Ranked by {s.of}: {'; '.join(said)}; others {rest}."
    scope = "赛道内" if s.among == "track" else "全体单位"
    return f"按{term(s.of)}在{scope}排名：{'，'.join(said)}，其余得{rest}。"


def _span(last: float, bound: float, s: Settings, zh: bool) -> str:
    if s.counted == "share":
        return f"前{percent_short(bound)}" if zh else f"first {percent_short(bound)}"
    first, to = short(last + 1), short(bound)
    if first == to:
        return f"第{to}位" if zh else f"place {to}"
    return f"第{first}—{to}位" if zh else f"places {first} to {to}"


def sentence(c: Cell, s: Settings, language: str) -> str:
    rank, count = short(c[_name(s, "rank")]), short(c[_name(s, "count")])
    if language != "zh":
        return f"place {rank} of {count} by {s.of}: {c.points}"
    scope = "赛道内" if s.among == "track" else "全体"
    return f"{term(s.of)}居{scope}{count}个单位第{rank}位，得{c.points}分"
