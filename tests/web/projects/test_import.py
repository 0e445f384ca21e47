"""The project workbook: what there is handed out, read back with a preview, refused with its place."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects import actions, queries
from saima_web.projects.models import Project, ProjectMoney
from tests.web.cast import House
from tests.web.projects.test_projects import entered, report

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)
HEADERS = ("项目名称", "类别", "责任单位", "配合单位", "总投资（万元）", "年度计划（万元）", "实际开工", "8月计划", "9月计划", "8月完成", "9月完成")  # fmt: skip


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


def workbook(*rows: tuple[Any, ...], headers: tuple[str, ...] = HEADERS) -> SimpleUploadedFile:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "重点项目"
    sheet.append(["2026年重点项目"])
    for row in (headers, *rows):
        sheet.append(list(row))
    book.save(out)
    return SimpleUploadedFile("项目.xlsx", out.getvalue())


def uploaded(browser: Client, file: SimpleUploadedFile) -> str:
    answer = browser.post(reverse("projects:import", args=["race"]), {"file": file})
    assert answer.status_code == 302
    return str(answer["Location"])


GOOD = ("水厂", "续建", "栖湖文旅", "澄江置业", 9000, 3000, date(2026, 3, 1), 1000, 500, 900, 650)


def test_nothing_is_written_before_the_preview_is_confirmed(house: House, as_user: As) -> None:
    browser = as_user(house.project_office)
    address = uploaded(browser, workbook(GOOD))
    page = browser.get(address).content.decode()
    assert "1个项目可以导入" in page
    assert not Project.objects.exists()
    assert browser.post(address).status_code == 302
    project = Project.objects.get()
    money = queries.standing_of(project).money
    assert (project.category, project.started_on) == ("continuing", date(2026, 3, 1))
    assert [u.code for u in project.supporting.all()] == ["E2"]
    assert (money.planned, money.done) == (1500, 1550)


def test_a_project_that_is_there_is_changed_not_doubled(house: House, as_user: As) -> None:
    entered(house, name="水厂")
    browser = as_user(house.project_office)
    browser.post(uploaded(browser, workbook(GOOD)))
    assert Project.objects.get().total == 9000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({2: "无名公司"}, "“责任单位”里的“无名公司”不对"),
        ({1: "在建"}, "“类别”里的“在建”不对"),
        ({4: "很多"}, "“总投资（万元）”里的“很多”不对"),
        ({9: -5}, "“8月完成”里的“-5"),
        ({0: ""}, "“项目名称”没有填"),
        ({5: 9900}, "超过总投资9000.00万元"),
        ({6: date(2026, 12, 1)}, "还没有到"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_imported(
    house: House, as_user: As, changes: dict[int, Any], said: str
) -> None:
    row = tuple(changes.get(at, value) for at, value in enumerate(GOOD))
    browser = as_user(house.project_office)
    address = uploaded(browser, workbook(row))
    page = browser.get(address).content.decode()
    assert said in page
    assert "现在一行也没有导入" in page
    browser.post(address)
    assert not Project.objects.exists()
    assert not ProjectMoney.objects.exists()


def test_a_project_twice_in_the_file_is_named(house: House, as_user: As) -> None:
    browser = as_user(house.project_office)
    page = browser.get(uploaded(browser, workbook(GOOD, GOOD))).content.decode()
    assert "项目“水厂”与第3行重复" in page
    assert "A4" in page


def test_a_sheet_without_the_columns_is_refused_in_the_preview(house: House, as_user: As) -> None:
    browser = as_user(house.project_office)
    file = workbook(("甲", "乙"), headers=("一", "二"))
    assert "没有找到表头" in browser.get(uploaded(browser, file)).content.decode()


def test_workbook_handed_out_can_be_brought_back_unchanged(house: House, as_user: As) -> None:
    project = entered(house, supporting=[house.units["E2"]])
    actions.set_plan(project=project, months={"2026-09": Decimal(4000)}, by=house.project_office)
    report(project, house.clerk, "2026-09", statistical=3500)
    browser = as_user(house.project_office)
    content = browser.get(reverse("projects:import-template", args=["race"])).content
    address = uploaded(browser, SimpleUploadedFile("项目.xlsx", content))
    assert "其中新建0个" in browser.get(address).content.decode()
    browser.post(address)
    again = Project.objects.get()
    money = queries.standing_of(again).money
    assert (again.total, money.planned, money.done) == (50000, 4000, 3500)
    assert [u.code for u in again.supporting.all()] == ["E2"]


def test_clerk_cannot_import(house: House, as_user: As) -> None:
    address = reverse("projects:import", args=["race"])
    assert as_user(house.clerk).get(address).status_code == 403
    assert as_user(house.project_office).get(address).status_code == 200


def test_round_trip_keeps_every_series_and_every_day(house: House, as_user: As) -> None:
    """Handed out, everything deleted, brought back: the same project with its months of history."""
    project = entered(
        house, leader="江启明", finish_due=date(2027, 5, 1), front="文旅大会战", highlighted=True
    )
    actions.set_plan(
        project=project, months={"2026-09": Decimal("4000.5")}, by=house.project_office
    )
    report(project, house.clerk, "2026-08", statistical=900, physical=1200, paid=400)
    report(project, house.clerk, "2026-09", statistical=0, paid=7)
    actions.record_start(project=project, on=date(2026, 3, 5), by=house.clerk)
    actions.bring_inclusion(project=project, on=date(2026, 4, 8), by=house.project_office)
    actions.record_finish(project=project, on=date(2026, 10, 1), by=house.clerk)
    browser = as_user(house.project_office)
    content = browser.get(reverse("projects:import-template", args=["race"])).content
    before = queries.standing_of(project)
    Project.objects.all().delete()
    answer = browser.post(uploaded(browser, SimpleUploadedFile("项目.xlsx", content)))
    assert answer.status_code == 302
    after = queries.standing_of(Project.objects.get())
    assert (after.money.plan, dict(after.money.series)) == (
        before.money.plan,
        dict(before.money.series),
    )
    for key in ("name", "category", "kind", "unit", "leader", "total", "before", "year_plan",
                "start_due", "started_on", "included_on", "finish_due", "finished_on", "front",
                "highlighted"):  # fmt: skip
        assert getattr(after.project, key) == getattr(before.project, key), key


def test_what_an_action_refuses_is_named_with_its_row(house: House, as_user: As) -> None:
    """The history of months brought earlier and those of the file together leave the total."""
    project = entered(house, name="水厂", total=Decimal(9000), before=Decimal(0), year_plan=Decimal(3000))  # fmt: skip
    report(project, house.clerk, "2026-07", statistical=8000)
    browser = as_user(house.project_office)
    page = browser.get(uploaded(browser, workbook(GOOD))).content.decode()
    assert "累计完成9550.00万元，超过总投资9000.00万元" in page
    assert "A3" in page
    assert queries.standing_of(Project.objects.get()).money.done == 8000


def test_workbook_of_another_year_is_refused(house: House, as_user: As) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["2025年重点项目"], HEADERS, GOOD):
        book.active.append(list(row))
    book.save(out)
    browser = as_user(house.project_office)
    page = browser.get(uploaded(browser, SimpleUploadedFile("项目.xlsx", out.getvalue())))
    assert "工作簿是2025年的，本行动是2026年的" in page.content.decode()


PLAN = "雨季备两支抢险队。\n停电：现场发电机 200 千瓦，" + "材料提前十五天进场；" * 60


def test_contingency_plan_goes_out_and_comes_back_whole(house: House, as_user: As) -> None:
    entered(house, contingency=PLAN.replace("\n", "\r\n"))
    browser = as_user(house.project_office)
    content = browser.get(reverse("projects:import-template", args=["race"])).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    titles = [cell.value for cell in sheet[2]]
    assert sheet.cell(3, titles.index("预案") + 1).value == PLAN
    Project.objects.all().delete()
    browser.post(uploaded(browser, SimpleUploadedFile("项目.xlsx", content)))
    assert Project.objects.get().contingency == PLAN


@pytest.mark.parametrize(
    ("column", "cell", "left"),
    [(None, None, "原来的预案"), ("预案", "", "原来的预案"), ("预案", "新预案", "新预案"), ("应急预案", "'=新预案", "=新预案")],
)  # fmt: skip
def test_an_older_workbook_and_an_empty_cell_leave_the_contingency_plan(
    house: House, as_user: As, column: str | None, cell: str | None, left: str
) -> None:
    entered(house, name="水厂", contingency="原来的预案")
    extra = ((column,), (cell,)) if column else ((), ())
    browser = as_user(house.project_office)
    file = workbook((*GOOD, *extra[1]), headers=(*HEADERS, *extra[0]))
    browser.post(uploaded(browser, file))
    assert Project.objects.get().contingency == left
