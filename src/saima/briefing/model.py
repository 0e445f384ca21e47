"""What a bulletin says, as plain data: sections, sentences, tables and charts with final strings.

Writers (in `saima.files.document`) only print: every sentence, heading number and order of rows
is settled here; numbers are printed once, by `cell_text`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from saima import rounding

DEMO_NOTE = "演示数据，均为虚构"

ColumnKind = Literal["text", "number", "percent", "rank", "movement", "seal"]
ChartKind = Literal["bar", "line", "ranked_bar"]
Order = Literal["rank", "official"]


@dataclass(frozen=True)
class Missing:
    """A cell without a value, and the word that says why; see NOT_APPLICABLE and NOT_REPORTED."""

    text: str


NOT_APPLICABLE = Missing("—")
NOT_REPORTED = Missing("未报")


@dataclass(frozen=True)
class Tied:
    """A rank that several units share: prints as 并列3, and stays the number 3 in workbooks."""

    rank: int


Cell = str | float | int | Missing | Tied | None
"""One table cell; None prints as an empty cell (as in a total row's rank)."""


@dataclass(frozen=True)
class Column:
    """A table column: its header and how its cells print.

    kind       text, number, percent (83.6 for 83.6 %), rank (int or Tied), movement (int: places
               gained, negative lost), seal (a word such as 月月红, printed in the accent colour).
    decimals   decimals of every number in the column, after 四舍五入.
    measure    printed in the header in full-width brackets, e.g. 万元 or %; empty if none.
    width      weight of the column's width beside the others; 0 lets the writer judge by the text.
    """

    header: str
    kind: ColumnKind = "text"
    decimals: int = 0
    measure: str = ""
    width: float = 0.0

    @property
    def heading(self) -> str:
        """The header as printed: 完成投资（亿元）."""
        return f"{self.header}（{self.measure}）" if self.measure else self.header

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("number", "percent")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of text, without indent or line ends."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table as printed: rows in their final order, one cell per column.

    measure_line   the whole line right above the table at the right, e.g. 单位：万元.
    notes          printed below as 注：…, one line each (without the word 注).
    bold_rows      indices of total and subtotal rows.
    sentence       what the table shows, as one sentence: the title of its slide.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    measure_line: str = ""
    notes: tuple[str, ...] = ()
    bold_rows: tuple[int, ...] = ()
    sentence: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.title}: a row does not have one cell per column")
        if any(isinstance(c, float) and not math.isfinite(c) for row in self.rows for c in row):
            raise ValueError(f"table {self.title}: a number that is not finite; use Missing")


@dataclass(frozen=True)
class Series:
    """One line or set of bars; None where there is no value."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: series over categories, in the order given (ranked_bar: the first at the top).

    category   what the categories are (单位, 月份): the first header of the chart's table.
    """

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    measure: str = ""
    decimals: int = 0
    sentence: str = ""
    category: str = "项目"

    def __post_init__(self) -> None:
        if any(len(s.values) != len(self.categories) for s in self.series):
            raise ValueError(f"chart {self.title}: a series does not have one value per category")


Block = Paragraph | Table | Chart


@dataclass(frozen=True)
class Section:
    """A heading with its number in it (一、总体情况), at level 1 to 4, and what follows it.

    An empty heading is allowed (an opening paragraph). `sentence` is the title of its slide.
    """

    heading: str
    blocks: tuple[Block, ...] = ()
    level: int = 1
    sentence: str = ""


