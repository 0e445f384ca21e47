"""Write a project workbook in the columns that are read: template and export in one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from saima.files.cells import safe_text
from saima.files.project_list.columns import HEADERS, MONTHLY, SHEET
from saima.projects.money import Months

CELL = 32_767
"""Characters that a cell takes; a longer text is left out, and so stays as it is when read back."""


@dataclass(frozen=True)
class Line:
    """A project to write: its values by field (texts, Decimals, dates), its months by series."""

    values: Mapping[str, object]
    months: Mapping[str, Months]


def project_list_bytes(lines: Iterable[Line], year: int) -> bytes:
    """The workbook; physical and paid amounts get their columns only if there are any."""
    rows = list(lines)
    series = [
        s for s in MONTHLY if s in ("plan", "statistical") or any(r.months.get(s) for r in rows)
    ]
    months = [(s, n) for s in series for n in range(1, 13)]
    titles = [*HEADERS.values(), *(MONTHLY[s].format(n=n) for s, n in months)]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, f"{year}年{SHEET}", book.add_format({"bold": True}))
        sheet.write_row(1, 0, titles, head)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, len(titles), 11)
        sheet.freeze_panes(2, 1)
        for at, row in enumerate(rows, 2):
            cells = [row.values.get(key) for key in HEADERS]
            cells += [row.months.get(s, {}).get(f"{year}-{n:02}") for s, n in months]
            for column, value in enumerate(cells):
                _write(sheet, at, column, value, day)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: object, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value))
    elif value and len(text := safe_text(str(value).replace("\r\n", "\n"))) <= CELL:
        sheet.write_string(row, column, text)
