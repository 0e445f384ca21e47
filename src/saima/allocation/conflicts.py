"""Which locks and bounds cannot hold together: a smallest set, proved with whole numbers.

A table is impossible exactly when some cut of the network lets less flow out than must flow in
(Hoffman 1960). The restrictions on such a cut are thinned until none can be spared; then minimal
hitting sets of corrections search for a smaller set (Ignatiev, Previti, Liffiton and
Marques-Silva, Smallest MUS extraction with minimal hitting set dualization, CP 2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from saima.allocation.breakdown import Breakdown, Restriction
from saima.allocation.exact import from_units
from saima.allocation.model import Model
from saima.allocation.network import FAR, Cut, Ints, Network, build, route
from saima.problems import Problem, declare

_WORK = 2_000_000
_ROUNDS = 60
"""Bounds of the search for a smaller set: arcs looked at, and hitting sets; some seconds."""

declare(
    "allocation-conflict",
    "“{indicator}”无法分解：{sentence}{claim}",
    "请放宽其中任何一条，或调整总目标{headline}。",
    "“{indicator}” cannot be broken down: {sentence_en} {claim_en}",
    "Relax any one of them, or change the headline {headline}.",
)


@dataclass(frozen=True)
class Conflict:
    """Restrictions that cannot all hold, though they can when any one of them is dropped.

    minimum: no conflict has fewer restrictions (else only: none of these can be spared).
    demand, room: indices into `restrictions` of those that ask for amounts and those that limit
    them; needed and available: what the two sides come to in whole units, the headline (and
    anything below zero) included on the side named by headline_demands.
    """

    restrictions: tuple[Restriction, ...]
    minimum: bool
    demand: tuple[int, ...]
    room: tuple[int, ...]
    needed: int
    available: int
    headline_demands: bool | None


def smallest(model: Model) -> Conflict:
    """A smallest set of restrictions of an impossible model that conflicts.

    Smallest in number where that is proved within a bounded search, else merely irreducible.
    Errors: ValueError if the model has a table after all.
    """
    oracle = _Oracle(model)
    cut = oracle.ask(range(len(model.limits)))
    if not isinstance(cut, Cut):
        raise ValueError("the restrictions do not conflict")
    irreducible = _thin(oracle, oracle.crossing(cut, range(len(model.limits))))
    chosen = _fewest(oracle, irreducible)
    return _explained(oracle, sorted(chosen or irreducible), minimum=chosen is not None)


class _Oracle:
    """Answers whether some of the restrictions leave a table; each is a line of its own."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.limits = len(model.limits)
        upper = np.full_like(model.floor, FAR)
        self.network = build(model.floor, upper, model.limits, model.total)
        self.start = np.zeros(self.network.cells)
        self.work = 0

    def ask(self, chosen: Iterable[int]) -> Ints | Cut:
        """Cells that keep the chosen restrictions, or the cut that proves there are none."""
        self.work += len(self.network.tails)
        found = route(self.only(chosen), self.start, nearest=False)
        if not isinstance(found, Cut):
            self.start = found.astype(np.float64)
        return found

    def only(self, chosen: Iterable[int]) -> Network:
        """The network in which the other restrictions bind nothing."""
        n = self.network
        free = np.ones(len(n.tails), dtype=bool)
        free[: n.cells] = free[-1] = False
        free[[n.cells + k for k in chosen]] = False
        return replace(n, lower=np.where(free, -FAR, n.lower), upper=np.where(free, FAR, n.upper))

    def crossing(self, cut: Cut, chosen: Iterable[int]) -> list[int]:
        """The fewest of the chosen restrictions with which a cut still proves its point.

        What limits the flow out is needed; of what demands flow in, the largest amounts do.
        Without its restriction a line still carries the least that its cells may be.
        """
        n, limits = self.network, self.model.limits
        bound = np.ones(len(n.tails), dtype=bool)
        bound[n.cells : -1] = False
        bound[[n.cells + k for k in chosen]] = True
        enters = bound & ~cut.inside[n.tails] & cut.inside[n.heads]
        leaves = bound & cut.inside[n.tails] & ~cut.inside[n.heads]
        gap = _sum(n.lower[enters]) - _sum(n.upper[leaves])
        kept = [k for k in range(self.limits) if leaves[n.cells + k]]
        demands = [k for k in range(self.limits) if enters[n.cells + k]]
        more = {k: limits[k].lower - _sum(n.lower[list(limits[k].cells)]) for k in demands}
        for k in sorted(demands, key=lambda k: (more[k], -k)):
            if more[k] < gap:
                gap -= more[k]
            else:
                kept.append(k)
        return sorted(kept)

    def kept_by(self, cells: Ints) -> set[int]:
        """All restrictions that these cells keep."""
        limits = self.model.limits
        sums = [int(cells[list(line.cells)].sum()) for line in limits]
        return {k for k, line in enumerate(limits) if line.lower <= sums[k] <= line.upper}


def _thin(oracle: _Oracle, candidates: Sequence[int]) -> list[int]:
    """Drop one restriction after another as long as the rest still conflicts."""
    kept = list(candidates)
    for k in candidates:
        if k not in kept:
            continue
        fewer = [other for other in kept if other != k]
        cut = oracle.ask(fewer)
        if isinstance(cut, Cut):
            kept = oracle.crossing(cut, fewer)
    return kept


