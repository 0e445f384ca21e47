"""No page scrolls sideways as a whole: wide and narrow, with long names, and while empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from saima_web.campaigns.models import Campaign
from saima_web.people.models import Post
from tests.journeys.pages import SLICES, WHO, Sight, browser, sights
from tests.web import objects
from tests.web.cast import House

PageAs = Callable[..., Any]
LONG = "澄江新区滨湖片区城市更新与历史文化街区保护开发建设运营管理有限责任公司第一项目部"
WIDTHS = (390, 1280)
WIDEST = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return "";
  const out = [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    if (!box.width || box.right <= room + 1) return false;
    for (let up = e.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return false;
    return true;
  });
  return `${document.documentElement.scrollWidth} > ${room}: ` + out.slice(0, 3).map(
    e => e.outerHTML.slice(0, 90).replace(/\\s+/g, " ")).join(" | ");
}"""
CUT = """() => {
  const found = [], clips = s => s.overflowX !== "visible" || s.overflowY !== "visible";
  const rolls = s => /auto|scroll/.test(s.overflowX + s.overflowY) || s.position === "fixed";
  const shortens = s => s.textOverflow === "ellipsis" || s.webkitLineClamp !== "none";
  for (const e of document.querySelectorAll("main *, header *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (!e.getClientRects().length || getComputedStyle(e).visibility === "hidden") continue;
    const range = document.createRange();
    range.selectNodeContents(e);
    const text = range.getBoundingClientRect();
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up), box = up.getBoundingClientRect();
      if (up.clientWidth < 3 && clips(style)) break;
      if (rolls(style) || style.clipPath !== "none" || shortens(style)) break;
      if (!clips(style) && up.tagName !== "HEADER") continue;
      if (text.right > box.right + 2 || text.bottom > box.bottom + 4 || text.top < box.top - 4)
        found.push(e.outerHTML.slice(0, 90).replace(/\\s+/g, " "));
      break;
    }
  }
  return found.slice(0, 3).join(" | ");
}"""
"""Words that reach out of what cuts them off, or out of a page's head."""
OVER = """() => {
  const shown = e => {
    for (let up = e; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.visibility === "hidden" || style.opacity === "0" || style.clipPath !== "none") return false;
      if (up.clientWidth < 3 && style.overflowX !== "visible") return false;
      if (/sticky|fixed/.test(style.position) || up.matches("details:not([open]) > :not(summary)")) return false;
    }
    return true;
  };
  const cutTo = (e, box) => {
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up), room = up.getBoundingClientRect();
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      box.left = Math.max(box.left, room.left); box.right = Math.min(box.right, room.right);
      box.top = Math.max(box.top, room.top); box.bottom = Math.min(box.bottom, room.bottom);
    }
    return box;
  };
  const lines = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, e = node.parentElement;
    if (!node.data.trim() || !e.getClientRects().length || e.matches("script, style, option") || !shown(e)) continue;
    const range = document.createRange(), size = parseFloat(getComputedStyle(e).fontSize);
    range.selectNodeContents(node);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const half = Math.min(bottom - top, size * .9) / 2, middle = (top + bottom) / 2;
      lines.push({ ...cutTo(e, { left, right, top: middle - half, bottom: middle + half }), e, text: node.data.trim().slice(0, 12) });
    }
  }
  lines.sort((a, b) => a.top - b.top);
  const found = [];
  lines.forEach((a, at) => {
    for (let to = at + 1; to < lines.length && lines[to].top < a.bottom; to++) {
      const b = lines[to];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (a.e !== b.e && wide > 2 && high > 3) found.push(`${a.text} on ${b.text}`);
    }
  });
  return found.slice(0, 3).join(" | ");
}"""
"""Words that lie on other words."""
EMPTY = (
    "", "cockpit/", "ranking/", "heat/", "compare/", "completeness/", "burden/", "board/",
    "rounds/", "scores/", "events/", "appeals/", "bulletins/", "rulebooks/", "targets/",
    "targets/sets/", "targets/letters/", "targets/goals/", "targets/leads/",
    "targets/countermeasures/", "targets/next/", "settings/", "settings/members/",
    "settings/dates/", "settings/ready/", "settings/history/", "instructions/", "tasks/",
    "tasks/board/", "tasks/calendar/", "tasks/timeline/", "supervision/",
    "supervision/findings/", "problems/", "problems/slot/", "dispatch/", "projects/",
    "projects/wall/", "projects/gantt/", "projects/calendar/", "projects/site/",
    "projects/linked/", "projects/assessment/", "projects/bulletin/", "projects/gates/",
    "projects/import/", "projects/assessment-method/", "cards/", "cards/rules/",
    "commitments/", "pledges/", "plans/", "institutions/", "duty/", "redlines/", "risks/",
    "honours/", "accountability/",
)  # fmt: skip


