"""10,000 activities scheduled: `saima.scheduling` beside a graph library's longest path and a script."""

from __future__ import annotations

import gc
import importlib
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime
from statistics import median
from typing import Any

from saima.scheduling import Link, Project, Task, schedule
from saima.scheduling.checks import problems_of
from saima.scheduling.engine import earliest, latest
from saima.scheduling.model import DAY
from saima.scheduling.network import network
from saima.scheduling.odds import odds

SIZE, BACK, ROUNDS = 10_000, 200, 7
START = datetime(2026, 1, 5, 8)


def run() -> Iterator[str]:
    """Lines of the result: CPU milliseconds, median and best of several rounds."""
    yield f"{SIZE:,} activities, working calendar with two shifts a day; CPU milliseconds, median"
    yield f"and (best) of {ROUNDS} rounds. Passes: early dates, late dates, on the built network."
    yield "Schedule: checks, network, calendar, both passes, total and free slack, critical flags,"
    yield "from task objects. Dates: the same and a dated row for every task."
    for name, project in _projects():
        yield ""
        yield f"{name}: {sum(len(t.links) for t in project.tasks):,} links"
        yield f"  passes: {_measured(_passes(project))}"
        yield f"  schedule: {_measured(lambda p=project: _schedule(p))}"
        yield f"  dates: {_measured(lambda p=project: schedule(p).tasks)}"
        if name == "finish to start":
            yield from _others(project)
    yield ""
    yield from _odds()


def _projects() -> Iterator[tuple[str, Project]]:
    yield "finish to start", layered(kinds=False)
    yield "four kinds of links with lag", layered(kinds=True)
    yield "one chain", Project(START, tuple(_chain()))


def layered(kinds: bool, size: int = SIZE) -> Project:
    """Random activities, each after one to three of the 200 before it."""
    draw = random.Random(1)
    tasks = []
    for uid in range(size):
        wanted = draw.choice((1, 2, 2, 3))
        before = sorted(
            {draw.randrange(max(0, uid - BACK), uid) for _ in range(wanted)} if uid else ()
        )
        links = tuple(Link(b, *_kind(draw)) if kinds else Link(b) for b in before)
        tasks.append(Task(uid, f"活动{uid}", draw.randrange(15) * DAY, links))
    return Project(START, tuple(tasks))


def _kind(draw: random.Random) -> tuple[Any, int]:
    return draw.choice(("FS", "SS", "FF", "SF")), draw.choice((0, 0, DAY, -DAY, 2 * DAY))


def _chain() -> Iterator[Task]:
    for uid in range(SIZE):
        yield Task(uid, f"活动{uid}", 3 * DAY, (Link(uid - 1),) if uid else ())


def _passes(project: Project) -> Callable[[], object]:
    assert not problems_of(project)
    net = network(project)
    ends = schedule(project).ends

    def both() -> object:
        early = earliest(net)
        return latest(net, early, ends)

    return both


def _schedule(project: Project) -> object:
    found = schedule(project)
    return found.critical, found.free_slack


def _measured(function: Callable[[], object]) -> str:
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.process_time()
        function()
        times.append((time.process_time() - start) * 1000)
    return f"{median(times):.0f} ({min(times):.0f})"


def _others(project: Project) -> Iterator[str]:
    """What a user might pick instead: neither knows calendars, lags or constraints."""
    yield f"  a script with dictionaries, durations in days only: {_measured(lambda: script(project))}"
    try:
        graphs = importlib.import_module("networkx")
    except ImportError:
        yield "  networkx: not installed here"
        return
    yield f"  networkx {graphs.__version__}, longest path only: {_measured(lambda: _graph(graphs, project))}"
    days = _graph(graphs, project)
    own = max(finish for _, finish in script(project).values())
    yield f"  lengths agree: {days == own} ({own} days)"


def script(project: Project) -> dict[Any, tuple[int, int]]:
    """Early and late finish in days by task: topological order, one pass each way."""
    after: dict[Any, list[Any]] = {t.uid: [] for t in project.tasks}
    waiting = {t.uid: len(t.links) for t in project.tasks}
    length = {t.uid: t.duration // DAY for t in project.tasks}
    for task in project.tasks:
        for link in task.links:
            after[link.predecessor].append(task.uid)
    ready = deque(uid for uid, count in waiting.items() if not count)
    start, order = dict.fromkeys(waiting, 0), []
    while ready:
        uid = ready.popleft()
        order.append(uid)
        for other in after[uid]:
            start[other] = max(start[other], start[uid] + length[uid])
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    finish = max(start[uid] + length[uid] for uid in order)
    late: dict[Any, int] = {}
    for uid in reversed(order):
        late[uid] = min((late[o] - length[o] for o in after[uid]), default=finish)
    return {uid: (late[uid], start[uid] + length[uid]) for uid in order}


def _graph(graphs: Any, project: Project) -> int:
    graph = graphs.DiGraph()
    end = "end"
    for task in project.tasks:
        days = task.duration // DAY
        graph.add_edge(task.uid, end, weight=days)
        for link in task.links:
            before = project.tasks[link.predecessor].duration // DAY
            graph.add_edge(link.predecessor, task.uid, weight=before)
    return int(graphs.dag_longest_path_length(graph))


def _odds() -> Iterator[str]:
    small = layered(kinds=True, size=300)
    tasks = tuple(
        Task(
            t.uid,
            t.name,
            t.duration,
            t.links,
            estimates=(t.duration // 2, t.duration, t.duration * 2),
        )
        for t in small.tasks
    )
    found = schedule(Project(START, tasks))
    start = time.process_time()
    odds(found, runs=10_000)
    yield f"odds: 300 activities, 10,000 runs: {time.process_time() - start:.1f} s of CPU"
