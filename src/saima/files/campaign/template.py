"""Write a campaign as a workbook that a clerk can fill in: lists to choose from, notes, locked headers."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from saima.files.campaign.content import Content, Row, written
from saima.files.campaign.guide import GUIDE
from saima.files.campaign.schema import (
    CAMPAIGN_FIELDS,
    FORMS,
    RULEBOOK_FIELDS,
    RULEBOOK_FORMS,
    WORDS,
    Field,
    Form,
)
from saima.files.saving import fixed_package
from saima.rules.methods import every

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

MADE_ON = date(2026, 1, 1)
"""The date in the properties of templates, so that the same content gives the same bytes."""
_LISTED_ROWS = 2000
"""Rows below the header that lists to choose from reach."""
_LONGEST_LIST = 255
"""Characters that a list to choose from may have in a cell's rule (a limit of the format)."""
_INK, _LINE, _GROUND, _ACCENT = "#1D2126", "#CBC8C1", "#F1F0EC", "#9B1C1F"
_WIDTHS = {"text": 16, "number": 12, "whole": 9, "date": 13, "moment": 18, "flag": 10}
_LONG = {"name": 22, "text": 44, "settings": 34, "basis": 26, "goal": 34, "note": 24, "formula": 24}
_ALLOWED = dict.fromkeys(("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter", "select_locked_cells", "select_unlocked_cells"), True)  # fmt: skip


