"""Risks, site inspections, contingency plans and photographs: who writes them, what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects.models import Project, ProjectFile, ProjectRisk, SiteInspection
from saima_web.projects.site import actions
from tests.web.cast import House
from tests.web.projects.test_projects import code_of, entered

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


@pytest.fixture
def project(house: House) -> Project:
    return entered(house)


def risk(project: Project, by: User, level: str = "high") -> ProjectRisk:
    return actions.add_risk(
        project=project,
        what="雨季深基坑渗水",
        level=level,
        owner="周临川",
        measure="备两台泵",
        by=by,
    )


def visited(project: Project, by: User, **values: Any) -> SiteInspection:
    usual: dict[str, Any] = {
        "on": date(2026, 10, 20), "inspector": "陆项目", "found": "临边防护缺一段",
        "required": "补齐防护", "answer_by": date(2026, 10, 25),
    }  # fmt: skip
    return actions.record_inspection(project=project, by=by, **{**usual, **values})


def changed(risk: ProjectRisk, by: User, state: str, on: date) -> ProjectRisk:
    return actions.change_risk(
        risk=risk,
        level=risk.level,
        owner=risk.owner,
        measure=risk.measure,
        state=state,
        on=on,
        by=by,
    )


def picture(name: str = "工地.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def address(name: str, *args: Any) -> str:
    return reverse(f"projects:{name}", args=["race", *args])


def test_clerk_names_a_risk_and_closes_it(house: House, project: Project) -> None:
    found = risk(project, house.clerk)
    changed(found, house.clerk, "closed", date(2026, 10, 29))
    found.refresh_from_db()
    assert (found.state, found.closed_on) == ("closed", date(2026, 10, 29))
    assert Entry.objects.filter(event="project.risk").count() == 2


def test_a_risk_that_is_open_again_has_no_day_of_closing(house: House, project: Project) -> None:
    found = changed(risk(project, house.clerk), house.clerk, "closed", date(2026, 10, 29))
    changed(found, house.clerk, "happened", date(2026, 10, 29))
    assert found.closed_on is None


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 10, 28), "project-dates-order"),
        (date(2026, 10, 30), "project-date-to-come"),
    ],
)
def test_a_risk_is_closed_between_its_entry_and_today(
    house: House, project: Project, on: date, code: str
) -> None:
    found = risk(project, house.clerk)
    with pytest.raises(Refused) as refused:
        changed(found, house.clerk, "closed", on)
    assert code_of(refused) == code


def test_clerk_of_another_unit_cannot_name_a_risk(house: House, project: Project) -> None:
    with pytest.raises(Refused) as refused:
        risk(project, house.other_clerk)
    assert code_of(refused) == "not-allowed"
    assert not ProjectRisk.objects.exists()


@pytest.mark.parametrize("who", ["project_office", "inspector"])
def test_project_office_and_inspector_record_a_visit_that_the_unit_answers(
    house: House, project: Project, who: str
) -> None:
    row = visited(project, house.people[who])
    actions.answer_inspection(inspection=row, answer="已补齐并复验", by=house.clerk)
    row.refresh_from_db()
    assert (row.answered_on, row.answered_by) == (date(2026, 10, 29), house.clerk)
    events = ["project.site-inspected", "project.site-answered"]
    assert Entry.objects.filter(event__in=events).count() == 2


def test_clerk_cannot_record_an_inspection_of_own_site(house: House, project: Project) -> None:
    with pytest.raises(Refused) as refused:
        visited(project, house.clerk)
    assert code_of(refused) == "not-allowed"


def test_a_later_answer_replaces_an_earlier_one_that_the_ledger_keeps(
    house: House, project: Project
) -> None:
    row = visited(project, house.project_office)
    for said in ("正在补", "已补齐"):
        actions.answer_inspection(inspection=row, answer=said, by=house.clerk)
    assert row.answer == "已补齐"
    kept = Entry.objects.filter(event="project.site-answered").order_by("pk")
    assert [entry.personal.text for entry in kept] == ["正在补", "已补齐"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"on": date(2026, 11, 2)}, "project-date-to-come"),
        ({"answer_by": date(2026, 10, 19)}, "project-dates-order"),
    ],
)
def test_a_visit_to_come_and_a_deadline_before_the_visit_are_refused(
    house: House, project: Project, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        visited(project, house.inspector, **values)
    assert code_of(refused) == code


def test_nothing_required_needs_no_answer_and_an_answer_is_not_empty(
    house: House, project: Project
) -> None:
    fine = visited(project, house.inspector, required="", answer_by=None)
    asked = visited(project, house.inspector)
    for row, said, code in (
        (fine, "已改", "site-inspection-nothing-required"),
        (asked, "  ", "site-inspection-answer-empty"),
    ):
        with pytest.raises(Refused) as refused:
            actions.answer_inspection(inspection=row, answer=said, by=house.clerk)
        assert code_of(refused) == code


def test_unit_writes_its_contingency_plan_with_a_file_that_others_take(
    house: House, project: Project, as_user: As
) -> None:
    data = {"text": "停电时启用发电机", "file": SimpleUploadedFile("预案.pdf", b"%PDF-1.7 x")}
    answer = as_user(house.clerk).post(address("contingency", project.pk), data)
    assert answer.status_code == 302
    kept = ProjectFile.objects.get()
    taken = as_user(house.leader).get(address("file", kept.pk))
    assert taken.content == b"%PDF-1.7 x"
    page = as_user(house.leader).get(address("one", project.pk)).content.decode()
    assert "停电时启用发电机" in page
    assert "预案.pdf" in page


def test_what_is_no_document_is_refused_with_what_was_typed_kept(
    house: House, project: Project, as_user: As
) -> None:
    data = {"text": "停电时启用发电机", "file": SimpleUploadedFile("预案.pdf", b"MZ")}
    answer = as_user(house.clerk).post(address("contingency", project.pk), data)
    assert answer.status_code == 422
    assert "文件可能损坏" in answer.content.decode()
    assert not ProjectFile.objects.exists()


def test_photographs_are_off_until_the_project_office_allows_them(
    house: House, project: Project, as_user: As
) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_photo(project=project, upload=picture(), by=house.clerk)
    assert code_of(refused) == "project-photos-off"
    assert "上传照片" not in as_user(house.clerk).get(address("one", project.pk)).content.decode()

    assert as_user(house.clerk).post(address("photos"), {"allowed": "1"}).status_code == 403
    assert (
        as_user(house.project_office).post(address("photos"), {"allowed": "1"}).status_code == 302
    )
    assert "上传照片" in as_user(house.clerk).get(address("one", project.pk)).content.decode()
    made = actions.add_photo(project=project, upload=picture(), by=house.clerk, caption="主体")
    assert as_user(house.leader).get(address("file", made.pk)).content == PNG


@pytest.mark.parametrize("name", ["工地.pdf", "工地", "工地.png.exe"])
def test_a_photograph_is_a_picture(house: House, project: Project, name: str) -> None:
    actions.allow_photos(campaign=house.campaign, allowed=True, by=house.project_office)
    with pytest.raises(Refused) as refused:
        actions.add_photo(project=project, upload=picture(name, b"%PDF-"), by=house.clerk)
    assert code_of(refused) == "project-photo-kind"


def test_a_photograph_that_only_bears_the_name_of_one_is_refused(
    house: House, project: Project
) -> None:
    actions.allow_photos(campaign=house.campaign, allowed=True, by=house.project_office)
    with pytest.raises(Refused) as refused:
        actions.add_photo(project=project, upload=picture(content=b"<script>"), by=house.clerk)
    assert code_of(refused) == "file-refused"


@pytest.mark.django_db(transaction=True)
def test_unit_takes_a_file_away_and_others_cannot(
    house: House, project: Project, as_user: As
) -> None:
    actions.allow_photos(campaign=house.campaign, allowed=True, by=house.project_office)
    made = actions.add_photo(project=project, upload=picture(), by=house.clerk)
    where = made.file.path
    remove = address("file-remove", made.pk)
    assert as_user(house.leader).post(remove).status_code == 403
    assert as_user(house.other_clerk).post(remove).status_code == 404
    assert as_user(house.clerk).post(remove).status_code == 302
    assert not ProjectFile.objects.exists()
    with pytest.raises(FileNotFoundError), open(where, "rb"):  # noqa: PTH123
        pass


def test_the_page_of_a_project_shows_its_risks_and_inspections(
    house: House, project: Project, as_user: As
) -> None:
    risk(project, house.clerk)
    visited(project, house.inspector)
    page = as_user(house.clerk).get(address("one", project.pk)).content.decode()
    for words in ("雨季深基坑渗水", "重大", "防控中", "补齐防护", "逾期4天"):
        assert words in page, words
    assert "登记检查" not in page
    assert "登记检查" in as_user(house.inspector).get(address("one", project.pk)).content.decode()


def test_both_lists_say_what_is_open_and_export_what_they_show(
    house: House, project: Project, as_user: As
) -> None:
    changed(risk(project, house.clerk, "low"), house.clerk, "closed", date(2026, 10, 29))
    risk(project, house.clerk)
    visited(project, house.inspector)
    client = as_user(house.leader)
    page = client.get(address("site"))
    assert (page.context["open"], page.context["high"]) == (1, 1)
    assert (page.context["waiting"], page.context["late"]) == (1, 1)
    risks = sheet(client.get(address("site"), {"r-export": "r-xlsx", "r-box": "open"}))
    assert [row[:4] for row in risks[1:]] == [("古镇二期", "栖湖文旅", "雨季深基坑渗水", "重大")]
    visits = sheet(client.get(address("site"), {"i-export": "i-xlsx"}))
    assert (visits[1][5], visits[1][-1]) == ("补齐防护", "逾期4天")


def test_a_clerk_sees_no_risk_of_another_unit(house: House, project: Project, as_user: As) -> None:
    found = risk(project, house.clerk)
    client = as_user(house.other_clerk)
    assert "雨季深基坑渗水" not in client.get(address("site")).content.decode()
    assert client.post(address("risk-change", found.pk)).status_code == 404


def test_a_form_that_lacks_something_says_what_and_writes_nothing(
    house: House, project: Project, as_user: As
) -> None:
    answer = as_user(house.clerk).post(address("risk-add", project.pk), {"what": "渗水"})
    assert answer.status_code == 422
    assert "责任人：" in answer.content.decode()
    assert not ProjectRisk.objects.exists()


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return list(book.active.iter_rows(values_only=True))
