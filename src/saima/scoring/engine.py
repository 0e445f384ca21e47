"""score(tables, rulebook): every mark, score and place of every scored period, in a fixed order.

The order of steps: value → definition → method → difficulty → cap → rounding of the mark →
weight and aggregation → bonus and deduction → gate → veto → rounding of the score → rank → grade.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from msgspec import structs

from saima.campaigns import Campaign
from saima.cube import Cube, build
from saima.periods import Kind
from saima.rounding import round_computed
from saima.rules.rulebook import Node, Rulebook
from saima.scoring.additions import Additions, bonus_blocked, vetoes
from saima.scoring.aggregation import Part, combine
from saima.scoring.cells import Field, Flags
from saima.scoring.marks import (
    LeafMarks,
    OwnParts,
    Status,
    fill_averages,
    mark_leaf,
    own_parts,
)
from saima.scoring.rollup import completed
from saima.scoring.standing import Keys, Standing, keys_at, stand
from saima.steps import Floats, Num
from saima.tables import Tables


@dataclass(frozen=True)
class Marking:
    """The marks of leaves over all scored periods, before they come together."""

    cube: Cube
    rulebook: Rulebook
    field: Field
    marked: list[LeafMarks]

    @cached_property
    def own(self) -> OwnParts:
        """What the average rate of a unit's own marks is made of."""
        return own_parts(self.marked)

    def index_of(self, period: str) -> int:
        """The index of a scored period by its canonical text. Errors: KeyError."""
        for s, scored in enumerate(self.cube.scored):
            if scored.text == period:
                return s
        raise KeyError(period)


@dataclass(frozen=True)
class Scoring(Marking):
    """One run over all scored periods; arrays are (units, scored periods), NaN for no score.

    base: marks brought together. exact: with bonus, deduction and vetoes, unrounded. score: as
    published.
    """

    parts: dict[int, Part]
    base: Floats
    full: Floats
    additions: Additions
    bonus_blocked: Flags
    zeroed: Flags
    exact: Floats
    score: Floats

    @cached_property
    def standing(self) -> Standing:
        """Ranks, grades, tiers and seals of every period."""
        return stand(self.field, self.marked, self.score, self.exact)

    def keys_at(self, s: int) -> Keys:
        """What the places of a scored period go by."""
        of = self.rulebook.ranks.of
        return keys_at(self.field, self.marked, self.score if of == "rounded" else self.exact, s)


def score(tables: Tables, rulebook: Rulebook) -> Scoring:
    """Score every period of the rulebook's kind that has figures.

    Pure: the same tables and rulebook give the same numbers to the last digit.
    """
    return score_cube(prepared(tables, rulebook), rulebook)


def prepared(tables: Tables, rulebook: Rulebook) -> Cube:
    """The cube a rulebook scores on: its periods, with roll-ups and derived indicators."""
    return completed(build(tables, cast(Kind, rulebook.scores.replace("-", "_"))))


def score_cube(cube: Cube, rulebook: Rulebook) -> Scoring:
    """Score a cube that is built already."""
    rulebook = with_known_leaves(rulebook, cube.campaign)
    field = Field.of(cube, rulebook)
    marked = [mark_leaf(field, path, leaf) for path, leaf in rulebook.leaves()]
    return finished(field, marked, {})


def with_known_leaves(rulebook: Rulebook, campaign: Campaign) -> Rulebook:
    """The rulebook less leaves whose indicator the campaign lacks: the checks have named them."""
    known = campaign.indicator_index
    if all(leaf.indicator in known for _, leaf in rulebook.leaves()):
        return rulebook
    tree = (_known_part(node, known) for node in rulebook.tree)
    return structs.replace(rulebook, tree=tuple(node for node in tree if node is not None))


def _known_part(node: Node, known: Container[str]) -> Node | None:
    leaves = tuple(leaf for leaf in node.indicators if leaf.indicator in known)
    parts = (_known_part(child, known) for child in node.categories)
    nodes = tuple(part for part in parts if part is not None)
    return structs.replace(node, indicators=leaves, categories=nodes) if leaves or nodes else None


def finished(field: Field, marked: list[LeafMarks], known: dict[int, Part]) -> Scoring:
    """From marks to scores. `known` holds parts, by `id(leaf)`, that need not be made again."""
    cube, rulebook = field.cube, field.rulebook
    if marked:
        fill_averages(marked, field)
    parts = {id(m.leaf): known.get(id(m.leaf)) or part_of(m) for m in marked}
    base, full = _brought_together(field, parts)
    additions = Additions.of(field)
    blocked = bonus_blocked(field, marked)
    bonus = np.where(blocked, 0.0, additions.bonus)
    zeroed = _zeroed(field)
    exact = np.where(zeroed, base * 0.0, base + bonus - additions.deduction)
    places = rulebook.rounding.score
    rounded = exact if places is None else round_computed(exact, places)
    return Scoring(
        cube, rulebook, field, marked, parts, base, full, additions, blocked, zeroed, exact, rounded
    )


def _brought_together(field: Field, parts: dict[int, Part]) -> tuple[Floats, Floats]:
    if not parts:
        return np.full(field.shape, np.nan), np.zeros(field.shape)
    root = combine(field.rulebook.root, parts, field.rulebook.re_weight)
    counted = np.broadcast_to(root.present > 0, field.shape)
    base = np.where(counted & field.valid, root.value.value, np.nan)
    return base, np.asarray(np.broadcast_to(root.whole, field.shape))


def part_of(m: LeafMarks) -> Part:
    """A leaf's marks as a part of its node."""
    none = np.zeros_like(m.full)
    return Part(
        Num(m.marks),
        m.weight,
        none if m.leaf.extra else np.where(m.counted, m.full, 0.0),
        none if m.leaf.extra else np.where(m.status != Status.NOT_HELD, m.full, 0.0),
        m.counted if m.leaf.extra else None,
    )


def cell_part(part: Part, value: Num, unit: int, scored: int) -> Part:
    """One cell of a part, with its traced value."""
    return Part(
        value,
        part.weight[unit, scored],
        part.present[unit, scored],
        part.whole[unit, scored],
        None if part.extra is None else part.extra[unit, scored],
    )


def _zeroed(field: Field) -> Flags:
    """Where a veto takes the whole score (100-1=0)."""
    out = np.zeros(field.shape, dtype=bool)
    vetoed = {e.unit for e in field.cube.campaign.events if e.kind == "veto"}
    for u, unit in enumerate(field.cube.campaign.units):
        if unit.code in vetoed:
            for s in range(field.shape[1]):
                out[u, s] = any(r.effect == "score-zero" for _, r in vetoes(field, u, s))
    return out
