"""四舍五入 in one place: half away from zero on the printed number, for scalars and arrays.

Engines round half to even and on the binary number (1.005 becomes 1.00). Officials round the
number they see. `half_up` equals `Decimal(repr(x)).quantize(..., ROUND_HALF_UP)` for every
finite float64 (tests hold it to that), and costs a few array operations.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SETTLED_DECIMALS = 9
"""Computed numbers are written with nine decimals before they are rounded: binary noise goes."""

_EXACT = 2.0**53
_SCALES = (1.0, 10.0, 100.0, 1000.0, 10000.0)
_PLAIN, _NEAR = 1e9, 1e-4  # below this size, and so far from a tie, printing needs no care


def half_up(values: ArrayLike, places: int = 0) -> Floats:
    """Round to `places` decimals (0–15), half away from zero, on the shortest printed decimal.

    NaN and infinities pass through. Magnitudes too large to carry `places` decimals in a
    float64 are returned as they are. Shape in, same shape out (0-d arrays for scalars).
    """
    x = np.asarray(values, dtype=np.float64)
    size = np.abs(x)
    scale = 10.0**places
    with np.errstate(invalid="ignore", over="ignore"):
        low = np.floor(size * scale)
        # (10·low + 5) / 10^(places+1): both exact, so the quotient is the float of the decimal tie
        up = size >= (10.0 * low + 5.0) / (10.0 * scale)
        rounded = np.copysign((low + up) / scale, x)
        fits = 10.0 * low + 5.0 < _EXACT
    return np.asarray(np.where(fits, rounded, x))


def settle(values: ArrayLike) -> Floats:
    """Write computed numbers with nine decimals, so that 17.344999999999995 is 17.345 again."""
    return half_up(values, SETTLED_DECIMALS)


def round_computed(values: ArrayLike, places: int) -> Floats:
    """四舍五入 of a computed number: settle it first, then round half up."""
    return half_up(settle(values), places)


def number(value: float, places: int) -> float:
    """`round_computed` for one Python float, without the cost of an array."""
    return _half_up(_half_up(value, SETTLED_DECIMALS), places)


def _half_up(value: float, places: int) -> float:
    """`half_up` for one Python float: the same arithmetic, operation by operation."""
    if not math.isfinite(value):
        return value
    size, scale = abs(value), 10.0**places
    low = float(math.floor(size * scale))
    tie = 10.0 * low + 5.0
    if tie >= _EXACT:
        return value
    return math.copysign((low + (size >= tie / (10.0 * scale))) / scale, value)


def text(value: float, places: int | None = None, *, grouped: bool = False) -> str:
    """Print a number in digits: fixed `places` after 四舍五入, or as short as nine decimals allow.

    `grouped` adds thousands separators. Negative zero prints as zero.
    """
    if places is None:
        plain = f"{_half_up(value, SETTLED_DECIMALS):{',' if grouped else ''}.9f}"
        plain = plain.rstrip("0").rstrip(".")
        return "0" if plain == "-0" else plain
    scaled = value * _SCALES[places] if places < len(_SCALES) else math.inf
    if abs(scaled) < _PLAIN and abs(scaled - math.floor(scaled) - 0.5) > _NEAR:
        rounded = value if scaled >= 0.5 or scaled <= -0.5 else 0.0  # no tie: any rounding agrees
    else:
        rounded = number(value, places) + 0.0
    return f"{rounded:{',' if grouped else ''}.{places}f}"
