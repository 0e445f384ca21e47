"""A project as arrays: numbered nodes in the order of their links, positions instead of dates.

A task is one node. A summary that has links, a constraint or a deadline of its own is two nodes
of no duration: one before all tasks below it, one after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from saima.problems import refuse
from saima.scheduling.calendars import Timeline, seconds
from saima.scheduling.model import Link, Project, Task, Uid
from saima.scheduling.problems import CYCLE

FAR = 1 << 60
"""Beyond every position."""


class Edge(NamedTuple):
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
    calendar; every other link is an Edge, by its target and by its source. `pinned` holds what has
    happened and dates that bind. Tasks come first, then the nodes of summaries.
    """

    project: Project
    tasks: list[Task]
    node_of: dict[Uid, int]
    duration: list[int]
    timeline: list[Timeline]
    start_floor: list[int]
    finish_floor: list[int]
    start_cap: list[int]
    finish_cap: list[int]
    head: dict[Uid, int] = field(default_factory=dict)
    tail: dict[Uid, int] = field(default_factory=dict)
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
    tasks = [task for task in project.tasks if not task.summary]
    count = len(tasks)
    needed = _linked(project) if count < len(project.tasks) else set()
    above = [task for task in project.tasks if task.summary and task.uid in needed]
    net = _arrays(project, tasks + [task for task in above for _ in (0, 1)], count)
    net.head = {task.uid: count + 2 * at for at, task in enumerate(above)}
    net.tail = {uid: node + 1 for uid, node in net.head.items()}
    _bind(net, count)
    _join(net)
    net.order = _order(net)
    return net


def _arrays(project: Project, tasks: list[Task], count: int) -> Network:
    """All nodes without links; `count` of them are tasks, the others ends of summaries."""
    lines, size = _Timelines(project), len(tasks)
    line, start = lines.get("")
    timeline, floor = [line] * size, [start] * size
    for node, task in enumerate(tasks[:count]):
        if task.calendar:
            timeline[node], floor[node] = lines.get(task.calendar)
    return Network(
        project,
        tasks,
        node_of={task.uid: node for node, task in enumerate(tasks[:count])},
        duration=[task.duration for task in tasks[:count]] + [0] * (size - count),
        timeline=timeline,
        start_floor=floor,
        finish_floor=[-FAR] * size,
        start_cap=[FAR] * size,
        finish_cap=[FAR] * size,
        plain_in=[[] for _ in range(size)],
        plain_out=[[] for _ in range(size)],
        edges_in=[[] for _ in range(size)],
        edges_out=[[] for _ in range(size)],
    )


def _bind(net: Network, count: int) -> None:
    """Constraints, deadlines, what has happened, and the day to which that is known."""
    status = net.project.status
    for node, task in enumerate(net.tasks):
        end = "" if node < count else ("start" if (node - count) % 2 == 0 else "finish")
        if task.constraint != "ASAP" or task.deadline:
            _constrain(net, node, task, end)
        if not end and (task.actual_start or task.actual_finish):
            net.pinned[node] = _happened(net, node, task)
        elif status and not end:
            now = net.timeline[node].position(seconds(status))
            net.start_floor[node] = max(net.start_floor[node], now)


class _Timelines:
    """One timeline for each calendar that is used, and the project's start on it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.known: dict[str, tuple[Timeline, int]] = {}

    def get(self, key: str) -> tuple[Timeline, int]:
        if key not in self.known:
            calendar = self.project.calendars[key or self.project.calendar]
            line = Timeline(calendar, self.project.start.date())
            self.known[key] = (line, line.position(seconds(self.project.start)))
            self.known.setdefault(key or self.project.calendar, self.known[key])
        return self.known[key]


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
    node_of, timeline = net.node_of, net.timeline
    plain_in, plain_out = net.plain_in, net.plain_out
    for task in net.project.tasks:
        if not task.links:
            continue
        target = net.head[task.uid] if task.summary else node_of[task.uid]
        for link in task.links:
            source = node_of.get(link.predecessor, -1)
            if source < 0:
                source = net.tail[link.predecessor]
            across = timeline[source] is not timeline[target]
            if link.kind == "FS" and not link.lag and not across:
                plain_in[target].append(source)
                plain_out[source].append(target)
            else:
                _edge(net, _link(net, source, target, link, across))
    for uid, below in _below(net) if net.head else ():
        head, tail = net.head[uid], net.tail[uid]
        across = timeline[head] is not timeline[below]
        _edge(net, Edge(head, below, False, False, 0, 0, across))
        _edge(net, Edge(below, tail, True, True, 0, 0, across))


def _below(net: Network) -> Iterator[tuple[Uid, int]]:
    """Every summary with nodes, with the node of every task below it."""
    parents = {task.uid: task.parent for task in net.project.tasks}
    for uid, node in net.node_of.items():
        above = parents[uid]
        while above is not None:
            if above in net.head:
                yield above, node
            above = parents[above]


_ENDS = {"FS": (True, False), "SS": (False, False), "FF": (True, True), "SF": (False, True)}


def _link(net: Network, source: int, target: int, link: Link, across: bool) -> Edge:
    lag, clock = link.lag, 0
    from_finish, to_finish = _ENDS[link.kind]
    if lag and (link.unit != "work" or type(lag) is not int):
        if link.unit in ("percent", "elapsed-percent"):
            lag = net.duration[source] * lag / 100
        lag = int(lag + 0.5) if lag >= 0 else -int(0.5 - lag)
        clock = lag if link.unit in ("elapsed", "elapsed-percent") else 0
        across = across or bool(clock)
    return _new(Edge, (source, target, from_finish, to_finish, lag - clock, clock, across))


_new = tuple.__new__  # a third of the time of Edge(...), for thousands of links


def _edge(net: Network, edge: Edge) -> None:
    net.edges_in[edge[1]].append(edge)
    net.edges_out[edge[0]].append(edge)


def _order(net: Network) -> list[int]:
    """All nodes, predecessors first."""
    plain_out, edges_out = net.plain_out, net.edges_out
    waiting = [len(plain) + len(edges) for plain, edges in zip(net.plain_in, net.edges_in)]
    ready = [node for node, count in enumerate(waiting) if not count]
    for node in ready:  # grows while it is walked
        for after in plain_out[node]:
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
        for edge in edges_out[node]:
            after = edge[1]
            waiting[after] -= 1
            if not waiting[after]:
                ready.append(after)
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
    circle = path[path.index(at) :][::-1]
    first = circle.index(min(circle))
    tasks = list(dict.fromkeys(net.tasks[n].uid for n in circle[first:] + circle[:first]))
    by_uid = {task.uid: task for task in net.tasks}
    members = [f"{by_uid[uid].name}（{uid}）" for uid in (*tasks, tasks[0])]
    return refuse(CYCLE, by_uid[tasks[0]].place, members=" → ".join(members))


def before(net: Network, node: int) -> Iterable[int]:
    """The nodes that a node waits for."""
    return [*net.plain_in[node], *(edge.source for edge in net.edges_in[node])]
