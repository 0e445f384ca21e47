"""Periods of time and the campaign's clock: what a figure speaks of, and how much time has gone.

Grammar (docs/reference/periods.md), canonical text first: day `2026-07-15`, ten-day 旬
`2026-07-T1`, ISO week `2026-W30`, month `2026-07`, two months `2026-B4`, quarter `2026-Q3`, half
`2026-H2`, year `2026`, range `2026-01..2026-02`, day N of a campaign `D37` (`D0` is the opening
balance). Chinese forms are read too: 2026年7月上旬, 三季度, 1—9月, 全年, 第37天, 期初.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from saima.problems import declare, refuse

Kind = Literal["day", "ten_day", "week", "month", "two_months", "quarter", "half", "year", "range"]
PaceBase = Literal["linear-month", "linear-day", "own-plan"]

ONE_DAY = timedelta(days=1)
_MONTHS_OF: dict[str, int] = {"month": 1, "two_months": 2, "quarter": 3, "half": 6, "year": 12}

declare(
    "unknown-period",
    "看不懂期间“{text}”。",
    "请写成 2026-09、2026-Q3、2026-07-T1（上旬）、2026-01..2026-09 或 2026年9月 的形式。",
    "the period “{text}” is not understood.",
    "Write 2026-09, 2026-Q3, 2026-07-T1, 2026-01..2026-09 or D37.",
)
declare(
    "period-needs-clock",
    "期间“{text}”要知道攻坚行动的起止时间才能确定。",
    "请写明年份或完整日期。",
    "the period “{text}” needs the campaign's clock.",
    "Write the year or the full date.",
)


@dataclass(frozen=True, order=True)
class Period:
    """A span of days, ends included. Ordered by its end, then its start."""

    end: date
    start: date
    kind: Kind

    def __str__(self) -> str:
        return self.text

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def text(self) -> str:
        """The canonical text, which `parse` reads back."""
        return _canonical(self)

    def label(self, language: str = "zh") -> str:
        """The period as people write it: 2026年9月."""
        return _label_zh(self) if language == "zh" else self.text

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end


def last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months(kind: Kind, year: int, index: int) -> Period:
    """The index-th (from 1) month, two months, quarter or half of a calendar year."""
    size = _MONTHS_OF[kind]
    first = (index - 1) * size + 1
    return Period(last_of_month(year, first + size - 1), date(year, first, 1), kind)


def month(year: int, number: int) -> Period:
    return _months("month", year, number)


def ten_day(year: int, number: int, third: int) -> Period:
    """上旬, 中旬 or 下旬 (third 1–3) of a month."""
    start = date(year, number, (1, 11, 21)[third - 1])
    end = last_of_month(year, number) if third == 3 else start + timedelta(days=9)
    return Period(end, start, "ten_day")


def week(year: int, number: int) -> Period:
    """ISO 8601 week, Monday to Sunday."""
    start = date.fromisocalendar(year, number, 1)
    return Period(start + timedelta(days=6), start, "week")


def day(value: date) -> Period:
    return Period(value, value, "day")


def span(first: Period, last: Period) -> Period:
    """The range from the start of one period to the end of another (its kind, if it is one)."""
    return _named(first.start, last.end)


def _named(start: date, end: date) -> Period:
    for kind in ("month", "two_months", "quarter", "half", "year"):
        size = _MONTHS_OF[kind]
        if start.day == 1 and (start.month - 1) % size == 0:
            whole = _months(kind, start.year, (start.month - 1) // size + 1)
            if whole.end == end:
                return whole
    return Period(end, start, "range" if start != end else "day")


def containing(kind: Kind, moment: date) -> Period:
    """The period of a kind (not range) in which a day lies."""
    if kind == "day":
        return day(moment)
    if kind == "ten_day":
        return ten_day(moment.year, moment.month, min(3, (moment.day - 1) // 10 + 1))
    if kind == "week":
        iso = moment.isocalendar()
        return week(iso.year, iso.week)
    return _months(kind, moment.year, (moment.month - 1) // _MONTHS_OF[kind] + 1)


def previous(period: Period) -> Period:
    """The period of the same kind just before (a range: the same number of days before)."""
    if period.kind == "range":
        return _named(period.start - timedelta(days=period.days), period.start - ONE_DAY)
    return containing(period.kind, period.start - ONE_DAY)


def a_year_before(moment: date) -> date:
    """The same day a year ago; a month's last day stays a month's last day."""
    if moment == last_of_month(moment.year, moment.month):
        return last_of_month(moment.year - 1, moment.month)
    return moment.replace(year=moment.year - 1)


def same_period_last_year(period: Period) -> Period:
    """上年同期. Weeks keep their ISO number (week 53 falls back to 52)."""
    if period.kind == "week":
        iso = period.start.isocalendar()
        last = date(iso.year - 1, 12, 28).isocalendar().week
        return week(iso.year - 1, min(iso.week, last))
    return Period(a_year_before(period.end), a_year_before_start(period.start), period.kind)


def a_year_before_start(moment: date) -> date:
    return moment.replace(
        year=moment.year - 1, day=min(moment.day, 28 if moment.month == 2 else 31)
    )


def add_months(moment: date, months: int) -> date:
    """The same day some months later, the month's last day at most."""
    index = moment.year * 12 + moment.month - 1 + months
    year, number = divmod(index, 12)
    return date(year, number + 1, min(moment.day, monthrange(year, number + 1)[1]))


