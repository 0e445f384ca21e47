"""Cards in the demonstration: two versions of the rules, cards at every level and state.

Points are taken only from November on: published rankings keep the input that they were made of.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saima.cards.reading import default_text
from saima_web.audit.actions import writing
from saima_web.base import clock
from saima_web.cards import actions, rules_actions
from saima_web.cards.models import Card
from saima_web.cards.proposing import propose
from saima_web.demo import story
from saima_web.demo.plan import DEMO_DAY
from saima_web.demo.words import cause_of
from saima_web.people.models import User
from saima_web.pledges import actions as commitments
from saima_web.pledges.models import Commitment

BASIS = "示例城投〔2026〕11号"
FIRST, SECOND = date(2026, 9, 14), date(2026, 11, 12)
OCTOBER = date(2026, 10, 12)
State = Card.State


def tell(stage: story.Stage) -> None:
    """Rules from September on, judged twice; answered, late, escalated, lifted, waived, praised."""
    stage.say("黄牌、红牌：拟发、答复、约谈、摘牌")
    forgotten = _forgotten(stage)
    _switch_on(stage, _without_points(_text()), FIRST)
    _judge(stage, OCTOBER)
    _round(stage, OCTOBER)
    _switch_on(stage, _text(praise=True), SECOND)
    _judge(stage, SECOND)
    _lift(stage, SECOND)
    _last_round(stage)
    _remembered(stage, forgotten)
    _judge(stage, DEMO_DAY)


STRICTER = """\
rules:
  - subject: unit-indicator
    of: behind-pace
    indicators: [branch_goals, leads]
    clause: 集团补充条款
    bands:
      - {level: 黄牌, at-least: 7}
"""


PRAISE = "  - {name: 蓝牌, colour: blue, good: true}\n"
FIRST_PLACE = """\
  - subject: unit
    of: rank
    clause: 集团补充条款
    bands:
      - {level: 蓝牌, at-most: 1}
"""
"""The first in the ranking is praised, from the second version on."""


def _text(*, praise: bool = False) -> str:
    """The default rules, stricter on two indicators, points taken under the group's own clause."""
    text = default_text().replace("黄红牌扣分 ", "督查通报批评 ")
    if praise:
        text = text.replace("rules:\n", f"{PRAISE}rules:\n", 1)
        text = text.replace("combine:\n", f"{FIRST_PLACE}combine:\n", 1)
    return text.replace("rules:\n", STRICTER, 1)


def _without_points(text: str) -> str:
    return text.replace("    deducts: 1\n", "").replace(", deducts: 1", "")


def _switch_on(stage: story.Stage, text: str, day: date) -> None:
    office = stage.users["office"]
    with clock.at(story.moment(day, 8)):
        row = rules_actions.begin_draft(campaign=stage.campaign, text=text, by=office)
        rules_actions.save_draft(row=row, text=text, base="", by=office)
        rules_actions.switch_on(row=row, effective_from=day, basis=BASIS, by=office)


def _judge(stage: story.Stage, day: date) -> None:
    with clock.at(story.moment(day, 9)):
        propose(campaign=stage.campaign, by=stage.users["office"])


def _waiting(stage: story.Stage) -> list[Card]:
    """Proposals that the assessment office decides, the heaviest matters first."""
    rows = stage.campaign.cards.filter(state=State.PROPOSED, office=Card.Office.ASSESSMENT)
    rows = rows.filter(good=False).exclude(subject_kind="commitment")
    return list(rows.select_related("campaign", "unit", "indicator", "rules").order_by("pk"))


def _round(stage: story.Stage, day: date) -> None:
    """One month's proposals decided; units answer in time, or late after an interview."""
    office, waiting = stage.users["office"], _waiting(stage)
    with clock.at(story.moment(day, 10)), writing(office):
        for n, card in enumerate(waiting):
            if n % 9 == 5:
                actions.waive(card=card, words="台风停工，进度计划已经批准顺延", by=office)
            else:
                actions.issue(card=card, by=office)
    issued = [c for n, c in enumerate(waiting) if n % 9 != 5]
    late = issued[3::7]
    _answered(stage, [c for c in issued if c not in late], _later(day, 2))
    with clock.at(story.moment(_later(day, 10))), writing(office):
        for card in late:
            _interview(stage, card)
    _answered(stage, late, _later(day, 12))


