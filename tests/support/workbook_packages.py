"""Workbooks built byte by byte: odd and hostile .xlsx packages, and old .xls files."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def relations(*entries: tuple[str, str, str]) -> str:
    """A .rels part of (id, type's last word, target)."""
    lines = "".join(
        f'<Relationship Id="{i}" Type="{_OFFICE}/{t}" Target="{target}"'
        + (' TargetMode="External"' if "path" in t.lower() else "")
        + "/>"
        for i, t, target in entries
    )
    return f'<Relationships xmlns="{_RELATIONS}">{lines}</Relationships>'


def worksheet(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet part around the XML of its rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def package(
    sheets: Mapping[str, str], extra: Mapping[str, str | bytes] | None = None, level: int = 6
) -> bytes:
    """An .xlsx from worksheet parts by sheet name, and further parts (which may replace ours)."""
    names = list(sheets)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK_TYPE}"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_SHEET_TYPE}"/>'
            for i in range(1, len(names) + 1)
        )
        + "</Types>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>'
            for i, name in enumerate(names, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *(
                (f"rId{i}", "worksheet", f"worksheets/sheet{i}.xml")
                for i in range(1, len(names) + 1)
            )
        ),
    }
    parts |= {f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets.values(), start=1)}
    parts |= extra or {}
    return zipped(parts, level)


def zipped(parts: Mapping[str, str | bytes], level: int = 6) -> bytes:
    """A zip of the parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# --- .xls: BIFF8 records in an OLE container ([MS-XLS], [MS-CFB]) ---------------------------------

_SECTOR = 512
_ERROR_CODES = {"#DIV/0!": 0x07, "#N/A": 0x2A, "#REF!": 0x17}


class Percent(float):
    """A number that is shown as a percentage."""


class Shared(str):
    """A text that stands in the workbook's table of shared texts."""


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _wide(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _cell(row: int, column: int, value: object, shared: list[str]) -> bytes:
    at = struct.pack("<HHH", row, column, 1 if isinstance(value, Percent) else 0)
    if isinstance(value, Shared):
        return _record(0xFD, at + struct.pack("<I", shared.index(value)))
    if isinstance(value, str) and value in _ERROR_CODES:
        return _record(0x205, at + bytes([_ERROR_CODES[value], 1]))
    if isinstance(value, str):
        return _record(0x204, at + _wide(value))
    assert isinstance(value, int | float)
    return _record(0x203, at + struct.pack("<d", value))


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _sheet_records(
    cells: Mapping[tuple[int, int], object],
    merged: Sequence[tuple[int, int, int, int]],
    hidden_rows: Sequence[int],
    hidden_columns: Sequence[int],
    shared: list[str],
) -> bytes:
    body = [_record(0x7D, struct.pack("<HHHHHH", c, c, 2048, 0, 1, 0)) for c in hidden_columns]
    body += [_record(0x208, struct.pack("<HHHHIHH", r, 0, 1, 0, 0, 0x20, 0)) for r in hidden_rows]
    body += [_cell(r, c, value, shared) for (r, c), value in sorted(cells.items()) if value != ""]
    if merged:
        ranges = b"".join(struct.pack("<HHHH", r0, r1, c0, c1) for r0, c0, r1, c1 in merged)
        body.append(_record(0xE5, struct.pack("<H", len(merged)) + ranges))
    return _bof(0x10) + b"".join(body) + _record(0x0A, b"")


def _shared_records(texts: list[str]) -> bytes:
    """The table of shared texts, cut into records of at most 8,000 bytes anywhere in a text."""
    blocks: list[bytes] = []
    block = struct.pack("<II", len(texts), len(texts))
    for text in texts:
        if len(block) > 7_900:
            blocks, block = [*blocks, block], b""
        block += struct.pack("<HB", len(text), 1)
        for letter in text:
            if len(block) > 7_990:
                blocks, block = [*blocks, block], b"\x01"
            block += letter.encode("utf-16-le")
    records = [*blocks, block]
    return b"".join(_record(0x3C if i else 0xFC, r) for i, r in enumerate(records))


def legacy(
    sheets: Mapping[str, Mapping[tuple[int, int], object]],
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
) -> bytes:
    """An .xls from cells (row, column) -> text, number, Percent or error text, by sheet name."""
    values = (value for cells in sheets.values() for value in cells.values())
    shared = list(dict.fromkeys(value for value in values if isinstance(value, Shared)))
    bodies = [
        _sheet_records(cells, merged, hidden_rows, hidden_columns, shared)
        for cells in sheets.values()
    ]
    styles = b"".join(_record(0xE0, struct.pack("<HHHHHHHHHH", 0, f, *[0] * 8)) for f in (0, 9))

    def globals_(offsets: Sequence[int]) -> bytes:
        entries = b"".join(
            _record(0x85, struct.pack("<IHBB", at, 0, len(name), 1) + name.encode("utf-16-le"))
            for at, name in zip(offsets, sheets, strict=True)
        )
        code_page = _record(0x42, struct.pack("<H", 1200))
        texts = _shared_records(shared)
        return _bof(0x05) + code_page + styles + entries + texts + _record(0x0A, b"")

    at = len(globals_([0] * len(bodies)))
    offsets = []
    for body in bodies:
        offsets.append(at)
        at += len(body)
    return _container("Workbook", globals_(offsets) + b"".join(bodies))


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        text,
        len(text) + 2,
        kind,
        1,
        none,
        none,
        child,
        b"",
        0,
        0,
        0,
        start,
        size,
    )


def _container(name: str, stream: bytes) -> bytes:
    """An OLE compound file with one stream (padded, so that no mini stream is needed)."""
    stream = stream.ljust(4096, b"\x00")
    stream += b"\x00" * (-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    tables = next(n for n in range(1, 110) if n * 128 >= count + 1 + n)
    first = tables + 1
    chain = [*([0xFFFFFFFD] * tables), 0xFFFFFFFE]
    chain += [*range(first + 1, first + count), 0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * 128 - len(chain))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<109I", *range(tables), *([0xFFFFFFFF] * (109 - tables)))
    root = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    entries = root + _entry(name, 2, 0xFFFFFFFF, first, len(stream))
    entries += (b"\x00" * 68 + b"\xff" * 12 + b"\x00" * 48) * 2
    return header + struct.pack(f"<{len(chain)}I", *chain) + entries + stream
