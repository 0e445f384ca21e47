"""Which units have which indicators, as the assignments and the rulebooks say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saima.campaigns import Assignment, Campaign, Unit
from saima.rules.rulebook import Leaf, Rulebook


def assigned_pairs(campaign: Campaign, rulebooks: tuple[Rulebook, ...]) -> NDArray[np.bool_]:
    """(units, indicators): True where a unit in a track has the indicator and exists in time.

    Assignments say so where an indicator has any; else every unit to whom a rulebook gives
    weight for it.
    """
    found = np.zeros((len(campaign.units), len(campaign.indicators)), dtype=bool)
    assigned: set[str] = set()
    tracks = np.array([u.track for u in campaign.units], dtype=object)
    for given in campaign.assignments:
        if given.indicator in campaign.indicator_index:
            assigned.add(given.indicator)
            found[_members(campaign, given, tracks), campaign.indicator_index[given.indicator]] = (
                True
            )
    for rulebook in rulebooks:
        for _, leaf in rulebook.leaves():
            if leaf.indicator in campaign.indicator_index and leaf.indicator not in assigned:
                column = campaign.indicator_index[leaf.indicator]
                found[:, column] |= _weighed(leaf, tracks)
    clock = campaign.clock
    there = [
        bool(u.track) and (u.valid_to is None or u.valid_to >= clock.start) for u in campaign.units
    ]
    found &= np.array(there, dtype=bool)[:, None]
    return found


def _members(
    campaign: Campaign, given: Assignment, tracks: NDArray[np.object_]
) -> NDArray[np.bool_] | list[int]:
    if given.unit:
        return [campaign.unit_index[given.unit]] if given.unit in campaign.unit_index else []
    if given.track:
        return np.asarray(tracks == given.track, dtype=bool)
    return np.ones(len(tracks), dtype=bool)


def _weighed(leaf: Leaf, tracks: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Where a leaf counts by track: assigned weights count only where assigned."""
    if not isinstance(leaf.weight, dict):
        return np.full(len(tracks), leaf.weight != "assigned")
    return np.isin(tracks, [track for track, weight in leaf.weight.items() if weight])


def full_weights(campaign: Campaign, rulebook: Rulebook, unit: Unit) -> float:
    """All points that a unit can earn from the leaves of a rulebook, as the engine weighs them."""
    return sum(_weight(campaign, leaf, unit) for _, leaf in rulebook.leaves())


def _weight(campaign: Campaign, leaf: Leaf, unit: Unit) -> float:
    """An assignment by unit before one by track before one for all, before the rulebook's own."""
    base = 0.0
    if isinstance(leaf.weight, (int, float)):
        base = float(leaf.weight)
    elif leaf.weight != "assigned":
        base = float(leaf.weight.get(unit.track, 0.0))
    rows = [a for a in campaign.assignments if a.indicator == leaf.indicator]
    own = [a for a in rows if a.unit == unit.code]
    fitting = own or [a for a in rows if not a.unit and a.track in ("", unit.track)]
    if not fitting:
        return 0.0 if rows else base
    stated = max(fitting, key=lambda a: bool(a.track)).weight
    return base if stated is None else stated
