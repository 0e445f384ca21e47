"""Runs the cases of a rulebook: given figures, expected marks, sentence or problem.

A case names the indicator and gives its quantities; `units` gives several units at once, for
rules that compare them. The format is described in docs/reference/rulebooks.md.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from saima.periods import Clock, parse
from saima.problems import Place, Problem, Refused, declare
from saima.rounding import text as digits
from saima.rules.building import near
from saima.rules.marking import modified
from saima.rules.methods import method
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
from saima.rules.rulebook import Leaf, Node, Rulebook
from saima.rules.values import ratio_of
from saima.rules.words import Cell
from saima.steps import Floats, Num, Step, given

declare(
    "case-unreadable",
    "例“{case}”中的“{part}”看不懂。",
    "{suggestion}",
    "“{part}” of case “{case}” is not understood.",
    "{suggestion_en}",
)
declare(
    "case-failed",
    "例“{case}”：{what}应为“{wanted}”，算得“{got}”。",
    "请核对办法的设置，或改正例中的预期。",
    "case “{case}”: {what} should be “{wanted}” and is “{got}”.",
    "Check the settings, or correct what the case expects.",
)

SETTINGS = {"unit", "units", "indicator", "period", "track", "weight", "direction", "measure",
            "decimals", "others", "events", "clause"}  # fmt: skip
_ALSO = {"plan_to_date": "plan"}


def run_cases(rulebook: Rulebook, name: str = "") -> list[Problem]:
    """What is wrong with a rulebook's cases, empty if all hold; `name` is the file for places."""
    problems: list[Problem] = []
    for i, case in enumerate(rulebook.cases):
        place = Place(file=name, path=f"cases[{i + 1}]")
        problems += _Case(rulebook, case, place).run()
    return problems


def marked_case(rulebook: Rulebook, case: Mapping[str, Any]) -> list[Marked]:
    """The leaves that a case speaks of, marked; empty for a case that is not understood."""
    try:
        return _Case(rulebook, case, Place()).marked()[1]
    except _Unreadable:
        return []


class _Unreadable(Exception):
    pass


class _Case:
    def __init__(self, rulebook: Rulebook, case: Mapping[str, Any], place: Place) -> None:
        self.rulebook, self.case, self.place = rulebook, case, place
        self.name = str(case.get("name", ""))
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        with contextlib.suppress(_Unreadable):
            self._compare(*self.marked())
        return self.problems

    def marked(self) -> tuple[Figures, list[Marked]]:
        figures = Figures.of(self.case.get("given"), self)
        leaves = list(self._leaves(figures))
        return figures, [Marked(node, leaf, figures, self.rulebook) for node, leaf in leaves]

    def unreadable(self, part: str, known: Any = ()) -> _Unreadable:
        values = {"case": self.name, "part": part, **near(part, known)}
        self.problems.append(Problem("case-unreadable", self.place, values))
        return _Unreadable()

    def _leaves(self, figures: Figures) -> Iterator[tuple[Node, Leaf]]:
        """The leaves of the indicator that the case names (of a clause, if it names one)."""
        found = [
            (path[-1], leaf)
            for path, leaf in self.rulebook.leaves()
            if leaf.indicator == figures.settings.get("indicator")
            and figures.settings.get("clause") in (None, leaf.clause)
        ]
        if not found:
            known = [leaf.indicator for _, leaf in self.rulebook.leaves()]
            raise self.unreadable(str(figures.settings.get("indicator")), known)
        yield from found

    def _compare(self, figures: Figures, got: list[Marked]) -> None:
        expect = self.case.get("expect")
        for key, wanted in (expect if isinstance(expect, dict) else {"": None}).items():
            if key == "marks":
                self._compare_marks(figures, got, wanted)
            elif key in ("sentence", "problem"):
                found = [getattr(m, key)(0) for m in got]
                self._expect(key, wanted, "；".join(f for f in found if f))
            else:
                raise self.unreadable(f"expect {key}", ("marks", "sentence", "problem"))

    def _compare_marks(self, figures: Figures, got: list[Marked], wanted: Any) -> None:
        total = np.sum([m.value for m in got], axis=0)
        by_unit = wanted if isinstance(wanted, dict) else {figures.units[0]: wanted}
        for unit, marks in by_unit.items():
            if unit not in figures.units or isinstance(marks, str):
                raise self.unreadable(f"{unit}: {marks}", figures.units)
            found = float(total[figures.units.index(unit)])
            places = len(str(marks).partition(".")[2])
            printed = digits(found, places) if found == found else "无"
            self._expect(f"{unit}得分" if unit else "得分", digits(float(marks), places), printed)

    def _expect(self, what: str, wanted: Any, got: str) -> None:
        if str(wanted) != got:
            values = {"case": self.name, "what": what, "wanted": wanted, "got": got}
            self.problems.append(Problem("case-failed", self.place, values))


