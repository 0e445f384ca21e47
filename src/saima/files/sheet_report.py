"""What was understood of a file, as JSON (docs/reference/reading.schema.json) and as Chinese text."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from saima.files.opening import Workbook
from saima.files.sheet_mapping import KNOWN
from saima.files.sheet_model import Column, Reading, Role, Table, Value
from saima.places import cell_name, column_name
from saima.problems import Language, Problem

_ROLES: dict[Role, str] = {
    "value": "数值",
    "label": "名称",
    "header": "表头",
    "title": "标题",
    "measure": "计量单位等说明",
    "total": "合计",
    "note": "注释",
    "unread": "未读取",
}
_MISSING = {
    "not-reported": "未报",
    "not-applicable": "不适用",
    "below-unit": "不足最小单位",
    "unknown": "不详",
    "excluded": "不计",
    "zero": "文字表示的零",
}


def reading_as_data(
    workbook: Workbook,
    readings: list[Reading],
    problems: list[Problem] | None = None,
    language: Language = "zh",
) -> dict[str, Any]:
    """The JSON shape of a file that was read.

    {"file", "kind", "sheets": [{"sheet", "cells": {role: count}, "tables": [...], "unread":
    [{"cell", "reason"}], "unmapped": [header]}], "problems": [problem]}. A table is {"title",
    "measures", "context", "columns": [...], "rows": [...], "notes"}; a row has its values, each
    with cell, written, number or null, measure, missing, bound, unit, indicator, period, field.
    `problems` are further ones (of the mapping) beside the file's and the sheets' own.
    """
    return {
        "file": workbook.name,
        "kind": workbook.kind,
        "sheets": [_sheet(reading) for reading in readings],
        "problems": [p.as_data(language) for p in all_problems(workbook, readings, problems)],
    }


def all_problems(
    workbook: Workbook, readings: list[Reading], more: list[Problem] | None = None
) -> list[Problem]:
    """The problems of a file and its sheets, in order, after further ones (of the mapping)."""
    own = [problem for reading in readings for problem in reading.problems]
    return [*(more or []), *workbook.problems, *own]


def _sheet(reading: Reading) -> dict[str, Any]:
    return {
        "sheet": reading.sheet,
        "cells": role_counts(reading),
        "tables": [_table(table) for table in reading.tables],
        "unread": [
            {"cell": cell_name(*cell), "reason": reason} for cell, reason in reading.unread.items()
        ],
        "unmapped": list(reading.unmapped),
    }


def role_counts(reading: Reading) -> dict[Role, int]:
    """How many cells that are not blank have each role."""
    counts: Counter[Role] = Counter(role for row in reading.roles for role in row if role)
    return {role: counts[role] for role in _ROLES if counts[role]}


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "measures": list(table.measures),
        "context": table.context,
        "columns": [_column(column) for column in table.columns],
        "rows": [
            {
                "row": row.index + 1,
                "kind": row.kind,
                "labels": list(row.labels),
                "section": row.section,
                "hidden": row.hidden,
                "values": [_value(value) for value in row.values],
            }
            for row in table.rows
        ],
        "notes": list(table.notes),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "column": column_name(column.index),
        "path": list(column.path),
        "kind": column.kind,
        "field": column.field,
        "measure": column.measure,
        "period": column.period,
        "hidden": column.hidden,
    }


def _value(value: Value) -> dict[str, Any]:
    about = ("measure", "missing", "bound", "unit", "indicator", "period", "field", "text")
    said = {name: getattr(value, name) for name in about if getattr(value, name)}
    return {"cell": value.cell, "written": value.written, "number": value.number, **said}


def reading_as_text(
    workbook: Workbook, readings: list[Reading], problems: list[Problem] | None = None
) -> str:
    """What was understood, in Chinese, for the command line: sheets, tables, problems."""
    lines = [f"{workbook.name}：{len(readings)} 个工作表"]
    for reading in readings:
        lines += ["", *_sheet_lines(reading)]
    told = all_problems(workbook, readings, problems)
    if told:
        errors = sum(p.severity == "error" for p in told)
        lines += ["", f"需要处理的问题 {errors} 处，提示 {len(told) - errors} 处："]
        lines += [f"  {'×' if p.severity == 'error' else '·'} {p.text('zh')}" for p in told]
    return "\n".join(lines) + "\n"


def _sheet_lines(reading: Reading) -> list[str]:
    counts = "、".join(f"{_ROLES[role]} {n}" for role, n in role_counts(reading).items())
    lines = [f"【{reading.sheet}】{counts or '没有内容'}"]
    for table in reading.tables:
        lines += [f"  {line}" for line in _table_lines(table)]
    reasons = Counter(reading.unread.values())
    for reason, count in reasons.items():
        cells = [cell_name(*cell) for cell, why in reading.unread.items() if why == reason]
        lines.append(f"  未读取 {count} 格（{reason}）：{'、'.join(cells[:8])}{'…' * (count > 8)}")
    if reading.unmapped:
        lines.append(f"  没有对应字段的表头：{'、'.join(reading.unmapped)}")
    return lines


def _table_lines(table: Table) -> list[str]:
    kinds = Counter(row.kind for row in table.rows)
    totals = kinds["total"] + kinds["subtotal"]
    about = [*table.context.values(), *(f"单位：{m}" for m in table.measures)]
    rows = f"{len(table.rows) - totals} 行" + (f"，合计 {totals} 行" if totals else "")
    lines = [f"表“{table.title or '（无标题）'}”{'，'.join(['', *about])}，{rows}"]
    lines += [f"  {line}" for line in _column_lines(table.columns)]
    missing = Counter(v.missing for v in table.values if v.missing)
    if missing:
        told = "、".join(f"{_MISSING[kind]} {count} 格" for kind, count in missing.items())
        lines.append(f"  没有数值的单元格：{told}")
    return lines


def _column_lines(columns: tuple[Column, ...]) -> list[str]:
    """One line for a column; columns that differ by their period only share a line."""
    lines = []
    for (name, _, measure, dated), group in groupby(columns, key=_series):
        same = list(group)
        if not dated or len(same) == 1:
            lines += [_column_line(column) for column in same]
            continue
        first, last = column_name(same[0].index), column_name(same[-1].index)
        periods = f"{same[0].period} 至 {same[-1].period}，共 {len(same)} 期"
        told = "，".join(filter(None, (periods, measure)))
        lines.append(f"{first}—{last} {name}（{told}）" if name else f"{first}—{last}（{told}）")
    return lines


def _series(column: Column) -> tuple[str, str, str, bool]:
    """What columns of one series share: the header above the period, field, measure."""
    name = "/".join(column.path[:-1]) if column.period else column.name
    return name, column.field, column.measure, bool(column.period)


def _column_line(column: Column) -> str:
    told = "，".join(filter(None, (_field_name(column.field), column.period, column.measure)))
    return f"{column_name(column.index)} {column.name}{f'（{told}）' if told else ''}"


def _field_name(field: str) -> str:
    """The first Chinese word of a known field: target -> 目标值."""
    words = KNOWN.get(field, "").split()
    return next((word for word in words if not word.isascii()), field)
