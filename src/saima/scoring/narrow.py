"""One mark without the whole campaign: which figures it hangs on, and its marking from them alone.

A mark hangs on the figures of its own unit and indicator; of all units where it compares them; of
units below where figures are summed up; of the indicators that its own is made of or held to.
What only the whole can tell is given: the cube's axes, and a unit's own average where a missing
mark follows it. Equal to the whole scoring to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from msgspec import structs

from saima.campaigns import Campaign, Indicator
from saima.cube import Axes, build
from saima.periods import Kind
from saima.rules.marking import modified
from saima.rules.methods import method
from saima.rules.quantities import Quantities, Scope, Statistic, is_quantity
from saima.rules.rulebook import Leaf, Rulebook
from saima.scoring.cells import Field
from saima.scoring.engine import Marking, finished, with_known_leaves
from saima.scoring.marks import OwnParts, fill_averages, mark_leaf
from saima.scoring.rollup import completed, derivation
from saima.steps import Num
from saima.tables import Tables

Own = Mapping[str, tuple[float, float]]
"""By unit code, marks and full marks that its own average rate is made of, in one period."""


@dataclass(frozen=True)
class Reach:
    """What a mark hangs on: these indicators' figures of all units, and those of some units."""

    everywhere: frozenset[str]
    here: frozenset[str]
    units: frozenset[str]

    @property
    def indicators(self) -> frozenset[str]:
        return self.everywhere | self.here

    def holds(self, indicator: str, unit: str) -> bool:
        return indicator in self.everywhere or (indicator in self.here and unit in self.units)


def reach(campaign: Campaign, rulebook: Rulebook, unit: str, indicator: str | None = None) -> Reach:
    """What the marks of a unit in an indicator, or in all of them, hang on."""
    everywhere: set[str] = set()
    here: set[str] = set()
    for _, leaf in rulebook.leaves():
        if indicator in (None, leaf.indicator) and leaf.indicator in campaign.indicator_index:
            asked = _Asked.by(leaf, campaign.indicator(leaf.indicator), rulebook)
            (everywhere if asked.compares else here).update(asked.others, (leaf.indicator,))
    everywhere = _made_of(campaign, everywhere)
    here = _made_of(campaign, here) - everywhere
    sums = any(campaign.indicator(code).rolls_up == "sum" for code in here)
    units = _below(campaign, unit) if sums else {unit}
    return Reach(frozenset(everywhere), frozenset(here), frozenset(units if here else ()))


class _Asked(Quantities):
    """Notes what a leaf asks for beyond its own unit and indicator; every number is 1."""

    def __init__(self, leaf: Leaf, indicator: Indicator, rulebook: Rulebook) -> None:
        self.direction, self.reverse = indicator.direction, leaf.reverse
        self.pace_base = leaf.pace or rulebook.pace
        self.zero_target, self.negative_target = leaf.zero_target, leaf.negative_target
        self.others: set[str] = set()
        self.compares = leaf.when_missing == "track-average"

    @classmethod
    def by(cls, leaf: Leaf, indicator: Indicator, rulebook: Rulebook) -> _Asked:
        """What the mark, its sentence and its gate ask for."""
        asked, chosen = cls(leaf, indicator, rulebook), method(leaf.method)
        modified(chosen.marks(asked, leaf.settings), asked, leaf, rulebook)
        names = [*chosen.needs(leaf.settings), *chosen.shows(leaf.settings)]
        for name in [*names, leaf.gate.of] if leaf.gate else names:
            asked.get(name) if is_quantity(name) else asked.other(name)
        return asked

    def basic(self, _: str) -> Num:
        return Num(1.0)

    def statistic(self, _: Statistic, of: str, __: Scope) -> Num:
        self.compares = True
        return self.get(of)

    def regions(self, _: Statistic, of: str) -> Num:
        self.compares = True
        return self.get(of)

    def other(self, indicator: str) -> Num:
        self.others.add(indicator)
        return Num(1.0)

    def of_other(self, indicator: str, of: str) -> Num:
        self.others.add(indicator)
        return self.get(of)

    def events(self, _: str) -> Num:
        return Num(1.0)

    def graded(self, _: tuple[str, ...]) -> Num:
        return Num(0.0)


def _made_of(campaign: Campaign, codes: Iterable[str]) -> set[str]:
    """These indicators and those that they are made of, and so on."""
    found: set[str] = set()
    open_ = list(codes)
    while open_:
        code = open_.pop()
        if code not in found and code in campaign.indicator_index:
            found.add(code)
            open_ += _parts(campaign, code)
    return found


def _parts(campaign: Campaign, code: str) -> Iterable[str]:
    indicator = campaign.indicator(code)
    if indicator.formula:
        formula = derivation(campaign, campaign.indicator_index[code])
        yield from formula.names if formula else ()
    if indicator.rolls_up == "ratio":
        yield from (indicator.numerator, indicator.denominator)


def _below(campaign: Campaign, unit: str) -> set[str]:
    """A unit and all below it."""
    found, last = {unit}, {unit}
    while last:
        last = {u.code for u in campaign.units if u.parent in last} - found
        found |= last
    return found


def narrowed(
    tables: Tables,
    rulebook: Rulebook,
    whole: Axes,
    of: Reach,
    *,
    indicator: str | None = None,
    own: Own | None = None,
    period: str = "",
) -> Marking:
    """The marking of an indicator, or the scoring of a unit, from what `reach` says alone.

    The campaign of the tables is the whole one; only marks of the units within reach hold. `own`
    is needed where a missing mark of the indicator in the period follows the unit's own average.
    """
    kind = cast(Kind, rulebook.scores.replace("-", "_"))
    known = with_known_leaves(rulebook, tables.campaign)
    part = replace(tables, campaign=_cut(tables.campaign, of))
    field = Field.of(completed(build(part, kind, whole)), known)
    leaves = [(path, leaf) for path, leaf in known.leaves() if indicator in (None, leaf.indicator)]
    marked = [mark_leaf(field, path, leaf) for path, leaf in leaves]
    if indicator is None:
        return finished(field, marked, {})
    found = _Alone(field.cube, known, field, marked, _own_parts(field, own or {}, period))
    fill_averages(marked, field, found.own)
    return found


def _cut(campaign: Campaign, of: Reach) -> Campaign:
    """The campaign with what is within reach only, in the order of the whole."""
    units = campaign.units
    if not of.everywhere:
        units = tuple(u for u in units if u.code in of.units)
    return structs.replace(
        campaign,
        units=units,
        indicators=tuple(x for x in campaign.indicators if x.code in of.indicators),
        assignments=tuple(a for a in campaign.assignments if a.indicator in of.indicators),
    )


@dataclass(frozen=True)
class _Alone(Marking):
    """A marking of some leaves, with what the others give to the average of a unit's own marks."""

    given: OwnParts

    @property
    def own(self) -> OwnParts:
        return self.given


def _own_parts(field: Field, own: Own, period: str) -> OwnParts:
    got, full = np.full(field.shape, np.nan), np.full(field.shape, np.nan)
    for s, scored in enumerate(field.cube.scored):
        if scored.text == period:
            for u, unit in enumerate(field.cube.campaign.units):
                got[u, s], full[u, s] = own.get(unit.code, (np.nan, np.nan))
    return got, full