def lengthen(house: House) -> None:
    """Give the units and indicators the longest names that one meets."""
    assert len(LONG) == 40
    for number, unit in enumerate(house.units.values()):
        unit.name, unit.short_name = LONG[:39] + str(number), LONG[:19] + str(number)
        unit.save()
    for row in house.indicators.values():
        row.name = "国有资产盘活与闲置低效存量土地处置收益完成率（" + row.name + "）"
        row.save()


@pytest.mark.parametrize(
    "slice_",
    [
        name if name in ("dashboards", "reporting") else pytest.param(name, marks=pytest.mark.proof)
        for name in SLICES
    ],
)
def test_no_page_scrolls_sideways(page_as: PageAs, house: House, slice_: str) -> None:
    chest = objects.build(house)
    lengthen(house)
    people = {who: page_as(house.people.get(who)) for who in WHO}
    all_sights = list(sights(chest, slice_))
    found = [line for sight in all_sights for line in too_wide(people[sight.who], sight)]
    assert all_sights, "a slice has pages"
    assert not found, "\n".join(found)


def too_wide(page: Any, sight: Sight) -> Iterator[str]:
    """What reaches beyond the screen, at each width."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    answer = page.goto(sight.path, wait_until="load")
    assert answer.status == 200, sight
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        said = page.evaluate(WIDEST)
        if said:
            yield f"{sight} at {width}: {said}"


@pytest.mark.proof
@pytest.mark.parametrize("slice_", SLICES)
def test_text_of_twice_the_size_fits(page_as: PageAs, house: House, slice_: str) -> None:
    chest, found = objects.build(house), list[str]()
    people = {who: page_as(house.people.get(who)) for who in WHO}
    all_sights = list(sights(chest, slice_))
    for sight in all_sights:
        page = people[sight.who]
        assert page.goto(sight.path, wait_until="load").status == 200, sight
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += [
            f"{sight}: {said}" for look in (WIDEST, CUT, OVER) if (said := page.evaluate(look))
        ]
    assert all_sights, "a slice has pages"
    assert not found, "\n".join(found)


def test_the_largest_letters_take_the_names_of_no_sheet(page_as: PageAs, house: House) -> None:
    """Media queries follow the page's own size: beside its details the sheet would have no room."""
    page = page_as(house.clerk)
    page.goto("/c/race/report/2026-10/E1/")
    name, side = page.locator("tr[data-entry] [data-col=name]").first, page.locator("#details")
    assert side.is_visible() and name.bounding_box()["width"] > 80
    page.evaluate("localStorage.setItem('saima-size', 'larger')")
    page.reload()
    assert not side.is_visible() and name.bounding_box()["width"] > 80
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert name.evaluate("e => getComputedStyle(e.parentElement).display") == "grid"
    page.evaluate("localStorage.clear()")
    page.reload()
    assert side.is_visible()


@pytest.mark.proof
def test_words_that_are_cut_off_are_seen(page_as: PageAs, house: House) -> None:
    page = page_as(house.office)
    page.goto("/c/race/cockpit/")
    assert page.evaluate(CUT) == ""
    page.evaluate(
        "document.querySelector('.s-panel').style.cssText = 'height: 2px; overflow: hidden'"
    )
    assert page.evaluate(CUT) != ""
    assert page.evaluate(OVER) == ""
    page.evaluate("document.querySelector('h1').style.transform = 'translateY(-1.75rem)'")
    assert page.evaluate(OVER) != ""


@pytest.mark.parametrize(
    "who",
    ["office", *(pytest.param(w, marks=pytest.mark.proof) for w in ("leader", "project_office"))],
)
def test_empty_pages_fit_and_say_how_to_begin(page_as: PageAs, house: House, who: str) -> None:
    """A campaign without anything: each page opens, fits, and speaks in its first line."""
    campaign = Campaign.objects.create(
        code="new", name="空白赛马行动", organisation="示例集团", state="preparing",
        start=date(2026, 1, 1), end=date(2026, 12, 31), counts=["confirmed"],
    )  # fmt: skip
    user = house.people[who]
    Post.objects.create(user=user, role=user.posts.get().role, campaign=campaign)
    page, found, client = page_as(user), [], browser(user)
    paths = [path for path in EMPTY if client.get(f"/c/new/{path}").status_code != 403]
    for path in paths:
        answer = page.goto(f"/c/new/{path}")
        if answer.status != 200 or not page.locator("h1").first.inner_text().strip():
            found.append(f"{path}: {answer.status}")
        else:
            found += too_wide(page, Sight(who, "", f"/c/new/{path}"))
    assert len(paths) > len(EMPTY) / 2
    assert not found, "\n".join(found)
