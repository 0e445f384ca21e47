"""Deadlines fall on working days: holidays, days worked in their place, and the office's own."""

from __future__ import annotations

from datetime import date

import pytest

from saima.problems import Refused
from saima_web.campaigns import actions
from saima_web.campaigns.models import DayOverride
from saima_web.campaigns.working_days import (
    add_working_days,
    is_working_day,
    next_working_day,
    year_known,
)
from tests.web.cast import House

pytestmark = pytest.mark.django_db


def test_national_day_is_off_and_the_saturday_after_is_worked() -> None:
    assert not is_working_day(date(2026, 10, 7))
    assert is_working_day(date(2026, 10, 8))
    assert is_working_day(date(2026, 10, 10))  # a Saturday, worked in its place
    assert not is_working_day(date(2026, 10, 11))


def test_deadline_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)
    assert next_working_day(date(2026, 10, 9)) == date(2026, 10, 9)


def test_working_days_are_counted_forth_and_back() -> None:
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert add_working_days(date(2026, 10, 8), 3) == date(2026, 10, 12)
    assert add_working_days(date(2026, 10, 8), 0) == date(2026, 10, 8)


def test_unknown_year_falls_back_on_weekends_and_says_so() -> None:
    assert not year_known(2035)
    assert year_known(2026)
    assert is_working_day(date(2035, 10, 1)) == (date(2035, 10, 1).weekday() < 5)
    assert not is_working_day(date(2035, 10, 6))  # a Saturday


def test_the_offices_own_day_wins_over_the_table(house: House) -> None:
    row = actions.set_day(
        campaign=house.campaign, on=date(2026, 10, 8), working=False, name="停电", by=house.office
    )
    assert next_working_day(date(2026, 10, 1)) == date(2026, 10, 9)
    actions.clear_day(campaign=house.campaign, override=row, by=house.office)
    assert next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)


def test_clerk_sets_no_day(house: House) -> None:
    with pytest.raises(Refused, match="设置行动"):
        actions.set_day(
            campaign=house.campaign, on=date(2026, 10, 8), working=False, name="", by=house.clerk
        )
    assert not DayOverride.objects.exists()
