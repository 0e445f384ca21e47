"""A unit that has ended: its targets stay in the sums, but nobody plans for it any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from saima_web.base.clock import today
from saima_web.people.models import Unit, User
from saima_web.targets.cells import member_ids
from tests.web.cast import House
from tests.web.targets.test_grid import GRID, data_of, rows, send

Log = Callable[[User], Client]


@pytest.fixture
def ended(house: House) -> Unit:
    """E2 went into E1 yesterday; its targets are still its own."""
    unit = house.units["E2"]
    unit.valid_to, unit.successor = today() - timedelta(days=1), house.units["E1"]
    unit.save()
    return unit


def codes(house: House) -> set[str]:
    rows = Unit.objects.filter(pk__in=member_ids(house.campaign))
    return set(rows.values_list("code", flat=True))


def test_merged_unit_is_no_member_from_its_end_on(house: House, ended: Unit) -> None:
    assert codes(house) == {"E1", "C1"}
    ended.valid_to = today()
    ended.save()
    assert codes(house) == {"E1", "E2", "C1"}


def test_ended_units_row_stands_for_the_sum_and_takes_no_value(
    house: House, ended: Unit, as_user: Log
) -> None:
    page = as_user(house.office)
    data = data_of(page.get(GRID).content.decode())
    assert data["ended"] == ["E2"] and rows(data)["E2"]["name"] == "澄江置业（已不参加）"
    assert rows(data)["E2"]["y"] == "12000" and rows(data)["E1"]["name"] == "栖湖文旅"
    status, _ = send(page, GRID + "save/", {"cells": [{"unit": "E2", "field": "m0", "value": "5"}]})
    assert status == 400
    status, _ = send(page, GRID + "save/", {"cells": [{"unit": "E1", "field": "m0", "value": "5"}]})
    assert status == 200


def test_allocation_gives_an_ended_unit_nothing(house: House, ended: Unit, as_user: Log) -> None:
    wish = {"target": "24000", "units_by": "equal", "periods_by": "equal"}
    status, answer = send(as_user(house.office), GRID + "allocate/", wish)
    assert status == 200
    assert {c["unit"] for c in answer["cells"]} == {"E1", "C1"}
