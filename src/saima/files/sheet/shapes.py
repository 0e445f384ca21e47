"""The JSON shape of `saima read --json`."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from saima.files.sheet.model import ColumnKind, Reason, RowKind

Missing = Literal["", "not-reported", "not-applicable", "below-unit", "unknown", "excluded", "zero"]


class ValueData(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One figure or text: `number` in `measure` (null: none, `missing` says why), its cell as
    written, what it is about. missing `zero` is a word that stands for 0; `bound` is >=, <=, >, <
    or ~ where the cell says so. Parts that the sheet does not say are left out."""

    cell: str
    written: str
    number: float | None
    text: str = ""
    measure: str = ""
    missing: Missing = ""
    bound: Literal["", ">=", "<=", ">", "<", "~"] = ""
    unit: str = ""
    indicator: str = ""
    period: str = ""
    field: str = ""


class RowData(Struct, forbid_unknown_fields=True):
    """One row of data; `row` counts from 1, group names are filled down in `labels`."""

    row: int
    kind: RowKind
    labels: list[str]
    section: str
    hidden: bool
    values: list[ValueData]


class ColumnData(Struct, forbid_unknown_fields=True):
    """One column: its header from the top group down, what it holds, the field it is mapped to."""

    column: str
    path: list[str]
    kind: ColumnKind
    field: str
    measure: str
    period: str
    hidden: bool


class TableData(Struct, forbid_unknown_fields=True):
    """One table of a sheet; context is the unit, indicator and period said above it."""

    title: str
    measures: list[str]
    context: dict[str, str]
    columns: list[ColumnData]
    rows: list[RowData]
    notes: list[str]


class UnreadData(Struct, forbid_unknown_fields=True):
    """A cell that was not read, and why: a code and the same in words."""

    cell: str
    code: Reason
    reason: str


class SheetData(Struct, forbid_unknown_fields=True):
    """One sheet: how many cells of each role, its tables, what was not read or not mapped."""

    sheet: str
    cells: dict[str, int]
    tables: list[TableData]
    unread: list[UnreadData]
    unmapped: list[str]


class ReadData(Struct, forbid_unknown_fields=True):
    """`saima read FILE --json`; problems are as in problem.schema.json."""

    file: str
    kind: Literal["xlsx", "xls", "csv"]
    sheets: list[SheetData]
    problems: list[dict[str, Any]]
