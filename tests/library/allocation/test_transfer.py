"""Transfers between units: sums stay, locks and bounds hold, the rest is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from saima.allocation.decompose import decompose
from saima.allocation.transfer import transfer

from .plans import breakdown, large_breakdowns, lock, lower, upper


def table_of(plan):
    table, _ = decompose(plan)
    assert table is not None
    return table


def codes(problems):
    return [p.code for p in problems]


@settings(deadline=None, max_examples=60)
@given(large_breakdowns(), st.data())
def test_a_transfer_keeps_the_sum_of_every_period(plan, data):
    plan = replace(plan, units=("甲", "乙"))
    table = table_of(plan)
    have = int(table.of_unit("甲") * 100)
    amount = Decimal(data.draw(st.integers(1, max(1, have)))).scaleb(-2)
    moved, problems = transfer(plan, table, "甲", "乙", amount)
    if moved is None:
        assert amount > table.of_unit("甲")
        assert codes(problems) == ["transfer-too-much"]
    else:
        assert [moved.of_period(p) for p in plan.periods] == [
            table.of_period(p) for p in plan.periods
        ]
        assert moved.of_unit("乙") == table.of_unit("乙") + amount
        assert moved.total == plan.headline
        assert min(moved.targets.values()) >= 0


def test_one_amount_is_spread_by_what_the_giver_has():
    plan = breakdown(600, 2, 3, period_weights=(1, 2, 3))
    moved, _ = transfer(plan, table_of(plan), "甲", "乙", Decimal(60))
    assert moved is not None
    assert [moved.targets["甲", p] for p in plan.periods] == [40, 80, 120]


def test_a_locked_month_moves_nothing_and_the_others_carry_the_amount():
    plan = breakdown(600, 2, 3, restrictions=(lock("甲", "2026-01", 100),))
    moved, _ = transfer(plan, table_of(plan), "甲", "乙", Decimal(60))
    assert moved is not None
    assert [moved.targets["甲", p] for p in plan.periods] == [100, 70, 70]


def test_amounts_by_period_move_as_given():
    plan = breakdown(600, 2, 3)
    moved, _ = transfer(plan, table_of(plan), "甲", "乙", {"2026-02": Decimal(5)})
    assert moved is not None
    assert moved.targets["甲", "2026-02"] == 95
    assert moved.targets["乙", "2026-02"] == 105
    assert moved.of_period("2026-01") == 200


def test_a_merged_unit_hands_over_everything():
    plan = breakdown(600, 2, 3)
    moved, _ = transfer(plan, table_of(plan), "甲", "乙", None)
    assert moved is not None
    assert moved.of_unit("甲") == 0
    assert moved.of_unit("乙") == 600


def test_a_transfer_past_a_bound_is_refused_with_what_is_possible():
    plan = breakdown(600, 2, 2, restrictions=(lower("甲", "2026-01", 140), upper("乙", None, 900)))
    moved, problems = transfer(plan, table_of(plan), "甲", "乙", Decimal(161))
    assert moved is None
    assert codes(problems) == ["transfer-too-much"]
    assert "最多可调160" in problems[0].message()


def test_a_transfer_that_breaks_a_lock_is_refused_and_every_broken_one_is_named():
    rows = (lock("甲", None, 300), upper("乙", None, 310))
    plan = breakdown(600, 2, 2, restrictions=rows)
    moved, problems = transfer(plan, table_of(plan), "甲", "乙", Decimal(20))
    assert moved is None
    assert codes(problems) == ["transfer-breaks", "transfer-breaks"]
    assert "甲各期合计锁定为300" in problems[0].message()


def test_a_merger_is_refused_where_the_unit_is_locked():
    plan = breakdown(600, 2, 2, restrictions=(lock("甲", "2026-01", 100),))
    assert codes(transfer(plan, table_of(plan), "甲", "乙", None)[1]) == ["transfer-breaks"]


def test_amounts_too_fine_or_of_the_other_sign_are_refused():
    plan = breakdown(600, 2, 2)
    for amount in (Decimal("0.5"), Decimal(-3), Decimal(0)):
        moved, problems = transfer(plan, table_of(plan), "甲", "乙", amount)
        assert moved is None
        assert codes(problems) == ["transfer-amount"]


def test_targets_below_zero_move_as_negative_amounts():
    plan = breakdown(-600, 2, 2)
    moved, _ = transfer(plan, table_of(plan), "甲", "乙", Decimal(-100))
    assert moved is not None
    assert (moved.of_unit("甲"), moved.of_unit("乙")) == (-200, -400)


def test_unknown_or_equal_units_are_refused():
    plan = breakdown(600, 2, 2)
    table = table_of(plan)
    assert codes(transfer(plan, table, "甲", "甲", Decimal(1))[1]) == ["transfer-unknown"]
    assert codes(transfer(plan, table, "甲", "丙", {"2027-01": Decimal(1)})[1]) == [
        "transfer-unknown",
        "transfer-unknown",
    ]
