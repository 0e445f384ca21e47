"""What the reference knows of a unit: its marks leaf by leaf, its score and its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from saima.campaigns import Unit
from saima.rules.rulebook import EventRule, Leaf
from tests.support.reference.figures import Number

HUNDRED = Fraction(100)


@dataclass
class Scored:
    """One leaf of one unit: `mark` is None while it has none."""

    leaf: Leaf
    full: Fraction
    weight: Fraction
    state: str  # marked | refused | missing | left_out
    mark: Number = None

    @property
    def present(self) -> bool:
        return self.state in ("marked", "refused")

    @property
    def outcome(self) -> str:
        """What became of it: a missing figure is left out, or marked by its policy."""
        if self.state == "missing":
            policy = self.leaf.when_missing.replace("-", "_")
            return "left_out" if self.mark is None else policy
        return self.state


@dataclass
class Row:
    """What is known of a unit at a scored period."""

    unit: Unit
    leaves: dict[int, Scored] = field(default_factory=dict)  # by id of the leaf
    unrounded: Number = None
    score: Number = None
    rank: int | None = None
    tier: str = ""
    grade: str = ""
    vetoes: list[EventRule] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)

    def has_veto(self, effect: str) -> bool:
        return any(rule.effect == effect for rule in self.vetoes)

    @property
    def competes(self) -> bool:
        return self.unit.ranked and self.score is not None and not self.has_veto("unranked")


def own_rate(row: Row) -> Number:
    """Marks over full marks of what the unit has figures for."""
    present = [s for s in row.leaves.values() if s.present and not s.leaf.extra]
    full = sum((s.full for s in present), Fraction(0))
    return sum((s.mark for s in present), Fraction(0)) / full if full else None


def track_rate(row: Row, scored: Scored, rows: list[Row]) -> Number:
    """The mean rate of the ranked units of the track that have a mark of their own."""
    rates = []
    for other in rows:
        theirs = other.leaves.get(id(scored.leaf))
        same = other.unit.ranked and other.unit.track == row.unit.track
        if same and theirs and theirs.state == "marked":
            rates.append(theirs.mark / theirs.full)
    return sum(rates, Fraction(0)) / len(rates) if rates else None
