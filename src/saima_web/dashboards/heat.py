"""The heat map: every unit on every indicator, so that weak rows and weak columns show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima.scoring.result import Mark
from saima_web.campaigns.models import Campaign
from saima_web.dashboards.leaderboard import Leaderboard, Line, Track
from saima_web.ui.templatetags.saima import month, pace_words, plain_number

KINDS = {
    "rate": gettext_lazy("得分率"),
    "attainment": gettext_lazy("完成率"),
    "gap": gettext_lazy("超欠序时"),
}
"""What a cell shows: marks of full marks, attainment of the target, points ahead of pace."""

STEPS = ((0.6, "low"), (0.8, "short"), (0.95, "near"))
SLACK = 0.05
FAR = -10.0


@dataclass(frozen=True)
class Cell:
    """One cell: its number as text, its tone (a CSS class), and where it leads."""

    value: float | None
    text: str
    tone: str
    label: str
    href: str


@dataclass(frozen=True)
class Head:
    """A column: an indicator, and how all units do on it together."""

    code: str
    name: str
    category: str
    href: str
    mean: str


@dataclass(frozen=True)
class Row:
    """A unit's cells, in the order of the heads; None where it has no such mark."""

    line: Line
    cells: list[Cell | None]


@dataclass(frozen=True)
class Heat:
    """The map: heads, and rows by track."""

    kind: str
    heads: list[Head]
    tracks: list[tuple[str, list[Row]]]
    categories: list[str]

    @property
    def rows(self) -> list[Row]:
        return [row for _name, rows in self.tracks for row in rows]


def rate(mark: Mark) -> float | None:
    """Marks of full marks; None where nothing was marked."""
    if mark.marks is None or mark.full_marks <= 0:
        return None
    return mark.marks / mark.full_marks


def heat_of(
    campaign: Campaign, board: Leaderboard, *, kind: str, track: str = "", category: str = ""
) -> Heat:
    """The map of a ranking, of one track or category where wanted."""
    kind = kind if kind in KINDS else "rate"
    tracks = [t for t in board.tracks if not track or t.name == track]
    columns = _columns(tracks)
    categories = list(dict.fromkeys(columns.values()))
    codes = [c for c, where in columns.items() if not category or where == category]
    marks = {x.unit.unit: {m.indicator: m for m in x.unit.marks} for t in tracks for x in t.lines}
    rows = [
        (t.name, [Row(x, _cells(campaign, board, x, marks[x.unit.unit], codes, kind)) for x in t.lines])
        for t in tracks
    ]  # fmt: skip
    heads = [_head(campaign, board, code, list(marks.values()), kind) for code in codes]
    return Heat(kind, heads, rows, categories)


def _columns(tracks: Sequence[Track]) -> dict[str, str]:
    """Indicator -> category, in the order of the rulebook."""
    marks = [m for t in tracks for x in t.lines for m in x.unit.marks]
    return {m.indicator: m.category for m in marks}


def _cells(
    campaign: Campaign, board: Leaderboard, line: Line, marks: dict[str, Mark],
    codes: Sequence[str], kind: str,
) -> list[Cell | None]:  # fmt: skip
    return [
        _cell(campaign, board, line, marks[code], kind) if code in marks else None for code in codes
    ]


def _cell(campaign: Campaign, board: Leaderboard, line: Line, mark: Mark, kind: str) -> Cell:
    value = _value(mark, kind)
    text = _text(value, kind)
    label = f"{line.label}　{mark.name}　{KINDS[kind]}{text}"
    return Cell(value, text, _tone(mark, kind), label, _address(campaign, board, mark.indicator))


def _address(campaign: Campaign, board: Leaderboard, code: str) -> str:
    here = reverse("dashboards:indicator", args=[campaign.code, code])
    return f"{here}?period={board.run.period}"


def _value(mark: Mark, kind: str) -> float | None:
    if kind == "gap":
        return mark.pace_gap
    found = rate(mark) if kind == "rate" else mark.attainment
    return None if found is None else found * 100


def _text(value: float | None, kind: str) -> str:
    if value is None:
        return "—"
    return pace_words(value) if kind == "gap" else plain_number(value, 0)


def _tone(mark: Mark, kind: str) -> str:
    if kind == "rate":
        found = rate(mark)
        if found is None:
            return "none"
        return next((name for limit, name in STEPS if found < limit), "full")
    if mark.pace_gap is None:
        return "none" if _value(mark, kind) is None else "near"
    if mark.pace_gap < FAR:
        return "low"
    return "short" if mark.pace_gap < -SLACK else "full"


def _head(
    campaign: Campaign, board: Leaderboard, code: str, units: Sequence[dict[str, Mark]], kind: str
) -> Head:
    marks = [u[code] for u in units if code in u]
    known = [v for m in marks if (v := _value(m, kind)) is not None]
    mean = _text(sum(known) / len(known), kind) if known else "—"
    href = _address(campaign, board, code)
    return Head(code, marks[0].name, marks[0].category, href, mean)


def answer(board: Leaderboard, heat: Heat) -> list[str]:
    """Which column and which row lose most, and how many cells are weak."""
    rows = heat.rows
    shares = _shares(rows, heat.heads)
    if not shares:
        return [_("还没有可以比较的得分。")]
    name, share, weak = min(shares, key=lambda s: s[1])
    period = month(board.run.period)
    words = {"period": period, "name": name, "n": plain_number(share * 100, 1)}
    clauses = [_("%(period)s失分最集中的是%(name)s，平均得分率%(n)s%%；") % words]
    if weak:
        clauses.append(_("%(n)s家没有拿到六成；") % {"n": weak})
    lost = max(rows, key=lambda r: _lost(r.line))
    words = {"unit": lost.line.label, "n": plain_number(_lost(lost.line), 2)}
    return [*clauses, _("失分最多的单位是%(unit)s，共%(n)s分。") % words]


def _shares(rows: Sequence[Row], heads: Sequence[Head]) -> list[tuple[str, float, int]]:
    """By column: name, average rate, how many units are below six tenths."""
    marks: dict[str, list[float]] = {}
    for row in rows:
        for mark in row.line.unit.marks:
            found = rate(mark)
            if found is not None:
                marks.setdefault(mark.indicator, []).append(found)
    known = [(h.name, marks[h.code]) for h in heads if h.code in marks]
    return [(n, sum(v) / len(v), sum(1 for x in v if x < STEPS[0][0])) for n, v in known]


def _lost(line: Line) -> float:
    return sum(max(0.0, m.full_marks - m.marks) for m in line.unit.marks if m.marks is not None)


def export_rows(heat: Heat) -> tuple[list[str], list[list[Any]]]:
    """The map as a plain table."""
    header = [_("赛道"), _("单位"), *(h.name for h in heat.heads)]
    rows = [
        [name, row.line.label, *(c.value if c else None for c in row.cells)]
        for name, lines in heat.tracks
        for row in lines
    ]
    return header, rows
