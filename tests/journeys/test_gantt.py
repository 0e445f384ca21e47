"""In a browser: bars are dragged, put back, moved with the keyboard, refused, and photographed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from saima_web.base.clock import today
from saima_web.projects import actions
from saima_web.projects.models import Milestone, Project
from tests.journeys.conftest import Watched
from tests.web.cast import House

PageAs = Callable[..., Any]
MONTH = 4
"""Pixels of a day in months."""


def planned(number: int, name: str, days: int, links: str, after: int) -> Milestone:
    start = today() + timedelta(after)
    return Milestone(
        number=number, name=name, duration=Decimal(days), predecessors=links, planned_start=start,
        planned_finish=start + timedelta(max(days - 1, 0)),
    )  # fmt: skip


@pytest.fixture
def project(house: House) -> Project:
    made = actions.add_project(
        campaign=house.campaign, by=house.project_office, name="古镇二期", category="new",
        kind="industry", unit=house.units["E1"],
    )  # fmt: skip
    rows = [planned(1, "桩基", 20, "", 3), planned(2, "主体", 30, "1", 23)]
    rows.append(planned(3, "封顶", 0, "2FS+10天", 63))
    actions.set_milestones(project=made, rows=rows, by=house.project_office)
    return made


def start(project: Project) -> date | None:
    return project.milestones.get(number=1).planned_start


def drag(page: Any, name: str, days: int) -> None:
    """Take a bar in its middle and drop it so many days on."""
    bar = page.locator(".g-row", has_text=name).first.locator("[data-part=move]")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + days * MONTH, y, steps=4)
    page.mouse.up()


def test_a_bar_is_dragged_put_back_moved_by_key_and_refused(
    house: House, project: Project, page_as: PageAs, watched: Watched
) -> None:
    first = today() + timedelta(3)
    page = page_as(house.project_office)
    page.goto(f"/c/race/projects/{project.pk}/gantt/")
    said = page.locator("#j-said")

    drag(page, "桩基：", 5)
    expect(said).to_contain_text("已保存")
    assert start(project) == first + timedelta(5)

    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("button", name="重做")).to_be_enabled()
    assert start(project) == first
    page.get_by_role("button", name="重做").click()
    expect(page.get_by_role("button", name="重做")).to_be_disabled()
    assert start(project) == first + timedelta(5)

    drag(page, "主体：", -6)
    expect(said).to_contain_text("没有保存，已退回原处。“主体”受前置任务“桩基”限制")
    assert project.milestones.get(number=2).predecessors == "1"
    assert len(watched.errors) == 1  # the browser itself names the refused request
    assert "409" in watched.errors.pop()

    page.locator(".j-mover", has_text="桩基").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("“桩基”移动-2天")
    assert start(project) == first + timedelta(5)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("已保存")
    assert start(project) == first + timedelta(3)

    page.locator(".g-end summary").click()
    with page.expect_download() as picture:
        page.get_by_role("button", name="SVG 图片").click()
    drawing = picture.value.path().read_text(encoding="utf-8")
    assert "封顶" in drawing
    assert "var(" not in drawing


def test_somebody_who_may_only_look_cannot_drag(
    house: House, project: Project, page_as: PageAs
) -> None:
    page = page_as(house.leader)
    page.goto(f"/c/race/projects/{project.pk}/gantt/")
    expect(page.locator(".g-row")).to_have_count(3)
    drag(page, "桩基：", 5)
    expect(page.locator("#j-said")).to_be_hidden()
    assert page.locator(".j-mover").count() == 0
    assert start(project) == today() + timedelta(3)


def test_a_phone_shows_the_list_in_place_of_the_chart(
    house: House, project: Project, page_as: PageAs
) -> None:
    page = page_as(house.leader, width=390)
    page.goto(f"/c/race/projects/{project.pk}/gantt/")
    expect(page.locator(".j-gantt-list")).to_be_visible()
    expect(page.locator(".g-scroll")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_bars_are_chosen_with_the_keyboard_and_the_scale_stays(
    house: House, project: Project, page_as: PageAs
) -> None:
    """Arrows pass over choices without a new page; Enter takes one, and the focus stays on it."""
    other = actions.add_project(
        campaign=house.campaign, by=house.project_office, name="环路", category="continuing",
        kind="infrastructure", unit=house.units["E2"],
    )  # fmt: skip
    rows = [planned(1, "主线贯通", 0, "", 40)]
    actions.set_milestones(project=other, rows=rows, by=house.project_office)
    page = page_as(house.project_office)
    page.goto("/c/race/projects/gantt/")
    page.locator("[data-zoom=week]").click()
    choice = page.locator("select[name=unit]")
    choice.focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert "unit=" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url("**unit=E2**")
    assert "zoom=week" in page.url
    expect(page.locator("[data-zoom=week]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("select[name=unit]")).to_be_focused()
    expect(page.locator(".g-names")).to_contain_text("环路")
    expect(page.locator(".g-names")).not_to_contain_text("古镇二期")
    page.get_by_role("searchbox").fill("没有的")
    page.keyboard.press("Enter")
    page.locator(".s-empty").get_by_role("link", name="不筛选").click()
    page.wait_for_url(lambda address: "unit=" not in address)
    assert "zoom=week" in page.url
    expect(page.locator(".g-canvas")).to_contain_text("古镇二期")


CLOSE = """() => {
  const box = document.createElement("div");
  box.className = "s-chart";
  const spec = { kind: "lines", title: "得分", categories: ["1月", "2月"], decimals: 2, series:
    [[90, 91.76], [89, 91.19], [80, 96.07], [70, 91.95], [75, null]].map((values, n) => ({ name: `${n}`, values })) };
  box.innerHTML = `<script type="application/json">${JSON.stringify(spec)}<\\/script><div class="s-chart-place" style="width:360px;height:220px"></div>`;
  document.querySelector("main").append(box);
  document.dispatchEvent(new Event("saima:dress"));
  return [...box.querySelectorAll("svg text")].filter(text => /\\.\\d\\d$/.test(text.textContent))
    .map(text => { const at = text.getBoundingClientRect(); return [text.textContent, at.top, at.bottom]; });
}"""


def test_values_at_the_ends_of_lines_never_lie_over_one_another(
    house: House, project: Project, page_as: PageAs
) -> None:
    page = page_as(house.project_office)
    page.goto(f"/c/race/projects/{project.pk}/")
    page.wait_for_function("() => window.echarts")
    ends = sorted(page.evaluate(CLOSE), key=lambda end: end[1])
    assert [end[0] for end in ends] == ["96.07", "91.95", "91.76", "91.19"]
    heights = [end[2] - end[1] for end in ends]
    distances = [low[1] - high[1] for high, low in pairwise(ends)]
    assert min(distances) > 0.7 * max(heights), (ends, distances)
