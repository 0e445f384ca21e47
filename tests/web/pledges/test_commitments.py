"""Commitments: made by a unit's head, moved on, flagged when stalled, judged by the office."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.audit.verifying import verify_and_keep
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.pledges import actions, queries
from saima_web.pledges.models import Commitment
from tests.web.cast import House

As = Callable[[User], Client]
HERE = "/c/race/commitments/"
DAY = datetime(2026, 10, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_day() -> Any:
    with clock.at(DAY):
        yield


def draft(house: House, by: User | None = None, unit: str = "E1", **other: Any) -> Commitment:
    values = {
        "what": "环湖步道开放", "goal": "12月1日前全线贯通", "due_on": date(2026, 12, 1),
        "responsible": "分管副总", "indicator": None, "target": None, "public": True, **other,
    }  # fmt: skip
    return actions.draft_commitment(
        campaign=house.campaign, unit=house.units[unit], by=by or house.clerk, **values
    )


def made(house: House, **other: Any) -> Commitment:
    return actions.make_commitment(commitment=draft(house, **other), by=house.head)


def judged(house: House, event: str, **other: Any) -> Commitment:
    row = actions.claim(commitment=made(house, **other), words="已贯通", by=house.head)
    return actions.judge(commitment=row, event=event, words="现场核实", by=house.office)


# ── Writing and making ──


def test_clerk_writes_and_head_makes_it_on_the_pages(house: House, as_user: As) -> None:
    data = {
        "unit": house.units["E1"].pk, "what": "步道开放", "goal": "全线贯通",
        "due_on": "2026-12-01", "public": "on",
    }  # fmt: skip
    answer = as_user(house.clerk).post(HERE + "new/", data, follow=True)
    assert "步道开放：" in answer.content.decode()
    row = Commitment.objects.get()
    assert (row.state, row.recorded_by) == ("draft", house.clerk)
    as_user(house.head).post(f"{HERE}{row.pk}/move/", {"event": "make"})
    row.refresh_from_db()
    assert (row.state, row.made_by) == ("made", house.head)


def test_clerk_cannot_make_a_commitment(house: House) -> None:
    row = draft(house)
    with pytest.raises(Refused, match="没有"):
        actions.make_commitment(commitment=row, by=house.clerk)
    assert Commitment.objects.get().state == "draft"


def test_unit_cannot_write_for_another(house: House) -> None:
    with pytest.raises(Refused):
        draft(house, unit="E2")
    assert draft(house, unit="E2", by=house.other_clerk).unit.code == "E2"


@pytest.mark.parametrize("who", ["office", "leader", "inspector", "viewer", "owner"])
def test_nobody_outside_a_unit_writes_its_commitments(house: House, who: str) -> None:
    with pytest.raises(Refused):
        draft(house, by=house.people[who])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"goal": " "}, "可衡量的目标"),
        ({"what": ""}, "承诺事项"),
        ({"due_on": date(2026, 10, 1)}, "已经过去"),
        ({"target": Decimal(5)}, "没有选指标"),
    ],
)
def test_a_commitment_without_measure_or_date_is_refused(
    house: House, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        draft(house, **wrong)
    assert not Commitment.objects.exists()
    assert not Entry.objects.filter(event="commitment.drafted").exists()


def test_a_commitment_that_was_made_is_not_changed(house: House) -> None:
    row, values = made(house), {"what": "别的", "goal": "别的", "due_on": date(2026, 12, 9)}
    with pytest.raises(Refused, match="履行中"):
        actions.edit_commitment(commitment=row, by=house.clerk, **values)
    fresh = draft(house)
    assert actions.edit_commitment(commitment=fresh, by=house.clerk, **values).what == "别的"


def test_others_do_not_see_a_mere_draft(house: House, as_user: As) -> None:
    row = draft(house)
    assert as_user(house.clerk).get(f"{HERE}{row.pk}/").status_code == 200
    for who in ("office", "leader", "inspector", "other_head"):
        assert as_user(house.people[who]).get(f"{HERE}{row.pk}/").status_code == 404


# ── Moving on, and not moving ──


def test_progress_is_told_only_while_it_runs(house: House) -> None:
    row = made(house)
    actions.report_step(commitment=row, text="完成过半", by=house.clerk)
    assert row.steps.get().text == "完成过半"
    done = judged(house, "fulfil")
    with pytest.raises(Refused, match="已兑现"):
        actions.report_step(commitment=done, text="再报", by=house.clerk)


@pytest.mark.parametrize(("days", "stalled"), [(91, False), (92, True)])
def test_three_months_without_movement_are_flagged(
    house: House, as_user: As, days: int, stalled: bool
) -> None:
    row = made(house, due_on=date(2027, 6, 1))
    with clock.at(DAY + timedelta(days=days)):
        assert queries.is_stalled(row, 3, clock.today()) is stalled
        text = as_user(house.office).get(HERE).content.decode()
    assert ("连续3个月无进展" in text) is stalled


def test_a_report_ends_the_standstill_and_months_can_be_set(house: House) -> None:
    row = made(house, due_on=date(2027, 6, 1))
    with clock.at(DAY + timedelta(days=60)):
        actions.report_step(commitment=row, text="进场", by=house.clerk)
    with clock.at(DAY + timedelta(days=100)):
        found = queries.commitments_for(house.office, house.campaign).get()
        assert not queries.is_stalled(found, 3, clock.today())
        assert queries.is_stalled(found, 1, clock.today())
    actions.set_settings(campaign=house.campaign, public=False, stalled_months=1, by=house.office)
    assert queries.settings_of(house.campaign).stalled_months == 1
    with pytest.raises(Refused):
        actions.set_settings(
            campaign=house.campaign, public=False, stalled_months=0, by=house.office
        )


# ── Judged ──


def test_office_judges_and_a_returned_claim_runs_on(house: House) -> None:
    assert judged(house, "fulfil").state == "fulfilled"
    assert judged(house, "return").state == "made"
    assert judged(house, "fail").state == "unfulfilled"


@pytest.mark.parametrize("who", ["head", "clerk", "leader", "inspector"])
def test_nobody_but_the_office_judges(house: House, who: str) -> None:
    row = actions.claim(commitment=made(house), words="已贯通", by=house.head)
    with pytest.raises(Refused):
        actions.judge(commitment=row, event="fulfil", words="好", by=house.people[who])


def test_a_verdict_needs_words(house: House) -> None:
    row = actions.claim(commitment=made(house), words="已贯通", by=house.head)
    with pytest.raises(Refused, match="认定意见"):
        actions.judge(commitment=row, event="fulfil", words=" ", by=house.office)


def test_rate_is_fulfilled_over_due_and_counts_the_overdue(house: House) -> None:
    judged(house, "fulfil")
    judged(house, "fail")
    made(house, due_on=date(2026, 10, 25))
    made(house, due_on=date(2026, 12, 30))
    draft(house)
    with clock.at(DAY + timedelta(days=20)):
        rows = queries.commitments_for(house.office, house.campaign)
        found = queries.fulfilment(rows, 3, clock.today())
    assert [(f.unit.code, f.made, f.due, f.fulfilled) for f in found] == [("E1", 4, 3, 1)]
    assert found[0].rate == pytest.approx(1 / 3)


def test_the_first_line_is_the_tables_numbers(house: House, as_user: As) -> None:
    judged(house, "fulfil")
    judged(house, "fail")
    text = as_user(house.office).get(HERE).content.decode()
    assert "到期2件，兑现1件（50%）" in text


def test_commitment_by_indicator_shows_what_was_reached(house: House, as_user: As) -> None:
    row = made(house, indicator=house.indicators["revenue"], target=Decimal(12000))
    text = as_user(house.head).get(f"{HERE}{row.pk}/").content.decode()
    assert "8,100" in text  # nine months of 900
    assert "67.5%" in text


# ── The public page ──


def test_public_page_is_off_unless_the_office_switches_it_on(house: House) -> None:
    actions.release(commitment=made(house), reviewed=True, by=house.office)
    page = "/public/race/commitments/"
    assert Client().get(page).status_code == 404
    actions.set_settings(campaign=house.campaign, public=True, stalled_months=3, by=house.office)
    assert "环湖步道开放" in Client().get(page).content.decode()
    actions.set_settings(campaign=house.campaign, public=False, stalled_months=3, by=house.office)
    assert Client().get(page).status_code == 404


def test_only_released_commitments_of_willing_units_are_public(house: House) -> None:
    actions.set_settings(campaign=house.campaign, public=True, stalled_months=3, by=house.office)
    shown, hidden = made(house), made(house, what="内部事项")
    unwilling = made(house, what="不愿公示", public=False)
    with pytest.raises(Refused, match="没有同意公示"):
        actions.release(commitment=unwilling, reviewed=True, by=house.office)
    with pytest.raises(Refused, match="已审阅"):
        actions.release(commitment=hidden, reviewed=False, by=house.office)
    with pytest.raises(Refused, match="没有作出承诺"):
        actions.release(commitment=draft(house), reviewed=True, by=house.office)
    actions.release(commitment=shown, reviewed=True, by=house.office)
    text = Client().get("/public/race/commitments/").content.decode()
    assert "环湖步道开放" in text
    assert "内部事项" not in text and "不愿公示" not in text
    actions.unrelease(commitment=shown, by=house.office)
    assert "环湖步道开放" not in Client().get("/public/race/commitments/").content.decode()


@pytest.mark.parametrize("who", ["leader", "head", "inspector"])
def test_nobody_but_the_office_opens_the_public_page(house: House, as_user: As, who: str) -> None:
    data = {"public": "on", "stalled_months": "3"}
    assert as_user(house.people[who]).post(HERE + "settings/", data).status_code == 403
    assert not queries.settings_of(house.campaign).public


# ── The ledger ──


def test_every_step_stands_in_the_ledger_and_the_chain_holds(house: House) -> None:
    row = judged(house, "fulfil")
    actions.release(commitment=row, reviewed=True, by=house.office)
    events = Entry.objects.filter(subject=f"commitment/race/{row.pk}").order_by("number")
    assert [(e.event, e.actor) for e in events] == [
        ("commitment.drafted", house.clerk), ("commitment.made", house.head),
        ("commitment.claimed", house.head), ("commitment.fulfilled", house.office),
        ("commitment.released", house.office),
    ]  # fmt: skip
    assert verify_and_keep().sound


def test_list_is_exported_as_it_is_filtered(house: House, as_user: As) -> None:
    judged(house, "fulfil")
    made(house, what="还在做的事")
    answer = as_user(house.office).get(HERE + "?box=fulfilled&export=xlsx")
    assert answer.status_code == 200
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [r[1] for r in rows[1:]] == ["环湖步道开放"]
