"""A problem chooses its project from the list: both pages lead to one another; old words stay read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from saima.problems import Refused
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.models import Project
from saima_web.supervision import problems
from saima_web.supervision.models import Problem
from saima_web.supervision.naming import counts
from saima_web.supervision.queries import problems_for
from saima_web.supervision.shown import concerns, problem_row
from tests.web.cast import House
from tests.web.supervision.making import decided, raised

As = Callable[[User], Client]
NEW = "/c/race/problems/new/"


@pytest.fixture
def project(house: House) -> Project:
    return entered(house, "古镇二期")


def entered(house: House, name: str, unit: str = "E1", *supporting: str) -> Project:
    return actions.add_project(
        campaign=house.campaign, by=house.project_office, name=name, category="new",
        kind="industry", unit=house.units[unit], total=Decimal(50000),
        supporting=[house.units[code] for code in supporting],
    )  # fmt: skip


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def at(project: Project) -> str:
    return f"/c/race/projects/{project.pk}/"


def given(house: House, **values: object) -> dict[str, object]:
    return {
        "unit": house.units["E1"].pk, "kind": "problem", "title": "用电增容批不下来",
        "detail": "等了两个月。", "asks": "请协调供电公司。",
    } | values  # fmt: skip


def test_from_its_page_a_project_is_chosen_and_shows_the_problem(
    house: House, as_user: As, project: Project
) -> None:
    browser = as_user(house.head)
    link = f"{NEW}?unit={project.unit.pk}&amp;project={project.pk}"
    assert link in page(browser, at(project))
    form = page(browser, link.replace("&amp;", "&"))
    assert f'<option value="{project.pk}" selected>古镇二期</option>' in form
    browser.post(NEW, given(house, project=project.pk))
    row = Problem.objects.get()
    assert (row.project, row.concerns) == (project, "")
    assert "用电增容批不下来" in page(browser, at(project))
    assert f'<a href="{at(project)}">古镇二期</a>' in page(browser, f"/c/race/problems/{row.pk}/")


def test_an_old_row_keeps_its_words_and_stands_with_the_project_that_they_name(
    house: House, as_user: As, project: Project
) -> None:
    other = entered(house, "环路")
    row = raised(house, title="管线没有迁走", concerns="古镇二期、三号路")
    browser = as_user(house.head)
    assert "古镇二期、三号路" in page(browser, f"/c/race/problems/{row.pk}/")
    assert "管线没有迁走" in page(browser, at(project))
    assert "管线没有迁走" not in page(browser, at(other))


def test_a_choice_goes_before_the_words(house: House, as_user: As, project: Project) -> None:
    other = entered(house, "环路")
    raised(house, title="古镇二期旁的管线没有迁走", project=other)
    browser = as_user(house.head)
    assert "管线没有迁走" in page(browser, at(other))
    assert "管线没有迁走" not in page(browser, at(project))


def test_a_supporting_unit_raises_a_problem_about_a_project_it_does_not_lead(
    house: House, as_user: As
) -> None:
    ring = entered(house, "环路", "E2", "E1")
    raised(house, title="电力迁改没有进场", project=ring)
    assert "电力迁改没有进场" in page(as_user(house.head), at(ring))
    assert "电力迁改没有进场" in page(as_user(house.office), at(ring))
    assert "电力迁改没有进场" not in page(as_user(house.other_head), at(ring)), (
        "who may not see the problem does not see it there either"
    )


def test_a_project_that_one_does_not_see_is_neither_offered_nor_taken(
    house: House, as_user: As
) -> None:
    ring = entered(house, "环路", "E2")
    browser = as_user(house.head)
    assert "环路" not in page(browser, f"{NEW}?project={ring.pk}")
    answer = browser.post(NEW, given(house, project=ring.pk))
    assert answer.status_code == 200 and "环路" not in answer.content.decode()
    assert not Problem.objects.exists()
    with pytest.raises(Refused) as refused:
        raised(house, project=ring)
    assert refused.value.problem.code == "supervision-lacks"


def test_without_a_project_the_words_alone_are_taken(
    house: House, as_user: As, project: Project
) -> None:
    as_user(house.head).post(NEW, given(house, project="", concerns="营业收入"))
    row = Problem.objects.get()
    assert (row.project, concerns(row)) == (None, "营业收入")
    assert "用电增容" not in page(as_user(house.head), at(project))


@pytest.mark.parametrize(
    ("chosen", "words", "told"),
    [(True, "", "古镇二期"), (True, "古镇二期", "古镇二期"), (True, "营业收入", "古镇二期；营业收入"),
     (False, "三号路", "三号路"), (False, "", "")],
)  # fmt: skip
def test_list_and_slot_say_what_a_problem_is_about(
    house: House, project: Project, chosen: bool, words: str, told: str
) -> None:
    row = raised(house, project=project if chosen else None, concerns=words)
    assert problem_row(row)["concerns"] == told


def test_the_list_of_problems_is_searched_by_the_project(
    house: House, as_user: As, project: Project
) -> None:
    raised(house, title="用电增容批不下来", project=project)
    raised(house, title="两处门面不腾退")
    browser = as_user(house.office)
    found = page(browser, "/c/race/problems/?q=古镇二期")
    assert "用电增容" in found and "门面" not in found
    book = browser.get("/c/race/problems/?q=古镇&export=xlsx").content
    cells = {str(c.value) for line in load_workbook(io.BytesIO(book)).worksheets[0] for c in line}
    assert "用电增容批不下来" in cells and "两处门面不腾退" not in cells


def test_who_solves_it_reads_the_name_without_a_way_into_the_project(
    house: House, as_user: As, project: Project
) -> None:
    row = decided(house, raised(house, project=project))
    shown = page(as_user(house.other_head), f"/c/race/problems/{row.pk}/")
    assert "古镇二期" in shown
    assert at(project) not in shown


def test_the_assessment_counts_it_with_its_project_alone(house: House, project: Project) -> None:
    other = entered(house, "环路")
    raised(house, title="古镇二期旁的管线", project=other)
    day = date(2099, 1, 1)
    assert counts(house.campaign, [project, other], date(2020, 1, 1), day) == {other.pk: 1}


def test_a_problem_taken_back_keeps_its_project(house: House, project: Project) -> None:
    row = raised(house, project=project)
    problems.withdraw(problem=row, by=house.head)
    row.refresh_from_db()
    assert (row.state, row.project) == ("withdrawn", project)
    assert list(problems_for(house.stranger, house.campaign)) == []
