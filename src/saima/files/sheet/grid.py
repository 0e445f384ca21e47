"""A sheet as a grid that knows its merged cells and what each row looks like."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property

from saima.files.cells import Cell
from saima.files.opening import Sheet
from saima.files.sheet.values import is_missing_mark, is_number
from saima.files.sheet.words import is_blank

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, 0-based."""


class Grid:
    """The cells of a sheet by 0-based row and column; blank is ''."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.rows = sheet, sheet.rows
        self.height = len(sheet.rows)
        self.width = len(sheet.rows[0]) if sheet.rows else 0

    @cached_property
    def spans(self) -> dict[Cell, Span]:
        """For every cell of a merged range, the range (cut to the used area)."""
        found: dict[Cell, Span] = {}
        room = self.height * self.width  # ranges never overlap, except in files made to harm
        for (r0, c0), (r1, c1) in self.sheet.merged:
            span = (r0, c0, min(r1, self.height - 1), min(c1, self.width - 1))
            room -= (span[2] - r0 + 1) * (span[3] - c0 + 1)
            if room < 0:
                break
            for row in range(r0, span[2] + 1):
                for column in range(c0, span[3] + 1):
                    found[row, column] = span
        return found

    @cached_property
    def filled(self) -> list[list[int]]:
        """For every row, its columns that are not blank."""
        return [
            [c for c, v in enumerate(row) if v != "" and (type(v) is float or not is_blank(v))]
            for row in self.rows
        ]

    @cached_property
    def last_wide(self) -> int:
        """The last row with more than one cell that is not blank; -1 if there is none."""
        return max((r for r, columns in enumerate(self.filled) if len(columns) > 1), default=-1)

    def raw(self, row: int, column: int) -> object:
        """The value of the cell itself."""
        return self.rows[row][column] if column < self.width else ""

    def shown(self, row: int, column: int) -> object:
        """The value that one sees: that of the merged range's first cell, if the cell is in one."""
        span = self.spans.get((row, column))
        return self.raw(span[0], span[1]) if span else self.raw(row, column)

    def is_single(self, row: int) -> bool:
        """True if the row shows one text only."""
        return len(self.filled[row]) == 1

    def is_plain_data(self, row: int) -> bool:
        """True if a row holds, beside other cells, a number that can be no year and no month."""
        cells = self.rows[row]
        return len(self.filled[row]) > 1 and any(
            type(v) is float and not 1900 <= v < 2101 and not 190_000 <= v < 210_100 for v in cells
        )

    def figures(self, row: int) -> list[int]:
        """Columns that hold a number or a mark for a missing one."""
        return [c for c in self.filled[row] if is_figure(self.rows[row][c])]


def is_figure(value: object) -> bool:
    """True for a number, a number as text, or a mark that stands for a missing number."""
    if isinstance(value, str):
        return is_number(value) or is_missing_mark(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_moment(value: object) -> bool:
    """True for a real date or time."""
    return isinstance(value, date | datetime | time)
