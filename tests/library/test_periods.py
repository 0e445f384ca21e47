"""Periods read, print, nest and count time as the campaign's clock says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.periods import (
    Clock,
    containing,
    parse,
    previous,
    same_period_last_year,
    to_date,
)
from saima.problems import Refused

YEAR = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31))
ASSESSMENT = Clock("assessment_year", date(2025, 12, 1), date(2026, 11, 30))
HUNDRED = Clock("days", date(2026, 9, 22), date(2026, 12, 30))
KINDS = ("day", "ten_day", "week", "month", "two_months", "quarter", "half", "year")


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(KINDS))
def test_every_period_reads_back_from_its_text(day, kind):
    period = containing(kind, day)
    assert parse(period.text) == period
    assert period.start <= day <= period.end


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(KINDS))
def test_the_previous_period_ends_the_day_before(day, kind):
    period = containing(kind, day)
    assert previous(period).end + timedelta(days=1) == period.start


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("2026年7月上旬", "2026-07-T1"),
        ("2026年三季度", "2026-Q3"),
        ("三季度", "2026-Q3"),
        ("上半年", "2026-H1"),
        ("1—9月", "2026-01..2026-09"),
        ("1-9月", "2026-01..2026-09"),
        ("２０２６年９月", "2026-09"),
        ("2026.9", "2026-09"),
        ("9月", "2026-09"),
        ("全年", "2026"),
        ("2026-01..2026-02", "2026-B1"),
        ("第37天", "2026-02-06"),
        ("期初", "2025-12-31"),
    ],
)
def test_chinese_forms_are_read_with_the_clock(written, text):
    assert parse(written, YEAR).text == text


@pytest.mark.parametrize(
    "written", ["", "2026-13", "明年", "2026-02-30", "2026-Q5", "..", "九月份"]
)
def test_nonsense_is_refused_with_the_forms_that_work(written):
    with pytest.raises(Refused) as refusal:
        parse(written, YEAR)
    assert refusal.value.problem.code == "unknown-period"
    assert "2026-09" in refusal.value.problem.hint()


def test_a_form_without_a_year_needs_the_clock():
    with pytest.raises(Refused) as refusal:
        parse("9月")
    assert refusal.value.problem.code == "period-needs-clock"


def test_day_n_of_a_campaign_counts_from_its_first_day():
    assert parse("D1", HUNDRED).start == date(2026, 9, 22)
    assert parse("D100", HUNDRED).start == date(2026, 12, 30)
    assert parse("D0", HUNDRED).start == date(2026, 9, 21)
    assert HUNDRED.day_number(date(2026, 10, 29)) == 38


def test_linear_pace_by_month_and_by_day():
    assert YEAR.pace(date(2026, 9, 30), "linear-month") == (9.0, 12.0)
    assert YEAR.pace(date(2026, 9, 30), "linear-day") == (273.0, 365.0)
    assert ASSESSMENT.pace(date(2026, 2, 28), "linear-month") == (3.0, 12.0)
    assert HUNDRED.pace(date(2026, 10, 29), "linear-day") == (38.0, 100.0)


def test_inside_a_month_the_day_counts_over_the_months_days():
    elapsed, whole = YEAR.pace(date(2026, 6, 15), "linear-month")
    assert elapsed == 5.5
    assert whole == 12.0


def test_pace_never_passes_the_end_of_the_window():
    assert HUNDRED.pace(date(2026, 12, 31), "linear-day") == (100.0, 100.0)


def test_joint_months_leave_january_out():
    joint = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31), ((1, 2),))
    assert [p.text for p in joint.periods("month")][:2] == ["2026-02", "2026-03"]


def test_an_assessment_year_is_a_window_of_its_own():
    assert ASSESSMENT.window(date(2026, 3, 1)).text == "2025-12..2026-11"
    assert to_date(parse("2026-02"), ASSESSMENT).text == "2025-12..2026-02"


def test_last_year_keeps_month_ends_and_iso_weeks():
    assert same_period_last_year(parse("2024-02")).text == "2023-02"
    assert same_period_last_year(parse("2025-02")).end == date(2024, 2, 29)
    assert same_period_last_year(parse("2026-W53")).text == "2025-W52"
