"""How wide a table's columns must be, in ems (the width of one 汉字), and how its cells wrap."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from saima.briefing.model import Chart, Column, Table, cell_text

PADDING = 1.4
"""Ems left free in every column, both sides together."""

_TIGHT = 0.8
_NARROWEST_TEXT = 6.0
_NARROWEST_WORDS, _LONG_NAME = 4.0, 6.0
_NAME = 20.0
"""Texts up to this width are names: they wrap into two lines at most."""


def text_width(text: str) -> float:
    """The width of the longest line of a text in ems: 1 for 汉字, about half for Latin."""
    return max((_line_width(line) for line in text.split("\n")), default=0.0)


@lru_cache(maxsize=8192)  # names and numbers come again in every table and format
def _line_width(line: str) -> float:
    """Characters, and the quarter em that layout puts between 汉字 and Latin or digits."""
    wide = [unicodedata.east_asian_width(character) in "WFA" for character in line]
    marks = [unicodedata.category(character)[0] in "PSZ" for character in line]
    joints = sum(
        wide[i] != wide[i + 1] and not marks[i] and not marks[i + 1] for i in range(len(line) - 1)
    )
    return sum(map(_character_width, line)) + joints / 4


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in ",.:;' ":
        return 0.3
    return 0.75 if character.isupper() or character in "%@mw" else 0.52


def column_needs(table: Table) -> list[tuple[float, float]]:
    """Per column the narrowest acceptable and the comfortable width, without padding."""
    return [
        _needs(
            column, max((text_width(cell_text(row[i], column)) for row in table.rows), default=0)
        )
        for i, column in enumerate(table.columns)
    ]


def _needs(column: Column, longest: float) -> tuple[float, float]:
    name = text_width(column.header)
    measure = text_width(_bracketed(column)) if column.measure else 0.0
    header = max(name if name <= 3 else math.ceil(name / 2), measure)
    wrapped = max(_NARROWEST_TEXT, min(longest, _NAME) / 2)
    narrowest = min(longest, wrapped) if column.kind == "text" else longest
    return max(narrowest, header), max(longest, name, measure)


def _bracketed(column: Column) -> str:
    return column.heading[len(column.header) :]


def header_text(column: Column, width: float) -> str:
    """The header as it stands in a column of `width` ems: broken evenly, the measure on its own."""
    room = max(1.0, width - _TIGHT)
    if text_width(column.heading) <= room:
        return column.heading
    count = math.ceil(text_width(column.header) / room)
    size = math.ceil(len(column.header) / count)
    lines = [column.header[i : i + size] for i in range(0, len(column.header), size)]
    return "\n".join([*lines, _bracketed(column)] if column.measure else lines)


def fit_columns(table: Table, available: float) -> list[float] | None:
    """Column widths in ems (padding in them) that fill `available`; None if the table is wider."""
    needs = column_needs(table)
    narrowest = [low + PADDING for low, _ in needs]
    spare = available - sum(narrowest)
    if spare < 0:
        return None
    weights = sum(column.width for column in table.columns)
    asked = [available * column.width / (weights or 1.0) for column in table.columns]
    if all(width >= low for width, low in zip(asked, narrowest, strict=True)):
        return asked
    return _shared(narrowest, [high - low for low, high in needs], spare)


def _shared(widths: list[float], wants: list[float], spare: float) -> list[float]:
    """Give the spare width to those who want it, then to all in proportion."""
    wanted = sum(wants)
    if wanted > spare:
        return [width + want * spare / wanted for width, want in zip(widths, wants, strict=True)]
    grown = [width + want for width, want in zip(widths, wants, strict=True)]
    return [width * (1 + (spare - wanted) / sum(grown)) for width in grown]


def squeezed_columns(
    table: Table, available: float, words: float = _NARROWEST_WORDS
) -> list[float] | None:
    """Widths for a table that does not quite fit: numbers stay whole, words give way.

    None if a column of words would get less than `words` ems.
    """
    is_text = [column.kind == "text" for column in table.columns]
    needs = [low + _TIGHT for low, _ in column_needs(table)]
    fixed = sum(need for need, text in zip(needs, is_text, strict=True) if not text)
    rest, asked = available - fixed, sum(needs) - fixed
    widths = (
        [need * rest / asked if text else need for need, text in zip(needs, is_text, strict=True)]
        if asked
        else []
    )
    narrowest = min((w for w, text in zip(widths, is_text, strict=False) if text), default=0.0)
    return widths if widths and narrowest >= words else None


def crowded_columns(table: Table, available: float) -> list[float]:
    """Widths for a table that fits in no way: in proportion to its needs."""
    needs = [low + _TIGHT for low, _ in column_needs(table)]
    return [available * need / sum(needs) for need in needs]


def bars_lie(chart: Chart) -> bool:
    """True if a chart's bars should lie: ranked ones, and those with names too long to stand."""
    longest = max(map(text_width, chart.categories), default=0.0)
    return chart.kind == "ranked_bar" or (chart.kind == "bar" and longest > _LONG_NAME)


def lines_in(text: str, width: float) -> int:
    """Lines that a text takes in a column of `width` ems (padding in it)."""
    room = max(1.0, width - PADDING)
    return sum(max(1, math.ceil(_line_width(line) / room)) for line in text.split("\n"))


def row_lines(table: Table, widths: list[float]) -> list[int]:
    """Lines that each row of a table takes, its header first."""
    header = max(
        lines_in(column.heading, width) for column, width in zip(table.columns, widths, strict=True)
    )
    body = [
        max(
            lines_in(cell_text(cell, column), width)
            for cell, column, width in zip(row, table.columns, widths, strict=True)
        )
        for row in table.rows
    ]
    return [header, *body]
