"""The slow, obvious schedule: it walks the calendar hour by hour and knows no positions.

For tasks without progress and summaries, in calendars of whole hours. The fast engine must equal
it on every generated network.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from saima.scheduling import Link, Project, Task, WorkCalendar

HOUR = timedelta(hours=1)
Pair = tuple[datetime, datetime]


class Clock:
    """A calendar that is asked about one hour at a time."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar

    def works(self, hour: datetime) -> bool:
        """Is the hour that begins here worked?"""
        at = hour.hour * 3600
        return any(start <= at < end for start, end in self.calendar.shifts(hour.date()))

    def opening(self, at: datetime) -> datetime:
        while not self.works(at):
            at += HOUR
        return at

    def closing(self, at: datetime) -> datetime:
        while not self.works(at - HOUR):
            at -= HOUR
        return at

    def touches(self, at: datetime) -> bool:
        return self.works(at) or self.works(at - HOUR)

    def after(self, at: datetime) -> datetime:
        """The first moment from here that touches work."""
        return at if self.touches(at) else self.opening(at)

    def before(self, at: datetime) -> datetime:
        return at if self.touches(at) else self.closing(at)

    def on(self, at: datetime, hours: int) -> datetime:
        """The end of so many worked hours from here."""
        for _ in range(hours):
            at = self.opening(at) + HOUR
        return at

    def back(self, at: datetime, hours: int) -> datetime:
        """The beginning of so many worked hours up to here."""
        for _ in range(hours):
            at = self.closing(at) - HOUR
        return at

    def between(self, one: datetime, other: datetime) -> int:
        """Hours worked from one moment to another; negative the other way round."""
        if other < one:
            return -self.between(other, one)
        count = 0
        while one < other:
            count += self.works(one)
            one += HOUR
        return count


class SlowSchedule:
    """Early and late dates and slack (in hours) by task, by definition."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tasks = {task.uid: task for task in project.tasks}
        self.early: dict[object, Pair] = {}
        for task in project.tasks:
            self._early(task)
        self.finish = max(finish for _, finish in self.early.values())
        self.late: dict[object, Pair] = {}
        for task in project.tasks:
            self._late(task)

    def clock(self, task: Task) -> Clock:
        return Clock(self.project.calendars[task.calendar or self.project.calendar])

    def lag(self, link: Link) -> tuple[int, int]:
        """Hours of work, hours of the clock."""
        hours = link.lag / 3600
        if "percent" in link.unit:
            hours = self.tasks[link.predecessor].duration / 3600 * link.lag / 100
        assert hours == int(hours), "the slow schedule counts whole hours"
        return (0, int(hours)) if "elapsed" in link.unit else (int(hours), 0)

    def _early(self, task: Task) -> Pair:
        if task.uid not in self.early:
            self.early[task.uid] = self._place_early(task)
        return self.early[task.uid]

    def _place_early(self, task: Task) -> Pair:
        clock, hours = self.clock(task), task.duration // 3600
        starts, ends = [clock.after(self.project.start)], []
        for link in task.links:
            at = self._bound_after(link, clock)
            (ends if link.kind[1] == "F" else starts).append(at)
        date, kind = task.constraint_date, task.constraint
        if kind in ("SNET", "MSO"):
            starts.append(clock.after(date))
        if kind in ("FNET", "MFO"):
            ends.append(clock.before(date))
        if kind == "MSO":
            starts = [clock.after(date)]
        start, finish = self._placed(clock, starts, ends, hours)
        if self.project.honour_constraints and kind in ("SNLT", "FNLT", "MSO", "MFO"):
            return self._kept(clock, kind, date, hours, start, finish)
        if kind == "MSO":
            return self._placed(
                clock, [clock.after(date), *self._other_starts(task, clock)], ends, hours
            )
        return start, finish

    def _other_starts(self, task: Task, clock: Clock) -> list[datetime]:
        return [self._bound_after(k, clock) for k in task.links if k.kind[1] == "S"]

    def _placed(
        self, clock: Clock, starts: list[datetime], ends: list[datetime], hours: int
    ) -> Pair:
        if not hours:
            at = max([*starts, *ends])
            return at, at
        start = clock.opening(max(starts))
        finish = clock.on(start, hours)
        if ends and max(ends) > finish:
            finish = max(ends)
            start = clock.back(finish, hours)
        return start, finish

    def _kept(
        self, clock: Clock, kind: str, date: datetime, hours: int, start: datetime, finish: datetime
    ) -> Pair:
        """A date that binds, whatever the links say."""
        opening, closing = clock.after(date), clock.before(date)
        if kind == "MSO" or (kind == "SNLT" and start > opening):
            begin = clock.opening(opening) if hours else opening
            return opening, clock.on(begin, hours)
        if (kind == "MFO" and finish != closing) or (kind == "FNLT" and finish > closing):
            return (clock.back(closing, hours), closing)
        return start, finish

    def _bound_after(self, link: Link, clock: Clock) -> datetime:
        before = self.tasks[link.predecessor]
        work, elapsed = self.lag(link)
        at = clock.after(self._early(before)[link.kind[0] == "F"] + elapsed * HOUR)
        if work > 0:
            return clock.on(at, work)
        if work < 0:
            at = clock.back(at, -work)
            return clock.closing(at) if link.kind[1] == "F" else at
        return at

    def _late(self, task: Task) -> Pair:
        if task.uid not in self.late:
            self.late[task.uid] = self._place_late(task)
        return self.late[task.uid]

    def _place_late(self, task: Task) -> Pair:
        clock, hours = self.clock(task), task.duration // 3600
        ends, starts = [clock.before(self.finish)], []
        for other in self.project.tasks:
            for link in other.links:
                if link.predecessor == task.uid:
                    at = self._bound_before(link, other, clock)
                    (ends if link.kind[0] == "F" else starts).append(at)
        if task.deadline:
            ends.append(clock.before(task.deadline))
        if task.constraint in ("SNLT", "MSO"):
            starts.append(clock.after(task.constraint_date))
        if task.constraint in ("FNLT", "MFO"):
            ends.append(clock.before(task.constraint_date))
        if not hours:
            at = min([*starts, *ends])
            return at, at
        finish = min(ends)
        start = clock.back(finish, hours)
        if starts and min(starts) < start:
            start = min(starts)
            finish = min(finish, clock.opening(clock.on(start, hours)))
        return start, finish

    def _bound_before(self, link: Link, other: Task, clock: Clock) -> datetime:
        own = self.clock(other)
        work, elapsed = self.lag(link)
        at = self._late(other)[link.kind[1] == "F"]
        if work > 0:
            at = own.back(at, work)
            at = own.closing(at) if link.kind[0] == "F" else at
        elif work < 0:
            at = own.on(at, -work)
        return clock.before(at - elapsed * HOUR)

    def slack(self, task: Task) -> int:
        clock = self.clock(task)
        early, late = self.early[task.uid], self.late[task.uid]
        return min(clock.between(one, other) for one, other in zip(early, late))
