"""The columns of a table: what each holds, in which measure, of which period, as which field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from saima.files.cells import Cell
from saima.files.sheet.findings import Findings
from saima.files.sheet.grid import Grid, is_figure, is_moment
from saima.files.sheet.headers import Heading, header_text, headings
from saima.files.sheet.layout import Block
from saima.files.sheet.mapping import Mapping
from saima.files.sheet.measures import is_measure, measure_in, speaks_of_ratio
from saima.files.sheet.model import Column, ColumnKind
from saima.files.sheet.months import Moment, moment, settle
from saima.files.sheet.problems import (
    DOUBTFUL_MONTH,
    DUPLICATE_HEADER,
    GUESSED_GROUP,
    HIDDEN_COLUMN,
    NO_COLUMN_HEADER,
    STRAY,
)
from saima.files.sheet.values import parse_text
from saima.files.sheet.words import is_blank, plain, tidy
from saima.places import column_name

LABELS = {"unit", "indicator", "project", "category", "code", "period"}
_NUMBER_FIELDS = (
    "target stretch plan actual in_period base attainment pace pace_gap growth on_previous weight "
    "full_marks marks score rank movement"
)
NUMBERS = set(_NUMBER_FIELDS.split())
_TEXT_HEADERS = re.compile(r"代码|编码|编号|电话|邮编|证号|时限|日期|完成时间|时间")
_PLAIN_NUMBERS = re.compile(r"排名|位次|名次|权重|系数|指数|序号|年份")
_MEASURELESS = {"rank", "movement", "weight"}
_ANSWERS = {"持平", "无", "一", "缺", "不涉及", "无数据", "暂无"}
_SAMPLE = 2000
_DOUBTS = {
    "day": "单元格是日期，疑似由“年-月”自动转换",
    "tenth": "小数 .1 可能是1月或10月",
    "year": "表头没有年份",
}


@dataclass(frozen=True)
class Counts:
    """How many cells of a column hold numbers, marks for missing ones, texts, dates, measures.

    Words that can also be plain answers (无, 一) count as texts, not as marks.
    """

    numbers: int = 0
    marks: int = 0
    texts: int = 0
    dates: int = 0
    measures: int = 0

    @property
    def all(self) -> int:
        return self.numbers + self.marks + self.texts + self.dates


def count(grid: Grid, rows: Iterable[int], column: int) -> Counts:
    """Count what the rows of a column hold."""
    numbers = marks = texts = dates = measures = 0
    for row in rows:
        value = grid.raw(row, column)
        if is_blank(value):
            continue
        if is_moment(value):
            dates += 1
        elif isinstance(value, str) and (row, column) not in grid.sheet.facts.errors:
            parsed = parse_text(value)
            numbers += parsed.number is not None and not parsed.missing
            marks += bool(parsed.missing) and plain(value) not in _ANSWERS
            texts += (parsed.number is None and not parsed.missing) or plain(value) in _ANSWERS
            measures += is_measure(value)
        elif is_figure(value):
            numbers += 1
    return Counts(numbers, marks, texts, dates, measures)


def sample(rows: list[int]) -> list[int]:
    """The rows by which a column is judged: all, or the first and last thousand."""
    return rows if len(rows) <= _SAMPLE else rows[: _SAMPLE // 2] + rows[-_SAMPLE // 2 :]


def table_columns(found: Findings, block: Block, mapping: Mapping, year: str) -> list[Column]:
    """The columns of a table that have a header or are labels; notes what is odd about others."""
    grid = found.grid
    heads = headings(grid, block.header, grid.width)
    counts = {h.column: count(grid, sample(block.data), h.column) for h in heads}
    fields = {h.column: _field(h, counts[h.column], mapping) for h in heads}
    kinds = _kinds(heads, counts, fields)
    periods = _periods(found, block, heads, year)
    columns = [
        Column(
            h.column,
            h.parts,
            kinds[h.column],
            fields[h.column],
            header_measure(h.parts, fields[h.column]) if kinds[h.column] == "number" else "",
            periods.get(h.column, ""),
            h.column in grid.sheet.facts.hidden_columns,
        )
        for h in heads
        if h.column in kinds and (h.parts or kinds[h.column] in ("label", "sequence"))
    ]
    _check(found, block, heads, columns, counts)
    return columns


def is_measureless(column: Column) -> bool:
    """True for ranks, weights and coefficients, which the sheet's measure does not apply to."""
    last = column.path[-1] if column.path else ""
    return column.field in _MEASURELESS or bool(_PLAIN_NUMBERS.search(last))


def header_measure(parts: tuple[str, ...], name: str = "") -> str:
    """The measure that a header path says, lowest part first; % where it speaks of a ratio.

    Marks and scores are in 分. `name` is the column's field.
    """
    for part in reversed(parts):
        found = measure_in(part)
        if found:
            return found
    if name in ("marks", "score", "full_marks"):
        return "分"
    return "%" if parts and speaks_of_ratio(parts[-1]) else ""


def _field(head: Heading, counted: Counts, mapping: Mapping) -> str:
    name = mapping.field_of(head.parts) if head.parts else ""
    if name == "unit" and counted.measures * 2 > counted.all > 0:
        return "measure"
    return name