@dataclass(frozen=True)
class Annex:
    """附件: its title (listed at the end of the body) and its blocks; numbered by its position."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Imprint:
    """版记: who gets copies, who printed it and when."""

    printed_by: str
    printed_on: date
    copies_to: str = ""


@dataclass(frozen=True)
class Party:
    """One side of a document that several sign: 甲方, its name, and what is filled in by hand."""

    role: str
    name: str
    lines: tuple[str, ...] = ("（盖章）", "负责人（签字）：", "年　　月　　日")


@dataclass(frozen=True)
class Briefing:
    """A whole document.

    kind          the kind of document, e.g. 通报, 简报.
    number        发文字号 with 〔〕, e.g. 云河督〔2026〕18号; empty if none.
    issuer_mark   发文机关标志, the red letterhead; empty: no letterhead and no red rule.
    issuer        发文机关 (the signature, if `signature` is empty).
    addressee     主送机关 without the colon.
    headline      the whole answer in one sentence: for the title slide and the top of the page.
    notes         附注, printed in brackets below the date, and below the page in other formats.
    demo          invented data: every output says 演示数据，均为虚构.
    parties       who sign side by side in place of signature and date (written by .docx only).
    """

    kind: str
    title: str
    date: date
    sections: tuple[Section, ...]
    subtitle: str = ""
    number: str = ""
    issuer: str = ""
    issuer_mark: str = ""
    addressee: str = ""
    headline: str = ""
    annexes: tuple[Annex, ...] = ()
    signature: str = ""
    imprint: Imprint | None = None
    notes: tuple[str, ...] = ()
    demo: bool = False
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True)
class Fonts:
    """Font names written into documents; none is shipped (the usual ones are not free)."""

    title: str = "方正小标宋简体"
    body: str = "仿宋_GB2312"
    heading: str = "黑体"
    kai: str = "楷体_GB2312"
    song: str = "宋体"
    screen: str = "微软雅黑"
    latin: str = "Times New Roman"


@dataclass(frozen=True)
class Options:
    """An office's settings.

    letterhead     replaces the briefing's `issuer_mark` when not empty.
    template       the office's own Word file; its styles, letterhead and page are kept.
    named_places   how many places a ranking sentence names (None: all).
    order          units by rank or in official order.
    """

    fonts: Fonts = Fonts()
    letterhead: str = ""
    template: Path | None = None
    named_places: int | None = None
    order: Order = "rank"


_DIGITS = "零一二三四五六七八九"


def heading_number(level: int, place: int) -> str:
    """The number of the `place`-th heading (1–99) at `level` 1–4: 一、 （一） 1. （1）."""
    tens, ones = divmod(place, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    chinese = ten + (_DIGITS[ones] if ones else "")
    return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{place}.", 4: f"（{place}）"}[level]


def all_tables(briefing: Briefing) -> list[Table]:
    """Every table of a briefing in order, those of the charts and annexes too, each once."""
    blocks = [block for section in briefing.sections for block in section.blocks]
    blocks += [block for annex in briefing.annexes for block in annex.blocks]
    tables = [
        chart_table(block) if isinstance(block, Chart) else block
        for block in blocks
        if not isinstance(block, Paragraph)
    ]
    return [table for place, table in enumerate(tables) if table not in tables[:place]]


def printed_number(value: float, column: Column) -> float:
    """The number that stands in the column's print: after 四舍五入 to its decimals."""
    return rounding.number(value, column.decimals if column.is_numeric else 0)


def chart_table(chart: Chart) -> Table:
    """The numbers of a chart as a table: one row per category, one column per series."""
    columns = [Column(chart.category)]
    for series in chart.series:
        columns.append(Column(series.name, "number", chart.decimals, chart.measure))
    rows = [
        (category, *(NOT_REPORTED if s.values[i] is None else s.values[i] for s in chart.series))
        for i, category in enumerate(chart.categories)
    ]
    return Table(chart.title, tuple(columns), tuple(rows), sentence=chart.sentence)


def date_text(day: date) -> str:
    """成文日期: 2026年11月3日, without padded zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def movement_text(places: float) -> str:
    """Places gained or lost: ↑2, ↓1, 持平."""
    if places == 0:
        return "持平"
    return f"{'↑' if places > 0 else '↓'}{rounding.text(abs(places), 0)}"


def cell_text(cell: Cell, column: Column) -> str:
    """A cell as people read it; numbers with the column's decimals and thousands separators."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Missing):
        return cell.text
    if isinstance(cell, Tied):
        return f"并列{cell.rank}"
    if column.kind == "movement":
        return movement_text(cell)
    if column.kind == "rank":
        return rounding.text(cell, 0)
    return rounding.text(cell, column.decimals, grouped=True)
