"""Published results through the interface, as far as each may see them."""

from __future__ import annotations

from saima_web.scoring import actions as scoring
from saima_web.scoring.queries import result_of
from tests.web.api.caller import caller, problem, publish
from tests.web.cast import House

SEPTEMBER = "/campaigns/race/results/2026-09"


def test_drafts_are_not_results(house: House) -> None:
    scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    program = caller(house.office)
    assert program.get("/campaigns/race/results").json()["items"] == []
    assert program.get(SEPTEMBER).status_code == 404


def test_the_ranking_is_that_of_the_published_run(house: House) -> None:
    run = publish(house)
    program = caller(house.viewer)
    [listed] = program.get("/campaigns/race/results").json()["items"]
    assert (listed["period"], listed["version"], listed["units"]) == ("2026-09", 1, 3)
    found = program.get(SEPTEMBER).json()["items"]
    scores = {u.unit: (u.rank, u.score) for u in result_of(run).units}
    assert {u["unit"]: (u["rank"], u["score"]) for u in found} == scores
    assert [u["rank"] for u in found if u["track"] == "经营类"] == [1, 2]


def test_a_unit_sees_what_is_behind_its_own_marks_only(house: House) -> None:
    publish(house)
    program = caller(house.clerk)
    own = program.get(SEPTEMBER + "/units/E1").json()["items"]
    others = program.get(SEPTEMBER + "/units/E2").json()["items"]
    assert [m["actual"] is not None for m in own] == [True, True]
    assert [(m["opened"], m["actual"], m["target"], m["sentence"]) for m in others] == [
        (False, None, None, None)
    ] * 2
    assert all(m["marks"] is not None for m in others)


def test_a_mark_is_explained_to_those_whom_it_concerns(house: House) -> None:
    publish(house)
    there = SEPTEMBER + "/units/E1/marks/revenue"
    answer = caller(house.clerk).get(there, language="en")
    assert answer.status_code == 200, answer.content
    assert answer.json()["marks"][0]["indicator"] == "revenue" and answer.json()["steps"]["op"]
    refused = caller(house.other_clerk).get(there)
    assert refused.status_code == 403 and problem(refused)["code"] == "not-allowed"
    other_owner = caller(house.other_owner).get(there)
    assert other_owner.status_code == 403


def test_what_is_not_there_is_not_found(house: House) -> None:
    publish(house)
    program = caller(house.office)
    for path in ("/units/D1", "/units/none", "/units/E1/marks/none"):
        answer = program.get(SEPTEMBER + path)
        assert answer.status_code == 404 and problem(answer)["code"] == "api-not-found", path
    assert program.get("/campaigns/race/results/1999-01").status_code == 404
