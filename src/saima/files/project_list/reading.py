"""Read a project workbook: texts stay texts, amounts and days are read, every bad cell is named."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from saima.files.opening import Sheet, Workbook, cell_name, open_workbook
from saima.files.project_list.columns import (
    AMOUNTS,
    DAYS,
    LONG,
    MONTHLY,
    NEEDED,
    YES_NO,
    field_of,
    header_of,
)
from saima.files.schedule.workbook_reading import as_moment
from saima.problems import Place, Problem, declare, refuse
from saima.projects.checks import Wrong, wrong_dates, wrong_money
from saima.projects.model import CATEGORIES, KINDS, Project
from saima.projects.money import Money, Months

NO_HEADER = declare(
    "projects-header",
    "没有找到表头：需要有“项目名称”和“责任单位”两列。",
    "请下载模板，在模板里填写；表头不要改。",
    "No header with the columns 项目名称 and 责任单位 was found.",
    "Take the template and keep its headers.",
)
BAD_CELL = declare(
    "projects-cell",
    "“{field}”里的“{value}”不对。",
    "请填写{wanted}。",
    "“{value}” in {field} is not right.",
    "Write {wanted}.",
)
EMPTY_CELL = declare(
    "projects-cell-empty",
    "“{field}”没有填。",
    "请补填。",
    "{field} is empty.",
    "Fill it in.",
)
SAME_NAME = declare(
    "projects-row-twice",
    "项目“{name}”与第{line}行重复。",
    "请删去一行。",
    "The project “{name}” stands in row {line} already.",
    "Remove one of them.",
)
_HEADER_ROWS = 20
_YEAR = re.compile(r"(20\d\d)年")
_TOTALS = ("合计", "小计", "总计", "注", "说明")

Column = tuple[str, int]
"""A field and its month, 0 for none."""


@dataclass
class Row:
    """One row: texts, amounts and days by field, months by series; where it stands; what is wrong."""

    line: int
    place: Place
    columns: dict[Column, int]
    values: dict[str, Any] = field(default_factory=dict)
    months: dict[str, Months] = field(default_factory=lambda: defaultdict(dict))
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def at(self, key: str, month: int = 0) -> Place:
        """The cell of a field; the name's where the sheet has no such column."""
        column = self.columns.get((key, month), self.columns["name", 0])
        return Place(self.place.file, self.place.sheet, cell_name(self.line - 1, column))

    def wrong(self, key: str, value: object, wanted: str, month: int = 0) -> None:
        values = {"field": header_of(key, month), "value": value, "wanted": wanted}
        self.problems.append(Problem(BAD_CELL, self.at(key, month), values))

    def project(self, month: str) -> Project:
        """The project as the calculations know it, its money up to a month."""
        total, before, year_plan = (self.values.get(key, Decimal(0)) for key in AMOUNTS)
        money = Money(total, before, year_plan, month, dict(self.months["plan"]))
        for series in ("statistical", "physical", "paid"):
            money.series[series] = dict(self.months[series])
        texts = ("name", "unit", "category", "kind", "leader", "problem")
        told = {key: str(self.values.get(key, "")) for key in texts}
        days = {key: self.values.get(key) for key in DAYS}
        return Project(**told, **days, money=money)  # type: ignore[arg-type]


@dataclass
class ProjectList:
    """A workbook that was read: its year, its rows, everything wrong with them."""

    name: str
    year: int
    rows: list[Row]

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rows for problem in row.problems]

    @property
    def last_month(self) -> str:
        """The last month with an amount done; the year's first where there is none."""
        months = {m for row in self.rows for m in row.months["statistical"]}
        return max(months, default=f"{self.year}-01")

    def projects(self, month: str) -> list[Project]:
        return [row.project(month) for row in self.rows]


