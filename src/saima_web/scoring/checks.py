"""What is missing or odd before a ranking goes out: cells not confirmed, late ones, jumps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from saima.scoring import Scoring
from saima_web.campaigns.models import Campaign
from saima_web.reporting.tallies import tallies_of
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of, scoring_of

JUMP = 3.0
"""A figure so many times its usual size (the median before), or less than this part of it, is odd."""
LEAST_HISTORY = 3


@dataclass(frozen=True)
class Reporting:
    """How far a period's round has come."""

    asked: int = 0
    confirmed: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        return self.asked - self.confirmed


def reporting(campaign: Campaign) -> dict[str, Reporting]:
    """By period, how many cells were asked, confirmed and late."""
    rounds = list(campaign.rounds.all())
    tallies = tallies_of(rounds)
    found: dict[str, Reporting] = defaultdict(Reporting)
    for row in rounds:
        tally = tallies[row.pk]
        found[row.period] = Reporting(
            tally.count(), tally.count(["confirmed"]), tally.count(late=True)
        )
    return found


@dataclass(frozen=True)
class Jump:
    """A figure unlike those before it: what it is and what was usual."""

    unit: str
    code: str
    indicator: str
    indicator_code: str
    value: float
    usual: float
    measure: str
    decimals: int


def jumps(run: ScoreRun) -> list[Jump]:
    """Figures of the run's period that are far from the usual of the months before."""
    scoring = scoring_of(run)
    return list(_jumps(scoring, scoring.index_of(run.period)))


def _jumps(scoring: Scoring, s: int) -> Iterator[Jump]:
    cube = scoring.cube
    ends = [cube.column_of[p.end] for p in cube.scored[: s + 1]]
    used = {m.leaf.indicator for m in scoring.marked}
    for i, x in enumerate(cube.campaign.indicators):
        if x.code not in used or x.qualitative or x.formula:
            continue
        amounts = _amounts(cube.value[i][:, ends], x.nature)
        for u, unit in enumerate(cube.campaign.units):
            known = amounts[u, :-1][~np.isnan(amounts[u, :-1])]
            last = amounts[u, -1]
            if np.isnan(last) or len(known) < LEAST_HISTORY:
                continue
            usual = float(np.median(np.abs(known)))
            if usual and not usual / JUMP <= abs(last) <= usual * JUMP:
                yield Jump(
                    unit.short_name or unit.name, unit.code, x.name, x.code, float(last), usual,
                    x.measure, x.decimals,
                )  # fmt: skip


def _amounts(values: np.ndarray, nature: str) -> np.ndarray:
    """What each period added, (units, periods); a figure at a point in time as it is."""
    if nature == "point-in-time":
        return values
    return np.diff(values, axis=1, prepend=0.0)


def problems(run: ScoreRun) -> list[dict[str, str]]:
    """What the library found wrong with the run's input, in words."""
    return [
        {"message": p["message"], "hint": p.get("hint", ""), "severity": p["severity"]}
        for p in result_of(run).problems
    ]