@dataclass(frozen=True)
class Clock:
    """When a campaign runs and over what a year-to-date figure accumulates.

    kind: `natural_year` (1 Jan to 31 Dec), `assessment_year` (twelve months from the first of
    another month, such as December to November) or `days` (N days from a date, day 1 first).
    A campaign may span several years: figures accumulate anew in each.
    joint: month spans that are reported together, such as (1, 2) for January–February; the
    months inside that are not the last have no figures of their own.
    """

    kind: Literal["natural_year", "assessment_year", "days"]
    start: date
    end: date
    joint: tuple[tuple[int, int], ...] = ()

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def window(self, moment: date) -> Period:
        """The span over which figures accumulate at a day: the year, or the whole N days."""
        return _window(self, moment)

    def day_number(self, moment: date) -> int:
        """Day N of the campaign; day 0 is the day before it starts."""
        return (moment - self.start).days + 1

    def inside_joint(self, period: Period) -> bool:
        """True for a month reported only together with later ones (January, where 1–2 are joint)."""
        return any(a <= period.end.month < b for a, b in self.joint) and period.days <= 31

    def pace(
        self, moment: date, base: Literal["linear-month", "linear-day"]
    ) -> tuple[float, float]:
        """序时进度 at the end of a day, as (elapsed, whole): 9 of 12 months, 273 of 365 days.

        Inside a month, linear-month counts the day over the month's days.
        """
        window = self.window(moment)
        moment = min(moment, window.end)
        if base == "linear-day":
            return float((moment - window.start).days + 1), float(window.days)
        return _months_between(window.start, moment), _months_between(window.start, window.end)

    def periods(self, kind: Kind) -> Iterator[Period]:
        """The periods of a kind in the campaign, in order; months inside a joint span left out."""
        current = containing(kind, self.start)
        while current.start <= self.end:
            if not self.inside_joint(current):
                yield current
            current = containing(kind, current.end + ONE_DAY)


@lru_cache(maxsize=4096)  # asked for again and again, for the few days of a campaign
def _window(clock: Clock, moment: date) -> Period:
    if clock.kind == "days":
        return Period(clock.end, clock.start, "range")
    before = (moment.month - clock.start.month) % 12
    start = add_months(moment.replace(day=1), -before)
    return _named(start, add_months(start, 12) - ONE_DAY)


def _months_between(start: date, moment: date) -> float:
    whole = (moment.year - start.year) * 12 + moment.month - start.month
    since = moment.day - start.day + 1
    return whole + since / monthrange(moment.year, moment.month)[1]


# --- reading ------------------------------------------------------------------------------------

_DIGITS = str.maketrans("０１２３４５６７８９－～．／", "0123456789-~./")
_CHINESE_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_THIRDS = {"上": 1, "中": 2, "下": 3}

_Reader = Callable[[re.Match[str]], Period]


def _int(match: re.Match[str], group: str) -> int:
    return int(match[group])


_FORMS: tuple[tuple[str, _Reader], ...] = (
    (r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?", lambda m: day(
        date(_int(m, "y"), _int(m, "m"), _int(m, "d")))),
    (r"(?P<y>\d{4})[-年](?P<m>\d{1,2})(?:-T|月)(?P<t>[123上中下])旬?", lambda m: ten_day(
        _int(m, "y"), _int(m, "m"), _THIRDS.get(m["t"], 0) or _int(m, "t"))),
    (r"(?P<y>\d{4})-?(?:W|年第?)(?P<w>\d{1,2})周?", lambda m: week(_int(m, "y"), _int(m, "w"))),
    (r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})月?", lambda m: month(_int(m, "y"), _int(m, "m"))),
    (r"(?P<y>\d{4})-B(?P<b>[1-6])", lambda m: _months("two_months", _int(m, "y"), _int(m, "b"))),
    (r"(?P<y>\d{4})(?:-?Q|年第?)(?P<q>[1-4一二三四])季?度?", lambda m: _months(
        "quarter", _int(m, "y"), int(_CHINESE_DIGITS.get(m["q"], m["q"])))),
    (r"(?P<y>\d{4})(?:-?H|年)(?P<h>[12上下])(?:半年)?", lambda m: _months(
        "half", _int(m, "y"), 1 if m["h"] in "1上" else 2)),
    (r"(?P<y>\d{4})年?(?:全年|度)?", lambda m: _months("year", _int(m, "y"), 1)),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern + r"\Z"), read) for pattern, read in _FORMS)
