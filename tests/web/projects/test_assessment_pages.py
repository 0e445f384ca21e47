"""The quarter's assessment and the project bulletin on the platform."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse

from saima.periods import parse
from saima_web.base import clock
from saima_web.base.clock import now
from saima_web.cards.models import Card, CardRuleSet
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.assessment.quarters import cards_between, quarter_of
from saima_web.projects.models import Milestone, Project
from tests.web.cast import House
from tests.web.projects.test_projects import entered, report

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)
THIRD = "?quarter=2026-Q3"


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


def built(house: House) -> tuple[Project, Project]:
    """E1 on time with half its plan, E2 idle with a milestone missed."""
    good = entered(house)
    actions.record_start(project=good, on=date(2026, 3, 2), by=house.clerk)
    actions.bring_inclusion(project=good, on=date(2026, 4, 2), by=house.project_office)
    report(good, house.clerk, "2026-09", statistical=4500)
    idle = entered(house, name="环路", unit=house.units["E2"])
    for project, done in ((good, date(2026, 8, 1)), (idle, None)):
        row = Milestone(
            number=1, name="封顶", duration=Decimal(30), planned_start=date(2026, 7, 1),
            planned_finish=date(2026, 8, 1), actual_start=done, actual_finish=done,
        )  # fmt: skip
        actions.set_milestones(project=project, rows=[row], by=house.project_office)
    return good, idle


def card(house: House, project: Project, on: date, **more: Any) -> None:
    rules = CardRuleSet.objects.filter(
        campaign=house.campaign
    ).first() or CardRuleSet.objects.create(
        campaign=house.campaign, version=1, name="规则", text="", saved_at=now()
    )
    values: dict[str, Any] = {
        "subject": f"project/{project.pk}", "subject_kind": "project", "level": "红牌",
        "colour": "red", "state": "issued", **more,
    }  # fmt: skip
    Card.objects.create(
        campaign=house.campaign, rules=rules, year=2026, name=project.name, unit=project.unit,
        evaluated_on=on, issued_on=on, reason="滞后", proposed_at=now(), changed_at=now(), **values,
    )  # fmt: skip


def test_units_stand_by_their_marks(house: House) -> None:
    """E1: 25·4500/9000 + 15·4500/9000 + 20 + 15 + 25 = 80 of 100; E2: 0 of 85."""
    built(house)
    found = quarter_of(house.leader, house.campaign, parse("2026-Q3"))
    assert [(x.unit, x.place) for x in found.lines] == [("栖湖文旅", 1), ("澄江置业", 2)]
    assert found.lines[0].score == pytest.approx(80.0)
    assert found.lines[1].score == 0.0


def test_cards_of_the_quarter_take_points_off_those_of_others_do_not(house: House) -> None:
    good, _idle = built(house)
    card(house, good, date(2026, 9, 30))
    card(house, good, date(2026, 10, 1))
    card(house, good, date(2026, 9, 1), state="replaced")
    card(house, good, date(2026, 9, 1), subject=f"milestone/{good.pk}/1", subject_kind="milestone", colour="yellow")  # fmt: skip
    counted = cards_between(house.campaign, date(2026, 7, 1), date(2026, 9, 30))
    assert counted == {good.pk: (1, 1)}
    found = quarter_of(house.leader, house.campaign, parse("2026-Q3"))
    assert found.lines[0].score == pytest.approx(80.0 - 2.5)


def test_each_number_opens_down_to_its_projects(house: House, as_user: As) -> None:
    good, _idle = built(house)
    browser = as_user(house.leader)
    page = browser.get(reverse("projects:assessment", args=["race"]) + THIRD).content.decode()
    down = reverse("projects:assessed", args=["race", "E1"]) + THIRD
    assert "栖湖文旅80.00分居首，澄江置业0.00分居末" in page
    assert down in page and "武汉市重大项目管理办法" in page
    one = browser.get(down).content.decode()
    assert "25×4,500÷9,000＝12.50" in one
    assert "15×4,500÷(12,000×9÷12)＝7.50" in one
    assert "失分最多的是完成计划，少12.50分" in one
    assert reverse("projects:one", args=["race", good.pk]) in one


def test_unit_sees_its_own_line_with_its_place_among_all(house: House, as_user: As) -> None:
    built(house)
    browser = as_user(house.other_clerk)
    page = browser.get(reverse("projects:assessment", args=["race"]) + THIRD).content.decode()
    assert "在2家中列第2" in page
    assert "栖湖文旅" not in page
    other = reverse("projects:assessed", args=["race", "E1"])
    assert browser.get(other + THIRD).status_code == 404


def test_assessment_exports_and_refuses_a_quarter_that_is_none(house: House, as_user: As) -> None:
    built(house)
    browser, address = as_user(house.leader), reverse("projects:assessment", args=["race"])
    assert browser.get(address + THIRD + "&export=xlsx").status_code == 200
    assert browser.get(address + "?quarter=2030-Q1").status_code == 404


def test_without_projects_the_pages_say_what_comes_here(house: House, as_user: As) -> None:
    browser = as_user(house.project_office)
    page = browser.get(reverse("projects:assessment", args=["race"])).content.decode()
    assert "还没有可考核的项目" in page
    bulletin = reverse("projects:bulletin", args=["race"])
    assert "没有可通报的" in browser.get(bulletin).content.decode()
    assert browser.get(bulletin + "?export=docx").status_code == 404


def test_bulletin_is_read_on_the_page_and_downloaded_as_word(house: House, as_user: As) -> None:
    built(house)
    browser = as_user(house.project_office)
    address = reverse("projects:bulletin", args=["race"]) + "?month=2026-09"
    said = "1—9月完成投资4,500万元，完成率18.75%，欠序时56.25个百分点"
    assert said in browser.get(address).content.decode()
    answer = browser.get(address + "&export=docx")
    words = "".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert said in words
    assert "示例集团" in words


def test_others_cannot_write_the_bulletin_nor_ask_for_a_strange_month(
    house: House, as_user: As
) -> None:
    address = reverse("projects:bulletin", args=["race"])
    assert as_user(house.clerk).get(address).status_code == 403
    assert as_user(house.project_office).get(address + "?month=2031-01").status_code == 404
