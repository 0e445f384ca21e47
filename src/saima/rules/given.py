"""Quantities given by hand, as the cases of a rulebook state them: for several units at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from saima.periods import Clock, parse
from saima.problems import Refused
from saima.rounding import settle
from saima.rules.quantities import (
    BASIC,
    DERIVED,
    Quantities,
    Scope,
    Statistic,
    higher_is_better,
    quantity_label,
    quantity_named,
    quantity_names,
)
from saima.rules.rulebook import Leaf, Rulebook
from saima.rules.values import ratio_of
from saima.steps import Floats, Num, Step, given

SETTINGS = {"unit", "units", "indicator", "period", "track", "weight", "direction", "measure",
            "decimals", "others", "events", "grade", "regions", "clause"}  # fmt: skip
_OF_UNIT = {"track", "others", "events", "grade"}
_ALSO = {"plan_to_date": "plan"}

Unreadable = Callable[..., Exception]
"""Notes a part that is not understood, with what is known instead, and gives the exception."""


@dataclass(frozen=True)
class Figures:
    """What a case gives: settings such as the indicator, and arrays (units,) by name.

    others: actuals by indicator code, other quantities by `code.quantity`. grades: by unit.
    regions: attainment of districts, for a department.
    """

    settings: Mapping[str, Any]
    units: tuple[str, ...]
    values: Mapping[str, Floats]
    others: Mapping[str, Floats]
    events: Mapping[str, Floats]
    tracks: tuple[str, ...]
    grades: tuple[str, ...]
    regions: Floats

    @classmethod
    def of(cls, raw: Any, unreadable: Unreadable) -> Figures:
        """Read the `given` of a case. Errors: what `unreadable` gives."""
        if not isinstance(raw, dict):
            raise unreadable("given")
        settings = {k: v for k, v in raw.items() if k in SETTINGS}
        common = {k: v for k, v in raw.items() if k not in SETTINGS}
        rows = settings.get("units") or {str(settings.get("unit", "")): {}}
        if not isinstance(rows, dict):
            raise unreadable("units")
        rows = {str(u): r if isinstance(r, dict) else {"actual": r} for u, r in rows.items()}
        own = [{k: settings.get(k) for k in _OF_UNIT} | r for r in rows.values()]
        figures = [common | {k: v for k, v in r.items() if k not in _OF_UNIT} for r in own]
        return cls(
            settings,
            tuple(rows),
            {_quantity(k, unreadable): v for k, v in _columns(figures, unreadable).items()},
            _columns([_flat(r["others"]) for r in own], unreadable),
            _columns([r["events"] or {} for r in own], unreadable),
            tuple(str(r["track"] or "") for r in own),
            tuple(str(r["grade"] or "") for r in own),
            np.array([_number(v, unreadable) for v in (settings.get("regions") or {}).values()]),
        )


def _flat(others: Any) -> dict[str, Any]:
    """{profit: {attainment: 95%}, tax: 3} -> {profit.attainment: 95%, tax: 3}."""
    flat: dict[str, Any] = {}
    for code, value in (others or {}).items():
        parts = value.items() if isinstance(value, dict) else [("actual", value)]
        flat |= {code if of == "actual" else f"{code}.{of}": v for of, v in parts}
    return flat


def _columns(rows: list[dict[str, Any]], unreadable: Unreadable) -> dict[str, Floats]:
    """Rows of a table as columns; NaN where a row says nothing."""
    keys: Iterable[str] = dict.fromkeys(k for row in rows for k in row)
    return {k: np.array([_number(row.get(k), unreadable) for row in rows]) for k in keys}


def _quantity(key: str, unreadable: Unreadable) -> str:
    plain = key.replace("-", "_")
    name = quantity_named(_ALSO.get(plain, plain)) or quantity_named(key)
    if name is None:
        raise unreadable(key, (*quantity_names(), *SETTINGS))
    return name


def _number(raw: Any, unreadable: Unreadable) -> float:
    if raw is None:
        return float("nan")
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    ratio = ratio_of(raw) if isinstance(raw, str) else None
    if ratio is None:
        raise unreadable(str(raw))
    return ratio


class GivenQuantities(Quantities):
    """Quantities as a case gives them: arrays (units,). Derived ones may be given directly too."""

    def __init__(self, figures: Figures, leaf: Leaf, rulebook: Rulebook, full: Floats) -> None:
        self.figures, self.full = figures, full
        self.direction = figures.settings.get("direction", "more")
        self.reverse, self.pace_base = leaf.reverse, leaf.pace or rulebook.pace
        self.zero_target, self.negative_target = leaf.zero_target, leaf.negative_target
        self.clock = self._clock()

    def get(self, name: str) -> Num:
        if name in DERIVED and name in self.figures.values:
            return Num(self.figures.values[name])
        return super().get(name)

    def basic(self, name: str) -> Num:
        if name == "full":
            return Num(self.full)
        missing = self.clock.get(name, 1.0 if name == "difficulty" else np.nan)
        return Num(self.figures.values.get(name, np.full(len(self.full), missing)))

    def _clock(self) -> dict[str, float]:
        """Time gone at the end of the case's period, in a natural year."""
        text = self.figures.settings.get("period")
        try:
            end = parse(str(text)).end if text else None
        except Refused:
            end = None
        if end is None:
            return {}
        clock = Clock("natural_year", date(end.year, 1, 1), date(end.year, 12, 31))
        daily = self.pace_base == "linear-day"
        elapsed, whole = clock.pace(end, "linear-day" if daily else "linear-month")
        return {"elapsed": elapsed, "whole": whole, "day_number": clock.day_number(end)}

    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        values = np.broadcast_to(self.get(of).value, self.full.shape)
        rising = higher_is_better(of, self.direction, self.reverse)
        out = np.full(len(values), np.nan)
        for u in range(len(values)):
            mates = [
                float(v)
                for v, track in zip(values, self.figures.tracks, strict=True)
                if not np.isnan(v) and (scope == "all" or track == self.figures.tracks[u])
            ]
            out[u] = _statistic(kind, mates, float(values[u]), rising=rising)
        return Num(out)

    def other(self, indicator: str) -> Num:
        missing = np.full(len(self.full), np.nan)
        return Num(self.figures.others.get(indicator, missing))

    def of_other(self, indicator: str, of: str) -> Num:
        return self.other(indicator if of == "actual" else f"{indicator}.{of}")

    def graded(self, levels: tuple[str, ...]) -> Num:
        index = {name: float(i) for i, name in enumerate(levels)}
        return Num(np.array([index.get(g, np.nan) for g in self.figures.grades]))

    def regions(self, kind: Statistic, of: str) -> Num:
        held = self.figures.regions
        values = held if of == "attainment" else (settle(held) >= 1.0).astype(np.float64)
        return Num(_statistic(kind, values.tolist(), float("nan"), rising=True))

    def events(self, name: str) -> Num:
        return Num(self.figures.events.get(name, np.zeros(len(self.full))))


