"""Workbooks as offices fill them in, generated, each with one planted defect and what must be said.

All names and figures are invented. A draft knows the truth of every figure; a plant changes one
thing in it and says which problem must be told at which cell, and what else becomes of the cell.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from tests.support.workbooks.cell_plants import (
    as_text,
    at_least,
    at_most,
    converted,
    error_value,
    formula_with_value,
    formula_without_value,
    full_width,
    grouped,
    in_brackets,
    missing,
    percent_as_fraction,
    percent_as_text,
    percent_format,
    sign_in_words,
    triangle,
    unreadable,
    word_for_zero,
)
from tests.support.workbooks.drafts import draft, monthly
from tests.support.workbooks.model import Draft, Expected
from tests.support.workbooks.sheet_plants import (
    double_header,
    double_row,
    hidden_column,
    hidden_row,
    hidden_sheet,
    january_or_october,
    merged_value,
    months_as_dates,
    months_as_numbers,
    no_header,
    no_label,
    note_explains_mark,
    repeated_header,
    stray_beside,
    total_differs,
    unmerged_group,
)
from tests.support.workbooks.writing import finish, write

PLANTS: dict[str, Callable[[Draft, random.Random], Expected | None]] = {
    "number as text": as_text("sheet-number-as-text", str),
    "thousands separators in text": as_text("sheet-number-as-text", grouped),
    "full-width digits": as_text("sheet-full-width", full_width),
    "invisible characters": as_text("sheet-invisible-characters", lambda t: f"\u200b{t}\u00a0"),
    "footnote mark": as_text("sheet-footnote-mark", lambda t: f"{t}①"),
    "amount in 亿元": converted("亿元", 10_000),
    "bare 亿": converted("亿", 10_000),
    "amount in 百万元": converted("百万元", 100),
    "measure of another kind": unreadable("sheet-measure-differs", lambda *_: "12.5吨"),
    "letter for a digit": unreadable("sheet-not-a-number", lambda *_: "1O5.3"),
    "two decimal points": unreadable("sheet-not-a-number", lambda *_: "12..5"),
    "wrong separators": unreadable("sheet-not-a-number", lambda *_: "1,23,4.5"),
    "words for a figure": unreadable("sheet-not-a-number", lambda *_: "已完成"),
    "date for a figure": unreadable("sheet-date-in-numbers", lambda *_: date(2024, 3, 5)),
    "error value": error_value,
    "formula without value": formula_without_value,
    "formula with value": formula_with_value,
    "dash": missing("—"),
    "hyphen": missing("-"),
    "ellipsis": missing("…"),
    "slash": missing("/"),
    "blank": missing(""),
    "no data yet": missing("暂无数据"),
    "unknown": missing("不详"),
    "word for zero": word_for_zero,
    "note explains a mark": note_explains_mark,
    "percent as text": percent_as_text,
    "percent as fraction": percent_as_fraction,
    "percent format": percent_format,
    "at least": at_least,
    "at most": at_most,
    "negative in brackets": in_brackets,
    "sign in words": sign_in_words,
    "triangle for minus": triangle,
    "hidden row": hidden_row,
    "hidden column": hidden_column,
    "hidden sheet": hidden_sheet,
    "total does not add up": total_differs,
    "row twice": double_row,
    "header twice": double_header,
    "column without header": no_header,
    "row without name": no_label,
    "value merged over rows": merged_value,
    "stray cell": stray_beside,
    "repeated header": repeated_header,
    "group not merged": unmerged_group,
}
MONTHLY_PLANTS: dict[str, tuple[str, Callable[[Draft, random.Random], Expected | None]]] = {
    "2024.1 in doubt": ("text", january_or_october),
    "24-Feb as a date": ("date", months_as_dates),
    "2024.2 as a number": ("number", months_as_numbers),
}
KINDS = [*PLANTS, *MONTHLY_PLANTS]


def planted(kind: str, seed: int) -> tuple[bytes, Draft, Expected]:
    """A workbook with one defect of a kind, its truth, and what must be said of it."""
    rng = random.Random(f"{kind}/{seed}")
    while True:
        if kind in PLANTS:
            d, plant = draft(rng), PLANTS[kind]
        else:
            form, plant = MONTHLY_PLANTS[kind]
            d = monthly(rng, form)
        expected = plant(d, rng)
        if expected is not None:
            finish(d)
            return write(d), d, expected


__all__ = ["KINDS", "Draft", "Expected", "draft", "finish", "monthly", "planted", "write"]
