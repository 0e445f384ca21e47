"""If a unit did more: what catching up, meeting the target or one place would take and bring.

Every line is scored anew by the library with that one figure changed; nothing is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from saima.scoring import Scoring
from saima.scoring.editing import Edit, edited
from saima.scoring.marks import LeafMarks, Status
from saima.scoring.result import UnitResult
from saima.scoring.sentences import plain
from saima.scoring.standing import Keys, place_by
from saima_web.scoring.inputs import unit_scoring
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of
from saima_web.ui.templatetags.saima import plain_number

FALLING = ("less", "clear-to-zero")
KNOWN = ("more", *FALLING)


@dataclass(frozen=True)
class If:
    """One line: how much more (or less), what for, and what the mark, score and place become."""

    amount: str
    aim: str
    fewer: bool
    mark_was: float
    mark: float
    score_was: float
    score: float
    rank_was: int | None
    rank: int | None

    @property
    def gain(self) -> float:
        return round(self.mark - self.mark_was, 4)

    @property
    def moved(self) -> int | None:
        return self.rank_was - self.rank if self.rank_was and self.rank else None


@dataclass(frozen=True)
class _Cell:
    """One leaf of one unit in the run's period."""

    scoring: Scoring
    leaf: LeafMarks
    u: int
    s: int
    places: Keys | None = None

    def get(self, name: str) -> float:
        values = self.leaf.q.get(name).value
        return float(np.broadcast_to(values, self.leaf.full.shape)[self.u, self.s])

    @property
    def fewer(self) -> bool:
        return self.leaf.q.direction in FALLING

    @property
    def decimals(self) -> int:
        return int(self.leaf.q.indicator.decimals)

    def distance(self, goal: float) -> float:
        """How far it is to a goal, rounded up to the figure's decimals; NaN without a figure."""
        rest = (self.get("actual") - goal) * (1 if self.fewer else -1)
        if math.isnan(rest):
            return rest
        scale = 10.0**self.decimals
        return math.ceil(rest * scale - 1e-6) / scale


def lines(run: ScoreRun, unit: str, indicator: str) -> list[If]:
    """The lines of a mark, the smallest step first; a longer one stands only if it gains more."""
    cell = _cell(*unit_scoring(run, unit), run.period, unit, indicator)
    was = next((u for u in result_of(run).units if u.unit == unit), None)
    if cell is None or was is None:
        return []
    steps: dict[float, str] = {}
    for aim, distance in _aims(cell, was, indicator):
        if distance > 0:
            steps[distance] = steps[distance] + _("、") + aim if distance in steps else aim
    found: list[If] = []
    for more in sorted(steps):
        line = _line(cell, was, run.period, more, steps[more])
        if line is not None and line.gain > (found[-1].gain if found else 0.0):
            found.append(line)
    return found


def _cell(
    scoring: Scoring, places: Keys | None, period: str, unit: str, indicator: str
) -> _Cell | None:
    """The leaf, where its mark hangs on a figure of this very period."""
    u, s = scoring.cube.campaign.unit_index[unit], scoring.index_of(period)
    leaves = [m for m in scoring.marked if m.leaf.indicator == indicator and m.counted[u, s]]
    if not leaves or leaves[0].leaf.against != "target":
        return None
    q = leaves[0].q
    if q.indicator.qualitative or q.direction not in KNOWN or q.held[u, s]:
        return None
    return _Cell(scoring, leaves[0], u, s, places)


def _aims(cell: _Cell, was: UnitResult, indicator: str) -> Iterator[tuple[str, float]]:
    if was.need is not None and was.need.indicator == indicator:
        yield _("追上前一名"), was.need.more
    target, pace = cell.get("target"), cell.get("pace")
    if cell.leaf.q.direction == "clear-to-zero":
        opening = cell.get("opening")
        yield _("赶上序时"), cell.distance(opening - (opening - target) * pace)
    elif not cell.fewer:
        yield _("赶上序时"), cell.distance(target * pace)
    yield _("完成目标"), cell.distance(target)


def _line(cell: _Cell, was: UnitResult, period: str, more: float, aim: str) -> If | None:
    """The unit scored with the changed figure; None where the change did not reach the mark."""
    code, cube = cell.leaf.leaf.indicator, cell.scoring.cube
    column, row = cube.scored_columns[cell.s], cell.leaf.q.row
    flows = cell.leaf.q.indicator.nature == "in-period" and cube.in_period is not None
    layer = cube.in_period if flows and cube.in_period is not None else cube.value
    base = float(layer[row, cell.u, column])
    change = -more if cell.fewer else more
    value = (0.0 if math.isnan(base) else base) + change
    scoring = edited(cell.scoring, [Edit(was.unit, code, period, value)])
    leaves = [m for m in scoring.marked if m.leaf.indicator == code and m.held[cell.u, cell.s]]
    old, new = _mark(was, code), _marked(leaves, cell.u, cell.s)
    if old is None or new is None:
        return None
    reached = cell.get("actual") + change
    if not abs(_Cell(scoring, leaves[0], cell.u, cell.s).get("actual") - reached) <= 1e-6:
        return None
    amount = plain_number(more, cell.decimals) + cell.leaf.q.indicator.measure
    score = plain(scoring.score[cell.u, cell.s]) or 0.0
    rank = _rank(cell, scoring, was.unit)
    return If(amount, aim, cell.fewer, old, new, was.score or 0.0, score, was.rank, rank)


def _rank(cell: _Cell, scoring: Scoring, unit: str) -> int | None:
    """The unit's place with the changed figure: the others stand as they stood."""
    if cell.places is None:
        return int(scoring.standing.rank[cell.u, cell.s]) or None
    among, _ = cell.places[unit]
    fresh = scoring.keys_at(cell.s)[unit][1]
    return place_by(cell.places | {unit: (among, fresh)}, unit, scoring.rulebook.ranks.ties) or None


def _marked(leaves: Sequence[LeafMarks], u: int, s: int) -> float | None:
    """What an indicator brings a unit, over all its leaves; None where nothing is counted."""
    found = [float(m.marks[u, s]) for m in leaves if m.status[u, s] != Status.LEFT_OUT]
    return sum(found) if found else None


def _mark(unit: UnitResult, indicator: str) -> float | None:
    found = [m.marks for m in unit.marks if m.indicator == indicator and m.marks is not None]
    return sum(found) if found else None
