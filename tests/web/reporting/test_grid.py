"""The entry page: what it shows to whom, what it saves, what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from saima_web.reporting import actions
from saima_web.reporting.models import Entry, Figure
from tests.web.cast import House
from tests.web.reporting.thirty import furnish

AsUser = Callable[..., Client]
ROW = "/c/race/report/2026-10/E1/"
COLUMN = "/c/race/report/2026-10/by/hazards/"


@pytest.fixture
def entries(house: House) -> dict[str, Entry]:
    """The clerk's thirty cells by the code of their indicator."""
    return {e.indicator.code: e for e in furnish(house)}


def save(client: Client, *rows: dict[str, Any], axis: str = "unit") -> list[dict[str, Any]]:
    round_id = Entry.objects.get(pk=rows[0]["entry"]).round_id
    body = {"round": round_id, "axis": axis, "rows": list(rows)}
    answer = client.post("/c/race/cells/save/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def test_clerk_sees_thirty_lines_and_what_is_missing(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    page = as_user(house.clerk).get(ROW).content.decode()
    assert page.count("data-entry=") == 30
    assert "还有26项未报，" in page
    assert "1项被退回。" in page


def test_another_units_clerk_finds_no_page(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    assert as_user(house.other_clerk).get(ROW).status_code == 404


def test_viewer_may_not_open_the_page(house: House, as_user: AsUser) -> None:
    assert as_user(house.viewer).get(ROW).status_code == 403


def test_saving_answers_with_the_truth(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    row = {"request": "r1", "entry": entries["profit"].pk, "text": "４０５", "expected": 0}
    answer = save(as_user(house.clerk), row)[0]
    assert answer["status"] == "saved"
    assert answer["line"]["shown"]["cumulative"] == "3,933"
    assert answer["line"]["shown"]["attainment"] == "81.9"
    assert answer["line"]["shown"]["gap"] == "欠1.4"


def test_the_same_request_twice_gives_one_figure(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    client = as_user(house.clerk)
    row = {"request": "r1", "entry": entries["profit"].pk, "text": "405", "expected": 0}
    assert [save(client, row)[0]["status"] for _ in range(2)] == ["saved", "saved"]
    assert (
        Figure.objects.filter(indicator=entries["profit"].indicator, period="2026-10").count() == 1
    )


@pytest.mark.parametrize(
    ("text", "value"), [("1.2亿", "12000"), ("３，６００", "3600"), ("—", None), ("0", "0")]
)
def test_figures_are_read_as_they_are_meant(
    entries: dict[str, Entry], house: House, as_user: AsUser, text: str, value: str | None
) -> None:
    entry = entries["profit"]
    answer = save(as_user(house.clerk), {"request": "r", "entry": entry.pk, "text": text})[0]
    assert answer["status"] == "saved"
    entry.refresh_from_db()
    assert entry.reported is not None
    assert entry.reported.value == (None if value is None else Decimal(value))


@pytest.mark.parametrize("text", ["十二万左右吧", "≥500", "5%", "12,34"])
def test_what_is_no_figure_is_refused_with_the_mend(
    entries: dict[str, Entry], house: House, as_user: AsUser, text: str
) -> None:
    entry = entries["profit"]
    answer = save(as_user(house.clerk), {"request": "r", "entry": entry.pk, "text": text})[0]
    assert answer["status"] == "invalid"
    assert "请" in answer["message"]
    entry.refresh_from_db()
    assert entry.state == "empty"


def test_one_bad_row_stops_no_other(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    rows = [
        {"request": "a", "entry": entries["profit"].pk, "text": "405"},
        {"request": "b", "entry": entries["taxes"].pk, "text": "三百"},
        {"request": "c", "entry": entries["starts"].pk, "text": "0"},
    ]
    answers = save(as_user(house.clerk), *rows)
    assert [a["status"] for a in answers] == ["saved", "invalid", "saved"]


def test_what_a_rule_forbids_is_not_saved(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    row = {"request": "r", "entry": entries["receivables"].pk, "text": "21500"}
    answer = save(as_user(house.clerk), row)[0]
    assert answer["status"] == "invalid"
    assert "全年目标" in answer["message"]


def test_a_figure_changed_meanwhile_shows_the_others_value(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    entry = entries["profit"]
    actions.save_figure(entry=entry, value=Decimal(390), by=house.head)
    row = {"request": "r", "entry": entry.pk, "text": "405", "expected": 0}
    answer = save(as_user(house.clerk), row)[0]
    assert answer["status"] == "conflict"
    assert answer["line"]["value"] == "390"


def test_another_clerk_saves_nothing_here(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    row = {"request": "r", "entry": entries["profit"].pk, "text": "1"}
    answer = save(as_user(house.other_clerk), row)[0]
    assert answer["status"] == "refused"
    assert answer["line"] is None


def test_unit_cannot_fill_what_a_department_provides(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    row = {"request": "r", "entry": entries["hazards"].pk, "text": "99"}
    assert save(as_user(house.clerk), row)[0]["status"] == "invalid"


def test_data_owner_provides_by_column(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    client = as_user(house.other_owner)
    assert client.get(COLUMN).status_code == 200
    row = {"request": "r", "entry": entries["hazards"].pk, "text": "98.6"}
    answer = save(client, row, axis="indicator")[0]
    assert answer["status"] == "saved"
    assert answer["line"]["value"] == "98.6"
    entry = Entry.objects.get(pk=entries["hazards"].pk)
    assert entry.state == "confirmed"


def test_reporting_for_another_unit_needs_words_that_are_kept(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    entry = entries["profit"]
    client = as_user(house.other_owner)
    row = {"request": "r", "entry": entry.pk, "text": "405", "behalf": ""}
    assert save(client, row)[0]["status"] == "invalid"
    answer = save(client, row | {"request": "s", "behalf": "受沈知禾委托，电话核对"})[0]
    assert answer["status"] == "saved"
    assert Figure.objects.get(request_id="s").on_behalf == "受沈知禾委托，电话核对"


@pytest.mark.parametrize(
    "body", ["", "[]", '{"rows": 3, "round": 1}', '{"rows": [], "round": "x"}', "null"]
)
def test_nonsense_is_answered_not_crashed_on(house: House, as_user: AsUser, body: str) -> None:
    answer = as_user(house.clerk).post("/c/race/cells/save/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "刷新" in answer.json()["message"]


def test_rows_of_nonsense_are_refused(house: House, as_user: AsUser) -> None:
    rows = [{"entry": "x"}, {"entry": 10**30}, {"entry": True}, {}]
    body = {"round": house.campaign.rounds.get().pk, "rows": rows}
    answer = as_user(house.clerk).post(
        "/c/race/cells/save/", json.dumps(body), content_type="application/json"
    )
    assert [r["status"] for r in answer.json()["rows"]] == ["refused"] * 4


def test_details_name_the_limits_and_who_filled_it_in(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    client = as_user(house.clerk)
    save(client, {"request": "r", "entry": entries["investment"].pk, "text": "1000"})
    page = client.get(f"/c/race/cells/{entries['investment'].pk}/").content.decode()
    assert "<dt>3个项目计划之和</dt><dd>7,800万元</dd>" in page
    assert "填入1,000" in page
    assert "栖湖文旅 沈知禾" in page


def test_details_of_another_unit_are_closed(
    entries: dict[str, Entry], house: House, as_user: AsUser
) -> None:
    address = f"/c/race/cells/{entries['investment'].pk}/"
    assert as_user(house.other_clerk).get(address).status_code == 404
