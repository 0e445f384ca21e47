"""A sheet of units, users and posts: its columns, its template, its rows as read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import override

from saima.files.campaign.values import plain_text
from saima.files.opening import open_workbook
from saima.places import cell_name
from saima.problems import Place, Problem, declare, refuse
from saima_web.people.models import Role, Unit

NO_SHEETS = declare(
    "people-no-sheets",
    "“{file}”里没有“单位”“用户”“角色”任何一张表。",
    "请下载模板，在模板里填写；表名和表头不要改。",
    "{file} has none of the sheets 单位, 用户 and 角色.",
    "Take the template and keep its sheet names and headers.",
)


@dataclass(frozen=True)
class Field:
    """A column: its key, its headers (the first is written), a note and an example."""

    name: str
    headers: tuple[str, ...]
    required: bool = False
    note: str = ""


@dataclass(frozen=True)
class Form:
    """A sheet: its key, its name, its columns."""

    key: str
    sheet: str
    fields: tuple[Field, ...]

    def title(self, name: str) -> str:
        """The header of a column."""
        return next(f.headers[0] for f in self.fields if f.name == name)


FORMS = (
    Form("units", "单位", (
        Field("code", ("代码", "单位代码"), note="不填时以名称为代码"),
        Field("name", ("名称", "单位名称"), required=True),
        Field("short_name", ("简称",)),
        Field("kind", ("类型", "单位类型"), note="集团、企业、部门、区县、党支部"),
        Field("parent", ("上级", "上级单位"), note="上级单位的代码或名称"),
        Field("order", ("机构序", "排序"), note="整数，小的在前"),
        Field("valid_from", ("启用日期", "成立日期"), note="年中成立的填，如2026-07-01"),
        Field("valid_to", ("停用日期", "撤并日期")),
    )),
    Form("users", "用户", (
        Field("username", ("登录名",), required=True, note="汉字、字母、数字和 . - _ @"),
        Field("name", ("姓名",), required=True),
        Field("unit", ("单位", "所在单位"), note="代码、名称或简称"),
        Field("title", ("职务",)),
        Field("phone", ("电话", "联系电话")),
    )),
    Form("posts", "角色", (
        Field("username", ("登录名",), required=True),
        Field("role", ("角色",), required=True, note="从下拉列表中选"),
        Field("campaign", ("行动",), note="行动的代码或名称；不填为全部行动"),
        Field("unit", ("单位",), note="填报员和单位负责人必填"),
        Field("categories", ("指标类别",), note="几个类别用顿号隔开"),
        Field("valid_from", ("起", "起始日期")),
        Field("valid_to", ("止", "截止日期"), note="代理必填"),
        Field("deputy_for", ("代理谁", "代理"), note="被代理人的登录名；临时代理才填"),
    )),
)  # fmt: skip
BY_SHEET = {form.sheet: form for form in FORMS}
FORM = {form.key: form for form in FORMS}


def in_chinese(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Choices by their Chinese words: sheets are written in Chinese whoever reads the page."""
    with override("zh-hans"):
        return {str(title): key for key, title in choices}


KINDS = in_chinese(Unit.Kind.choices)
ROLES = in_chinese(Role.choices)
PROBLEM_HEADER = "问题"


@dataclass
class Row:
    """One row as typed: where it stands, its texts by key, what is wrong, what it would do."""

    form: Form
    file: str
    number: int
    columns: dict[str, int]
    texts: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    what: str = "new"

    @property
    def wrong(self) -> bool:
        return bool(self.problems)

    def place(self, name: str = "") -> Place:
        """The cell of a column, or the row."""
        if name in self.columns:
            return Place(self.file, self.form.sheet, cell_name(self.number - 1, self.columns[name]))
        return Place(self.file, self.form.sheet, line=self.number)

    def blame(self, code: str, name: str = "", /, **values: Any) -> None:
        """Note that something is wrong in a column."""
        if name:
            values.setdefault("field", self.form.title(name))
        self.problems.append(Problem(code, self.place(name), values))

    @property
    def key(self) -> str:
        """What the row is called in the list of problems."""
        return self.texts.get("name") or self.texts.get("username") or ""


def read_rows(path: Path, name: str) -> list[Row]:
    """The rows of the sheets that are there. Errors: Refused where none is, or unreadable."""
    rows: list[Row] = []
    found = False
    for sheet in open_workbook(path).sheets:
        form = BY_SHEET.get(sheet.name.strip())
        if form is not None:
            found = True
            rows += _sheet_rows(form, name, sheet.rows)
    if not found:
        raise refuse(NO_SHEETS, Place(file=name), file=name)
    return rows


def _header(form: Form, cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]] | None:
    """The header's row, 0-based, and the column of each field."""
    known = {h: f.name for f in form.fields for h in f.headers}
    for top, header in enumerate(cells[:10]):
        titles = [plain_text(v).strip("*＊ ") for v in header]
        columns = {known[t]: n for n, t in enumerate(titles) if t in known}
        if len(columns) >= 2:
            return top, columns
    return None


def _sheet_rows(form: Form, file: str, cells: Sequence[Sequence[Any]]) -> list[Row]:
    found = _header(form, cells)
    if found is None:
        return []
    top, columns = found
    rows = []
    for number, values in enumerate(cells[top + 1 :], top + 2):
        texts = {k: plain_text(values[n]) for k, n in columns.items() if n < len(values)}
        if any(texts.values()) and not texts.get("name", "").startswith("例："):
            rows.append(Row(form, file, number, columns, texts))
    return rows


EXAMPLES: dict[str, list[list[str]]] = {
    "units": [["E99", "例：示例公司", "示例", "企业", "", "1", "", ""]],
    "users": [["例：lin", "例：林某", "E99", "科长", ""]],
    "posts": [],
}


def template_bytes() -> bytes:
    """An empty workbook with the three sheets, notes and choices to pick from."""
    return _workbook({form.key: EXAMPLES[form.key] for form in FORMS})


def failed_bytes(rows: Iterable[Row]) -> bytes:
    """Only the rows with problems, in the same form, so that it can be mended and imported."""
    sheets: dict[str, list[list[str]]] = {form.key: [] for form in FORMS}
    for row in rows:
        if row.wrong:
            texts = [row.texts.get(f.name, "") for f in row.form.fields]
            words = "；".join(p.message() + p.hint() for p in row.problems)
            sheets[row.form.key].append([*texts, words])
    return _workbook({k: v for k, v in sheets.items() if v}, problems=True)


def _workbook(sheets: dict[str, list[list[str]]], *, problems: bool = False) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    red = book.add_format({"font_color": "#b3261e", "text_wrap": True})
    for key, rows in sheets.items():
        form = FORM[key]
        sheet = book.add_worksheet(form.sheet)
        sheet.freeze_panes(1, 0)
        for n, column in enumerate(form.fields):
            sheet.write_string(0, n, column.headers[0] + ("*" if column.required else ""), bold)
            sheet.set_column(n, n, 16, text)
            if column.note:
                sheet.write_comment(0, n, column.note)
            _choices(sheet, n, column.name)
        if problems:
            sheet.write_string(0, len(form.fields), PROBLEM_HEADER, bold)
            sheet.set_column(len(form.fields), len(form.fields), 60, red)
        for r, values in enumerate(rows, 1):
            for n, value in enumerate(values):
                sheet.write_string(r, n, value)
    book.close()
    return stream.getvalue()


def _choices(sheet: Any, column: int, name: str) -> None:
    lists = {"kind": list(KINDS), "role": list(ROLES)}
    if name in lists:
        sheet.data_validation(1, column, 2000, column, {"validate": "list", "source": lists[name]})
