"""One scored period arranged for people: groups that rank together, names, what moved since before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from saima.campaigns import Campaign, Unit
from saima.periods import Period
from saima.problems import Problem
from saima.rounding import text
from saima.scoring.additions import vetoes
from saima.scoring.boards import PaceRow
from saima.scoring.engine import Scoring
from saima.scoring.marks import LeafMarks, Status, leaf_problems
from saima.scoring.result import Mark, Result, UnitResult
from saima.steps import Floats

_NOT_HELD = int(Status.NOT_HELD)
_OUT = {_NOT_HELD, int(Status.LEFT_OUT)}


@dataclass(frozen=True)
class Group:
    """Units that are ranked against one another; `name` is their track, empty for all units.

    ranked: best first, ties in official order. apart: scored without a place, in official order.
    """

    name: str
    ranked: tuple[UnitResult, ...]
    apart: tuple[UnitResult, ...]

    @property
    def units(self) -> tuple[UnitResult, ...]:
        return (*self.ranked, *self.apart)


@dataclass(frozen=True)
class Overview:
    """A scoring run seen at one period, which `result` reports."""

    scoring: Scoring
    result: Result

    @cached_property
    def s(self) -> int:
        """The index of the period among the scored ones."""
        return self.scoring.index_of(self.result.period)

    @property
    def period(self) -> Period:
        return self.scoring.cube.scored[self.s]

    @property
    def campaign(self) -> Campaign:
        return self.scoring.cube.campaign

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups in the order of the tracks; those without a unit are left out."""
        if self.scoring.rulebook.ranks.within == "all":
            return (_group("", list(self.result.units)),)
        tracks = self.scoring.field.tracks
        found = (_group(t, [u for u in self.result.units if u.track == t]) for t in tracks)
        return tuple(group for group in found if group.units)

    @cached_property
    def by_code(self) -> dict[str, UnitResult]:
        return {u.unit: u for u in self.result.units}

    def unit(self, code: str) -> Unit:
        return self.campaign.unit(code)

    def label(self, code: str) -> str:
        """A unit's short name."""
        return self.campaign.unit(code).label

    def index(self, code: str) -> int:
        return self.campaign.unit_index[code]

    @cached_property
    def before(self) -> int | None:
        """The index of the scored period before in the same window, to compare marks with."""
        window = self.campaign.clock.window
        s = self.s - 1
        if s < 0 or window(self.scoring.cube.scored[s].end) != window(self.period.end):
            return None
        return s

    @cached_property
    def paced(self) -> dict[str, LeafMarks]:
        """Indicators that have a pace, in the rulebook's order, each with its first leaf."""
        found: dict[str, LeafMarks] = {}
        for leaf in self.scoring.marked:
            if _has_pace(leaf):
                found.setdefault(leaf.leaf.indicator, leaf)
        return found

    @cached_property
    def pace_rows(self) -> tuple[PaceRow, ...]:
        """Units against the pace of the indicators that have one, furthest ahead first.

        An indicator that is scored twice counts once.
        """
        rows = [
            PaceRow(unit.unit, mark.indicator, mark.attainment, mark.pace_gap)
            for unit in self.result.units
            for mark, leaf in self.leaves(unit)
            if self.paced.get(mark.indicator) is leaf
            and mark.attainment is not None
            and mark.pace_gap is not None
        ]
        return tuple(sorted(rows, key=lambda row: -row.gap))

    @property
    def moved(self) -> bool:
        """True where places can be compared with a period before."""
        return self.result.movement_basis != "none"

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What kept marks of this period from being given, in the order of the rulebook."""
        marked, field = self.scoring.marked, self.scoring.field
        return tuple(p for m in marked for p in leaf_problems(m, field, self.s))

    @property
    def score_decimals(self) -> int:
        places = self.scoring.rulebook.rounding.score
        return 2 if places is None else places

    @property
    def mark_decimals(self) -> int:
        places = self.scoring.rulebook.rounding.marks
        return 2 if places is None else places

    def score_text(self, value: float) -> str:
        return text(value, self.score_decimals)

    def marks_text(self, value: float) -> str:
        return text(value, self.mark_decimals)

    def score_change(self, code: str) -> float | None:
        """Points gained since the period before, None where there is nothing to compare with."""
        return self._change(self.scoring.score[self.index(code)])

    def mark_change(self, leaf: LeafMarks, code: str) -> float | None:
        """Marks gained in one leaf, None unless it counted in both periods."""
        u, before = self.index(code), self.before
        if before is None or {int(leaf.status[u, self.s]), int(leaf.status[u, before])} & _OUT:
            return None
        return self._change(leaf.marks[u])

    def _change(self, values: Floats) -> float | None:
        """Of one unit's values by period, not yet rounded."""
        if self.before is None:
            return None
        change = float(values[self.s]) - float(values[self.before])
        return None if change != change else change

    def leaves(self, unit: UnitResult) -> list[tuple[Mark, LeafMarks]]:
        """A unit's marks, each with the leaf behind it, in the order of the rulebook."""
        u = self.index(unit.unit)
        held = [m for m in self.scoring.marked if m.status[u, self.s] != _NOT_HELD]
        return list(zip(unit.marks, held, strict=True))

    @cached_property
    def _marks(self) -> dict[tuple[str, int], Mark]:
        return {
            (unit.unit, id(leaf)): mark
            for unit in self.result.units
            for mark, leaf in self.leaves(unit)
        }

    def mark(self, unit: UnitResult, leaf: LeafMarks) -> Mark | None:
        """A unit's mark in one leaf, None where it does not have the indicator."""
        return self._marks.get((unit.unit, id(leaf)))

    def apart_reason(self, unit: UnitResult) -> str:
        """Why a unit has no place: listed apart, no score, or a veto."""
        if not self.unit(unit.unit).ranked:
            return "单列"
        if unit.score is None:
            return "无得分"
        effects = {r.effect for _, r in vetoes(self.scoring.field, self.index(unit.unit), self.s)}
        return "一票否决" if "unranked" in effects else "不排名"


def _has_pace(leaf: LeafMarks) -> bool:
    """True for what adds up towards a target or counts down, and for what is scored by pace.

    A level (整改率) has no pace by itself: half the year does not make half of a rate.
    """
    if any(name.startswith("pace") for name in leaf.method.needs(leaf.leaf.settings)):
        return True
    flow = leaf.q.indicator.nature != "point-in-time" and leaf.q.direction == "more"
    return leaf.leaf.against == "target" and (flow or leaf.q.direction == "clear-to-zero")


def _group(name: str, units: list[UnitResult]) -> Group:
    ranked = sorted((u for u in units if u.rank), key=lambda u: u.rank or 0)
    return Group(name, tuple(ranked), tuple(u for u in units if not u.rank))
