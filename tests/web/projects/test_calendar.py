"""The calendar of projects: what starts, tops out and finishes when, narrowed, listed, exported."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.calendar.data import Event, events_of
from saima_web.projects.models import Project
from tests.web.cast import House
from tests.web.projects.test_milestones import happened, row
from tests.web.projects.test_projects import entered

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


@pytest.fixture
def old_town(house: House) -> Project:
    """Should top out on 30 October, is expected to do so in November; starts and ends elsewhere."""
    made = entered(house, front="城市更新", finish_due=date(2027, 5, 1))
    rows = [
        row(1, "主体", 51, "", date(2026, 9, 10), date(2026, 10, 20)),
        row(2, "主体封顶", 0, "1FS+10天", date(2026, 10, 30), date(2026, 10, 30)),
    ]
    actions.set_milestones(project=made, rows=rows, by=house.project_office)
    happened(made, 1, house.clerk, date(2026, 9, 10), None, 80)
    actions.record_start(project=made, on=date(2026, 3, 4), by=house.clerk)
    return made


@pytest.fixture
def hotel(house: House) -> Project:
    """Another unit's: was to start on 12 October and has not."""
    return entered(
        house, name="澄江酒店", unit=house.units["E2"], front="产业园区", category="continuing",
        start_due=date(2026, 10, 12), finish_due=date(2026, 11, 20),
    )  # fmt: skip


def told(house: House, project: Project) -> dict[str, Event]:
    return {e.what: e for e in events_of(house.leader, house.campaign, [project])}


def page(client: Client, **asked: str) -> Any:
    return client.get(reverse("projects:calendar", args=["race"]), asked)


def names(answer: Any) -> set[tuple[str, str]]:
    return {(r["project"], r["name"]) for r in answer.context["shown"].table.rows}


def sentence(answer: Any) -> str:
    return "".join(answer.context["clauses"])


def test_topping_out_stands_where_it_is_expected(house: House, old_town: Project) -> None:
    top = told(house, old_town)["top"]
    assert top.planned == date(2026, 10, 30)
    assert top.day == top.expected
    assert top.expected is not None
    assert top.expected.month == 11
    assert top.state == "late"
    assert top.put_off(date(2026, 10, 1))
    assert top.within(date(2026, 11, 1))


def test_what_has_happened_stands_on_its_day(house: House, old_town: Project) -> None:
    start = told(house, old_town)["start"]
    assert (start.day, start.state) == (date(2026, 3, 4), "done")


def test_a_project_without_such_a_milestone_has_its_gate(house: House) -> None:
    actions.add_usual_gates(campaign=house.campaign, by=house.project_office)
    made = entered(house)
    dates = {"主体封顶": (date(2026, 11, 8), None), "竣工验收": (date(2026, 12, 8), None)}
    actions.set_gates(project=made, dates=dates, by=house.project_office)
    top = told(house, made)["top"]
    assert (top.name, top.day) == ("主体封顶", date(2026, 11, 8))


def test_the_page_tells_this_month_the_next_what_is_put_off_and_what_is_overdue(
    house: House, old_town: Project, hotel: Project, as_user: As
) -> None:
    answer = page(as_user(house.leader))
    assert sentence(answer) == (
        "10月开工1个；11月封顶1个、竣工1个；原计划10月的封顶1个预计推迟；到期没有办的开工1个。"
    )
    assert names(answer) == {("古镇二期", "主体封顶"), ("澄江酒店", "开工"), ("澄江酒店", "竣工")}


def test_another_month_tells_its_own(house: House, old_town: Project, as_user: As) -> None:
    client = as_user(house.leader)
    assert (
        sentence(page(client, month="2026-03")) == "3月开工1个，都已办成；4月没有开工、封顶、竣工。"
    )
    assert page(client, month="三月").context["first"] == date(2026, 10, 1)
    assert names(page(client, month="2025-01")) == set()


@pytest.mark.parametrize(
    "asked", [{"unit": "E2"}, {"front": "产业园区"}, {"category": "continuing"}]
)
def test_the_page_is_narrowed_by_unit_front_and_category(
    house: House, old_town: Project, hotel: Project, as_user: As, asked: dict[str, str]
) -> None:
    answer = page(as_user(house.leader), **asked)
    assert {project for project, _ in names(answer)} == {"澄江酒店"}
    assert answer.context["links"]["before"].endswith("month=2026-09")
    assert next(iter(asked.values())) in str(answer.context["choices"])


def test_the_list_is_exported_as_it_is_shown(
    house: House, old_town: Project, hotel: Project, as_user: As
) -> None:
    answer = page(as_user(house.leader), box="overdue", export="xlsx")
    rows = list(
        openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    )
    assert [(r[0], r[1], r[-1]) for r in rows[1:]] == [("开工", "澄江酒店", "逾期17天")]


def test_a_clerk_sees_own_projects_only(
    house: House, old_town: Project, hotel: Project, as_user: As
) -> None:
    assert {p for p, _ in names(page(as_user(house.clerk)))} == {"古镇二期"}


def test_a_project_is_finished_where_its_last_milestones_are(house: House) -> None:
    made = entered(house, finish_due=date(2026, 10, 30))
    rows = [
        row(1, "竣工验收", 10, "", date(2026, 9, 1), date(2026, 9, 10)),
        row(2, "通车", 0, "1", date(2026, 9, 10), date(2026, 9, 10)),
    ]
    actions.set_milestones(project=made, rows=rows, by=house.project_office)
    happened(made, 1, house.clerk, date(2026, 9, 1), date(2026, 9, 12))
    assert told(house, made)["finish"].actual is None
    happened(made, 2, house.clerk, date(2026, 9, 14), date(2026, 9, 14))
    assert told(house, made)["finish"].actual == date(2026, 9, 14)


def test_nothing_to_tell_says_what_comes_here(house: House, as_user: As) -> None:
    answer = page(as_user(house.leader))
    assert "这两个月没有开工、封顶、竣工的项目" in answer.content.decode()
