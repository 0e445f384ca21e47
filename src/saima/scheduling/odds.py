"""How likely a finish is: three-point estimates, simulated over the whole network.

Each estimated duration follows the PERT distribution: a beta on (optimistic, pessimistic) with
mean (o + 4m + p) / 6. All links, calendars and dates that bind are kept in every run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from saima.problems import declare, refuse
from saima.scheduling.calendars import Ints, moment, seconds
from saima.scheduling.engine import pinned_dates
from saima.scheduling.model import Task, Uid
from saima.scheduling.network import Edge, Network, Pin
from saima.scheduling.result import Schedule

RUNS = 10_000
_BLOCK = 2_000_000
"""Positions held at once: runs are drawn in blocks of this many numbers."""

NO_ESTIMATES = declare(
    "schedule-no-estimates",
    "没有任何任务填了三点估计，算不出按期完工的可能性。",
    "请至少为一个任务填写乐观、最可能、悲观工期。",
    "No task has three-point estimates, so the odds of the finish cannot be told.",
    "Give optimistic, most likely and pessimistic durations for at least one task.",
)


@dataclass(frozen=True)
class Odds:
    """The simulated finishes (instants, ascending) and how often each estimated task drove one."""

    finishes: Ints
    criticality: dict[Uid, float]
    seed: int

    def by(self, day: datetime) -> float:
        """The share of runs that finish not later than a moment."""
        reached = np.searchsorted(self.finishes, seconds(day), side="right")
        return float(reached) / len(self.finishes)

    def at(self, share: float) -> datetime:
        """The moment by which this share of runs has finished."""
        index = min(max(math.ceil(share * len(self.finishes)) - 1, 0), len(self.finishes) - 1)
        return moment(int(self.finishes[index]))


def odds(found: Schedule, runs: int = RUNS, seed: int = 1) -> Odds:
    """Simulate the finish. Errors: Refused where nothing is estimated."""
    net = found.net
    chosen = [n for n in net.node_of.values() if net.tasks[n].estimates and _open(net, n)]
    if not chosen:
        raise refuse(NO_ESTIMATES, found.project.place)
    random = np.random.default_rng(seed)
    finishes, driven = [], dict.fromkeys(chosen, 0.0)
    block = max(1, min(runs, _BLOCK // max(net.size, 1)))
    for done in range(0, runs, block):
        size = min(block, runs - done)
        draws = {n: _draw(random, net.tasks[n], size) for n in chosen}
        early = _passes(net, draws, size)
        finishes.append(_finish(net, early[1]))
        for node in chosen:
            driven[node] += _correlates(draws[node], finishes[-1]) * size
    share = {net.tasks[n].uid: total / runs for n, total in driven.items()}
    return Odds(np.sort(np.concatenate(finishes)), share, seed)


def _open(net: Network, node: int) -> bool:
    pin = net.pinned.get(node)
    return pin is None or pin.done is None


def _draw(random: np.random.Generator, task: Task, size: int) -> Ints:
    """Durations in seconds; those of a task in progress are what is left, in proportion."""
    low, likely, high = task.estimates or (0, 0, 0)
    if high == low:
        return np.full(size, low, dtype=np.int64)
    rising, falling = 1 + 4 * (likely - low) / (high - low), 1 + 4 * (high - likely) / (high - low)
    drawn = low + (high - low) * random.beta(rising, falling, size)
    return np.asarray(np.floor(drawn + 0.5).astype(np.int64))


def _correlates(durations: Ints, finishes: Ints) -> float:
    """How far a task's duration moves the finish: the correlation of both, 0 to 1."""
    if np.ptp(durations) == 0 or np.ptp(finishes) == 0:
        return 0.0
    return max(0.0, float(np.corrcoef(durations, finishes)[0, 1]))


def _passes(net: Network, draws: dict[int, Ints], size: int) -> tuple[list[Ints], list[Ints]]:
    """The forward pass of `engine.earliest` for many runs at once."""
    none = np.zeros(0, dtype=np.int64)
    starts: list[Ints] = [none] * net.size
    finishes: list[Ints] = [none] * net.size
    for node in net.order:
        start = np.full(size, net.start_floor[node], dtype=np.int64)
        finish = np.full(size, net.finish_floor[node], dtype=np.int64)
        for source in net.plain_in[node]:
            np.maximum(start, finishes[source], out=start)
        for edge in net.edges_in[node]:
            at = _bound(net, edge, (finishes if edge.from_finish else starts)[edge.source])
            side = finish if edge.to_finish else start
            np.maximum(side, at, out=side)
        work = draws.get(node, np.full(size, net.duration[node], dtype=np.int64))
        starts[node], finishes[node] = _placed(net, node, start, finish, work)
    return starts, finishes


def _bound(net: Network, edge: Edge, at: Ints) -> Ints:
    if edge.across:
        instants = net.timeline[edge.source].instants(at) + edge.clock
        at = net.timeline[edge.target].positions(instants)
    if edge.work:
        at = 2 * ((at >> 1) + edge.work) + (edge.work < 0 and not edge.to_finish)
    return at


def _placed(net: Network, node: int, start: Ints, finish: Ints, work: Ints) -> tuple[Ints, Ints]:
    works = work > 0
    start = np.where(works, start | 1, np.maximum(start, finish))
    end = np.where(works, start - (start & 1) + 2 * work, start)
    late = works & (finish > end)
    end = np.where(late, finish, end)
    start = np.where(late, 2 * ((finish >> 1) - work) + 1, start)
    pin = net.pinned.get(node)
    return (start, end) if pin is None else _pinned(net, node, pin, start, end, work)


def _pinned(
    net: Network, node: int, pin: Pin, start: Ints, end: Ints, work: Ints
) -> tuple[Ints, Ints]:
    """What `engine` does one by one, run by run: pins are few."""
    whole = net.duration[node]
    done = max(whole - pin.remaining, 0)
    pairs = []
    for one, other, drawn in zip(start.tolist(), end.tolist(), work.tolist()):
        if pin.begun is None or pin.done is not None:
            pairs.append(pinned_dates(pin, one, other, drawn))
            continue
        left = drawn * pin.remaining // max(whole, 1)
        going_on = Pin(begun=pin.begun, remaining=left, resume=pin.resume)
        pairs.append(pinned_dates(going_on, one, other, done + left))
    both = np.array(pairs, dtype=np.int64)
    return both[:, 0], both[:, 1]


def _finish(net: Network, finishes: list[Ints]) -> Ints:
    """The last finish of every run, as instants."""
    last: dict[int, Ints] = {}
    lines = {id(line): line for line in net.timeline}
    for node in net.node_of.values():
        key = id(net.timeline[node])
        last[key] = np.maximum(last[key], finishes[node]) if key in last else finishes[node]
    return np.asarray(np.max([lines[key].instants(at) for key, at in last.items()], axis=0))


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of the work of a chain, in seconds."""

    mean: float
    deviation: float

    def by(self, work: float) -> float:
        """The probability of needing not more than so much work, by the normal curve."""
        if not self.deviation:
            return float(work >= self.mean)
        return 0.5 * (1 + math.erf((work - self.mean) / (self.deviation * math.sqrt(2))))


def chain_moments(tasks: list[Task]) -> Moments:
    """The sum of independent PERT durations, one after another: an analytic check of a chain."""
    mean = variance = 0.0
    for task in tasks:
        low, likely, high = task.estimates or (task.duration,) * 3
        middle = (low + 4 * likely + high) / 6
        mean += middle
        variance += (middle - low) * (high - middle) / 7
    return Moments(mean, math.sqrt(variance))
