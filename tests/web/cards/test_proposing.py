"""Rules propose, persons decide: what judging brings, and what it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.cards import actions
from saima_web.cards.models import Card
from saima_web.cards.proposing import propose, propose_everywhere
from saima_web.messaging.models import Message
from tests.web.cards.table import at, by_subject, issued, month, october, proposed, switched_on
from tests.web.cast import House


def test_a_figure_behind_pace_proposes_a_card_that_nobody_has_issued(house: House):
    found = proposed(house)
    assert {s: (c.level, c.state) for s, c in found.items()} == {
        "C1/revenue": ("红牌", "proposed"),
        "E2/investment": ("黄牌", "proposed"),
    }
    card = found["E2/investment"]
    assert (card.name, card.unit.code, card.clause, card.number) == (
        "固定资产投资", "E2", "第三条", None,
    )  # fmt: skip
    assert card.reason.startswith("落后序时进度15个百分点")
    assert not house.campaign.events.exists()


def test_judging_twice_proposes_nothing_twice(house: House):
    proposed(house)
    with at():
        again = propose(campaign=house.campaign, by=house.office)
    assert (again.total, again.advised, Card.objects.count()) == (0, 0, 2)


def test_without_rules_in_force_nothing_is_judged(house: House):
    with pytest.raises(Refused, match="还没有启用"):
        propose(campaign=house.campaign, by=house.office)
    switched_on(house, day=date(2026, 11, 1))
    with at(), pytest.raises(Refused, match="还没有启用"):
        propose(campaign=house.campaign, by=house.office)


def test_a_clerk_cannot_have_cards_judged(house: House):
    switched_on(house)
    with at(), pytest.raises(Refused, match="权限"):
        propose(campaign=house.campaign, by=house.clerk)


def test_the_nightly_job_judges_running_campaigns_and_tells_the_office(house: House):
    from tests.web.dashboards.published import publish

    switched_on(house)
    with at():
        publish(house, "2026-09")
        assert propose_everywhere() == "race：2/0"
        assert propose_everywhere() == "race：0/0"
    assert Entry.objects.filter(event="card.proposed", actor_id=None).count() == 2
    told = Message.objects.filter(kind="card")
    assert {m.to_id for m in told} == {house.office.pk} and told.count() == 1


def test_a_card_that_is_out_is_not_proposed_again_while_still_behind(house: House):
    issued(house)
    october(house, investment=800)
    rows = house.campaign.cards.filter(subject="E2/investment")
    assert [c.state for c in rows] == ["issued"]


def test_a_figure_made_good_brings_advice_to_lift_and_a_worse_one_takes_it_back(house: House):
    card = issued(house)
    october(house, investment=3400)
    card.refresh_from_db()
    assert [a["kind"] for a in card.advice] == ["lift", "step"]
    month(house, 11, investment=-2000)
    card.refresh_from_db()
    assert [a["kind"] for a in card.advice] == ["step"]


def test_a_proposal_whose_figure_is_made_good_lapses_before_it_is_issued(house: House):
    proposed(house)
    october(house, investment=3400)
    card = by_subject(house)["E2/investment"]
    assert (card.state, card.decision) == ("lapsed", "决定之前已经达标")


def test_a_late_answer_brings_advice_to_interview_once(house: House):
    card = issued(house)
    assert card.due == date(2026, 10, 27)
    for day, expected in ((27, 0), (28, 1), (29, 1)):
        with at(date(2026, 10, day)):
            propose(campaign=house.campaign, by=house.office)
        card.refresh_from_db()
        assert len(card.advice) == expected
    assert card.advice[0]["step"] == "约谈责任单位主要负责人"


def test_a_heavier_card_takes_the_place_of_the_one_that_is_out(house: House):
    old = issued(house)
    october(house, investment=0)
    new = by_subject(house)["E2/investment"]
    assert (new.level, new.was, new.state, new.replaces) == ("红牌", "黄牌", "proposed", old)
    with at(date(2026, 11, 16)):
        actions.issue(card=new, by=house.office)
    old.refresh_from_db()
    assert (old.state, old.closed_on) == ("replaced", date(2026, 11, 16))


def test_a_waived_card_is_not_proposed_again_for_the_same_month(house: House):
    card = proposed(house)["E2/investment"]
    with at():
        actions.waive(card=card, words="上级调整了供地计划", by=house.office)
        again = propose(campaign=house.campaign, by=house.office)
    assert again.total == 0
    october(house, investment=800)
    assert by_subject(house)["E2/investment"].state == "proposed"
