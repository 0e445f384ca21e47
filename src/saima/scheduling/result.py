"""Schedule a project: dates, slack, what is critical, for tasks and the summaries above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np

from saima.problems import Problem, Refused
from saima.scheduling.calendars import Ints, Timeline, moment, seconds
from saima.scheduling.checks import problems_of
from saima.scheduling.driving import bounds
from saima.scheduling.engine import Dates, as_late_as_possible, earliest, latest, room_of
from saima.scheduling.model import Project, Task, Uid
from saima.scheduling.network import FAR, Network, network
from saima.scheduling.problems import OVERRULED


class TaskDates(NamedTuple):
    """When a task can and must run; slack in seconds of work of its calendar.

    `start` and `finish` are the dates to work by: the early ones, later for as late as possible.
    """

    task: Task
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    start: datetime
    finish: datetime
    total_slack: int
    free_slack: int
    critical: bool


@dataclass(frozen=True)
class Schedule:
    """A project with its network and both passes, as arrays by node; dates are made on demand.

    `finish` is the instant at which the last task ends at the earliest.
    """

    project: Project
    net: Network
    early: Dates
    late: Dates
    ends: list[int]
    finish: datetime

    @cached_property
    def total_slack(self) -> Ints:
        """Seconds of work by node: the lesser of the slack of start and finish."""
        starts = np.array(self.late[0]) // 2 - np.array(self.early[0]) // 2
        finishes = np.array(self.late[1]) // 2 - np.array(self.early[1]) // 2
        begun = [n for n, pin in self.net.pinned.items() if pin.begun is not None]
        starts[begun] = finishes[begun]
        return np.asarray(np.minimum(starts, finishes))

    @cached_property
    def free_slack(self) -> Ints:
        """Seconds of work by node to the next successor or the end; never below zero."""
        return np.maximum(_rooms(self.net, self.early, self.ends), 0)

    @cached_property
    def critical(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """By node; what is finished is not critical any more."""
        found = self.total_slack <= self.project.critical_slack
        found[[n for n, pin in self.net.pinned.items() if pin.done is not None]] = False
        return np.asarray(found)

    @cached_property
    def tasks(self) -> dict[Uid, TaskDates]:
        """The dates of every task, summaries too, in the order of the project."""
        return {dates.task.uid: dates for dates in _dates(self)}

    @property
    def problems(self) -> list[Problem]:
        """Constraints that were kept against links."""
        return list(_overruled(self))


def schedule(project: Project) -> Schedule:
    """Calculate the network of a project. Errors: Refused with the first thing that is wrong."""
    if problems := problems_of(project):
        raise Refused(problems[0])
    net = network(project)
    early = earliest(net)
    finish = _finish(net, early)
    ends = _ends(net, early, finish)
    return Schedule(project, net, early, latest(net, early, ends), ends, moment(finish))


def _rooms(net: Network, early: Dates, ends: list[int]) -> Ints:
    """`engine.room_of` for all nodes at once; only links across calendars go one by one."""
    starts, finishes = (np.array(positions, dtype=np.int64) >> 1 for positions in early)
    room = (np.array(ends, dtype=np.int64) >> 1) - finishes
    counts = np.array([len(targets) for targets in net.plain_out], dtype=np.int64)
    sources = np.repeat(np.arange(net.size), counts)
    targets = np.fromiter(chain.from_iterable(net.plain_out), np.int64, int(counts.sum()))
    np.minimum.at(room, sources, starts[targets] - finishes[sources])
    edges = np.fromiter(chain.from_iterable(chain.from_iterable(net.edges_out)), np.int64)
    source, target, from_finish, to_finish, work, _clock, across = edges.reshape(-1, 7).T
    latest = np.where(to_finish, finishes[target], starts[target]) - work
    own = np.where(from_finish, finishes[source], starts[source])
    np.minimum.at(room, source, np.where(across, FAR, latest - own))
    for node in set(source[across > 0].tolist()):
        room[node] = min(int(room[node]), room_of(net, node, early, ends))
    return room


def _finish(net: Network, early: Dates) -> int:
    """The instant of the last finish of a task."""
    last: dict[int, tuple[Timeline, int]] = {}
    for line, at in zip(net.timeline[: len(net.node_of)], early[1]):
        if id(line) not in last or at > last[id(line)][1]:
            last[id(line)] = (line, at)
    if not last:
        return seconds(net.project.start)
    return max(line.instant(at) for line, at in last.values())


def _ends(net: Network, early: Dates, finish: int) -> list[int]:
    """Where every node must have finished: with the project, or at its own end."""
    if net.project.own_ends:
        linked = [bool(p or e) for p, e in zip(net.plain_out, net.edges_out)]
        return [FAR if later else at for later, at in zip(linked, early[1])]
    at = {id(line): line.position_before(finish) for line in set(net.timeline)}
    return [at[id(line)] for line in net.timeline]


def _instants(net: Network, positions: list[int]) -> Ints:
    """Instants by node, one timeline after the other."""
    out = np.zeros(len(positions), dtype=np.int64)
    at = np.array(positions, dtype=np.int64)
    of = np.array([id(line) for line in net.timeline], dtype=np.int64)
    for line in set(net.timeline):
        chosen = of == id(line)
        out[chosen] = line.instants(at[chosen])
    return out


def _dates(found: Schedule) -> Iterator[TaskDates]:
    net = found.net
    by_hand = as_late_as_possible(net, found.early, found.ends)
    late = [_shown(net, found.early[end], found.late[end], end == 1) for end in (0, 1)]
    ends = (*found.early, *late, *by_hand)
    columns = [_instants(net, positions) for positions in ends]
    moments = [column.astype("datetime64[s]").tolist() for column in columns]
    total, free = found.total_slack.tolist(), found.free_slack.tolist()
    critical = found.critical.tolist()
    rows = map(TaskDates, net.tasks, *moments, total, free, critical)
    leaves = dict(zip(net.node_of, rows))
    above = _summaries(found, leaves)
    for task in found.project.tasks:
        yield above[task.uid] if task.summary else leaves[task.uid]


def _shown(net: Network, early: list[int], late: list[int], finish: bool) -> list[int]:
    """Late positions as dates: without slack the early ones; else work ends with a shift."""
    return [
        one if one >> 1 == other >> 1 else (other & ~1 if finish and work else other)
        for one, other, work in zip(early, late, net.duration)
    ]


def _summaries(found: Schedule, leaves: dict[Uid, TaskDates]) -> dict[Uid, TaskDates]:
    """The dates of summaries: from the first to the last of what stands below."""
    parents = {task.uid: task.parent for task in found.project.tasks}
    below: dict[Uid, list[TaskDates]] = {t.uid: [] for t in found.project.tasks if t.summary}
    for uid, dates in leaves.items():
        above = parents[uid]
        while above is not None:
            if above in below:
                below[above].append(dates)
            above = parents[above]
    own = found.project.calendars[found.project.calendar]
    line = Timeline(own, found.project.start.date())
    return {t.uid: _summary(found, t, below[t.uid], line) for t in found.project.tasks if t.summary}


def _summary(found: Schedule, task: Task, below: list[TaskDates], line: Timeline) -> TaskDates:
    if not below:
        start = found.project.start
        return TaskDates(task, start, start, start, start, start, start, 0, 0, False)
    starts = [min(getattr(d, end) for d in below) for end in ("early_start", "late_start", "start")]
    ends = [
        max(getattr(d, end) for d in below) for end in ("early_finish", "late_finish", "finish")
    ]
    first = _between(line, starts[0], starts[1])
    last = _between(line, ends[0], ends[1])
    total = min(first, last)
    tail = found.net.tail.get(task.uid)
    linked = tail is not None and (found.net.plain_out[tail] or found.net.edges_out[tail])
    free = int(found.free_slack[tail]) if linked else _between(line, ends[0], found.finish)
    critical = total <= found.project.critical_slack and any(d.critical for d in below)
    dates = (starts[0], ends[0], starts[1], ends[1], starts[2], ends[2])
    return TaskDates(task, *dates, total, max(min(free, total), 0), critical)


def _between(line: Timeline, one: datetime, other: datetime) -> int:
    """Work from one moment to another, negative where the other comes first."""
    return (line.position(seconds(other)) >> 1) - (line.position(seconds(one)) >> 1)


def _overruled(found: Schedule) -> Iterator[Problem]:
    net = found.net
    for node, pin in net.pinned.items():
        if pin.begun is not None or pin.done is not None:
            continue
        start, finish = bounds(found, node).dates
        if (start >> 1) > (found.early[0][node] >> 1):
            own = net.tasks[node]
            dates = net.timeline[node].instants(np.array([start, finish, *_at(found, node)]))
            which = (0, 2) if pin.start_cap < FAR or pin.must_start is not None else (1, 3)
            links, date = (f"{moment(int(dates[i])):%Y-%m-%d}" for i in which)
            end = "开始" if which[0] == 0 else "完成"
            values = {"name": own.name, "end": end, "links": links, "date": date}
            yield Problem(OVERRULED, own.place, values)


def _at(found: Schedule, node: int) -> tuple[int, int]:
    return found.early[0][node], found.early[1][node]
