"""A project as arrays: numbered nodes in the order of their links, positions instead of dates.

A task is one node. A summary that has links, a constraint or a deadline of its own is two nodes
of no duration: one before all tasks below it, one after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from saima.problems import refuse
from saima.scheduling.calendars import ALL_DAY, Timeline, seconds
from saima.scheduling.model import Link, Project, Task, Uid
from saima.scheduling.problems import CYCLE

FAR = 1 << 60
"""Beyond every position."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A link that is more than finish to start without lag in one calendar.

    `work` is lag in the target's calendar, `clock` lag on the clock, both in seconds.
    """

    source: int
    target: int
    from_finish: bool
    to_finish: bool
    work: int
    clock: int
    across: bool


@dataclass
class Network:
    """Nodes 0..n-1. Bounds are positions on the node's own timeline; ±FAR binds nothing.

    `plain_in[i]` and `plain_out[i]` are neighbours by finish to start without lag in the same
    calendar; every other link is an Edge. `pinned` holds what has actually happened or must.
    """

    project: Project
    tasks: list[Task] = field(default_factory=list)
    node_of: dict[Uid, int] = field(default_factory=dict)
    head: dict[Uid, int] = field(default_factory=dict)
    tail: dict[Uid, int] = field(default_factory=dict)
    duration: list[int] = field(default_factory=list)
    timeline: list[Timeline] = field(default_factory=list)
    start_floor: list[int] = field(default_factory=list)
    finish_floor: list[int] = field(default_factory=list)
    start_cap: list[int] = field(default_factory=list)
    finish_cap: list[int] = field(default_factory=list)
    pinned: dict[int, Pin] = field(default_factory=dict)
    plain_in: list[list[int]] = field(default_factory=list)
    plain_out: list[list[int]] = field(default_factory=list)
    edges_in: list[list[Edge]] = field(default_factory=list)
    edges_out: list[list[Edge]] = field(default_factory=list)
    order: list[int] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.duration)


@dataclass(frozen=True, slots=True)
class Pin:
    """What outweighs the links: `early` from (start, finish, remaining), or a date that binds.

    begun: the start that happened. done: the finish that happened. resume: where remaining work
    goes on at the earliest. must_start, must_finish, start_cap, finish_cap: honoured constraints.
    """

    begun: int | None = None
    done: int | None = None
    remaining: int = 0
    resume: int = -FAR
    must_start: int | None = None
    must_finish: int | None = None
    start_cap: int = FAR
    finish_cap: int = FAR


def network(project: Project) -> Network:
    """Build the arrays. Errors: Refused (schedule-cycle) where links run in a circle.

    The project must be free of what `problems_of` finds.
    """
    net = Network(project)
    lines = _Timelines(project)
    summaries = [task for task in project.tasks if task.summary]
    for task in project.tasks:
        if not task.summary:
            net.node_of[task.uid] = _add(net, lines, task, task.duration)
    needed = _linked(project) if summaries else set()
    for task in summaries:
        if task.uid in needed:
            net.head[task.uid] = _add(net, lines, task, 0, end="start")
            net.tail[task.uid] = _add(net, lines, task, 0, end="finish")
    _join(net)
    net.order = _order(net)
    return net


class _Timelines:
    """One timeline for each calendar that is used, and the project's start on it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        dates = [project.start, *(t.constraint_date for t in project.tasks if t.constraint_date)]
        dates += [t.actual_start for t in project.tasks if t.actual_start]
        self.first, self.last = min(dates).date(), max(dates).date()
        self.known: dict[str, tuple[Timeline, int]] = {}

    def get(self, key: str) -> tuple[Timeline, int]:
        if key not in self.known:
            calendar = self.project.calendars[key or self.project.calendar]
            line = Timeline(calendar, self.first, self.last)
            self.known[key] = (line, line.position(seconds(self.project.start)))
            self.known.setdefault(key or self.project.calendar, self.known[key])
        return self.known[key]


def _add(net: Network, lines: _Timelines, task: Task, duration: int, end: str = "") -> int:
    line, start = lines.get(task.calendar if not end else "")
    node = len(net.duration)
    net.tasks.append(task)
    net.duration.append(duration)
    net.timeline.append(line)
    net.start_floor.append(start)
    net.finish_floor.append(-FAR)
    net.start_cap.append(FAR)
    net.finish_cap.append(FAR)
    net.plain_in.append([])
    net.plain_out.append([])
    net.edges_in.append([])
    net.edges_out.append([])
    if task.constraint != "ASAP" or task.deadline:
        _constrain(net, node, task, end)
    if not end and (task.actual_start or task.actual_finish):
        net.pinned[node] = _happened(net, node, task)
    elif net.project.status and not end:
        status = line.position(seconds(net.project.status))
        net.start_floor[node] = max(start, status)
    return node


