"""Figures of parents from their children, ratios from their parts, and derived indicators.

Membership is that at the column's end. A unit's own figure always stands; ratios are never
averaged but made from the rolled-up numerator and denominator.
"""

from __future__ import annotations

import numpy as np

from saima.campaigns import Campaign
from saima.cube import NO_SOURCE, Cube, State
from saima.formulas import Formula, compile_formula, names_of
from saima.steps import Floats, Num

_PARTS = {"%": 100.0, "％": 100.0, "个百分点": 100.0, "‰": 1000.0}
"""A ratio in percent is stated as 97, not as 0.97."""


def completed(cube: Cube) -> Cube:
    """The cube with derived indicators, roll-ups and ratios filled in (in place, then returned)."""
    indicators = cube.campaign.indicators
    sums = np.array([x.rolls_up == "sum" and not x.formula for x in indicators], dtype=bool)
    if sums.any() and any(u.parent for u in cube.campaign.units):
        for unit in _from_the_bottom(cube):
            _sum_children(cube, unit, sums)
    for i, indicator in enumerate(indicators):
        if indicator.formula:  # a parent's is made of its rolled-up figures
            _derive(cube, i)
    for i, indicator in enumerate(indicators):
        if indicator.rolls_up == "ratio" and indicator.numerator and indicator.denominator:
            _make_ratio(cube, i)
    return cube


def _derive(cube: Cube, i: int) -> None:
    """An indicator that is a formula of others, over the actuals of the same unit and column."""
    formula = derivation(cube.campaign, i)
    if formula is None:  # the reader's checks have named what is wrong with it
        return
    index = cube.campaign.indicator_index
    made = formula(lambda name: Num(cube.value[index[name]])).value
    _fill(cube, i, np.broadcast_to(made, cube.value[i].shape))


def derivation(campaign: Campaign, i: int) -> Formula | None:
    """The compiled formula of a derived indicator; it may name indicators by code or name."""
    written = {x.code: x.code for x in campaign.indicators}
    written |= {f"value:{x.code}": x.code for x in campaign.indicators}
    written |= {x.name: x.code for x in campaign.indicators if x.name not in written}
    formula, _ = compile_formula(campaign.indicators[i].formula, names_of(written), written)
    return formula


def _fill(cube: Cube, i: int, made: Floats) -> None:
    """Write values where the unit has no figure of its own and the value is known."""
    here = (cube.source[i] == NO_SOURCE) & ~np.isnan(made)
    cube.value[i] = np.where(here, made, cube.value[i])
    cube.state[i] = np.where(here, State.VALUE, cube.state[i])


def _make_ratio(cube: Cube, i: int) -> None:
    index = cube.campaign.indicator_index
    indicator = cube.campaign.indicators[i]
    top, bottom = (cube.value[index[c]] for c in (indicator.numerator, indicator.denominator))
    made = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom != 0)
    _fill(cube, i, made * _PARTS.get(indicator.measure, 1.0))


def _from_the_bottom(cube: Cube) -> list[int]:
    """Units that are somebody's parent, children before parents."""
    units, index = cube.campaign.units, cube.campaign.unit_index
    parents = {u.parent for u in units if u.parent in index}

    def depth(code: str, seen: int = 0) -> int:
        parent = units[index[code]].parent
        return 0 if parent not in index or seen > len(units) else 1 + depth(parent, seen + 1)

    return [index[c] for c in sorted(parents, key=depth, reverse=True)]


def _sum_children(
    cube: Cube, unit: int, sums: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> None:
    """A unit without a row of its own takes the sum over its children at the column's end.

    One missing child makes the sum missing; children to whom it does not apply are passed over.
    """
    units = cube.campaign.units
    children = [n for n, u in enumerate(units) if u.parent == units[unit].code]
    member = np.array([[units[n].valid_at(c) for c in cube.columns] for n in children], dtype=bool)
    values = cube.value[sums][:, children]
    states = cube.state[sums][:, children]
    applies = member & ~np.isin(states, (State.NOT_APPLICABLE, State.EXCLUDED))
    made = np.where(applies, values, 0.0).sum(axis=1)
    made = np.where(applies.any(axis=1), made, np.nan)
    nowhere = np.asarray(member.any(axis=0) & ~applies.any(axis=1))
    for n, i in enumerate(np.nonzero(sums)[0].tolist()):
        empty = (cube.source[i, unit] == NO_SOURCE) & nowhere[n]
        cube.state[i, unit] = np.where(empty, State.NOT_APPLICABLE, cube.state[i, unit])
        here = (cube.source[i, unit] == NO_SOURCE) & ~np.isnan(made[n])
        cube.value[i, unit] = np.where(here, made[n], cube.value[i, unit])
        cube.state[i, unit] = np.where(here, State.VALUE, cube.state[i, unit])
