"""Card rules in force, a ranking published, the proposals that follow: what tests begin from."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from saima_web.base import clock
from saima_web.cards import actions, rules_actions
from saima_web.cards.models import Card, CardRuleSet
from saima_web.cards.proposing import propose
from saima_web.indicators.models import Indicator
from saima_web.reporting.models import Figure
from tests.web.cast import PAST, House
from tests.web.dashboards.published import publish

RULES = """\
cards: race
name: 示例黄红牌规则
basis: 示例考核办〔2026〕3号
deducts-as: 工作推动不力
levels:
  - {name: 关注, colour: blue, card: false}
  - {name: 黄牌, colour: yellow, answer-days: 5, receivers: [责任单位主要负责人]}
  - {name: 红牌, colour: red, answer-days: 3, deducts: 1, made-good: 黄牌}
rules:
  - subject: unit-indicator
    of: behind-pace
    clause: 第三条
    bands:
      - {level: 关注, more-than: 0, less-than: 10}
      - {level: 黄牌, at-least: 10, at-most: 20}
      - {level: 红牌, more-than: 20}
escalation:
  - {level: 黄牌, when: overdue, step: 约谈责任单位主要负责人, deducts: 0.5}
"""
TODAY = date(2026, 10, 20)
MOMENTS = itertools.count(1)


def at(day: date = TODAY, hour: int = 3):
    """Everything inside happens on this day, at a moment of its own: scorings are cached by it."""
    moment = datetime(day.year, day.month, day.day, hour, microsecond=next(MOMENTS), tzinfo=UTC)
    return clock.at(moment)


def switched_on(house: House, text: str = RULES, day: date = date(2026, 10, 1)) -> CardRuleSet:
    row = rules_actions.begin_draft(campaign=house.campaign, text=text, by=house.office)
    return rules_actions.switch_on(
        row=row, effective_from=day, basis="示例考核办〔2026〕3号", by=house.office
    )


def proposed(house: House) -> dict[str, Card]:
    """Rules in force, September published and judged: C1 revenue red, E2 investment yellow."""
    switched_on(house)
    with at():
        publish(house, "2026-09")
        propose(campaign=house.campaign, by=house.office)
    return by_subject(house)


def by_subject(house: House) -> dict[str, Card]:
    """The latest card of each subject."""
    return {c.subject: c for c in house.campaign.cards.order_by("pk")}


def issued(house: House) -> Card:
    """The yellow card of E2, issued."""
    card = proposed(house)["E2/investment"]
    with at():
        return actions.issue(card=card, by=house.office)


def reported(house: House, unit: str, code: str, month: int, value: int) -> None:
    """A month's confirmed figure."""
    for source in ("reported", "confirmed"):
        Figure.objects.create(
            unit=house.units[unit], indicator=Indicator.objects.get(code=code),
            period=f"2026-{month:02}", source=source, value=str(value), origin="history",
            recorded_at=PAST + timedelta(days=2),
        )  # fmt: skip


def month(house: House, number: int, investment: int) -> None:
    """A month of everybody on pace, E2's investment as given; published and judged."""
    for unit in ("E1", "E2", "C1"):
        for code in ("revenue", "investment"):
            value = investment if (unit, code) == ("E2", "investment") else 1000
            reported(house, unit, code, number, value)
    with at(date(2026, number + 1, 16)):
        publish(house, f"2026-{number:02}")
        propose(campaign=house.campaign, by=house.office)


def october(house: House, investment: int) -> None:
    """October as `month` makes it."""
    month(house, 10, investment)


ANSWER = {
    "cause": "两个项目用地手续迟了一个月",
    "countermeasure": "专班每周调度，11月底前完成供地",
    "promised_on": date(2026, 12, 20),
}