def workbook_bytes(content: Content) -> bytes:
    """The workbook of a campaign, the same bytes for the same content. No cell is a formula."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": str(content.settings.get("name", ""))[:200]})
    sheets = _Sheets(book)
    sheets.guide()
    sheets.named("活动", CAMPAIGN_FIELDS, content.settings)
    for form in FORMS:
        sheets.table(form, content.rows.get(form.table, []), content.periods.get(form.table))
    if content.rulebook:
        sheets.named("办法", RULEBOOK_FIELDS, content.rulebook)
        for form in RULEBOOK_FORMS:
            sheets.table(form, content.rows.get(form.table, []), None)
    for number, text in enumerate(content.documents, 1):
        sheets.document("办法原文" if number == 1 else f"办法原文{number}", text)
    book.close()
    return fixed_package(stream.getvalue(), MADE_ON)


class _Sheets:
    """Adds the sheets of a workbook one after the other, in one set of formats."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        base = {"font_name": "宋体", "font_size": 11, "font_color": _INK, "valign": "vcenter"}
        head = base | {"bold": True, "bg_color": _GROUND, "bottom": 1, "bottom_color": _LINE}
        self.head = book.add_format(head | {"text_wrap": True})
        self.must = book.add_format(head | {"text_wrap": True, "font_color": _ACCENT})
        self.right = book.add_format(head | {"align": "right"})
        self.title = book.add_format(base | {"bold": True, "font_size": 15})
        self.plain = book.add_format(base | {"text_wrap": True})
        free = base | {"locked": False}
        self.free = book.add_format(free)
        self.wrapped = book.add_format(free | {"text_wrap": True, "align": "left"})
        self.number = book.add_format(free | {"num_format": "#,##0.####", "align": "right"})
        self.date = book.add_format(free | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.moment = book.add_format(free | {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})

    def _sheet(self, name: str) -> Worksheet:
        """A sheet that prints on lying A4 pages as wide as it is, its header on each."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def guide(self) -> None:
        sheet = self._sheet("说明")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 100, self.plain)
        for number, line in enumerate(GUIDE):
            sheet.write_string(number, 0, line, self.title if number == 0 else self.plain)
        sheet.protect("", _ALLOWED)

    def document(self, name: str, text: str) -> None:
        """A rulebook as it is, one line in a row."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 110, self.free)
        for number, line in enumerate(text.splitlines()):
            sheet.write_string(number, 0, line, self.free)

    def named(self, name: str, fields: tuple[Field, ...], values: Row) -> None:
        """A sheet of names and values, every name with its note."""
        sheet = self._sheet(name)
        for column, (title, width) in enumerate((("项目", 18), ("内容", 46), ("说明", 46))):
            sheet.set_column(column, column, width, self.wrapped if column == 1 else self.plain)
            sheet.write_string(0, column, title, self.head)
        for row, field in enumerate(fields, 1):
            sheet.write_string(row, 0, field.headers[0], self.must if field.required else self.head)
            if field.name in values:
                self._write(sheet, row, 1, written(field, values[field.name]), self.wrapped)
            sheet.write_string(row, 2, field.note, self.plain)
            self._choices(sheet, field, row, 1, row)
        sheet.freeze_panes(1, 1)
        sheet.protect("", _ALLOWED)

    def table(self, form: Form, rows: list[Row], periods: list[str] | None) -> None:
        """A table below a locked header; wide ones have a column for each period."""
        sheet = self._sheet(form.sheet)
        fields = _shown(form, rows, periods)
        for column, field in enumerate(fields):
            width = _LONG.get(field.name, _WIDTHS.get(field.kind, 14))
            sheet.set_column(column, column, width, self._format(field))
            title = field.headers[0] + ("*" if field.required else "")
            sheet.write_string(0, column, title, self.must if field.required else self.head)
            self._note(sheet, field, column)
            self._choices(sheet, field, 1, column, _LISTED_ROWS)
        for column, period in enumerate(periods or (), len(fields)):
            sheet.set_column(column, column, 11, self.number)
            sheet.write_string(0, column, period, self.right)
        columns = [(f.name, f) for f in fields] + [(p, None) for p in periods or ()]
        for number, row in enumerate(rows, 1):
            for column, (key, shown) in enumerate(columns):
                if row.get(key) is not None:
                    value = written(shown, row[key]) if shown else row[key]
                    self._write(sheet, number, column, value, self._format(shown))
        sheet.freeze_panes(1, min(2, len(fields)))
        sheet.set_row(0, 32)
        sheet.protect("", _ALLOWED)

    def _format(self, field: Field | None) -> Any:
        if field is None or field.kind == "number":
            return self.number
        formats = {"date": self.date, "moment": self.moment}
        return formats.get(field.kind, self.wrapped if field.name in _LONG else self.free)

    def _write(self, sheet: Worksheet, row: int, column: int, value: Any, style: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float, date)):
            sheet.write_string(row, column, str(value), style)
        elif isinstance(value, date):
            timed = isinstance(value, datetime)
            sheet.write_datetime(row, column, value, self.moment if timed else self.date)
        else:
            sheet.write_number(row, column, value, style)

    def _note(self, sheet: Worksheet, field: Field, column: int) -> None:
        lines = [field.note] if field.note else []
        if field.kind == "choice" and field.words != "missing":
            lines.append("可填：" + "、".join(w[0] for w in WORDS[field.words].values()))
        lines.append("必填" if field.required else "可不填")
        sheet.write_comment(0, column, "\n".join(lines), {"x_scale": 1.6, "font_size": 9})

    def _choices(self, sheet: Worksheet, field: Field, first: int, column: int, last: int) -> None:
        """A list to choose from, or a check of the kind of value."""
        source = _list_of(field)
        if source is None:
            return
        error = {"error_title": "请从列表中选", "error_message": field.note or "请从下拉列表中选。"}
        told = {"validate": "list", "source": source, "error_type": "warning", **error}
        sheet.data_validation(first, column, last, column, told)


def _shown(form: Form, rows: list[Row], periods: list[str] | None) -> list[Field]:
    """The fields that get a column: all, but in wide tables not those of the long form."""
    used = {key for row in rows for key in row}
    wide = periods or (rows and "period" not in used and form.table in ("targets", "facts"))
    long_only = {"period", "value", "missing", "grade", "recorded_at"} if wide else set()
    return [f for f in form.fields if f.name not in long_only or f.name in used]


def _list_of(field: Field) -> Any:
    """What a cell is chosen from: words, or the names on another sheet."""
    named = {"unit": "=单位!$B$2:$B$2000", "indicator": "=指标!$B$2:$B$2000"}
    others = {"parent": named["unit"], "lead_unit": named["unit"], "successor": named["unit"]}
    if field.name in named or field.name in others:
        return named.get(field.name) or others[field.name]
    if field.name == "method":
        titles = [m.TITLE[0] for m in every()]
        return titles if len(",".join(titles)) <= _LONGEST_LIST else None
    if field.kind == "flag":
        return ["是", "否"]
    if field.kind == "choice" and field.words != "missing":
        return [words[0] for words in WORDS[field.words].values()]
    return None
