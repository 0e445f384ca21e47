"""Open a workbook or CSV file as raw cells, or refuse it clearly in bounded time and memory.

What a file is, is decided by its content. Links to other files are named and never followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from saima.files.cells import Cell, safe_text
from saima.files.csv_text import text_rows
from saima.files.loading import content
from saima.files.opening.facts import Facts, sheet_facts
from saima.files.opening.kinds import kind_of, other_kind, unlocked
from saima.files.opening.package import (
    MAX_TEXT,
    Package,
    external_links,
    percent_styles,
    sheet_parts,
    text_size,
)
from saima.files.refusals import (
    BOMB,
    DAMAGED,
    LINKS,
    SHEET_TOO_LARGE,
    TOO_MANY_SHEETS,
    megabytes,
)
from saima.places import cell_name, cell_position
from saima.problems import Place, Problem, Refused, refuse

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook, SheetMetadata

__all__ = ["Sheet", "Workbook", "cell_name", "cell_position", "open_workbook", "safe_text"]

MAX_FILE = 200_000_000
"""Bytes of a file that is looked at at all."""
MAX_SHEETS = 500
MAX_ROWS, MAX_CELLS = 1_500_000, 8_000_000
"""Rows and cells (rows × columns up to the last one used) of all sheets of a workbook together."""

Kind = Literal["xlsx", "xls", "csv"]


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[r][c]` is the raw value of the 0-based cell (r, c); blank is ''.

    Values are str, float, bool, date, datetime, time or timedelta; an error value is its text
    (`#DIV/0!`) and stands in `facts.errors`. All rows have the same length. `merged` holds
    ((first row, first column), (last row, last column)), 0-based; `facts` what is hidden, which
    formulas have no cached value, which numbers are shown as percentages.
    """

    name: str
    rows: list[list[object]]
    hidden: bool = False
    merged: tuple[tuple[Cell, Cell], ...] = ()
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True)
class Workbook:
    """A file that was opened: its name and kind, its sheets in order, what was wrong with it."""

    name: str
    kind: Kind
    sheets: tuple[Sheet, ...]
    problems: list[Problem] = field(default_factory=list)

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def open_workbook(path: Path) -> Workbook:
    """Open .xlsx, .xlsm, .xls or .csv as raw cells; dates, numbers, texts are not interpreted.

    Raises Refused where the file cannot be read at all: missing, damaged, locked, of another
    kind, or larger than the limits of this module and of `package`. A single sheet that
    is too large is left out, with a Problem.
    """
    name, data = path.name, content(path, MAX_FILE)
    kind = kind_of(data, path.suffix.lower())
    if kind == "ole":
        data, kind = unlocked(data, name)
    if kind == "xlsx":
        return _open_package(data, name)
    if kind == "xls":
        return _open_legacy(data, name)
    if kind == "csv":
        rows = text_rows(data, name, MAX_ROWS, MAX_CELLS)
        return Workbook(name, "csv", (Sheet(path.stem, rows),))
    raise other_kind(kind, name)


def _links(targets: list[str], name: str) -> list[Problem]:
    values = {"targets": "、".join(dict.fromkeys(targets))}
    return [Problem(LINKS, Place(file=name), values)] if targets else []


def _open_package(data: bytes, name: str) -> Workbook:
    package = Package(data, name)
    parts = sheet_parts(package, MAX_SHEETS)
    percents, sizes = percent_styles(package), package.shared_sizes()
    facts, cells = {}, 0
    for sheet, part in parts:
        xml = package.part(part)
        facts[sheet] = sheet_facts(xml, percents, MAX_CELLS, Place(file=name, sheet=sheet))
        cells += xml.count(b"<c")
    if cells * max(sizes, default=0) > MAX_TEXT:
        _check_text(sum(text_size(package.part(part), sizes) for _, part in parts), name)
    workbook = Workbook(name, "xlsx", (), _links(external_links(package), name))
    return _read(_reader(data, name), workbook, facts)


def _check_text(size: int, name: str) -> None:
    if size > MAX_TEXT:
        raise refuse(BOMB, Place(file=name), size=megabytes(size), limit=megabytes(MAX_TEXT))


