"""Pages about one ranking, unit or mark in English: only data stays Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from saima_web.people.models import User
from saima_web.scoring import actions
from tests.web.cast import House
from tests.web.dashboards.published import publish
from tests.web.dashboards.test_unit_words import explain
from tests.web.test_translations import CHINESE, chinese_left, english

As = Callable[[User], Client]
PAGES = (
    "ranking/2026-09/", "ranking/2026-09/?span=year", "units/E1/", "board/", "board/?draft=1",
    "events/", "compare/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_only_data_is_chinese_on_an_english_page(house: House, as_user: As, path: str) -> None:
    publish(house, "2026-08", "2026-09")
    explain(house)
    actions.run(campaign=house.campaign, period="2026-09", by=house.office, reason="第二次")
    page = english(as_user(house.office), "/c/race/" + path)
    left = chinese_left(page)
    assert left == []


def test_effect_of_an_event_is_told_in_english(house: House, as_user: As) -> None:
    publish(house, "2026-09")
    client = as_user(house.office)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sent = {"kind": "deduction", "unit": house.units["E1"].pk, "name": "工作推动不力",
            "on": "2026-11-20", "count": "4"}  # fmt: skip
    page = client.post("/c/race/events/preview/", sent).content.decode()
    assert "By 第五条: 1 points each, at most 5." in page and "as though it happened on" in page
    assert chinese_left(page) == []


def test_mark_is_explained_in_english_and_its_clause_quoted_in_chinese(
    house: House, as_user: As
) -> None:
    publish(house, "2026-09")
    page = english(as_user(house.clerk), "/c/race/why/2026-09/E1/revenue/")
    said = re.search(r'<p class="say">(.*?)</p>', page)
    assert said and "Attainment" in said[1].title() and not CHINESE.search(said[1])
    assert '<blockquote class="s-quote" lang="zh-CN">经营：营业收入（60分）' in page
    more = english(as_user(house.clerk), "/c/race/why/2026-09/E1/revenue/?part=ifs")
    assert "900万元 more (to be on pace)" in more


@pytest.mark.parametrize("path", ["why/2026-09/E1/revenue/", "why/2026-09/E1/"])
def test_steps_and_equation_of_a_mark_are_called_in_english(
    house: House, as_user: As, path: str
) -> None:
    """The terms; names of indicators and categories stay, and so do measures and the clause."""
    publish(house, "2026-09")
    page = english(as_user(house.office), f"/c/race/{path}")
    equation, steps = (_between(page, start, end) for start, end in PARTS)
    said = chinese_left(equation + steps)
    assert said == []
    assert "marks by attainment" in steps or "marks of all indicators" in steps
    chinese = as_user(house.office).get(f"/c/race/{path}").content.decode()
    assert "按完成率得分" in chinese or "各项得分合计" in chinese


PARTS = (('<div class="s-eq">', "</div>"), ('<ul class="s-trace">', "</section>"))


def _between(page: str, start: str, end: str) -> str:
    return page.partition(start)[2].partition(end)[0]
