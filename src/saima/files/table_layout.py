"""How wide a table's columns must be, in ems (the width of one 汉字), and how its cells wrap."""

from __future__ import annotations

import math
import unicodedata

from saima.briefing.model import Column, Table, cell_text

PADDING = 0.8
"""Ems left free in every column, both sides together."""

_NARROWEST_TEXT = 6.0


def text_width(text: str) -> float:
    """The width of the longest line of a text in ems: 1 for 汉字, about half for Latin."""
    return max((_line_width(line) for line in text.split("\n")), default=0.0)


def _line_width(line: str) -> float:
    return sum(_character_width(character) for character in line)


def _character_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.7 if character.isupper() or character in "%@mw" else 0.55


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
    measure = text_width(column.measure) + 2 if column.measure else 0.0
    header = max(min(name, 2.0), math.ceil(name / 2), measure)
    narrowest = min(longest, _NARROWEST_TEXT) if column.kind == "text" else longest
    return max(narrowest, header), max(longest, name, measure)


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


def squeezed_columns(table: Table, available: float) -> list[float]:
    """Widths for a table that does not fit: in proportion to its needs."""
    needs = [low + PADDING for low, _ in column_needs(table)]
    return [available * need / sum(needs) for need in needs]


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
