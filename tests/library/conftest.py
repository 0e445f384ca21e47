"""A second, plain reading of traces: recomputes a step from its children with Python's numbers."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from decimal import ROUND_HALF_UP, Decimal

import pytest

TWO_SIDED = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else math.nan,
    "power": lambda a, b: a**b,
    "minimum": lambda a, b: math.nan if math.isnan(a) or math.isnan(b) else min(a, b),
    "maximum": lambda a, b: math.nan if math.isnan(a) or math.isnan(b) else max(a, b),
    "at_least": lambda a, b: flag(a, b, a >= b),
    "more_than": lambda a, b: flag(a, b, a > b),
    "at_most": lambda a, b: flag(a, b, a <= b),
    "less_than": lambda a, b: flag(a, b, a < b),
}


def flag(a, b, holds):
    """1 or 0; with a missing number neither."""
    return math.nan if math.isnan(a) or math.isnan(b) else float(holds)


def half_up(x, places):
    if math.isnan(x):
        return x
    step = Decimal(1).scaleb(-places)
    settled = Decimal(repr(x)).quantize(Decimal("1e-9"), ROUND_HALF_UP)
    return float(Decimal(repr(float(settled))).quantize(step, ROUND_HALF_UP))


def line(x, points):
    if math.isnan(x):
        return x
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if x0 <= x < x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return points[0][1] if x < points[0][0] else points[-1][1]


def again(step):
    """The value of a step, computed from its children's values alone."""
    of = [child.value for child in step.of]
    match step.op:
        case "input" | "constant" | "best" | "worst" | "mean" | "sum" | "rank" | "count" if not of:
            return step.value
        case "sum":
            return sum(of[1:], of[0])
        case "where":
            return math.nan if math.isnan(of[0]) else of[1]
        case "round":
            return half_up(of[0], step.detail["places"])
        case "floor":
            return float(math.floor(half_up(of[0], 9))) if not math.isnan(of[0]) else of[0]
        case "absolute":
            return abs(of[0])
        case "interpolate":
            return line(of[0], step.detail["points"]) * of[1]
        case "lookup":
            if math.isnan(of[0]):
                return of[0]
            return step.detail["values"][bisect_right(step.detail["bounds"], half_up(of[0], 9))]
    return TWO_SIDED[step.op](*of)


def check(step):
    value = again(step)
    assert value == step.value or (math.isnan(value) and math.isnan(step.value)), step
    for child in step.of:
        check(child)


@pytest.fixture
def recompute():
    """Checks a whole trace, step by step."""
    return check
