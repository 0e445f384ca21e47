"""Methods with settings at random, for generated rulebooks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from saima.campaigns import Campaign, Indicator
from saima.rules.methods import method

RATIOS = ("attainment", "attainment", "attainment", "pace_ratio", "plan_attainment", "growth")


def a_ratio(random: Random, x: Indicator) -> str:
    if x.direction == "clear-to-zero":
        return random.choice(["attainment", "cleared_share"])
    return random.choice(RATIOS)


def a_quantity(random: Random, x: Indicator) -> str:
    return random.choice(["actual", "current", "attainment", "growth", "pace_gap", "shortfall"])


def attainment(random: Random, x: Indicator) -> dict[str, Any]:
    cap = random.choice([1.0, 1.0, 1.2, None])
    return {"of": a_ratio(random, x), "floor": random.choice([0.0, 0.5]), "cap": cap}


def rank_decay(random: Random, x: Indicator) -> dict[str, Any]:
    return {
        "of": a_quantity(random, x),
        "step": random.choice([0.05, 0.3]),
        "lowest": random.choice([0.0, 0.2]),
        "among": random.choice(["track", "all"]),
    }


ALONE: dict[str, Callable[[Random, Indicator], dict[str, Any]]] = {"attainment": attainment}
"""Methods that look at one unit alone."""

COMPARING: dict[str, Callable[[Random, Indicator], dict[str, Any]]] = {"rank-decay": rank_decay}
"""Methods that look at the other units."""


def some_method(random: Random, campaign: Campaign, x: Indicator, plain: bool) -> tuple[str, Any]:
    """A method's name and settings that suit the indicator."""
    offered = ALONE if plain else ALONE | COMPARING
    name = random.choice(sorted(offered))
    return name, method(name).Settings(**offered[name](random, x))
