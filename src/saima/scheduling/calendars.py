"""Working time: what a calendar says, and the timeline that counts it.

A position on a timeline is twice the seconds worked since its origin, plus one for the opening
of the next shift. So 17:00 and 8:00 of the next morning, between which nothing is worked, stay
apart (a finish, a start), while differences of positions count work. Instants are seconds since
1970-01-01 without a time zone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saima.problems import refuse
from saima.scheduling.problems import BEYOND, EMPTY_CALENDAR

Shift = tuple[int, int]
"""From and to, in seconds of a day; midnight at the end is 86,400."""
Shifts = tuple[Shift, ...]
Ints = NDArray[np.int64]

HOUR, WHOLE_DAY = 3600, 86_400
EIGHT_HOURS: Shifts = ((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR))
_EPOCH = datetime(1970, 1, 1)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = date(1600, 1, 1).toordinal(), date(2999, 12, 31).toordinal()
_DAYS_AROUND = (366, 4 * 366)


def seconds(moment: datetime) -> int:
    """The instant of a moment."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def moment(instant: int) -> datetime:
    """The moment of an instant."""
    return _EPOCH + timedelta(seconds=instant)


@dataclass(frozen=True)
class Exceptional:
    """Days, ends included, with shifts of their own; none: a holiday."""

    first: date
    last: date
    shifts: Shifts = ()
    name: str = ""


@dataclass(frozen=True)
class OtherWeek:
    """Days, ends included, with a week of their own."""

    first: date
    last: date
    week: tuple[Shifts, ...]


@dataclass(frozen=True)
class WorkCalendar:
    """Shifts of the seven weekdays (Monday first), then weeks and days that differ.

    An exceptional day outranks another week; what comes later outranks what comes earlier.
    """

    name: str
    week: tuple[Shifts, ...]
    exceptions: tuple[Exceptional, ...] = ()
    other_weeks: tuple[OtherWeek, ...] = ()

    def shifts(self, day: date) -> Shifts:
        """The shifts of one day."""
        for special in reversed(self.exceptions):
            if special.first <= day <= special.last:
                return special.shifts
        for other in reversed(self.other_weeks):
            if other.first <= day <= other.last:
                return other.week[day.weekday()]
        return self.week[day.weekday()]


OFFICE = WorkCalendar("标准", (EIGHT_HOURS,) * 5 + ((), ()))
ALL_DAY = WorkCalendar("全天", (((0, WHOLE_DAY),),) * 7)


def with_days(
    calendar: WorkCalendar, holidays: Iterable[date], working: Iterable[date] = ()
) -> WorkCalendar:
    """The calendar with days off, and with days worked (调休) like its first working weekday."""
    usual = next((shifts for shifts in calendar.week if shifts), EIGHT_HOURS)
    off = [Exceptional(day, day) for day in sorted(holidays)]
    on = [Exceptional(day, day, usual) for day in sorted(working)]
    exceptions = (*calendar.exceptions, *off, *on)
    return WorkCalendar(calendar.name, calendar.week, exceptions, calendar.other_weeks)


def union(name: str, calendars: list[WorkCalendar]) -> WorkCalendar:
    """Time that is worked in any of them."""
    week = tuple(_joined(c.week[day] for c in calendars) for day in range(7))
    spans = {(one.first, one.last) for c in calendars for one in c.exceptions}
    spans |= {(other.first, other.last) for c in calendars for other in c.other_weeks}
    days = sorted(
        {first + timedelta(n) for first, last in spans for n in range((last - first).days + 1)}
    )
    exceptions = (Exceptional(d, d, _joined(c.shifts(d) for c in calendars)) for d in days)
    return WorkCalendar(name, week, tuple(exceptions))


