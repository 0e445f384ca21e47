"""Read sheets as offices really send them: tables with titles, groups, totals, notes and defects.

Every cell that is not blank ends as value, label, header, title, measure, total or note, or as
unread with a reason; what had to be forgiven or guessed is a Problem at its cell.
"""

from __future__ import annotations

from dataclasses import replace

from saima.files.opening import Sheet, Workbook
from saima.files.sheet.beside import beside
from saima.files.sheet.checks import check_percents, check_totals
from saima.files.sheet.columns import shortened, table_columns
from saima.files.sheet.figures import read_figures, tell_uncomputed
from saima.files.sheet.findings import Findings
from saima.files.sheet.grid import Grid
from saima.files.sheet.layout import Block, blocks, is_continued
from saima.files.sheet.mapping import Mapping
from saima.files.sheet.measures import measure_in
from saima.files.sheet.model import Column, Reading, Table
from saima.files.sheet.notes import legend_in
from saima.files.sheet.preface import indicator_in, preface, row_text
from saima.files.sheet.problems import HIDDEN_SHEET, NO_CACHED_VALUE, NO_HEADER, STRAY
from saima.files.sheet.records import heading, table_records
from saima.files.sheet.rows import Line, leave_unnamed, table_lines
from saima.files.sheet.words import plain, tidy
from saima.problems import Place, Problem


def read_workbook(workbook: Workbook, mapping: Mapping | None = None) -> list[Reading]:
    """The readings of all sheets that have any cell, in order."""
    readings: list[Reading] = []
    plain_text = workbook.kind == "csv"
    before: Table | None = None
    for sheet in workbook.sheets:
        reading = read_table(
            sheet,
            file=workbook.name,
            texts_are_numbers=plain_text,
            mapping=mapping,
            before=before,
        )
        readings += [reading] if sheet.rows else []
        before = reading.tables[-1] if reading.tables else before
    return readings


def read_table(
    sheet: Sheet,
    *,
    file: str = "",
    texts_are_numbers: bool = False,
    mapping: Mapping | None = None,
    before: Table | None = None,
) -> Reading:
    """Understand a sheet: its tables with columns, rows and values, and the role of every cell.

    texts_are_numbers: the sheet is from a CSV file, where numbers as text are no defect.
    before: the last table of the sheet before, which a 续表 continues.
    """
    grid = Grid(sheet)
    found = Findings(grid, file, texts_are_numbers)
    tables: list[Table] = []
    for block in blocks(grid):
        last = tables[-1] if tables else before
        tables += _tables(found, block, mapping or Mapping(), last)
    tell_uncomputed(found, NO_CACHED_VALUE)
    if sheet.hidden and any(grid.filled):
        place = Place(file=file, sheet=sheet.name)
        found.problems.append(Problem(HIDDEN_SHEET, place, {"sheet": sheet.name}))
    _leave_rest(found)
    open_headers = _unmapped(tables, mapping or Mapping())
    return Reading(
        file, sheet.name, tuple(tables), found.roles, found.unread, found.problems, open_headers
    )


def _unmapped(tables: list[Table], mapping: Mapping) -> tuple[str, ...]:
    columns = [c for table in tables for c in table.columns if not c.field and not c.period]
    names = dict.fromkeys(column.name for column in columns if column.path)
    return tuple(name for name in names if not mapping.decides(name))


def _tables(found: Findings, block: Block, mapping: Mapping, before: Table | None) -> list[Table]:
    """The table of a block, or the tables that stand side by side in it; none without a header."""
    grid = found.grid
    found.mark(block.titles, "title")
    found.mark(block.metas, "measure")
    found.mark(block.header + block.codes, "header")
    found.mark(block.notes, "note")
    if not block.header:
        _leave_headless(found, block)
        return []
    title, context, measures = preface(grid, block)
    if before and is_continued(title):
        context, measures = before.context | context, measures or before.measures
    notes = tuple(tidy(row_text(grid, row)) for row in block.notes)
    about = Table(title, measures, context, (), (), notes)
    return [
        _table(found.within(part), own, mapping, about)
        for part, own in beside(grid, block, mapping)
    ]


def _table(found: Findings, block: Block, mapping: Mapping, about: Table) -> Table:
    """Read one table; `about` is what stands above and below it."""
    context = dict(about.context)
    columns = table_columns(found, block, mapping, context.get("period", "")[:4])
    if _is_of_one_indicator(columns):
        context.setdefault("indicator", indicator_in(about.title))
    lines = leave_unnamed(found, table_lines(found, block, columns), columns)
    measure = about.measures[0] if about.measures else ""
    row_measures = _row_measures(found.grid, lines, columns)
    legend = legend_in(about.notes)
    figures = read_figures(found, lines, columns, legend, row_measures, measure)
    check_totals(found, lines, columns, figures)
    check_percents(found, lines, columns, figures)
    rows = table_records(found.grid, lines, columns, figures, context)
    return replace(about, context=context, columns=tuple(columns), rows=rows)


def _is_of_one_indicator(columns: list[Column]) -> bool:
    """True if all figures are of periods and neither header nor rows name an indicator."""
    figures = [c for c in columns if c.kind == "number"]
    named = any(c.field == "indicator" for c in columns)
    return bool(figures) and not named and all(c.period and not heading(c) for c in figures)


def remembered(mapping: Mapping, readings: list[Reading]) -> Mapping:
    """The mapping with all headers that were read: those understood with their field, others null.

    Written back to its file, it is what the office fills in once and uses from then on.
    """
    columns = [c for r in readings for t in r.tables for c in t.columns if c.path and not c.period]
    return mapping.learned({column.name: column.field for column in columns})


def headers_of(readings: list[Reading]) -> set[str]:
    """All headers that were read, as the mapping names them, and their lowest and highest parts."""
    paths = [c.path for r in readings for t in r.tables for c in t.columns if c.path]
    return {text for path in paths for text in ("/".join(path), path[0], path[-1])}


def _leave_headless(found: Findings, block: Block) -> None:
    rows = sorted(block.data + block.sections)
    for row in rows:
        for column in found.grid.filled[row]:
            found.leave(row, column, "no-header")
    if rows:
        found.add(NO_HEADER, (rows[0], found.grid.filled[rows[0]][0]))


def _row_measures(grid: Grid, lines: list[Line], columns: list[Column]) -> dict[int, str]:
    """Measures that a row says itself: in a column 计量单位, or in its name, 增长(%)."""
    own = next((c.index for c in columns if c.field == "measure"), -1)
    found = {}
    for line in lines:
        text = plain(str(grid.shown(line.index, own))) if own >= 0 else ""
        said = text or next(filter(None, (measure_in(t) for t in reversed(line.labels))), "")
        if said:
            found[line.index] = said
    return found


def _leave_rest(found: Findings) -> None:
    """Whatever has no role yet was not understood."""
    for row, columns in enumerate(found.grid.filled):
        for column in columns:
            if not found.roles[row][column]:
                found.leave(row, column, "outside")
                found.add(STRAY, (row, column), text=shortened(found.grid.raw(row, column)))
