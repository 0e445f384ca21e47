"""Incidents: with a basis and from the list only, confirmed by a leader, appealed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.audit.verifying import verify_and_keep
from saima_web.base import clock
from saima_web.messaging.models import Message
from saima_web.people.models import User
from saima_web.redlines import actions, queries, setup_actions
from saima_web.redlines.models import AllowedVeto, Incident
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreEvent
from tests.web.cast import House
from tests.web.redlines.vetoed import allow, forbid_score

As = Callable[[User], Client]
HERE = "/c/race/redlines/"
DAY = datetime(2026, 10, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_day() -> Any:
    with clock.at(DAY):
        yield


@pytest.fixture
def veto(house: House) -> AllowedVeto:
    forbid_score(house)
    return allow(house)


def record(house: House, veto: AllowedVeto, unit: str = "E1", **other: Any) -> Incident:
    values = {
        "on": date(2026, 9, 25), "name": "坍塌事故", "description": "边坡坍塌。",
        "basis": "示例认定书〔2026〕2号", "expires": None, "by": house.office, **other,
    }  # fmt: skip
    return actions.record_incident(
        campaign=house.campaign, domain=veto.domain, unit=house.units[unit], veto=veto, **values
    )


def confirmed(house: House, veto: AllowedVeto, **other: Any) -> Incident:
    return actions.confirm(incident=record(house, veto, **other), words="", by=house.leader)


def ranks(house: House) -> dict[str, tuple[float | None, int | None]]:
    run = scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    return {u["unit"]: (u["score"], u["rank"]) for u in run.result["units"]}


# ── What cannot be saved ──


@pytest.mark.parametrize("basis", ["", "   "])
def test_a_veto_without_basis_cannot_be_saved(house: House, veto: AllowedVeto, basis: str) -> None:
    with pytest.raises(Refused, match="没有依据文件"):
        record(house, veto, basis=basis)
    assert not Incident.objects.exists()
    made = record(house, veto)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=made.pk).update(basis="")


def test_a_veto_without_basis_is_not_listed_either(house: House, veto: AllowedVeto) -> None:
    with pytest.raises(Refused, match="没有依据文件"):
        setup_actions.allow_veto(
            campaign=house.campaign, domain=veto.domain, name="另一种", effect="veto", basis=" ",
            by=house.office,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        AllowedVeto.objects.filter(pk=veto.pk).update(basis="")


def test_vetoes_off_the_list_are_refused(house: House, veto: AllowedVeto) -> None:
    setup_actions.retire_veto(veto=veto, by=house.office)
    with pytest.raises(Refused, match="不在本行动许可的否决清单里"):
        record(house, veto)
    other = setup_actions.add_domain(campaign=house.campaign, name="信访维稳", by=house.office)
    back = allow(house)
    with pytest.raises(Refused, match="不在本行动许可的否决清单里"):
        actions.record_incident(
            campaign=house.campaign, domain=other, unit=house.units["E1"], veto=back,
            on=date(2026, 9, 25), name="事故", description="经过", basis="文号", by=house.office,
        )  # fmt: skip


def test_a_veto_that_was_retired_meanwhile_is_not_confirmed(
    house: House, veto: AllowedVeto
) -> None:
    row = record(house, veto)
    setup_actions.retire_veto(veto=veto, by=house.office)
    with pytest.raises(Refused, match="许可的否决清单"):
        actions.confirm(incident=row, words="", by=house.leader)
    row.refresh_from_db()
    assert (row.state, ScoreEvent.objects.count()) == ("recorded", 0)


def test_a_veto_ends_by_the_rulebook_or_says_when(house: House, veto: AllowedVeto) -> None:
    assert record(house, veto).expires == date(2027, 9, 24)
    gate = setup_actions.allow_veto(
        campaign=house.campaign, domain=veto.domain, name="整改未完成", effect="gate", basis="文号",
        by=house.office,
    )  # fmt: skip
    with pytest.raises(Refused, match="没有写有效期"):
        record(house, gate)
    assert record(house, gate, expires=date(2026, 12, 31)).expires == date(2026, 12, 31)
    with pytest.raises(Refused, match="早于发生日期"):
        record(house, gate, expires=date(2026, 9, 1))
    with pytest.raises(Refused, match="还没有到"):
        record(house, veto, on=date(2026, 11, 1))


@pytest.mark.parametrize("who", ["leader", "head", "clerk", "viewer"])
def test_nobody_but_office_and_inspector_records(house: House, veto: AllowedVeto, who: str) -> None:
    with pytest.raises(Refused):
        record(house, veto, by=house.people[who])
    assert record(house, veto, by=house.inspector).state == "recorded"


# ── From the record to the ranking and back ──


def test_nothing_follows_before_a_leader_confirms(house: House, veto: AllowedVeto) -> None:
    before = ranks(house)
    row = record(house, veto)
    assert ranks(house) == before
    with pytest.raises(Refused):
        actions.confirm(incident=row, words="", by=house.office)
    actions.confirm(incident=row, words="", by=house.leader)
    assert ranks(house)["E1"][0] == 0


def test_a_veto_changes_the_ranking_and_its_withdrawal_takes_it_back(
    house: House, veto: AllowedVeto
) -> None:
    before = ranks(house)
    row = confirmed(house, veto)
    during = ranks(house)
    assert during["E1"] == (0, 2) and during["E2"][1] == 1
    assert before["E1"][1] == 1, "it was first before"
    row = actions.appeal(incident=row, grounds="责任不在我方", by=house.head)
    row = actions.withdraw(incident=row, words="经核属实", by=house.leader)
    assert row.state == "withdrawn"
    assert ranks(house) == before
    event = ScoreEvent.objects.get()
    assert (event.withdrawal, event.withdrawn_by) == ("经核属实", house.leader)
    assert event.basis == "示例认定书〔2026〕2号"


def test_an_upheld_veto_stays_in_the_ranking(house: House, veto: AllowedVeto) -> None:
    row = actions.appeal(incident=confirmed(house, veto), grounds="不服", by=house.head)
    row = actions.uphold(incident=row, words="事实清楚", by=house.leader)
    assert row.state == "upheld"
    assert ranks(house)["E1"][0] == 0
    with pytest.raises(Refused, match="维持"):
        actions.appeal(incident=row, grounds="再申诉", by=house.head)


def test_a_deduction_takes_the_points_that_were_decided(house: House, veto: AllowedVeto) -> None:
    before = ranks(house)["E1"][0]
    deduction = setup_actions.allow_veto(
        campaign=house.campaign, domain=veto.domain, name="工作推动不力", effect="deduction",
        basis="文号", by=house.office,
    )  # fmt: skip
    confirmed(house, deduction, points=Decimal("2.5"))
    after = ranks(house)["E1"][0]
    assert before is not None and after == pytest.approx(before - 2.5)


def test_the_preview_before_confirming_is_what_the_next_run_gives(
    house: House, as_user: As, veto: AllowedVeto
) -> None:
    from tests.web.dashboards.published import publish

    publish(house, "2026-09")
    row = record(house, veto)
    text = as_user(house.leader).get(f"{HERE}{row.pk}/").content.decode()
    assert "审定以后排名会怎样" in text
    assert "→0.00分" in text and "位次1→2" in text


def test_a_leader_may_find_that_nothing_should_follow(house: House, veto: AllowedVeto) -> None:
    row = record(house, veto)
    with pytest.raises(Refused, match="理由"):
        actions.dismiss(incident=row, words="", by=house.leader)
    actions.dismiss(incident=row, words="证据不足", by=house.leader)
    assert not ScoreEvent.objects.exists()


# ── The unit concerned ──


def test_the_unit_sees_it_once_confirmed_and_others_never(
    house: House, as_user: As, veto: AllowedVeto
) -> None:
    row = record(house, veto)
    page = f"{HERE}{row.pk}/"
    assert as_user(house.head).get(page).status_code == 404
    actions.confirm(incident=row, words="", by=house.leader)
    for who, status in (("head", 200), ("clerk", 200), ("other_head", 404), ("viewer", 403)):
        assert as_user(house.people[who]).get(page).status_code == status


@pytest.mark.parametrize("who", ["clerk", "other_head", "office", "leader"])
def test_nobody_but_the_units_head_appeals(house: House, veto: AllowedVeto, who: str) -> None:
    row = confirmed(house, veto)
    with pytest.raises(Refused):
        actions.appeal(incident=row, grounds="不服", by=house.people[who])
    assert actions.appeal(incident=row, grounds="不服", by=house.head).state == "appealed"


def test_an_appeal_needs_grounds_and_may_be_taken_back(house: House, veto: AllowedVeto) -> None:
    row = confirmed(house, veto)
    with pytest.raises(Refused, match="申诉理由"):
        actions.appeal(incident=row, grounds=" ", by=house.head)
    row = actions.appeal(incident=row, grounds="不服", by=house.head)
    assert actions.retract(incident=row, by=house.head).state == "in-effect"


@pytest.mark.parametrize("who", ["office", "head", "inspector"])
def test_nobody_but_a_leader_answers_an_appeal(house: House, veto: AllowedVeto, who: str) -> None:
    row = actions.appeal(incident=confirmed(house, veto), grounds="不服", by=house.head)
    for do in (actions.uphold, actions.withdraw):
        with pytest.raises(Refused):
            do(incident=row, words="好", by=house.people[who])


def test_those_concerned_are_told_without_what_it_is(house: House, veto: AllowedVeto) -> None:
    row = confirmed(house, veto)
    told = Message.objects.filter(kind="redline")
    assert {(m.to, m.subject) for m in told} == {
        (house.leader, "安全生产红线事件待审定"),
        (house.head, "安全生产红线事件已审定生效，如有异议可以申诉"),
        (house.clerk, "安全生产红线事件已审定生效，如有异议可以申诉"),
    }
    assert {m.link for m in told} == {f"/c/race/redlines/{row.pk}/"}


# ── Expiry, domains, the ledger ──


def test_expiry_ends_it_but_not_while_an_appeal_is_open(house: House, veto: AllowedVeto) -> None:
    first = confirmed(house, veto, expires=date(2026, 10, 25))
    second = confirmed(house, veto, unit="E2", expires=date(2026, 10, 25))
    actions.appeal(incident=second, grounds="不服", by=house.other_head)
    with clock.at(datetime(2026, 10, 25, 2, tzinfo=UTC)):
        assert actions.expire_due() == []
    with clock.at(datetime(2026, 10, 26, 2, tzinfo=UTC)):
        assert [x.pk for x in actions.expire_due()] == [first.pk]
    second.refresh_from_db()
    assert second.state == "appealed"


def test_a_domain_is_clean_until_a_leader_confirms_and_again_when_taken_back(
    house: House, as_user: As, veto: AllowedVeto
) -> None:
    def clean() -> list[bool]:
        return [s.clean for s in queries.standings(house.campaign)]

    row = record(house, veto)
    assert clean() == [True]
    row = actions.confirm(incident=row, words="", by=house.leader)
    assert clean() == [False]
    assert "1个领域中，0个至今无事" in as_user(house.viewer).get(HERE).content.decode()
    actions.withdraw(incident=row, words="查否", by=house.leader)
    assert clean() == [True]
    assert "1个领域至今都无事" in as_user(house.viewer).get(HERE).content.decode()


def test_days_without_incident_are_counted_from_the_last_one(
    house: House, veto: AllowedVeto
) -> None:
    assert queries.standings(house.campaign)[0].days == 292  # since 1 January
    confirmed(house, veto)
    assert queries.standings(house.campaign)[0].days == 25


def test_every_step_stands_in_the_ledger_and_the_chain_holds(
    house: House, veto: AllowedVeto
) -> None:
    row = actions.appeal(incident=confirmed(house, veto), grounds="不服", by=house.head)
    actions.withdraw(incident=row, words="查否", by=house.leader)
    events = Entry.objects.filter(subject=f"incident/race/{row.pk}").order_by("number")
    assert [e.event for e in events] == [
        "incident.recorded", "incident.confirmed", "incident.appealed", "incident.withdrawn",
    ]  # fmt: skip
    assert events[0].data["basis"] == "示例认定书〔2026〕2号"
    assert verify_and_keep().sound


def test_recording_on_the_page_says_what_is_missing(
    house: House, as_user: As, veto: AllowedVeto
) -> None:
    data = {
        "unit": house.units["E1"].pk, "veto": veto.pk, "name": "事故", "on": "2026-09-25",
        "description": "经过", "basis": "", "points": "", "expires": "",
    }  # fmt: skip
    office = as_user(house.office)
    answer = office.post(HERE + "new/", data)
    assert answer.status_code == 200 and "依据文件：" in answer.content.decode()
    assert not Incident.objects.exists()
    answer = office.post(HERE + "new/", data | {"basis": "文号"}, follow=True)
    assert "待审定" in answer.content.decode()