def _joined(parts: Iterable[Shifts]) -> Shifts:
    found: list[Shift] = []
    for start, end in sorted(shift for shifts in parts for shift in shifts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


class Timeline:
    """A calendar laid out in time; it grows as far as it is asked for."""

    def __init__(self, calendar: WorkCalendar, origin: date) -> None:
        """Lay out some years around a day, from whose midnight work is counted."""
        self.calendar = calendar
        day = origin.toordinal()
        self._origin = (day - _EPOCH_DAY) * WHOLE_DAY
        before, after = _DAYS_AROUND
        self._lay_out(day - before, day + after)

    def _lay_out(self, first: int, last: int) -> None:
        self._days = (max(first, _FIRST_DAY), min(last, _LAST_DAY))
        if self._days[0] >= self._days[1]:
            raise refuse(BEYOND, calendar=self.calendar.name)
        starts, ends = _intervals(self.calendar, *self._days)
        if not len(starts):
            raise refuse(EMPTY_CALENDAR, calendar=self.calendar.name)
        worked = np.concatenate(([0], np.cumsum(ends - starts)))
        before = np.minimum(ends, self._origin) - np.minimum(starts, self._origin)
        worked -= before.sum()
        self._arrays = (starts, ends, worked)
        self._reach = (int(starts[0]), int(ends[-1]), int(worked[0]), int(worked[-1]))
        self.__dict__.pop("_lists", None)

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int]]:
        """The arrays as lists: quicker to look into one by one."""
        starts, ends, worked = self._arrays
        return starts.tolist(), ends.tolist(), worked.tolist()

    def _grow(self, back: int, on: int) -> None:
        """Lay out so many days more on either side; below zero: none are needed there."""
        first, last = self._days
        if (back >= 0 and first == _FIRST_DAY) or (on >= 0 and last == _LAST_DAY):
            raise refuse(BEYOND, calendar=self.calendar.name)
        more = 366
        self._lay_out(first - back - more if back >= 0 else first, last + max(on, 0) + more)

    def _cover(self, low: int, high: int) -> None:
        while not self._reach[0] <= low or not high < self._reach[1]:
            self._grow((self._reach[0] - low) // WHOLE_DAY, (high - self._reach[1]) // WHOLE_DAY)

    def _cover_work(self, low: int, high: int) -> None:
        while not self._reach[2] < low or not high < self._reach[3]:
            days, work = self._days[1] - self._days[0], self._reach[3] - self._reach[2]
            back, on = self._reach[2] - low, high - self._reach[3]
            self._grow(back * days // work, on * days // work)

    def position(self, instant: int) -> int:
        """The first position not before an instant."""
        position, gap = self._located(instant)
        return position + gap

    def position_before(self, instant: int) -> int:
        """The last position not after an instant."""
        return self._located(instant)[0]

    def _located(self, instant: int) -> tuple[int, bool]:
        """The position at an instant; where nothing is worked, the one before, and True."""
        self._cover(instant, instant)
        starts, ends, worked = self._lists
        index = bisect_right(starts, instant) - 1
        into = instant - starts[index]
        if instant < ends[index]:
            return 2 * (worked[index] + into) + (into == 0), False
        return 2 * worked[index + 1], instant > ends[index]

    def instant(self, position: int) -> int:
        """The instant of a position: the end of a shift for an even one, an opening for an odd."""
        work = position >> 1
        self._cover_work(work, work)
        starts, _, worked = self._lists
        find = bisect_right if position & 1 else bisect_left
        index = find(worked, work) - 1
        return starts[index] + work - worked[index]

    def instants(self, positions: Ints) -> Ints:
        """The same for an array."""
        if not len(positions):
            return positions
        work = positions >> 1
        self._cover_work(int(work.min()), int(work.max()))
        starts, _, worked = self._arrays
        right = np.searchsorted(worked, work, side="right") - 1
        left = np.searchsorted(worked, work, side="left") - 1
        index = np.where(positions & 1, right, left)
        return np.asarray(starts[index] + work - worked[index])

    def positions(self, instants: Ints) -> Ints:
        """`position` for an array."""
        self._cover(int(instants.min()), int(instants.max()))
        starts, ends, worked = self._arrays
        index = np.searchsorted(starts, instants, side="right") - 1
        into = instants - starts[index]
        inside = 2 * (worked[index] + into) + (into == 0)
        after = 2 * worked[index + 1] + (instants > ends[index])
        return np.where(instants < ends[index], inside, after)


def _intervals(calendar: WorkCalendar, first: int, last: int) -> tuple[Ints, Ints]:
    """Starts and ends of all working time from day to day (ordinals), merged where it touches."""
    days = np.arange(first, last + 1, dtype=np.int64)
    patterns: list[Shifts] = list(calendar.week)
    chosen = (days + 6) % 7
    for other in calendar.other_weeks:
        span = slice(
            max(other.first.toordinal() - first, 0), max(other.last.toordinal() - first + 1, 0)
        )
        chosen[span] = (days[span] + 6) % 7 + len(patterns)
        patterns += other.week
    for special in calendar.exceptions:
        chosen[
            max(special.first.toordinal() - first, 0) : max(special.last.toordinal() - first + 1, 0)
        ] = len(patterns)
        patterns.append(special.shifts)
    midnight = (days - _EPOCH_DAY) * WHOLE_DAY
    pieces = [
        np.stack([midnight[chosen == code] + start, midnight[chosen == code] + end])
        for code, shifts in enumerate(patterns)
        for start, end in shifts
        if end > start
    ]
    return _merged(pieces)


def _merged(pieces: list[Ints]) -> tuple[Ints, Ints]:
    none = np.zeros(0, dtype=np.int64)
    if not pieces:
        return none, none
    starts, ends = np.concatenate(pieces, axis=1)
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    opens = np.concatenate(([True], starts[1:] > ends[:-1]))
    closes = np.concatenate((opens[1:], [True]))
    return starts[opens], ends[closes]
