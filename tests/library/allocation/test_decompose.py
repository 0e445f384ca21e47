"""Tables of targets: exact sums, kept locks and bounds, proportions, and what is refused."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from saima.allocation.breakdown import broken, check
from saima.allocation.decompose import decompose
from saima.allocation.model import model_of

from .plans import (
    PERIODS,
    UNITS,
    breakdown,
    every_table,
    keeps,
    large_breakdowns,
    lock,
    lower,
    small_breakdowns,
    upper,
)


def codes(problems):
    return [p.code for p in problems]


def table_of(plan):
    table, problems = decompose(plan)
    assert table is not None, [p.text() for p in problems]
    return table


@settings(deadline=None, max_examples=50)
@given(large_breakdowns())
def test_cells_add_up_to_the_headline_exactly(plan):
    table = table_of(plan)
    assert table.total == plan.headline
    assert all(cell.as_tuple().exponent == -2 for cell in table.targets.values())


@settings(deadline=None, max_examples=50)
@given(large_breakdowns())
def test_totals_and_cells_are_within_one_unit_of_their_proportions(plan):
    table, unit = table_of(plan), Decimal("0.01")
    by_unit, by_period = sum(plan.unit_weights.values()), sum(plan.period_weights.values())
    for u in plan.units:
        assert abs(table.of_unit(u) - plan.headline * plan.unit_weights[u] / by_unit) < unit
    for p in plan.periods:
        assert abs(table.of_period(p) - plan.headline * plan.period_weights[p] / by_period) < unit
    for (u, p), cell in table.targets.items():
        ideal = table.of_unit(u) * table.of_period(p) / plan.headline
        assert abs(cell - ideal) < unit + Decimal("0.0001")


@settings(deadline=None, max_examples=100)
@given(small_breakdowns())
def test_there_is_a_table_exactly_when_some_table_keeps_every_restriction(plan):
    table, problems = decompose(plan)
    possible = any(all(keeps(plan, t, r) for r in plan.restrictions) for t in every_table(plan))
    assert (table is not None) == possible
    if table is None:
        assert codes(problems) == ["allocation-conflict"]
    else:
        assert table.total == plan.headline
        assert all(keeps(plan, table, r) for r in plan.restrictions)
        assert all(cell >= 0 for cell in table.targets.values())


@settings(deadline=None, max_examples=30)
@given(large_breakdowns(), st.randoms(use_true_random=False))
def test_given_totals_of_units_and_periods_are_both_matched(plan, chance):
    other = table_of(replace(plan, unit_weights=plan.unit_weights | {plan.units[0]: Decimal(7)}))
    totals = [lock(u, None, other.of_unit(u)) for u in plan.units]
    totals += [lock(None, p, other.of_period(p)) for p in plan.periods]
    some = [lock(u, p, x) for (u, p), x in other.targets.items() if chance.random() < 0.2]
    plan = replace(plan, restrictions=(*totals, *some))
    assert broken(plan, table_of(plan)) == []


@settings(deadline=None, max_examples=30)
@given(large_breakdowns(), st.randoms(use_true_random=False))
def test_bounds_that_some_table_keeps_are_kept(plan, chance):
    """Bounds are drawn around a table made of random weights, so that one exists."""
    weights = {u: Decimal(chance.randint(1, 99)) for u in plan.units}
    other = table_of(replace(plan, unit_weights=weights))
    slack = Decimal(chance.randint(0, 500)).scaleb(-2)
    bounds = []
    for (u, p), cell in other.targets.items():
        make, shift = (lower, -slack) if chance.random() < 0.5 else (upper, slack)
        bounds.append(make(u, p, cell + shift))
    bounds += [upper(None, p, other.of_period(p) + slack) for p in plan.periods]
    plan = replace(plan, restrictions=tuple(bounds))
    table = table_of(plan)
    assert broken(plan, table) == []
    assert table.total == plan.headline


def reference_is_possible(plan, groups, bounds=(0, None)):
    """Linear programming's answer (HiGHS), independent of the network."""
    cells = [(u, p) for u in plan.units for p in plan.periods]
    above, limit = [], []
    for r in plan.restrictions:
        periods = groups.get(r.period, (r.period,)) if r.period else plan.periods
        row = np.array([r.unit in (None, u) and p in periods for u, p in cells], dtype=float)
        if r.kind != "upper":
            above, limit = [*above, -row], [*limit, -float(r.amount)]
        if r.kind != "lower":
            above, limit = [*above, row], [*limit, float(r.amount)]
    found = linprog(
        np.zeros(len(cells)),
        A_ub=np.array(above) if above else None,
        b_ub=limit or None,
        A_eq=np.ones((1, len(cells))),
        b_eq=[float(plan.headline)],
        bounds=bounds,
    )
    return found.status == 0


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_losses_and_headlines_below_zero_are_possible_where_linear_programming_says(data):
    units = st.sampled_from([None, *UNITS[:3]])
    periods = st.sampled_from([None, *PERIODS[:2]])
    kinds = st.sampled_from([lock, lower, upper])
    amounts = st.integers(-30, 40)
    drawn = data.draw(st.lists(st.tuples(kinds, units, periods, amounts), max_size=6))
    rows = tuple(make(u, p, n) for make, u, p, n in drawn)
    plan = breakdown(data.draw(st.integers(-60, 60)), 3, 2, (1, 2, 3), (1, 1), restrictions=rows)
    model = model_of(plan)  # it says which cells may lie on the other side of zero
    low = [(int(n), None) for n in model.floor]
    bounds = low if model.sign > 0 else [(None, -n) for n, _ in low]
    table, problems = decompose(plan)
    assert (table is not None) == reference_is_possible(plan, {}, bounds)
    if table is not None:
        assert table.total == plan.headline
        assert broken(plan, table) == []
    else:
        assert codes(problems) == ["allocation-conflict"]


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_quarters_can_be_locked_for_one_unit_and_for_all(data):
    groups = {"2026-Q1": PERIODS[:3], "2026-Q2": PERIODS[3:6]}
    keys = st.sampled_from([None, *PERIODS[:6], *groups])
    units = st.sampled_from([None, *UNITS[:3]])
    kinds = st.sampled_from([lock, lower, upper])
    drawn = data.draw(st.lists(st.tuples(kinds, units, keys, st.integers(0, 60)), max_size=8))
    plan = breakdown(
        100,
        periods=6,
        restrictions=tuple(make(u, p, n) for make, u, p, n in drawn),
        period_groups=groups,
    )
    table, problems = decompose(plan)
    assert (table is not None) == reference_is_possible(plan, groups)
    if table is None:
        assert codes(problems) == ["allocation-conflict"]
    else:
        assert table.total == 100
        assert broken(plan, table) == []


