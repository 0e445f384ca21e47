"""Doing better never earns less, wherever the rulebook's methods say so.

Only methods in which more is better are tried, on indicators alone with their own figures: a place
among others, an average or a reference can fall when somebody else is overtaken.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import msgspec
import pytest

from saima.campaigns import Indicator
from saima.periods import parse
from saima.rules.rulebook import Leaf, Node, Rounding, Rulebook
from tests.support.comparing import engine_score
from tests.support.generated import Case, seeded

RISING: dict[str, dict[str, object]] = {
    "attainment": {},
    "pace": {},
    "bands": {"at-least": [[1.0, "full"], [0.8, "60%"], [0.3, 2.0]]},
    "all-or-nothing": {"than": 0.5},
    "piecewise": {
        "points": [[0.0, 0.0], [0.6, "70%"], [1.0, "full"]],
        "above": {"each": 0.01, "adds": 0.1, "at-most": 3.0},
        "below": {"each": 0.1, "takes": 1.0},
    },
    "stepped": {"each": 0.03, "adds": 1.0, "takes": 1.0, "adds-at-most": 6.0, "steps": "whole"},
    "formula": {"marks": "min(W, W*attainment) + max(0, pace_gap)/100"},
    "efficacy": {"of": "attainment", "range": {"unacceptable": 0.2, "satisfactory": 1.2}},
    "five-band": {"of": "attainment", "standards": [1.2, 1.0, 0.8, 0.5, 0.1]},
}


def rising(rulebook: Rulebook, random: Random) -> Rulebook:
    """The same rulebook with methods in which a better figure has no fewer marks."""
    tree = tuple(rising_node(node, random) for node in rulebook.tree)
    rounding = Rounding(marks=random.choice([None, 2]), score=None)
    return msgspec.structs.replace(rulebook, tree=tree, rounding=rounding)


def rising_node(node: Node, random: Random) -> Node:
    return msgspec.structs.replace(
        node,
        indicators=tuple(rising_leaf(leaf, random) for leaf in node.indicators),
        categories=tuple(rising_node(child, random) for child in node.categories),
    )


def rising_leaf(leaf: Leaf, random: Random) -> Leaf:
    from saima.rules.methods import method

    name = random.choice(sorted(RISING))
    settings = msgspec.convert(RISING[name], method(name).Settings)
    reverse = "two-minus"
    return msgspec.structs.replace(leaf, method=name, settings=settings, reverse=reverse)


def better(case: Case, unit: str, x: Indicator, random: Random) -> Case:
    """The case with one unit's figures of the last scored day improved, in every source."""
    sign = 1.0 if x.direction == "more" else -1.0
    step = random.choice([0.25, 1.0, 7.5])
    end = case.scored[-1].end

    def improved(row: dict) -> dict:
        here = row["unit"] == unit and row["indicator"] == x.code and row["value"] is not None
        if not here or parse(row["period"], case.campaign.clock).end != end:
            return row
        return row | {"value": row["value"] + sign * step}

    return replace(case, facts=[improved(row) for row in case.facts])


def scores_at_end(case: Case) -> dict[str, float | None]:
    rows = engine_score(case).get(case.scored[-1].text, [])
    return {row["unit"]: row["score"] for row in rows}


@pytest.mark.parametrize("seed", range(40))
def test_doing_better_never_earns_less(seed: int) -> None:
    random = Random(seed)
    case = seeded(seed, units=3, indicators=3, alone=True)
    case = replace(case, rulebook=rising(case.rulebook, random))
    before = scores_at_end(case)
    for unit, indicator in product(before, case.campaign.indicators):
        after = scores_at_end(better(case, unit, indicator, random))
        assert (before[unit] is None) == (after[unit] is None)
        assert (after[unit] or 0.0) >= (before[unit] or 0.0) - 1e-9
        assert after | {unit: None} == before | {unit: None}  # nobody else is touched


def test_figures_that_are_tried_do_change_scores() -> None:
    changed = 0
    for seed in range(40):
        random = Random(seed)
        case = seeded(seed, units=3, indicators=3, alone=True)
        case = replace(case, rulebook=rising(case.rulebook, random))
        before = scores_at_end(case)
        for unit, indicator in product(before, case.campaign.indicators):
            changed += scores_at_end(better(case, unit, indicator, random)) != before
    assert changed >= 10
