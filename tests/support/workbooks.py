"""Workbooks as offices fill them in, generated, each with one planted defect and what must be said.

All names and figures are invented. A draft knows the truth of every figure; a plant changes one
thing in it and says which problem must be told at which cell, and what else becomes of the cell.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from saima.places import cell_name, column_name

Cell = tuple[int, int]

UNITS = ["东林区", "西塘区", "南桥区", "北岭区", "云溪县", "青湖县", "白石县", "石桥县", "河湾市", "松岗市",
         "高新园区", "临港园区"]  # fmt: skip
AMOUNTS = [
    "固定资产投资",
    "工业投资",
    "财政收入",
    "社零总额",
    "招商到位资金",
    "技改投资",
    "外贸出口",
]
RATES = ["完成率(%)", "投资完成率（%）", "签约履约率(%)"]
TITLES = ["2024年1-6月重点工作完成情况表", "百日攻坚行动进展情况", "2024年上半年主要指标完成情况"]
NOTES = ["注：数据为初步统计数，以正式公布为准。", "数据来源：各单位自报", "说明：口径与上年一致"]
MISSING = {"—": "not-applicable", "…": "below-unit", "/": "not-applicable", "": "not-reported",
           "暂无数据": "not-reported", "不详": "unknown", "-": "not-applicable"}  # fmt: skip


@dataclass
class Draft:
    """A sheet being written; rows and columns are 0-based.

    truth: the number that must be read at each figure cell (None: none). units: the label of
    each data row. group_cells: cells of upper header rows that are merged over their columns.
    """

    cells: dict[Cell, object] = field(default_factory=dict)
    formats: dict[Cell, str] = field(default_factory=dict)
    formulas: dict[Cell, tuple[str, object]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    header: list[int] = field(default_factory=list)
    data: list[int] = field(default_factory=list)
    totals: list[tuple[int, list[int]]] = field(default_factory=list)
    label: int = 0
    amounts: list[int] = field(default_factory=list)
    rates: list[int] = field(default_factory=list)
    groups: list[Cell] = field(default_factory=list)
    last_row: int = 0
    measure: str = "万元"
    truth: dict[Cell, Decimal | None] = field(default_factory=dict)
    added: set[Cell] = field(default_factory=set)

    def figures(self) -> list[Cell]:
        """Cells of items' amounts."""
        return [(row, column) for row in self.data for column in self.amounts]

    def head(self, column: int) -> Cell:
        """The lowest header cell of a column that has a text."""
        return next((r, column) for r in reversed(self.header) if (r, column) in self.cells)


@dataclass
class Expected:
    """What must come of a plant: problems as (code, cell name), and the state of planted cells."""

    problems: list[tuple[str, str]] = field(default_factory=list)
    states: dict[Cell, dict[str, Any]] = field(default_factory=dict)
    unread: set[Cell] = field(default_factory=set)


# --- drafts -------------------------------------------------------------------------------------


def draft(rng: random.Random) -> Draft:
    """A clean sheet: title, measure row, header of one to two rows, rows, totals, notes."""
    d = Draft()
    row, left = rng.randint(0, 2), rng.randint(0, 2)
    d.cells[row, left] = rng.choice(TITLES)
    row += 1
    labels = rng.choice([["单位"], ["序号", "单位"], ["片区", "单位"]])
    shape = rng.choice(["flat", "flat", "grouped", "switching"])
    width = len(labels) + _header(d, rng, row + 1, left, labels, shape)
    d.cells[row, left + width - 1] = rng.choice(["单位：万元", "计量单位:万元", "（单位：万元）"])
    row = d.header[-1] + 1
    d.label = left + len(labels) - 1
    if rng.random() < 0.2:
        _codes(d, row, left, len(labels), left + width)
        row += 1
    row += rng.random() < 0.15
    row = _rows(d, rng, row, left, labels)
    _remarks(d, rng, left + width)
    row = _foot(d, rng, row, left)
    d.last_row = row
    return d


def _codes(d: Draft, row: int, left: int, labels: int, end: int) -> None:
    """The row of column numbers that statistical forms have: 甲 乙 1 2 3."""
    for column in range(left, end):
        place = column - left
        d.cells[row, column] = "甲乙丙"[place] if place < labels else place - labels + 1


