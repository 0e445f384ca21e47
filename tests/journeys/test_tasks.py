"""In a browser: a leader's instruction becomes a task, comes back once, and is closed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from saima_web.audit.models import Entry
from saima_web.followup.models import Instruction, Task
from tests.web.cast import House
from tests.web.followup.making import task

PageAs = Callable[..., Any]
ORDER = "栖湖二期的用地手续卡在哪里，请一周内说清楚。"
TASK = "/c/race/tasks/1/"


def says(page: Any, text: str) -> None:
    """The notice after an action."""
    expect(page.locator(".s-notice", has_text=text).first).to_be_visible()


def answers(page: Any, text: str) -> None:
    """The first line of the page."""
    expect(page.locator("h1")).to_contain_text(text)


def step(page: Any, key: str, name: str, words: str = "") -> None:
    """Fill in the form of a step and send it."""
    page.goto(TASK)
    form = page.locator(f"#do-{key}")
    if words:
        form.locator("[name=words]").fill(words)
    form.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".s-notice").first).to_be_visible()


def test_an_instruction_becomes_a_task_is_returned_once_and_closed_out(
    house: House, page_as: PageAs
) -> None:
    leader, office = page_as(house.leader), page_as(house.office)
    clerk, head = page_as(house.clerk, width=390), page_as(house.head)

    leader.goto("/c/race/instructions/")
    leader.fill("[name=text]", ORDER)
    leader.select_option("[name=unit]", label="栖湖文旅")
    leader.get_by_role("button", name="交办", exact=True).click()
    says(leader, "已交办栖湖文旅")

    office.goto("/c/race/instructions/")
    office.get_by_role("link", name="转为任务").click()
    answers(office, "批示转为任务")
    office.fill("[name=goal]", "拿出1份方案，解决1个卡点")
    office.get_by_role("button", name="转为任务并交办").click()
    answers(office, "待签收")

    clerk.goto("/c/race/")
    clerk.get_by_text("“栖湖二期的用地手续卡在哪里，请一周内说清楚”待签收").click()
    expect(clerk.locator("#do-accept")).to_be_visible()
    step(clerk, "accept", "签收")
    step(clerk, "tell", "报进展", "已与主管部门对接")
    answers(clerk, "承办中")
    step(head, "report", "报告办结", "情况已汇报")

    step(office, "judge-return", "审核并退回", "只报了过程，请补用地批复")
    answers(office, "退回重办")
    clerk.goto(TASK)
    expect(clerk.locator(".t-steps")).to_contain_text("只报了过程，请补用地批复")
    step(head, "report", "报告办结", "用地批复已取得")
    step(office, "judge-complete", "审核并办结", "批复属实")
    answers(office, "已办结")
    step(office, "close_out", "销号", "现场核实")
    answers(office, "已销号")

    leader.goto("/c/race/instructions/")
    expect(leader.locator(".s-talk").first).to_contain_text("用地批复已取得")
    expect(leader.locator(".s-talk").first).to_contain_text("已销号")
    leader.goto(TASK)
    leader.get_by_label("优秀").check()
    leader.get_by_role("button", name="评价", exact=True).click()
    answers(leader, "已评价")

    made = Task.objects.get()
    assert (made.state, made.returns, made.grade) == ("evaluated", 1, "excellent")
    assert Instruction.objects.get().answer == "用地批复已取得"
    events = [e.event for e in Entry.objects.filter(subject="task/race/1")]
    assert events.count("task.returned") == 1
    assert events[-1] == "task.evaluated"


def test_the_board_moves_a_task_with_the_keyboard(house: House, page_as: PageAs) -> None:
    task(house)
    page = page_as(house.office)
    page.goto("/c/race/tasks/board/")
    card = page.locator(".t-card").first
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    says(page, "现在是“待签收”")
    expect(page.locator("[aria-labelledby=lane-assigned] .t-card")).to_have_count(1)
    assert Task.objects.get().state == "assigned"
