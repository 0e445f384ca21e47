"""Read a CSV or tab-separated file as raw text cells, in the encodings that offices send."""

from __future__ import annotations

import csv
from io import StringIO

from saima.files.refusals import DAMAGED, NO_WORKBOOK, SHEET_TOO_LARGE
from saima.problems import Place, refuse


def text_rows(data: bytes, name: str, max_rows: int, max_cells: int) -> list[list[object]]:
    """Rows of str from UTF-8, UTF-16 (with mark) or GB18030 text, padded to one length."""
    place = Place(file=name)
    text = _decoded(data, place)
    first = text[: text.find("\n")]
    separator = "\t" if "\t" in first and "," not in first else ","
    rows: list[list[object]] = []
    width = 0
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append(list(row))
            width = max(width, len(row))
            if len(rows) > max_rows or len(rows) * width > max_cells:
                values = {"last": f"第 {len(rows)} 行", "cells": len(rows) * width}
                raise refuse(SHEET_TOO_LARGE, place, rows=max_rows, limit=max_cells, **values)
    except csv.Error as error:
        raise refuse(DAMAGED, place, reason=f"第 {len(rows) + 1} 行：{error}") from error
    for line in rows:
        line.extend([""] * (width - len(line)))
    return rows


def _decoded(data: bytes, place: Place) -> str:
    text = decoded(data)
    if text is None:
        raise refuse(NO_WORKBOOK, place, reason="内容不是 UTF-8 或 GB18030 编码的文本")
    return text


def decoded(data: bytes) -> str | None:
    """Text from UTF-8, UTF-16 with its mark, or GB18030; None if it is none of them."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    return None
