"""Names of cells: (row, column) counted from 0 and the A1 names that people see."""

from __future__ import annotations

import re


def column_name(column: int) -> str:
    """0 -> A, 26 -> AA."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def cell_name(row: int, column: int) -> str:
    """(11, 3) -> D12."""
    return f"{column_name(column)}{row + 1}"


def cell_position(name: str) -> tuple[int, int]:
    """D12 -> (11, 3). Errors: ValueError for anything that is not a cell name."""
    match = re.fullmatch(r"([A-Za-z]{1,3})([1-9]\d*)", name)
    if not match:
        raise ValueError(name)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
