"""What the cells of an .xls carry besides values, and how far they go: a walk over its records.

Source: [MS-XLS] Excel Binary File Format; record numbers as named there.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import error as StructError  # noqa: N812
from struct import unpack_from

from saima.files.sheet_cells import Cell
from saima.files.sheet_facts import Facts

_BOF, _EOF, _SHEET, _FORMAT, _XF, _LINK = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x1AE
_ROW, _COLUMNS, _FORMULA, _BOOLEAN_OR_ERROR, _NUMBERS = 0x208, 0x7D, 0x06, 0x205, 0xBD
_CELLS = {0x203, 0x27E, 0xFD, 0x204, 0xD6, _FORMULA, _BOOLEAN_OR_ERROR}
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


def legacy_facts(stream: bytes) -> tuple[list[Facts], list[str]]:
    """(facts of each sheet in order, targets of external links); ValueError if it is broken."""
    offsets, links, formats, styles = [], [], {9: "0%", 10: "0.00%"}, []
    try:
        wide = unpack_from("<H", stream, 4)[0] >= 0x600
        for number, body in records(stream):
            if number == _SHEET:
                offsets.append(unpack_from("<I", body)[0])
            elif number == _XF:
                styles.append(unpack_from("<H", body, 2)[0])
            elif number == _FORMAT:
                formats[unpack_from("<H", body)[0]] = _text(body[2:], wide)
            elif number == _LINK and len(body) > 8:
                links.append(_target(body))
        percents = {i for i, style in enumerate(styles) if "%" in formats.get(style, "")}
        return [_sheet_facts(stream, offset, percents) for offset in offsets], links
    except (StructError, IndexError) as error:
        raise ValueError("broken record") from error


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
