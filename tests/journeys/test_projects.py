"""A project in a browser: it slips, earns a card, gets its problem decided, recovers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from saima_web.cards.models import Card
from saima_web.projects.models import Project
from saima_web.supervision.models import Problem
from tests.web.cards.table import switched_on
from tests.web.cast import House
from tests.web.projects.slipping import RULES, old_town

PageAs = Callable[..., Any]


@pytest.fixture
def on(settings: Any) -> Callable[[date], None]:
    """Move the platform's clock to a day."""

    def move(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        settings.SAIMA_CLOCK_OFFSET = moment - timezone.now()

    return move


def answers(page: Any, text: str) -> None:
    expect(page.locator("h1")).to_contain_text(text)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def judged(page: Any) -> None:
    page.goto("/c/race/cards/")
    press(page, "按规则评定")
    expect(page.locator(".s-notice").first).to_be_visible()


def answer(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_label("原因").fill("劳务班组不足")
    page.get_by_label("对策").fill("增加一个班组，11月底封顶")
    page.get_by_label("完成时限").fill("2026-11-30")
    press(page, "提交答复")


def raise_problem(page: Any) -> str:
    """What the unit cannot settle itself; the address of its page."""
    page.goto("/c/race/problems/new/")
    page.locator("#id_kind").select_option("problem")
    page.locator("#id_title").fill("古镇二期劳务不足")
    page.locator("#id_detail").fill("主体只剩两层，班组被抽走")
    page.locator("#id_asks").fill("请集团统筹一个班组")
    page.locator("form.s-form button.primary").click()
    answers(page, "古镇二期劳务不足")
    return str(page.url)


def step(page: Any, title: str) -> Any:
    """A step of the problem's page, opened."""
    box = page.locator("details.v-step", has=page.locator("summary", has_text=title))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    return box


def decide(page: Any, address: str, house: House) -> None:
    """The office puts it to the weekly meeting and records what was decided there."""
    page.goto(address)
    step(page, "列入会商").locator("button").click()
    answers(page, "待会商")
    form = step(page, "议定")
    form.locator("[name=decision]").fill("由望岳建设支援一个班组")
    form.locator("[name=responsible_unit]").select_option(str(house.units["D2"].pk))
    form.locator("[name=due_on]").fill("2026-11-20")
    form.locator("button").click()


def done(page: Any, project: Project, name: str, finish: str) -> None:
    """The unit records that a milestone is finished."""
    page.goto(f"/c/race/projects/{project.pk}/")
    row = page.locator("tr", has=page.get_by_role("cell", name=name))
    row.locator("summary").click()
    row.get_by_label("实际完成").fill(finish)
    row.get_by_role("button", name="登记").click()
    expect(page.locator(".s-notice", has_text="已登记")).to_be_visible()


def test_a_project_slips_earns_a_card_gets_its_problem_decided_and_recovers(
    house: House, page_as: PageAs, on: Callable[[date], None]
) -> None:
    on(date(2026, 11, 2))
    switched_on(house, RULES)
    project = old_town(house)
    office, clerk, manager = (page_as(p) for p in (house.office, house.clerk, house.project_office))
    manager.goto(f"/c/race/projects/{project.pk}/")
    answers(manager, "“主体施工”逾期18天")
    expect(manager.get_by_text("推迟了“主体封顶”")).to_be_visible()

    judged(office)
    card = Card.objects.get(name__contains="主体封顶")
    address = f"/c/race/cards/{card.pk}/"
    manager.goto(address)
    press(manager, "发出黄牌")
    answers(manager, "黄牌")
    answer(clerk, address)
    decide(office, raise_problem(clerk), house)
    answers(office, "投资部负责")
    assert Problem.objects.get().state == "decided"

    on(date(2026, 11, 16))
    done(clerk, project, "主体施工", "2026-11-10")
    done(clerk, project, "主体封顶", "2026-11-15")
    answers(clerk, "没有待完成的节点")
    judged(office)
    expect(clerk.locator("#followed")).to_contain_text("古镇二期劳务不足")
    manager.goto(address)
    press(manager, "认可")
    press(manager, "摘牌")
    answers(manager, "已摘牌")
    assert [s.event for s in card.steps.all()] == ["propose", "issue", "answer", "accept", "lift"]
