"""Periods as they stand in headers: 2024年2月, 2023.9, 24-Feb, real dates, 1-2月 under a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from saima.files.sheet.words import plain
from saima.periods import last_of_month, parse
from saima.problems import Refused

_NAME = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = _NAME.split("|")
_YEAR_MONTH = re.compile(rf"(\d{{2}}|20\d\d)[-/ ]({_NAME})[a-z]*\.?", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"({_NAME})[a-z]*\.?[-/ '](\d{{2}}|20\d\d)", re.IGNORECASE)
_WITHOUT_YEAR = re.compile(
    r"(\d{1,2}月|\d{1,2}\s*[-~—至]\s*\d{1,2}月|第?[1-4一二三四]季度|[上下]半年|全年|第\d{1,2}周)"
)
_YEAR_FIRST = re.compile(r"(19|20)\d\d")
_ENDINGS = re.compile(r"(末|底|止|累计|当月|份|合计)$|\((累计|当月|末)\)$")
_IN_TITLE = re.compile(
    r"((?:19|20)\d\d\s*年\s*(?:\d{1,2}\s*(?:[-~—至]\s*\d{1,2})?\s*月|第?[一二三四1-4]季度|[上下]半年)?)"
)


@dataclass(frozen=True)
class Moment:
    """A period found in a cell: its canonical text ('' if the year is unknown), and doubts.

    doubt: '' or `day` (a real date inside a month, 24-Feb typed as a date), `tenth` (2023.1 may
    be January or October), `year` (no year is known).
    """

    period: str
    doubt: str = ""


def moment(value: object, year: str = "") -> Moment | None:
    """The period that a header cell names, or None. `year` ('2024') completes 2月 and 一季度."""
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        whole = day.day == 1 or day == last_of_month(day.year, day.month)
        return Moment(f"{day.year:04d}-{day.month:02d}", "" if whole else "day")
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _numeric(repr(value).removesuffix(".0"))
    return _textual(plain(str(value)), year)


def _numeric(digits: str) -> Moment | None:
    if re.fullmatch(r"(19|20)\d\d", digits):
        return Moment(digits)
    match = re.fullmatch(r"((?:19|20)\d\d)\.?(\d{1,2})", digits)
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    if "." in digits:
        return Moment(f"{match[1]}-{int(match[2]):02d}", "tenth" if match[2] == "1" else "")
    return Moment(f"{match[1]}-{match[2]}") if len(match[2]) == 2 else None


@lru_cache(maxsize=16384)
def _textual(text: str, year: str) -> Moment | None:
    text = re.sub(r"\s+", " ", _ENDINGS.sub("", text)).strip()
    named = _YEAR_MONTH.fullmatch(text)
    if named:
        return Moment(_named(named[1], named[2]))
    named = _MONTH_YEAR.fullmatch(text)
    if named:
        return Moment(_named(named[2], named[1]))
    text = text.replace(" ", "")
    if re.fullmatch(r"[\d.]+", text):
        return _numeric(text) if not re.fullmatch(r"\d{4}\.10", text) else Moment(f"{text[:4]}-10")
    if _WITHOUT_YEAR.fullmatch(text):
        return _parsed(f"{year}年{text}" if year and text != "全年" else year) or Moment("", "year")
    return _parsed(text) if _YEAR_FIRST.match(text) else None


def _named(year: str, month: str) -> str:
    return f"{int(year) % 100 + 2000}-{_MONTHS.index(month.lower()) + 1:02d}"


def _parsed(text: str) -> Moment | None:
    try:
        return Moment(parse(text).text)
    except Refused:
        return None


def period_in(title: str) -> str:
    """The period that a title names (2024年1-6月…完成情况), or ''."""
    match = _IN_TITLE.search(plain(title))
    found = _parsed(match[1].replace(" ", "")) if match else None
    return found.period if found else ""


def settle(values: list[object], year: str = "") -> list[Moment | None]:
    """The periods of one header row, doubts settled by their neighbours where that is possible.

    24-Feb, 24-Mar typed into a spreadsheet become 24 February and 24 March of the current year:
    dates of one row that share a day which is no first or last of a month mean 2024-02, 2024-03.
    2023.1 after 2023.9 is October.
    """
    found = [moment(value, year) for value in values]
    days = {v.day for v, m in zip(values, found) if m and m.doubt == "day" and isinstance(v, date)}
    several = sum(1 for m in found if m and m.doubt == "day") > 1
    for i, (value, m) in enumerate(zip(values, found)):
        if m and m.doubt == "day" and isinstance(value, date) and len(days) == 1:
            if several or year == str(2000 + value.day):
                found[i] = Moment(f"{2000 + value.day}-{value.month:02d}", "day")
        elif m and m.doubt == "tenth":
            found[i] = _tenth(
                m, [n.period for n in (*found[i - 1 : i], *found[i + 1 : i + 2]) if n]
            )
    return found


def _tenth(found: Moment, beside: list[str]) -> Moment:
    """2023.1 is October beside September or November, January beside February or December."""
    year = found.period[:4]
    if {f"{year}-09", f"{year}-11"} & set(beside):
        return Moment(f"{year}-10")
    january = {f"{year}-02", f"{int(year) - 1}-12"} & set(beside)
    return Moment(f"{year}-01", "" if january else "tenth")
