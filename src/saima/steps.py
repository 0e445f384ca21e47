"""Numbers that remember how they were made: one text for the fast calculation and for its trace.

A `Num` holds an array (any shape) and, when tracing, the `Step` that made it. Scoring methods are
written once over `Num`; over arrays they cost plain NumPy, over one cell they leave a tree in
which every step recomputes exactly from its children.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saima.rounding import half_up, settle

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Step:
    """One step of a trace: what was done (`op`), to what (`of`), and what came out.

    op is one of OPERATIONS or `input`, `constant`; `detail` holds constants of the operation and,
    for inputs, where the figure stands.
    """

    op: str
    value: float
    of: tuple[Step, ...] = ()
    label: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The JSON shape of a step (docs/reference/trace.schema.json); NaN is written as null."""
        data: dict[str, Any] = {"op": self.op, "value": _plain(self.value)}
        if self.label:
            data["label"] = self.label
        if self.detail:
            data["detail"] = dict(self.detail)
        if self.of:
            data["of"] = [child.as_data() for child in self.of]
        return data


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


class Num:
    """An array of numbers with, when tracing one cell, the step that made it."""

    __slots__ = ("step", "value")

    def __init__(self, value: Floats | float, step: Step | None = None) -> None:
        self.value: Floats = np.asarray(value, dtype=np.float64)
        self.step = step

    def __add__(self, other: Num | float) -> Num:
        return apply("add", self, other)

    def __radd__(self, other: float) -> Num:
        return apply("add", other, self)

    def __sub__(self, other: Num | float) -> Num:
        return apply("subtract", self, other)

    def __rsub__(self, other: float) -> Num:
        return apply("subtract", other, self)

    def __mul__(self, other: Num | float) -> Num:
        return apply("multiply", self, other)

    def __rmul__(self, other: float) -> Num:
        return apply("multiply", other, self)

    def __truediv__(self, other: Num | float) -> Num:
        return apply("divide", self, other)

    def __rtruediv__(self, other: float) -> Num:
        return apply("divide", other, self)

    def __neg__(self) -> Num:
        return apply("subtract", 0.0, self)

    def __ge__(self, other: Num | float) -> Num:
        return apply("at_least", self, other)

    def __gt__(self, other: Num | float) -> Num:
        return apply("more_than", self, other)

    def __le__(self, other: Num | float) -> Num:
        return apply("at_most", self, other)

    def __lt__(self, other: Num | float) -> Num:
        return apply("less_than", self, other)


Value = Num | float


