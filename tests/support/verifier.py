"""A short independent verifier of traces: every value again from the leaves alone, exact in float64.

It reads the JSON of `Step.as_data` and shares no code with what wrote it.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import numpy as np

NAN = math.nan
EXACT = 2.0**53


def half_up(x: float, places: int) -> float:
    """Half away from zero on the printed decimal; too large to carry the decimals: as it is."""
    if not math.isfinite(x) or 10.0 * math.floor(abs(x) * 10.0**places) + 5.0 >= EXACT:
        return x
    return float(Decimal(repr(x)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def settle(x: float) -> float:
    """Nine decimals, fewer where a float holds no more."""
    places = 9
    while math.isfinite(x) and places and 10.0 * math.floor(abs(x) * 10.0**places) + 5.0 >= EXACT:
        places -= 1
    return half_up(x, places)


def divide(a: float, b: float) -> float:
    return NAN if b == 0 else a / b


def power(a: float, b: float) -> float:
    return float(np.power(a, b))  # the platform's own: languages differ in the last digit


def least(a: float, b: float) -> float:
    return NAN if math.isnan(a) or math.isnan(b) else min(a, b)


def most(a: float, b: float) -> float:
    return NAN if math.isnan(a) or math.isnan(b) else max(a, b)


ARITHMETIC = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": divide,
    "power": power,
    "minimum": least,
    "maximum": most,
    "absolute": abs,
    "floor": lambda a: a if math.isnan(a) else float(math.floor(settle(a))),
    "at_least": lambda a, b: float(a >= b),
    "more_than": lambda a, b: float(a > b),
    "at_most": lambda a, b: float(a <= b),
    "less_than": lambda a, b: float(a < b),
    "where": lambda test, taken: NAN if math.isnan(test) else taken,
}


def interpolate(x: float, full: float, points: list[list[float]]) -> float:
    if math.isnan(x):
        return NAN
    if x <= points[0][0]:
        return points[0][1] * full
    for (x0, y0), (x1, y1) in pairwise(points):
        if x < x1:
            return (y0 + (x - x0) * (y1 - y0) / (x1 - x0)) * full
    return points[-1][1] * full


def lookup(x: float, bounds: list[float], values: list[float]) -> float:
    """`values` starts with the one below the first bound; a bound belongs to the band above it."""
    return NAN if math.isnan(x) else values[sum(settle(x) >= bound for bound in bounds)]


def statistic(op: str, of: list[float], detail: dict[str, Any]) -> float:
    """Best, worst, mean, sum, rank or count of the units whose values the step lists."""
    values = sorted(float(value) for _, value in detail["values"])
    ascending = detail["ascending"]
    if op == "count":
        return float(len(values))
    if op == "rank":
        mine = settle(of[0])
        ahead = [settle(v) < mine if ascending else settle(v) > mine for v in values]
        return 1.0 + sum(ahead)
    if not values:
        return NAN
    if op in ("mean", "sum"):
        return sum(values) / (len(values) if op == "mean" else 1)
    return values[0] if (op == "best") == ascending else values[-1]


def made(op: str, of: list[float], detail: dict[str, Any], stated: float) -> float:
    """The value of one step from the values of its parts."""
    if op in ("input", "constant"):
        return stated
    if "ascending" in detail:
        return statistic(op, of, detail)
    if op in ARITHMETIC:
        return ARITHMETIC[op](*of)
    if op == "sum":
        return sum(of[1:], of[0])
    if op == "round":
        return half_up(settle(of[0]), detail["places"])
    if op == "interpolate":
        return interpolate(*of, detail["points"])
    if op == "lookup":
        return lookup(*of, detail["bounds"], detail["values"])
    raise ValueError(op)


def derived(step: dict[str, Any], path: str, faults: list[str]) -> float:
    """The value of a step from its leaves alone; notes where the stated one differs."""
    children = enumerate(step.get("of", ()))
    of = [derived(child, f"{path}/{i}", faults) for i, child in children]
    stated = NAN if step["value"] is None else float(step["value"])
    found = made(step["op"], of, step.get("detail", {}), stated)
    if stated != found and not (math.isnan(stated) and math.isnan(found)):
        faults.append(f"{path or '/'} {step['op']}: stated {stated!r}, its parts give {found!r}")
    return found


def verify(trace: dict[str, Any]) -> list[str]:
    """What does not follow from the leaves of a trace; empty if all of it does."""
    faults: list[str] = []
    derived(trace, "", faults)
    return faults
