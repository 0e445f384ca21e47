"""A campaign's own full marks of the project assessment, and what an issued quarter keeps."""

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
from openpyxl import load_workbook

from saima.periods import parse
from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects.assessment.actions import issue_assessment, set_method
from saima_web.projects.assessment.methods import method_of
from saima_web.projects.assessment.quarters import quarter_of
from saima_web.projects.models import AssessmentMethod, IssuedAssessment
from saima_web.supervision.models import Problem
from tests.web.cast import House
from tests.web.projects.test_assessment_pages import built
from tests.web.projects.test_projects import code_of, entered

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)
THIRD = parse("2026-Q3")
OWN = {
    "plan": 40, "pace": 0, "starts": 20, "statistics": 15, "milestones": 25, "yellow": 1, "red": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


def marks(house: House, by: User | None = None, quarter: str = "2026-Q3", **changed: int) -> Any:
    values = {key: Decimal(value) for key, value in {**OWN, **changed}.items()}
    return set_method(
        campaign=house.campaign, quarter=quarter, values=values, reason="考核办〔2026〕9号",
        by=by or house.project_office,
    )  # fmt: skip


def score(house: House) -> float:
    found = quarter_of(house.project_office, house.campaign, THIRD).lines[0].score
    assert found is not None
    return found


def test_marks_of_its_own_change_the_score_and_a_measure_of_none_is_left_out(house: House) -> None:
    """E1 earns half of 40 and all of the other 60: 80; without 序时进度 only four are measured."""
    built(house)
    marks(house)
    first = quarter_of(house.project_office, house.campaign, THIRD).lines[0]
    assert first.score == pytest.approx(80.0)
    assert [m.measure.key for m in first.marks] == ["plan", "starts", "statistics", "milestones"]
    assert Entry.objects.get(event="project.assessment-method").data["marks"]["plan"] == "40"


@pytest.mark.parametrize("who", ["clerk", "head", "leader", "office"])
def test_nobody_but_the_project_office_sets_marks(house: House, who: str, as_user: As) -> None:
    with pytest.raises(Refused) as refused:
        marks(house, by=house.people[who])
    assert code_of(refused) == "not-allowed"
    address = reverse("projects:assessment-method", args=["race"])
    assert as_user(house.people[who]).get(address).status_code == 403
    assert not AssessmentMethod.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"plan": 41}, "assessment-marks-sum"),
        ({"plan": -10, "pace": 50}, "assessment-marks-negative"),
        ({"yellow": -1}, "assessment-marks-negative"),
    ],
)
def test_marks_that_are_not_a_hundred_or_below_zero_are_refused(
    house: House, changed: dict[str, int], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        marks(house, **changed)
    assert code_of(refused) == code


@pytest.mark.parametrize("quarter", ["2031-Q1", "2026-Q5", ""])
def test_a_quarter_that_is_none_is_refused(house: House, quarter: str) -> None:
    with pytest.raises(Refused) as refused:
        marks(house, quarter=quarter)
    assert code_of(refused) == "assessment-quarter"


def test_earlier_quarters_keep_their_marks(house: House) -> None:
    marks(house, quarter="2026-Q4")
    marks(house, quarter="2026-Q3", plan=30, pace=10)
    found = {q: method_of(house.campaign, q) for q in ("2026-Q2", "2026-Q3", "2026-Q4")}
    full = {q: next(m.full for m in method.measures) for q, method in found.items()}
    assert full == {"2026-Q2": 25, "2026-Q3": 30, "2026-Q4": 40}


def test_page_sets_marks_and_keeps_what_was_typed_when_refused(house: House, as_user: As) -> None:
    built(house)
    browser = as_user(house.project_office)
    address = reverse("projects:assessment-method", args=["race"])
    assert "用的是平台的默认值" in browser.get(address).content.decode()
    given = {**OWN, "quarter": "2026-Q3", "reason": "考核办〔2026〕9号"}
    page = browser.post(address, {**given, "plan": 41}).content.decode()
    assert "各项满分之和是101分" in page
    assert 'value="41"' in page
    assert browser.post(address, given).status_code == 302
    page = browser.get(reverse("projects:assessment", args=["race"]) + "?quarter=2026-Q3")
    assert "考核办〔2026〕9号" in page.content.decode()
    assert "得分＝40×累计完成÷累计计划，最高40分" in page.content.decode()


def words_of(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = (c.text for table in paper.tables for row in table.rows for c in row.cells)
    return "".join([*(p.text for p in paper.paragraphs), *cells])


def test_issued_quarter_keeps_its_method_and_its_paper(house: House, as_user: As) -> None:
    built(house)
    marks(house)
    made = issue_assessment(campaign=house.campaign, period=THIRD, by=house.project_office)
    assert made.method is not None
    with pytest.raises(Refused) as refused:
        marks(house, plan=30, pace=10)
    assert code_of(refused) == "assessment-issued"
    AssessmentMethod.objects.create(
        campaign=house.campaign, quarter="2026-Q1", reason="后补", recorded_at=clock.now(),
        **{**OWN, "plan": 0, "pace": 40},
    )  # fmt: skip
    assert score(house) == pytest.approx(80.0)
    browser = as_user(house.project_office)
    paper = browser.get(reverse("projects:assessment-issued", args=["race", made.pk]))
    said = words_of(paper.content)
    assert "栖湖文旅（80.00分）、澄江置业（0.00分）" in said
    assert "得分＝40×累计完成÷累计计划，最高40分" in said
    assert "黄牌每张扣1分，红牌每张扣3分" in said
    assert Entry.objects.get(event="project.assessment-issued").data["digest"] == made.digest


def test_correction_is_another_version_by_the_same_method(house: House, as_user: As) -> None:
    built(house)
    browser = as_user(house.project_office)
    for _time in range(2):
        address = reverse("projects:assessment-issue", args=["race"])
        assert browser.post(address, {"quarter": "2026-Q3"}).status_code == 302
    first, second = IssuedAssessment.objects.all()
    assert (first.version, second.version) == (1, 2)
    assert second.method is None
    assert "更正" in second.file_name
    assert "更正" not in first.file_name
    page = browser.get(reverse("projects:assessment", args=["race"]) + "?quarter=2026-Q3")
    assert second.file_name in page.content.decode()


def test_running_or_empty_quarter_cannot_be_issued(house: House) -> None:
    for period, code in (("2026-Q4", "assessment-running"), ("2026-Q3", "assessment-nothing")):
        with pytest.raises(Refused) as refused:
            issue_assessment(campaign=house.campaign, period=parse(period), by=house.project_office)
        assert code_of(refused) == code


def test_draft_is_for_the_project_office(house: House, as_user: As) -> None:
    built(house)
    address = reverse("projects:assessment", args=["race"]) + "?quarter=2026-Q3&export=docx"
    said = words_of(as_user(house.project_office).get(address).content)
    assert "征求意见稿" in said
    assert "澄江置业：完成计划失25.00分" in said
    assert as_user(house.leader).get(address).status_code == 403


def problem(house: House, number: int, title: str, unit: str = "E1", **values: Any) -> Problem:
    usual = {"raised_at": NOON, "raised_by": house.clerk, "detail": "…", "asks": "…"}
    return Problem.objects.create(
        campaign=house.campaign, number=number, unit=house.units[unit], title=title,
        **{**usual, **values},
    )  # fmt: skip


def test_problems_that_name_a_project_in_the_quarter_are_counted(house: House, as_user: As) -> None:
    """By its name or its milestone's, of its own unit, open in the quarter, the longer name only."""
    built(house)
    entered(house, name="古镇二期停车场")
    august = datetime(2026, 8, 3, 4, tzinfo=UTC)
    problem(house, 1, "用地指标不够", concerns="古镇二期：封顶", raised_at=august)
    problem(house, 2, "古镇二期停车场供电", raised_at=august, closed_on=date(2026, 8, 20))
    problem(house, 3, "古镇二期排水", raised_at=august, closed_on=date(2026, 6, 30))
    problem(house, 4, "古镇二期缺工")
    problem(house, 5, "古镇二期", unit="E2", raised_at=august)
    found = quarter_of(house.leader, house.campaign, THIRD)
    assert {p.name: p.raised for line in found.lines for p in line.projects} == {
        "古镇二期": 1, "古镇二期停车场": 1, "环路": 0,
    }  # fmt: skip
    assert found.lines[0].raised == 2
    browser = as_user(house.leader)
    page = browser.get(reverse("projects:assessed", args=["race", "E1"]) + "?quarter=2026-Q3")
    assert "提出难题1个" in page.content.decode()
    listed = browser.get(
        reverse("projects:assessment", args=["race"]) + "?quarter=2026-Q3&export=xlsx"
    )
    rows = list(load_workbook(io.BytesIO(listed.content)).active.values)
    assert [row[rows[0].index("难题")] for row in rows[1:]] == [2, 0]
