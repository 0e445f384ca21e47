"""The office's project workbook: one project a row, twelve months of plan and of amounts done."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import xlsxwriter

from saima.files.cells import safe_text
from saima.files.opening import cell_name, open_workbook
from saima.files.schedule.workbook_reading import as_moment
from saima.problems import Place, Problem, declare, refuse
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.projects.models import Project, ProjectMoney
from saima_web.projects.queries import Standing

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

SHEET = "重点项目"
HEADERS = {
    "name": "项目名称",
    "category": "类别",
    "kind": "类型",
    "unit": "责任单位",
    "leader": "责任领导",
    "supporting": "配合单位",
    "centre": "项目管理中心",
    "agent": "代建单位",
    "investor": "投资单位",
    "front": "战场",
    "indicator": "支撑指标",
    "total": "总投资（万元）",
    "before": "至上年底完成（万元）",
    "year_plan": "年度计划（万元）",
    "start_due": "计划开工",
    "started_on": "实际开工",
    "finish_due": "计划竣工",
}
AMOUNTS, DAYS = ("total", "before", "year_plan"), ("start_due", "started_on", "finish_due")
PLAN, DONE = "{n}月计划", "{n}月完成"
_MONTH = re.compile(r"(\d{1,2})月(计划|完成)")
_HEADER_ROWS = 20


@dataclass
class Row:
    """One row: the project it makes or changes, its months, what is wrong with it."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    supporting: list[Unit] = field(default_factory=list)
    plan: dict[str, Decimal] = field(default_factory=dict)
    done: dict[str, Decimal] = field(default_factory=dict)
    existing: Project | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))


