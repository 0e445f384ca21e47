"""The rows of a table: names filled down from group cells, totals, sections, hidden rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from saima.files.sheet.findings import Findings
from saima.files.sheet.headers import header_text
from saima.files.sheet.layout import Block
from saima.files.sheet.model import Column, Role, RowKind
from saima.files.sheet.problems import DUPLICATE_ROW, HIDDEN_ROW, NO_LABEL, REPEATED_HEADER
from saima.files.sheet.values import is_number
from saima.files.sheet.words import is_blank, key, tidy

_SUBTOTAL = re.compile(r".*小计\)?$")
_TOTAL = re.compile(
    r"(.*(合计|总计|共计|总和)|汇总|全部|平均|均值|平均值|.*平均(值|水平)?|"
    r"全(国|省|市|区|县|州|盟|旗|集团|公司|系统))\)?$"
)


@dataclass(frozen=True)
class Line:
    """A row of data before its values are read."""

    index: int
    labels: tuple[str, ...]
    kind: RowKind
    section: str


def table_lines(found: Findings, block: Block, columns: list[Column]) -> list[Line]:
    """The data rows of a block with their names; notes hidden rows, repeated headers, doubles."""
    labels = [c.index for c in columns if c.kind == "label"]
    above: dict[int, str] = {}
    lines: list[Line] = []
    section = ""
    sections = set(block.sections)
    for row in sorted([*block.data, *sections]):
        if row in sections:
            section = tidy(header_text(found.grid.rows[row][found.grid.filled[row][0]]))
            found.mark([row], "label")
            above.clear()
            continue
        first = _first_word(found, row, columns)
        lines.append(_line(found, row, labels, above, section, first))
    _mark(found, block, lines, labels)
    if any(c.kind == "number" for c in columns):
        _check_doubles(found, lines, labels)
    return lines


def _line(
    found: Findings, row: int, labels: list[int], above: dict[int, str], section: str, first: str
) -> Line:
    """`first` is a word in the column of running numbers, where 合计 often stands."""
    grid = found.grid
    texts = {c: tidy(header_text(grid.shown(row, c))) for c in labels}
    if first and labels and not any(texts.values()):
        texts[labels[0]] = first
    kind = row_kind([text for text in (first, *texts.values()) if text])
    named = [c for c in labels if texts[c]]
    for column in labels:
        if not texts[column] and kind != "total" and named and column < named[-1]:
            texts[column] = above.get(column, "")
    if kind in ("item", "of-which"):
        above.update({c: text for c, text in texts.items() if text})
    return Line(row, tuple(texts[c] for c in labels), kind, section)


def _first_word(found: Findings, row: int, columns: list[Column]) -> str:
    for column in columns:
        value = found.grid.raw(row, column.index)
        if column.kind == "sequence" and isinstance(value, str) and not is_number(value):
            return tidy(value)
    return ""


def row_kind(labels: list[str]) -> RowKind:
    """What a row's names say it is: 小计 a subtotal, 合计 or 全市 a total, 其中 a part of another."""
    keys = [re.sub(r"\([^()]*\)$", "", key(label)) or key(label) for label in labels]
    if any(_SUBTOTAL.fullmatch(k) for k in keys):
        return "subtotal"
    if any(_TOTAL.fullmatch(k) for k in keys):
        return "total"
    return "of-which" if any(k.startswith("其中") for k in keys) else "item"


def _mark(found: Findings, block: Block, lines: list[Line], labels: list[int]) -> None:
    grid = found.grid
    hidden = grid.sheet.facts.hidden_rows
    for line in lines:
        columns = grid.filled[line.index]
        if line.index in hidden:
            found.add(HIDDEN_ROW, (line.index, columns[0]), row=line.index + 1)
        total = line.kind in ("total", "subtotal")
        for column in columns:
            if found.roles[line.index][column] != "unread":
                role: Role = "label" if column in labels else "value"
                found.roles[line.index][column] = "total" if total else role
    repeats = set(block.repeats)
    for row in block.repeats:
        if row - 1 not in repeats:
            found.add(REPEATED_HEADER, (row, grid.filled[row][0]))
    found.mark(block.repeats, "header")


def leave_unnamed(found: Findings, lines: list[Line], columns: list[Column]) -> list[Line]:
    """Take out the rows that have figures and no name; their cells are noted as unread."""
    labels = [c.index for c in columns if c.kind == "label"]
    figures = [c.index for c in columns if c.kind == "number"]
    if not labels:
        return lines
    kept = []
    for line in lines:
        row = found.grid.rows[line.index]
        if any(line.labels) or all(is_blank(row[c]) for c in figures):
            kept.append(line)
            continue
        for column in found.grid.filled[line.index]:
            found.leave(line.index, column, "no-name")
        found.add(NO_LABEL, (line.index, labels[-1]), row=line.index + 1)
    return kept


def _check_doubles(found: Findings, lines: list[Line], labels: list[int]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        name = (line.section, *line.labels)
        if line.kind != "item" or not any(line.labels):
            continue
        if name in seen:
            text = "/".join(filter(None, line.labels))
            column = next(c for c, t in zip(reversed(labels), reversed(line.labels)) if t)
            found.add(DUPLICATE_ROW, (line.index, column), text=text, first=seen[name] + 1)
        seen.setdefault(name, line.index)
