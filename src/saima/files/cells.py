"""Text that is safe to write into a cell, and how far a worksheet can go."""

from __future__ import annotations

import re

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column a worksheet can have (ECMA-376; XFD1048576)."""

Cell = tuple[int, int]
"""A 0-based (row, column)."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"[+-]?(\d+(,\d{3})*|\d*\.\d+|\d+\.)(\.\d+)?([eE][+-]?\d+)?%?|-+")


def safe_text(value: object) -> str:
    """Text that no spreadsheet program takes for a formula; plain numbers stay as they are.

    A text that starts with = + - @, tab or line break (or their full-width forms) gets an
    apostrophe in front, unless the whole of it is a number (-3.5, +2, -4.8%) or a dash.
    Source: OWASP, "CSV Injection".
    """
    text = "" if value is None else str(value)
    if text.lstrip(" ").startswith(_FORMULA_STARTS) and not _HARMLESS.fullmatch(text.strip(" ")):
        return "'" + text
    return text
