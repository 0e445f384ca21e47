"""How far a figure brings a cell: cumulative, attainment and distance from pace."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from saima_web.indicators.models import Indicator
from saima_web.reporting.checks import Basis, pace_gap


@dataclass(frozen=True)
class Progress:
    """attainment is a ratio, gap in percentage points (negative behind); None where there is none.

    met: whether a level, a rate or a ceiling holds its target.
    """

    cumulative: Decimal | None = None
    attainment: float | None = None
    gap: float | None = None
    met: bool | None = None


def progress_of(indicator: Indicator, basis: Basis, value: Decimal | None) -> Progress:
    """Where a figure of this period puts a cell; without one, how far it was before."""
    if value is None:
        return Progress(basis.accrued or None)
    return Progress(
        value + basis.accrued,
        attainment_of(indicator, basis, value + basis.accrued),
        pace_gap(indicator, value, basis),
        met(indicator, basis.target, value),
    )


def keeps_pace(indicator: Indicator) -> bool:
    """True where time says how far a figure should be: flows to more, counts down to zero."""
    flows = indicator.direction == "more" and indicator.nature != "point-in-time"
    return flows or indicator.direction == "clear-to-zero"


def attainment_of(indicator: Indicator, basis: Basis, cumulative: Decimal) -> float | None:
    """完成率 as a ratio; None for ceilings and middles, and without a target above zero."""
    if indicator.direction == "clear-to-zero":
        goal = basis.target or Decimal(0)
        if basis.opening is None or basis.opening <= goal:
            return None
        return float((basis.opening - cumulative) / (basis.opening - goal))
    if indicator.direction != "more" or not basis.target or basis.target < 0:
        return None
    return float(cumulative / basis.target)


def met(indicator: Indicator, target: Decimal | None, value: Decimal) -> bool | None:
    """Whether a level or ceiling holds its target; None where pace is what counts."""
    if target is None or keeps_pace(indicator) or indicator.direction == "centred":
        return None
    return value <= target if indicator.direction == "less" else value >= target