def _constrain(net: Network, node: int, task: Task, end: str) -> None:
    """Put a task's constraint and deadline on its node, or on the two nodes of a summary."""
    line, kind = net.timeline[node], task.constraint
    if task.deadline and end != "start":
        net.finish_cap[node] = line.position_before(seconds(task.deadline))
    if not task.constraint_date:
        return
    opening = line.position(seconds(task.constraint_date))
    closing = line.position_before(seconds(task.constraint_date))
    honoured = net.project.honour_constraints and not end
    if kind == "SNET" and end != "finish":
        net.start_floor[node] = max(net.start_floor[node], opening)
    elif kind == "FNET" and end != "start":
        net.finish_floor[node] = closing
    elif kind in ("SNLT", "MSO") and end != "finish":
        net.start_cap[node] = opening
        if kind == "MSO":
            net.start_floor[node] = opening
        if honoured:
            must = opening if kind == "MSO" else None
            net.pinned[node] = Pin(must_start=must, start_cap=opening)
    elif kind in ("FNLT", "MFO") and end != "start":
        net.finish_cap[node] = min(net.finish_cap[node], closing)
        if kind == "MFO":
            net.finish_floor[node] = closing
        if honoured:
            must = closing if kind == "MFO" else None
            net.pinned[node] = Pin(must_finish=must, finish_cap=closing)


def remaining_of(task: Task) -> int:
    """Seconds of work that are left of a task in progress."""
    if task.remaining is not None:
        return task.remaining
    return task.duration - int(task.duration * task.percent_complete / 100)


def _happened(net: Network, node: int, task: Task) -> Pin:
    line, status = net.timeline[node], net.project.status
    begun = line.position(seconds(task.actual_start)) if task.actual_start else None
    if task.actual_finish:
        done = line.position_before(seconds(task.actual_finish))
        return Pin(begun=begun, done=done)
    resume = line.position(seconds(status)) if status else -FAR
    return Pin(begun=begun, remaining=remaining_of(task), resume=resume)


def _linked(project: Project) -> set[Uid]:
    """The summaries that need nodes of their own."""
    own = {t.uid for t in project.tasks if t.links or t.constraint != "ASAP" or t.deadline}
    return own | {link.predecessor for t in project.tasks for link in t.links}


def _join(net: Network) -> None:
    for task in net.project.tasks:
        target = net.head.get(task.uid) if task.summary else net.node_of[task.uid]
        for link in task.links:
            if target is not None:
                source = net.node_of.get(link.predecessor)
                _link(net, net.tail[link.predecessor] if source is None else source, target, link)
    if net.head:
        for uid, below in _below(net):
            _edge(
                net,
                Edge(net.head[uid], below, False, False, 0, 0, _across(net, net.head[uid], below)),
            )
            _edge(
                net,
                Edge(below, net.tail[uid], True, True, 0, 0, _across(net, net.tail[uid], below)),
            )


def _below(net: Network) -> Iterator[tuple[Uid, int]]:
    """Every summary with nodes, with the node of every task below it."""
    parents = {task.uid: task.parent for task in net.project.tasks}
    for uid, node in net.node_of.items():
        above = parents[uid]
        while above is not None:
            if above in net.head:
                yield above, node
            above = parents[above]


def _across(net: Network, one: int, other: int) -> bool:
    return net.timeline[one] is not net.timeline[other]


def _link(net: Network, source: int, target: int, link: Link) -> None:
    across = net.timeline[source] is not net.timeline[target]
    if link.kind == "FS" and not link.lag and not across:
        net.plain_in[target].append(source)
        net.plain_out[source].append(target)
        return
    lag = link.lag
    if link.unit in ("percent", "elapsed-percent"):
        lag = net.duration[source] * lag / 100
    lag = int(lag + 0.5) if lag >= 0 else -int(0.5 - lag)
    work, clock = (0, lag) if link.unit.startswith("elapsed") else (lag, 0)
    ends = (link.kind[0] == "F", link.kind[1] == "F")
    _edge(net, Edge(source, target, *ends, work, clock, across or bool(clock)))


def _edge(net: Network, edge: Edge) -> None:
    net.edges_in[edge.target].append(edge)
    net.edges_out[edge.source].append(edge)


def _order(net: Network) -> list[int]:
    """All nodes, predecessors first."""
    waiting = [len(plain) + len(edges) for plain, edges in zip(net.plain_in, net.edges_in)]
    ready = [node for node, count in enumerate(waiting) if not count]
    plain_out, edges_out = net.plain_out, net.edges_out
    for node in ready:  # grows while it is walked
        for after in plain_out[node]:
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
        for edge in edges_out[node]:
            waiting[edge.target] -= 1
            if not waiting[edge.target]:
                ready.append(edge.target)
    if len(ready) < net.size:
        raise _cycle(net, {node for node, count in enumerate(waiting) if count})
    return ready


def _cycle(net: Network, left: set[int]) -> Exception:
    """Walk back among the nodes that wait for one another until one comes again."""
    path: list[int] = []
    at = min(left)
    while at not in path:
        path.append(at)
        at = next(node for node in before(net, at) if node in left)
    circle = path[path.index(at) :]
    tasks = list(dict.fromkeys(net.tasks[node].uid for node in reversed(circle)))
    by_uid = {task.uid: task for task in net.tasks}
    members = [f"{by_uid[uid].name}（{uid}）" for uid in (*tasks, tasks[0])]
    return refuse(CYCLE, by_uid[tasks[0]].place, members=" → ".join(members))


def before(net: Network, node: int) -> Iterable[int]:
    """The nodes that a node waits for."""
    return [*net.plain_in[node], *(edge.source for edge in net.edges_in[node])]


def instant_of(moment: datetime | None) -> int | None:
    """The instant of a date that may be missing."""
    return None if moment is None else seconds(moment)


__all__ = [
    "ALL_DAY",
    "FAR",
    "Edge",
    "Network",
    "Pin",
    "before",
    "instant_of",
    "network",
    "remaining_of",
]
