"""Marks for our place in somebody else's ranking, and for moving up in it (上级排名计分)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities
from saima.rules.slopes import in_marks, stated
from saima.rules.values import Marks, Quantity, split_marks
from saima.rules.words import Cell, marks_text, points, short
from saima.steps import Num, lookup, maximum, minimum, named

NAME = "outer-rank"
TITLE = ("上级排名计分", "outer ranking")

Band = tuple[float, Marks]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set. The indicator's actual is the place; its previous one gives the movement."""

    bands: Annotated[tuple[Band, ...], Meta(description="各档 [到第几位, 得分]", min_length=1)]
    otherwise: Annotated[Marks, Meta(description="其余位次得几分")] = 0.0
    before: Annotated[Quantity, Meta(description="与哪个时期的位次比")] = "last_year"
    up: Annotated[Marks, Meta(description="每进一位加几分")] = 0.0
    down: Annotated[Marks, Meta(description="每退一位扣几分")] = 0.0
    up_at_most: Annotated[Marks | None, Meta(description="进位最多加几分")] = None
    down_at_most: Annotated[Marks | None, Meta(description="退位最多扣几分")] = None
    at_most: Annotated[Marks | None, Meta(description="合计最高得几分，空为不封顶")] = "full"


def check(s: Settings) -> list[str]:
    return ["bands 各档要由前到后"] if any(a[0] >= b[0] for a, b in pairwise(s.bands)) else []


def _moves(s: Settings) -> bool:
    return s.up != 0.0 or s.down != 0.0


def needs(s: Settings) -> tuple[str, ...]:
    return ("actual", s.before) if _moves(s) else ("actual",)


def shows(s: Settings) -> tuple[str, ...]:
    return needs(s)


def marks(q: Quantities, s: Settings) -> Num:
    """S = band(place) + up·places gained − down·places lost. Source: notices, 指标进位、第二方阵."""
    full, place = q.get("full"), q.get("actual")
    out = _band(place, s, full)
    if _moves(s):
        gained = named(q.get(s.before) - place, "进位数")
        out = out + _limited(gained, s.up, s.up_at_most, full, "进位加分")
        out = out - _limited(-gained, s.down, s.down_at_most, full, "退位扣分")
    out = maximum(out, 0.0)
    return named(
        out if s.at_most is None else minimum(out, in_marks(s.at_most, full)), "上级排名得分"
    )


def _band(place: Num, s: Settings, full: Num) -> Num:
    ordered = sorted((-bound, *split_marks(y)) for bound, y in s.bands)
    bounds, (fixed, share) = [b[0] for b in ordered], split_marks(s.otherwise)
    out = lookup(-place, bounds, [b[1] for b in ordered], fixed)
    if share or any(b[2] for b in ordered):
        out = out + full * lookup(-place, bounds, [b[2] for b in ordered], share)
    return named(out, "位次得分")


def _limited(places: Num, each: Marks, at_most: Marks | None, full: Num, label: str) -> Num:
    size = maximum(places, 0.0) * in_marks(each, full)
    return named(size if at_most is None else minimum(size, in_marks(at_most, full)), label)


def rule(s: Settings, language: str) -> str:
    zh, said, last = language == "zh", [], 0.0
    for bound, y in s.bands:
        span = short(bound) if last + 1 == bound else f"{short(last + 1)}—{short(bound)}"
        said.append(
            f"第{span}位得{marks_text(y)}"
            if zh
            else f"places to {short(bound)}: {marks_text(y, language)}"
        )
        last = bound
    for each, most, word, en in (
        (s.up, s.up_at_most, "进一位加", "place up adds"),
        (s.down, s.down_at_most, "退一位扣", "place down takes"),
    ):
        if each:
            limit = "" if most is None else marks_text(most, language)
            zh_limit, en_limit = (
                f"（最多{limit}）" if limit else "",
                f", at most {limit}" if limit else "",
            )
            size = marks_text(each, language)
            said.append(f"每{word}{size}{zh_limit}" if zh else f"every {en} {size}{en_limit}")
    rest = marks_text(s.otherwise, language)
    return (
        f"按上级排名计分：{'，'.join(said)}；其余得{rest}。"
        if zh
        else f"{'; '.join(said)}; others {rest}."
    )


def sentence(c: Cell, s: Settings, language: str) -> str:
    place, zh = short(c["actual"]), language == "zh"
    said = f"上级排名第{place}位" if zh else f"place {place}"
    if _moves(s):
        gained = c[s.before] - c["actual"]
        word = "持平" if gained == 0 else f"{'进' if gained > 0 else '退'}{short(abs(gained))}位"
        said += f"，比上年{word}" if zh else f" ({short(gained)} places up)"
        each = s.up if gained > 0 else s.down
        if zh and gained and each:
            sign = "加" if gained > 0 else "扣"
            said += f"，{sign}{short(abs(gained))}×{points(stated(each, c.full))}分"
    return f"{said}，得{c.points}分" if zh else f"{said}: {c.points}"
