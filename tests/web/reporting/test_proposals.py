"""What the leads behind a count add up to is offered in the entry page, and never taken by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from saima_web.people.models import User
from saima_web.reporting.grid import round_in, unit_sheet
from saima_web.reporting.grid_data import line_data
from saima_web.reporting.models import Entry, Figure
from saima_web.targets import behind_actions
from tests.web.cast import House
from tests.web.reporting.test_grid import save
from tests.web.reporting.thirty import furnish

ROW = "/c/race/report/2026-10/E1/"


@pytest.fixture
def signed(house: House) -> Entry:
    """Two of the clerk's three leads behind the brands count were signed in October."""
    entry = next(e for e in furnish(house) if e.indicator.code == "brands")
    for name, stage, month in (("甲", "signed", 10), ("乙", "signed", 10), ("丙", "signed", 9)):
        behind_actions.add_lead(
            campaign=house.campaign, unit=house.units["E1"], indicator=entry.indicator,
            kind="lead", name=f"{name}品牌", stage=stage, on=date(2026, month, 8), by=house.clerk,
        )  # fmt: skip
    return entry


def line(house: House, by: User, entry: Entry) -> dict[str, Any]:
    sheet = unit_sheet(by, round_in(house.campaign, "2026-10"), "E1")
    return next(line_data(x) for x in sheet.lines if x.entry.pk == entry.pk)


def test_count_of_the_leads_is_offered_and_nothing_is_written(
    house: House, signed: Entry, as_user: Callable[[User], Client]
) -> None:
    assert line(house, house.clerk, signed)["proposal"] == "2"
    assert as_user(house.clerk).get(ROW).status_code == 200
    signed.refresh_from_db()
    assert signed.state == "empty" and signed.reported is None
    here = {"indicator": signed.indicator, "unit": signed.unit, "period": "2026-10"}
    assert not Figure.objects.filter(**here).exists()


def test_cell_without_leads_is_offered_nothing(house: House, signed: Entry) -> None:
    other = Entry.objects.get(unit=signed.unit, indicator__code="profit")
    assert line(house, house.clerk, other)["proposal"] == ""


def test_who_cannot_type_is_offered_nothing(house: House, signed: Entry) -> None:
    assert line(house, house.leader, signed)["proposal"] == ""


def test_saving_leaves_the_page_the_offer_it_has(
    house: House, signed: Entry, as_user: Callable[[User], Client]
) -> None:
    row = {"request": "r1", "entry": signed.pk, "text": "3", "expected": 0}
    answer = save(as_user(house.clerk), row)[0]
    assert answer["line"]["value"] == "3"
    assert "proposal" not in answer["line"]
    assert line(house, house.clerk, signed)["proposal"] == "2"
