"""四舍五入 in one place: half away from zero on the printed number, for scalars and arrays.

Engines round half to even and on the binary number (1.005 becomes 1.00). Officials round the
number they see. `half_up` equals `Decimal(repr(x)).quantize(..., ROUND_HALF_UP)` for every
finite float64 (tests hold it to that), and costs a few array operations.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

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

    NaN and infinities pass through. Shape in, same shape out (0-d arrays for scalars).
    """
    x = np.asarray(values, dtype=np.float64)
    rounded, fits = _fast(x, places)
    if not fits.all():
        wide = ~fits & (np.abs(x) * 10.0**places < _EXACT)  # beyond, x has no such decimals
        rounded[wide] = [float(printed(value, places)) for value in x[wide].tolist()]
    return rounded


def settle(values: ArrayLike) -> Floats:
    """Write computed numbers with nine decimals, so that 17.344999999999995 is 17.345 again.

    Numbers above 900,000 are written with fifteen significant digits: floats hold no more.
    """
    x = np.asarray(values, dtype=np.float64)
    rounded, fits = _fast(x, SETTLED_DECIMALS)
    for places in range(SETTLED_DECIMALS - 1, -1, -1):
        if fits.all():
            break
        narrower, fits_now = _fast(x, places)
        rounded = np.where(fits, rounded, narrower)
        fits = fits | fits_now
    return np.asarray(rounded)


def _fast(x: Floats, places: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Rounded where float arithmetic is exact, else x itself; and where that is so."""
    size = np.abs(x)
    scale = 10.0**places
    with np.errstate(invalid="ignore", over="ignore"):
        low = np.floor(size * scale)
        # (10·low + 5) / 10^(places+1): both exact, so the quotient is the float of the decimal tie
        up = size >= (10.0 * low + 5.0) / (10.0 * scale)
        fits = 10.0 * low + 5.0 < _EXACT  # false for NaN and infinity too
        rounded = np.where(fits, np.copysign((low + up) / scale, x), x)
        # nothing to do for NaN, infinity and whole numbers too large to have decimals
        fits = fits | ~(size < _EXACT)
    return np.asarray(rounded), np.asarray(fits)


def printed(value: float, places: int) -> Decimal:
    """`half_up` of one float as a decimal with just so many places, slowly."""
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def round_computed(values: ArrayLike, places: int) -> Floats:
    """四舍五入 of a computed number: settle it first, then round half up."""
    return half_up(settle(values), places)


def number(value: float, places: int) -> float:
    """`round_computed` for one Python float, without the cost of an array."""
    settled = _settled(value)
    if abs(settled) * 10.0 ** (places + 1) < _EXACT:
        return _scalar(settled, places)
    return float(half_up(settled, places))


def _settled(value: float) -> float:
    """`settle` for one Python float."""
    size, places = abs(value), SETTLED_DECIMALS
    while places > 0 and not size * 10.0**places < _EXACT / 10.0 - 1.0:
        places -= 1
    return _scalar(value, places)


def _scalar(value: float, places: int) -> float:
    """`_fast` for one Python float: the same arithmetic, operation by operation."""
    size, scale = abs(value), 10.0**places
    if not size * scale < _EXACT / 10.0 - 1.0:
        return value
    low = float(math.floor(size * scale))
    tie = (10.0 * low + 5.0) / (10.0 * scale)
    return math.copysign((low + (size >= tie)) / scale, value)


def text(value: float, places: int | None = None, *, grouped: bool = False) -> str:
    """Print a number in digits: fixed `places` after 四舍五入, or as short as nine decimals allow.

    `grouped` adds thousands separators. Negative zero prints as zero.
    """
    if places is None:
        plain = f"{_settled(value):{',' if grouped else ''}.9f}"
        plain = plain.rstrip("0").rstrip(".")
        return "0" if plain == "-0" else plain
    scaled = value * _SCALES[places] if places < len(_SCALES) else math.inf
    if abs(scaled) < _PLAIN and abs(scaled - math.floor(scaled) - 0.5) > _NEAR:
        rounded = value if scaled >= 0.5 or scaled <= -0.5 else 0.0  # no tie: any rounding agrees
    else:
        rounded = number(value, places) + 0.0
    return f"{rounded:{',' if grouped else ''}.{places}f}"
