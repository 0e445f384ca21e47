"""Five-band efficacy (五档标准值功效系数): straight lines between five standard values."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, quantity_unit
from saima.rules.values import OfQuantity, Quantity, Ratio
from saima.rules.words import Cell, percent_short, points, term, told
from saima.steps import Num, interpolate, named, where

NAME = "five-band"
TITLE = ("五档功效系数", "five-band efficacy")
BANDS = ("优秀", "良好", "平均", "较低", "较差")

Five = tuple[OfQuantity, OfQuantity, OfQuantity, OfQuantity, OfQuantity]
Coefficients = tuple[Ratio, Ratio, Ratio, Ratio, Ratio]


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    of: Annotated[Quantity, Meta(description="按哪个量计分")] = "actual"
    standards: Annotated[Five, Meta(description="优秀、良好、平均、较低、较差五档标准值")]
    coefficients: Annotated[Coefficients, Meta(description="五档的标准系数")] = (
        1.0,
        0.8,
        0.6,
        0.4,
        0.2,
    )
    below: Annotated[Ratio, Meta(description="不及较差值的得满分的比例")] = 0.0


def check(s: Settings) -> list[str]:
    rising = [a < b for a, b in pairwise(s.standards)]
    if any(a == b for a, b in pairwise(s.standards)) or len(set(rising)) > 1:
        return ["五档标准值要一路升高或一路降低"]
    if any(a < b for a, b in pairwise(s.coefficients)):
        return ["五档系数要由大到小"]
    return []


def needs(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def shows(s: Settings) -> tuple[str, ...]:
    return (s.of,)


def marks(q: Quantities, s: Settings) -> Num:
    """S = 本档基础分 + (x − 本档标准)/(上档标准 − 本档标准)·(上档基础分 − 本档基础分).

    At or beyond 优秀 full marks, short of 较差 `below`. Source: 企业综合绩效评价.
    """
    x, full = q.get(s.of), q.get("full")
    inside = interpolate(x, sorted(zip(s.standards, s.coefficients, strict=True)), full)
    poor = s.standards[-1]
    short_of = x < poor if s.standards[0] > poor else x > poor
    return named(where(short_of, full * s.below, inside), "五档得分")


def rule(s: Settings, language: str) -> str:
    unit, zh = quantity_unit(s.of), language == "zh"
    names = BANDS if zh else ("excellent", "good", "average", "low", "poor")
    shape = "{}{}（{}）" if zh else "{} {} ({})"
    said = [
        shape.format(name, told(v, unit, language=language), percent_short(k))
        for name, v, k in zip(names, s.standards, s.coefficients, strict=True)
    ]
    if not zh:
        return f"By {s.of} between five standards: {', '.join(said)}; below the last {percent_short(s.below)}."
    rest = "不得分" if s.below == 0 else f"得满分的{percent_short(s.below)}"
    return (
        f"按{term(s.of)}对照五档标准值计分：{'、'.join(said)}，两档之间按比例，不及较差值{rest}。"
    )


def sentence(c: Cell, s: Settings, language: str) -> str:
    x, best, poor = c[s.of], s.standards[0], s.standards[-1]
    rising = best > poor
    reached = [i for i, v in enumerate(s.standards) if (x >= v if rising else x <= v)]
    got = c.points
    if language != "zh":
        return f"{s.of} {c.told(s.of, language)}: {got}"
    said = f"{term(s.of)}{c.told(s.of)}"
    if not reached:
        return f"{said}，不及较差值{c.plain(poor, s.of)}，得{got}分"
    band = reached[0]
    if band == 0:
        return f"{said}，达到优秀值{c.plain(best, s.of)}，得{got}分"
    own = f"达到{BANDS[band]}值{c.plain(s.standards[band], s.of)}，本档基础分{points(c.full * s.coefficients[band])}分"
    return f"{said}，{own}，按与{BANDS[band - 1]}值{c.plain(s.standards[band - 1], s.of)}的距离调整，得{got}分"
