"""An allocation as JSON data, as long rows for CSV, and as a workbook with a sheet per indicator."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from saima.allocation.amplification import Level
from saima.allocation.breakdown import Breakdown, Table
from saima.allocation.tables import Allocation, Item
from saima.problems import Problem

if TYPE_CHECKING:
    from xlsxwriter import Workbook

Row = list[str | Decimal | int]


class HeadlineData(Struct, forbid_unknown_fields=True):
    """One headline and the sum of all cells of its parts, which equals it."""

    headline: str
    name: str
    measure: str
    comparator: str
    target: str
    total: str
    parts: list[str]


class TargetData(Struct, forbid_unknown_fields=True):
    """One target; amounts are decimal text, exact to the measure's precision."""

    unit: str
    indicator: str
    period: str
    target: str
    stretch: str | UnsetType = UNSET


class SumData(Struct, forbid_unknown_fields=True):
    """One indicator: its headline and the sums of its table, which add up to it."""

    indicator: str
    name: str
    measure: str
    decimals: int
    comparator: str
    headline: str
    total: str
    units: dict[str, str]
    periods: dict[str, str]
    stretch: str | UnsetType = UNSET


class StepData(Struct, forbid_unknown_fields=True):
    """One parent's share of a level of the over-amplification meter."""

    parent: str
    children: int
    asked: str
    passed_on: str
    amplification: str
    stretch: str


class LevelData(Struct, forbid_unknown_fields=True):
    """One level of the over-amplification meter, and the ratio from the top down to it."""

    upper: str
    lower: str
    asked: str
    passed_on: str
    amplification: str
    stretch: str
    cumulated: str
    highest: str
    sentence: str
    steps: list[StepData]


class AmplifiedData(Struct, forbid_unknown_fields=True):
    """One chain of targets from the top level down."""

    name: str
    levels: list[LevelData]


class PieceData(Struct, forbid_unknown_fields=True):
    """A part of a period's target on a finer period inside it."""

    unit: str
    indicator: str
    within: str
    period: str
    start: str
    end: str
    target: str


class SupportData(Struct, forbid_unknown_fields=True):
    """A unit's target beside what its projects are planned to bring."""

    unit: str
    indicator: str
    period: str
    target: str
    from_projects: str
    gap: str
    projects: list[str]


class AllocationData(Struct, forbid_unknown_fields=True):
    """`saima allocate --json`; the problems as in problem.schema.json."""

    plan: str
    headlines: list[HeadlineData]
    indicators: list[SumData]
    rows: list[TargetData]
    amplification: list[AmplifiedData]
    cascade: list[PieceData]
    support: list[SupportData]
    problems: list[dict[str, Any]]


def data_of(allocation: Allocation, problems: Sequence[Problem] = ()) -> AllocationData:
    """The whole result as plain data."""
    return AllocationData(
        plan=allocation.plan.plan,
        headlines=_headlines(allocation),
        indicators=[_sums(item) for item in allocation.items],
        rows=[
            TargetData(r.unit, r.indicator, r.period, _text(r.target), _or_unset(r.stretch))
            for r in allocation.rows
        ],
        amplification=[
            AmplifiedData(chain.name, [_level(level) for level in chain.levels])
            for chain in allocation.amplified
        ],
        cascade=[
            PieceData(
                row.unit,
                row.indicator,
                row.within,
                row.piece.period,
                row.piece.start.isoformat(),
                row.piece.end.isoformat(),
                _text(row.piece.target),
            )
            for row in allocation.cascaded
        ],
        support=_supports(allocation),
        problems=[problem.as_data() for problem in problems],
    )


def as_builtins(data: AllocationData) -> dict[str, Any]:
    """The data as dicts and lists, ready for any JSON writer."""
    built: dict[str, Any] = msgspec.to_builtins(data)
    return built


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _or_unset(amount: Decimal | None) -> str | UnsetType:
    return UNSET if amount is None else _text(amount)


def _headlines(allocation: Allocation) -> list[HeadlineData]:
    """The headlines; `parts` are those that were broken down, `total` what they come to."""
    found = []
    for h in allocation.plan.headlines:
        parts = [i for i in allocation.items if i.indicator.headline == h.headline]
        total = sum((item.table.total for item in parts), Decimal(0))
        names = [item.table.indicator for item in parts]
        told = (h.measure, h.comparator, _text(h.target), _text(total), names)
        found.append(HeadlineData(h.headline, h.name or h.headline, *told))
    return found


def _sums(item: Item) -> SumData:
    table = item.table
    return SumData(
        table.indicator,
        item.breakdown.title,
        item.breakdown.measure,
        table.decimals,
        item.indicator.comparator,
        _text(item.breakdown.headline),
        _text(table.total),
        {unit: _text(table.of_unit(unit)) for unit in table.units},
        {period: _text(table.of_period(period)) for period in table.periods},
        _or_unset(item.stretch.total if item.stretch else None),
    )


def _level(level: Level) -> LevelData:
    steps = [
        StepData(
            s.parent,
            s.children,
            _text(s.asked),
            _text(s.passed_on),
            _text(s.amplification),
            _text(s.stretch),
        )
        for s in level.steps
    ]
    return LevelData(
        level.upper,
        level.lower,
        _text(level.asked),
        _text(level.passed_on),
        _text(level.amplification),
        _text(level.stretch),
        _text(level.cumulated),
        level.highest,
        level.sentence,
        steps,
    )


