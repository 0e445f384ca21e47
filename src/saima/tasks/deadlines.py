"""A deadline as offices write it: 2026-11-30, 11月底前, 第45周, 三季度末, 年底; or 长期坚持."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from saima.periods import Period, containing, month, parse, week
from saima.problems import Refused

DeadlineKind = Literal["day", "week", "month"]

STANDING = {
    "长期坚持",
    "长期",
    "持续推进",
    "常态化",
    "常态化推进",
    "常态推进",
    "全年",
    "每月",
    "每周",
    "按月推进",
}
"""Words for work that has no end: no deadline, and no defect."""
_AT_END = re.compile(r"(之前|以前|前|底|末|底前|末前|内|完成|止)+$")
_WIDE = str.maketrans("０１２３４５６７８９．－／　", "0123456789.-/ ")
_MONTH = re.compile(r"(\d{1,2})月(上旬|中旬|下旬|初|中)?")
_DAY = re.compile(r"(\d{1,2})[月.](\d{1,2})[日号]?")
_FULL = re.compile(r"(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})")
_WEEK = re.compile(r"第?(\d{1,2})周")
_THIRDS = {"初": 5, "上旬": 10, "中": 15, "中旬": 20}


@dataclass(frozen=True)
class Deadline:
    """The last day, and whether the task is due by a day, a week or a month."""

    day: date
    kind: DeadlineKind = "day"

    @property
    def text(self) -> str:
        """As it is written: 2026-11-30, 2026-W45, 2026-11."""
        return str(self.day) if self.kind == "day" else containing(self.kind, self.day).text


def deadline_of(day: date, kind: DeadlineKind) -> Deadline:
    """A deadline by the day, or by the end of the week or month in which the day lies."""
    return Deadline(day if kind == "day" else containing(kind, day).end, kind)


def read_deadline(value: object, year: int) -> Deadline | None:
    """A cell as a deadline; a text that names no year means `year`. None if it is none."""
    if isinstance(value, datetime):
        return Deadline(value.date())
    if isinstance(value, date):
        return Deadline(value)
    if isinstance(value, int | float):
        return _of_serial(float(value))
    text = re.sub(r"\s+", "", str(value).translate(_WIDE)).rstrip("。；;")
    text, year = (text[2:], year + 1) if text.startswith("明年") else (text, year)
    if not text or text in STANDING:
        return None
    try:
        return _by_day(text, year) or _by_name(text, year)
    except ValueError:  # 2月30日
        return None


def _of_serial(number: float) -> Deadline | None:
    """A date whose cell has lost its format; 11.3 may be 11月3日 or 11月30日, and is none."""
    whole = number.is_integer() and 36_000 <= number <= 73_000
    return Deadline(date(1899, 12, 30) + timedelta(days=int(number))) if whole else None


def _by_day(text: str, year: int) -> Deadline | None:
    plain = _AT_END.sub("", text).removesuffix("日")
    if found := _FULL.fullmatch(plain):
        return Deadline(date(*(int(part) for part in found.groups())))
    given, rest = _split_year(text, year)
    if found := _DAY.fullmatch(_AT_END.sub("", rest)):
        return Deadline(date(given, int(found[1]), int(found[2])))
    return None


def _split_year(text: str, year: int) -> tuple[int, str]:
    found = re.match(r"(20\d\d)年", text)
    return (int(found[1]), text[found.end() :]) if found else (year, text)


def _by_name(text: str, year: int) -> Deadline | None:
    """A week, month, quarter, half or year by its name; the last day of it."""
    given, rest = _split_year(text, year)
    bare = _AT_END.sub("", rest)
    if bare in ("年", "当年", "本年", ""):
        return Deadline(date(given, 12, 31), "month")
    if found := _WEEK.fullmatch(bare):
        return Deadline(week(given, int(found[1])).end, "week")
    if found := _MONTH.fullmatch(bare):
        number, part = int(found[1]), found[2]
        if part in _THIRDS:
            return Deadline(date(given, number, _THIRDS[part]))
        return Deadline(month(given, number).end, "month") if 1 <= number <= 12 else None
    return _period(bare, given)


def _period(text: str, year: int) -> Deadline | None:
    for written in (text, f"{year}年{text}"):
        try:
            found: Period = parse(written)
        except Refused:
            continue
        kinds: dict[str, DeadlineKind] = {"day": "day", "week": "week"}
        return Deadline(found.end, kinds.get(found.kind, "month"))
    return None
