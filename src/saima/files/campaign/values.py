"""Raw cells to values: texts, numbers, dates, words of closed lists, for one cell or a column.

Offices write numbers with full-width digits, thousands separators and percent signs; what cannot
be read stays a text, for the caller to name.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from saima.periods import Clock, parse
from saima.problems import Refused

if TYPE_CHECKING:
    import polars as pl

_WIDE = str.maketrans("０１２３４５６７８９．，％－＋（）　", "0123456789.,%-+() ")
_PLAIN_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
_PERCENT = re.compile(r"([-+]?[\d.,]+) ?%")


def plain_text(value: object) -> str:
    """A cell as text: whole numbers without a decimal point, dates in ISO form, blank as ''."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        whole_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if whole_day else value.isoformat(" ", "seconds")
    return str(value)


def number_of(value: object) -> float | None:
    """A finite number from a cell, None if it is none (percentages are none)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    text = str(value).translate(_WIDE).strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN_NUMBER.fullmatch(text):
        return None
    found = float(text)
    return found if math.isfinite(found) else None


def percent_of(text: str) -> float | None:
    """'97.2%' -> 97.2, None for any other text."""
    match = _PERCENT.fullmatch(text.translate(_WIDE).strip())
    return number_of(match[1]) if match else None


def whole_of(value: object) -> int | None:
    number = number_of(value)
    return int(number) if number is not None and number.is_integer() else None


def date_of(value: object) -> date | None:
    """A day from a date cell or text (2026-09-30, 2026/9/30, 2026年9月30日), None if it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        period = parse(str(value).split(" ")[0].split("T")[0])
    except Refused:
        return None
    return period.start if period.kind == "day" else None


def moment_of(value: object) -> datetime | None:
    """A time from a date cell or text, the start of the day where no time is given."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value).strip().replace("/", "-")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        day = date_of(text)
    return datetime(day.year, day.month, day.day) if day else None


def period_of(text: str, clock: Clock | None) -> str | None:
    """The canonical text of a period, None if it is not understood."""
    try:
        return parse(text, clock).text
    except Refused:
        return None


# --- columns ------------------------------------------------------------------------------------


def texts(column: Any) -> pl.Series:
    """A column as text, trimmed; blank is null."""
    import polars as pl

    if not isinstance(column, list):
        series: pl.Series = column
        if isinstance(series.dtype, pl.Categorical | pl.Enum):
            series = series.cast(pl.String)
        if series.dtype == pl.String:
            trimmed = series.str.strip_chars()
            return trimmed.set(trimmed == "", None) if (trimmed == "").any() else trimmed
        column = series.to_list()
    if set(map(type, column)) == {str}:  # names repeat: each is trimmed once
        trimmed_of = {v: v.strip() or None for v in set(column)}
        return pl.Series([trimmed_of[v] for v in column], dtype=pl.String)
    return pl.Series([plain_text(v) or None for v in column], dtype=pl.String)


def numbers(column: Any) -> tuple[pl.Series, pl.Series | None]:
    """(numbers, texts that are none) of a column; blank is null in both, None for no such text."""
    import polars as pl

    if isinstance(column, list):
        return _numbers_of_cells(column)
    if column.dtype.is_numeric():
        found = column.cast(pl.Float64)
        return found.set(~found.is_finite(), None), None
    written = texts(column)
    found = written.cast(pl.Float64, strict=False)
    odd = written.is_not_null() & ~found.is_finite().fill_null(False)
    if not odd.any():
        return found, None
    read = {t: number_of(t) for t in written.filter(odd).unique().to_list()}
    again = written.replace_strict(read, default=None, return_dtype=pl.Float64)
    found = pl.select(pl.when(odd).then(again).otherwise(found)).to_series()
    rest = pl.select(pl.when(found.is_null()).then(written)).to_series()
    return found, rest


def _numbers_of_cells(column: list[object]) -> tuple[pl.Series, pl.Series | None]:
    import polars as pl

    kinds = {type(v) for v in column}
    if kinds <= {float}:
        found = pl.Series(column, dtype=pl.Float64)
        return found.set(~found.is_finite(), None), None
    read = [v if type(v) is float else None if v == "" else number_of(v) for v in column]
    rest = [plain_text(v) or None if n is None else None for v, n in zip(column, read)]
    return pl.Series(read, dtype=pl.Float64), pl.Series(rest, dtype=pl.String)


def moments(column: Any) -> tuple[pl.Series, pl.Series | None]:
    """(times in microseconds, texts that are none) of a column, as in `numbers`."""
    import polars as pl

    kind = pl.Datetime("us")
    if not isinstance(column, list) and column.dtype.is_temporal():
        found = column
        if isinstance(column.dtype, pl.Datetime):
            found = column.dt.replace_time_zone(None)
        return found.cast(kind), None
    written = texts(column)
    read = {t: moment_of(t) for t in written.drop_nulls().unique().to_list()}
    found = written.replace_strict(read, default=None, return_dtype=kind)
    return found, pl.select(pl.when(found.is_null()).then(written)).to_series()
