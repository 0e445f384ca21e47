"""Whole-number shares: exact sums, bounds, largest remainder."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from saima.allocation.exact import from_units, share_out, to_units, whole_weights

part = st.tuples(st.integers(0, 50), st.integers(-20, 40), st.integers(0, 60))


def shares(total, weights):
    return share_out(total, weights, [0] * len(weights), [10**13] * len(weights))


def test_thirds_of_a_hundred_give_the_odd_one_to_the_first():
    assert shares(100, [1, 1, 1]) == [34, 33, 33]


def test_largest_remainder_and_not_the_first_gets_the_odd_one():
    assert shares(10, [3, 3, 5]) == [3, 3, 4]


def test_a_capped_part_leaves_the_rest_to_the_others_in_proportion():
    assert share_out(100, [1, 1, 2], [0, 0, 0], [10, 100, 100]) == [10, 30, 60]


def test_a_part_without_weight_stays_at_zero():
    assert shares(7, [0, 1, 1]) == [0, 4, 3]


def test_a_part_without_weight_carries_only_what_the_others_cannot():
    assert share_out(10, [0, 1], [0, 0], [100, 6]) == [4, 6]


def test_no_shares_where_the_bounds_leave_no_room():
    assert share_out(10, [1, 1], [0, 0], [4, 5]) is None
    assert share_out(10, [1, 1], [6, 5], [9, 9]) is None
    assert share_out(10, [1, 1], [6, 0], [5, 9]) is None


@given(st.lists(part, min_size=1, max_size=6), st.integers(-100, 300))
def test_shares_add_up_and_keep_their_bounds_whenever_that_is_possible(parts, total):
    weights = [w for w, _, _ in parts]
    low, high = [a for _, a, _ in parts], [a + b for _, a, b in parts]
    found = share_out(total, weights, low, high)
    if found is None:
        assert not sum(low) <= total <= sum(high)
    else:
        assert sum(found) == total
        assert all(a <= x <= b for a, x, b in zip(low, found, high))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20), st.integers(0, 10**12))
def test_every_share_is_within_one_unit_of_its_proportion(weights, total):
    ideal = [Fraction(total * w, sum(weights)) for w in weights]
    assert all(abs(x - y) < 1 for x, y in zip(shares(total, weights), ideal))


@given(st.lists(st.integers(1, 9), min_size=2, max_size=3), st.integers(0, 12))
def test_no_other_whole_shares_lie_nearer_to_the_proportions(weights, total):
    ideal = [Fraction(total * w, sum(weights)) for w in weights]

    def distance(amounts):
        return sum(abs(x - y) for x, y in zip(amounts, ideal))

    others = product(range(total + 1), repeat=len(weights))
    best = min(distance(amounts) for amounts in others if sum(amounts) == total)
    assert distance(shares(total, weights)) == best


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8, unique=True), st.randoms())
def test_order_decides_between_equal_remainders_only(weights, random):
    total = 10**6 + 3
    remainders = [total * w % sum(weights) for w in weights]
    found = dict(zip(weights, shares(total, weights)))
    shuffled = list(weights)
    random.shuffle(shuffled)
    again = dict(zip(shuffled, shares(total, shuffled)))
    if len(set(remainders)) == len(remainders):
        assert again == found
    assert all(abs(again[w] - found[w]) <= 1 for w in weights)


def test_amounts_finer_than_the_precision_have_no_whole_number():
    assert to_units(Decimal("12.345"), 2) is None
    assert to_units(Decimal("12.340"), 2) == 1234


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_units_and_decimals_are_each_other_s_inverse(units, decimals):
    assert to_units(from_units(units, decimals), decimals) == units


def test_weights_keep_their_proportions_as_whole_numbers():
    assert whole_weights([Decimal("0.5"), Decimal("1.25"), Decimal("3")]) == [50, 125, 300]
