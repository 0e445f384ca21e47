"""One cell of a leaf, traced: each figure with its place, each statistic with who it is over."""

from __future__ import annotations

from typing import Any

import numpy as np

from saima.campaigns import SOURCE_NAMES, SOURCES
from saima.cube import NO_SOURCE
from saima.periods import to_date as so_far
from saima.rules.quantities import BASIC, Quantities, Scope, Statistic, quantity_label
from saima.scoring.cells import LeafQuantities
from saima.scoring.rollup import derivation
from saima.steps import Num, Step, given, named, step_of, total


class CellQuantities(Quantities):
    """One cell of a leaf, traced: each figure with its place, each statistic with who it is over."""

    def __init__(self, arrays: LeafQuantities, unit: int, scored: int) -> None:
        self.arrays, self.u, self.s = arrays, unit, scored
        self.direction, self.reverse = arrays.direction, arrays.reverse
        self.pace_base = arrays.pace_base
        self.zero_target, self.negative_target = arrays.zero_target, arrays.negative_target
        self._made: dict[str, Num] = {}

    def get(self, name: str) -> Num:
        if name not in self._made:
            self._made[name] = super().get(name)
        return self._made[name]

    def basic(self, name: str) -> Num:
        value = float(self.arrays.basic(name).value[self.u, self.s])
        if name == "actual" and self.arrays.leaf.against != "current":
            return self._actual(value)
        return given(value, BASIC[name], **self._detail(name))

    def _actual(self, value: float) -> Num:
        """A summed flow shows the figures it is the sum of, a derived one its formula."""
        a = self.arrays
        column = int(a.column[self.u, self.s])
        if (
            a.indicator.formula
            and column >= 0
            and int(a.cube.source[a.row, self.u, column]) == NO_SOURCE
        ):
            return self._derived(value)
        if a.indicator.nature != "in-period" or a.cube.in_period is None or column < 0:
            return given(value, BASIC["actual"], **self._detail("actual"))
        window = a.cube.window_of[column]
        parts = [
            given(float(amount), a.cube.columns[k].isoformat(), **self._figure(k, to_date=False))
            for k, amount in enumerate(a.cube.in_period[a.row, self.u, : column + 1])
            if a.cube.window_of[k] == window and not np.isnan(amount)
        ]
        summed = total(parts)
        if len(parts) < 2 or float(summed.value) != value:
            return given(value, BASIC["actual"], **self._detail("actual"))
        assert summed.step is not None
        step = Step("sum", value, summed.step.of, BASIC["actual"], self._detail("actual"))
        return Num(value, step)

    def _derived(self, value: float) -> Num:
        formula = derivation(self.arrays.cube.campaign, self.arrays.row)
        made = formula(self.other) if formula else given(value, BASIC["actual"])
        return named(made, BASIC["actual"], **self._detail("actual"))

    def _detail(self, name: str) -> dict[str, Any]:
        a = self.arrays
        column = int(a.column[self.u, self.s])
        detail: dict[str, Any] = {"quantity": name}
        if column < 0:
            return detail
        if name in ("actual", "current"):
            detail |= self._figure(column)
        elif name in ("target", "stretch"):
            place = a.cube.target_place(a.row, self.u, int(a.cube.window_of[column]))
            detail |= _placed(str(place), a.indicator.measure)
        elif name in ("plan", "previous"):
            detail["measure"] = a.indicator.measure
        elif name in ("last_year", "opening"):
            there = int(a.cube.shifted(name)[column])
            detail |= self._figure(there) if there >= 0 else {}
        return detail

    def _figure(self, column: int, *, to_date: bool = True) -> dict[str, Any]:
        a = self.arrays
        place = a.cube.place(a.row, self.u, column)
        end = a.cube.columns[column]
        period = next((p for p in a.cube.scored if p.end == end), None)
        source = int(a.cube.source[a.row, self.u, column])
        detail = _placed(str(place), a.indicator.measure)
        if period is not None and to_date and a.indicator.nature != "point-in-time":
            detail["period"] = so_far(period, a.cube.campaign.clock).text
        else:
            detail["period"] = period.text if period else end.isoformat()
        if source < len(SOURCES):
            detail["source"] = SOURCE_NAMES[SOURCES[source]]
        return detail

    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        a = self.arrays
        value = float(a.statistic(kind, of, scope).value[self.u, self.s])
        same = a.field.track == a.field.track[self.u] if scope == "track" else a.field.track >= 0
        rows = np.nonzero(same & a.taking_part[:, self.s])[0]
        values = a.get(of).value[:, self.s]
        units = a.cube.campaign.units
        detail = {
            "of": quantity_label(of),
            "scope": scope,
            "ascending": a.ascending(of),
            "unit": units[self.u].code,
            "values": [[units[r].code, float(values[r])] for r in rows if not np.isnan(values[r])],
        }
        label = quantity_label(f"{kind}_{'all_' if scope == 'all' else ''}{of}")
        own = (step_of(self.get(of)),) if kind == "rank" else ()
        if kind == "rank":
            detail["own"] = float(values[self.u])
        return Num(value, Step(kind, value, own, label, detail))

    def of_other(self, indicator: str, of: str) -> Num:
        if of == "actual":
            return self.other(indicator)
        value = float(self.arrays.of_other(indicator, of).value[self.u, self.s])
        name = self.arrays.cube.campaign.indicator(indicator).name
        return given(value, f"{name}{quantity_label(of)}", indicator=indicator, quantity=of)

    def graded(self, grades: tuple[str, ...]) -> Num:
        value = float(self.arrays.graded(grades).value[self.u, self.s])
        said = "" if np.isnan(value) else grades[int(value)]
        return given(value, "等次", text=said, grades=list(grades), **self._figure(self._column))

    @property
    def _column(self) -> int:
        return int(self.arrays.column[self.u, self.s])

    def regions(self, kind: Statistic, of: str) -> Num:
        a = self.arrays
        value = float(a.regions(kind, of).value[self.u, self.s])
        units, values = a.cube.campaign.units, np.broadcast_to(a.get(of).value, a.field.shape)
        pairs = [
            [unit.code, float(values[n, self.s])]
            for n, unit in enumerate(units)
            if unit.kind == "district" and not np.isnan(values[n, self.s])
        ]
        detail = {"of": quantity_label(of), "scope": "regions", "ascending": a.ascending(of),
                  "unit": units[self.u].code, "values": pairs}  # fmt: skip
        return Num(value, Step(kind, value, (), f"各地{quantity_label(of)}", detail))

    def other(self, indicator: str) -> Num:
        value = float(self.arrays.other(indicator).value[self.u, self.s])
        label = self.arrays.cube.campaign.indicator(indicator).name
        return given(value, label, indicator=indicator)

    def events(self, name: str) -> Num:
        return given(float(self.arrays.events(name).value[self.u, self.s]), f"{name}次数")


def _placed(place: str, measure: str) -> dict[str, Any]:
    detail = {"place": place, "measure": measure}
    return {k: v for k, v in detail.items() if v}
