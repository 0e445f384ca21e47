"""Milestones of a project: its forecast, what drives and pushes it, plans read from files."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects import actions, queries
from saima_web.projects.gantt.plans import milestones_in
from saima_web.projects.models import Milestone, Project
from tests.web.cast import House
from tests.web.projects.test_projects import entered

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


def row(number: int, name: str, days: int, links: str, start: date, finish: date) -> Milestone:
    return Milestone(
        number=number, name=name, duration=Decimal(days), predecessors=links,
        planned_start=start, planned_finish=finish,
    )  # fmt: skip


def rows() -> list[Milestone]:
    """Foundation, frame, topping out: the frame should have been finished on 20 October."""
    return [
        row(1, "基础", 30, "", date(2026, 8, 1), date(2026, 8, 30)),
        row(2, "主体", 51, "1", date(2026, 8, 31), date(2026, 10, 20)),
        row(3, "封顶", 0, "2FS+10天", date(2026, 10, 30), date(2026, 10, 30)),
    ]


@pytest.fixture
def project(house: House) -> Project:
    made = entered(house)
    actions.set_milestones(project=made, rows=rows(), by=house.project_office)
    return made


def happened(
    project: Project, number: int, by: User, start: date, finish: date | None, percent: int = 0
) -> None:
    row = project.milestones.get(number=number)
    actions.report_milestone(
        milestone=row, by=by, actual_start=start, actual_finish=finish, percent=percent
    )


def timing(project: Project) -> Any:
    return queries.timing(queries.standing_of(project))


def test_forecast_follows_what_has_happened(house: House, project: Project) -> None:
    happened(project, 1, house.clerk, date(2026, 8, 1), date(2026, 8, 30))
    happened(project, 2, house.clerk, date(2026, 8, 31), None, 80)
    lines = {x.row.number: x for x in timing(project).lines}
    # a fifth of 51 days, nearly eleven, is left on 29 October
    assert lines[2].forecast == date(2026, 11, 8)
    assert lines[3].forecast == date(2026, 11, 18)
    assert (lines[1].state, lines[2].state, lines[3].state) == ("done", "overdue", "late")
    assert lines[2].overdue == 9


def test_page_tells_what_drives_the_finish_and_what_a_slip_pushes(
    house: House, project: Project, as_user: As
) -> None:
    happened(project, 1, house.clerk, date(2026, 8, 1), date(2026, 8, 30))
    happened(project, 2, house.clerk, date(2026, 8, 31), None, 80)
    page = as_user(house.leader).get(reverse("projects:one", args=["race", project.pk]))
    said = page.content.decode()
    assert "由这条线决定" in said
    assert "“主体”比计划晚完成" in said
    assert "推迟了“封顶”" in said
    assert "“主体”逾期9天" in said


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ("3", "schedule-cycle"),
        ("9", "schedule-missing-predecessor"),
        ("1FS+3光年", "schedule-link-text"),
    ],
)
def test_a_plan_without_a_schedule_is_refused_and_the_old_one_stays(
    house: House, project: Project, links: str, code: str
) -> None:
    bad = rows()
    bad[1].predecessors = links
    with pytest.raises(Refused) as refused:
        actions.set_milestones(project=project, rows=bad, by=house.project_office)
    assert refused.value.problem.code == code
    assert project.milestones.get(number=2).predecessors == "1"


def test_clerk_reports_but_does_not_change_the_plan(house: House, project: Project) -> None:
    happened(project, 1, house.clerk, date(2026, 8, 1), None, 30)
    assert project.milestones.get(number=1).percent == 30
    with pytest.raises(Refused):
        actions.set_milestones(project=project, rows=rows(), by=house.clerk)
    with pytest.raises(Refused):
        happened(project, 1, house.other_clerk, date(2026, 8, 1), None, 40)


@pytest.mark.parametrize(
    ("start", "finish", "code"),
    [
        (date(2026, 8, 5), date(2026, 8, 1), "project-dates-order"),
        (date(2026, 11, 5), None, "project-date-to-come"),
    ],
)
def test_days_to_come_and_in_the_wrong_order_are_refused(
    house: House, project: Project, start: date, finish: date | None, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        happened(project, 1, house.clerk, start, finish)
    assert refused.value.problem.code == code


def workbook(*lines: tuple[Any, ...]) -> SimpleUploadedFile:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "计划"
    for line in (("编号", "名称", "工期（天）", "前置任务", "计划开始", "计划完成"), *lines):
        sheet.append(list(line))
    book.save(out)
    return SimpleUploadedFile("计划.xlsx", out.getvalue())


def test_plan_is_read_from_the_offices_workbook(tmp_path: Path) -> None:
    file = workbook(
        (10, "桩基", 20, None, date(2026, 9, 1), date(2026, 9, 28)),
        (20, "正负零", 0, "10FS+5天", date(2026, 10, 5), date(2026, 10, 5)),
    )
    path = tmp_path / "plan.xlsx"
    path.write_bytes(file.read())
    first, second = milestones_in(path)
    assert (first.name, first.planned_finish) == ("桩基", date(2026, 9, 28))
    assert (second.number, second.predecessors) == (2, "1FS+5天")


DAYS = (date(2026, 9, 1), date(2026, 9, 28))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([(1, "桩基", -3, None, *DAYS)], "工期是负数"),
        ([(1, "桩基", 3, "9", *DAYS)], "“桩基”的前置任务“9”不存在"),
        ([(1, "桩基", 3, "2", *DAYS), (2, "封顶", 3, "1", *DAYS)], "循环"),
    ],
)
def test_a_bad_plan_file_is_named_with_its_place_and_nothing_changes(
    house: House, project: Project, as_user: As, lines: list[tuple[Any, ...]], said: str
) -> None:
    address = reverse("projects:plan-import", args=["race", project.pk])
    page = as_user(house.project_office).post(address, {"file": workbook(*lines)})
    told = page.content.decode()
    assert said in told
    assert "计划.xlsx" in told
    assert project.milestones.count() == 3


@pytest.mark.parametrize("kind", ["xml", "xlsx"])
def test_plan_is_handed_out_as_project_file_and_workbook(
    house: House, project: Project, as_user: As, kind: str
) -> None:
    address = reverse("projects:plan", args=["race", project.pk, kind])
    answer = as_user(house.clerk).get(address)
    assert answer.status_code == 200
    assert len(answer.content) > 1000
    assert as_user(house.other_clerk).get(address).status_code == 404
