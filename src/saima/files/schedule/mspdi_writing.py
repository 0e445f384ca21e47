"""Write a schedule as MS Project XML (MSPDI): the plan and the dates that were calculated."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from saima.files.schedule.mspdi_reading import CONSTRAINTS, KINDS, NAMESPACE
from saima.rounding import half_up
from saima.scheduling.calendars import Exceptional, Shifts, WorkCalendar
from saima.scheduling.model import Link, Task, Uid
from saima.scheduling.network import remaining_of
from saima.scheduling.result import Schedule, TaskDates

_DAYS, _ELAPSED_DAYS = "7", "8"
_PERCENT, _ELAPSED_PERCENT = "19", "20"
_MINUTE = 60
_MIDNIGHT = 86_400


def mspdi_bytes(found: Schedule) -> bytes:
    """The XML of a schedule; the same schedule gives the same bytes."""
    return _Writer(found).bytes()


class _Writer:
    """Numbers for what MSPDI wants numbered, then the elements in the order of its schema."""

    def __init__(self, found: Schedule) -> None:
        self.found, self.project = found, found.project
        self.calendars = {key: str(n) for n, key in enumerate(self._keys(), 1)}
        self.uids = _uids(found.project.tasks)

    def _keys(self) -> list[str]:
        used = {task.calendar for task in self.project.tasks if task.calendar}
        keys = [self.project.calendar]
        keys += [k for k in self.project.calendars if k in used and k != self.project.calendar]
        return [key for key in keys if not self._elapsed(key) or key == self.project.calendar]

    def _elapsed(self, key: str) -> bool:
        week = self.project.calendars[key].week
        return bool(key) and all(shifts == ((0, _MIDNIGHT),) for shifts in week)

    def bytes(self) -> bytes:
        root = etree.Element(f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE})
        self._head(root)
        calendars = _add(root, "Calendars")
        for key, uid in self.calendars.items():
            _calendar(calendars, uid, self.project.calendars[key])
        tasks = _add(root, "Tasks")
        for number, (dates, outline) in enumerate(self._outlined()):
            self._task(tasks, number, dates, outline)
        etree.indent(root, " ")
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def _head(self, root: Any) -> None:
        project, day = self.project, self.project.day
        _texts(
            root,
            SaveVersion="14",
            Name=project.name or "saima",
            ScheduleFromStart="1",
            StartDate=_date(project.start),
            FinishDate=_date(self.found.finish),
            CriticalSlackLimit=str(project.critical_slack // day),
            CalendarUID="1",
            DefaultStartTime="08:00:00",
            DefaultFinishTime="17:00:00",
            MinutesPerDay=str(day // _MINUTE),
            MinutesPerWeek=str(5 * day // _MINUTE),
            DaysPerMonth="20",
            HonorConstraints=str(int(project.honour_constraints)),
            MultipleCriticalPaths=str(int(project.own_ends)),
        )
        if project.status:
            _texts(root, StatusDate=_date(project.status))

    def _outlined(self) -> list[tuple[TaskDates, str]]:
        """Tasks with their outline numbers, children after their summary."""
        below: dict[Uid | None, list[Task]] = {}
        for task in self.project.tasks:
            below.setdefault(task.parent, []).append(task)
        found: list[tuple[TaskDates, str]] = []
        waiting = [(t, str(n)) for n, t in enumerate(below.get(None, []), 1)][::-1]
        if len(waiting) == 1 and waiting[0][0].uid == 0:  # the summary of the project itself
            waiting = [(waiting[0][0], "0")]
        while waiting:
            task, outline = waiting.pop()
            found.append((self.found.tasks[task.uid], outline))
            prefix = "" if outline == "0" else f"{outline}."
            children = [(t, f"{prefix}{n}") for n, t in enumerate(below.get(task.uid, []), 1)]
            waiting += children[::-1]
        return found

    def _task(self, parent: Any, number: int, dates: TaskDates, outline: str) -> None:
        task = dates.task
        element = _add(parent, "Task")
        elapsed = bool(task.calendar) and self._elapsed(task.calendar)
        _texts(
            element,
            UID=str(self.uids[task.uid]),
            ID=str(
                number if self.uids[task.uid] == 0 or outline == "0" else number + self._offset()
            ),
            Name=task.name,
            IsNull="0",
            WBS=outline if self.uids[task.uid] == task.uid else str(task.uid),
            OutlineNumber=outline,
            OutlineLevel=str(0 if outline == "0" else outline.count(".") + 1),
            Start=_date(task.actual_start or dates.start),
            Finish=_date(task.actual_finish or dates.finish),
            Duration=_duration(self._length(dates)),
            DurationFormat=_ELAPSED_DAYS if elapsed else _DAYS,
            Milestone=str(int(not task.duration and not task.summary)),
            Summary=str(int(task.summary)),
            Critical=str(int(dates.critical)),
        )
        _dates(element, dates)
        self._progress(element, task, elapsed)

    def _offset(self) -> int:
        """Row numbers start at 1, after the project's own summary if there is one."""
        return 0 if 0 in self.uids.values() else 1

    def _length(self, dates: TaskDates) -> int:
        if not dates.task.summary:
            return dates.task.duration
        span = dates.early_finish - dates.early_start
        line = next(iter(self.found.net.timeline), None)
        if line is None:
            return int(span.total_seconds())
        from saima.scheduling.calendars import seconds

        ends = (line.position(seconds(at)) >> 1 for at in (dates.early_start, dates.early_finish))
        start, end = ends
        return end - start

    def _progress(self, element: Any, task: Task, elapsed: bool) -> None:
        percent = 100 if task.actual_finish else task.percent_complete
        _texts(element, PercentComplete=str(int(half_up(percent))))
        if task.actual_start:
            _texts(element, ActualStart=_date(task.actual_start))
        if task.actual_finish:
            _texts(element, ActualFinish=_date(task.actual_finish))
        if not task.summary:
            left = 0 if task.actual_finish else remaining_of(task)
            _texts(element, ActualDuration=_duration(max(task.duration - left, 0)))
            _texts(element, RemainingDuration=_duration(left))
        uid = "-1" if elapsed else self.calendars.get(task.calendar, "-1")
        kind = str(CONSTRAINTS.index(task.constraint))
        _texts(element, ConstraintType=kind, CalendarUID=uid if task.calendar else "-1")
        if task.constraint_date:
            _texts(element, ConstraintDate=_date(task.constraint_date))
        if task.deadline:
            _texts(element, Deadline=_date(task.deadline))
        for link in task.links:
            self._link(element, link)
        self._baseline(element, task)

    def _link(self, element: Any, link: Link) -> None:
        percent = link.unit in ("percent", "elapsed-percent")
        lag = link.lag if percent else link.lag / 6
        form = {
            "work": _DAYS,
            "elapsed": _ELAPSED_DAYS,
            "percent": _PERCENT,
            "elapsed-percent": _ELAPSED_PERCENT,
        }[link.unit]
        _texts(
            _add(element, "PredecessorLink"),
            PredecessorUID=str(self.uids[link.predecessor]),
            Type=str(KINDS.index(link.kind)),
            CrossProject="0",
            LinkLag=str(int(half_up(lag))),
            LagFormat=form,
        )

    def _baseline(self, element: Any, task: Task) -> None:
        if task.baseline_start is None and task.baseline_finish is None:
            return
        baseline = _add(element, "Baseline")
        _texts(baseline, Number="0")
        if task.baseline_start:
            _texts(baseline, Start=_date(task.baseline_start))
        if task.baseline_finish:
            _texts(baseline, Finish=_date(task.baseline_finish))


