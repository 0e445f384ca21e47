"""Which restrictions conflict: the smallest sets against brute force, and the sentence."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings

from saima.allocation.conflicts import conflict_problem, smallest
from saima.allocation.decompose import decompose
from saima.allocation.model import model_of

from .plans import (
    PERIODS,
    UNITS,
    breakdown,
    lock,
    lower,
    small_breakdowns,
    smallest_conflict,
    upper,
)


def conflict_of(plan):
    return smallest(model_of(plan))


@settings(deadline=None, max_examples=60)
@given(small_breakdowns())
def test_smallest_conflict_is_as_small_as_brute_force_finds(plan):
    size = smallest_conflict(plan)
    assume(size is not None)
    conflict = conflict_of(plan)
    assert conflict.minimum
    assert len(conflict.restrictions) == size
    assert smallest_conflict(replace(plan, restrictions=conflict.restrictions)) == size


@settings(deadline=None, max_examples=60)
@given(small_breakdowns())
def test_dropping_any_one_of_them_leaves_a_table(plan):
    assume(decompose(plan)[0] is None)
    found = conflict_of(plan).restrictions
    for k in range(len(found)):
        assert decompose(replace(plan, restrictions=found[:k] + found[k + 1 :]))[0] is not None


@settings(deadline=None, max_examples=60)
@given(small_breakdowns())
def test_the_two_sides_of_the_conflict_are_apart_as_told(plan):
    assume(decompose(plan)[0] is None)
    conflict = conflict_of(plan)
    amounts = [r.amount for r in conflict.restrictions]
    headline = plan.headline if conflict.headline_demands is not None else 0
    needed = sum((amounts[k] for k in conflict.demand), Decimal(0))
    available = sum((amounts[k] for k in conflict.room), Decimal(0))
    needed += headline if conflict.headline_demands else 0
    available += headline if conflict.headline_demands is False else 0
    assert (conflict.needed, conflict.available) == (needed, available)
    assert needed > available
    assert sorted({*conflict.demand, *conflict.room}) == list(range(len(amounts)))


def test_two_large_locks_and_not_the_many_small_ones_are_named():
    small = [lock(u, p, 5) for u in UNITS[:3] for p in PERIODS[1:4]]
    rows = (lock("甲", "2026-01", 60), *small, lock("乙", "2026-01", 41))
    conflict = conflict_of(breakdown(100, restrictions=rows))
    assert conflict.restrictions == (rows[0], rows[-1])
    assert conflict.minimum


def test_two_bounds_that_contradict_each_other_are_found():
    rows = (lower("甲", "2026-01", 20), upper("甲", "2026-01", 10), lock("乙", "2026-01", 1))
    assert conflict_of(breakdown(100, restrictions=rows)).restrictions == rows[:2]


def test_a_cent_too_much_in_a_billion_is_found():
    rows = (lock("甲", None, "9999999999.99"), lock("乙", None, "0.02"))
    conflict = conflict_of(breakdown(10**10, restrictions=rows, decimals=2))
    assert conflict.restrictions == rows
    assert (conflict.needed, conflict.available) == (10**12 + 1, 10**12)


def test_capacity_below_the_headline_names_every_capacity_and_what_is_missing():
    rows = tuple(replace(upper(u, None, 30), note="产能") for u in UNITS[:3])
    plan = breakdown(100, restrictions=rows, measure="万元")
    _, problems = decompose(plan)
    assert problems[0].message() == (
        "“营业收入”无法分解：总目标100万元，合计至少为100万元；而甲各期合计不超过30万元（产能）、"
        "乙各期合计不超过30万元（产能）、丙各期合计不超过30万元（产能），合计至多为90万元；"
        "两者相差10万元，不能同时成立。（共3条，是个数最少的一组冲突约束。）"
    )
    assert "10万元 apart" in problems[0].message("en")


def test_a_conflict_below_zero_reads_the_right_way_round():
    rows = (lock("甲", None, -80), upper("乙", "2026-04", -22))
    text = decompose(breakdown(-100, restrictions=rows))[1][0].message()
    assert "合计至多为-102" in text
    assert "总目标-100，合计至少为-100；两者相差2" in text


def test_restrictions_that_can_be_kept_are_no_conflict():
    with pytest.raises(ValueError, match="do not conflict"):
        conflict_of(breakdown(100, restrictions=(lock("甲", None, 10),)))


def test_a_conflict_found_without_proof_of_its_size_says_so():
    plan = breakdown(100, restrictions=(lock("甲", None, 60), lock("乙", None, 41)))
    conflict = replace(conflict_of(plan), minimum=False)
    assert "去掉任何一条即不再冲突" in conflict_problem(plan, conflict).message()
