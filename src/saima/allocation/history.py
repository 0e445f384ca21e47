"""Last year's figures, from a long table: unit, indicator, period, value (上年数)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path

from saima.periods import Period, parse, same_period_last_year
from saima.places import cell_name
from saima.problems import Place, Problem, Refused, declare

Rows = Sequence[Sequence[object]]
ReadRows = Callable[[Path], Rows]
"""Reads the first sheet of a workbook as rows of raw cells (given by the caller)."""

declare(
    "history-unreadable",
    "上年数文件打不开：{reason}。",
    "请用 UTF-8 或 GB18030 编码的 .csv，首行为“单位、指标、期间、数值”。",
    "last year's figures cannot be opened: {reason}.",
    "Use a .csv file with the columns unit, indicator, period, value.",
)
declare(
    "history-columns",
    "上年数缺少这几列：{missing}。",
    "首行请写“单位、指标、期间、数值”（或 unit、indicator、period、value）。",
    "last year's figures lack the columns {missing}.",
    "The first row must name unit, indicator, period, value.",
)
declare(
    "history-value",
    "上年数“{text}”不是可用的数。",
    "请填写数字；没有数时留空。",
    "“{text}” is not a usable number.",
    "Write a number, or leave the cell blank.",
)
declare(
    "history-twice",
    "上年数重复：{indicator}、{unit}、{period}。",
    "请只保留一行。",
    "last year's figure of {indicator}, {unit}, {period} stands twice.",
    "Keep one row.",
)
declare(
    "history-unused",
    "上年数中有{count}行的{what}不在计划内，没有使用：{names}。",
    "如名称写法不同，请改成一致；本就不需要的可不理会。",
    "{count} rows of last year's figures name a {what_en} that the plan lacks: {names}.",
    "Make the names agree, or leave it.",
    severity="warning",
)

_COLUMNS = {
    "unit": ("unit", "单位", "项目", "project"),
    "indicator": ("indicator", "指标"),
    "period": ("period", "期间", "月份", "时间"),
    "value": ("value", "数值", "上年数", "完成值", "实际值"),
}


@dataclass(frozen=True)
class History:
    """In-period figures by (indicator, unit): the period that each speaks of, and the value."""

    figures: Mapping[tuple[str, str], Mapping[Period, Decimal]] = field(default_factory=dict)

    def total(self, indicator: str, unit: str, window: Period) -> Decimal | None:
        """The figure of a whole span last year: as given, or summed from finer ones."""
        return self._within(indicator, unit, same_period_last_year(window))

    def cell(self, indicator: str, unit: str, period: Period, window: Period) -> Decimal | None:
        """The figure of the same period last year, also as its days' share of a coarser one.

        Coarser figures count where they are finer than the whole window: January's part of a
        joint January–February, a ten-day period's part of its month.
        """
        last, whole = same_period_last_year(period), same_period_last_year(window)
        own = self._within(indicator, unit, last)
        if own is not None:
            return own
        known = self.figures.get((indicator, unit), {})
        around = [p for p in known if p.covers(last) and p.days < whole.days]
        if not around:
            return None
        nearest = min(around, key=lambda p: p.days)
        return known[nearest] * last.days / nearest.days

    def _within(self, indicator: str, unit: str, period: Period) -> Decimal | None:
        known = self.figures.get((indicator, unit), {})
        if period in known:
            return known[period]
        inside = [p for p in known if period.covers(p)]
        coarse = [p for p in inside if not any(o != p and o.covers(p) for o in inside)]
        return sum((known[p] for p in coarse), Decimal(0)) if coarse else None


def read_history(
    path: Path,
    indicators: Mapping[str, str],
    units: Mapping[str, str],
    read_rows: ReadRows | None = None,
) -> tuple[History, list[Problem]]:
    """Read last year's figures; `indicators` and `units` map keys and names to keys.

    A .csv file is read here; other kinds by `read_rows`, which may raise Refused.
    """
    place = Place(file=path.name)
    try:
        if path.suffix.lower() == ".csv" or read_rows is None:
            rows: Rows = list(csv.reader(StringIO(_text(path))))
        else:
            rows = read_rows(path)
    except Refused as refused:
        return History(), [refused.problem]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = (
            "不是 UTF-8 或 GB18030 文本" if isinstance(error, UnicodeDecodeError) else str(error)
        )
        if isinstance(error, OSError):
            reason = error.strerror or "无法读取"
        return History(), [Problem("history-unreadable", place, {"reason": reason})]
    return history_of(rows, path.name, indicators, units)


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def history_of(
    rows: Rows, name: str, indicators: Mapping[str, str], units: Mapping[str, str]
) -> tuple[History, list[Problem]]:
    """The figures in rows whose first names the columns; blank values are left out."""
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    at = {column: _find(header, names) for column, names in _COLUMNS.items()}
    missing = [_COLUMNS[column][1] for column, index in at.items() if index < 0]
    if missing:
        values = {"missing": "、".join(missing)}
        return History(), [Problem("history-columns", Place(file=name, line=1), values)]
    reader = _Reader(name, at, indicators, units)
    for line, row in enumerate(rows[1:], start=2):
        if any(str(cell).strip() for cell in row):
            reader.take(row, line)
    return History(reader.figures), [*reader.problems, *reader.unused()]


def _find(header: list[str], names: Iterable[str]) -> int:
    return next((header.index(name) for name in names if name in header), -1)


class _Reader:
    """Takes rows one by one; gathers figures, problems and names that the plan lacks."""

    def __init__(
        self,
        name: str,
        at: Mapping[str, int],
        indicators: Mapping[str, str],
        units: Mapping[str, str],
    ) -> None:
        self.name, self.at = name, at
        self.known = {"indicator": indicators, "unit": units}
        self.figures: dict[tuple[str, str], dict[Period, Decimal]] = {}
        self.problems: list[Problem] = []
        self.strange: dict[str, dict[str, int]] = {"indicator": {}, "unit": {}}

    def take(self, row: Sequence[object], line: int) -> None:
        text = {c: str(row[i]).strip() if i < len(row) else "" for c, i in self.at.items()}
        keys = {}
        for column, known in self.known.items():
            if text[column] not in known:
                counts = self.strange[column]
                counts[text[column]] = counts.get(text[column], 0) + 1
                return
            keys[column] = known[text[column]]
        if not text["value"]:
            return
        value = self._number(text["value"], line)
        period = self._period(text["period"], line)
        if value is None or period is None:
            return
        cells = self.figures.setdefault((keys["indicator"], keys["unit"]), {})
        if period in cells:
            told = {c: text[c] for c in ("indicator", "unit", "period")}
            self.problems.append(Problem("history-twice", self._place("period", line), told))
        cells.setdefault(period, value)

    def _place(self, column: str, line: int) -> Place:
        return Place(file=self.name, cell=cell_name(line - 1, self.at[column]))

    def _number(self, text: str, line: int) -> Decimal | None:
        try:
            value = Decimal(text.replace(",", "").replace("，", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if value.is_finite():
            return value
        self.problems.append(Problem("history-value", self._place("value", line), {"text": text}))
        return None

    def _period(self, text: str, line: int) -> Period | None:
        try:
            return parse(text)
        except Refused as refused:
            place = self._place("period", line)
            self.problems.append(Problem(refused.problem.code, place, refused.problem.values))
            return None

    def unused(self) -> list[Problem]:
        what = {"indicator": ("指标", "indicator"), "unit": ("单位", "unit")}
        return [
            Problem(
                "history-unused",
                Place(file=self.name),
                {
                    "count": sum(counts.values()),
                    "what": what[column][0],
                    "what_en": what[column][1],
                    "names": "、".join(list(counts)[:10]) + ("……" if len(counts) > 10 else ""),
                },
            )
            for column, counts in self.strange.items()
            if counts
        ]
