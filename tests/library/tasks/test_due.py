"""When a task is due, and which requests for a later day count."""

from __future__ import annotations

from datetime import date

import pytest

from saima.problems import Refused
from saima.tasks.due import Extension, deadline_that_counts, due_state, overdue_days, progress_due
from saima.tasks.limits import default_limits, limit_of, read_limits
from saima.tasks.workdays import added, left, on_or_after

FRIDAY, MONDAY = date(2026, 10, 30), date(2026, 11, 2)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 10, 27), "nearing"),
        (date(2026, 10, 26), "normal"),
        (FRIDAY, "nearing"),
        (date(2026, 10, 31), "overdue"),
    ],
)
def test_three_working_days_before_the_deadline_are_nearing(on: date, expected: str) -> None:
    assert due_state(FRIDAY, on) == expected


def test_weekend_does_not_count_as_time_left() -> None:
    assert left(FRIDAY, MONDAY) == 1
    assert due_state(date(2026, 11, 4), FRIDAY) == "nearing"


def test_what_was_reported_counts_by_the_day_of_the_report() -> None:
    late = date(2026, 12, 1)
    assert due_state(FRIDAY, late, reported=FRIDAY) == "normal"
    assert due_state(FRIDAY, late, reported=MONDAY) == "overdue"
    assert overdue_days(FRIDAY, late, MONDAY) == 3


def test_extension_asked_and_approved_in_time_moves_the_deadline() -> None:
    asked = Extension(date(2026, 10, 20), date(2026, 10, 29), date(2026, 11, 15))
    assert deadline_that_counts(FRIDAY, [asked]) == date(2026, 11, 15)


@pytest.mark.parametrize(
    "extension",
    [
        Extension(date(2026, 10, 20), MONDAY, date(2026, 11, 15)),
        Extension(MONDAY, MONDAY, date(2026, 11, 15)),
        Extension(date(2026, 10, 20), None, date(2026, 11, 15)),
    ],
    ids=["approved too late", "asked too late", "not approved"],
)
def test_other_extensions_leave_the_old_day(extension: Extension) -> None:
    assert deadline_that_counts(FRIDAY, [extension]) == FRIDAY


def test_second_extension_is_held_against_the_first_one() -> None:
    first = Extension(date(2026, 10, 20), date(2026, 10, 21), date(2026, 11, 15))
    second = Extension(date(2026, 11, 10), date(2026, 11, 14), date(2026, 12, 1))
    assert deadline_that_counts(FRIDAY, [second, first]) == date(2026, 12, 1)
    assert deadline_that_counts(FRIDAY, [second]) == FRIDAY


def test_progress_is_asked_for_a_day_a_week_or_a_month_after_the_last_line() -> None:
    assert progress_due("day", FRIDAY) == date(2026, 10, 31)
    assert progress_due("week", FRIDAY) == date(2026, 11, 6)
    assert progress_due("month", date(2026, 1, 31)) == date(2026, 2, 28)
    assert progress_due("none", FRIDAY) is None


def test_limits_are_those_of_the_published_rules() -> None:
    days = {limit.kind: limit.days for limit in default_limits()}
    assert (days["minutes"], days["document"], days["instruction"]) == (20, 30, 15)
    assert limit_of("instruction-urgent").within == (1, 5)
    assert all(limit.source for limit in default_limits())


def test_limit_that_ends_on_a_day_off_moves_on() -> None:
    assert limit_of("public").end(MONDAY) == date(2026, 11, 9)  # the 7th is a Saturday
    assert limit_of("decision").end(date(2026, 9, 28)) == added(date(2026, 9, 28), 30)


def test_holidays_are_no_working_days() -> None:
    assert on_or_after(date(2026, 10, 1)) == date(2026, 10, 8)
    assert added(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_unknown_limit_and_broken_file_are_refused() -> None:
    with pytest.raises(Refused, match="没有“oral”这类时限"):
        limit_of("oral")
    with pytest.raises(Refused, match="看不懂时限文件"):
        read_limits("limits: [{kind: a, name: 甲, days: 三, source: 乙}]")
    with pytest.raises(Refused, match="days 小于0"):
        read_limits("limits: [{kind: a, name: 甲, days: -1, source: 乙}]")
