"""What a cell is measured against: the year's target, and the plan where the rulebook says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from saima_web.reporting.checks import Basis, bases_of
from saima_web.reporting.models import Round
from saima_web.targets.models import Target, TargetSet
from tests.web.cast import PAST, RULEBOOK, House


def basis(house: House) -> Basis:
    unit, indicator = house.units["E1"], house.indicators["revenue"]
    found = bases_of(Round.objects.select_related("campaign").get(), [unit.pk], [indicator])
    return found.of[unit.pk, indicator.pk]


def plan(house: House, period: str, value: int, *, withdrawn: bool = False, later: int = 0) -> None:
    """An approved target of a period; `later` is how many days after the first ones."""
    at = PAST + timedelta(days=later)
    batch = TargetSet.objects.create(
        campaign=house.campaign, title="月计划", state="approved", made_at=at, decided_at=at,
        made_by=house.office, decided_by=house.leader,
    )  # fmt: skip
    Target.objects.create(
        batch=batch, unit=house.units["E1"], indicator=house.indicators["revenue"],
        period=period, value=value, withdrawn=withdrawn, recorded_at=at,
    )  # fmt: skip


def by_plan(house: House) -> None:
    text = RULEBOOK.replace("clause: 第二条第一款}", "clause: 第二条第一款, pace: own-plan}")
    assert text != RULEBOOK
    house.campaign.rulebooks.update(text=text, digest="0" * 64)


def test_plans_up_to_the_month_set_the_pace_where_the_rulebook_says_so(house: House) -> None:
    for month in range(1, 13):
        plan(house, f"2026-{month:02}", 500)
    plan(house, "2026-10", 1500, later=1)
    assert basis(house).gone == pytest.approx(10 / 12)
    by_plan(house)
    assert basis(house).gone == pytest.approx((9 * 500 + 1500) / 12000)


def test_without_a_plan_there_is_no_pace_by_plan(house: House) -> None:
    by_plan(house)
    assert basis(house).gone is None


def test_year_target_that_was_withdrawn_no_longer_stands(house: House) -> None:
    assert basis(house).target == Decimal(12000)
    plan(house, "2026", 0, withdrawn=True, later=1)
    assert basis(house).target is None and basis(house).previous == Decimal(900)


def test_monthly_plans_cost_no_query_per_cell(
    house: House, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    round = Round.objects.select_related("campaign").get()
    units = [house.units[code].pk for code in ("E1", "E2", "C1")]
    bases_of(round, units, list(house.indicators.values()))
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        bases_of(round, units, list(house.indicators.values()))
