"""Units see their own targets only: on pages, in exports, in letters, in sets."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from saima_web.base.clock import now
from saima_web.targets import actions, behind_actions
from saima_web.targets.models import Target, TargetSet
from tests.web.cast import House
from tests.web.targets.helpers import edit, put, set_targets

Log = Callable[..., Client]
SECRET = "98765"
PAGES = (
    "", "sets/", "grid/revenue/", "grid/revenue/cascade/", "grid/investment/projects/", "goals/",
    "leads/", "countermeasures/", "letters/",
)  # fmt: skip


@pytest.fixture
def told(house: House) -> House:
    """E2 has a telling target, a plan, a lead and the group a headline."""
    set_targets(
        house,
        edit(house, "E2", "2026", value=SECRET),
        edit(house, "E2", "2026-11", value=SECRET),
        reason="只给澄江的理由",
    )
    Target.objects.create(
        batch=TargetSet.objects.get(title="年初目标"), unit=house.units["G"],
        indicator=house.indicators["revenue"], period="2026", value="45678", recorded_at=now(),
    )  # fmt: skip
    behind_actions.add_lead(
        campaign=house.campaign, unit=house.units["E2"], indicator=house.indicators["revenue"],
        kind="lead", name="澄江秘密线索", stage="open", on=now().date(), by=house.other_clerk,
    )  # fmt: skip
    return house


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["clerk", "head"])
def test_a_unit_sees_nothing_of_another(told: House, as_user: Log, page: str, who: str) -> None:
    answer = as_user(getattr(told, who)).get(f"/c/race/targets/{page}")
    assert answer.status_code == 200
    text = answer.content.decode().replace(",", "")
    for secret in (SECRET, "澄江", "望岳", "45678"):
        assert secret not in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "who", ["office", "leader", "inspector", "project_office", "admin", "viewer"]
)
def test_those_above_open_every_page(told: House, as_user: Log, page: str, who: str) -> None:
    assert as_user(getattr(told, who)).get(f"/c/race/targets/{page}").status_code == 200


def test_the_office_sees_all_units_and_the_headline(told: House, as_user: Log) -> None:
    text = as_user(told.office).get("/c/race/targets/grid/revenue/").content.decode()
    assert SECRET in text
    assert "45,678" in text


def test_data_owner_sees_own_indicators_only(told: House, as_user: Log) -> None:
    client = as_user(told.owner)
    assert client.get("/c/race/targets/grid/revenue/").status_code == 200
    assert client.get("/c/race/targets/grid/investment/").status_code == 404
    assert "固定资产投资" not in client.get("/c/race/targets/").content.decode()


def test_exports_hold_own_rows_only(told: House, as_user: Log) -> None:
    for path in ("export/", "?export=xlsx", "sets/?s-export=s-xlsx", "leads/?export=xlsx"):
        answer = as_user(told.clerk).get(f"/c/race/targets/{path}")
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
        text = " ".join(str(c) for row in sheet.iter_rows(values_only=True) for c in row)
        assert SECRET not in text
        assert "澄江" not in text


def test_anothers_letter_is_not_found(told: House, as_user: Log) -> None:
    client = as_user(told.clerk)
    assert client.get("/c/race/targets/letters/E1/").status_code == 200
    assert client.get("/c/race/targets/letters/E2/").status_code == 404


def test_a_set_about_others_is_not_found(told: House, as_user: Log) -> None:
    batch = TargetSet.objects.latest("pk")
    assert as_user(told.clerk).get(f"/c/race/targets/sets/{batch.pk}/").status_code == 404
    assert as_user(told.other_clerk).get(f"/c/race/targets/sets/{batch.pk}/").status_code == 200


def test_a_draft_is_its_makers_alone(house: House, as_user: Log) -> None:
    batch = put(house, edit(house, "E1", "2026", value="13000"))
    for who in (house.leader, house.clerk, house.project_office):
        assert as_user(who).get(f"/c/race/targets/sets/{batch.pk}/").status_code == 404
    assert as_user(house.office).get(f"/c/race/targets/sets/{batch.pk}/").status_code == 200


def test_anothers_lead_and_countermeasure_are_not_found(told: House, as_user: Log) -> None:
    lead = told.campaign.leads.get()
    client = as_user(told.clerk)
    assert client.get(f"/c/race/targets/leads/{lead.pk}/").status_code == 404
    assert client.get("/c/race/targets/countermeasures/E2/revenue/").status_code == 404
    assert client.get("/c/race/targets/countermeasures/E1/revenue/").status_code == 200


@pytest.mark.parametrize("path", ["import/", "next/"])
def test_planning_pages_are_the_offices(house: House, as_user: Log, path: str) -> None:
    assert as_user(house.clerk).get(f"/c/race/targets/{path}").status_code == 403
    assert as_user(house.leader).get(f"/c/race/targets/{path}").status_code == 403
    assert as_user(house.office).get(f"/c/race/targets/{path}").status_code == 200


def test_strangers_find_nothing(house: House, as_user: Log) -> None:
    assert as_user(house.stranger).get("/c/race/targets/").status_code == 404


def test_a_transfer_shows_only_the_own_side(house: House, as_user: Log) -> None:
    batch, _ = actions.transfer_targets(
        campaign=house.campaign, indicator=house.indicators["revenue"], giver=house.units["E1"],
        taker=house.units["C1"], amount=None, since=None, reason="合并", by=house.office,
    )  # fmt: skip
    assert batch is not None
    text = as_user(house.clerk).get(f"/c/race/targets/sets/{batch.pk}/").content.decode()
    assert "栖湖文旅" in text
    assert "24,000" not in text