def _remarks(d: Draft, rng: random.Random, column: int) -> None:
    """A column of remarks on the right, mostly blank."""
    if rng.random() < 0.3:
        d.cells[d.header[0], column] = rng.choice(["备注", "存在问题"])
        if len(d.header) > 1:
            d.merged.append((d.header[0], column, d.header[-1], column))
        for row in d.data:
            if rng.random() < 0.4:
                d.cells[row, column] = rng.choice(
                    ["正常推进", "无", "待专题研究", "要素保障不足，已协调"]
                )


def _foot(d: Draft, rng: random.Random, row: int, left: int) -> int:
    """Notes, one of them going on in a second line, and the people who filled the form in."""
    row += rng.random() < 0.3
    for text in rng.sample(NOTES, rng.randint(0, 2)):
        d.cells[row, left] = text
        row += 1
        if rng.random() < 0.3:
            d.cells[row, left] = "其中部分单位的数据在下月统一更正，不再另行说明。"
            row += 1
    if rng.random() < 0.3:
        d.cells[row, left], d.cells[row, left + 1] = "填表人：甲某", "审核人：乙某"
        row += 1
    return row


def _header(
    d: Draft, rng: random.Random, row: int, left: int, labels: list[str], shape: str
) -> int:
    """Write the header; the number of figure columns."""
    start = left + len(labels)
    names = rng.sample(AMOUNTS, rng.randint(2, 4))
    rows = 1 if shape == "flat" else 2
    d.header = list(range(row, row + rows))
    for i, text in enumerate(labels):
        _tall(d, row, left + i, text, rows)
    column = start
    for name in names:
        if shape == "flat":
            d.cells[row, column] = name
            d.amounts.append(column)
            column += 1
            continue
        d.cells[row, column] = name
        d.groups.append((row, column))
        d.merged.append((row, column, row, column + 1))
        d.cells[row + 1, column], d.cells[row + 1, column + 1] = "年度目标", "累计完成"
        d.amounts += [column, column + 1]
        column += 2
    if shape != "grouped" or rng.random() < 0.5:
        _tall(d, row, column, rng.choice(RATES), rows)
        d.rates.append(column)
        column += 1
    return column - start


def _tall(d: Draft, row: int, column: int, text: str, rows: int) -> None:
    d.cells[row, column] = text
    if rows > 1:
        d.merged.append((row, column, row + rows - 1, column))