@dataclass(frozen=True)
class Figures:
    """What a case gives: settings such as the indicator, and quantities by unit."""

    settings: Mapping[str, Any]
    units: tuple[str, ...]
    values: Mapping[str, Floats]
    others: Mapping[str, Floats]
    events: Mapping[str, Floats]
    tracks: tuple[str, ...]

    @classmethod
    def of(cls, raw: Any, case: _Case) -> Figures:
        """Read the `given` of a case."""
        if not isinstance(raw, dict):
            raise case.unreadable("given")
        settings = {k: v for k, v in raw.items() if k in SETTINGS}
        common = {k: v for k, v in raw.items() if k not in SETTINGS}
        rows = settings.get("units") or {str(settings.get("unit", "")): {}}
        rows = {str(u): r if isinstance(r, dict) else {"actual": r} for u, r in rows.items()}
        kept = ("track", "others", "events")
        figures = [
            {**common, **{k: v for k, v in r.items() if k not in kept}} for r in rows.values()
        ]
        values: dict[str, Floats] = {}
        for key in dict.fromkeys(k for f in figures for k in f):
            plain = key.replace("-", "_")
            name = quantity_named(_ALSO.get(plain, plain)) or quantity_named(key)
            if name is None:
                raise case.unreadable(key, (*quantity_names(), *SETTINGS))
            values[name] = np.array([_number(f.get(key), case) for f in figures])
        nested = [
            {n: {**(settings.get(n) or {}), **(r.get(n) or {})} for n in ("others", "events")}
            for r in rows.values()
        ]
        tables = {
            n: {
                code: np.array([_number(x[n].get(code), case) for x in nested])
                for code in dict.fromkeys(c for x in nested for c in x[n])
            }
            for n in ("others", "events")
        }
        tracks = tuple(str(r.get("track", settings.get("track", ""))) for r in rows.values())
        return cls(settings, tuple(rows), values, tables["others"], tables["events"], tracks)


def _number(raw: Any, case: _Case) -> float:
    if raw is None:
        return float("nan")
    ratio = ratio_of(raw) if isinstance(raw, str) else None
    if isinstance(raw, bool) or (isinstance(raw, str) and ratio is None):
        raise case.unreadable(str(raw))
    return float(raw) if ratio is None else ratio


class Marked:
    """A leaf marked for the units of a case."""

    def __init__(self, node: Node, leaf: Leaf, figures: Figures, rulebook: Rulebook) -> None:
        self.leaf, self.figures, self.rulebook = leaf, figures, rulebook
        self.method = method(leaf.method)
        self.q = GivenQuantities(figures, leaf, rulebook, full_marks(node, leaf, figures))
        self.raw = np.broadcast_to(
            self.method.marks(self.q, leaf.settings).value, len(figures.units)
        )
        marks = modified(Num(self.raw), self.q, leaf, rulebook)
        self.value = np.broadcast_to(marks.value, len(figures.units))

    def trace(self, unit: int) -> Num:
        """The traced mark of one unit, which equals the array's cell."""
        q = TracedQuantities(self.q, unit)
        return modified(self.method.marks(q, self.leaf.settings), q, self.leaf, self.rulebook)

    def sentence(self, unit: int, language: str = "zh") -> str:
        """The method's sentence with this unit's figures."""
        if np.isnan(self.value[unit]):
            return ""
        settings = self.leaf.settings
        names = {*self.method.needs(settings), *self.method.shows(settings)}
        values = {
            n: float(np.broadcast_to(self.q.get(n).value, self.raw.shape)[unit]) for n in names
        }
        given_ = self.figures.settings
        cell = Cell(
            str(given_.get("indicator", "")),
            str(given_.get("measure", "")),
            int(given_.get("decimals", 2)),
            float(np.broadcast_to(self.q.get("full").value, self.raw.shape)[unit]),
            float(self.value[unit]),
            self.rulebook.rounding.marks,
            values,
        )
        return self.method.sentence(cell, settings, language)

    def problem(self, unit: int) -> str:
        """The code of what keeps this unit from having a mark, empty if it has one."""
        if not np.isnan(self.value[unit]):
            return ""
        if np.isnan(self._at("actual", unit)):
            return "not-reported"
        target = self._at("target", unit)
        if target <= 0:
            return "zero-target" if target == 0 else "negative-target"
        lacks = np.isnan(target) and any(
            "attainment" in n for n in self.method.needs(self.leaf.settings)
        )
        return "missing-target" if lacks else "missing-base"

    def _at(self, name: str, unit: int) -> float:
        return float(np.broadcast_to(self.q.get(name).value, self.raw.shape)[unit])


def full_marks(node: Node, leaf: Leaf, figures: Figures) -> Floats:
    """Full marks of each unit: stated in the case, by the leaf, or 100 under a mean."""
    stated = figures.settings.get("weight")
    if node.aggregate != "sum":
        return np.full(len(figures.units), 100.0)
    if stated is not None or isinstance(leaf.weight, (int, float)):
        return np.full(len(figures.units), float(stated if stated is not None else leaf.weight))  # type: ignore[arg-type]
    if isinstance(leaf.weight, str):
        return np.full(len(figures.units), np.nan)
    return np.array([float(leaf.weight.get(t, 0.0)) for t in figures.tracks])


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
            out[u] = _statistic(kind, mates, float(values[u]), rising)
        return Num(out)

    def other(self, indicator: str) -> Num:
        missing = np.full(len(self.full), np.nan)
        return Num(self.figures.others.get(indicator, missing))

    def events(self, name: str) -> Num:
        return Num(self.figures.events.get(name, np.zeros(len(self.full))))


def _statistic(kind: Statistic, mates: list[float], own: float, rising: bool) -> float:
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

    def events(self, name: str) -> Num:
        return self._given(self.arrays.events(name), name)
