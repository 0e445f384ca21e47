"""Cell names (A1 style) and text that is safe to write into a cell."""

from __future__ import annotations

import re

from saima.problems import Place

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column a worksheet can have (ECMA-376; XFD1048576)."""

Cell = tuple[int, int]
"""A 0-based (row, column)."""

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*|\d*\.\d+|\d+\.)(\.\d+)?([eE][+-]?\d+)?%?")


def column_name(column: int) -> str:
    """Column letters of a 0-based column: 0 -> 'A', 26 -> 'AA'."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """A1-style name of a 0-based row and column: (11, 3) -> 'D12'."""
    return f"{column_name(column)}{row + 1}"


def column_index(letters: str) -> int:
    """0-based column of its letters: 'A' -> 0, 'AA' -> 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def cell_position(name: str) -> tuple[int, int]:
    """0-based (row, column) of an A1-style name: 'D12' -> (11, 3). ValueError if it is no cell."""
    match = _CELL.fullmatch(name.strip())
    if not match:
        raise ValueError(f"not a cell name: {name!r}")
    row, column = int(match[2]) - 1, column_index(match[1])
    if row >= LAST_ROW or column >= LAST_COLUMN:
        raise ValueError(f"outside a worksheet: {name!r}")
    return row, column


def cell_place(file: str, sheet: str, row: int, column: int) -> Place:
    """The Place of a 0-based row and column."""
    return Place(file=file, sheet=sheet, cell=cell_name(row, column))


def safe_text(value: object) -> str:
    """Text that no spreadsheet program takes for a formula; plain numbers stay as they are.

    A text that starts with = + - @, tab or line break (or their full-width forms) gets an
    apostrophe in front, unless the whole of it is a number (-3.5, +2, -4.8%).
    Source: OWASP, "CSV Injection".
    """
    text = "" if value is None else str(value)
    if text.lstrip(" ").startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text.strip(" ")):
        return "'" + text
    return text
