"""Tables of a campaign as they stand in files: headers above columns that are read when asked for.

CSV and Parquet are opened here, sheets of a workbook in `workbook`; what follows is the
same for both.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import Form, headers, plain_header
from saima.files.campaign.values import plain_text
from saima.files.csv_text import decoded
from saima.periods import Clock, Period, parse
from saima.places import cell_name
from saima.problems import Place, Refused, refuse

if TYPE_CHECKING:
    import polars as pl

MAX_CSV = 1_000_000_000
"""Bytes of a CSV that is read; larger tables belong in Parquet."""
LONGEST_CELL = 10_000
"""Characters of a text cell that is taken as meant."""

Cell = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """One table as read. `first_row` is the 1-based row of the first record; records follow on.

    `read(i)` gives the i-th column: a Series from CSV (text) or Parquet (typed), a list of raw
    values from a sheet. `percents` are the 0-based cells that are shown as percentages.
    """

    form: Form
    file: str
    sheet: str
    headers: tuple[str, ...]
    height: int
    first_row: int
    read: Callable[[int], Any]
    percents: frozenset[Cell] = frozenset()

    @property
    def name(self) -> str:
        """How places name the table: the sheet, or the file of a folder."""
        return self.sheet or self.file

    def place(self, record: int, column: int) -> Place:
        """The cell of a 0-based record (-1 is the header) in a 0-based column."""
        cell = cell_name(self.first_row - 1 + record, column)
        return Place(self.file, self.sheet, cell)


@dataclass
class Columns:
    """Where the fields of a grid stand: field name -> column, and columns named by a period."""

    grid: Grid
    of: dict[str, int] = field(default_factory=dict)
    periods: list[tuple[int, Period]] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return name in self.of

    def read(self, name: str) -> Any:
        """The column of a field, None where there is none."""
        return self.grid.read(self.of[name]) if name in self.of else None

    def distinct(self, name: str) -> Any:
        """The different values of a field's column."""
        column = self.read(name)
        return list(set(column)) if isinstance(column, list) else column.unique()

    def place(self, record: int, name: str) -> Place:
        """The cell of a record in the column of a field (the record's first cell without one)."""
        return self.grid.place(record, self.of.get(name, min(self.of.values(), default=0)))

    def header(self, name: str) -> str:
        """The header as the user wrote it, or as it should be written."""
        if name in self.of:
            return self.grid.headers[self.of[name]].strip()
        return self.grid.form.field(name).headers[0]


def columns_of(grid: Grid, clock: Clock | None, findings: Findings) -> Columns:
    """Match headers with fields; headers that are periods count only where a clock is given."""
    found = Columns(grid)
    known = headers(grid.form.table)
    for index, header in enumerate(grid.headers):
        name = known.get(plain_header(header))
        if name and name not in found.of:
            found.of[name] = index
        elif name:
            first = grid.headers[found.of[name]]
            findings.add("column-twice", grid.place(-1, index), header=header, first=first)
        elif header.strip() and not _take_period(found, index, header, clock):
            every = [h for f in grid.form.fields for h in f.headers]
            place = grid.place(-1, index)
            findings.add_near("column-unknown", place, header, every, header=header[:60])
    _require(found, findings)
    return _one_form(found, findings)


def _one_form(found: Columns, findings: Findings) -> Columns:
    """A table of figures is long or wide: of both, the one that is filled in counts."""
    if not found.periods or not found.has("period") or found.grid.form.table != "facts":
        return found
    if all(plain_text(v) == "" for v in found.distinct("period")):
        del found.of["period"]
        return found
    for index, _ in found.periods:
        header = found.grid.headers[index]
        values = {"header": header, "nearest": "", "nearest_en": ""}
        findings.add("column-unknown", found.grid.place(-1, index), **values)
    found.periods.clear()
    return found


def _take_period(found: Columns, index: int, header: str, clock: Clock | None) -> bool:
    if clock is None or len(header) > 40:
        return False
    try:
        period = parse(header.strip().removesuffix("计划").removesuffix("完成"), clock)
    except Refused:
        return False
    found.periods.append((index, period))
    return True


