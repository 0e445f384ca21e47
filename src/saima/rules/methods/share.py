"""A unit's share of the whole and how it changed (份额及其变化)."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from saima.rules.quantities import Quantities, Scope
from saima.rules.slopes import (
    Slope,
    change,
    in_marks,
    slope_errors,
    slope_rule,
    slope_sentence,
    stated,
)
from saima.rules.values import Marks, Quantity
from saima.rules.words import Cell, marks_text, percent, points, short
from saima.steps import Num, maximum, named

NAME = "share"
TITLE = ("份额计分", "share")


class Settings(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What may be set."""

    among: Annotated[Scope, Meta(description="占赛道还是全体单位合计的份额")] = "track"
    before: Annotated[Quantity, Meta(description="与哪个时期的份额比")] = "last_year"
    base: Annotated[Marks, Meta(description="份额不变得几分")] = "full"
    up: Annotated[Slope | None, Meta(description="份额每升多少个百分点（each）加（扣）几分")] = None
    down: Annotated[Slope | None, Meta(description="份额每降多少个百分点（each）扣（加）几分")] = (
        None
    )
    lowest: Annotated[Marks, Meta(description="最低得分")] = 0.0


def check(s: Settings) -> list[str]:
    if s.up is None and s.down is None:
        return ["up 与 down 至少要写一项"]
    return slope_errors(s.up, "up") + slope_errors(s.down, "down")


def needs(s: Settings) -> tuple[str, ...]:
    return ("actual", s.before)


def _sum(of: str, s: Settings) -> str:
    return f"sum_{'all_' if s.among == 'all' else ''}{of}"


def shows(s: Settings) -> tuple[str, ...]:
    return (*needs(s), _sum("actual", s), _sum(s.before, s))


def marks(q: Quantities, s: Settings) -> Num:
    """S = base + up·(points gained) − down·(points lost). Source: 金华 2011, 占比比上年提高."""
    full = q.get("full")
    now = named(q.get("actual") / q.statistic("sum", "actual", s.among), "份额")
    then = named(q.get(s.before) / q.statistic("sum", s.before, s.among), "原份额")
    gained = named((now - then) * 100.0, "份额升降（百分点）")
    out = in_marks(s.base, full)
    if s.up:
        out = out + named(change(gained, s.up, full), "份额上升")
    if s.down:
        out = out + named(change(-gained, s.down, full), "份额下降")
    return named(maximum(out, in_marks(s.lowest, full)), "份额得分")


def rule(s: Settings, language: str) -> str:
    zh = language == "zh"
    pairs = ((s.up, "上升" if zh else "gained"), (s.down, "下降" if zh else "lost"))
    words = [slope_rule(slope, "points", verb, language) for slope, verb in pairs if slope]
    base = marks_text(s.base, language)
    if not zh:
        return f"Share unchanged: {base}; {'; '.join(words)}."
    scope = "赛道" if s.among == "track" else "全体单位"
    return f"占{scope}合计的份额不变得{base}；份额{'；'.join(words)}。"


def sentence(c: Cell, s: Settings, language: str) -> str:
    now = c["actual"] / c[_sum("actual", s)]
    then = c[s.before] / c[_sum(s.before, s)]
    gained = (now - then) * 100.0
    slope = s.up if gained > 0 else s.down
    base = points(stated(s.base, c.full))
    zh = language == "zh"
    said = (
        f"份额{percent(now)}，原为{percent(then)}"
        if zh
        else f"share {percent(now)}, was {percent(then)}"
    )
    if slope is None or gained == 0:
        return f"{said}，得{c.points}分" if zh else f"{said}: {c.points}"
    change_ = slope_sentence(abs(gained), slope, c.full, c.marks_decimals, language)
    if not zh:
        return f"{said}: {base}, {change_}, in all {c.points}"
    move = f"{'上升' if gained > 0 else '下降'}{short(abs(gained))}个百分点"
    return f"{said}，{move}，基础{base}分，{change_}，合计{c.points}分"
