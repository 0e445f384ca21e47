"""Observations from a scoring: how every unit's indicators and its place stand, period by period."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from saima.campaigns import Unit
from saima.cards.model import Observation
from saima.cube import Cube
from saima.rounding import number
from saima.scoring.boards import keeps_pace
from saima.scoring.engine import Scoring
from saima.scoring.marks import LeafMarks, Status
from saima.scoring.report import movements
from saima.steps import Floats


def history_of(scoring: Scoring) -> list[Observation]:
    """The observations of every scored period, the earliest first."""
    return [o for s in range(len(scoring.cube.scored)) for o in observations_of(scoring, s)]


def observations_of(scoring: Scoring, s: int) -> list[Observation]:
    """The observations of one scored period: units by indicator, then units by place.

    What is not known is left out: a figure that was not reported leads to no card.
    """
    leaves = {m.leaf.indicator: m for m in reversed(scoring.marked)}
    columns = {code: _columns(scoring, m, s) for code, m in reversed(leaves.items())}
    units = [
        (u, unit) for u, unit in enumerate(scoring.cube.campaign.units) if scoring.field.valid[u, s]
    ]
    on = scoring.cube.scored[s].end
    out = [
        Observation(
            subject=f"{unit.code}/{code}",
            kind="unit-indicator",
            on=on,
            values=values,
            name=f"{unit.label}{leaves[code].q.indicator.name}",
            unit=unit.code,
            group=unit.track,
            indicator=code,
        )
        for u, unit in units
        for code, by_metric in columns.items()
        if (values := _known(by_metric, u))
    ]
    return [*out, *_units(scoring, s, units)]


def _known(columns: dict[str, Floats], u: int) -> dict[str, float]:
    """The values of one unit, as printed numbers; what is not a number is left out."""
    return {k: number(float(v[u]), 9) for k, v in columns.items() if np.isfinite(v[u])}


def _columns(scoring: Scoring, m: LeafMarks, s: int) -> dict[str, Floats]:
    """Measures of one indicator (units,) in a period; NaN where there is nothing to say."""
    shape = m.full.shape
    speaks = (m.status[:, s] == Status.MARKED) | (m.status[:, s] == Status.REFUSED)
    speaks &= m.q.column[:, s] == scoring.cube.scored_columns[s]  # a held figure says nothing new

    def column(name: str, at: int = s) -> Floats:
        whole = np.broadcast_to(m.q.get(name).value, shape)
        return np.where(speaks, whole[:, at], np.nan)

    with np.errstate(divide="ignore", invalid="ignore"):
        growth = column("growth")
        found = {
            "attainment": column("attainment"),
            "growth": growth,
            "growth-over-peers": (growth - _peers(scoring, growth)) * 100,
            "growth-over-plan": (column("actual") - column("plan")) / column("last_year") * 100,
            "period-attainment": column("current") / _planned(scoring.cube, column, s),
        }
        if keeps_pace(m):
            found["behind-pace"] = -column("pace_gap")
            found["pace-ratio"] = column("pace_ratio")
    return found


def _planned(cube: Cube, column: Callable[..., Floats], s: int) -> Floats:
    """What was planned for the period alone."""
    whole: Floats = column("plan")
    windows = cube.window_of[cube.scored_columns]
    if s and windows[s] == windows[s - 1]:
        whole = whole - np.nan_to_num(column("plan", s - 1))
    return np.where(whole > 0, whole, np.nan)


def _peers(scoring: Scoring, values: Floats) -> Floats:
    """The mean over each unit's track."""
    out = np.full(values.shape, np.nan)
    for rows in scoring.field.group_rows("track"):
        known = values[rows][np.isfinite(values[rows])]
        out[rows] = known.mean() if len(known) else np.nan
    return out


def _units(scoring: Scoring, s: int, units: list[tuple[int, Unit]]) -> list[Observation]:
    """Score, place, place from the bottom, places lost, and events, of every unit."""
    ranks, groups = scoring.standing.rank[:, s], scoring.standing.group
    moved, _ = movements(scoring, s)
    period = scoring.cube.scored[s]
    out = []
    for u, unit in units:
        values: dict[str, float] = {}
        if np.isfinite(scoring.score[u, s]):
            values["score"] = float(scoring.score[u, s])
        if ranks[u] > 0:
            values["rank"] = float(ranks[u])
            peers = ranks[(groups == groups[u]) & (ranks > 0)]
            values["bottom"] = float((peers > ranks[u]).sum() + 1)
            if moved[u] is not None:
                values["fall"] = float(-(moved[u] or 0))
        events = tuple(
            e.name
            for e in scoring.field.events_of.get(unit.code, [])
            if period.start <= e.on <= period.end
            for _ in range(int(e.count))
        )
        if values or events:
            out.append(
                Observation(
                    subject=unit.code, kind="unit", on=period.end, values=values, events=events,
                    name=unit.label, unit=unit.code, group=unit.track,
                )
            )  # fmt: skip
    return out
