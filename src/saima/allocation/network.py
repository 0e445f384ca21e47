"""An exact transport network: integer cells under two nested families of sums, or proof of none.

Cells are arcs from a tree of lines (units, their quarters) to a tree of lines (periods, quarters
of all units); the flow through a line's own arc is the sum of its cells. A feasible flow with
whole bounds is whole, so controlled rounding always exists (Hoffman 1960; Cox 1987). All amounts
are int64; only integer additions and comparisons decide what is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FAR = 2**62
_QUANTUM = 1_000_000
_BEYOND = 4 * _QUANTUM


@dataclass(frozen=True)
class Line:
    """Cells whose sum lies between two bounds; `left` is the tree that it belongs in if it may."""

    cells: tuple[int, ...]
    lower: int
    upper: int
    left: bool = True


class Crossing(Exception):
    """Two lines on the same side overlap without one containing the other."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Network:
    """Arcs: the cells, then the lines in the order given, then one that carries the total."""

    tails: Ints
    heads: Ints
    lower: Ints
    upper: Ints
    cells: int
    nodes: int
    levels: tuple[Ints, ...]
    """The arcs of the lines, innermost lines first, those of one depth together."""


@dataclass(frozen=True)
class Cut:
    """Nodes into which more must flow than can flow out: the proof that no table exists."""

    inside: NDArray[np.bool_]


def build(lower: Ints, upper: Ints, lines: Sequence[Line], total: int) -> Network:
    """The network of cells within bounds, under lines, adding up to the total.

    Errors: Crossing with the index of a line that fits neither tree.
    """
    cells = len(lower)
    owners = (np.zeros(cells, dtype=np.int64), np.ones(cells, dtype=np.int64))
    tails, heads = [0] * len(lines), [0] * len(lines)
    largest_first = sorted(range(len(lines)), key=lambda k: -len(lines[k].cells))
    depth = [0] * (len(lines) + 2)
    levels: dict[int, list[int]] = {}
    for node, k in enumerate(largest_first, start=2):
        side, parent = _place(lines[k], owners, k)
        owners[side][list(lines[k].cells)] = node
        depth[node] = depth[parent] + 1
        levels.setdefault(depth[node], []).append(cells + k)
        tails[k], heads[k] = (parent, node) if side == 0 else (node, parent)
    return Network(
        tails=np.concatenate([owners[0], np.array([*tails, 1], dtype=np.int64)]),
        heads=np.concatenate([owners[1], np.array([*heads, 0], dtype=np.int64)]),
        lower=np.concatenate([lower, np.array([*(n.lower for n in lines), total], dtype=np.int64)]),
        upper=np.concatenate([upper, np.array([*(n.upper for n in lines), total], dtype=np.int64)]),
        cells=cells,
        nodes=len(lines) + 2,
        levels=tuple(np.array(levels[d], dtype=np.int64) for d in sorted(levels, reverse=True)),
    )


def _place(line: Line, owners: tuple[Ints, Ints], index: int) -> tuple[int, int]:
    """The side on which a line nests, and the smallest line there that contains it."""
    members = list(line.cells)
    for side in (0, 1) if line.left else (1, 0):
        above = np.unique(owners[side][members])
        if len(above) == 1:
            return side, int(above[0])
    raise Crossing(index)


def route(network: Network, start: Floats, *, nearest: bool = True) -> Ints | Cut:
    """Whole cell amounts that keep every bound, nearest to `start`; or a cut that proves none.

    Nearest means: each cell the whole number below or above its start where possible, and among
    those the least total distance; ties go to the earlier cell. With nearest=False any feasible
    amounts. Method: successive shortest paths from the plain rounding of `start`.
    """
    base, share = _split(network, start)
    flow = _first_flow(network, _rounded(network, base, share) if share.any() else base)
    excess = _excess(network, flow)
    arcs = _Arcs(network)
    while (excess > 0).any():
        caps, costs = _residual(network, flow, base, share, nearest)
        distance, via = arcs.shortest(excess > 0, caps, costs)
        ends = np.flatnonzero((excess < 0) & (distance < FAR))
        if not len(ends):
            return Cut(distance < FAR)
        for end in ends[np.argsort(distance[ends], kind="stable")].tolist():
            path, source = arcs.path(end, via)
            amount = min(int(excess[source]), -int(excess[end]), int(caps[path].min()))
            if amount > 0:  # all these paths are shortest, so pushing one keeps the others so
                arcs.push(flow, path, amount)
                caps[path] -= amount
                excess[source] -= amount
                excess[end] += amount
    return flow[: network.cells]


def _split(network: Network, start: Floats) -> tuple[Ints, Ints]:
    """The whole number at or below each start within its bounds, and what is above in 10^-6."""
    low, high = network.lower[: network.cells], network.upper[: network.cells]
    base = np.clip(np.floor(start + 0.5 / _QUANTUM), low, high).astype(np.int64)
    share = np.clip((start - base) * _QUANTUM + 0.5, 0, _QUANTUM - 1).astype(np.int64)
    return base, np.where(base < high, share, 0)


