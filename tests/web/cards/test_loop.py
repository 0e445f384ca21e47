"""A card's loop: issued, answered, returned, escalated, lifted; who may, and what it costs."""

from __future__ import annotations

from datetime import date

import pytest

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.cards import actions
from saima_web.cards.models import Card
from saima_web.cards.proposing import propose
from saima_web.messaging.models import Message
from saima_web.scoring.queries import published_run, result_of
from tests.web.cards.table import ANSWER, at, issued, october, proposed
from tests.web.cast import House


def test_issuing_gives_the_number_the_day_and_tells_the_unit(house: House):
    card = issued(house)
    assert (card.title, card.due, card.issued_by) == (
        "黄牌〔2026〕1号", date(2026, 10, 27), house.office,
    )  # fmt: skip
    told = Message.objects.filter(kind="card", subject__contains=card.title)
    assert {m.to_id for m in told} == {house.other_clerk.pk, house.other_head.pk}
    entry = Entry.objects.get(event="card.issued")
    assert (entry.actor_id, entry.data["due"]) == (house.office.pk, "2026-10-27")


@pytest.mark.parametrize("name", ["clerk", "head", "leader", "viewer", "project_office", "owner"])
def test_only_the_assessment_office_issues_a_card_on_an_indicator(house: House, name: str):
    card = proposed(house)["E2/investment"]
    with at(), pytest.raises(Refused, match="权限"):
        actions.issue(card=card, by=house.people[name])
    card.refresh_from_db()
    assert (card.state, card.number) == ("proposed", None)


def test_the_project_office_issues_a_card_on_a_project_and_the_other_does_not(house: House):
    card = proposed(house)["E2/investment"]
    Card.objects.filter(pk=card.pk).update(office="project")
    card.refresh_from_db()
    with at():
        with pytest.raises(Refused, match="权限"):
            actions.issue(card=card, by=house.office)
        assert actions.issue(card=card, by=house.project_office).number == 1


def test_numbers_run_over_all_levels_of_a_year(house: House):
    found = proposed(house)
    with at():
        first = actions.issue(card=found["C1/revenue"], by=house.office)
        second = actions.issue(card=found["E2/investment"], by=house.office)
    assert [first.title, second.title] == ["红牌〔2026〕1号", "黄牌〔2026〕2号"]


@pytest.mark.parametrize("step", [actions.hold, actions.waive])
def test_holding_and_waiving_need_a_reason(house: House, step):
    card = proposed(house)["E2/investment"]
    with at():
        with pytest.raises(Refused, match="还没有写"):
            step(card=card, words=" ", by=house.office)
        assert step(card=card, words="等统计局核实", by=house.office).decision == "等统计局核实"


def test_a_red_card_takes_points_under_its_number_and_gives_them_back_when_waived(house: House):
    card = proposed(house)["C1/revenue"]
    with at():
        actions.issue(card=card, by=house.office)
    (event,) = house.campaign.events.all()
    assert (event.name, event.points, event.basis, event.unit.code) == (
        "工作推动不力", "1", "红牌〔2026〕1号", "C1",
    )  # fmt: skip
    october(house, investment=1000)
    told = {u.unit: u.deduction for u in result_of(published_run(house.campaign, "2026-10")).units}
    assert (told["C1"], told["E2"]) == (1.0, 0.0)
    with at():
        actions.waive(card=card, words="数据口径调整", by=house.office)
    event.refresh_from_db()
    assert event.withdrawn_at is not None and "数据口径调整" in event.withdrawal


def test_the_unit_answers_and_the_office_returns_or_accepts(house: House):
    card = issued(house)
    with at():
        card = actions.answer(card=card, by=house.other_clerk, **ANSWER)
        assert (card.state, card.answers.get().late) == ("answered", False)
        with pytest.raises(Refused, match="还没有写"):
            actions.review(card=card, accepted=False, words="", by=house.office)
        card = actions.review(card=card, accepted=False, words="没有写到人", by=house.office)
        assert card.state == "returned"
        card = actions.answer(card=card, by=house.other_head, **ANSWER)
        card = actions.review(card=card, accepted=True, words="", by=house.office)
    assert (card.state, [a.accepted for a in card.answers.all()]) == ("accepted", [False, True])


def test_another_unit_cannot_answer_and_the_unit_cannot_review_itself(house: House):
    card = issued(house)
    with at():
        with pytest.raises(Refused, match="权限"):
            actions.answer(card=card, by=house.clerk, **ANSWER)
        card = actions.answer(card=card, by=house.other_clerk, **ANSWER)
        with pytest.raises(Refused, match="权限"):
            actions.review(card=card, accepted=True, words="", by=house.other_head)


