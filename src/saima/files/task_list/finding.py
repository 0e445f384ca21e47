"""Where on a sheet the task list stands: its header of one or two rows, which column is what."""

from __future__ import annotations

from dataclasses import dataclass

from saima.files.sheet.grid import Grid
from saima.files.sheet.headers import headings
from saima.files.task_list.columns import field_of

SEARCHED = 30
"""Rows from the top in which a header is looked for."""
_NEEDED = {"responsible_unit", "deadline"}


@dataclass(frozen=True)
class Header:
    """The rows that the header takes, and the column of every field."""

    first: int
    rows: int
    columns: dict[str, int]

    @property
    def end(self) -> int:
        return self.first + self.rows


def find_header(grid: Grid) -> Header | None:
    """The header that names most fields, the upper and shorter one where two name as many."""
    found = [
        header
        for row in range(min(grid.height, SEARCHED))
        for size in (1, 2)
        if row + size <= grid.height
        for header in [Header(row, size, fields_in(grid, row, size))]
        if "title" in header.columns and _NEEDED & header.columns.keys()
    ]
    return max(found, key=lambda h: (len(h.columns), -h.rows, -h.first), default=None)


def fields_in(grid: Grid, row: int, size: int) -> dict[str, int]:
    """The fields that `size` rows name as a header, each with its first column."""
    found: dict[str, int] = {}
    for heading in headings(grid, list(range(row, row + size)), grid.width):
        field = field_of(heading.parts)
        if field:
            found.setdefault(field, heading.column)
    return found
