"""Write a briefing's tables as a workbook (.xlsx): one sheet a table, real numbers, ready to print.

Numbers are stored as they are printed elsewhere, after 四舍五入, so that a copied cell says the
same as the bulletin. Every text is stored as text: no cell can start a formula.
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from saima.briefing.model import (
    DEMO_NOTE,
    Briefing,
    Cell,
    Chart,
    Column,
    Missing,
    Options,
    Table,
    Tied,
    all_tables,
    cell_text,
    chart_table,
    date_text,
    printed_number,
)
from saima.files.document.table_layout import bars_lie, row_lines, text_width
from saima.files.saving import check_folder, fixed_package, save

_TITLE_ROW, _MEASURE_ROW, _HEADER_ROW = 0, 1, 2
_WIDEST, _NARROWEST = 42.0, 7.0
"""Column widths in half ems (Excel's unit is one digit)."""
_WIDE_SHEET = 88.0
"""Half ems that an upright A4 page takes; wider sheets are printed lying."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_INK, _PALE, _LINE, _GROUND, _ACCENT = "#1D2126", "#636A72", "#CBC8C1", "#F1F0EC", "#9B1C1F"
_RISE, _FALL = "#B3261E", "#2D6B60"
_LINE_HEIGHT = 15.0
_ALIGN = {"text": "left", "number": "right", "percent": "right"}


def write_xlsx(briefing: Briefing, path: Path, options: Options | None = None) -> None:
    """Write the tables of `briefing` to `path`; the same briefing gives the same bytes.

    Raises Refused if the folder is missing or not writable.
    """
    check_folder(path)
    save(path, xlsx_bytes(briefing, options or Options()))


def xlsx_bytes(briefing: Briefing, options: Options) -> bytes:
    """The finished workbook; see `write_xlsx`."""
    stream = BytesIO()
    book = _Book(xlsxwriter.Workbook(stream, {"in_memory": True}), briefing, options)
    book.write()
    return fixed_package(stream.getvalue(), briefing.date)


def sheet_names(titles: list[str]) -> list[str]:
    """Titles as sheet names: at most 31 characters, none forbidden, none twice."""
    names: list[str] = []
    for title in titles:
        base = _FORBIDDEN.sub(" ", title).strip().strip("'") or "表"
        name, count = base[:31], 1
        while name.lower() in (other.lower() for other in names):
            count += 1
            name = f"{base[: 31 - len(str(count)) - 1]} {count}"
        names.append(name)
    return names


class _Exact(float):
    """A number that is written with its shortest digits: 83.9, where XlsxWriter has 83.9…01."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self)).removesuffix(".0")


class _Book:
    """One workbook in the making."""

    def __init__(self, book: Any, briefing: Briefing, options: Options) -> None:
        self.book, self.briefing, self.options = book, briefing, options
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        blocks = [block for section in briefing.sections for block in section.blocks]
        blocks += [block for annex in briefing.annexes for block in annex.blocks]
        self.charts = {chart_table(block): block for block in blocks if isinstance(block, Chart)}

    def write(self) -> None:
        tables = all_tables(self.briefing)
        names = sheet_names(["目录", *(table.title for table in tables)])
        self.book.set_properties(
            {
                "title": self.briefing.title.replace("\n", ""),
                "author": self.briefing.issuer,
                "created": datetime(*self.briefing.date.timetuple()[:3]),
            }
        )
        self._contents(self.book.add_worksheet(names[0]), names[1:])
        for name, table in zip(names[1:], tables, strict=True):
            self._sheet(self.book.add_worksheet(name), name, table)
        self.book.close()

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": self.options.fonts.song, "font_size": 11, "font_color": _INK}
            self.formats[key] = self.book.add_format({**base, "valign": "vcenter", **properties})
        return self.formats[key]

    def _contents(self, sheet: Any, names: list[str]) -> None:
        """The first sheet: what this is, and a link to every table."""
        briefing = self.briefing
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 80, self._format())
        head = (briefing.title.replace("\n", ""), briefing.number, date_text(briefing.date))
        lines = [*head, briefing.headline, DEMO_NOTE if briefing.demo else "", *briefing.notes]
        row = 0
        for line in filter(None, lines):
            look = {"bold": True, "font_size": 16} if row == 0 else {"text_wrap": True}
            sheet.write_string(row, 0, line, self._text_format(line, look))
            row += 1
        for place, name in enumerate(names, start=row + 1):
            quoted = name.replace("'", "''")
            link = self._format(font_color="#1F5A94", underline=1)
            sheet.write_url(place, 0, f"internal:'{quoted}'!A1", link, string=name)
        _print_setup(sheet, landscape=False)

    def _text_format(self, text: str, look: dict[str, Any]) -> Any:
        """A format for text; one that looks like a formula keeps its apostrophe when edited."""
        guarded = {"quote_prefix": True} if text.startswith(_FORMULA_STARTS) else {}
        return self._format(**look, **guarded)

    def _sheet(self, sheet: Any, name: str, table: Table) -> None:
        last, chart = len(table.columns) - 1, self.charts.get(table)
        widths = [_width(table, i) for i in range(last + 1)]
        lines = row_lines(table, [width / 2 for width in widths])
        self._heading(sheet, table, last, lines[0])
        for place, row in enumerate(table.rows):
            sheet.set_row(_HEADER_ROW + 1 + place, lines[place + 1] * _LINE_HEIGHT + 6)
            for i, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
                # a text among a chart's numbers would be drawn as zero; an empty cell is a gap
                shown = None if chart and isinstance(cell, Missing) else cell
                bold = place in table.bold_rows
                self._cell(sheet, _HEADER_ROW + 1 + place, i, shown, column, bold)
        end = _HEADER_ROW + len(table.rows)
        notes = (*table.notes, *((_BLANKS,) if chart and _has_gaps(chart) else ()))
        for place, note in enumerate(notes, start=1):
            text = ("注：" if place == 1 else "　　") + note
            sheet.write_string(end + place, 0, text, self._format(font_size=10, font_color=_PALE))
        filtered = end - _trailing_totals(table)
        if filtered > _HEADER_ROW:
            sheet.autofilter(_HEADER_ROW, 0, filtered, last)
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        sheet.freeze_panes(_HEADER_ROW + 1, _frozen_columns(table))
        sheet.hide_gridlines(2)
        sheet.repeat_rows(_TITLE_ROW, _HEADER_ROW)
        _print_setup(sheet, landscape=sum(widths) > _WIDE_SHEET)
        if chart:
            self._chart(sheet, name, chart, end + len(notes) + 2)

    def _heading(self, sheet: Any, table: Table, last: int, lines: int) -> None:
        title = self._format(bold=True, font_size=14, font_name=self.options.fonts.heading)
        sheet.set_row(_TITLE_ROW, 28)
        sheet.write_string(_TITLE_ROW, 0, table.title, title)
        pale = {"font_size": 10, "font_color": _PALE}
        if self.briefing.demo:
            sheet.write_string(_MEASURE_ROW, 0, DEMO_NOTE, self._format(**pale))
        if table.measure_line:
            right = self._format(**pale, align="right")
            sheet.write_string(_MEASURE_ROW, last, table.measure_line, right)
        sheet.set_row(_HEADER_ROW, lines * _LINE_HEIGHT + 8)
        for i, column in enumerate(table.columns):
            look = {"align": _ALIGN.get(column.kind, "center"), "text_wrap": True, "bold": True}
            edge = {"top": 1, "bottom": 1, "border_color": _INK, "bg_color": _GROUND}
            sheet.write_string(
                _HEADER_ROW, i, column.heading, self._text_format(column.heading, {**look, **edge})
            )

    def _cell(self, sheet: Any, row: int, i: int, cell: Cell, column: Column, bold: bool) -> None:
        look: dict[str, Any] = {"bottom": 1, "bottom_color": _LINE, "bold": bold}
        look["align"] = _ALIGN.get(column.kind, "center")
        if cell is None:
            sheet.write_blank(row, i, None, self._format(**look))
        elif isinstance(cell, Missing):
            sheet.write_string(row, i, cell.text, self._format(**look, color=_PALE))
        elif isinstance(cell, str):
            colour = {"color": _ACCENT} if column.kind == "seal" else {"text_wrap": True}
            sheet.write_string(row, i, cell, self._text_format(cell, {**look, **colour}))
        else:
            if column.kind == "movement" and isinstance(cell, int | float):
                look["color"] = _RISE if cell > 0 else (_FALL if cell < 0 else _PALE)
            value = cell.rank if isinstance(cell, Tied) else printed_number(cell, column)
            format_ = self._format(**look, num_format=number_format(cell, column))
            sheet.write_number(row, i, _Exact(value), format_)

    def _chart(self, sheet: Any, name: str, chart: Chart, row: int) -> None:
        kind = "line" if chart.kind == "line" else ("bar" if bars_lie(chart) else "column")
        drawn = self.book.add_chart({"type": kind})
        first, last = _HEADER_ROW + 1, _HEADER_ROW + len(chart.categories)
        for i, series in enumerate(chart.series, start=1):
            colour = _INK if len(chart.series) == 1 else _DATA[(i - 1) % len(_DATA)]
            drawn.add_series(
                {
                    "name": series.name,
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, i, last, i],
                    "fill": {"color": colour},
                    "line": {"color": colour, "width": 2} if kind == "line" else {"none": True},
                }
            )
        drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 12}})
        if len(chart.series) == 1:
            drawn.set_legend({"none": True})
        else:
            drawn.set_legend({"position": "bottom"})
        values: dict[str, Any] = {
            "num_format": "General",
            "major_gridlines": _GRID,
            "line": {"none": True},
        }
        if kind != "line" and all((v or 0) >= 0 for s in chart.series for v in s.values):
            values["min"] = 0
        names = {"line": {"color": _LINE}, "major_tick_mark": "none"}
        if kind == "bar":
            drawn.set_y_axis({**names, "reverse": True, "crossing": "max"})
            drawn.set_x_axis(values)
        else:
            drawn.set_x_axis(names)
            drawn.set_y_axis(values)
        drawn.set_size({"width": 720, "height": max(320, 26 * len(chart.categories) + 90)})
        sheet.insert_chart(row, 0, drawn, {"object_position": 3})