class Reading:
    """Reads the rows of a workbook against the campaign's units, indicators and projects."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        units = list(Unit.objects.all())
        self.units = {key: u for u in units for key in (u.code, u.name, u.short_name) if key}
        self.indicators = {k: i for i in Indicator.objects.all() for k in (i.code, i.name)}
        self.projects = {p.name: p for p in campaign.projects.all()}
        self.choices = {
            "category": {str(c.label): c.value for c in Project.Category},
            "kind": {str(c.label): c.value for c in Project.Kind},
        }

    def rows(self, path: Path, name: str) -> list[Row]:
        """All rows of the first sheet with a header. Errors: Refused without one."""
        for sheet in open_workbook(path).sheets:
            for at, cells in enumerate(sheet.rows[:_HEADER_ROWS]):
                columns = _columns(cells)
                if {"name", "unit"} <= set(columns):
                    found = [
                        self._row(Place(name, sheet.name), line, sheet.rows[line], columns)
                        for line in range(at + 1, len(sheet.rows))
                        if any(str(value).strip() for value in sheet.rows[line])
                    ]
                    return _once(found, Place(name, sheet.name), columns["name"])
        raise refuse(NO_HEADER, Place(name))

    def _row(self, place: Place, line: int, cells: list[object], columns: dict[str, int]) -> Row:
        row = Row(line + 1)
        for key, column in columns.items():
            at = Place(place.file, place.sheet, cell_name(line, column))
            self._cell(row, key, cells[column] if column < len(cells) else "", at)
        row.existing = self.projects.get(row.name)
        if row.existing is None:
            row.values.setdefault("category", Project.Category.NEW)
            row.values.setdefault("kind", Project.Kind.INDUSTRY)
        return row

    def _cell(self, row: Row, key: str, value: object, at: Place) -> None:
        text = str(value).strip()
        if not text:
            if key in ("name", "unit"):
                row.problems.append(Problem(EMPTY_CELL, at, {"field": HEADERS[key]}))
        elif _MONTH.fullmatch(key) or key in AMOUNTS:
            self._amount(row, key, text, at)
        elif key in DAYS:
            found = as_moment(value)
            row.values[key] = found.date() if found else None
            if found is None:
                _wrong(row, at, key, text, "2026-03-01 这样的日期")
        else:
            self._named(row, key, text, at)

    def _amount(self, row: Row, key: str, text: str, at: Place) -> None:
        try:
            amount = Decimal(text.replace(",", "").replace("，", ""))
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite() or amount < 0:
            _wrong(row, at, key, text, "0 或正数，单位万元")
        elif month := _MONTH.fullmatch(key):
            target = row.plan if month[2] == "计划" else row.done
            target[f"{self.campaign.start.year}-{int(month[1]):02}"] = amount
        else:
            row.values[key] = amount

    def _named(self, row: Row, key: str, text: str, at: Place) -> None:
        if key in self.choices:
            known: dict[str, Any] = self.choices[key]
        else:
            by_name: dict[str, dict[str, Any]] = {"unit": self.units, "indicator": self.indicators}
            known = by_name.get(key, {})
        if key == "supporting":
            for name in filter(None, re.split(r"[、，,；;\s]+", text)):
                if name in self.units:
                    row.supporting.append(self.units[name])
                else:
                    _wrong(row, at, key, name, "平台上已有的单位名称")
        elif not known:
            row.values[key] = text[:120]
        elif text in known:
            row.values[key] = known[text]
        else:
            options = "、".join(known) if key in self.choices else "平台上已有的名称"
            _wrong(row, at, key, text, options)


def _columns(cells: list[object]) -> dict[str, int]:
    headers = {_plain(title): key for key, title in HEADERS.items()}
    found: dict[str, int] = {}
    for column, value in enumerate(cells):
        title = _plain(str(value))
        month = _MONTH.fullmatch(title)
        key = headers.get(title, title if month and 1 <= int(month[1]) <= 12 else "")
        if key:
            found.setdefault(key, column)
    return found


def _plain(title: str) -> str:
    return re.sub(r"[（(\s].*", "", title.strip())


def _wrong(row: Row, at: Place, key: str, value: str, wanted: str) -> None:
    values = {"field": HEADERS.get(key, key), "value": value, "wanted": wanted}
    row.problems.append(Problem(BAD_CELL, at, values))


def _once(rows: list[Row], place: Place, column: int) -> list[Row]:
    first: dict[str, Row] = {}
    for row in rows:
        if row.name and (other := first.setdefault(row.name, row)) is not row:
            at = Place(place.file, place.sheet, cell_name(row.line - 1, column))
            row.problems.append(Problem(SAME_NAME, at, {"name": row.name, "line": other.line}))
    return rows


def workbook_bytes(campaign: Campaign, lines: Iterable[Standing]) -> bytes:
    """The workbook that is read, with the projects there are: template and export in one."""
    out = io.BytesIO()
    months = [(kind, n) for kind in (PLAN, DONE) for n in range(1, 13)]
    titles = [*HEADERS.values(), *(kind.format(n=n) for kind, n in months)]
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, titles, head)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, len(titles), 11)
        sheet.freeze_panes(1, 1)
        for at, line in enumerate(lines, 1):
            for column, value in enumerate(_values(campaign, line)):
                _write(sheet, at, column, value, day)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, value: object, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value))
    elif value:
        sheet.write_string(row, column, safe_text(str(value)))


def _values(campaign: Campaign, line: Standing) -> list[object]:
    project, money = line.project, line.money
    named = {
        "category": project.get_category_display(), "kind": project.get_kind_display(),
        "unit": project.unit.name, "indicator": project.indicator.name if project.indicator else "",
        "supporting": "、".join(u.name for u in project.supporting.all()),
    }  # fmt: skip
    values = [named.get(key, getattr(project, key)) for key in HEADERS]
    months = [f"{campaign.start.year}-{n:02}" for n in range(1, 13)]
    done = money.series[ProjectMoney.Series.STATISTICAL]
    return [*values, *(money.plan.get(m) for m in months), *(done.get(m) for m in months)]
