"""Boards of a period: who is ahead (超) and behind (赶), longest and shortest, what is still needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from saima.rounding import number
from saima.scoring.engine import Scoring
from saima.scoring.marks import LeafMarks


@dataclass(frozen=True)
class PaceRow:
    """A unit × indicator against its pace; gap in percentage points, negative behind."""

    unit: str
    indicator: str
    attainment: float
    gap: float


class Board(Struct, frozen=True, kw_only=True):
    """One of a unit's indicators by its rate of marks (marks over full marks); `lost` in points."""

    indicator: str
    name: str
    rate: float
    lost: float


class Remaining(Struct, frozen=True, kw_only=True):
    """What is left to a target, and per remaining day, week and month (以天保周、以周保月)."""

    indicator: str
    name: str
    measure: str
    left: float
    days: int
    per_day: float
    per_week: float
    per_month: float


def keeps_pace(m: LeafMarks) -> bool:
    """True where time says how far a figure should be: flows to more, counts down to zero."""
    flows = m.q.direction == "more" and m.q.indicator.nature != "point-in-time"
    return flows or m.q.direction == "clear-to-zero" or m.q.pace_base == "own-plan"


def boards(scoring: Scoring, s: int, u: int) -> tuple[Board, ...]:
    """A unit's indicators from the longest board to the shortest (补短拉长)."""
    rows = [
        Board(
            indicator=m.leaf.indicator,
            name=m.q.indicator.name,
            rate=number(m.marks[u, s] / m.full[u, s], 9),
            lost=number(m.full[u, s] - m.marks[u, s], 9),
        )
        for m in scoring.marked
        if m.counted[u, s] and m.full[u, s] > 0
    ]
    return tuple(sorted(rows, key=lambda r: -r.rate))


def remaining(scoring: Scoring, s: int, u: int) -> tuple[Remaining, ...]:
    """A unit's targets not yet reached, and what each remaining day, week and month has to bring.

    A month is a twelfth of 365.25 days; after the last day everything is due at once.
    """
    end = scoring.cube.scored[s].end
    days = (scoring.cube.campaign.clock.window(end).end - end).days
    rows = {
        m.leaf.indicator: _remaining(m, left, days)
        for m in scoring.marked
        if m.held[u, s] and (left := _left(m, s, u)) > 0
    }
    return tuple(rows.values())


def _left(m: LeafMarks, s: int, u: int) -> float:
    """How much is missing to the target; 0 for levels and rates, which no day adds to."""
    actual, target = (
        float(np.broadcast_to(m.q.get(name).value, m.full.shape)[u, s])
        for name in ("actual", "target")
    )
    if m.q.direction == "clear-to-zero":
        return number(actual - target, 9)
    adds_up = m.q.direction == "more" and m.q.indicator.nature != "point-in-time"
    return number(target - actual, 9) if adds_up else 0.0


def _remaining(m: LeafMarks, left: float, days: int) -> Remaining:
    per_day = left / days if days else left
    return Remaining(
        indicator=m.leaf.indicator,
        name=m.q.indicator.name,
        measure=m.q.indicator.measure,
        left=left,
        days=days,
        per_day=number(per_day, 9),
        per_week=number(min(left, per_day * 7), 9),
        per_month=number(min(left, per_day * 365.25 / 12), 9),
    )