def _answered(stage: story.Stage, cards: list[Card], day: date) -> None:
    """Units' answers of a day, accepted on the next."""
    office = stage.users["office"]
    with clock.at(story.moment(day)), writing(office):
        for card in cards:
            _answer(card, _clerk(stage, card), _later(day, 45))
    with clock.at(story.moment(_later(day, 1))), writing(office):
        for card in cards:
            words = "按月调度，达标后摘牌。"
            actions.review(card=card, accepted=True, words=words, by=office)


def _answer(card: Card, clerk: User, until: date) -> None:
    code = card.indicator.code if card.indicator else ""
    cause, measure = cause_of(code, card.unit.code)
    actions.answer(card=card, cause=cause, countermeasure=measure, promised_on=until, by=clerk)


def _clerk(stage: story.Stage, card: Card) -> User:
    return stage.users[f"clerk_{card.unit.code.lower()}"]


def _interview(stage: story.Stage, card: Card) -> None:
    head = stage.users[f"head_{card.unit.code.lower()}"]
    actions.escalate(
        card=card, what="约谈责任单位主要负责人", on=clock.today(),
        interviewer=stage.users["leader"].name, attended=head.name,
        record="逾期未答复。要求三日内书面答复，列出赶上进度的时间表和责任人。",
        by=stage.users["office"],
    )  # fmt: skip


def _lift(stage: story.Stage, day: date) -> None:
    """What was made good is lifted, or falls to the lighter card."""
    rows = stage.campaign.cards.filter(state=State.ACCEPTED).exclude(advice=[])
    with clock.at(story.moment(day, 11)), writing(stage.users["office"]):
        for card in rows.select_related("campaign", "unit", "indicator", "rules"):
            kinds = {a["kind"] for a in card.advice}
            words, by = "最近一次评定已达标", stage.users["office"]
            if "lift" in kinds:
                actions.lift(card=card, words=words, by=by)
            elif "lower" in kinds:
                actions.lower(card=card, words=words, by=by)


def _last_round(stage: story.Stage) -> None:
    """November's cards, left in every state: proposed, held, waived, out, late, returned."""
    office, waiting = stage.users["office"], _waiting(stage)
    with clock.at(story.moment(_later(SECOND, 1))), writing(office):
        for n, card in enumerate(waiting):
            if n == 1:
                actions.hold(card=card, words="等统计反馈数核实后再定", by=office)
            elif n == 2:
                actions.waive(card=card, words="拆迁范围按上级要求核减，按容错规定办理", by=office)
            elif n > 2:
                actions.issue(card=card, by=office)
        first = stage.campaign.cards.filter(state=State.PROPOSED, good=True).order_by("pk").first()
        if first is not None:
            actions.issue(card=first, by=office)
    with clock.at(story.moment(_later(SECOND, 4))), writing(office):
        for card in (*waiting[5::4], *waiting[6::4]):
            _answer(card, _clerk(stage, card), _later(SECOND, 44))
    with clock.at(story.moment(_later(SECOND, 6))), writing(office):
        for card in waiting[5::4]:
            words = "原因没有写到具体项目，请写明责任人和时间节点。"
            actions.review(card=card, accepted=False, words=words, by=office)
    with clock.at(story.moment(_later(SECOND, 12))), writing(office):
        for card in waiting[4::4]:
            _interview(stage, card)


def _forgotten(stage: story.Stage) -> Commitment:
    """A commitment of August of which nothing is told until a card for it is proposed."""
    clerk, head = stage.users["clerk_s1"], stage.users["head_s1"]
    with clock.at(story.moment(date(2026, 8, 5))), writing(head):
        row = commitments.draft_commitment(
            campaign=stage.campaign, unit=stage.units["S1"], what="老旧小区门禁改造",
            goal="12月底前改造门禁40处", due_on=date(2026, 12, 28), responsible="分管副总",
            quantity=Decimal(40), measure="处", counted_by="week", public=True, indicator=None,
            target=None, by=clerk,
        )  # fmt: skip
        return commitments.make_commitment(commitment=row, by=head)


def _remembered(stage: story.Stage, row: Commitment) -> None:
    """The unit tells of it before the office has decided, so the card is not issued (未发出)."""
    clerk = stage.users["clerk_s1"]
    for day, reached in ((_later(SECOND, 2), 18), (_later(SECOND, 16), 27)):
        with clock.at(story.moment(day, 16)):
            commitments.report_step(
                commitment=row, text=f"累计改造{reached}处，按周推进。", reached=Decimal(reached),
                by=clerk,
            )  # fmt: skip


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
