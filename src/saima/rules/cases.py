"""Runs the cases of a rulebook: given figures, expected marks, sentence or problem.

A case names the indicator and gives its quantities; `units` gives several units at once, for
rules that compare them. The format is described in rulebooks/README.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from saima.problems import Place, Problem, declare
from saima.rounding import text as digits
from saima.rules.building import near
from saima.rules.given import Figures, GivenQuantities, TracedQuantities
from saima.rules.marking import modified
from saima.rules.methods import method
from saima.rules.rulebook import Leaf, Node, Rulebook
from saima.rules.words import Cell
from saima.steps import Floats, Num

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
        with suppress(_Unreadable):
            self._compare(*self.marked())
        return self.problems

    def marked(self) -> tuple[Figures, list[Marked]]:
        figures = Figures.of(self.case.get("given"), self.unreadable)
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
        needs = self.method.needs(self.leaf.settings)
        own = [n for n in needs if ":" not in n and n not in self.figures.values]
        if np.isnan(self._at("actual", unit)) and (own or "actual" in needs):
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
