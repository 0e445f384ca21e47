"""What the cells of an .xls carry besides values, and how far they go: a walk over its records.

Source: [MS-XLS] Excel Binary File Format; record numbers as named there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from struct import error as StructError  # noqa: N812
from struct import unpack_from

from saima.files.cells import Cell
from saima.files.opening.facts import Facts

_BOF, _EOF, _SHEET, _FORMAT, _XF, _LINK = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x1AE
_ROW, _COLUMNS, _FORMULA, _BOOLEAN_OR_ERROR, _NUMBERS = 0x208, 0x7D, 0x06, 0x205, 0xBD
_SHARED, _SHARED_CELL, _CONTINUE = 0xFC, 0xFD, 0x3C
_CELLS = {0x203, 0x27E, _SHARED_CELL, 0x204, 0xD6, _FORMULA, _BOOLEAN_OR_ERROR}
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

Record = tuple[int, bytes]


def records(stream: bytes, at: int = 0) -> Iterator[Record]:
    """(record number, body) from a position up to the end of that substream."""
    depth = 0
    while at + 4 <= len(stream):
        number, size = unpack_from("<HH", stream, at)
        yield number, stream[at + 4 : at + 4 + size]
        depth += (number == _BOF) - (number == _EOF)
        if depth <= 0:
            return
        at += 4 + size
    raise ValueError("the substream has no end")


def legacy_facts(stream: bytes) -> tuple[list[Facts], list[str], int]:
    """(facts of each sheet in order, targets of external links, bytes of all cells' texts).

    Errors: ValueError if a record is broken or the stream ends too early.
    """
    try:
        book = _Globals(stream)
        found = [_sheet_facts(stream, offset, book.percents()) for offset in book.offsets]
        text = _text_size(stream, book)
        return found, book.links, text
    except (StructError, IndexError) as error:
        raise ValueError("broken record") from error


class _Globals:
    """The workbook's own records: where its sheets begin, its formats, links, shared texts."""

    def __init__(self, stream: bytes) -> None:
        self.offsets: list[int] = []
        self.links: list[str] = []
        self.shared: list[bytes] = []
        self._formats = {9: "0%", 10: "0.00%"}
        self._styles: list[int] = []
        wide, before = unpack_from("<H", stream, 4)[0] >= 0x600, 0
        for number, body in records(stream):
            if number == _SHEET:
                self.offsets.append(unpack_from("<I", body)[0])
            elif number == _XF:
                self._styles.append(unpack_from("<H", body, 2)[0])
            elif number == _FORMAT:
                self._formats[unpack_from("<H", body)[0]] = _text(body[2:], wide)
            elif number == _LINK and len(body) > 8:
                self.links.append(_target(body))
            elif number == _SHARED or (number == _CONTINUE and before == _SHARED):
                self.shared.append(body)
            before = before if number == _CONTINUE else number

    def percents(self) -> set[int]:
        """Styles that show a number as a percentage."""
        formats = self._formats
        return {i for i, style in enumerate(self._styles) if "%" in formats.get(style, "")}


def _text_size(stream: bytes, book: _Globals) -> int:
    """Bytes of the shared texts of all cells, each counted as often as it is used."""
    cells = (r for offset in book.offsets for r in records(stream, offset))
    used = Counter(body[6:10] for number, body in cells if number == _SHARED_CELL)
    sizes = list(_shared_sizes(book.shared)) if used else []
    uses = ((unpack_from("<I", index)[0], times) for index, times in used.items())
    return sum(sizes[i] * times for i, times in uses if i < len(sizes))


def _shared_sizes(blocks: list[bytes]) -> Iterator[int]:
    """Bytes of each shared text; texts run on over the blocks' borders ([MS-XLS] 2.5.293)."""
    data = b"".join(blocks)
    ends = list(accumulate(len(block) for block in blocks))
    at = 8
    while at + 3 <= len(data):
        left, flags = unpack_from("<HB", data, at)
        yield left * 2
        at += 3
        runs = unpack_from("<H", data, at)[0] if flags & 8 else 0
        at += 2 if flags & 8 else 0
        extra = unpack_from("<I", data, at)[0] if flags & 4 else 0
        at += 4 if flags & 4 else 0
        while left and at < len(data):
            size = 1 + (flags & 1)
            taken = min(left, (ends[bisect_right(ends, at)] - at) // size)
            left, at = left - taken, at + taken * size
            if left and at < len(data):
                flags, at = data[at], at + 1
        at += 4 * runs + extra


def _text(body: bytes, wide: bool) -> str:
    if not wide:
        return body[1:].decode("latin-1")
    return body[3:].decode("utf-16-le" if body[2] & 1 else "latin-1", "replace")


def _target(body: bytes) -> str:
    """The file name of a SupBook record, without its encoded path marks."""
    text = body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")
    return "".join("/" if c == "\x03" else c for c in text if c >= " " or c == "\x03")


def _sheet_facts(stream: bytes, offset: int, percents: set[int]) -> Facts:
    height = width = 0
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    errors: dict[Cell, str] = {}
    shown: set[Cell] = set()
    for number, body in records(stream, offset):
        if number in _CELLS or number == _NUMBERS:
            row, column, style = unpack_from("<HHH", body)
            last = unpack_from("<H", body, len(body) - 2)[0] if number == _NUMBERS else column
            height, width = max(height, row + 1), max(width, last + 1)
            shown.update(_percent_cells(number, body, percents, row, column, style))
            if error := _error(number, body):
                errors[row, column] = error
        elif number == _ROW and unpack_from("<H", body, 12)[0] & 0x20:
            hidden_rows.add(unpack_from("<H", body)[0])
        elif number == _COLUMNS and unpack_from("<H", body, 8)[0] & 1:
            first, last = unpack_from("<HH", body)
            hidden_columns.update(range(first, min(last, 255) + 1))
    return Facts(
        height=height,
        width=width,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        errors=errors,
        percents=frozenset(shown),
    )


def _percent_cells(
    number: int, body: bytes, percents: set[int], row: int, column: int, style: int
) -> Iterator[Cell]:
    if number == _NUMBERS:
        for i in range((len(body) - 6) // 6):
            if unpack_from("<H", body, 4 + 6 * i)[0] in percents:
                yield row, column + i
    elif style in percents:
        yield row, column


def _error(number: int, body: bytes) -> str:
    if number == _BOOLEAN_OR_ERROR and body[7]:
        return _ERRORS.get(body[6], "#ERROR")
    if number == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#ERROR")
    return ""
