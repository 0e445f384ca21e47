"""Marks stay within what the rulebook says, shares of grades within theirs, places without gaps."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from saima.rules.rulebook import Leaf
from tests.support.comparing import engine_score
from tests.support.generated import Case, seeded

SEEDS = range(30)
CLOSE = 1e-9


def rows_of(case: Case) -> list[list[dict[str, Any]]]:
    return list(engine_score(case).values())


def bounds(leaf: Leaf, full: float, places: int | None) -> tuple[float, float]:
    """Lowest and highest mark of a leaf, widened by half of the last decimal that is rounded to."""
    slack = CLOSE if places is None else 0.5 * 10.0**-places + CLOSE
    low = float("-inf") if leaf.floor is None else leaf.floor * full
    high = float("inf") if leaf.cap is None else leaf.cap * full
    if leaf.method == "rank-decay" and leaf.difficulty == "none" and leaf.limit is None:
        low, high = max(low, leaf.settings.lowest * full), min(high, full)
    return low - slack, high + slack


@pytest.mark.parametrize("seed", SEEDS)
def test_marks_stay_between_floor_and_cap(seed: int) -> None:
    case = seeded(seed)
    leaves = [leaf for _, leaf in case.rulebook.leaves()]
    by_indicator = Counter(leaf.indicator for leaf in leaves)
    single = {x.indicator: x for x in leaves if by_indicator[x.indicator] == 1}
    beyond = []
    for rows in rows_of(case):
        for mark in (m for row in rows for m in row["marks"]):
            if mark["state"] != "marked" or mark["indicator"] not in single:
                continue
            leaf = single[mark["indicator"]]
            low, high = bounds(leaf, mark["full_marks"], case.rulebook.rounding.marks)
            if not low <= mark["marks"] <= high:
                beyond.append((mark, low, high))
    assert beyond == []


@pytest.mark.parametrize("seed", SEEDS)
def test_no_more_units_hold_a_grade_than_its_share_allows(seed: int) -> None:
    case = seeded(seed, units=9)
    forced = {rule.grade for rule in case.rulebook.events if rule.effect == "grade"}
    for rows in rows_of(case):
        for grade in case.rulebook.grades:
            if grade.at_most is None or grade.name in forced:
                continue
            for group in grouped(rows, grade.within):
                holders = [row for row in group if row["grade"] == grade.name]
                assert len(holders) <= grade.at_most * len(group) + CLOSE


@pytest.mark.parametrize("seed", SEEDS)
def test_places_start_at_one_and_follow_the_rule_for_ties(seed: int) -> None:
    case = seeded(seed, units=9)
    ties = case.rulebook.ranks.ties
    for rows in rows_of(case):
        for group in grouped(rows, case.rulebook.ranks.within):
            ranks = sorted(row["rank"] for row in group)
            if ties == "ordinal":
                assert ranks == list(range(1, len(ranks) + 1))
            elif ties == "dense":
                assert sorted(set(ranks)) == list(range(1, len(set(ranks)) + 1))
            else:
                assert all(rank == 1 + sum(r < rank for r in ranks) for rank in ranks)


def grouped(rows: list[dict[str, Any]], within: str) -> list[list[dict[str, Any]]]:
    """Ranked units by track, or all together."""
    ranked = [row for row in rows if row["rank"] is not None]
    tracks = sorted({row["track"] for row in ranked})
    if within == "all":
        return [ranked] if ranked else []
    return [[row for row in ranked if row["track"] == track] for track in tracks]
