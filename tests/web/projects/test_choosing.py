"""Narrowing the list and the wall of projects, in the address, in exports and in saved views."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from saima_web.base import clock
from saima_web.followup.models import SavedView
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.models import Project
from saima_web.projects.queries import standing_of
from saima_web.projects.views import money_chart
from tests.web.cast import House
from tests.web.projects.test_projects import entered, report

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)
LIST = "/c/race/projects/"


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


@pytest.fixture
def three(house: House) -> list[Project]:
    """One small and highlighted on a front, one large and begun, one finished."""
    rows = [
        entered(house, name="古镇二期", front="文旅大会战", highlighted=True, total=Decimal(50000)),
        entered(house, name="环路", unit=house.units["E2"], kind="infrastructure",
                category="continuing", total=Decimal(100000)),
        entered(house, name="水厂", category="completing", kind="livelihood", total=Decimal(20000)),
    ]  # fmt: skip
    for row in rows[1:]:
        actions.record_start(project=row, on=date(2026, 3, 2), by=house.project_office)
    actions.record_finish(project=rows[2], on=date(2026, 9, 2), by=house.project_office)
    return rows


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("unit=E2", "环路"), ("category=completing", "水厂"), ("kind=industry", "古镇二期"),
        ("size=band0", "环路"), ("size=band2", "水厂"), ("front=文旅大会战", "古镇二期"),
        ("state=waiting", "古镇二期"), ("state=building", "环路"), ("state=finished", "水厂"),
        ("highlight=yes", "古镇二期"), ("unit=E1&state=finished", "水厂"),
    ],
)  # fmt: skip
def test_each_choice_narrows_the_list_the_wall_and_the_exports(
    house: House, as_user: As, asked: str, left: str
) -> None:
    browser, every = as_user(house.project_office), {"古镇二期", "环路", "水厂"}
    for address in (LIST, f"{LIST}wall/"):
        page = browser.get(f"{address}?{asked}").content.decode()
        assert {name for name in every if f">{name}</a>" in page} == {left}
        assert "所选1个重点项目" in page
    for address in (f"{LIST}?{asked}&export=xlsx", f"{LIST}import/template/?{asked}"):
        sheet = load_workbook(io.BytesIO(browser.get(address).content)).worksheets[0]
        cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert every & cells == {left}


@pytest.mark.usefixtures("three")
def test_nothing_left_says_so_and_the_choice_stays_in_the_search(house: House, as_user: As) -> None:
    browser = as_user(house.leader)
    page = browser.get(f"{LIST}?unit=E2&state=finished").content.decode()
    assert "没有符合条件的项目。" in page
    page = browser.get(f"{LIST}wall/?unit=E2&state=finished").content.decode()
    assert "不筛选" in page
    page = browser.get(f"{LIST}?unit=E2&box=problem").content.decode()
    assert '<input type="hidden" name="box" value="problem">' in page
    assert '<input type="hidden" name="unit" value="E2">' in page


@pytest.mark.usefixtures("three")
def test_a_unit_is_offered_only_what_it_sees(house: House, as_user: As) -> None:
    page = as_user(house.other_clerk).get(LIST).content.decode()
    assert "环路" in page
    assert "文旅大会战" not in page


@pytest.mark.usefixtures("three")
def test_views_of_projects_are_saved_beside_those_of_tasks(house: House, as_user: As) -> None:
    browser = as_user(house.office)
    given = {"name": "亮点", "view": "wall", "query": "highlight=yes&evil=1"}
    answer = browser.post(reverse("followup:save-view", args=["race"]), given)
    assert answer["Location"] == f"{LIST}wall/?highlight=yes"
    page = browser.get(answer["Location"]).content.decode()
    assert f'<a href="{LIST}wall/?highlight=yes" aria-current="page">亮点' in page
    tasks = browser.get("/c/race/tasks/").content.decode()
    assert "亮点" not in tasks
    assert SavedView.objects.get().get_view_display() == "项目墙"


def test_months_without_a_report_are_gaps_in_the_chart(house: House) -> None:
    project = entered(house)
    report(project, house.clerk, "2026-02", statistical=100, paid=10)
    report(project, house.clerk, "2026-05", statistical=200)
    report(project, house.clerk, "2026-09", statistical=0)
    chart = money_chart(standing_of(Project.objects.get(pk=project.pk)).money)
    assert chart is not None
    lines = {str(s.name): list(s.values) for s in chart.series}
    none = None
    assert lines["统计口径"] == [none, 100, none, none, 300, none, none, none, 300, *[none] * 3]
    assert lines["资金支付"] == [none, 10, *[none] * 10]
    assert lines["实物量口径"] == [none] * 12
