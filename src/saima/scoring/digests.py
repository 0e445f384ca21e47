"""Digests of a run's input, over declared decimals: the same on every machine."""

from __future__ import annotations

import hashlib

import msgspec
import numpy as np

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
