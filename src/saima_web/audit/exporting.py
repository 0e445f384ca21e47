"""The ledger as a file that can be verified without the platform: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from saima.problems import Place, declare, refuse
from saima_web.audit.chain import moment_text
from saima_web.audit.verifying import FIELDS, Known, Row, known_of_database, rows_up_to

UNREADABLE = declare(
    "ledger-file-unreadable",
    "看不懂账本文件的这一行。",
    "请用 saima audit export 重新导出；文件如被改动过，以原件为准。",
    "this line of the ledger file cannot be read.",
    "Export it again with `saima audit export`; if the file was changed, use the original.",
)

NOT_THERE = declare(
    "ledger-file-not-there",
    "打不开账本文件。",
    "请核对文件名和位置；导出用 saima audit export -o 文件名。",
    "the ledger file cannot be opened.",
    "Check its name and place; `saima audit export -o FILE` makes one.",
)


def write(out: TextIO) -> int:
    """Write a header with the chain's end and anchors, then every entry. Returns how many.

    Personal words are not in it, only their salted digests.
    """
    known = known_of_database()
    header = {"saima": "ledger", "end": known.end, "digest": known.digest, "anchors": known.anchors}
    out.write(json.dumps(header, ensure_ascii=False) + "\n")
    count = 0
    for row in rows_up_to(known.end):
        plain: dict[str, Any] = {**row, "at": moment_text(row["at"])}
        out.write(json.dumps(plain, ensure_ascii=False) + "\n")
        count += 1
    return count


def read_header(path: Path) -> Known:
    """Where an exported chain ends, by its own header. Errors: Refused."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            header = _json(next(lines, ""), path, 1)
    except OSError:
        raise refuse(NOT_THERE, Place(file=str(path))) from None
    try:
        anchors = {int(n): str(d) for n, d in header["anchors"].items()}
        return Known(int(header["end"]), str(header["digest"]), anchors)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise refuse(UNREADABLE, Place(file=path.name, line=1)) from None


def read_rows(path: Path) -> Iterator[Row]:
    """The entries of an exported chain. Errors: Refused with the line."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        next(lines, "")
        for number, line in enumerate(lines, 2):
            if line.strip():
                yield _row(_json(line, path, number), path, number)


def _json(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise refuse(UNREADABLE, Place(file=path.name, line=number))
    return found


def _row(raw: dict[str, Any], path: Path, number: int) -> Row:
    try:
        return {f: datetime.fromisoformat(raw[f]) if f == "at" else raw[f] for f in FIELDS}
    except (KeyError, TypeError, ValueError):
        raise refuse(UNREADABLE, Place(file=path.name, line=number)) from None
