"""What was understood of a file, in words for the command line: Chinese, or English."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from saima.files.sheet.mapping import KNOWN
from saima.files.sheet.model import REASONS, Column, Reading, Table
from saima.files.sheet.report import role_counts
from saima.places import cell_name, column_name
from saima.problems import Language, Problem

_ZH = {
    "value": "数值",
    "label": "名称",
    "header": "表头",
    "title": "标题",
    "measure": "说明",
    "total": "合计",
    "note": "注释",
    "unread": "未读取",
    "not-reported": "未报",
    "not-applicable": "不适用",
    "below-unit": "不足最小单位",
    "unknown": "不详",
    "excluded": "不计",
    "zero": "文字表示的零",
    "sheets": "{count} 个工作表",
    "nothing": "没有内容",
    "table": "表“{title}”",
    "untitled": "（无标题）",
    "rows": "{count} 行",
    "totals": "合计 {count} 行",
    "in": "单位：{measure}",
    "periods": "{first} 至 {last}，共 {count} 期",
    "missing": "没有数值的单元格：",
    "left": "未读取 {count} 格（{reason}）：{cells}",
    "unmapped": "没有对应字段的表头：",
    "problems": "需要处理的问题 {errors} 处，提示 {warnings} 处：",
}
_EN = {
    "value": "values",
    "label": "names",
    "header": "headers",
    "title": "titles",
    "measure": "remarks above",
    "total": "totals",
    "note": "notes",
    "unread": "unread",
    "zero": "zero in words",
    "sheets": "{count} sheets",
    "nothing": "nothing",
    "table": "table “{title}”",
    "untitled": "(no title)",
    "rows": "{count} rows",
    "totals": "{count} of totals",
    "in": "in {measure}",
    "periods": "{first} to {last}, {count} periods",
    "missing": "cells without a number: ",
    "left": "{count} cells unread ({reason}): {cells}",
    "unmapped": "headers without a field: ",
    "problems": "{errors} problems to mend, {warnings} remarks:",
}


def told(
    name: str, readings: list[Reading], problems: list[Problem], language: Language = "zh"
) -> str:
    """Sheets with their tables, columns, missing and unread cells, then all problems."""
    return _Telling(language).all(name, readings, problems)


class _Telling:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language, self._words = language, _ZH if language == "zh" else _EN
        self.comma = "，" if language == "zh" else ", "
        self.between = "、" if language == "zh" else ", "

    def word(self, name: str, **values: object) -> str:
        return self._words.get(name, name).format(**values)

    def counts(self, counted: dict[str, int]) -> str:
        return self.between.join(f"{self.word(name)} {count}" for name, count in counted.items())

    def brackets(self, *texts: str) -> str:
        said = self.comma.join(filter(None, texts))
        opening, closing = ("（", "）") if self.language == "zh" else (" (", ")")
        return f"{opening}{said}{closing}" if said else ""

    def all(self, name: str, readings: list[Reading], problems: list[Problem]) -> str:
        colon = "：" if self.language == "zh" else ": "
        lines = [f"{name}{colon}{self.word('sheets', count=len(readings))}"]
        for reading in readings:
            lines += ["", *self.sheet(reading)]
        if problems:
            errors = sum(p.severity == "error" for p in problems)
            counted = self.word("problems", errors=errors, warnings=len(problems) - errors)
            marks = {"error": "×", "warning": "·"}
            lines += ["", counted]
            lines += [f"  {marks[p.severity]} {p.text(self.language)}" for p in problems]
        return "\n".join(lines)

    def sheet(self, reading: Reading) -> list[str]:
        counts = {str(role): count for role, count in role_counts(reading).items()}
        lines = [f"【{reading.sheet}】{self.counts(counts) or self.word('nothing')}"]
        for table in reading.tables:
            lines += [f"  {line}" for line in self.table(table)]
        for code, count in Counter(reading.unread.values()).items():
            cells = [cell_name(*cell) for cell, why in reading.unread.items() if why == code]
            reason = REASONS[code][self.language == "en"]
            shown = self.between.join(cells[:8]) + "…" * (count > 8)
            lines.append("  " + self.word("left", count=count, reason=reason, cells=shown))
        if reading.unmapped:
            lines.append("  " + self.word("unmapped") + self.between.join(reading.unmapped))
        return lines

    def table(self, table: Table) -> list[str]:
        totals = sum(row.kind in ("total", "subtotal") for row in table.rows)
        about = [
            self.word("table", title=table.title or self.word("untitled")),
            *table.context.values(),
            *(self.word("in", measure=measure) for measure in table.measures),
            self.word("rows", count=len(table.rows) - totals),
            self.word("totals", count=totals) if totals else "",
        ]
        lines = [self.comma.join(filter(None, about))]
        lines += [f"  {line}" for line in self.columns(table.columns)]
        missing = Counter(value.missing for value in table.values if value.missing)
        if missing:
            lines.append("  " + self.word("missing") + self.counts(missing))
        return lines

    def columns(self, columns: tuple[Column, ...]) -> list[str]:
        """One line for a column; columns that differ by their period only share a line."""
        lines = []
        for (name, _, measure, dated), group in groupby(columns, key=_series):
            same = list(group)
            if not dated or len(same) == 1:
                lines += [self.column(column) for column in same]
                continue
            span = f"{column_name(same[0].index)}—{column_name(same[-1].index)}"
            first, last = same[0].period, same[-1].period
            periods = self.word("periods", first=first, last=last, count=len(same))
            lines.append(f"{span}{' ' if name else ''}{name}{self.brackets(periods, measure)}")
        return lines

    def column(self, column: Column) -> str:
        name = self.field(column.field)
        means = self.brackets(name, column.period, column.measure)
        return f"{column_name(column.index)} {column.name}{means}"

    def field(self, name: str) -> str:
        """A field in this language: target -> 目标值."""
        words = KNOWN.get(name, "").split() if self.language == "zh" else []
        return next((word for word in words if not word.isascii()), name)


def _series(column: Column) -> tuple[str, str, str, bool]:
    """What columns of one series share: the header above the period, field, measure."""
    name = "/".join(column.path[:-1]) if column.period else column.name
    return name, column.field, column.measure, bool(column.period)