def _open_legacy(data: bytes, name: str) -> Workbook:
    import olefile  # type: ignore[import-untyped]

    from saima.files.opening.biff import legacy_facts

    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            stream = "Workbook" if container.exists("Workbook") else "Book"
            facts, links, text = legacy_facts(container.openstream(stream).read())
    except (OSError, ValueError) as error:
        raise refuse(DAMAGED, Place(file=name), reason="记录结构不完整") from error
    _check_legacy(facts, name)
    _check_text(text, name)
    reader = _reader(data, name)
    by_name = dict(zip((meta.name for meta in reader.sheets_metadata), facts))
    return _read(reader, Workbook(name, "xls", (), _links(links, name)), by_name)


def _check_legacy(facts: list[Facts], name: str) -> None:
    """Refuse at once what the reader would load whole: too many sheets or cells."""
    if len(facts) > MAX_SHEETS:
        raise refuse(TOO_MANY_SHEETS, Place(file=name), count=len(facts), limit=MAX_SHEETS)
    room = _Room()
    for known in facts:
        if not room.take(known):
            raise Refused(_too_large(known, Place(file=name)))


class _Room:
    """What is left of MAX_ROWS and MAX_CELLS."""

    def __init__(self) -> None:
        self.rows, self.cells = MAX_ROWS, MAX_CELLS

    def take(self, known: Facts) -> bool:
        """Take a sheet's rows and cells if they fit."""
        rows, cells = known.height, known.height * known.width
        if rows > self.rows or cells > self.cells:
            return False
        self.rows, self.cells = self.rows - rows, self.cells - cells
        return True


def _too_large(known: Facts, place: Place) -> Problem:
    last = cell_name(known.height - 1, known.width - 1)
    values = {"last": last, "cells": known.height * known.width, "limit": MAX_CELLS}
    return Problem(SHEET_TOO_LARGE, place, values | {"rows": MAX_ROWS})


def _reader(data: bytes, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except BaseException as error:
        raise _broken(error, Place(file=name)) from error


def _broken(error: BaseException, place: Place) -> BaseException:
    """A refusal in place of the reader's errors and panics (which are no Exceptions)."""
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
        return error
    return refuse(DAMAGED, place, reason=str(error)[:80])


def _read(reader: CalamineWorkbook, workbook: Workbook, facts: dict[str, Facts]) -> Workbook:
    """Read the values of all sheets whose extent fits into what is left of the limits."""
    room, sheets = _Room(), []
    for index, meta in enumerate(reader.sheets_metadata):
        known = facts.get(meta.name)
        if known is None or str(meta.typ).endswith("ChartSheet"):
            continue
        place = Place(file=workbook.name, sheet=meta.name)
        if room.take(known):
            sheets.append(_sheet(reader, index, meta, known, place))
        else:
            workbook.problems.append(_too_large(known, place))
    return Workbook(workbook.name, workbook.kind, tuple(sheets), workbook.problems)


def _sheet(
    reader: CalamineWorkbook, index: int, meta: SheetMetadata, known: Facts, place: Place
) -> Sheet:
    try:
        sheet = reader.get_sheet_by_index(index)
        merged = tuple(sheet.merged_cell_ranges or ())
        rows = cast("list[list[object]]", sheet.to_python(skip_empty_area=False))
    except BaseException as error:
        raise _broken(error, place) from error
    _put_errors(rows, known.errors)
    hidden = not str(meta.visible).endswith(".Visible")
    return Sheet(meta.name, rows, hidden, merged, known)


def _put_errors(rows: list[list[object]], errors: dict[Cell, str]) -> None:
    """Write error values into the grid; the reader leaves them blank, or cuts the grid short."""
    height = max((row + 1 for row, _ in errors), default=0)
    width = max([column + 1 for _, column in errors] + [len(row) for row in rows[:1]], default=0)
    rows.extend([] for _ in range(height - len(rows)))
    if rows and (len(rows[0]) < width or not rows[-1]):
        for line in rows:
            line.extend([""] * (width - len(line)))
    for (row, column), text in errors.items():
        rows[row][column] = text
