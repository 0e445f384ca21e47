"""A short independent verifier of traces: every value again from the leaves alone, exact in float64.

It reads the JSON of `Step.as_data` and shares no code with what wrote it. `faults(trace)` lists the
path of every step whose value is not what its own children give.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

NAN = math.nan
EXACT = 2.0**53


def half_up(x: float, places: int) -> float:
    """Half away from zero on the printed decimal; too large to carry the decimals: as it is."""
    if not math.isfinite(x) or 10.0 * math.floor(abs(x) * 10.0**places) + 5.0 >= EXACT:
        return x
    return float(Decimal(repr(x)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def settle(x: float) -> float:
    return half_up(x, 9)


def divide(a: float, b: float) -> float:
    return NAN if b == 0 else a / b


def power(a: float, b: float) -> float:
    return NAN if a < 0 and b != int(b) else a**b


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


def statistic(op: str, own: list[float], detail: dict[str, Any]) -> float:
    values = [float(v) for v in detail["values"] if v is not None]
    larger = detail.get("better", "larger") == "larger"
    if op == "count":
        return float(len(values))
    if op == "mean":
        return sum(values) / len(values)
    if op == "rank":
        mine = settle(own[0])
        return 1.0 + sum(settle(v) > mine if larger else settle(v) < mine for v in values)
    return max(values) if larger == (op == "best") else min(values)


def again(step: dict[str, Any]) -> float:
    """The value of a step from its children's leaves."""
    op, detail = step["op"], step.get("detail", {})
    of = [again(child) for child in step.get("of", ())]
    if op in ("input", "constant"):
        return NAN if step["value"] is None else float(step["value"])
    if op in ARITHMETIC:
        return ARITHMETIC[op](*of)
    if op == "sum":
        return sum(of[1:], of[0]) if of else 0.0
    if op == "round":
        return half_up(settle(of[0]), detail["places"])
    if op == "interpolate":
        return interpolate(of[0], of[1], detail["points"])
    if op == "lookup":
        return lookup(of[0], detail["bounds"], detail["values"])
    return statistic(op, of, detail)


def faults(step: dict[str, Any], path: str = "") -> Iterator[str]:
    """Paths (of/0/of/1) of the steps whose recorded value differs from the recomputed one."""
    stated = NAN if step["value"] is None else float(step["value"])
    found = again(step)
    if not (stated == found or (math.isnan(stated) and math.isnan(found))):
        yield f"{path or '.'}: {step['op']} says {stated!r}, its parts give {found!r}"
    for i, child in enumerate(step.get("of", ())):
        yield from faults(child, f"{path}of/{i}/")