def _statistic(kind: Statistic, mates: list[float], own: float, *, rising: bool) -> float:
    if kind == "count":
        return float(len(mates))
    if not mates or (kind == "rank" and np.isnan(own)):
        return float("nan")
    if kind == "rank":
        return 1.0 + sum(1 for m in mates if (m > own if rising else m < own))
    if kind in ("mean", "sum"):
        return sum(mates) / (len(mates) if kind == "mean" else 1)
    return max(mates) if (kind == "best") == rising else min(mates)


class TracedQuantities(Quantities):
    """One unit of given quantities, each figure an input of a trace."""

    def __init__(self, arrays: GivenQuantities, unit: int) -> None:
        self.arrays, self.unit = arrays, unit
        self.direction, self.reverse = arrays.direction, arrays.reverse
        self.pace_base = arrays.pace_base
        self.zero_target, self.negative_target = arrays.zero_target, arrays.negative_target

    def _given(self, num: Num, label: str) -> Num:
        return given(float(np.broadcast_to(num.value, self.arrays.full.shape)[self.unit]), label)

    def get(self, name: str) -> Num:
        if name in DERIVED and name in self.arrays.figures.values:
            return self._given(self.arrays.get(name), quantity_label(name))
        return super().get(name)

    def basic(self, name: str) -> Num:
        return self._given(self.arrays.basic(name), BASIC[name])

    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        num = self._given(self.arrays.statistic(kind, of, scope), quantity_label(f"{kind}_{of}"))
        step = num.step
        return Num(num.value, Step(kind, float(num.value), (), step.label if step else ""))

    def other(self, indicator: str) -> Num:
        return self._given(self.arrays.other(indicator), indicator)

    def of_other(self, indicator: str, of: str) -> Num:
        return self._given(self.arrays.of_other(indicator, of), indicator)

    def graded(self, levels: tuple[str, ...]) -> Num:
        return self._given(self.arrays.graded(levels), "评议等次")

    def regions(self, kind: Statistic, of: str) -> Num:
        return self._given(self.arrays.regions(kind, of), f"县区{quantity_label(of)}")

    def events(self, name: str) -> Num:
        return self._given(self.arrays.events(name), name)
