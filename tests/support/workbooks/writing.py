"""A draft made whole and written as an .xlsx."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import xlsxwriter

from tests.support.workbooks.model import Draft


def finish(d: Draft) -> None:
    """Fill in the totals that have not been planted, from the truth."""
    for row, parts in d.totals:
        for column in d.amounts:
            if (row, column) in d.cells:
                continue
            total = sum((d.truth.get((r, column)) or Decimal(0) for r in parts), Decimal(0))
            d.cells[row, column], d.truth[row, column] = float(total), total


def write(d: Draft) -> bytes:
    """The draft as an .xlsx."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("数据")
    formats = {code: book.add_format({"num_format": code}) for code in set(d.formats.values())}
    dates = book.add_format({"num_format": "d-mmm"})
    spans = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in d.merged}
    for cell, last in spans.items():
        sheet.merge_range(*cell, *last, "")
    for cell, value in d.cells.items():
        form = formats.get(d.formats.get(cell, ""))
        if cell in d.formulas:
            formula, cached = d.formulas[cell]
            sheet.write_formula(*cell, formula, form, cached)
        elif isinstance(value, date):
            sheet.write_datetime(*cell, value, dates)
        elif isinstance(value, int | float):
            sheet.write_number(*cell, value, form)
        else:
            sheet.write_string(*cell, str(value), form)
    for row in d.hidden_rows:
        sheet.set_row(row, None, None, {"hidden": True})
    for column in d.hidden_columns:
        sheet.set_column(column, column, 8, None, {"hidden": True})
    if d.hidden:
        book.add_worksheet("封面").activate()
        sheet.hide()
    book.close()
    return out.getvalue()