def test_quarter_totals_are_split_over_their_own_months():
    groups = {"2026-Q1": PERIODS[:3], "2026-Q2": PERIODS[3:6]}
    plan = breakdown(90, periods=6, restrictions=(lock(None, "2026-Q1", 30),), period_groups=groups)
    table = table_of(plan)
    assert [table.of_period(p) for p in PERIODS[:6]] == [10, 10, 10, 20, 20, 20]


def test_a_group_of_units_can_have_its_own_total():
    plan = breakdown(
        100, restrictions=(lock("东片", None, 80),), unit_groups={"东片": ("甲", "乙")}
    )
    table = table_of(plan)
    assert [table.of_unit(u) for u in plan.units] == [40, 40, 20]


def test_a_locked_month_leaves_the_unit_s_year_as_it_was():
    plan = breakdown(1200, periods=12)
    moved = table_of(replace(plan, restrictions=(lock("甲", "2026-03", 100),)))
    assert moved.targets["甲", "2026-03"] == 100
    assert [moved.of_unit(u) for u in plan.units] == [400, 400, 400]
    assert [moved.of_period(p) for p in plan.periods] == [100] * 12


def test_period_totals_give_way_only_where_locks_leave_no_other_table():
    locks = [lock(u, "2026-01", 100) for u in UNITS[:3]]
    table, problems = decompose(breakdown(600, restrictions=tuple(locks)))
    assert table is not None
    assert [table.of_unit(u) for u in UNITS[:3]] == [200, 200, 200]
    assert table.of_period("2026-01") == 300
    assert [table.of_period(p) for p in PERIODS[1:4]] == [100, 100, 100]
    assert problems == []


def test_last_year_s_figures_give_each_unit_its_own_season():
    cells = {("甲", "2026-01"): Decimal(30), ("甲", "2026-02"): Decimal(10)}
    cells |= {("乙", "2026-01"): Decimal(20), ("乙", "2026-02"): Decimal(40)}
    plan = breakdown(200, 2, 2, (40, 60), cell_weights=cells)
    assert table_of(plan).targets == {key: 2 * value for key, value in cells.items()}


def test_a_unit_without_weight_gets_nothing():
    assert table_of(breakdown(100, unit_weights=(0, 1, 1))).of_unit("甲") == 0


