"""The heat map: every unit on every indicator, so that weak rows and weak columns show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saima.scoring.result import Mark
from saima_web.campaigns.models import Campaign
from saima_web.dashboards.leaderboard import Leaderboard, Line, Track
from saima_web.scoring.matrix import Floats, Matrix, Places, matrix_of
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


MOST = 4000
"""Cells on one page: of a larger map a page shows some rows, and one category to begin with."""
WIDE = 80
ALL = "*"
"""What the address says for all categories, where one is shown if it says nothing."""


@dataclass(frozen=True)
class Cell:
    """One cell: its number as text, its tone (a CSS class), and what is read out."""

    value: float | None
    text: str
    tone: str
    label: str


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
    heads: Sequence[Head]

    @property
    def drawn(self) -> SafeString:
        """The cells as HTML: a template would take ten times as long over thousands of them."""
        none = escape(_("不考核"))
        empty = f'<td class="none"><span class="na" aria-label="{none}">·</span></td>'
        unit = escape(self.line.label)
        return mark_safe(
            "".join(
                f'<td class="{c.tone}"><a href="{escape(h.href)}" tabindex="-1"'
                f' aria-label="{unit}　{escape(c.label)}">{escape(c.text)}</a></td>'
                if c else empty
                for c, h in zip(self.cells, self.heads, strict=True)
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Which part of a large map a page shows: rows from `first` to `last` of `rows`."""

    first: int
    last: int
    rows: int
    columns: int
    page: int
    pages: int


@dataclass(frozen=True)
class Heat:
    """The map: heads, and rows by track. category: the one shown, empty for all.

    part: set where the page holds only a part of what was asked for.
    """

    kind: str
    heads: list[Head]
    tracks: list[tuple[str, list[Row]]]
    categories: list[str]
    category: str = ""
    part: Part | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for _name, rows in self.tracks for row in rows]


def rate(mark: Mark) -> float | None:
    """Marks of full marks; None where nothing was marked."""
    if mark.marks is None or mark.full_marks <= 0:
        return None
    return mark.marks / mark.full_marks


def heat_of(
    campaign: Campaign, board: Leaderboard, *, kind: str, track: str = "", category: str = "",
    page: int = 0,
) -> Heat:  # fmt: skip
    """The map of a ranking, of one track or category where wanted; without `page` the whole."""
    kind = kind if kind in KINDS else "rate"
    known, tracks = matrix_of(board.run), [t for t in board.tracks if not track or t.name == track]
    columns = _columns(known, tracks)
    categories = list(dict.fromkeys(columns.values()))
    lines = [x for t in tracks for x in t.lines]
    codes = [c for c, where in columns.items() if category in ("", ALL) or where == category]
    part, shown = None, "" if category == ALL else category
    if page and len(lines) * len(codes) > MOST:
        if not category and len(codes) > WIDE and len(categories) > 1:
            shown = categories[0]
        kept = [c for c in codes if not shown or columns[c] == shown]
        part = _part(page, len(lines), len(kept), len(codes))
        codes, lines = kept, lines[part.first - 1 : part.last]
    heads = _heads(campaign, board, known, codes, tracks, kind)
    wanted, word = {x.unit.unit for x in lines}, str(KINDS[kind])
    rows = [
        (t.name, [_row(known, x, heads, kind, word) for x in t.lines if x.unit.unit in wanted])
        for t in tracks
    ]
    return Heat(kind, heads, [(name, r) for name, r in rows if r], categories, shown, part)


def _part(page: int, rows: int, kept: int, columns: int) -> Part:
    """The rows of a page, so many that it stays below its number of cells."""
    size = max(20, MOST // max(kept, 1))
    pages = -(-rows // size)
    page = min(max(page, 1), pages)
    return Part((page - 1) * size + 1, min(page * size, rows), rows, columns, page, pages)


def _columns(known: Matrix, tracks: Sequence[Track]) -> dict[str, str]:
    """Indicator -> category, in the order of the rulebook: what some unit of the tracks has."""
    rows = _places(known, tracks)
    held: list[bool] = np.any(~np.isnan(known.full[rows]), axis=0).tolist()
    return {code: known.category[n] for code, n in known.indicators.items() if held[n]}


def _row(known: Matrix, line: Line, heads: Sequence[Head], kind: str, word: str) -> Row:
    marks = known.by_unit[known.units[line.unit.unit]]
    cells = [_cell(marks[h.code], kind, word) if h.code in marks else None for h in heads]
    return Row(line, cells, heads)


def _cell(mark: Mark, kind: str, word: str) -> Cell:
    value = _value(mark, kind)
    text = _text(value, kind)
    return Cell(value, text, _tone(mark, kind), f"{mark.name}　{word}{text}")


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


def _heads(
    campaign: Campaign, board: Leaderboard, known: Matrix, codes: Sequence[str],
    tracks: Sequence[Track], kind: str,
) -> list[Head]:  # fmt: skip
    rows, columns = _places(known, tracks), known.columns(codes)
    values = {"rate": known.rate, "attainment": known.attainment, "gap": known.gap}[kind]
    scale = 1.0 if kind == "gap" else 100.0
    means = _means(values[np.ix_(rows, columns)] * scale)
    return [
        Head(
            code, known.name[n], known.category[n], _address(campaign, board, code),
            _text(None if np.isnan(mean) else mean, kind),
        )
        for code, n, mean in zip(codes, columns.tolist(), means.tolist(), strict=True)
    ]  # fmt: skip


def _places(known: Matrix, tracks: Sequence[Track]) -> Places:
    return known.rows([x.unit.unit for t in tracks for x in t.lines])


def _means(values: Floats) -> Floats:
    """Of each column's numbers; NaN where it has none."""
    count = (~np.isnan(values)).sum(axis=0)
    sums = np.nansum(values, axis=0)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def answer(board: Leaderboard, *, track: str = "", category: str = "") -> list[str]:
    """Which column and which row lose most, and how many cells are weak."""
    known, tracks = matrix_of(board.run), [t for t in board.tracks if not track or t.name == track]
    rows, columns = _places(known, tracks), _columns(known, tracks)
    codes = [c for c, where in columns.items() if category in ("", ALL) or where == category]
    rates = known.rate[np.ix_(rows, known.columns(codes))]
    shares = _means(rates)
    if not len(rows) or not codes or np.isnan(shares).all():
        return [_("还没有可以比较的得分。")]
    worst = int(np.nanargmin(shares))
    weak, period = int((rates[:, worst] < STEPS[0][0]).sum()), month(board.run.period)
    name = known.name[known.indicators[codes[worst]]]
    words = {"period": period, "name": name, "n": plain_number(float(shares[worst]) * 100, 1)}
    clauses = [_("%(period)s失分最集中的是%(name)s，平均得分率%(n)s%%；") % words]
    if weak:
        clauses.append(_("%(n)s家没有拿到六成；") % {"n": weak})
    lines = [x for t in tracks for x in t.lines]
    last = int(np.argmax(known.lost[rows]))
    words = {"unit": lines[last].label, "n": plain_number(float(known.lost[rows][last]), 2)}
    return [*clauses, _("失分最多的单位是%(unit)s，共%(n)s分。") % words]


def export_rows(heat: Heat) -> tuple[list[str], list[list[Any]]]:
    """The map as a plain table."""
    header = [_("赛道"), _("单位"), *(h.name for h in heat.heads)]
    rows = [
        [name, row.line.label, *(c.value if c else None for c in row.cells)]
        for name, lines in heat.tracks
        for row in lines
    ]
    return header, rows
