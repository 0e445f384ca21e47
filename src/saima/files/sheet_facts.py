"""What the cells of an .xlsx sheet carry besides values, taken from the sheet's XML.

The fast reader gives values only. What it leaves out is found here: hidden rows and columns,
error values, formulas without a cached value, cells shown as percentages, and how far cells go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from saima.files.sheet_cells import LAST_COLUMN, LAST_ROW, Cell
from saima.files.sheet_refusals import DAMAGED
from saima.places import cell_position
from saima.problems import Place, refuse


@dataclass(frozen=True)
class Facts:
    """What a sheet carries besides values; positions are 0-based (row, column)."""

    height: int = 0
    width: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncomputed: frozenset[Cell] = frozenset()
    errors: dict[Cell, str] = field(default_factory=dict)
    percents: frozenset[Cell] = frozenset()


def sheet_facts(xml: bytes, percents: frozenset[bytes], place: Place) -> Facts:
    """The facts of one worksheet part; `height` and `width` bound the cells from A1."""
    if b"\x00" in xml[:200]:
        raise refuse(DAMAGED, place, reason="工作表的编码不是 UTF-8")
    prefix = re.search(rb"<([A-Za-z]\w*):worksheet", xml[:2000])
    if prefix:
        xml = xml.replace(b"<" + prefix[1] + b":", b"<").replace(b"</" + prefix[1] + b":", b"</")
    height, width = _extent(xml, place)
    return Facts(
        height=height,
        width=width,
        hidden_rows=frozenset(_hidden_rows(xml)),
        hidden_columns=frozenset(_hidden_columns(xml)),
        uncomputed=frozenset(_uncomputed(xml)),
        errors=dict(_errors(xml)),
        percents=frozenset(_styled(xml, percents)),
    )


def _extent(xml: bytes, place: Place) -> tuple[int, int]:
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData")
    if xml.count(b"<c", start, end) != xml.count(b'<c r="', start, end):
        return _slow_extent(xml, place)
    columns = set(re.findall(rb'<c r="([A-Z]{1,3})\d', xml))
    rows = set(re.findall(rb'<c r="[A-Z]{1,3}(\d{1,9})"', xml))
    width = max((cell_position(letters.decode() + "1")[1] + 1 for letters in columns), default=0)
    return max(map(int, rows), default=0), width


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


def _owner(xml: bytes, position: int) -> tuple[bytes, Cell | None]:
    """The start tag of the cell that a position lies in, and the cell."""
    start = xml.rfind(b"<c ", 0, position + 3)
    tag = xml[start : xml.find(b">", start) + 1]
    match = re.search(rb'\sr="([A-Z]{1,3}\d{1,7})"', tag)
    try:
        return tag, cell_position(match[1].decode()) if match else None
    except ValueError:
        return tag, None


def _hidden_rows(xml: bytes) -> Iterator[int]:
    for match in re.finditer(rb' hidden="(?:1|true)"', xml):
        start = xml.rfind(b"<", 0, match.start())
        number = re.match(rb'<row\s[^>]*?\br="(\d{1,7})"', xml[start : start + 300])
        if number:
            yield int(number[1]) - 1


def _hidden_columns(xml: bytes) -> Iterator[int]:
    for tag in re.findall(rb'<col\s[^>]*hidden="(?:1|true)"[^>]*>', xml[:200_000]):
        ends = [re.search(rb'\b%s="(\d{1,5})"' % end, tag) for end in (b"min", b"max")]
        if ends[0] and ends[1]:
            yield from range(int(ends[0][1]) - 1, min(int(ends[1][1]), LAST_COLUMN))


def _uncomputed(xml: bytes) -> Iterator[Cell]:
    for pattern in (rb"</f>(?:<v ?/>|<v></v>)?</c>", rb"<f(?: [^<>]*)?/>(?:<v ?/>|<v></v>)?</c>"):
        for match in re.finditer(pattern, xml):
            tag, cell = _owner(xml, match.start())
            if cell and b' t="str"' not in tag:
                yield cell


def _errors(xml: bytes) -> Iterator[tuple[Cell, str]]:
    for match in re.finditer(rb' t="e"', xml):
        cell = _owner(xml, match.start())[1]
        value = re.search(rb"<v>([^<]{1,20})</v>", xml[match.end() : match.end() + 9_000])
        if cell:
            yield cell, value[1].decode() if value else "#ERROR"


def _styled(xml: bytes, styles: frozenset[bytes]) -> Iterator[Cell]:
    if not styles:
        return
    pattern = rb' s="(?:%s)"' % b"|".join(sorted(styles))
    for match in re.finditer(pattern, xml):
        cell = _owner(xml, match.start())[1]
        if cell and xml.startswith(b"<c ", xml.rfind(b"<", 0, match.start())):
            yield cell
