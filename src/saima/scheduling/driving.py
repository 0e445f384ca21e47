"""What drives a date: the bounds of one task, and the chain of tasks that sets the finish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from saima.scheduling.calendars import seconds
from saima.scheduling.engine import bound_after
from saima.scheduling.network import Edge

if TYPE_CHECKING:
    from saima.scheduling.result import Schedule

Cause = Literal["start", "constraint", "link", "actual"]


@dataclass(frozen=True)
class Bounds:
    """The dates that links and floors give a node, and the link that decides (or None)."""

    dates: tuple[int, int]
    source: int | None
    edge: Edge | None
    floor: bool


def bounds(found: Schedule, node: int) -> Bounds:
    """What binds the earliest start of a node. Of two equal bounds the link decides."""
    net, work = found.net, found.net.duration[node]
    best, source, by = net.start_floor[node], None, None
    floor = net.finish_floor[node]
    if floor > -(1 << 59) and _start(floor, work) > best:
        best = _start(floor, work)
    for before in net.plain_in[node]:
        if (at := found.early[1][before]) >> 1 >= best >> 1:
            best, source, by = max(at, best), before, None
    for edge in net.edges_in[node]:
        at = bound_after(net, edge, found.early[edge.from_finish][edge.source])
        at = _start(at, work) if edge.to_finish else at
        if at >> 1 >= best >> 1:
            best, source, by = max(at, best), edge.source, edge
    start = best | 1 if work else best
    finish = start - 1 + 2 * work if work else start
    return Bounds((start, finish), source, by, source is None)


def _start(finish: int, work: int) -> int:
    return 2 * ((finish >> 1) - work) + 1 if work else finish


@dataclass(frozen=True)
class Step:
    """One task of a chain: what made it start when it does, and the link from the step before."""

    node: int
    cause: Cause
    edge: Edge | None = None


def cause_of(found: Schedule, node: int) -> tuple[Cause, int | None, Edge | None]:
    """Why a node starts when it does: an actual date, its link, a constraint or the start."""
    pin = found.net.pinned.get(node)
    if pin and (pin.begun is not None or pin.done is not None):
        return "actual", None, None
    bound = bounds(found, node)
    if pin and (pin.must_start is not None or pin.must_finish is not None):
        return "constraint", None, None
    if pin and bound.dates[0] >> 1 > found.early[0][node] >> 1:
        return "constraint", None, None
    if bound.source is not None:
        return "link", bound.source, bound.edge
    later = bound.dates[0] >> 1 > found.net.timeline[node].position(_project_start(found)) >> 1
    return ("constraint" if later else "start"), None, None


def _project_start(found: Schedule) -> int:
    return seconds(found.project.start)


def chain_to(found: Schedule, node: int) -> list[Step]:
    """The steps from the first cause to a node; nodes of summaries are passed through."""
    steps: list[Step] = []
    at: int | None = node
    while at is not None:
        cause, source, edge = cause_of(found, at)
        steps.append(Step(at, cause, edge))
        at = source
    leaves = len(found.net.node_of)
    return [step for step in reversed(steps) if step.node < leaves]


def driving_chain(found: Schedule) -> list[Step]:
    """The chain that sets the finish of the project: to the task that ends last, longest first."""
    leaves = list(found.net.node_of.values())
    if not leaves:
        return []
    finish = seconds(found.finish)
    last = [n for n in leaves if _instant(found, n) == finish]
    chains = [chain_to(found, node) for node in last]
    return max(chains, key=lambda c: sum(found.net.duration[s.node] for s in c))


def _instant(found: Schedule, node: int) -> int:
    return found.net.timeline[node].instant(found.early[1][node])
