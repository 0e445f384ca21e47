"""Targets move between units and every sum stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saima.problems import Problem, Refused
from saima_web.targets import actions
from saima_web.targets.models import TargetSet
from tests.web.cast import House
from tests.web.targets.helpers import edit, months, set_targets, value


def transfer(
    house: House, amount: str | None, **more: Any
) -> tuple[TargetSet | None, list[Problem]]:
    wanted: dict[str, Any] = {
        "campaign": house.campaign, "indicator": house.indicators["revenue"],
        "giver": house.units["E1"], "taker": house.units["E2"], "since": None,
        "amount": None if amount is None else Decimal(amount), "reason": "业务划转",
        "by": house.office,
    }  # fmt: skip
    return actions.transfer_targets(**(wanted | more))


def approved(house: House, amount: str | None, **more: Any) -> None:
    batch, problems = transfer(house, amount, **more)
    assert batch is not None, [p.text() for p in problems]
    actions.approve(batch=batch, by=house.leader)


def test_a_transfer_waits_for_approval_and_keeps_the_sum(house: House) -> None:
    batch, _ = transfer(house, "2000")
    assert batch is not None
    assert value(house, "E1", "2026") == Decimal(12000)
    actions.approve(batch=batch, by=house.leader)
    assert (value(house, "E1", "2026"), value(house, "E2", "2026")) == (10000, 14000)


def test_monthly_plans_move_and_the_year_follows(house: House) -> None:
    set_targets(house, *months(house, "E1", "1000"), *months(house, "E2", "1000"))
    approved(house, "1000", since=date(2026, 7, 1))
    assert value(house, "E1", "2026-06") == Decimal(1000)
    moved = [value(house, "E1", f"2026-{m:02}") for m in range(7, 13)]
    assert sum(m for m in moved if m) == 5000
    assert (value(house, "E1", "2026"), value(house, "E2", "2026")) == (11000, 13000)


def test_a_merged_unit_gives_all_it_has(house: House) -> None:
    approved(house, None)
    assert (value(house, "E1", "2026"), value(house, "E2", "2026")) == (0, 24000)


def test_everything_of_a_unit_goes_to_its_successor(house: House) -> None:
    made, problems = actions.transfer_everything(
        campaign=house.campaign, giver=house.units["E1"], taker=house.units["E2"], since=None,
        reason="并入", by=house.office,
    )  # fmt: skip
    assert not problems
    for batch in made:
        actions.approve(batch=batch, by=house.leader)
    assert value(house, "E2", "2026", "investment") == Decimal(24000)
    assert value(house, "E2", "2026", "revenue") == Decimal(24000)


def test_more_than_the_giver_has_is_refused_in_words(house: House) -> None:
    batch, problems = transfer(house, "13000")
    assert batch is None
    assert "最多可调12,000" in problems[0].text()


def test_a_locked_target_does_not_move(house: House) -> None:
    set_targets(house, edit(house, "E1", "2026", locked=True))
    batch, problems = transfer(house, "100")
    assert batch is None
    assert problems


def test_a_transfer_needs_a_reason(house: House) -> None:
    with pytest.raises(Refused, match="原因"):
        transfer(house, "100", reason=" ")


def test_a_unit_head_cannot_transfer(house: House) -> None:
    with pytest.raises(Refused, match="编制目标"):
        transfer(house, "100", by=house.head)
