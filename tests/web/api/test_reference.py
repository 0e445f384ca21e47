"""Reference data through the interface: what there is, in parts, in an order that stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from saima_web.api.calls import CALLS
from saima_web.people.models import Post, Role, User
from tests.web.api.caller import caller, problem
from tests.web.cast import House

As = Callable[[User], Client]


def test_campaigns_are_those_in_which_the_owner_has_a_post(house: House) -> None:
    found = caller(house.clerk).get("/campaigns").json()
    assert [c["code"] for c in found["items"]] == ["race"]
    assert caller(house.stranger).get("/campaigns").json() == {"count": 0, "items": []}


def test_units_come_with_their_tracks_in_official_order(house: House) -> None:
    found = caller(house.viewer).get("/campaigns/race/units").json()
    assert [(u["code"], u["track"]) for u in found["items"]] == [
        ("E1", "经营类"), ("E2", "经营类"), ("C1", "建设类"),
    ]  # fmt: skip
    assert found["count"] == 3


def test_a_list_comes_in_parts_that_make_up_the_whole(house: House) -> None:
    program = caller(house.viewer)
    parts = [
        program.get("/campaigns/race/units", limit=2, offset=offset).json() for offset in (0, 2, 4)
    ]
    assert [[u["code"] for u in p["items"]] for p in parts] == [["E1", "E2"], ["C1"], []]
    assert {p["count"] for p in parts} == {3}


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"offset": -1}, {"limit": "x"}])
def test_a_part_that_cannot_be_is_refused_with_its_place(
    house: House, query: dict[str, object]
) -> None:
    answer = caller(house.viewer).get("/campaigns/race/units", **query)
    assert answer.status_code == 422
    assert problem(answer)["place"].split(".")[-1] in query


def test_a_misspelt_parameter_is_refused_and_not_passed_over(house: House) -> None:
    answer = caller(house.viewer).get("/campaigns/race/units", limt=2)
    assert answer.status_code == 422
    assert problem(answer)["message_zh"] == "这个调用没有参数“limt”。"
    assert "limit、offset" in problem(answer)["hint_zh"]


def test_indicators_tell_their_measure_and_meaning(house: House) -> None:
    [revenue, _] = caller(house.clerk).get("/campaigns/race/indicators").json()["items"]
    assert (revenue["code"], revenue["measure"], revenue["data_owner"]) == ("revenue", "万元", "D1")
    assert revenue["definition"] == "营业收入按财务口径统计。"


def test_periods_say_which_are_published(house: House) -> None:
    found = caller(house.clerk).get("/campaigns/race/periods").json()
    assert found["count"] == 12 and found["items"][8]["label"] == "2026年9月"
    assert not any(p["published"] for p in found["items"])


def test_rounds_tell_until_when(house: House) -> None:
    [row] = caller(house.clerk).get("/campaigns/race/rounds").json()["items"]
    assert (row["period"], row["state"]) == ("2026-10", "open")


def test_a_campaign_without_a_post_does_not_exist(house: House) -> None:
    answer = caller(house.stranger).get("/campaigns/race/units")
    assert answer.status_code == 404 and problem(answer)["code"] == "api-not-found"


def test_what_a_role_may_not_see_is_refused_in_two_languages(house: House) -> None:
    answer = caller(house.viewer).get("/campaigns/race/rounds")
    found = problem(answer)
    assert (answer.status_code, found["code"]) == (403, "not-allowed")
    assert "您没有" in found["message_zh"] and "you may not" in found["message_en"]


def test_a_post_that_ends_closes_the_interface_at_once(house: House) -> None:
    program = caller(house.clerk)
    assert program.get("/campaigns/race/units").status_code == 200
    Post.objects.filter(user=house.clerk, role=Role.CLERK).delete()
    assert program.get("/campaigns/race/units").status_code == 404


def test_the_page_of_calls_lists_all_with_who_may(house: House, as_user: As) -> None:
    page = as_user(house.viewer).get("/api/v1/").content.decode()
    assert all(f"<code>/api/v1{c.path}</code>" in page for c in CALLS)
    saving = page.split("保存一批数")[1].split("</tr>")[0]
    assert "填报员、单位负责人、数据责任部门" in saving and "领导" not in saving
    assert Client().get("/api/v1/").status_code == 302