_WITHOUT_YEAR = re.compile(r"(\d{1,2}月|第?[1-4一二三四]季度|[上下]半年|第\d{1,2}周)")


@lru_cache(maxsize=4096)
def parse(text: str, clock: Clock | None = None) -> Period:
    """Read a period; forms without a year (9月, 三季度, 全年, D37, 期初) need the clock.

    Errors: Refused with code `unknown-period` or `period-needs-clock`.
    """
    plain = text.strip().translate(_DIGITS).replace(" ", "")
    found = _by_clock(plain, clock) or _range(plain, clock) or _absolute(plain)
    if found is None and _WITHOUT_YEAR.match(plain):
        if clock is None:
            raise refuse("period-needs-clock", text=text)
        found = _in_clock(plain, clock)
    if found is None:
        raise refuse("unknown-period", text=text)
    return found


def _absolute(plain: str) -> Period | None:
    for pattern, read in _COMPILED:
        match = pattern.match(plain)
        if match:
            try:
                return read(match)
            except (ValueError, IndexError, KeyError):
                return None
    return None


def _by_clock(plain: str, clock: Clock | None) -> Period | None:
    match = re.fullmatch(r"(?:D|第)(\d{1,4})天?", plain)
    if not match and plain not in ("全年", "年度", "期初", "全程"):
        return None
    if clock is None:
        raise refuse("period-needs-clock", text=plain)
    if match:
        return day(clock.start + timedelta(days=int(match[1]) - 1))
    window = clock.window(clock.start)
    return day(window.start - ONE_DAY) if plain == "期初" else window


def _range(plain: str, clock: Clock | None) -> Period | None:
    match = re.fullmatch(r"(.+?)(?:\.\.|~|—+|－|至|到)(.+)", plain) or re.fullmatch(
        r"((?:\d{4}年)?\d{1,2}月?)-(\d{1,2}月)", plain
    )
    if not match:
        return None
    first, last = match[1], match[2]
    year = re.match(r"\d{4}年", first)
    if re.fullmatch(r"(\d{4}年)?\d{1,2}", first) and last.endswith("月"):
        first += "月"
    if year and re.fullmatch(r"\d{1,2}月", last):
        last = year[0] + last
    start, end = parse(first, clock), parse(last, clock)
    return span(start, end) if start.start <= end.end else None


def _in_clock(plain: str, clock: Clock) -> Period | None:
    """The first period of that name that lies in the campaign (or its first year)."""
    for year in (clock.start.year, clock.start.year + 1):
        found = _absolute(f"{year}年{plain}")
        if found is not None and clock.start <= found.end <= max(
            clock.end, clock.window(clock.start).end
        ):
            return found
    return None


def _canonical(period: Period) -> str:
    start = period.start
    match period.kind:
        case "day":
            return start.isoformat()
        case "ten_day":
            return f"{start:%Y-%m}-T{min(3, start.day // 10 + 1)}"
        case "week":
            iso = start.isocalendar()
            return f"{iso.year}-W{iso.week:02d}"
        case "month":
            return f"{start:%Y-%m}"
        case "year":
            return f"{start:%Y}"
        case "range":
            return _range_text(period)
    letter = {"two_months": "B", "quarter": "Q", "half": "H"}[period.kind]
    return f"{start.year}-{letter}{(start.month - 1) // _MONTHS_OF[period.kind] + 1}"


def _range_text(period: Period) -> str:
    start, end = period.start, period.end
    if start.day == 1 and end == last_of_month(end.year, end.month):
        return f"{start:%Y-%m}..{end:%Y-%m}"
    return f"{start.isoformat()}..{end.isoformat()}"


def _label_zh(period: Period) -> str:
    start, end = period.start, period.end
    index = (start.month - 1) // _MONTHS_OF.get(period.kind, 1)
    match period.kind:
        case "day":
            return f"{start.year}年{start.month}月{start.day}日"
        case "ten_day":
            return f"{start.year}年{start.month}月{'上中下'[min(2, start.day // 10)]}旬"
        case "week":
            iso = start.isocalendar()
            return f"{iso.year}年第{iso.week}周"
        case "month":
            return f"{start.year}年{start.month}月"
        case "quarter":
            return f"{start.year}年{'一二三四'[index]}季度"
        case "half":
            return f"{start.year}年{'上下'[index]}半年"
        case "year":
            return f"{start.year}年"
    if start.day == 1 and end == last_of_month(end.year, end.month):
        year = "" if end.year == start.year else f"{end.year}年"
        return f"{start.year}年{start.month}—{year}{end.month}月"
    return f"{_label_zh(day(start))}至{_label_zh(day(end))}"


def to_date(period: Period, clock: Clock) -> Period:
    """The span from the start of the accumulation window to the period's end (1—9月)."""
    return _named(clock.window(period.end).start, period.end)
