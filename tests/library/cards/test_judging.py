"""Single evaluations: what was decided is not proposed again, late answers, cards that add up."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import structs

from saima.cards import Card, History, Observation, judge
from saima.cards.judging import levels_of
from saima.cards.rules import Band, CardRule, CardRules, Combine, Escalation, Level
from saima.problems import Refused
from saima.workflows.card import CARD, OPEN, overdue

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)
RULES = CardRules(
    cards="sample",
    name="示例规则",
    levels=(
        Level(name="关注", colour="blue", card=False),
        Level(name="黄牌", colour="yellow", answer_days=5, receivers=("责任单位",)),
        Level(name="红牌", colour="red", made_good="黄牌", deducts=1.0),
    ),
    rules=(
        CardRule(
            subject="unit-indicator",
            of="behind-pace",
            clause="第三条",
            bands=(
                Band(level="关注", more_than=0, less_than=10),
                Band(level="黄牌", at_least=10, at_most=30),
                Band(level="红牌", more_than=30),
            ),
        ),
    ),
)


def seen(behind: float, on: date = JUNE, subject: str = "E1/revenue") -> Observation:
    return Observation(
        subject=subject,
        kind="unit-indicator",
        unit=subject.partition("/")[0],
        on=on,
        name="示例企业营业收入",
        values={"behind-pace": behind},
    )


def card(level: str, state: str = "issued", on: date = JUNE, **more) -> Card:
    return Card(
        subject="E1/revenue", kind="unit-indicator", unit="E1", level=level, on=on, state=state,
        **more,
    )  # fmt: skip


def briefs(rules: CardRules, observations, cards=(), on: date = JUNE, before=()) -> list[str]:
    history = History(observations=tuple(before), cards=tuple(cards))
    return [p.brief.partition(" ")[2] for p in judge(rules, observations, history, on)]


def test_a_proposal_tells_the_rule_its_clause_and_what_is_asked():
    (found,) = judge(RULES, [seen(12.345)], History(), JUNE)
    assert (found.kind, found.level, found.clause) == ("raise", "黄牌", "第三条")
    assert (found.answer_days, found.receivers) == (5, ("责任单位",))
    assert found.office == "assessment"
    assert (
        found.reason == "落后序时进度12.35个百分点，黄牌标准是10个百分点（含）至30个百分点（含）。"
    )


def test_a_light_is_shown_and_proposes_nothing():
    assert judge(RULES, [seen(9.99)], History(), JUNE) == []
    assert levels_of(RULES, [seen(9.99)], History(), JUNE) == {"E1/revenue": "关注"}


@pytest.mark.parametrize("state", OPEN)
def test_a_card_that_is_open_is_not_proposed_again(state):
    assert briefs(RULES, [seen(12, JULY)], [card("黄牌", state)], JULY) == []


def test_what_was_waived_is_not_proposed_again_for_the_same_evaluation_but_for_the_next():
    waived = [card("黄牌", "waived")]
    assert briefs(RULES, [seen(12)], waived) == []
    assert briefs(RULES, [seen(12, JULY)], waived, JULY) == ["示例企业营业收入：亮黄牌"]


def test_a_waived_yellow_card_does_not_keep_a_red_one_away():
    assert briefs(RULES, [seen(31)], [card("黄牌", "waived")]) == ["示例企业营业收入：亮红牌"]


def test_a_red_card_does_not_turn_yellow_while_the_figure_is_still_behind():
    assert briefs(RULES, [seen(12, JULY)], [card("红牌")], JULY) == []
    assert briefs(RULES, [seen(2, JULY)], [card("红牌")], JULY) == [
        "示例企业营业收入：红牌降为黄牌"
    ]


def test_a_figure_that_is_not_there_leaves_the_card_as_it_is():
    assert briefs(RULES, [], [card("黄牌")], JULY) == []
    nothing = structs.replace(seen(0, JULY), values={})
    assert briefs(RULES, [nothing], [card("黄牌")], JULY) == ["示例企业营业收入：摘黄牌"]


LATE = structs.replace(
    RULES,
    escalation=(
        Escalation(level="黄牌", when="overdue", days=2, step="约谈"),
        Escalation(level="红牌", when="overdue", step="分管领导约谈"),
    ),
)


@pytest.mark.parametrize(
    ("on", "state", "steps", "expected"),
    [
        (date(2026, 7, 9), "issued", (), []),
        (date(2026, 7, 10), "issued", (), ["E1/revenue：约谈"]),
        (date(2026, 7, 10), "returned", (), ["E1/revenue：约谈"]),
        (date(2026, 7, 10), "answered", (), []),
        (date(2026, 7, 10), "issued", ("约谈",), []),
    ],
)
def test_an_answer_later_than_allowed_calls_for_an_interview_once(on, state, steps, expected):
    late = card("黄牌", state, due=date(2026, 7, 7), steps=steps)
    assert briefs(LATE, [], [late], on) == expected


def test_a_late_answer_may_raise_the_level():
    rules = structs.replace(
        RULES, escalation=(Escalation(level="黄牌", when="overdue", to="红牌"),)
    )
    (found,) = judge(
        rules, [], History(cards=(card("黄牌", due=date(2026, 7, 7)),)), date(2026, 7, 8)
    )
    assert (found.level, found.was, found.reason) == ("红牌", "黄牌", "黄牌逾期未答复，升为红牌。")


def test_three_cards_of_a_unit_in_a_year_bring_a_step_even_in_one_month():
    rules = structs.replace(
        RULES,
        escalation=(Escalation(level="黄牌", when="repeat", times=3, over="unit", step="通报"),),
    )
    many = [seen(12, JULY, f"E1/i{n}") for n in range(3)]
    earlier = [card("黄牌", "lifted"), card("黄牌", "waived"), card("红牌", "lifted")]
    steps = [p for p in judge(rules, many, History(cards=tuple(earlier)), JULY) if p.kind == "step"]
    assert [(p.subject, p.step) for p in steps] == [("E1/i1", "通报")]


def test_so_many_subjects_of_one_unit_make_a_card_for_the_unit_and_it_goes_with_them():
    rules = structs.replace(RULES, combine=(Combine(level="黄牌", times=2, makes="红牌"),))
    two = [seen(12, JUNE, "E1/a"), seen(31, JUNE, "E1/b"), seen(12, JUNE, "E2/a")]
    found = judge(rules, two, History(), JUNE)
    assert [(p.subject, p.level) for p in found if p.subject_kind == "unit"] == [("E1", "红牌")]
    standing = [
        Card(subject=p.subject, kind=p.subject_kind, unit=p.unit or "E1", level=p.level, on=p.on)
        for p in found
    ]
    better = [seen(0, JULY, "E1/a"), seen(31, JULY, "E1/b"), seen(12, JULY, "E2/a")]
    after = judge(rules, better, History(observations=tuple(two), cards=tuple(standing)), JULY)
    assert [(p.subject, p.kind) for p in after] == [("E1/a", "lift"), ("E1", "lower")]


def test_the_worst_of_a_unit_gives_it_one_card():
    rules = structs.replace(RULES, per="unit")
    found = judge(rules, [seen(12, JUNE, "E1/a"), seen(31, JUNE, "E1/b")], History(), JUNE)
    assert [(p.subject, p.subject_kind, p.level) for p in found] == [("E1", "unit", "红牌")]
    assert found[0].reason.startswith("示例企业营业收入：落后序时进度31个百分点")


def test_a_card_is_answered_returned_and_lifted_only_after_it_was_accepted():
    state = "proposed"
    for event in ("hold", "issue", "answer", "return", "answer", "accept", "lift"):
        state = CARD.step(state, event)
    assert state == "lifted"
    with pytest.raises(Refused, match="待答复"):
        CARD.step("issued", "lift")
    with pytest.raises(Refused):
        CARD.step("waived", "issue")


def test_only_what_the_unit_owes_is_overdue():
    due, later = date(2026, 7, 7), date(2026, 7, 8)
    assert overdue("issued", due, later) and not overdue("issued", due, due)
    assert not overdue("answered", due, later) and not overdue("issued", None, later)
