"""A sheet being written that knows the truth of its figures, and what must come of a plant."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Cell = tuple[int, int]


@dataclass
class Draft:
    """A sheet being written; rows and columns are 0-based.

    truth: the number that must be read at each figure cell (None: none). units: the label of
    each data row. group_cells: cells of upper header rows that are merged over their columns.
    """

    cells: dict[Cell, object] = field(default_factory=dict)
    formats: dict[Cell, str] = field(default_factory=dict)
    formulas: dict[Cell, tuple[str, object]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    header: list[int] = field(default_factory=list)
    data: list[int] = field(default_factory=list)
    totals: list[tuple[int, list[int]]] = field(default_factory=list)
    label: int = 0
    amounts: list[int] = field(default_factory=list)
    rates: list[int] = field(default_factory=list)
    groups: list[Cell] = field(default_factory=list)
    last_row: int = 0
    measure: str = "万元"
    truth: dict[Cell, Decimal | None] = field(default_factory=dict)
    added: set[Cell] = field(default_factory=set)

    def figures(self) -> list[Cell]:
        """Cells of items' amounts."""
        return [(row, column) for row in self.data for column in self.amounts]

    def head(self, column: int) -> Cell:
        """The lowest header cell of a column that has a text."""
        return next((r, column) for r in reversed(self.header) if (r, column) in self.cells)


@dataclass
class Expected:
    """What must come of a plant: problems as (code, cell name), and the state of planted cells."""

    problems: list[tuple[str, str]] = field(default_factory=list)
    states: dict[Cell, dict[str, Any]] = field(default_factory=dict)
    unread: set[Cell] = field(default_factory=set)
