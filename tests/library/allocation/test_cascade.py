"""Months down to days: exact sums on every level, working days, and what is still needed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saima.allocation.cascade import cascade, cut, needed, working_days
from saima.periods import parse

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
spans = st.sampled_from(
    ["2025-02", "2025-10", "2025-Q1", "2025-H2", "2025", "2025-09-23..2025-12-31"]
)
kinds = st.sampled_from(["day", "ten_day", "week", "month"])


def weekday(day):
    return day.weekday() < 5


@settings(deadline=None)
@given(spans, kinds, st.integers(-(10**9), 10**9), st.booleans())
def test_parts_add_up_to_the_period_exactly(period, kind, cents, by_working_days):
    target = Decimal(cents).scaleb(-2)
    pieces, problems = cascade(target, parse(period), kind, 2, weekday if by_working_days else None)
    assert problems == []
    assert sum(piece.target for piece in pieces) == target


@settings(deadline=None)
@given(spans, st.sampled_from(["ten_day", "week", "month"]), st.integers(0, 10**9))
def test_days_add_up_to_weeks_and_months(period, kind, target):
    days, _ = cascade(Decimal(target), parse(period), "day", 0, weekday)
    for piece in cascade(Decimal(target), parse(period), kind, 0, weekday)[0]:
        inside = [d.target for d in days if piece.start <= d.start <= piece.end]
        assert sum(inside) == piece.target


@given(st.integers(0, 10**6))
def test_each_day_is_within_one_unit_of_its_even_share(target):
    pieces, _ = cascade(Decimal(target), parse("2025-10"), "day", 0)
    assert all(abs(piece.target - Decimal(target) / 31) < 1 for piece in pieces)


def test_ten_day_periods_by_equal_days():
    pieces, _ = cascade(Decimal(280), parse("2025-02"), "ten_day", 0)
    assert [(p.period, p.target) for p in pieces] == [
        ("2025-02-T1", 100),
        ("2025-02-T2", 100),
        ("2025-02-T3", 80),
    ]


def test_weeks_are_clipped_to_the_month():
    parts = cut(parse("2025-10"), "week")
    assert (parts[0].start, parts[0].end) == (date(2025, 10, 1), date(2025, 10, 5))
    assert (parts[-1].start, parts[-1].end) == (date(2025, 10, 27), date(2025, 10, 31))
    assert [p.text for p in parts[1:3]] == ["2025-W41", "2025-W42"]


def test_five_households_in_a_month_do_not_all_fall_on_its_first_days():
    pieces, _ = cascade(Decimal(5), parse("2025-10"), "ten_day", 0)
    assert [p.target for p in pieces] == [2, 1, 2]


def test_holidays_carry_nothing_and_make_up_days_count():
    is_working, problems = working_days(*YEAR)
    pieces, _ = cascade(Decimal(180), parse("2025-10"), "day", 0, is_working)
    by_day = {piece.start.day: piece.target for piece in pieces}
    assert problems == []
    assert [by_day[d] for d in range(1, 9)] == [0] * 8
    assert by_day[11] == 10  # Saturday, made up for the National Day holiday (State Council)
    assert by_day[9] == 10


def test_the_plan_s_own_days_override_the_calendar():
    is_working, _ = working_days(*YEAR, rest=[date(2025, 3, 3)], work=[date(2025, 3, 2)])
    assert not is_working(date(2025, 3, 3))
    assert is_working(date(2025, 3, 2))


def test_a_year_without_announced_holidays_is_said():
    is_working, problems = working_days(date(2090, 1, 1), date(2090, 12, 31))
    assert [p.code for p in problems] == ["calendar-unknown"]
    assert problems[0].severity == "warning"
    assert is_working(date(2090, 10, 2))  # a Monday


def test_a_span_without_working_days_is_refused():
    is_working, _ = working_days(*YEAR)
    pieces, problems = cascade(Decimal(1), parse("2025-10-01..2025-10-08"), "day", 0, is_working)
    assert pieces == []
    assert [p.code for p in problems] == ["cascade-no-days"]


def test_a_target_finer_than_the_precision_is_refused():
    assert [p.code for p in cascade(Decimal("0.5"), parse("2025-10"), "day", 0)[1]] == [
        "cascade-too-fine"
    ]


def test_needed_per_remaining_day_week_and_month():
    """Counted on a wall calendar: 17 Nov 2025 is a Monday, 45 days, 33 weekdays, 7 weeks."""
    found, problems = needed(
        Decimal(100), Decimal("32.5"), date(2025, 11, 17), date(2025, 12, 31), weekday
    )
    assert problems == []
    assert (found.remaining, found.days_left, found.working_days_left) == (Decimal("67.5"), 45, 33)
    assert (found.weeks_left, found.months_left) == (7, 2)
    assert found.per_day == Decimal("1.5000")
    assert found.per_working_day == Decimal("2.0455")
    assert found.per_week == Decimal("9.6429")
    assert found.per_month == Decimal("33.7500")
    assert found.sentence("亿元") == (
        "尚需完成67.5亿元，剩余45天（工作日33天）：每天1.5000，每个工作日2.0455，"
        "每周9.6429，每月33.7500亿元。"
    )


def test_the_last_day_still_counts():
    found, _ = needed(Decimal(10), Decimal(4), date(2025, 12, 31), date(2025, 12, 31), weekday)
    assert (found.days_left, found.per_day) == (1, Decimal(6))


def test_no_time_left_with_something_missing_is_a_problem():
    found, problems = needed(Decimal(10), Decimal(4), date(2026, 1, 1), date(2025, 12, 31), weekday)
    assert [p.code for p in problems] == ["nothing-left"]
    assert found.per_day is None
    assert "仍差6" in found.sentence()


def test_a_reached_target_needs_nothing_more():
    found, problems = needed(
        Decimal(10), Decimal(12), date(2026, 1, 1), date(2025, 12, 31), weekday
    )
    assert problems == []
    assert found.sentence("户") == "目标已完成，超出2户。"
    assert needed(Decimal(1), Decimal(2), *YEAR, weekday)[0].per_day == 0


@pytest.mark.parametrize("start", range(0, 365, 61))
def test_every_day_lies_in_exactly_one_part(start):
    first = date(2025, 1, 1) + timedelta(days=start)
    period = parse(f"{first}..{first + timedelta(days=99)}")
    for kind in ("day", "ten_day", "week", "month"):
        parts = cut(period, kind)
        assert sum(part.days for part in parts) == 100
        assert parts[0].start == period.start
        assert parts[-1].end == period.end