def _fewest(oracle: _Oracle, irreducible: list[int]) -> list[int] | None:
    """A conflicting set of the least number, or None if the search was given up.

    Every conflicting set must hit every correction (restrictions whose removal leaves a table),
    so a smallest set that hits all corrections found so far is no larger than the answer, and is
    the answer as soon as it conflicts.
    """
    everything = range(oracle.limits)
    corrections: list[set[int]] = []
    for k in irreducible:
        if not isinstance(oracle.ask(set(everything) - {k}), Cut):
            corrections.append({k})
    if len(irreducible) - len(corrections) > _ROUNDS // 3:
        return None
    for _ in range(_ROUNDS):
        hitting = _smallest_hitting(corrections)
        if len(hitting) == len(irreducible):
            return irreducible
        found = oracle.ask(hitting)
        if isinstance(found, Cut):
            return sorted(hitting)
        if oracle.work > _WORK:
            break
        corrections.append(_correction(oracle, found))
    return None


def _correction(oracle: _Oracle, cells: Ints) -> set[int]:
    """Restrictions whose removal leaves a table: few of them, around those these cells keep."""
    kept = oracle.kept_by(cells)
    for k in range(oracle.limits):
        if k not in kept and oracle.work < _WORK:
            found = oracle.ask(kept | {k})
            if not isinstance(found, Cut):
                kept = oracle.kept_by(found)
    return set(range(oracle.limits)) - kept


def _smallest_hitting(sets: list[set[int]]) -> set[int]:
    """A set of least size with a member in each of the sets; singletons need no solver."""
    forced = {k for group in sets if len(group) == 1 for k in group}
    open_ = [group for group in sets if not group & forced]
    if not open_:
        return forced
    from scipy.optimize import Bounds, LinearConstraint, milp

    members = sorted(set().union(*open_))
    hits = np.array([[float(k in group) for k in members] for group in open_])
    found = milp(
        np.ones(len(members)),
        constraints=LinearConstraint(hits, lb=1),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(members), dtype=np.int64),
    )
    return forced | {k for k, x in zip(members, np.asarray(found.x)) if x > 0.5}


# --- in words -----------------------------------------------------------------------------------


def _explained(oracle: _Oracle, chosen: Sequence[int], minimum: bool) -> Conflict:
    """Read from the exact cut which side of it each restriction stands on."""
    network = oracle.only(chosen)
    found = oracle.ask(chosen)
    if not isinstance(found, Cut):
        raise ValueError("the restrictions do not conflict")
    enters = ~found.inside[network.tails] & found.inside[network.heads]
    leaves = found.inside[network.tails] & ~found.inside[network.heads]
    first, last = network.cells, len(network.tails) - 1
    headline = True if enters[last] else False if leaves[last] else None
    return Conflict(
        restrictions=tuple(oracle.model.breakdown.restrictions[k] for k in chosen),
        minimum=minimum,
        demand=tuple(at for at, k in enumerate(chosen) if enters[first + k]),
        room=tuple(at for at, k in enumerate(chosen) if leaves[first + k]),
        needed=_sum(network.lower[enters]),
        available=_sum(network.upper[leaves]),
        headline_demands=headline,
    )


def _sum(bounds: Ints) -> int:
    return sum(int(bound) for bound in bounds)


def conflict_problem(breakdown: Breakdown, conflict: Conflict) -> Problem:
    """The refusal as one problem that names the cells on both sides and what is missing."""
    count = len(conflict.restrictions)
    claim = "个数最少的一组冲突约束" if conflict.minimum else "去掉任何一条即不再冲突的一组约束"
    claim_en = "a smallest conflicting set" if conflict.minimum else "an irreducible set"
    values = {
        "indicator": breakdown.title,
        "headline": breakdown.text(breakdown.headline),
        "sentence": _sentence(breakdown, conflict),
        "sentence_en": _sentence_en(breakdown, conflict),
        "claim": f"（共{count}条，是{claim}。）",
        "claim_en": f"({count} restrictions, {claim_en}.)",
    }
    return Problem("allocation-conflict", breakdown.place, values)


def _sides(b: Breakdown, conflict: Conflict, language: str) -> tuple[list[str], list[str]]:
    told = [b.describe(r, language) for r in conflict.restrictions]
    demand = [told[k] for k in conflict.demand]
    room = [told[k] for k in conflict.room]
    headline = (
        f"总目标{b.text(b.headline)}" if language == "zh" else f"headline {b.text(b.headline)}"
    )
    if conflict.headline_demands is not None:
        (demand if conflict.headline_demands else room).append(headline)
    return demand, room


def _amounts(b: Breakdown, conflict: Conflict) -> tuple[str, str, str]:
    sign = -1 if b.headline < 0 else 1
    numbers = (
        sign * conflict.needed,
        sign * conflict.available,
        conflict.needed - conflict.available,
    )
    needed, available, gap = (b.text(from_units(n, b.decimals)) for n in numbers)
    return needed, available, gap


def _sentence(b: Breakdown, conflict: Conflict) -> str:
    demand, room = _sides(b, conflict, "zh")
    needed, available, gap = _amounts(b, conflict)
    least, most = ("至少", "至多") if b.headline >= 0 else ("至多", "至少")
    return (
        f"{'、'.join(demand)}，合计{least}为{needed}；而{'、'.join(room)}，"
        f"合计{most}为{available}；两者相差{gap}，不能同时成立。"
    )


def _sentence_en(b: Breakdown, conflict: Conflict) -> str:
    demand, room = _sides(b, conflict, "en")
    needed, available, gap = _amounts(b, conflict)
    return (
        f"{'; '.join(demand)} come to {needed}, but {'; '.join(room)} to {available}: {gap} apart."
    )
