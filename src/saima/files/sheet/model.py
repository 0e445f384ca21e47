"""What was understood of a sheet: tables, rows and values, and the role of every cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from saima.files.cells import Cell
from saima.places import cell_name
from saima.problems import Problem

Role = Literal["value", "label", "header", "title", "measure", "total", "note", "unread", ""]
"""What a cell is; label: the name of a row; '' only for blank cells."""

Reason = Literal[
    "no-header",
    "no-column-header",
    "no-name",
    "outside",
    "not-a-number",
    "measure",
    "error",
    "no-result",
]
"""Why a cell was not read."""

REASONS: dict[Reason, tuple[str, str]] = {
    "no-header": ("没有找到表头", "no header was found"),
    "no-column-header": ("该列没有表头", "its column has no header"),
    "no-name": ("本行没有名称", "its row has no name"),
    "outside": ("在表格之外", "outside the table"),
    "not-a-number": ("不是数字", "no number"),
    "measure": ("计量单位无法换算", "its measure cannot be converted"),
    "error": ("公式错误", "error of a formula"),
    "no-result": ("公式没有保存结果", "formula without a saved result"),
}
"""The reasons in Chinese and English."""

ColumnKind = Literal["label", "sequence", "number", "text"]
RowKind = Literal["item", "total", "subtotal", "of-which"]


@dataclass(frozen=True)
class Column:
    """A column: 0-based index, header texts top to bottom, what it holds.

    field: what the mapping calls it (unit, indicator, target, actual …), or ''. measure: of its
    figures, or '' where the row or the table says it. period: canonical text, or ''.
    """

    index: int
    path: tuple[str, ...]
    kind: ColumnKind
    field: str = ""
    measure: str = ""
    period: str = ""
    hidden: bool = False

    @property
    def name(self) -> str:
        """The header as one text, groups first: 一季度/完成."""
        return "/".join(self.path)


class Value(NamedTuple):
    """One figure or text of a table, with everything that tells what it is about.

    written: the text of the cell. number: in `measure`, None if there is none. missing: '' or why
    there is no number (`zero` where a word stands for 0). bound: '', >=, <=, >, < or ~ (about).
    unit, indicator, period, field: '' where the sheet does not say.
    """

    row: int
    column: int
    written: str
    number: float | None = None
    text: str = ""
    measure: str = ""
    missing: str = ""
    bound: str = ""
    unit: str = ""
    indicator: str = ""
    period: str = ""
    field: str = ""

    @property
    def cell(self) -> str:
        """The A1 name of its cell."""
        return cell_name(self.row, self.column)


@dataclass(frozen=True)
class Row:
    """A row of data: its labels (group columns filled down), and its values from left to right."""

    index: int
    labels: tuple[str, ...]
    kind: RowKind
    section: str
    hidden: bool
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """One table of a sheet. context: unit, indicator, period said above the table."""

    title: str
    measures: tuple[str, ...]
    context: dict[str, str]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @property
    def values(self) -> list[Value]:
        """All values, row by row, totals included."""
        return [value for row in self.rows for value in row.values]


@dataclass(frozen=True)
class Reading:
    """A sheet as it was understood. `roles[r][c]` for every cell; `unread` gives reasons."""

    file: str
    sheet: str
    tables: tuple[Table, ...]
    roles: list[list[Role]]
    unread: dict[Cell, Reason] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    unmapped: tuple[str, ...] = ()
    """Headers that no field is known for and that nobody has decided to leave without one."""