_BLANKS = "空白为未报。"
_GRID = {"visible": True, "line": {"color": "#E6E4DF", "width": 0.75}}
_DATA = ("#0A5290", "#C67E2F", "#409685", "#5E3F5C", "#C1C7D1", "#EFD687", "#15181D")


def number_format(cell: Cell, column: Column) -> str:
    """The Excel number format of a number in a column."""
    if isinstance(cell, Tied):
        return '"并列"0'
    if column.kind == "movement":
        return '"↑"0;"↓"0;"持平"'
    if column.kind == "rank" or not column.is_numeric:
        return "0"
    return "#,##0" + ("." + "0" * column.decimals if column.decimals else "")


def _has_gaps(chart: Chart) -> bool:
    return any(value is None for series in chart.series for value in series.values)


def _width(table: Table, i: int) -> float:
    column = table.columns[i]
    longest = max((text_width(cell_text(row[i], column)) for row in table.rows), default=0.0)
    header = text_width(column.heading) / (2 if text_width(column.heading) > 11 else 1)
    return min(_WIDEST, max(_NARROWEST, 2 * max(longest, header) + 3))


def _frozen_columns(table: Table) -> int:
    """Columns up to the first one of words (the unit's name), if it stands near the left."""
    kinds = [column.kind for column in table.columns[:3]]
    return kinds.index("text") + 1 if "text" in kinds and len(table.columns) > 3 else 0


def _trailing_totals(table: Table) -> int:
    """Total rows at the end: they stay out of the filter, so that sorting leaves them there."""
    count = 0
    while len(table.rows) - 1 - count in table.bold_rows:
        count += 1
    return count


def _print_setup(sheet: Any, landscape: bool) -> None:
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer("&C第 &P 页，共 &N 页")
