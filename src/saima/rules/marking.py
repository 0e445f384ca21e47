"""From a method's marks to the mark that counts: difficulty, then cap and floor, then rounding."""

from __future__ import annotations

from saima.rules.quantities import Quantities
from saima.rules.rulebook import Leaf, Rulebook
from saima.steps import Num, maximum, minimum, named, rounded


def modified(raw: Num, q: Quantities, leaf: Leaf, rulebook: Rulebook) -> Num:
    """Difficulty, cap, floor and rounding of a mark, each a step of its own."""
    marks = raw
    if leaf.difficulty == "by-unit":
        marks = named(marks * q.get("difficulty"), "乘难度系数")
    if leaf.cap is not None:
        marks = named(minimum(marks, q.get("full") * leaf.cap), "封顶")
    if leaf.floor is not None:
        marks = named(maximum(marks, q.get("full") * leaf.floor), "保底")
    return marks if rulebook.rounding.marks is None else rounded(marks, rulebook.rounding.marks)