def _kinds(
    heads: list[Heading], counts: dict[int, Counts], fields: dict[int, str]
) -> dict[int, ColumnKind]:
    """The kind of every column that has a header or data."""
    used = [h for h in heads if h.parts or counts[h.column].all]
    kinds: dict[int, ColumnKind] = {}
    for head in used:
        kinds[head.column] = _kind(head, counts[head.column], fields[head.column])
    texts = [c for c, kind in kinds.items() if kind == "text"]
    if not texts:
        return kinds
    numbers = [c for c, kind in kinds.items() if kind == "number" and c > texts[0]]
    end = numbers[0] if numbers else texts[0] + 1
    for column in texts:
        named = fields[column] in LABELS
        if named or (column < end and fields[column] not in ("measure", "remark", "lead_unit")):
            kinds[column] = "label"
    return kinds


def _kind(head: Heading, counted: Counts, name: str) -> ColumnKind:
    header = "".join(head.parts)
    if name == "sequence":
        return "sequence"
    if name in LABELS or name in ("measure", "remark") or _TEXT_HEADERS.search(header):
        return "text"
    figures = counted.numbers + counted.marks
    if counted.numbers and figures >= counted.texts + counted.dates:
        return "number"
    if counted.marks and not counted.texts and not counted.dates:
        return "number"
    numeric = name in NUMBERS or bool(header_measure(head.parts))
    dated = any(moment(v) for v in head.values)
    return "number" if not counted.all and (numeric or dated) else "text"


# --- periods ------------------------------------------------------------------------------------


def _periods(found: Findings, block: Block, heads: list[Heading], year: str) -> dict[int, str]:
    """The period of every column whose header names one; doubts are noted at the header cell
    (a year that is nowhere said, once)."""
    grid, moments = found.grid, {}
    for row in block.header:
        values = [grid.raw(row, column) for column in range(grid.width)]
        for column, m in enumerate(settle(values, year)):
            if m:
                moments[row, column] = m
    periods, noted = {}, set[Cell | str]()
    for head in heads:
        within = [(cell, moments[cell]) for cell in head.cells if cell in moments]
        if not within:
            continue
        cell, m = _joined(grid, within)
        periods[head.column] = m.period
        once = "year" if m.doubt == "year" else cell
        if m.doubt and once not in noted:
            noted.add(once)
            text = header_text(grid.raw(*cell))
            values_ = {"text": text, "period": m.period or "未知期间", "reason": _DOUBTS[m.doubt]}
            found.add(DOUBTFUL_MONTH, cell, **values_)
    return {column: period for column, period in periods.items() if period}


def _joined(grid: Grid, within: list[tuple[Cell, Moment]]) -> tuple[Cell, Moment]:
    """The lowest period of a header path, completed by a year above it (2024年 / 2月)."""
    cell, last = within[-1]
    years = [m.period for _, m in within[:-1] if re.fullmatch(r"\d{4}", m.period)]
    if years and (last.doubt == "year" or len(within) > 1):
        again = moment(grid.raw(*cell), years[-1])
        return cell, again or last
    return cell, last


# --- what is odd about headers -------------------------------------------------------------------


def _check(
    found: Findings,
    block: Block,
    heads: list[Heading],
    columns: list[Column],
    counts: dict[int, Counts],
) -> None:
    seen: dict[tuple[str, ...], Heading] = {}
    first, last = columns[0].index if columns else 0, max((c.index for c in columns), default=-1)
    for head in heads:
        if head.guessed and head.column == _first_guess(heads, head):
            found.add(GUESSED_GROUP, head.guessed, text=head.parts[0])
        if head.parts and head.parts in seen and counts[head.column].all:
            earlier = column_name(seen[head.parts].column)
            text = "/".join(head.parts)
            found.add(DUPLICATE_HEADER, head.cells[-1], text=text, first=earlier)
        seen.setdefault(head.parts, head)
        known = any(c.index == head.column for c in columns)
        if not known and counts[head.column].all:
            _leave_column(found, block, head.column, first <= head.column <= last)
    for column in columns:
        if column.hidden:
            row = block.header[-1] if block.header else block.data[0]
            found.add(HIDDEN_COLUMN, (row, column.index), column=column_name(column.index))


def _first_guess(heads: list[Heading], head: Heading) -> int:
    return next(h.column for h in heads if h.guessed == head.guessed)


def _leave_column(found: Findings, block: Block, column: int, inside: bool) -> None:
    """Note the cells of a column without a header: as one column, or as stray cells."""
    grid = found.grid
    rows = [r for r in block.data if not is_blank(grid.raw(r, column))]
    for row in rows:
        found.leave(row, column, "no-column-header" if inside else "outside")
    if inside or len(rows) > 2:
        row = block.header[-1] if block.header else rows[0]
        found.add(NO_COLUMN_HEADER, (row, column), column=column_name(column), count=len(rows))
    else:
        for row in rows:
            found.add(STRAY, (row, column), text=shortened(grid.raw(row, column)))


def shortened(value: object) -> str:
    """A cell's text for a message."""
    text = tidy(header_text(value))
    return text if len(text) <= 30 else text[:29] + "…"


def common_measure(measures: list[str]) -> str:
    """The measure that most of a column's cells carry themselves, or ''."""
    full = Counter(m for m in measures if is_measure(m))
    best = full.most_common(1)
    return best[0][0] if best and best[0][1] * 2 > len(measures) else ""


def cell_text(value: object) -> str:
    """A cell as written, for output: numbers without a trailing .0."""
    return plain(value) if isinstance(value, str) else header_text(value)