def _rows(d: Draft, rng: random.Random, row: int, left: int, labels: list[str]) -> int:
    """Write data rows and totals; the row after them."""
    units = rng.sample(UNITS, rng.randint(5, len(UNITS)))
    grouped = labels[0] == "片区"
    sizes = [len(units) // 2, len(units) - len(units) // 2] if grouped else [len(units)]
    totals = rng.choice(["none", "last", "first"])
    first = row if totals == "first" else -1
    row += totals == "first"
    number = 0
    for group, size in enumerate(sizes):
        top = row
        for _ in range(size):
            _item(d, rng, row, left, labels, units[number], number + 1)
            row, number = row + 1, number + 1
        if grouped:
            d.cells[top, left] = f"{'东西'[group]}部片区"
            if size > 1 and rng.random() < 0.7:
                d.merged.append((top, left, row - 1, left))
            if totals != "none":
                d.cells[row, left + 1] = "小计"
                d.totals.append((row, list(range(top, row))))
                row += 1
    if totals != "none":
        at = first if first >= 0 else row
        d.cells[at, left] = rng.choice(["合计", "总 计", "全市合计"])
        d.totals.append((at, list(d.data)))
        row += totals == "last"
    return row


def _item(
    d: Draft, rng: random.Random, row: int, left: int, labels: list[str], unit: str, number: int
) -> None:
    if labels[0] == "序号":
        d.cells[row, left] = number
    d.cells[row, left + len(labels) - 1] = unit if rng.random() < 0.8 else " ".join(unit)
    d.data.append(row)
    for column in d.amounts:
        value = Decimal(rng.randint(20_000, 900_000)) / 10
        d.cells[row, column], d.truth[row, column] = float(value), value
    for column in d.rates:
        value = Decimal(rng.randint(400, 1300)) / 10
        d.cells[row, column], d.truth[row, column] = float(value), value


def monthly(rng: random.Random, kind: str) -> Draft:
    """A bureau's sheet of one unit: indicators down, months across, measures in the names.

    kind: `text` (2024年2月), `number` (2024.2), `date` (24-Feb typed, stored as a date).
    """
    d = Draft()
    first = rng.randint(0, 1)
    d.cells[first, 0] = "数据库：分地区月度数据"
    d.cells[first + 1, 0] = f"地区：{rng.choice(UNITS)}"
    d.header = [first + 2]
    d.cells[first + 2, 0] = "指标"
    start, count = rng.randint(1, 4), rng.randint(4, 8)
    months = list(range(start, min(start + count, 10)))
    for i, month in enumerate(months, start=1):
        d.amounts.append(i)
        d.cells[first + 2, i] = {
            "text": f"2024年{month}月",
            "number": float(f"2024.{month}"),
            "date": date(2026, month, 24),
        }[kind]
    row = first + 3
    for name in rng.sample(AMOUNTS, 3):
        for text, measure in ((f"{name}累计值(亿元)", "亿元"), (f"{name}累计增长(%)", "%")):
            d.cells[row, 0] = text
            d.data.append(row)
            for column in d.amounts:
                value = Decimal(rng.randint(200, 9000)) / (10 if measure == "亿元" else 100)
                d.cells[row, column], d.truth[row, column] = float(value), value
            row += 1
    d.cells[row, 0] = "数据来源：某市统计局（虚构）"
    d.last_row = row + 1
    return d


# --- writing ------------------------------------------------------------------------------------


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


# --- plants -------------------------------------------------------------------------------------


def _name(cell: Cell) -> str:
    return cell_name(*cell)


def _pick(d: Draft, rng: random.Random) -> Cell:
    return rng.choice(d.figures())


def _told(code: str, cell: Cell, **state: Any) -> Expected:
    return Expected([(code, _name(cell))], {cell: state} if state else {})


def _as_text(code: str, form: Callable[[str], str]) -> Callable[[Draft, random.Random], Expected]:
    """A number written as a text of some form, read as the same number."""

    def plant(d: Draft, rng: random.Random) -> Expected:
        cell = _pick(d, rng)
        d.cells[cell] = form(f"{d.truth[cell]}")
        return _told(code, cell)

    return plant


def _unreadable(
    code: str, value: Callable[[Draft, Cell], object]
) -> Callable[[Draft, random.Random], Expected]:
    def plant(d: Draft, rng: random.Random) -> Expected:
        cell = _pick(d, rng)
        d.cells[cell], d.truth[cell] = value(d, cell), None
        return Expected([(code, _name(cell))], unread={cell})

    return plant


def _missing(mark: str) -> Callable[[Draft, random.Random], Expected]:
    def plant(d: Draft, rng: random.Random) -> Expected:
        cell = _pick(d, rng)
        d.truth[cell] = None
        if mark:
            d.cells[cell] = mark
        else:
            del d.cells[cell]
        return Expected(states={cell: {"missing": MISSING[mark]}})

    return plant


def _converted(suffix: str, factor: int) -> Callable[[Draft, random.Random], Expected]:
    def plant(d: Draft, rng: random.Random) -> Expected:
        cell, value = _pick(d, rng), Decimal(rng.randint(11, 99)) / 10
        d.cells[cell], d.truth[cell] = f"{value}{suffix}", value * factor
        return _told("sheet-measure-converted", cell, measure="万元")

    return plant


def word_for_zero(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.cells[cell], d.truth[cell] = "无", Decimal(0)
    return Expected(states={cell: {"missing": "zero"}})


def _rate(d: Draft, rng: random.Random) -> Cell | None:
    return (rng.choice(d.data), d.rates[0]) if d.rates else None


def percent_as_text(d: Draft, rng: random.Random) -> Expected | None:
    cell = _rate(d, rng)
    if not cell:
        return None
    d.cells[cell] = f"{d.truth[cell]}%"
    return _told("sheet-percent-as-text", cell, measure="%")


def percent_as_fraction(d: Draft, rng: random.Random) -> Expected | None:
    cell = _rate(d, rng)
    if not cell:
        return None
    d.cells[cell], d.truth[cell] = 0.972, Decimal("0.972")
    return _told("sheet-percent-scale", cell)


def percent_format(d: Draft, rng: random.Random) -> Expected | None:
    cell = _rate(d, rng)
    if not cell:
        return None
    d.cells[cell], d.formats[cell], d.truth[cell] = 0.972, "0.0%", Decimal("97.2")
    return Expected(states={cell: {"measure": "%"}})


def at_least(d: Draft, rng: random.Random) -> Expected | None:
    cell = _rate(d, rng)
    if not cell:
        return None
    d.cells[cell], d.truth[cell] = rng.choice(["≥95%", "不低于95%", "95%以上"]), Decimal(95)
    return Expected(states={cell: {"bound": ">="}})


def at_most(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.cells[cell], d.truth[cell] = rng.choice(["不超过300", "≤300", "300以内"]), Decimal(300)
    return Expected(states={cell: {"bound": "<="}})


def in_brackets(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.cells[cell], d.truth[cell] = "（123.4）", Decimal("-123.4")
    return _told("sheet-negative-in-brackets", cell)


def sign_in_words(d: Draft, rng: random.Random) -> Expected | None:
    cell = _rate(d, rng)
    if not cell:
        return None
    d.cells[cell], d.truth[cell] = "下降3.2%", Decimal("-3.2")
    return _told("sheet-sign-in-words", cell)


def triangle(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.cells[cell], d.truth[cell] = "▲55.5", Decimal("-55.5")
    return _told("sheet-triangle-sign", cell)


def formula_with_value(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.formulas[cell] = ("=1+2", d.cells[cell])
    return Expected()


def formula_without_value(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.formulas[cell], d.truth[cell] = ("=1+2", ""), None
    return Expected([("sheet-formula-without-value", _name(cell))], unread={cell})


def error_value(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.formulas[cell], d.truth[cell] = ("=1/0", rng.choice(["#DIV/0!", "#N/A", "#REF!"])), None
    return Expected([("sheet-error-value", _name(cell))], unread={cell})


def hidden_row(d: Draft, rng: random.Random) -> Expected:
    row = rng.choice(d.data)
    d.hidden_rows.add(row)
    first = min(c for r, c in d.cells if r == row)
    return _told("sheet-hidden-row", (row, first))


def hidden_column(d: Draft, rng: random.Random) -> Expected:
    column = rng.choice(d.amounts)
    d.hidden_columns.add(column)
    return _told("sheet-hidden-column", (d.header[-1], column))


def hidden_sheet(d: Draft, _rng: random.Random) -> Expected:
    d.hidden = True
    return Expected([("sheet-hidden-sheet", "")])


def total_differs(d: Draft, rng: random.Random) -> Expected | None:
    if not d.totals:
        return None
    finish(d)
    cell = (rng.choice(d.totals)[0], rng.choice(d.amounts))
    d.truth[cell] = (d.truth[cell] or Decimal(0)) + rng.choice([1000, -1000, 90])
    d.cells[cell] = float(d.truth[cell] or 0)
    return _told("sheet-total-differs", cell)


def double_row(d: Draft, rng: random.Random) -> Expected | None:
    grouped = any(text == "片区" for text in d.cells.values())
    first, second = sorted(rng.sample(d.data, 2))
    if grouped and (first - d.data[0] < len(d.data) // 2) != (
        second - d.data[0] < len(d.data) // 2
    ):
        return None
    d.cells[second, d.label] = str(d.cells[first, d.label]).replace(" ", "")
    return _told("sheet-duplicate-row", (second, d.label))


def double_header(d: Draft, rng: random.Random) -> Expected | None:
    if len(d.header) > 1:
        return None
    first, second = sorted(rng.sample(d.amounts, 2))
    d.cells[d.header[0], second] = d.cells[d.header[0], first]
    return _told("sheet-duplicate-header", (d.header[0], second))


def no_header(d: Draft, rng: random.Random) -> Expected | None:
    if len(d.header) > 1:
        return None
    finish(d)
    column = rng.choice(d.amounts[:-1])
    del d.cells[d.header[0], column]
    unread = {(r, c) for r, c in d.cells if c == column and r > d.header[0] and (r, c) in d.truth}
    for cell in unread:
        d.truth[cell] = None
    return Expected([("sheet-column-without-header", _name((d.header[0], column)))], unread=unread)


def no_label(d: Draft, rng: random.Random) -> Expected | None:
    if any(text == "片区" for text in d.cells.values()):
        return None
    row = rng.choice(d.data)
    del d.cells[row, d.label]
    unread = {cell for cell in d.cells if cell[0] == row}
    for cell in unread & set(d.truth):
        d.truth[cell] = None
    d.totals.clear()
    return Expected([("sheet-row-without-label", _name((row, d.label)))], unread=unread)


def merged_value(d: Draft, rng: random.Random) -> Expected | None:
    cell = rng.choice([c for c in d.figures() if c[0] + 1 in d.data])
    below = (cell[0] + 1, cell[1])
    if any((r0, r1) == (cell[0], below[0]) for r0, _, r1, _ in d.merged):
        return None  # merged like the name of its group: a figure of the whole group
    del d.cells[below]
    d.truth[below] = None
    d.merged.append((*cell, *below))
    return Expected([("sheet-merged-value", _name(cell))], {below: {"missing": "not-reported"}})


def stray_beside(d: Draft, rng: random.Random) -> Expected:
    right = max(c for _, c in d.cells) + rng.randint(1, 2)
    cell = (rng.choice(d.data), right)
    d.cells[cell] = rng.choice(["请核实", 3.5])
    return Expected([("sheet-stray-cell", _name(cell))], unread={cell})


def repeated_header(d: Draft, rng: random.Random) -> Expected:
    """The header once more after the last row (a page break that was pasted in), then a unit."""
    at = rng.choice(d.data[1:])
    if any(at in (r0, r1) or r0 < at <= r1 for r0, _, r1, _ in d.merged):
        at = d.data[-1] + 1
    count = len(d.header)
    _shift(d, at, count)
    for (row, column), text in list(d.cells.items()):
        if row in d.header:
            d.cells[at + row - d.header[0], column] = text
    first = min(c for r, c in d.cells if r == at)
    return _told("sheet-repeated-header", (at, first))


def _shift(d: Draft, at: int, count: int) -> None:
    """Make room for some rows."""

    def moved(row: int) -> int:
        return row + count if row >= at else row

    d.cells = {(moved(r), c): v for (r, c), v in d.cells.items()}
    d.truth = {(moved(r), c): v for (r, c), v in d.truth.items()}
    d.merged = [(moved(r0), c0, moved(r1), c1) for r0, c0, r1, c1 in d.merged]
    d.data = [moved(r) for r in d.data]
    d.totals = [(moved(r), [moved(p) for p in parts]) for r, parts in d.totals]
    d.last_row += count


def unmerged_group(d: Draft, rng: random.Random) -> Expected | None:
    if not d.groups:
        return None
    cell = rng.choice(d.groups)
    d.merged = [span for span in d.merged if span[:2] != cell]
    return _told("sheet-header-guessed", cell)


def note_explains_mark(d: Draft, rng: random.Random) -> Expected:
    cell = _pick(d, rng)
    d.cells[cell], d.truth[cell] = "…", None
    first = min(c for _, c in d.cells)
    d.cells[d.last_row, first] = "注1：“…”表示该项数据不详。"
    return Expected(states={cell: {"missing": "unknown"}})


def january_or_october(d: Draft, rng: random.Random) -> Expected:
    """One header 2024.1 that its neighbours do not settle."""
    row, column = d.header[0], d.amounts[-1]
    del rng
    for c in d.amounts[:-1]:
        d.cells[row, c] = f"2023年{c}月"
    d.cells[row, column] = 2024.1
    return _told("sheet-month-in-doubt", (row, column))


def months_as_dates(d: Draft, rng: random.Random) -> Expected:
    del rng
    problems = [("sheet-month-in-doubt", _name((d.header[0], c))) for c in d.amounts]
    states: dict[Cell, dict[str, Any]] = {}
    for column in d.amounts:
        value = d.cells[d.header[0], column]
        assert isinstance(value, date)
        period = f"2024-{value.month:02d}"
        states |= {(row, column): {"period": period} for row in d.data}
    return Expected(problems, states)


def months_as_numbers(d: Draft, rng: random.Random) -> Expected:
    del rng
    states: dict[Cell, dict[str, Any]] = {}
    for column in d.amounts:
        month = str(d.cells[d.header[0], column]).split(".")[1]
        states |= {(r, column): {"period": f"2024-{int(month):02d}"} for r in d.data}
    return Expected(states=states)


def full_width(text: str) -> str:
    return text.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})


def grouped(text: str) -> str:
    return f"{Decimal(text):,}"


PLANTS: dict[str, Callable[[Draft, random.Random], Expected | None]] = {
    "number as text": _as_text("sheet-number-as-text", str),
    "thousands separators in text": _as_text("sheet-number-as-text", grouped),
    "full-width digits": _as_text("sheet-full-width", full_width),
    "invisible characters": _as_text("sheet-invisible-characters", lambda t: f"\u200b{t}\u00a0"),
    "footnote mark": _as_text("sheet-footnote-mark", lambda t: f"{t}①"),
    "amount in 亿元": _converted("亿元", 10_000),
    "bare 亿": _converted("亿", 10_000),
    "amount in 百万元": _converted("百万元", 100),
    "measure of another kind": _unreadable("sheet-measure-differs", lambda *_: "12.5吨"),
    "letter for a digit": _unreadable("sheet-not-a-number", lambda *_: "1O5.3"),
    "two decimal points": _unreadable("sheet-not-a-number", lambda *_: "12..5"),
    "wrong separators": _unreadable("sheet-not-a-number", lambda *_: "1,23,4.5"),
    "words for a figure": _unreadable("sheet-not-a-number", lambda *_: "已完成"),
    "date for a figure": _unreadable("sheet-date-in-numbers", lambda *_: date(2024, 3, 5)),
    "error value": error_value,
    "formula without value": formula_without_value,
    "formula with value": formula_with_value,
    "dash": _missing("—"),
    "hyphen": _missing("-"),
    "ellipsis": _missing("…"),
    "slash": _missing("/"),
    "blank": _missing(""),
    "no data yet": _missing("暂无数据"),
    "unknown": _missing("不详"),
    "word for zero": word_for_zero,
    "note explains a mark": note_explains_mark,
    "percent as text": percent_as_text,
    "percent as fraction": percent_as_fraction,
    "percent format": percent_format,
    "at least": at_least,
    "at most": at_most,
    "negative in brackets": in_brackets,
    "sign in words": sign_in_words,
    "triangle for minus": triangle,
    "hidden row": hidden_row,
    "hidden column": hidden_column,
    "hidden sheet": hidden_sheet,
    "total does not add up": total_differs,
    "row twice": double_row,
    "header twice": double_header,
    "column without header": no_header,
    "row without name": no_label,
    "value merged over rows": merged_value,
    "stray cell": stray_beside,
    "repeated header": repeated_header,
    "group not merged": unmerged_group,
}
MONTHLY_PLANTS: dict[str, tuple[str, Callable[[Draft, random.Random], Expected | None]]] = {
    "2024.1 in doubt": ("text", january_or_october),
    "24-Feb as a date": ("date", months_as_dates),
    "2024.2 as a number": ("number", months_as_numbers),
}
KINDS = [*PLANTS, *MONTHLY_PLANTS]


def planted(kind: str, seed: int) -> tuple[bytes, Draft, Expected]:
    """A workbook with one defect of a kind, its truth, and what must be said of it."""
    rng = random.Random(f"{kind}/{seed}")
    while True:
        if kind in PLANTS:
            d, plant = draft(rng), PLANTS[kind]
        else:
            form, plant = MONTHLY_PLANTS[kind]
            d = monthly(rng, form)
        expected = plant(d, rng)
        if expected is not None:
            finish(d)
            return write(d), d, expected


__all__ = ["KINDS", "Draft", "Expected", "column_name", "draft", "monthly", "planted", "write"]