def _divide(a: Floats, b: Floats) -> Floats:
    """Division by zero is not a number here: a ratio to nothing is refused, never infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(b == 0, np.nan, np.divide(a, b)))


def _flag(compare: Callable[[Floats, Floats], Flags]) -> Callable[[Floats, Floats], Floats]:
    """A comparison as 1 or 0; with a missing number it says neither."""

    def flag(a: Floats, b: Floats) -> Floats:
        unknown = np.isnan(a) | np.isnan(b)
        return np.asarray(np.where(unknown, np.nan, compare(a, b).astype(np.float64)))

    return flag


def _power(a: Floats, b: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return np.asarray(np.power(a, b), dtype=np.float64)


OPERATIONS: dict[str, Callable[..., Floats]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": _divide,
    "power": _power,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "absolute": np.abs,
    "floor": lambda a: np.floor(settle(a)),
    "at_least": _flag(np.greater_equal),
    "more_than": _flag(np.greater),
    "at_most": _flag(np.less_equal),
    "less_than": _flag(np.less),
}


def as_num(value: Value) -> Num:
    """A plain number as a constant."""
    if isinstance(value, Num):
        return value
    return Num(value, None)


def step_of(num: Num) -> Step:
    """The step behind a traced number; an untraced scalar is a constant."""
    return num.step or Step("constant", float(num.value))


def _traced(*nums: Num) -> bool:
    return any(n.step is not None for n in nums)


def apply(op: str, *operands: Value) -> Num:
    """Do one of OPERATIONS, leaving a step when any operand carries one."""
    nums = [as_num(x) for x in operands]
    value = OPERATIONS[op](*(n.value for n in nums))
    if not _traced(*nums):
        return Num(value)
    return Num(value, Step(op, float(value), tuple(step_of(n) for n in nums)))


def minimum(a: Value, b: Value) -> Num:
    return apply("minimum", a, b)


def maximum(a: Value, b: Value) -> Num:
    return apply("maximum", a, b)


def clip(x: Value, low: Value | None, high: Value | None) -> Num:
    """Not below `low`, not above `high`; None leaves that side open."""
    bounded = as_num(x)
    if low is not None:
        bounded = maximum(bounded, low)
    return bounded if high is None else minimum(bounded, high)


def floor(x: Value) -> Num:
    """Whole steps: floor after binary noise is written off (2.9999999999999996 is 3)."""
    return apply("floor", x)


def where(test: Num, then: Value, otherwise: Value) -> Num:
    """`then` where the test holds, else `otherwise`; a trace keeps the test and the branch."""
    a, b = as_num(then), as_num(otherwise)
    value = np.where(np.isnan(test.value), np.nan, np.where(test.value != 0, a.value, b.value))
    if not _traced(test, a, b):
        return Num(value)
    taken = a if float(test.value) != 0 else b
    step = Step("where", float(value), (step_of(test), step_of(taken)))
    return Num(value, step)


def unless(odd: Num, ordinary: Num, otherwise: Num) -> Num:
    """`ordinary`, but `otherwise` where a precondition fails (flag `odd` is not 0).

    Unlike `where` a trace shows only what was used: the precondition is not part of the sum.
    """
    value = np.where(odd.value != 0, otherwise.value, ordinary.value)
    used = otherwise if odd.value.ndim == 0 and float(odd.value) != 0 else ordinary
    return Num(value, used.step)


def only_with(x: Num, made: Num) -> Num:
    """`made`, but no number where `x` has none: a rule for equal units says nothing of these."""
    value = np.where(np.isnan(x.value), np.nan, made.value)
    missing = value.ndim == 0 and bool(np.isnan(x.value))
    return Num(value, Step("constant", float("nan")) if missing and made.step else made.step)


def interpolate(x: Value, points: Sequence[tuple[float, float]], full: Value = 1.0) -> Num:
    """Straight lines between (x, y) points, flat outside them, times `full`."""
    nx, nf = as_num(x), as_num(full)
    xs, ys = (np.array([p[i] for p in points], dtype=np.float64) for i in (0, 1))
    value = _interpolate(nx.value, xs, ys) * nf.value
    if not _traced(nx, nf):
        return Num(value)
    detail = {"points": [[float(a), float(b)] for a, b in points]}
    return Num(value, Step("interpolate", float(value), (step_of(nx), step_of(nf)), "", detail))


def _interpolate(x: Floats, xs: Floats, ys: Floats) -> Floats:
    i = np.clip(np.searchsorted(xs, x, side="right") - 1, 0, len(xs) - 2)
    inside = ys[i] + (x - xs[i]) * (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
    flat = np.where(x <= xs[0], ys[0], np.where(x >= xs[-1], ys[-1], inside))
    return np.asarray(np.where(np.isnan(x), np.nan, flat))


def lookup(x: Value, lower_bounds: Sequence[float], values: Sequence[float], below: float) -> Num:
    """The value of the band that x falls in: bounds ascend and belong to the band above them.

    `x` is settled first, so that 0.7999999999999999 falls where 80% falls.
    """
    nx = as_num(x)
    bounds = np.array(lower_bounds, dtype=np.float64)
    table = np.array([below, *values], dtype=np.float64)
    found = table[np.searchsorted(bounds, settle(nx.value), side="right")]
    value = np.where(np.isnan(nx.value), np.nan, found)
    if nx.step is None:
        return Num(value)
    detail = {"bounds": bounds.tolist(), "values": table.tolist()}
    return Num(value, Step("lookup", float(value), (nx.step,), "", detail))


def rounded(x: Value, places: int) -> Num:
    """四舍五入 of a computed number, as a step of its own."""
    nx = as_num(x)
    value = half_up(settle(nx.value), places)
    if nx.step is None:
        return Num(value)
    return Num(value, Step("round", float(value), (nx.step,), "四舍五入", {"places": places}))


def total(parts: Sequence[Num]) -> Num:
    """The sum of parts, added from the left."""
    value = np.zeros(()) if not parts else parts[0].value
    for part in parts[1:]:
        value = value + part.value
    if not _traced(*parts):
        return Num(value)
    return Num(value, Step("sum", float(value), tuple(step_of(p) for p in parts)))


def named(x: Num, label: str, **detail: Any) -> Num:
    """Give a traced number the name that people see, and details such as its measure."""
    if x.step is None:
        return x
    return Num(x.value, replace(x.step, label=label, detail={**x.step.detail, **detail}))


def given(value: float, label: str, **detail: Any) -> Num:
    """An input of a trace: a figure with its name and where it stands."""
    return Num(value, Step("input", float(value), (), label, detail))