def _require(found: Columns, findings: Findings) -> None:
    grid = found.grid
    for wanted in grid.form.fields:
        if wanted.required and wanted.name not in found.of:
            values = {"table": grid.form.sheet, "header": wanted.headers[0], "field": wanted.name}
            findings.add("column-missing", Place(grid.file, grid.sheet), **values)


# --- files --------------------------------------------------------------------------------------


def open_grid(path: Path, name: str, form: Form, findings: Findings) -> Grid:
    """Open a CSV or Parquet file as a table; `name` is how places name it (facts/2026.parquet).

    Errors: Refused with `table-unreadable` or `table-too-large`.
    """
    if path.suffix.lower() == ".parquet":
        return _open_parquet(path, name, form)
    return _open_csv(path, name, form, findings)


def _open_parquet(path: Path, name: str, form: Form) -> Grid:
    import polars as pl

    try:
        schema = pl.read_parquet_schema(path)
        height = pl.scan_parquet(path).select(pl.len()).collect().item()
    except Exception as error:
        raise _unreadable(name, error) from error
    columns = list(schema)

    def read(index: int) -> pl.Series:
        try:
            return pl.read_parquet(path, columns=[columns[index]]).to_series()
        except Exception as error:
            raise _unreadable(name, error) from error

    return Grid(form, name, "", tuple(columns), height, 2, read)


def _unreadable(name: str, error: Exception) -> Refused:
    reason = str(error).strip().split("\n")[0][:120] or type(error).__name__
    return refuse("table-unreadable", Place(file=name), reason=reason)


def _open_csv(path: Path, name: str, form: Form, findings: Findings) -> Grid:
    size = path.stat().st_size
    if size > MAX_CSV:
        limits = {"size": f"{size // 1_000_000:,} MB", "limit": f"{MAX_CSV // 1_000_000:,} MB"}
        raise refuse("table-too-large", Place(file=name), **limits)
    content = _as_utf8(path.read_bytes(), name)
    if not content.strip():
        raise refuse("table-unreadable", Place(file=name), reason="文件是空的")
    separator = _separator(content)
    frame = _csv_frame(content, separator, name, findings)
    titles = tuple(str(v or "") for v in frame.row(0))
    body = frame.slice(1)
    return Grid(form, name, "", titles, body.height, 2, lambda i: body.to_series(i))


def _separator(content: bytes) -> str:
    first = content[: content.find(b"\n")] if b"\n" in content else content
    return "\t" if b"\t" in first and b"," not in first else ","


def _csv_frame(content: bytes, separator: str, name: str, findings: Findings) -> pl.DataFrame:
    import polars as pl

    options: dict[str, Any] = {"has_header": False, "infer_schema": False, "separator": separator}
    try:
        return pl.read_csv(BytesIO(content), **options)
    except pl.exceptions.PolarsError:
        pass
    try:
        frame = pl.read_csv(BytesIO(content), truncate_ragged_lines=True, **options)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(name, error) from error
    _name_long_rows(content, separator, frame.width, name, findings)
    return frame


def _name_long_rows(
    content: bytes, separator: str, width: int, name: str, findings: Findings
) -> None:
    """Find the rows with more cells than the header, which cost the fast reader its temper."""
    code = "row-has-extra-cells"
    rows = csv.reader(StringIO(content.decode(), newline=""), delimiter=separator)
    try:
        for number, row in enumerate(rows, 1):
            if len(row) > width and any(row[width:]) and findings.room(code, name):
                findings.add(code, Place(file=name, line=number), count=len(row), width=width)
    except csv.Error as error:
        raise _unreadable(name, error) from error


def _as_utf8(data: bytes, name: str) -> bytes:
    """CSV text in UTF-8, from what `csv_text.decoded` reads. Errors: Refused."""
    text = decoded(data)
    if text is not None:
        return text.encode()
    raise refuse("table-unreadable", Place(file=name), reason="内容不是 UTF-8 或 GB18030 文本")
