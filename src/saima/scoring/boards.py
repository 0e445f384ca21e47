"""Boards of a period: who is ahead (超) and behind (赶), longest and shortest, what is still needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from saima.rounding import half_up
from saima.scoring.engine import Scoring
from saima.scoring.marks import LeafMarks


@dataclass(frozen=True)
class PaceRow:
    """A unit × indicator against its pace; gap in percentage points, negative behind."""

    unit: str
    indicator: str
    attainment: float
    gap: float


@dataclass(frozen=True)
class BoardRow:
    """A unit's indicator by its rate of marks (marks over full marks): long or short board."""

    unit: str
    indicator: str
    rate: float
    lost: float


@dataclass(frozen=True)
class RemainingRow:
    """What is left to the target, and per remaining day, week and month (以天保周、以周保月)."""

    unit: str
    indicator: str
    measure: str
    decimals: int
    left: float
    days: int
    per_day: float
    per_week: float
    per_month: float


def pace_rows(scoring: Scoring, s: int) -> list[PaceRow]:
    """Every unit × indicator with a pace, furthest ahead first."""
    rows = []
    for m in filter(keeps_pace, scoring.marked):
        gap, attainment = (_column(m, n, s) for n in ("pace_gap", "attainment"))
        for u in np.nonzero(m.held[:, s] & ~np.isnan(gap))[0].tolist():
            unit = scoring.cube.campaign.units[u].code
            rows.append(PaceRow(unit, m.leaf.indicator, attainment[u], float(half_up(gap[u], 9))))
    return sorted(rows, key=lambda r: -r.gap)


def keeps_pace(m: LeafMarks) -> bool:
    """True where time says how far a figure should be: flows to more, counts down to zero."""
    flows = m.q.direction == "more" and m.q.indicator.nature != "point-in-time"
    return flows or m.q.direction == "clear-to-zero" or m.q.pace_base == "own-plan"


def boards(scoring: Scoring, s: int, unit: str) -> list[BoardRow]:
    """A unit's indicators from the longest board to the shortest (补短拉长)."""
    u = scoring.cube.campaign.unit_index[unit]
    rows = [
        BoardRow(
            unit,
            m.leaf.indicator,
            float(m.marks[u, s] / m.full[u, s]),
            float(m.full[u, s] - m.marks[u, s]),
        )
        for m in scoring.marked
        if m.counted[u, s] and m.full[u, s] > 0
    ]
    return sorted(rows, key=lambda r: -r.rate)


def remaining(scoring: Scoring, s: int) -> list[RemainingRow]:
    """Targets not yet reached, and what each remaining day, week and month has to bring."""
    period = scoring.cube.scored[s]
    days = (scoring.cube.campaign.clock.window(period.end).end - period.end) // timedelta(days=1)
    rows = []
    for m in scoring.marked:
        adds_up = m.q.direction == "more" and m.q.indicator.nature != "point-in-time"
        if not adds_up and m.q.direction != "clear-to-zero":
            continue
        actual, target = _column(m, "actual", s), _column(m, "target", s)
        left = actual - target if m.q.direction == "clear-to-zero" else target - actual
        for u in np.nonzero(m.held[:, s] & (left > 0))[0].tolist():
            rows.append(_remaining(scoring, m, u, float(half_up(left[u], 9)), days))
    return rows


def _remaining(scoring: Scoring, m: LeafMarks, u: int, left: float, days: int) -> RemainingRow:
    unit, indicator = scoring.cube.campaign.units[u], m.q.indicator
    per_day = left / days if days else left
    return RemainingRow(
        unit.code, indicator.code, indicator.measure, indicator.decimals, left, days,
        per_day, min(left, per_day * 7), min(left, per_day * 365.25 / 12),
    )  # fmt: skip


def _column(m: LeafMarks, name: str, s: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(np.broadcast_to(m.q.get(name).value, m.full.shape)[:, s])
