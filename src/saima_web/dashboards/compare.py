"""Units side by side (同台竞技): places, scores and every mark of two to four units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from saima.scoring.result import Mark
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.dashboards.leaderboard import Leaderboard, Line
from saima_web.ui.charts import Chart, Series
from saima_web.ui.templatetags.saima import month, plain_number

MOST = 4


@dataclass(frozen=True)
class Side:
    """One unit's mark in a row; `best` where nobody beside it has more."""

    mark: Mark | None
    best: bool


@dataclass(frozen=True)
class Row:
    """One indicator over the chosen units; `spread` is the distance between their marks."""

    code: str
    name: str
    category: str
    sides: list[Side]
    spread: float


def chosen(board: Leaderboard, codes: Sequence[str]) -> list[Line]:
    """The wanted units, or for a start one's own (else the first) and the one it chases."""
    lines = {x.unit.unit: x for x in board.lines}
    found = [lines[c] for c in dict.fromkeys(codes) if c in lines][:MOST]
    if len(found) >= 2 or len(lines) < 2:
        return found or list(lines.values())[:1]
    first = found[0] if found else next((x for x in board.lines if x.own), board.lines[0])
    return [first, _beside(board, first)]


def _beside(board: Leaderboard, line: Line) -> Line:
    """The unit ahead, else the one behind, else the next in the list."""
    lines = {x.unit.unit: x for x in board.lines}
    for near in (line.unit.ahead, line.unit.behind):
        if near is not None and near.unit in lines:
            return lines[near.unit]
    return next(x for x in board.lines if x is not line)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Every indicator that one of the units has, in the order of the rulebook."""
    marks = [{m.indicator: m for m in x.unit.marks} for x in lines]
    codes = dict.fromkeys(code for unit in marks for code in unit)
    return [_row(code, [unit.get(code) for unit in marks]) for code in codes]


def _row(code: str, marks: Sequence[Mark | None]) -> Row:
    some = next(m for m in marks if m is not None)
    points = [m.marks for m in marks if m is not None and m.marks is not None]
    top = max(points, default=None)
    spread = max(points) - min(points) if len(points) > 1 else 0.0
    sides = [Side(m, spread > 0 and m is not None and m.marks == top) for m in marks]
    return Row(code, some.name, some.category, sides, spread)


def widest(rows: Sequence[Row], most: int = 3) -> list[Row]:
    """The indicators on which the units lie furthest apart."""
    return [r for r in sorted(rows, key=lambda r: -r.spread) if r.spread > 0][:most]


def answer(board: Leaderboard, lines: Sequence[Line], rows: Sequence[Row]) -> list[str]:
    """Who has more, by how much, and where the distance comes from."""
    if len(lines) < 2:
        return [_("只有一家单位，无从比较。")]
    known = sorted(
        (x for x in lines if x.unit.score is not None), key=lambda x: -(x.unit.score or 0.0)
    )
    if len(known) < 2:
        return [_("这些单位还没有得分。")]
    first, last = known[0], known[-1]
    gap = (first.unit.score or 0.0) - (last.unit.score or 0.0)
    words = {
        "period": month(board.run.period), "first": first.label, "last": last.label,
        "n": plain_number(gap, 2),
    }  # fmt: skip
    clauses = [_("%(period)s%(first)s比%(last)s高%(n)s分") % words]
    if gap == 0:
        clauses = [_("%(period)s%(first)s与%(last)s同分") % words]
    wide = widest(rows, 1)
    if not wide:
        return [_("%(said)s。") % {"said": clauses[0]}]
    words = {"name": wide[0].name, "n": plain_number(wide[0].spread, 2)}
    return [
        _("%(said)s；") % {"said": clauses[0]},
        _("差距最大的是%(name)s，相差%(n)s分。") % words,
    ]


def chart(campaign: Campaign, lines: Sequence[Line]) -> Chart:
    """Scores month by month, a line each."""
    months = max((len(x.scores) for x in lines), default=0)
    names = [month(p.text) for p in periods_of(campaign)][:months]
    return Chart("lines", _("得分走势"), names, [Series(x.label, x.scores) for x in lines])


def export_rows(lines: Sequence[Line], rows: Sequence[Row]) -> tuple[list[str], list[list[Any]]]:
    """The comparison as a plain table: marks of each unit, and how far they lie apart."""
    header = [_("类别"), _("指标"), *(x.label for x in lines), _("相差（分）")]
    body: list[list[Any]] = [["", _("得分"), *(x.unit.score for x in lines), None]]
    body += [
        [r.category, r.name, *(s.mark.marks if s.mark else None for s in r.sides), r.spread]
        for r in rows
    ]
    return header, body