def _uids(tasks: tuple[Task, ...]) -> dict[Uid, int]:
    """Whole numbers as they are; other codes get the next free numbers."""
    taken = {task.uid for task in tasks if isinstance(task.uid, int)}
    free = max(taken, default=0) + 1
    found: dict[Uid, int] = {}
    for task in tasks:
        found[task.uid] = task.uid if isinstance(task.uid, int) else free
        free += not isinstance(task.uid, int)
    return found


def _dates(element: Any, dates: TaskDates) -> None:
    _texts(
        element,
        EarlyStart=_date(dates.early_start),
        EarlyFinish=_date(dates.early_finish),
        LateStart=_date(dates.late_start),
        LateFinish=_date(dates.late_finish),
        FreeSlack=str(dates.free_slack // 6),
        TotalSlack=str(dates.total_slack // 6),
    )


def _calendar(parent: Any, uid: str, calendar: WorkCalendar) -> None:
    element = _add(parent, "Calendar")
    _texts(element, UID=uid, Name=calendar.name, IsBaseCalendar="1", BaseCalendarUID="-1")
    days = _add(element, "WeekDays")
    for kind in range(1, 8):
        shifts = calendar.week[(kind + 5) % 7]
        day = _add(days, "WeekDay")
        _texts(day, DayType=str(kind), DayWorking=str(int(bool(shifts))))
        _shifts(day, shifts)
    if calendar.exceptions:
        exceptions = _add(element, "Exceptions")
        for special in calendar.exceptions:
            _exception(exceptions, special)
    if calendar.other_weeks:
        _other_weeks(_add(element, "WorkWeeks"), calendar)


def _exception(parent: Any, special: Exceptional) -> None:
    element = _add(parent, "Exception")
    _texts(element, EnteredByOccurrences="0")
    _period(element, special.first, special.last)
    count = (special.last - special.first).days + 1
    _texts(element, Occurrences=str(count), Name=special.name, Type="1")
    _texts(element, DayWorking=str(int(bool(special.shifts))))
    _shifts(element, special.shifts)


def _other_weeks(parent: Any, calendar: WorkCalendar) -> None:
    for other in calendar.other_weeks:
        element = _add(parent, "WorkWeek")
        _period(element, other.first, other.last)
        days = _add(element, "WeekDays")
        for kind in range(1, 8):
            shifts = other.week[(kind + 5) % 7]
            day = _add(days, "WeekDay")
            _texts(day, DayType=str(kind), DayWorking=str(int(bool(shifts))))
            _shifts(day, shifts)


def _period(element: Any, first: Any, last: Any) -> None:
    period = _add(element, "TimePeriod")
    _texts(period, FromDate=f"{first.isoformat()}T00:00:00", ToDate=f"{last.isoformat()}T23:59:00")


def _shifts(element: Any, shifts: Shifts) -> None:
    if not shifts:
        return
    times = _add(element, "WorkingTimes")
    for start, end in shifts:
        _texts(_add(times, "WorkingTime"), FromTime=_clock(start), ToTime=_clock(end))


def _clock(second: int) -> str:
    return f"{datetime(2000, 1, 1) + timedelta(seconds=second):%H:%M:%S}"


def _date(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _duration(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"PT{hours}H{rest // 60}M{rest % 60}S"


def _add(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")


def _texts(parent: Any, **values: str) -> None:
    for name, value in values.items():
        _add(parent, name).text = "".join(c for c in value if c.isprintable() or c in "\n\t")
