"""Sheets of a 台账 as grids or as names with values: headers found, merged cells filled in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from saima.files.campaign.grids import Grid
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import Form, headers, plain_header
from saima.files.campaign.values import plain_text
from saima.files.opening import Sheet
from saima.places import cell_name
from saima.problems import Place

_HEADER_ROWS = 30
"""Rows from the top in which a header is looked for."""
_MOST_FILLED = 2_000_000
"""Cells that merged ranges of a sheet may fill in, all together."""
_HEADINGS = ("项目", "名称", "内容")


def named_values(sheet: Sheet, file: str) -> tuple[dict[str, Any], dict[str, Place]]:
    """A sheet of names in column A and values in column B: values and places by name."""
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for number, row in enumerate(sheet.rows):
        key = plain_text(row[0]) if row else ""
        if key and key not in _HEADINGS and len(row) > 1 and plain_text(row[1]):
            values.setdefault(key, row[1])
            places.setdefault(key, Place(file, sheet.name, cell_name(number, 1)))
    return values, places


def grids_of(sheet: Sheet, form: Form, file: str, findings: Findings) -> list[Grid]:
    """The sheet as a grid, with what its header and its hidden parts ask to be named."""
    place = Place(file, sheet.name)
    top = _header_row(sheet, form)
    if top is None:
        if any(plain_text(v) for row in sheet.rows for v in row):
            first = form.fields[0].headers[0]
            findings.add("header-missing", place, sheet=sheet.name, header=first)
        return []
    rows = sheet.rows
    height = len(rows) - top - 1
    while height > 0 and all(v == "" for v in rows[top + height]):
        height -= 1
    body = rows[top + 1 : top + 1 + height]
    titles = _titles(rows[top])
    _fill_merged(sheet, form, titles, body, top + 1)
    _name_hidden(sheet, place, findings)
    _name_uncomputed(sheet, titles, top, file, findings)

    def read(index: int) -> list[object]:
        return [row[index] for row in body]

    percents = sheet.facts.percents
    return [Grid(form, file, sheet.name, titles, height, top + 2, read, percents)]


def _header_row(sheet: Sheet, form: Form) -> int | None:
    """The row with most known headers; there must be two (one where the form has few fields)."""
    known = headers(form.table)
    best, most = None, 1
    for number, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        fields = {known[h] for v in row if (h := plain_header(plain_text(v))) in known}
        if len(fields) > most:
            best, most = number, len(fields)
    return best


def _titles(row: list[object]) -> tuple[str, ...]:
    """Header texts; a month that the spreadsheet turned into a date is a month again."""
    days = [v for v in row if isinstance(v, (date, datetime))]
    months = all(v.day == 1 for v in days)
    return tuple(
        f"{v.year}-{v.month:02d}" if isinstance(v, (date, datetime)) and months else plain_text(v)
        for v in row
    )


def _fill_merged(
    sheet: Sheet, form: Form, titles: tuple[str, ...], body: list[list[object]], first: int
) -> None:
    """Put the value of a cell merged over several rows into each of them, in columns of text."""
    known = headers(form.table)
    kinds = {field.name: field.kind for field in form.fields}
    room = _MOST_FILLED
    for (top, left), (bottom, right) in sheet.merged:
        name = known.get(plain_header(titles[left])) if left < len(titles) else None
        if left != right or top < first or name is None or kinds[name] not in ("text", "choice"):
            continue
        value = sheet.rows[top][left]
        last = min(bottom, first + len(body) - 1)
        room -= last - top
        if room < 0:
            return
        for row in range(top + 1, last + 1):
            if sheet.rows[row][left] == "":
                sheet.rows[row][left] = value


def _name_hidden(sheet: Sheet, place: Place, findings: Findings) -> None:
    rows, columns = len(sheet.facts.hidden_rows), len(sheet.facts.hidden_columns)
    if sheet.hidden or rows or columns:
        findings.add("hidden-cells-read", place, sheet=sheet.name, rows=rows, columns=columns)


def _name_uncomputed(
    sheet: Sheet, titles: tuple[str, ...], top: int, file: str, findings: Findings
) -> None:
    """Formulas that were never computed look blank to a reader, and are not."""
    cells = sorted(c for c in sheet.facts.uncomputed if c[0] > top and c[1] < len(titles))
    code = "formula-without-value"
    for row, column in cells[: findings.room(code, sheet.name)]:
        if titles[column]:
            findings.add(code, Place(file, sheet.name, cell_name(row, column)))
    findings.passed_over(code, sheet.name, max(0, len(cells) - findings.room(code, sheet.name)))
