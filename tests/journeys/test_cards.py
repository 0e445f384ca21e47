"""A card in a browser: proposed, issued, answered late, returned, escalated, made good, lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from saima_web.cards.models import Card
from tests.web.cards.table import month, switched_on
from tests.web.cast import House
from tests.web.dashboards.published import publish

PageAs = Callable[..., Any]
LIST = "/c/race/cards/"


@pytest.fixture
def on(settings: Any) -> Callable[[date], None]:
    """Move the platform's clock to a day."""

    def move(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        settings.SAIMA_CLOCK_OFFSET = moment - timezone.now()

    return move


def says(page: Any, text: str) -> None:
    expect(page.locator(".s-notice", has_text=text).first).to_be_visible()


def answers(page: Any, text: str) -> None:
    expect(page.locator("h1")).to_contain_text(text)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def judge(page: Any) -> None:
    page.goto(LIST)
    press(page, "按规则评定")


def answer(page: Any, address: str, until: date) -> None:
    """The unit's answer on the card's page."""
    page.goto(address)
    page.get_by_label("原因").fill("两个项目用地手续迟了一个月")
    page.get_by_label("对策").fill("专班每周调度，11月底前完成供地")
    page.get_by_label("完成时限").fill(until.isoformat())
    press(page, "提交答复")
    says(page, "已答复")


def interview(page: Any, address: str) -> None:
    """The leader records what was said."""
    page.goto(address)
    page.get_by_text("约谈、升级处理").click()
    page.get_by_label("约谈人", exact=True).fill("主要领导")
    page.get_by_label("参加人").fill("许望舒")
    page.get_by_label("约谈记录").fill("要求十一月底前赶上序时进度。")
    press(page, "记入约谈")
    says(page, "约谈已记入")


def test_a_figure_behind_pace_brings_a_card_that_is_lifted_in_the_end(
    house: House, page_as: PageAs, on: Callable[[date], None]
) -> None:
    on(date(2026, 10, 20))
    switched_on(house)
    publish(house, "2026-09")
    office, clerk, leader = (page_as(p) for p in (house.office, house.other_clerk, house.leader))
    judge(office)
    says(office, "黄牌1")
    answers(office, "2张待决定")
    card = Card.objects.get(subject="E2/investment")
    address = f"{LIST}{card.pk}/"
    office.goto(address)
    press(office, "发出黄牌")
    answers(office, "黄牌〔2026〕1号")

    on(date(2026, 10, 29))
    clerk.goto(address)
    answers(clerk, "答复已逾期")
    answer(clerk, address, date(2026, 12, 20))
    expect(clerk.get_by_text("逾期答复")).to_be_visible()
    office.goto(address)
    office.get_by_label("复核意见").fill("没有写到人")
    press(office, "退回重答")
    answers(office, "退回重答")

    on(date(2026, 11, 10))
    judge(office)
    says(office, "建议1条")
    interview(leader, address)
    answers(leader, "已约谈")
    answer(clerk, address, date(2026, 12, 20))
    office.goto(address)
    press(office, "认可")
    answers(office, "整改中")
    expect(office.get_by_role("button", name="摘牌", exact=True)).to_have_count(0)

    on(date(2026, 11, 16))
    month(house, 10, investment=3400)
    office.goto(address)
    press(office, "摘牌")
    answers(office, "已摘牌")
    expect(office.locator(".c-loop li")).to_have_count(8)
    assert [s.event for s in card.steps.all()] == [
        "propose", "issue", "answer", "return", "escalate", "answer", "accept", "lift",
    ]  # fmt: skip


def test_rules_are_written_previewed_and_switched_on(
    house: House, page_as: PageAs, on: Callable[[date], None]
) -> None:
    on(date(2026, 10, 20))
    publish(house, "2026-09")
    page = page_as(house.office)
    page.goto(LIST + "rules/")
    answers(page, "还没有启用")
    press(page, "从默认规则起草")
    answers(page, "可以启用")
    text = page.locator("#text")
    sound = text.input_value()
    text.fill(sound.replace("made-good: 黄牌", "made-good: 紫牌"))
    expect(page.locator("#source-state")).to_contain_text("没有叫“紫牌”的等级")
    text.fill(sound)
    expect(page.locator("#source-state")).to_contain_text("都相符")
    page.get_by_role("link", name="预览：会亮哪些牌").click()
    answers(page, "示例赛马行动会亮")
    page.go_back()
    press(page, "启用")
    page.locator("dialog#switch-on[open]").get_by_label("依据文件").fill("示例考核办〔2026〕3号")
    page.locator("dialog#switch-on[open]").get_by_role("button", name="启用", exact=True).click()
    answers(page, "第1版")
    assert house.campaign.card_rules.get().effective_from == date(2026, 10, 20)