def test_a_cell_without_weight_is_named_when_locks_leave_no_other_room():
    plan = breakdown(100, 2, 2, (0, 1), restrictions=(upper("乙", None, 60),))
    table, problems = decompose(plan)
    assert table is not None and table.of_unit("甲") == 40
    assert "allocation-weightless-cell" in codes(problems)
    assert "甲2026-01" in problems[-1].text()


def test_one_unit_and_one_period_carry_the_whole_headline():
    assert table_of(breakdown(7, 1, 1)).targets == {("甲", "2026-01"): Decimal(7)}


def test_every_cell_locked_is_the_table_itself_if_it_adds_up():
    locks = {("甲", "2026-01"): 1, ("甲", "2026-02"): 2, ("乙", "2026-01"): 3, ("乙", "2026-02"): 4}
    rows = tuple(lock(u, p, n) for (u, p), n in locks.items())
    assert table_of(breakdown(10, 2, 2, restrictions=rows)).targets == locks
    table, problems = decompose(breakdown(11, 2, 2, restrictions=rows))
    assert table is None
    assert "共4条" in problems[0].text()


def test_a_headline_below_zero_is_spread_like_its_mirror_image():
    weights = (3, 5, 9)
    up = table_of(breakdown("1000.01", unit_weights=weights, decimals=2))
    down = table_of(breakdown("-1000.01", unit_weights=weights, decimals=2))
    assert down.targets == {key: -value for key, value in up.targets.items()}


def test_bounds_of_a_headline_below_zero_are_kept():
    rows = (lower("甲", None, -10), upper("乙", "2026-02", -30), lock("丙", None, -40))
    plan = breakdown(-100, restrictions=rows)
    table = table_of(plan)
    assert table.total == -100
    assert broken(plan, table) == []


def test_a_unit_may_be_locked_at_a_loss_under_a_positive_headline():
    plan = breakdown(100, 3, 12, restrictions=(lock("甲", None, -24), lock("乙", "2026-03", 30)))
    table = table_of(plan)
    assert [table.targets["甲", p] for p in PERIODS] == [-2] * 12
    assert table.total == 100
    assert broken(plan, table) == []


def test_a_headline_of_zero_gives_zeros():
    assert set(table_of(breakdown(0)).targets.values()) == {Decimal(0)}


def test_all_weights_zero_is_refused():
    assert codes(decompose(breakdown(5, unit_weights=(0, 0, 0)))[1]) == ["allocation-zero-weights"]


def test_no_months_left_is_refused():
    assert codes(decompose(replace(breakdown(5), periods=()))[1]) == ["allocation-no-periods"]
    assert codes(decompose(replace(breakdown(5), units=()))[1]) == ["allocation-no-units"]


def test_weights_below_zero_are_refused_and_named():
    problems = decompose(breakdown(5, unit_weights=(1, -2, 1)))[1]
    assert codes(problems) == ["allocation-negative-weight"]
    assert "乙" in problems[0].text()


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E+40"])
def test_amounts_that_are_no_numbers_or_too_large_are_refused(amount):
    plan = replace(breakdown(5), headline=Decimal(amount))
    assert codes(check(plan)) == ["allocation-too-large"]


def test_everything_wrong_is_told_at_once():
    plan = breakdown("1.5", restrictions=(lock("己", None, 1), lock("甲", "2027-01", "0.5")))
    assert sorted(codes(check(plan))) == [
        "allocation-too-fine",
        "allocation-too-fine",
        "allocation-unknown-key",
        "allocation-unknown-key",
    ]


def test_sums_that_cross_are_refused():
    plan = breakdown(
        100,
        periods=6,
        unit_groups={"东片": ("甲", "乙")},
        period_groups={"2026-Q1": PERIODS[:3]},
        restrictions=(lock("东片", "2026-Q1", 10),),
    )
    assert codes(decompose(plan)[1]) == ["allocation-crossing"]


def test_units_in_another_order_get_the_same_targets():
    """Random weights have no equal remainders; only those may go by the official order."""
    chance = random.Random(7)
    for _ in range(15):
        cells = {(u, p): Decimal(chance.randint(1, 10**6)) for u in UNITS for p in PERIODS}
        by_unit = [sum(cells[u, p] for p in PERIODS) for u in UNITS]
        by_period = [sum(cells[u, p] for u in UNITS) for p in PERIODS]
        plan = breakdown("98765.43", 5, 12, by_unit, by_period, cell_weights=cells, decimals=2)
        shuffled = replace(plan, units=tuple(chance.sample(UNITS, 5)))
        assert table_of(shuffled).targets == table_of(plan).targets


def test_a_duplicate_unit_is_refused():
    assert codes(check(replace(breakdown(5), units=("甲", "甲")))) == ["allocation-duplicate-key"]
