"""Clauses about what follows the text: annex note, date, annexes, imprint, and about tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from saima import rounding
from saima.files.document.docx_format import SIZE_3, SIZE_4, SIZE_5, SIZE_SMALL_4, SIZE_SMALL_5
from saima.files.docx_check import rules
from saima.files.docx_check.findings import (
    Finding,
    Subject,
    Where,
    at,
    chinese,
    excerpt,
    first_indent,
    font,
    is_fangsong,
    is_heiti,
    left_indent,
    points,
    right_indent,
)
from saima.files.docx_check.reading import Grid, Line

_NOTE_HEAD = re.compile(r"^附\s*件\s*\d*\s*")
_ITEM_NUMBER = re.compile(r"^\d{1,2}\s*([.．、])")
_CLOSING = ("。", "；", "，", "、", ";", ",", ".")
_DATE = re.compile(r"^(?:19|20)\d\d年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日$")
_PRINTED = re.compile(r"((?:19|20)\d\d年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日)印发$")
_TOLERANCE = 0.35
_TABLE_SIZES = (SIZE_SMALL_4, SIZE_5, SIZE_SMALL_5)
_LONG_TABLE = 25
_OUTER_RULE, _INNER_RULE = (7.0, 9.0), (5.0, 6.5)
"""0.35 mm is 7.9 eighths of a point, 0.25 mm is 5.7; Word offers 8 and 6."""


def end_findings(subject: Subject) -> Iterator[Finding]:
    """All findings about what follows the text, in its order."""
    yield from _annex_note(subject)
    yield from _date(subject)
    yield from _annexes(subject)
    yield from _imprint(subject)


def _annex_note(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("annex_note"):
        text = line.text.strip()
        head = _NOTE_HEAD.match(text)
        rest = text[head.end() :] if head else text
        if head and not rest.startswith("："):
            yield Finding(rules.NOTE_COLON, at(line), "半角冒号“:”")
        item = rest.lstrip("：:").strip()
        number = _ITEM_NUMBER.match(item)
        if number and number[1] == "、":
            yield Finding(rules.NOTE_NUMBER, at(line), f"“{number[0]}”")
        if item.endswith(_CLOSING):
            yield Finding(rules.NOTE_END, at(line), f"末尾有“{item[-1]}”")
        free = first_indent(line) + left_indent(line)
        if head and abs(free - 2) > _TOLERANCE:
            yield Finding(rules.NOTE_INDENT, at(line), f"空{rounding.text(free, 1)}字")


def _date(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("date"):
        text = re.sub(r"\s", "", line.text)
        if not _DATE.match(text):
            yield Finding(rules.DATE_FORM, at(line), f"“{text}”")
        free = first_indent(line) + left_indent(line)
        if line.setting.align in ("right", "end"):
            if right_indent(line) < 2 - _TOLERANCE:
                found = f"右空{rounding.text(right_indent(line), 1)}字"
                yield Finding(rules.DATE_PLACE, at(line), found)
        elif free < 10:
            yield Finding(rules.DATE_PLACE, at(line), "未居右")


def _annexes(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("annex_mark"):
        yield from _annex_mark(line)
    for line in subject.lines("annex_title"):
        if line.setting.align != "center":
            yield Finding(rules.ANNEX_TITLE, at(line), "未居中")
    yield from _annex_names(subject)


def _annex_mark(line: Line) -> Iterator[Finding]:
    kind, free = line.type, first_indent(line) + left_indent(line)
    if not is_heiti(kind.east_asian):
        yield Finding(rules.ANNEX_MARK, at(line), font(kind.east_asian))
    elif kind.size != SIZE_3:
        yield Finding(rules.ANNEX_MARK, at(line), points(kind.size))
    elif line.setting.align in ("center", "right") or abs(free) > _TOLERANCE:
        yield Finding(rules.ANNEX_MARK, at(line), "未顶格")


def _annex_names(subject: Subject) -> Iterator[Finding]:
    """Titles of the annexes against their names in the note, where both are there."""
    named = [_name(line.text) for line in subject.lines("annex_note")]
    titles: list[list[Line]] = []
    for line in subject.lines("annex_mark", "annex_title"):
        if subject.roles[line.number] == "annex_mark":
            titles.append([])
        elif titles:
            titles[-1].append(line)
    for name, lines in zip(named, titles, strict=False):
        title = "".join(re.sub(r"\s", "", line.text) for line in lines)
        if lines and name and title != name:
            yield Finding(rules.ANNEX_NAMES, at(lines[0]), f"“{title}”（附件说明为“{name}”）")


def _name(text: str) -> str:
    item = _NOTE_HEAD.sub("", text.strip()).lstrip("：:").strip()
    return re.sub(r"\s", "", _ITEM_NUMBER.sub("", item)).rstrip("".join(_CLOSING))


def _imprint(subject: Subject) -> Iterator[Finding]:
    for line in subject.lines("imprint"):
        yield from _imprint_line(line, at(line))
    for grid in subject.document.grids:
        lines = [line for line in grid.lines if _is_imprint(line)]
        if not lines:
            continue
        where = Where("表格", grid.number, excerpt(lines[0].text))
        yield from _imprint_rules(grid, where)
        for line in lines:
            yield from _imprint_line(line, Where("表格", grid.number, excerpt(line.text)))


def _is_imprint(line: Line) -> bool:
    text = line.text.strip()
    return bool(re.match(r"抄\s*送\s*[:：]", text)) or text.endswith("印发")


def _imprint_rules(grid: Grid, where: Where) -> Iterator[Finding]:
    for side, (low, high), name in (
        ("top", _OUTER_RULE, "首条"),
        ("bottom", _OUTER_RULE, "末条"),
        ("insideH", _INNER_RULE, "中间"),
    ):
        size = grid.rules.get(side)
        if size is not None and not low <= size <= high:
            width = rounding.text(size / 8 * 25.4 / 72, 2)
            yield Finding(rules.IMPRINT_RULES, where, f"{name}分隔线{width}mm")


def _imprint_line(line: Line, where: Where) -> Iterator[Finding]:
    text = line.text.strip()
    for piece in chinese(line.pieces):
        if not is_fangsong(piece.type.east_asian) or piece.type.size != SIZE_4:
            found = f"{points(piece.type.size)}{font(piece.type.east_asian)}"
            yield Finding(rules.IMPRINT_TYPE, where, found)
            break
    copied = re.match(r"抄\s*送\s*(.)", text)
    if copied and (copied[1] != "：" or not text.endswith("。")):
        yield Finding(rules.IMPRINT_COPIES, where, f"“{excerpt(text)}”")
    if text.endswith("印发") and not _PRINTED.search(re.sub(r"\s", "", text)):
        yield Finding(rules.IMPRINT_DATE, where, f"“{excerpt(text)}”")
    free = first_indent(line, SIZE_4) + left_indent(line, SIZE_4)
    if line.setting.align != "right" and not 0.5 <= free <= 1.6:
        yield Finding(rules.IMPRINT_INDENT, where, f"空{rounding.text(free, 1)}字")


def table_findings(subject: Subject) -> Iterator[Finding]:
    """All findings about tables as such, for documents that are tables."""
    for grid in subject.document.grids:
        if any(_is_imprint(line) for line in grid.lines):
            continue
        first = next((line.text for line in grid.lines if line.text.strip()), "")
        where = Where("表格", grid.number, excerpt(first))
        yield from _table_head(subject, grid, where)
        yield from _table_body(grid, where)


def _table_head(subject: Subject, grid: Grid, where: Where) -> Iterator[Finding]:
    above = [line for line in subject.document.lines if line.number <= grid.after]
    above = [line for line in above if line.text.strip()][-2:]
    kinds = [subject.roles[line.number] for line in above]
    if not {"table_title", "title", "annex_title", "subtitle"} & set(kinds):
        yield Finding(rules.TABLE_TITLE, where, "表格上方没有居中的表题")
    for line, kind in zip(above, kinds, strict=True):
        if kind == "measure" and line.setting.align != "right":
            yield Finding(rules.TABLE_MEASURE, at(line), "未右对齐")


def _table_body(grid: Grid, where: Where) -> Iterator[Finding]:
    for line in grid.lines:
        odd = [p.type.size for p in chinese(line.pieces) if p.type.size not in _TABLE_SIZES]
        if odd:
            yield Finding(rules.TABLE_SIZE, where, points(odd[0]))
            break
    if len(grid.rows) > _LONG_TABLE and not grid.header_repeats:
        yield Finding(rules.TABLE_HEADER, where, f"{len(grid.rows)}行，表头不重复")