def read_project_list(
    path: Path, year: int, name: str = "", today: date | None = None
) -> ProjectList:
    """The rows of the first sheet with a header; money and dates are checked row by row.

    year: of the months, unless a line above the header names one (2026年重点项目). today: what has
    happened is dated on it or before. Errors: Refused where no sheet has the columns.
    """
    workbook, name = open_workbook(path), name or path.name
    sheet, at, columns = _header(workbook, name)
    year = _year_above(sheet, at) or year
    rows = [
        _row(Place(name, sheet.name), line, sheet.rows[line], columns, year)
        for line in range(at + 1, len(sheet.rows))
        if _is_project(sheet.rows[line], columns)
    ]
    _once(rows)
    for row in rows:
        _check(row, today)
    return ProjectList(name, year, rows)


def _header(workbook: Workbook, name: str) -> tuple[Sheet, int, dict[Column, int]]:
    for sheet in workbook.sheets:
        for at, cells in enumerate(sheet.rows[:_HEADER_ROWS]):
            columns: dict[Column, int] = {}
            for column, title in enumerate(cells):
                found = field_of(str(title))
                if found[0]:
                    columns.setdefault(found, column)
            if all((key, 0) in columns for key in NEEDED):
                return sheet, at, columns
    raise refuse(NO_HEADER, Place(name))


def _year_above(sheet: Sheet, header: int) -> int:
    said = " ".join(str(cell) for row in sheet.rows[:header] for cell in row)
    found = _YEAR.search(said)
    return int(found[1]) if found else 0


def _is_project(cells: list[object], columns: dict[Column, int]) -> bool:
    """Not blank, and no total or note below the list."""
    if not any(str(value).strip() for value in cells):
        return False
    first = next(str(value).strip() for value in cells if str(value).strip())
    return not first.startswith(_TOTALS) or bool(str(cells[columns["unit", 0]]).strip())


def _row(
    place: Place, line: int, cells: list[object], columns: dict[Column, int], year: int
) -> Row:
    row = Row(line + 1, place, columns)
    for (key, month), column in columns.items():
        value = cells[column] if column < len(cells) else ""
        if not str(value).strip():
            if key in NEEDED:
                row.problems.append(Problem(EMPTY_CELL, row.at(key), {"field": header_of(key)}))
        elif key in MONTHLY or key in AMOUNTS:
            _amount(row, key, month, value, year)
        elif key in DAYS:
            found = as_moment(value)
            if found is None:
                row.wrong(key, value, "2026-03-01 这样的日期")
            else:
                row.values[key] = found.date()
        else:
            _text(row, key, str(value).strip())
    return row


def _amount(row: Row, key: str, month: int, value: object, year: int) -> None:
    text = str(value).strip()
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount < 0:
        row.wrong(key, text, "0 或正数，单位万元", month)
    elif month:
        row.months[key][f"{year}-{month:02}"] = amount
    else:
        row.values[key] = amount


def _text(row: Row, key: str, text: str) -> None:
    choices = {"category": CATEGORIES, "kind": KINDS, "highlighted": YES_NO}.get(key)
    if choices and text not in choices:
        row.wrong(key, text, "、".join(choices))
    else:
        plain = text.removeprefix("'")
        row.values[key] = plain if key in LONG else plain[:300]


def _once(rows: list[Row]) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        if row.name and (other := first.setdefault(row.name, row)) is not row:
            values = {"name": row.name, "line": other.line}
            row.problems.append(Problem(SAME_NAME, row.at("name"), values))


def _check(row: Row, today: date | None) -> None:
    """Money above the total, and days in the wrong order or to come, each at its cell."""
    project = row.project("")
    found = list(wrong_money(project))
    if today is not None:
        found += wrong_dates(project, today)
    row.problems += [Problem(x.code, _cell(row, x), x.values) for x in found]


def _cell(row: Row, wrong: Wrong) -> Place:
    key, _, month = wrong.field.partition(" ")
    return row.at(key, int(month[-2:]) if month else 0)
