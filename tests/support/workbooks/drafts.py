"""Clean sheets as offices lay them out: one of many shapes with units down, and months across."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from tests.support.workbooks.model import Draft

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
