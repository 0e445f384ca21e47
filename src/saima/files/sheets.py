"""Read sheets as offices really send them: tables with titles, groups, totals, notes and defects.

Every cell that is not blank ends as value, label, header, title, measure, total or note, or as
unread with a reason; what had to be forgiven or guessed is a Problem at its cell.
"""

from __future__ import annotations

import re

from saima.files.opening import Sheet, Workbook
from saima.files.sheet_checks import check_percents, check_totals
from saima.files.sheet_columns import cell_text, shortened, table_columns
from saima.files.sheet_figures import read_figures, tell_uncomputed
from saima.files.sheet_findings import Findings
from saima.files.sheet_grid import Grid
from saima.files.sheet_layout import Block, blocks, is_continued
from saima.files.sheet_mapping import Mapping
from saima.files.sheet_measures import declared_measures, measure_in
from saima.files.sheet_model import Column, Reading, Table
from saima.files.sheet_months import moment, period_in
from saima.files.sheet_notes import legend_in
from saima.files.sheet_problems import HIDDEN_SHEET, NO_CACHED_VALUE, NO_HEADER, STRAY
from saima.files.sheet_records import table_records
from saima.files.sheet_rows import Line, leave_unnamed, table_lines
from saima.files.sheet_words import plain, tidy
from saima.problems import Place, Problem

_CONTEXT = {
    "地区": "unit",
    "填报单位": "unit",
    "报送单位": "unit",
    "编制单位": "unit",
    "指标": "indicator",
    "指标名称": "indicator",
    "报告期": "period",
    "统计时间": "period",
    "数据时间": "period",
    "所属期": "period",
    "截至": "period",
}


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
        table = _table(found, block, mapping or Mapping(), tables[-1] if tables else before)
        tables += [table] if table else []
    tell_uncomputed(found, NO_CACHED_VALUE)
    if sheet.hidden and any(grid.filled):
        place = Place(file=file, sheet=sheet.name)
        found.problems.append(Problem(HIDDEN_SHEET, place, {"sheet": sheet.name}))
    _leave_rest(found)
    return Reading(file, sheet.name, tuple(tables), found.roles, found.unread, found.problems)


def _table(found: Findings, block: Block, mapping: Mapping, before: Table | None) -> Table | None:
    """One table; None for a block without data (its cells are titles and notes)."""
    grid = found.grid
    found.mark(block.titles, "title")
    found.mark(block.metas, "measure")
    found.mark(block.header + block.codes, "header")
    found.mark(block.notes, "note")
    if not block.header:
        _leave_headless(found, block)
        return None
    title, context, measures = _preface(grid, block)
    if before and is_continued(title):
        context, measures = before.context | context, measures or before.measures
    year = context.get("period", "")[:4]
    columns, _ = table_columns(found, block, mapping, year)
    lines = leave_unnamed(found, table_lines(found, block, columns), columns)
    notes = tuple(tidy(_row_text(grid, row)) for row in block.notes)
    row_measures = _row_measures(grid, lines, columns)
    figures = read_figures(
        found, lines, columns, legend_in(notes), row_measures, measures[0] if measures else ""
    )
    check_totals(found, lines, columns, figures)
    check_percents(found, lines, columns, figures)
    rows = table_records(found.grid, lines, columns, figures, context)
    return Table(title, measures, context, tuple(columns), rows, notes)


def _row_text(grid: Grid, row: int) -> str:
    return " ".join(str(cell_text(grid.rows[row][c])) for c in grid.filled[row])


def _preface(grid: Grid, block: Block) -> tuple[str, dict[str, str], tuple[str, ...]]:
    """Title, context and measures said above a table."""
    title = " ".join(tidy(_row_text(grid, row)) for row in block.titles)
    context: dict[str, str] = {}
    measures: tuple[str, ...] = ()
    for row in block.titles + block.metas:
        for column in grid.filled[row]:
            text = tidy(str(grid.rows[row][column]))
            measures = measures or declared_measures(text)
            said = re.match(r"\(?([^:：]{1,8})\s*[:：]\s*(.+)$", text)
            name = _CONTEXT.get(plain(said[1]).replace(" ", "")) if said else None
            if said and name:
                context.setdefault(name, said[2].strip())
    dated = moment(context.get("period", "")) if "period" in context else None
    period = dated.period if dated else period_in(title)
    context = {name: text for name, text in context.items() if name != "period"}
    return title, context | ({"period": period} if period else {}), measures


def _leave_headless(found: Findings, block: Block) -> None:
    rows = sorted(block.data + block.sections)
    for row in rows:
        for column in found.grid.filled[row]:
            found.leave(row, column, "没有找到表头")
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
                found.leave(row, column, "在表格之外")
                found.add(STRAY, (row, column), text=shortened(found.grid.raw(row, column)))
