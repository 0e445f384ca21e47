"""What the cells of an .xlsx sheet carry besides values, taken from the sheet's XML.

The fast reader gives values only. What it leaves out is found here: hidden rows and columns,
error values, formulas without a cached value, cells shown as percentages, and how far cells go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import TypeVar
from xml.parsers import expat

from saima.files.cells import LAST_COLUMN, LAST_ROW, Cell
from saima.files.refusals import DAMAGED, TOO_MANY_MARKED
from saima.places import cell_position
from saima.problems import Place, refuse

MAX_PERCENTS = 1_000_000
MAX_MARKED = 100_000
"""Cells of one kind (errors, formulas without value, merged ranges) that are kept track of."""

_CHUNK = 16_000_000
_TAG, _FORMULA = 1_000, 12_000
"""Bytes that a start tag and a whole cell with its formula (8,192 characters) are looked for in."""
_COLUMNS = re.compile(rb'<c r="([A-Z]{1,3})\d')
_ROWS = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,9})"')
_FORMULA_ENDS = (rb"</f>(?:<v ?/>|<v></v>)?</c>", rb"<f(?: [^<>]*)?/>(?:<v ?/>|<v></v>)?</c>")

T = TypeVar("T")


@dataclass(frozen=True)
class Facts:
    """What a sheet carries besides values; positions are 0-based (row, column).

    height, width: how far cells go, counted from A1. uncomputed: formulas without a cached
    value. errors: error values as text. percents: numbers that are shown times 100 with a %.
    """

    height: int = 0
    width: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncomputed: frozenset[Cell] = frozenset()
    errors: dict[Cell, str] = field(default_factory=dict)
    percents: frozenset[Cell] = frozenset()


def sheet_facts(xml: bytes, percents: frozenset[bytes], max_cells: int, place: Place) -> Facts:
    """The facts of one worksheet part; only its extent where that is over `max_cells`."""
    if b"\x00" in xml[:200]:
        raise refuse(DAMAGED, place, reason="工作表的编码不是 UTF-8")
    prefix = re.search(rb"<([A-Za-z]\w*):worksheet", xml[:2000])
    if prefix:
        xml = xml.replace(b"<" + prefix[1] + b":", b"<").replace(b"</" + prefix[1] + b":", b"</")
    height, width = _extent(xml, place)
    extent = Facts(height=height, width=width)
    if height * width > max_cells:
        return extent
    if xml.count(b"<mergeCell ") > MAX_MARKED:
        raise refuse(TOO_MANY_MARKED, place, limit=MAX_MARKED)
    return replace(
        extent,
        hidden_rows=frozenset(_hidden_rows(xml)),
        hidden_columns=frozenset(_hidden_columns(xml)),
        uncomputed=frozenset(filter(None, _bounded(_uncomputed(xml), MAX_MARKED, place))),
        errors=dict(filter(None, _bounded(_errors(xml), MAX_MARKED, place))),
        percents=frozenset(_bounded(_percents(xml, percents), MAX_PERCENTS, place)),
    )


def _bounded(found: Iterable[T], limit: int, place: Place) -> list[T]:
    kept = list(islice(found, limit + 1))
    if len(kept) > limit:
        raise refuse(TOO_MANY_MARKED, place, limit=limit)
    return kept


def _extent(xml: bytes, place: Place) -> tuple[int, int]:
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData")
    if xml.count(b"<c", start, end) != xml.count(b'<c r="', start, end):
        return _slow_extent(xml, place)
    width = max((_column(letters) + 1 for letters in _distinct(_COLUMNS, xml)), default=0)
    return max(map(int, _distinct(_ROWS, xml)), default=0), width


def _distinct(pattern: re.Pattern[bytes], xml: bytes) -> set[bytes]:
    """The different texts that a pattern captures, in bounded memory."""
    found: set[bytes] = set()
    for start in range(0, len(xml), _CHUNK):
        found.update(pattern.findall(xml, start, start + _CHUNK + 40))
    return found


def _slow_extent(xml: bytes, place: Place) -> tuple[int, int]:
    """The extent by a real parser, for cells written in an unusual way or without a reference."""
    row = column = height = width = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, height, width
        if tag.rsplit(":", 1)[-1] == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif tag.rsplit(":", 1)[-1] == "c":
            at = attributes.get("r")
            row, column = (n + 1 for n in cell_position(at)) if at else (row, column + 1)
            height, width = max(height, row), max(width, column)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise refuse(DAMAGED, place, reason="工作表不是有效的 XML") from error
    return min(height, LAST_ROW), min(width, LAST_COLUMN)


@lru_cache(maxsize=LAST_COLUMN)
def _column(letters: bytes) -> int:
    return cell_position(letters.decode() + "1")[1]


def _owner(xml: bytes, position: int) -> tuple[bytes, Cell | None]:
    """The start tag of the cell that a position lies in, and the cell (None: too far away)."""
    start = xml.rfind(b"<c ", max(0, position - _FORMULA), position + 3)
    tag = xml[start : xml.find(b">", start, start + _TAG) + 1] if start >= 0 else b""
    match = re.search(rb'\sr="([A-Z]{1,3})(\d{1,7})"', tag)
    return tag, (int(match[2]) - 1, _column(match[1])) if match else None


def _hidden_rows(xml: bytes) -> Iterator[int]:
    for match in re.finditer(rb' hidden="(?:1|true)"', xml):
        start = xml.rfind(b"<", max(0, match.start() - _TAG), match.start())
        number = re.match(rb'<row\s[^<>]*?\br="(\d{1,7})"', xml[start : start + _TAG])
        if number:
            yield int(number[1]) - 1


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for tag in re.findall(rb'<col\s[^<>]*hidden="(?:1|true)"[^<>]*>', xml[:200_000]):
        ends = [re.search(rb'\b%s="(\d{1,5})"' % end, tag) for end in (b"min", b"max")]
        if ends[0] and ends[1]:
            yield from range(int(ends[0][1]) - 1, min(int(ends[1][1]), LAST_COLUMN))


def _uncomputed(xml: bytes) -> Iterator[Cell | None]:
    for pattern in _FORMULA_ENDS:
        for match in re.finditer(pattern, xml):
            tag, cell = _owner(xml, match.start())
            yield None if b' t="str"' in tag else cell


def _errors(xml: bytes) -> Iterator[tuple[Cell, str] | None]:
    for match in re.finditer(rb' t="e"', xml):
        tag, cell = _owner(xml, match.start())
        text = b"" if tag.endswith(b"/>") else xml[match.end() : match.end() + _FORMULA]
        value = re.search(rb"<v>([^<]{1,20})</v>", text[: text.find(b"</c>")])
        yield (cell, value[1].decode() if value else "#ERROR") if cell else None


def _percents(xml: bytes, styles: frozenset[bytes]) -> Iterator[Cell]:
    style = rb' s="(?:%s)"' % b"|".join(sorted(styles))
    if styles and re.search(style, xml):
        pattern = (
            rb'<c(?= [^<>]{0,300}?%s)[^<>]{0,300}? r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,300}[^/]>'
            % style
        )
        for match in re.finditer(pattern, xml):
            yield int(match[2]) - 1, _column(match[1])
