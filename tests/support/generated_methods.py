"""Methods with settings at random, for generated rulebooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from msgspec import convert

from saima.rules.methods import method

Settings = Callable[[Random], dict[str, Any]]
RATIOS = (
    "attainment",
    "attainment",
    "attainment",
    "pace_ratio",
    "plan_attainment",
    "growth",
    "cleared_share",
)
AMOUNTS = ("actual", "current", "growth", "shortfall", "change", "attainment", "pace_gap")
COUNTED = ("项目开工", "通报表扬")


def some_method(random: Random, methods: Sequence[str]) -> tuple[str, Any]:
    """One of these methods, with settings."""
    name = random.choice(methods)
    return name, convert(SETTINGS[name](random), method(name).Settings)


def an_amount(random: Random) -> str:
    return random.choice(AMOUNTS)


def among(random: Random) -> str:
    return random.choice(["track", "all"])


def some_marks(random: Random) -> float | str:
    return random.choice(["full", "80%", "50%", 3.0, 0.5])


def a_limit(random: Random) -> float | str | None:
    return random.choice([None, None, 2.0, "20%", "full"])


def a_slope(random: Random, each: float) -> dict[str, Any]:
    side = random.choice(["adds", "takes"])
    steps = random.choice(["linear", "whole", "begun"])
    size = random.choice([0.5, 1.0, "5%"])
    return {"each": each, side: size, "at-most": a_limit(random), "steps": steps}


# --- one unit alone -----------------------------------------------------------------------------


def attainment(random: Random) -> dict[str, Any]:
    cap = random.choice([1.0, 1.0, 1.2, None])
    return {"of": random.choice(RATIOS), "floor": random.choice([0.0, 0.5]), "cap": cap}


def piecewise(random: Random) -> dict[str, Any]:
    lines = [
        ("attainment", [[0.0, 0.0], [1.0, "full"]], 0.1),
        ("attainment", [[0.5, "50%"], [0.8, "80%"], [1.0, "full"]], 0.05),
        ("pace_gap", [[-50.0, 0.0], [0.0, "full"]], 1.0),
        ("growth", [[0.0, "full"]], 0.01),
        ("actual", [[0.0, 1.0], [20.0, 6.0], [60.0, 8.0]], 5.0),
    ]
    of, points, each = random.choice(lines)
    sides = {side: a_slope(random, each) for side in ("above", "below") if random.random() < 0.5}
    return {"of": of, "points": points, **sides}


def stepped(random: Random) -> dict[str, Any]:
    of, start, each = random.choice(
        [
            *(("attainment", 1.0, 0.03), ("pace_gap", 0.0, 5.0), ("actual", "plan", 3.0)),
            *(("growth", 0.1, 0.02), ("actual", "last_year", 2.5)),
        ]
    )
    return {
        "of": of,
        "from": start,
        "base": some_marks(random),
        "each": each,
        "adds": random.choice([0.5, "5%"]),
        "takes": random.choice([0.0, 1.0]),
        "adds-at-most": a_limit(random),
        "takes-at-most": a_limit(random),
        "steps": random.choice(["linear", "whole", "begun"]),
    }


def bands(random: Random) -> dict[str, Any]:
    of, bounds = random.choice(
        [
            ("attainment", (1.0, 0.8, 0.5)),
            ("pace_gap", (10.0, 0.0, -20.0)),
            ("actual", (40.0, 20.0)),
        ]
    )
    marks = ["full", 5.0, "40%"]
    if random.random() < 0.7:
        return {
            "of": of,
            "at-least": list(zip(bounds, marks)),
            "otherwise": random.choice([0.0, 1.0]),
        }
    return {"of": of, "at-most": list(zip(bounds[::-1], marks)), "otherwise": "10%"}


def all_or_nothing(random: Random) -> dict[str, Any]:
    of, than = random.choice(
        [("attainment", 1.0), ("attainment", 0.5), ("actual", "plan"), ("actual", "last_year")]
    )
    test = random.choice(["at-least", "more-than", "at-most", "less-than"])
    return {"of": of, "than": than, "test": test, "otherwise": random.choice([0.0, "50%"])}


def pace(random: Random) -> dict[str, Any]:
    if random.random() < 0.5:
        return {"floor": random.choice([0.0, 0.5]), "cap": random.choice([1.0, 1.2, None])}
    sizes = {"adds": random.choice([0.0, 0.5]), "takes": random.choice([0.2, "2%"])}
    return {
        "by": "points",
        **sizes,
        "adds-at-most": a_limit(random),
        "takes-at-most": a_limit(random),
    }


def per_event(random: Random) -> dict[str, Any]:
    kinds = [
        {"name": name, random.choice(["adds", "takes"]): random.choice([1.0, "10%"])}
        for name in COUNTED[: random.randint(1, 2)]
    ]
    kinds[0]["at-most"] = a_limit(random)
    return {"events": kinds, "base": random.choice([0.0, "50%"]), "at-most": a_limit(random)}


def formula(random: Random) -> dict[str, Any]:
    texts = [
        "min(W, W*attainment)",
        "clip(W*actual/target, 0, 1.2*W)",
        "if(pace_gap >= 0, W, W*0.6 + abs(growth))",
        "W - floor(shortfall/10)*0.5",
        "round(W*attainment, 1) + max(0, change)/100",
        "if(actual >= plan and not (actual < last_year), W, W/2)",
    ]
    return {"marks": random.choice(texts)}


def five_band(random: Random) -> dict[str, Any]:
    rising = random.choice([True, False])
    standards = [60.0, 40.0, 25.0, 10.0, 2.0]
    return {"of": "actual", "standards": standards[::-1] if rising else standards, "below": 0.1}


def clear_to_zero(random: Random) -> dict[str, Any]:
    return {
        "part": random.choice([0.8, 0.5]),
        "clear": "20%",
        "each-left": random.choice([0.0, 0.1]),
    }


def outer_rank(random: Random) -> dict[str, Any]:
    bands = [[5.0, "full"], [15.0, "60%"], [30.0, 3.0]]
    return {
        "bands": bands,
        "up": random.choice([0.0, 0.5]),
        "down": random.choice([0.0, 0.1]),
        "up-at-most": a_limit(random),
        "down-at-most": a_limit(random),
    }


def volume(random: Random) -> dict[str, Any]:
    small = {"of": "last_year", "below": 10.0, "times": 2.0}
    return {
        "each": random.choice([5.0, 2.5]),
        "adds": random.choice([1.0, "5%"]),
        "at-most": a_limit(random),
        "steps": random.choice(["linear", "whole", "begun"]),
        "threshold": random.choice([None, 10.0]),
        "small": random.choice([None, small]),
    }


# --- beside the other units ---------------------------------------------------------------------


def rank_decay(random: Random) -> dict[str, Any]:
    lowest = random.choice([0.0, 0.2])
    step = random.choice([0.05, 0.3])
    return {"of": an_amount(random), "step": step, "lowest": lowest, "among": among(random)}


def rank_bands(random: Random) -> dict[str, Any]:
    counted = random.choice(["places", "share"])
    ends = (1.0, 3.0) if counted == "places" else (0.3, 0.6)
    bands = [[end, some_marks(random)] for end in ends]
    return {"of": an_amount(random), "counted": counted, "bands": bands, "among": among(random)}


def ratio_to_best(random: Random) -> dict[str, Any]:
    return {"of": an_amount(random), "among": among(random), "floor": random.choice([0.0, 0.3])}


def efficacy(random: Random) -> dict[str, Any]:
    if random.random() < 0.3:
        ends = random.choice([(5.0, 40.0), (40.0, 5.0)])
        stated = {"unacceptable": ends[0], "satisfactory": ends[1]}
        return {"of": "actual", "range": stated, "clamp": random.choice([True, False])}
    return {
        "of": an_amount(random),
        "range": among(random),
        "clamp": random.choice([True, False]),
        "when-equal": random.choice(["full", "60%", 0.0]),
    }


def growth_and_level(random: Random) -> dict[str, Any]:
    first = {"of": "actual", "part": 0.6, "by": random.choice(["efficacy", "rank", "best"])}
    second = {"of": "growth", "part": 0.4, "by": random.choice(["efficacy", "rank"])}
    return {"lenses": [first, second], "among": among(random)}


def references(random: Random) -> dict[str, Any]:
    offered = [("actual", "last_year"), ("actual", "plan"), ("growth", "mean_all_growth")]
    offered += [("attainment", "mean_attainment"), ("growth", 0.1)]
    chosen = random.sample(offered, 2)
    found = [{"of": of, "than": than, "marks": some_marks(random)} for of, than in chosen]
    return {"references": found, "floor": random.choice([0.0, 0.2])}


def share(random: Random) -> dict[str, Any]:
    sides = {"up": a_slope(random, 1.0), "down": a_slope(random, 1.0)}
    return {"among": among(random), "base": random.choice(["full", "60%"]), **sides}


ALONE: dict[str, Settings] = {
    "all-or-nothing": all_or_nothing,
    "attainment": attainment,
    "bands": bands,
    "clear-to-zero": clear_to_zero,
    "five-band": five_band,
    "formula": formula,
    "outer-rank": outer_rank,
    "pace": pace,
    "per-event": per_event,
    "piecewise": piecewise,
    "stepped": stepped,
    "volume": volume,
}
"""Methods that look at one unit alone."""

COMPARING: dict[str, Settings] = {
    "efficacy": efficacy,
    "growth-and-level": growth_and_level,
    "rank-bands": rank_bands,
    "rank-decay": rank_decay,
    "ratio-to-best": ratio_to_best,
    "references": references,
    "share": share,
}
"""Methods that look at the other units."""

SETTINGS = ALONE | COMPARING