@pytest.mark.parametrize("missing", ["cause", "countermeasure"])
def test_an_answer_names_cause_and_countermeasure_and_a_day_to_come(house: House, missing: str):
    card = issued(house)
    with at():
        with pytest.raises(Refused, match="还没有写"):
            actions.answer(card=card, by=house.other_clerk, **(ANSWER | {missing: " "}))
        past = ANSWER | {"promised_on": date(2026, 10, 1)}
        with pytest.raises(Refused, match="已经过去"):
            actions.answer(card=card, by=house.other_clerk, **past)
    assert not card.answers.exists()


def test_a_late_answer_is_marked_as_late(house: House):
    card = issued(house)
    assert not card.late(date(2026, 10, 27)) and card.late(date(2026, 10, 28))
    with at(date(2026, 10, 28)):
        card = actions.answer(card=card, by=house.other_clerk, **ANSWER)
    assert card.answers.get().late and not card.late(date(2026, 11, 28))


INTERVIEW = {
    "what": "约谈责任单位主要负责人", "on": date(2026, 10, 29), "interviewer": "主要领导",
    "attended": "许望舒", "record": "要求11月底前赶上序时进度。",
}  # fmt: skip


def test_an_interview_is_recorded_takes_its_points_and_sets_a_new_day(house: House):
    card = issued(house)
    with at(date(2026, 10, 29)):
        propose(campaign=house.campaign, by=house.office)
        card = actions.escalate(card=card, by=house.leader, **INTERVIEW)
    assert (card.state, card.advice, card.due) == ("escalated", [], date(2026, 11, 5))
    assert [e.points for e in card.events.all()] == ["0.5"]
    assert card.interviews.get().record == "要求11月底前赶上序时进度。"


@pytest.mark.parametrize("name", ["other_head", "inspector", "project_office"])
def test_others_cannot_record_an_interview(house: House, name: str):
    card = issued(house)
    with at(), pytest.raises(Refused, match="权限"):
        actions.escalate(card=card, by=house.people[name], **INTERVIEW)


def test_a_card_is_lifted_only_when_made_good_and_reviewed(house: House):
    card = issued(house)
    with at():
        with pytest.raises(Refused, match="不能摘牌"):
            actions.lift(card=card, words="", by=house.office)
        actions.answer(card=card, by=house.other_clerk, **ANSWER)
        actions.review(card=card, accepted=True, words="", by=house.office)
        with pytest.raises(Refused, match="还没有达标"):
            actions.lift(card=card, words="", by=house.office)
    october(house, investment=3400)
    with at(date(2026, 11, 16)):
        card = actions.lift(card=card, words="已赶上", by=house.office)
    assert (card.state, card.closed_on) == ("lifted", date(2026, 11, 16))


def test_a_red_card_made_good_becomes_a_yellow_one_not_none(house: House):
    card = proposed(house)["C1/revenue"]
    with at():
        actions.issue(card=card, by=house.office)
    clerk = _clerk_of(house, "C1")
    with at():
        actions.answer(card=card, by=clerk, **ANSWER)
        actions.review(card=card, accepted=True, words="", by=house.office)
    _catch_up(house)
    with at(date(2026, 11, 16)):
        with pytest.raises(Refused, match="还没有达标"):
            actions.lift(card=card, words="", by=house.office)
        lighter = actions.lower(card=card, words="", by=house.office)
    card.refresh_from_db()
    assert (card.state, lighter.level, lighter.state) == ("replaced", "黄牌", "accepted")
    assert lighter.title == "黄牌〔2026〕2号" and not lighter.raised


def _clerk_of(house: House, code: str):
    from saima_web.people.models import Post, Role, User

    user = User.objects.create_user("third_clerk", None, name="尹三", unit=house.units[code])
    Post.objects.create(user=user, role=Role.CLERK, unit=house.units[code], campaign=house.campaign)
    return user


def _catch_up(house: House) -> None:
    from tests.web.cards.table import reported
    from tests.web.dashboards.published import publish

    for unit in ("E1", "E2", "C1"):
        for code in ("revenue", "investment"):
            value = 4000 if (unit, code) == ("C1", "revenue") else 1000
            reported(house, unit, code, 10, value)
    with at(date(2026, 11, 16)):
        publish(house, "2026-10")
        propose(campaign=house.campaign, by=house.office)


def test_every_step_stands_in_the_ledger_with_its_person(house: House):
    card = issued(house)
    with at():
        actions.answer(card=card, by=house.other_clerk, **ANSWER)
        actions.review(card=card, accepted=True, words="可以", by=house.office)
    rows = Entry.objects.filter(subject=f"card/race/{card.pk}").order_by("number")
    assert [(e.event, e.actor_id) for e in rows] == [
        ("card.proposed", house.office.pk), ("card.issued", house.office.pk),
        ("card.answered", house.other_clerk.pk), ("card.accepted", house.office.pk),
    ]  # fmt: skip
    assert [s.event for s in card.steps.all()] == ["propose", "issue", "answer", "accept"]
