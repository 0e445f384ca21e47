"""From a method's marks to the mark that counts: difficulty, limit, cap and floor, rounding."""

from __future__ import annotations

import numpy as np

from saima.rules.quantities import Quantities
from saima.rules.rulebook import Leaf, Limit, Rulebook
from saima.rules.slopes import in_marks, settled
from saima.steps import Num, maximum, minimum, named, rounded, unless, where


def modified(raw: Num, q: Quantities, leaf: Leaf, rulebook: Rulebook) -> Num:
    """Difficulty, limit, cap, floor and rounding of a mark, each a step of its own."""
    marks = raw
    if leaf.difficulty == "by-unit":
        marks = named(marks * q.get("difficulty"), "乘难度系数")
    if leaf.limit is not None:
        held = _held_down(raw if not leaf.limit.difficulty else marks, q, leaf.limit)
        marks = named(where(_all_reach(q, leaf.limit), marks, held), "关联指标限制")
    if leaf.cap is not None:
        marks = named(minimum(marks, q.get("full") * leaf.cap), "封顶")
    if leaf.floor is not None:
        marks = named(maximum(marks, q.get("full") * leaf.floor), "保底")
    return marks if rulebook.rounding.marks is None else rounded(marks, rulebook.rounding.marks)


def _held_down(marks: Num, q: Quantities, limit: Limit) -> Num:
    return named(minimum(marks, in_marks(limit.to, q.get("full"))), "只得基本分")


def _all_reach(q: Quantities, limit: Limit) -> Num:
    """1 where every indicator of the limit reaches its value. Source: 国资委 2010 附件2."""
    reached = Num(1.0)
    for code in limit.indicators:
        other = settled(q.of_other(code, limit.of)) >= limit.below
        missing = Num(np.isnan(other.value).astype(float))
        reached = minimum(reached, unless(missing, other, Num(0.0)))  # what is missing falls short
    return named(reached, "关联指标是否达标")