def _rounded(network: Network, base: Ints, share: Ints) -> Ints:
    """Plain rounding, then by largest remainder where the cells of one innermost line tell.

    Every step is the cheapest left in its line, so that no cheaper exchange exists afterwards.
    """
    n = network.cells
    amounts = base + (share * 2 >= _QUANTUM)
    by_line = np.argsort(network.tails[:n], kind="stable")
    ends = np.cumsum(np.bincount(network.tails[:n], minlength=network.nodes))
    outer = set(network.tails[n:-1].tolist())
    for arc in range(n, len(network.tails) - 1):
        node = int(network.heads[arc])
        if node < network.tails[arc] or node in outer:
            continue
        cells = by_line[ends[node - 1] : ends[node]]
        total = int(amounts[cells].sum())
        off = min(max(total, int(network.lower[arc])), int(network.upper[arc])) - total
        up = off > 0
        movable = cells[(amounts[cells] == base[cells]) == up]
        movable = movable[(base < network.upper[:n])[movable]]
        chosen = movable[np.argsort(-share[movable] if up else share[movable], kind="stable")]
        amounts[chosen[: abs(off)]] += 1 if up else -1
    return amounts


def _first_flow(network: Network, cells: Ints) -> Ints:
    """Cells as given; lines carry the sum of their cells, brought within their bounds."""
    flow = np.concatenate([cells, np.zeros(len(network.lower) - network.cells, dtype=np.int64)])
    through = np.zeros(network.nodes, dtype=np.int64)
    np.add.at(through, network.tails[: network.cells], cells)
    np.add.at(through, network.heads[: network.cells], cells)
    for arcs in network.levels:
        ends = np.stack([network.tails[arcs], network.heads[arcs]])
        flow[arcs] = through[ends.max(axis=0)]  # an inner line has the higher node
        np.add.at(through, ends.min(axis=0), flow[arcs])
    return np.asarray(np.clip(flow, network.lower, network.upper))


def _excess(network: Network, flow: Ints) -> Ints:
    excess = np.zeros(network.nodes, dtype=np.int64)
    np.add.at(excess, network.heads, flow)
    np.subtract.at(excess, network.tails, flow)
    return excess


def _residual(
    network: Network, flow: Ints, base: Ints, share: Ints, nearest: bool
) -> tuple[Ints, Ints]:
    """Room and cost of one more unit on every arc forwards, then on every arc backwards.

    A cell's cost is convex: dear outside the two whole numbers beside its start, between them
    the difference of its two distances.
    """
    up, down = network.upper - flow, flow - network.lower
    costs = np.zeros(2 * len(flow), dtype=np.int64)
    if nearest:
        n, cells = network.cells, flow[: network.cells]
        above = cells - base
        step = _QUANTUM - 2 * share
        costs[:n] = np.where(above < 0, -_BEYOND, np.where(above == 0, step, _BEYOND))
        costs[len(flow) : len(flow) + n] = np.where(
            above <= 0, _BEYOND, np.where(above == 1, -step, -_BEYOND)
        )
        up[:n] = np.minimum(up[:n], np.where(above < 0, -above, np.where(above == 0, 1, FAR)))
        down[:n] = np.minimum(
            down[:n], np.where(above <= 0, FAR, np.where(above == 1, 1, above - 1))
        )
    return np.concatenate([up, down]), costs


class _Arcs:
    """The residual arcs of a network, sorted by head once, for shortest paths."""

    def __init__(self, network: Network) -> None:
        self.size = len(network.tails)
        self.nodes = network.nodes
        self.tails = np.concatenate([network.tails, network.heads])
        self.heads = np.concatenate([network.heads, network.tails])
        self.order = np.argsort(self.heads, kind="stable")
        self.sorted_tails = self.tails[self.order]
        self.sorted_heads = self.heads[self.order]
        self.present, self.starts = np.unique(self.sorted_heads, return_index=True)

    def shortest(self, sources: NDArray[np.bool_], caps: Ints, costs: Ints) -> tuple[Ints, Ints]:
        """Bellman–Ford from all sources: distance by node, and the last arc on the way there."""
        distance = np.where(sources, 0, FAR)
        via = np.full(self.nodes, -1, dtype=np.int64)
        open_ = caps[self.order] > 0
        cost = costs[self.order]
        for _ in range(self.nodes):
            before = distance[self.sorted_tails]
            reach = np.where(open_ & (before < FAR), before + cost, FAR)
            best = np.full(self.nodes, FAR)
            best[self.present] = np.minimum.reduceat(reach, self.starts)
            better = best < distance
            if not better.any():
                break
            chosen = np.flatnonzero(better[self.sorted_heads] & (reach == best[self.sorted_heads]))
            via[self.sorted_heads[chosen[::-1]]] = self.order[chosen[::-1]]
            distance = np.minimum(distance, best)
        return distance, via

    def path(self, end: int, via: Ints) -> tuple[list[int], int]:
        """The arcs back from a node to the source from which it was reached."""
        arcs: list[int] = []
        node = end
        while via[node] >= 0:
            arcs.append(int(via[node]))
            node = int(self.tails[arcs[-1]])
        return arcs, node

    def push(self, flow: Ints, path: list[int], amount: int) -> None:
        for arc in path:
            if arc < self.size:
                flow[arc] += amount
            else:
                flow[arc - self.size] -= amount
