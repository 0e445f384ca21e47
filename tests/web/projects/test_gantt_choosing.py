"""Narrowing the Gantt chart: bars, list and export follow the address, and the way out is told."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.models import Project
from tests.web.cast import House
from tests.web.projects.test_milestones import day, row
from tests.web.projects.test_projects import entered

__all__ = ["day"]
As = Callable[[User], Client]
GANTT = "/c/race/projects/gantt/"
EVERY = {"古镇二期", "环路", "水厂"}


def planned(house: House, project: Project, name: str, finish: date) -> None:
    rows = [row(1, name, 0, "", finish, finish)]
    actions.set_milestones(project=project, rows=rows, by=house.project_office)


@pytest.fixture
def three(house: House) -> list[Project]:
    """One whose topping out is overdue, one of another unit that has begun, one that waits."""
    rows = [
        entered(house, name="古镇二期", leader="周正"),
        entered(house, name="环路", unit=house.units["E2"], kind="infrastructure", category="continuing"),
        entered(house, name="水厂", category="completing", kind="livelihood", total=Decimal(20000)),
    ]  # fmt: skip
    actions.record_start(project=rows[1], on=date(2026, 3, 2), by=house.project_office)
    planned(house, rows[0], "主体封顶", date(2026, 10, 1))
    planned(house, rows[1], "主线贯通", date(2026, 12, 1))
    planned(house, rows[2], "通水", date(2026, 12, 20))
    return rows


def drawn(page: str) -> set[str]:
    """The projects whose bars stand in the chart."""
    found = re.search(r'<script id="g-data" type="application/json">(.*?)</script>', page, re.S)
    data = json.loads(found[1]) if found else {"groups": []}
    return {bar["project"] for group in data["groups"] for bar in group["bars"]}


def told(browser: Client, asked: str) -> set[str]:
    """The projects that the export of the page names."""
    answer = browser.get(f"{GANTT}?{asked}&export=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return EVERY & {str(cell.value) for line in sheet.iter_rows() for cell in line}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("unit=E2", {"环路"}), ("category=completing", {"水厂"}), ("kind=industry", {"古镇二期"}),
        ("state=building", {"环路"}), ("state=waiting", {"古镇二期", "水厂"}), ("size=band2", {"水厂"}),
        ("q=通水", {"水厂"}), ("q=周正", {"古镇二期"}), ("box=overdue", {"古镇二期"}),
        ("unit=E1&q=水厂", {"水厂"}), ("unit=E1&box=overdue&group=leader", {"古镇二期"}),
        ("box=nothing&q=", EVERY), ("", EVERY),
    ],
)  # fmt: skip
def test_bars_list_and_export_follow_the_address(
    house: House, as_user: As, asked: str, left: set[str]
) -> None:
    browser = as_user(house.project_office)
    page = browser.get(f"{GANTT}?{asked}").content.decode()
    assert drawn(page) == left
    assert {name for name in EVERY if f">{name}</a>" in page} == left
    assert told(browser, asked) == left
    assert f"{len(left)}个项目{len(left)}项" in page
    assert ("不筛选" in page) == (left != EVERY)


@pytest.mark.usefixtures("three")
def test_nothing_left_says_so_once_and_how_to_get_out(house: House, as_user: As) -> None:
    page = as_user(house.leader).get(f"{GANTT}?unit=E2&box=overdue&group=unit").content.decode()
    assert drawn(page) == set()
    assert page.count("<b>没有符合条件的节点、活动。</b>") == 1
    assert 'href="?group=unit">不筛选' in page
    assert "还没有节点和活动" not in page


def test_without_any_milestone_the_page_says_how_to_begin(house: House, as_user: As) -> None:
    page = as_user(house.project_office).get(GANTT).content.decode()
    assert "还没有节点和活动。" in page
    assert "不筛选" not in page


@pytest.mark.usefixtures("three")
def test_choices_groups_and_search_keep_one_another(house: House, as_user: As) -> None:
    asked = f"{GANTT}?unit=E1&what=all&group=leader&q=%E5%91%A8&zoom=week"
    page = as_user(house.project_office).get(asked).content.decode()
    assert "?unit=E1&amp;what=all&amp;group=front&amp;q=%E5%91%A8&amp;zoom=week" in page
    assert '<input type="hidden" name="zoom" value="week">' in page
    assert '<input type="hidden" name="unit" value="E1">' in page
    assert 'href="?what=all&amp;group=leader&amp;zoom=week">不筛选' in page
    assert '<p class="g-asked">筛选：责任单位：栖湖文旅；含“周”</p>' in page


@pytest.mark.usefixtures("three")
def test_a_unit_is_offered_and_shown_only_what_it_sees(house: House, as_user: As) -> None:
    page = as_user(house.other_clerk).get(f"{GANTT}?unit=E1").content.decode()
    assert drawn(page) == set()
    assert "古镇二期" not in page
    assert "水厂" not in page


@pytest.mark.usefixtures("three")
def test_one_project_is_searched_without_choices_of_projects(
    house: House, as_user: As, three: list[Project]
) -> None:
    browser, address = as_user(house.project_office), f"/c/race/projects/{three[0].pk}/gantt/"
    page = browser.get(f"{address}?q=没有的").content.decode()
    assert "没有符合条件的节点、活动。" in page
    page = browser.get(f"{address}?unit=E2").content.decode()
    assert drawn(page) == {"古镇二期"}
    assert 'name="unit"' not in page.partition("g-scroll")[0].partition('role="search"')[0]


def reads(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def test_more_projects_and_choices_take_no_more_reads(
    house: House, as_user: As, three: list[Project]
) -> None:
    browser: Any = as_user(house.project_office)
    browser.get(GANTT)
    before = reads(browser, f"{GANTT}?unit=E1&q=水")
    for n in range(8):
        made = entered(house, name=f"水厂{n}期")
        planned(house, made, "通水", date(2026, 12, 20))
    assert reads(browser, f"{GANTT}?unit=E1&q=水") == before
    assert reads(browser, GANTT) <= before
