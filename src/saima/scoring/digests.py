"""Digests of a run's input, over declared decimals: the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from saima.campaigns import Assignment, Campaign
from saima.cube import Cube
from saima.rounding import half_up
from saima.steps import Floats


def input_digest(cube: Cube) -> str:
    """SHA-256 of what the campaign names and of every counting figure, target and plan.

    Figures enter as whole numbers at the indicator's declared decimals, in the order of the
    cube's axes, so neither row order nor a machine's floats change it.
    """
    digest = hashlib.sha256(_names(cube))
    digest.update(np.ascontiguousarray(cube.state).tobytes())
    for i, indicator in enumerate(cube.campaign.indicators):
        layers = [cube.value[i], cube.target[i], cube.stretch[i]]
        layers += [cube.in_period[i]] if cube.in_period is not None else []
        layers += [cube.plan[i]] if cube.plan is not None else []
        for layer in layers:
            digest.update(_scaled(layer, indicator.decimals).tobytes())
    return "sha256:" + digest.hexdigest()


def _names(cube: Cube) -> bytes:
    campaign = cube.campaign
    data = {
        "clock": campaign.clock,
        "counts": campaign.counts,
        "units": campaign.units,
        "indicators": campaign.indicators,
        "assignments": campaign.assignments,
        "events": campaign.events,
        "columns": cube.columns,
    }
    return msgspec.json.encode(msgspec.to_builtins(data), order="sorted")


def _scaled(layer: Floats, decimals: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Values as whole numbers of their last declared decimal; the smallest int64 for none."""
    scaled = half_up(layer, decimals) * 10.0**decimals
    known = np.abs(scaled) < 2.0**62  # NaN compares false
    whole = half_up(np.where(known, scaled, 0.0)).astype("<i8")
    return np.where(known, whole, np.iinfo(np.int64).min).astype("<i8")


CELL = 8
"""Bytes of a cell's digest."""


def cell_digests(cube: Cube) -> NDArray[np.uint64]:
    """Of each indicator and unit, a digest of its figures, targets and plans, (indicators, units).

    With what the campaign says of the two: a part of a cube, built on the axes of the whole, gives
    its cells the digests that they have there. Parts of a campaign are told by them; the input as
    a whole by `input_digest`.
    """
    campaign = cube.campaign
    common = _json([campaign.clock, campaign.counts, cube.columns, [p.text for p in cube.scored]])
    events = {u.code: [e for e in campaign.events if e.unit == u.code] for u in campaign.units}
    units = [_json([u, events[u.code]]) for u in campaign.units]
    held = _held(campaign)
    found = np.zeros((len(campaign.indicators), len(units)), dtype="<u8")
    for i, indicator in enumerate(campaign.indicators):
        mine = held.get(indicator.code, {})
        begun = hashlib.blake2b(common + _json([indicator, mine.get("")]), digest_size=CELL)
        for u, row in enumerate(_rows(cube, i)):
            digest = begun.copy()
            digest.update(units[u] + _json(mine.get(campaign.units[u].code)))
            digest.update(row)
            found[i, u] = int.from_bytes(digest.digest(), "little")
    return found


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _held(campaign: Campaign) -> dict[str, dict[str, list[Assignment]]]:
    """By indicator that is assigned at all, and by unit ("" for all), who has it."""
    found: dict[str, dict[str, list[Assignment]]] = {}
    for row in campaign.assignments:
        found.setdefault(row.indicator, {"": []}).setdefault(row.unit, []).append(row)
    return found


def _rows(cube: Cube, i: int) -> Iterable[bytes]:
    """What an indicator's figures, targets and plans are, unit by unit."""
    indicator = cube.campaign.indicators[i]
    layers = [cube.value[i], cube.target[i], cube.stretch[i]]
    if cube.in_period is not None and indicator.nature == "in-period":
        layers.append(cube.in_period[i])
    if cube.plan is not None:
        layers.append(cube.plan[i])
    numbers = np.concatenate([_scaled(layer, indicator.decimals) for layer in layers], axis=1)
    states = np.ascontiguousarray(cube.state[i])
    for u in range(len(cube.campaign.units)):
        yield states[u].tobytes() + numbers[u].tobytes() + _graded(cube, i, u)


def _graded(cube: Cube, i: int, u: int) -> bytes:
    if cube.grade is None or not (cube.grade[i, u] >= 0).any():
        return b""
    names = [cube.grade_names[code] if code >= 0 else "" for code in cube.grade[i, u].tolist()]
    return "|".join(names).encode()
