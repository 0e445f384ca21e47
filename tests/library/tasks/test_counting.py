"""A promised quantity by days, weeks, months: what should be reached, what is needed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.tasks.counting import By, Count, count

BEGIN = date(2026, 10, 1)


def of(quantity: int, reached: int, on: date, by: By, end: date = date(2026, 12, 9)) -> Count:
    return count(Decimal(quantity), Decimal(reached), begin=BEGIN, end=end, on=on, by=by)


def test_weeks_are_counted_from_the_day_it_was_made() -> None:
    found = of(100, 20, date(2026, 10, 22), "week")
    assert (found.steps, found.over, found.left) == (10, 3, 7)
    assert (found.due, found.gap, found.points) == (Decimal(30), Decimal(-10), -10.0)
    assert found.needed is not None and round(found.needed, 2) == Decimal("11.43")


def test_a_day_counts_once_it_is_over() -> None:
    assert of(70, 0, BEGIN, "day").due == 0
    assert of(70, 0, BEGIN + timedelta(days=1), "day").due == 1
    assert of(70, 0, date(2026, 12, 9), "day").due == 69, "the last day is still to come"


def test_months_end_on_the_same_day() -> None:
    assert of(3, 1, date(2026, 10, 31), "month").over == 0
    assert of(3, 1, date(2026, 11, 1), "month").due == 1
    late = count(Decimal(2), Decimal(0), begin=date(2026, 1, 31), end=date(2026, 3, 30),
                 on=date(2026, 2, 28), by="month")  # fmt: skip
    assert (late.steps, late.over) == (2, 1), "a month from the 31st ends with February"


def test_all_is_due_after_the_end_and_nothing_is_needed_for_steps_that_are_gone() -> None:
    found = of(100, 90, date(2026, 12, 10), "week")
    assert (found.due, found.gap, found.needed) == (Decimal(100), Decimal(-10), None)
    assert of(100, 130, date(2026, 11, 1), "week").needed == 0, "more than promised"


def test_a_promise_for_the_same_day_is_one_step() -> None:
    found = of(5, 0, BEGIN, "month", end=BEGIN)
    assert (found.steps, found.due, found.needed) == (1, Decimal(0), Decimal(5))


@given(
    days=st.integers(0, 800), on=st.integers(-30, 900), by=st.sampled_from(["day", "week", "month"])
)
def test_what_is_due_never_falls_and_never_passes_the_whole(days: int, on: int, by: Any) -> None:
    end = BEGIN + timedelta(days=days)
    now, after = (of(100, 0, BEGIN + timedelta(days=on + n), by, end) for n in (0, 1))
    assert 0 <= now.due <= after.due <= 100
    assert (now.due == 100) == (BEGIN + timedelta(days=on) > end)


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_what_is_needed_in_the_steps_left_makes_the_whole(by: By) -> None:
    found = of(100, 20, date(2026, 10, 22), by)
    assert found.needed is not None
    assert abs(found.needed * found.left + 20 - 100) < Decimal("1e-20")
