"""A run's marks as numbers by unit and indicator: made once, for sums over many thousands of cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saima.scoring.result import Mark, Result
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import kept_by_run, result_of

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Matrix:
    """Marks by unit and indicator: arrays of (units, indicators), NaN where there is no number.

    `category` and `name` are each indicator's, in the order in which the units have them.
    """

    units: dict[str, int]
    indicators: dict[str, int]
    category: list[str]
    name: list[str]
    by_unit: list[dict[str, Mark]]

    def _numbers(self, of: Callable[[Mark], float | None]) -> Floats:
        found = np.full((len(self.units), len(self.indicators)), np.nan)
        for u, marks in enumerate(self.by_unit):
            for code, mark in marks.items():
                value = of(mark)
                if value is not None:
                    found[u, self.indicators[code]] = value
        return found

    @cached_property
    def marks(self) -> Floats:
        return self._numbers(lambda m: m.marks)

    @cached_property
    def full(self) -> Floats:
        """Full marks; NaN where a unit does not have the indicator."""
        return self._numbers(lambda m: m.full_marks)

    @cached_property
    def attainment(self) -> Floats:
        return self._numbers(lambda m: m.attainment)

    @cached_property
    def gap(self) -> Floats:
        """Points ahead of the pace."""
        return self._numbers(lambda m: m.pace_gap)

    @cached_property
    def rate(self) -> Floats:
        """Marks of full marks."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.full > 0, self.marks / self.full, np.nan)

    @cached_property
    def lost(self) -> Floats:
        """Points short of full marks, by unit."""
        return np.asarray(np.nansum(np.maximum(self.full - self.marks, 0.0), axis=1))

    def rows(self, codes: Sequence[str]) -> Places:
        return np.array([self.units[c] for c in codes], dtype=np.intp)

    def columns(self, codes: Sequence[str]) -> Places:
        return np.array([self.indicators[c] for c in codes], dtype=np.intp)


@kept_by_run(16)
def matrix_of(run: ScoreRun) -> Matrix:
    return made_of(result_of(run))


def made_of(result: Result) -> Matrix:
    """Units in official order; indicators as units have them, one after another."""
    first = {m.indicator: m for u in result.units for m in reversed(u.marks)}
    codes = list(dict.fromkeys(m.indicator for u in result.units for m in u.marks))
    return Matrix(
        {u.unit: n for n, u in enumerate(result.units)},
        {code: n for n, code in enumerate(codes)},
        [first[code].category for code in codes],
        [first[code].name for code in codes],
        [{m.indicator: m for m in u.marks} for u in result.units],
    )