def _supports(allocation: Allocation) -> list[SupportData]:
    return [
        SupportData(
            row.unit,
            item.table.indicator,
            row.period,
            _text(row.target),
            _text(row.from_projects),
            _text(row.gap),
            list(row.projects),
        )
        for item in allocation.items
        for row in item.supports
    ]


# --- files --------------------------------------------------------------------------------------


def csv_bytes(allocation: Allocation) -> bytes:
    """Long rows (单位, 指标, 期间, 目标, 奋斗目标) as UTF-8 with a mark that Excel understands."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["单位", "指标", "期间", "目标", "奋斗目标"])
    for item in allocation.items:
        for row in item.rows:
            stretch = "" if row.stretch is None else _text(row.stretch)
            names = [item.breakdown.name(row.unit), item.breakdown.title]
            writer.writerow([*map(_harmless, names), row.period, _text(row.target), stretch])
    return ("\ufeff" + out.getvalue()).encode()


def _harmless(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return "'" + text if text.lstrip()[:1] in tuple("=+-@＝＋－＠\t\r\n") and text else text


def xlsx_bytes(allocation: Allocation) -> bytes:
    """A workbook: a sheet per indicator with its sums as values, then what the plan asked beside."""
    import xlsxwriter

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    named = _sheet_namer()
    for item in allocation.items:
        b = item.breakdown
        _matrix(book, named(b.title), item, item.table, b.title)
        if item.stretch is not None:
            title = f"{b.title}（奋斗目标）"
            _matrix(book, named(title), item, item.stretch, title)
    for title, rows in _besides(allocation):
        if len(rows) > 1:
            _list(book, named(title), rows)
    if not book.worksheets():
        book.add_worksheet("无结果")
    book.close()
    return content.getvalue()


def _sheet_namer() -> Callable[[str], str]:
    """Sheet names as Excel allows them: 31 characters, none twice."""
    used: set[str] = set()

    def named(title: str) -> str:
        plain = "".join("_" if c in "[]:*?/\\'" else c for c in title) or "指标"
        name, n = plain[:31], 2
        while name.lower() in used:
            name, n = f"{plain[:27]}({n})", n + 1
        used.add(name.lower())
        return name

    return named


def number_format(decimals: int) -> str:
    """Excel's format for amounts of that precision, with thousands separators."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def short_labels(b: Breakdown) -> list[str]:
    """The names of the periods without the year that all of them share: 1月, 2月."""
    labels = [b.name(period) for period in b.periods]
    year = labels[0][:5]
    shared = year.endswith("年") and all(x.startswith(year) and len(x) > 5 for x in labels)
    return [label[5:] for label in labels] if shared else labels


def _matrix(book: Workbook, sheet_name: str, item: Item, table: Table, title: str) -> None:
    """Units × periods with a sum column and a sum row; all values, no formulas."""
    sheet = book.add_worksheet(sheet_name)
    bold = book.add_format({"bold": True, "align": "center", "border": 1})
    amount = book.add_format({"num_format": number_format(table.decimals), "border": 1})
    text = book.add_format({"border": 1})
    b = item.breakdown
    measure = f"（单位：{b.measure}）" if b.measure else ""
    sheet.write_string(0, 0, f"{title}目标分解表{measure}", book.add_format({"bold": True}))
    for column, name in enumerate(["单位", *short_labels(b), "合计"]):
        sheet.write_string(1, column, name, bold)
    rows = [
        (b.name(unit), [*(table.targets[unit, p] for p in table.periods), table.of_unit(unit)])
        for unit in table.units
    ]
    rows.append(("合计", [*(table.of_period(p) for p in table.periods), table.total]))
    for at, (name, values) in enumerate(rows, start=2):
        sheet.write_string(at, 0, name, text)
        for column, value in enumerate(values, start=1):
            sheet.write_number(at, column, float(value), amount)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(table.periods) + 1, 13)


def _list(book: Workbook, sheet_name: str, rows: Sequence[Row]) -> None:
    sheet = book.add_worksheet(sheet_name)
    bold = book.add_format({"bold": True, "align": "center"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, value, bold if at == 0 else None)
            else:
                sheet.write_number(at, column, float(value))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(rows[0]) - 1, 14)


def _besides(allocation: Allocation) -> list[tuple[str, list[Row]]]:
    """The further sheets: title, then rows of which the first are the headings."""
    levels: list[Row] = [["目标链", "上级", "下级", "上级目标", "下级合计", "倍数", "加码", "累计"]]
    levels[0].append("说明")
    for chain in allocation.amplified:
        for v in chain.levels:
            numbers = [v.asked, v.passed_on, v.amplification, v.stretch, v.cumulated]
            levels.append([chain.name, v.upper, v.lower, *numbers, v.sentence])
    names = {item.table.indicator: item.breakdown for item in allocation.items}
    pieces: list[Row] = [["指标", "单位", "所属期间", "期间", "起", "止", "目标"]]
    for row in allocation.cascaded:
        b, piece = names[row.indicator], row.piece
        days = [piece.start.isoformat(), piece.end.isoformat()]
        pieces.append([b.title, b.name(row.unit), row.within, piece.period, *days, piece.target])
    supports: list[Row] = [["指标", "单位", "期间", "目标", "项目支撑", "缺口", "项目"]]
    works = {w.project: w.name or w.project for w in allocation.plan.projects}
    for item in allocation.items:
        b = item.breakdown
        for s in item.supports:
            told = "、".join(works.get(project, project) for project in s.projects)
            where = [b.title, b.name(s.unit), b.name(s.period)]
            supports.append([*where, s.target, s.from_projects, s.gap, told])
    return [("加码分析", levels), ("逐级分解", pieces), ("项目支撑", supports)]
