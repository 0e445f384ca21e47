"""Reporting through the interface: what is due, saving once however often sent, submitting."""

from __future__ import annotations

import pytest

from saima_web.audit.models import Entry as LedgerEntry
from saima_web.audit.verifying import verify_and_keep
from saima_web.campaigns.models import Campaign
from saima_web.reporting.models import Entry, Figure, Round
from tests.web.api.caller import E1, caller, problem
from tests.web.cast import House

ONE = {"key": "2026-10-revenue", "value": "1050.5"}


def cell(house: House, code: str = "revenue") -> Entry:
    return Entry.objects.get(unit__code="E1", indicator__code=code)


def test_what_is_due_for_a_unit_comes_with_state_and_deadline(house: House) -> None:
    found = caller(house.clerk).get(E1 + "/figures", owed=True).json()
    assert [c["indicator"] for c in found["items"]] == ["revenue", "investment"]
    first = found["items"][0]
    assert (first["state"], first["value"], first["figure"]) == ("empty", None, 0)
    assert first["may_save"]


def test_another_units_figures_are_refused(house: House) -> None:
    answer = caller(house.other_clerk).get(E1 + "/figures")
    assert answer.status_code == 403 and problem(answer)["code"] == "not-allowed"


def test_a_data_owner_sees_only_the_indicators_it_answers_for(house: House) -> None:
    found = caller(house.owner).get(E1 + "/figures").json()
    assert [c["indicator"] for c in found["items"]] == ["revenue"]


def test_a_figure_is_saved_exactly(house: House) -> None:
    answer = caller(house.clerk).post(E1 + "/figures/revenue", ONE)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["value"], answer.json()["state"]) == ("1050.5", "draft")
    assert str(cell(house).reported.value) == "1050.5"
    events = list(LedgerEntry.objects.order_by("number").values_list("event", flat=True))
    assert events == ["token.made", "figure.reported", "token.used"]
    assert verify_and_keep().sound


def test_a_figure_sent_again_under_its_key_changes_nothing(house: House) -> None:
    program = caller(house.clerk)
    program.post(E1 + "/figures/revenue", ONE)
    program.post(E1 + "/figures/revenue", {"key": "later", "value": "1060"})
    count = Figure.objects.count()
    again = program.post(E1 + "/figures/revenue", ONE)
    assert again.status_code == 200 and again.json()["value"] == "1060"
    assert Figure.objects.count() == count


def test_two_people_may_use_the_same_key(house: House) -> None:
    caller(house.clerk).post(E1 + "/figures/revenue", ONE)
    there = E1.replace("E1", "E2")
    answer = caller(house.other_clerk).post(there + "/figures/revenue", ONE)
    assert answer.status_code == 200 and answer.json()["value"] == "1050.5"


def test_a_key_used_for_another_cell_is_refused(house: House) -> None:
    program = caller(house.clerk)
    program.post(E1 + "/figures/revenue", ONE)
    answer = program.post(E1 + "/figures/investment", ONE)
    assert answer.status_code == 409 and problem(answer)["code"] == "request-used"
    assert cell(house, "investment").reported is None


def test_a_figure_changed_meanwhile_is_not_overwritten(house: House) -> None:
    program = caller(house.clerk)
    seen = program.post(E1 + "/figures/revenue", ONE).json()["figure"]
    program.post(E1 + "/figures/revenue", {"key": "b", "value": "7", "expected": seen})
    answer = program.post(E1 + "/figures/revenue", {"key": "c", "value": "8", "expected": seen})
    assert answer.status_code == 409 and problem(answer)["code"] == "changed-meanwhile"
    assert cell(house).reported.value == 7


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("很多", "figure-not-read"),
        ("100吨", "figure-in-other-measure"),
        (">5", "figure-with-bound"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_place(house: House, value: str, code: str) -> None:
    answer = caller(house.clerk).post(E1 + "/figures/revenue", {"key": "a", "value": value})
    found = problem(answer)
    assert (answer.status_code, found["code"], found["place"]) == (422, code, "revenue")
    assert cell(house).reported is None


def test_a_batch_saves_what_can_be_saved_and_tells_the_rest(house: House) -> None:
    rows = [
        {"key": "1", "indicator": "revenue", "value": "1.2亿元"},
        {"key": "2", "indicator": "investment", "value": "很多"},
        {"key": "3", "indicator": "nothing", "value": "1"},
    ]
    answer = caller(house.clerk).post(E1 + "/figures", {"figures": rows})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["saved"], found["refused"]) == (1, 2)
    codes = [item["problem"] and item["problem"]["code"] for item in found["items"]]
    assert codes == [None, "figure-not-read", "api-not-found"]
    assert found["items"][0]["cell"]["value"] == "12000"
    again = caller(house.clerk).post(E1 + "/figures", {"figures": rows[:1]}).json()
    assert again["saved"] == 1 and Figure.objects.filter(period="2026-10").count() == 1


def test_a_batch_of_another_unit_saves_nothing(house: House) -> None:
    rows = [{"key": "1", "indicator": "revenue", "value": "1"}]
    answer = caller(house.other_clerk).post(E1 + "/figures", {"figures": rows})
    assert answer.status_code == 403 and cell(house).reported is None


def test_who_may_see_but_not_report_is_refused(house: House) -> None:
    answer = caller(house.leader).post(E1 + "/figures/revenue", ONE)
    assert answer.status_code == 403 and cell(house).reported is None


def test_a_batch_without_figures_or_with_unknown_fields_is_refused(house: House) -> None:
    program = caller(house.clerk)
    assert program.post(E1 + "/figures", {"figures": []}).status_code == 422
    answer = program.post(E1 + "/figures/revenue", ONE | {"valeu": "5"})
    assert answer.status_code == 422 and problem(answer)["place"].endswith("valeu")
    assert program.post(E1 + "/figures", "nothing").status_code == 422


def test_a_body_that_is_no_json_is_refused(house: House) -> None:
    client = caller(house.clerk)._client()
    answer = client.post(f"/api/v1{E1}/figures", b"\xff{", content_type="application/json")
    assert answer.status_code == 400 and problem(answer)["code"] == "api-bad-request"


def test_a_figure_that_lags_behind_is_explained_on_the_page_before_it_is_submitted(
    house: House,
) -> None:
    program = caller(house.clerk)
    program.post(E1 + "/figures/revenue", ONE)
    answer = program.post(E1 + "/submit")
    assert answer.status_code == 409 and problem(answer)["code"] == "open-points"
    assert cell(house).state == "draft"


def test_a_unit_submits_what_it_saved(house: House) -> None:
    Campaign.objects.update(explain_from=90)
    program = caller(house.clerk)
    for code in ("revenue", "investment"):
        program.post(f"{E1}/figures/{code}", {"key": code, "value": "1000"})
    answer = program.post(E1 + "/submit")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "submitted": 2, "late": False, "indicators": ["revenue", "investment"],
    }  # fmt: skip
    again = program.post(E1 + "/submit")
    assert again.status_code == 409 and problem(again)["code"] == "nothing-to-do"


def test_a_closed_round_takes_nothing(house: House) -> None:
    Round.objects.update(state="closed")
    answer = caller(house.clerk).post(E1 + "/figures/revenue", ONE)
    assert answer.status_code == 409 and problem(answer)["code"] == "round-not-open"


def test_a_refused_save_leaves_no_entry_in_the_ledger(house: House) -> None:
    program = caller(house.leader)
    before = LedgerEntry.objects.count()
    program.post(E1 + "/figures/revenue", ONE)
    assert LedgerEntry.objects.count() == before
