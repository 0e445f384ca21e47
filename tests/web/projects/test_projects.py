"""Key projects: entering them, reporting money in three series, starts, inclusion, gates, papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects import actions, queries
from saima_web.projects.models import Project, ProjectMoney
from saima_web.targets.models import ProjectPlan, TargetSet
from tests.web.cast import PAST, House

As = Callable[[User], Client]
NOON = datetime(2026, 10, 29, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


def entered(house: House, **values: Any) -> Project:
    usual: dict[str, Any] = {
        "name": "古镇二期", "category": "new", "kind": "industry", "unit": house.units["E1"],
        "total": Decimal(50000), "before": Decimal(2000), "year_plan": Decimal(12000),
        "start_due": date(2026, 3, 1),
    }  # fmt: skip
    return actions.add_project(
        campaign=house.campaign, by=house.project_office, **{**usual, **values}
    )


def report(project: Project, by: User, month: str, **amounts: int) -> None:
    values = {name: Decimal(value) for name, value in amounts.items()}
    actions.report_month(project=project, month=month, by=by, amounts=values)


def code_of(refused: Any) -> str:
    return str(refused.value.problem.code)


def test_project_office_enters_a_project_with_the_gates_of_the_campaign(house: House) -> None:
    actions.add_usual_gates(campaign=house.campaign, by=house.project_office)
    project = entered(house)
    assert project.passages.count() == 22
    assert Entry.objects.filter(event="project.added").count() == 1


@pytest.mark.parametrize("who", ["clerk", "head", "leader", "office"])
def test_others_cannot_enter_a_project(house: House, who: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.add_project(
            campaign=house.campaign, by=house.people[who], name="古镇二期", category="new",
            kind="industry", unit=house.units["E1"],
        )  # fmt: skip
    assert code_of(refused) == "not-allowed"
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"year_plan": Decimal(60000)}, "project-money-above-total"),
        ({"before": Decimal(45000)}, "project-money-above-total"),
        ({"before": Decimal(-1)}, "project-money-negative"),
        ({"finish_due": date(2026, 1, 1)}, "project-dates-order"),
    ],
)
def test_money_above_the_total_and_dates_in_the_wrong_order_are_refused(
    house: House, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        entered(house, **values)
    assert code_of(refused) == code
    assert not Project.objects.exists()


def test_a_name_stands_once(house: House) -> None:
    entered(house)
    with pytest.raises(Refused) as refused:
        entered(house)
    assert code_of(refused) == "project-there"


def test_three_series_are_kept_apart(house: House) -> None:
    project = entered(house)
    report(project, house.clerk, "2026-08", statistical=900, physical=1200, paid=400)
    report(project, house.clerk, "2026-09", statistical=1100)
    money = queries.standing_of(project).money
    assert money.month == "2026-09"
    assert {s: money.to_date(s) for s in ("statistical", "physical", "paid")} == {
        "statistical": 2000, "physical": 1200, "paid": 400,
    }  # fmt: skip
    assert money.this_month("paid") is None


def test_a_corrected_month_replaces_the_earlier_one_and_keeps_its_row(house: House) -> None:
    project = entered(house)
    report(project, house.clerk, "2026-09", statistical=900)
    report(project, house.clerk, "2026-09", statistical=700)
    assert queries.standing_of(project).money.done == 700
    assert ProjectMoney.objects.filter(project=project).count() == 2


def test_clerk_cannot_report_on_a_project_of_another_unit(house: House) -> None:
    project = entered(house)
    with pytest.raises(Refused) as refused:
        report(project, house.other_clerk, "2026-09", statistical=900)
    assert code_of(refused) == "not-allowed"


@pytest.mark.parametrize(
    ("month", "amount", "code"),
    [
        ("2026-09", 48001, "project-money-above-total"),
        ("2026-09", -1, "project-money-negative"),
        ("2026-12", 10, "project-month"),
        ("2025-12", 10, "project-month"),
        ("九月", 10, "project-month"),
    ],
)
def test_more_than_the_total_negative_amounts_and_wrong_months_are_refused(
    house: House, month: str, amount: int, code: str
) -> None:
    project = entered(house)
    with pytest.raises(Refused) as refused:
        report(project, house.clerk, month, statistical=amount)
    assert code_of(refused) == code


def planned(house: House, months: dict[str, int]) -> None:
    batch = TargetSet.objects.create(
        campaign=house.campaign, title="计划", state="approved", made_at=PAST, decided_at=PAST
    )
    for month, value in months.items():
        ProjectPlan.objects.create(
            batch=batch, unit=house.units["E1"], indicator=house.indicators["investment"],
            project="古镇二期", period=month, value=Decimal(value), recorded_at=PAST,
        )  # fmt: skip


def test_monthly_plan_of_a_project_behind_an_indicator_is_that_of_the_targets(house: House) -> None:
    planned(house, {"2026-08": 3000, "2026-09": 3000, "2026-10": 6000})
    project = entered(house, indicator=house.indicators["investment"])
    report(project, house.clerk, "2026-09", statistical=4800)
    money = queries.standing_of(project).money
    assert money.planned == 6000
    assert money.gap == pytest.approx(-10.0)
    with pytest.raises(Refused) as refused:
        actions.set_plan(project=project, months={"2026-09": Decimal(1)}, by=house.project_office)
    assert code_of(refused) == "project-plan-in-targets"


def test_without_a_monthly_plan_pace_is_the_year_evenly(house: House) -> None:
    project = entered(house)
    report(project, house.clerk, "2026-09", statistical=9900)
    assert queries.standing_of(project).money.gap == pytest.approx(7.5)


def test_an_own_plan_counts_and_shares_of_all_come_from_sums(house: House) -> None:
    one, other = entered(house), entered(house, name="步道", year_plan=Decimal(1000))
    plan = {"2026-09": Decimal(6000), "2026-12": Decimal(6000)}
    actions.set_plan(project=one, months=plan, by=house.project_office)
    report(one, house.clerk, "2026-09", statistical=6000)
    report(other, house.clerk, "2026-09", statistical=100)
    seen = queries.overview(house.project_office, house.campaign)
    assert seen.whole.done == 6100
    assert seen.whole.share == pytest.approx(6100 / 13000 * 100)
    assert seen.whole.gap == pytest.approx((6100 - 6000 - 750) / 13000 * 100)


def test_what_is_due_to_start_and_to_be_counted_is_told(house: House) -> None:
    late, begun = entered(house), entered(house, name="步道")
    entered(house, name="来年", start_due=date(2026, 12, 1))
    actions.record_start(project=begun, on=date(2026, 3, 20), by=house.clerk)
    seen = queries.overview(house.project_office, house.campaign)
    assert (seen.due_to_start, seen.started) == (2, 1)
    assert (seen.due_in_statistics, seen.in_statistics) == (1, 0)
    assert [x.project for x in seen.lines if x.not_started] == [late]


def papers(house: House, project: Project, *rows: tuple[str, date, str]) -> None:
    for kind, on, holder in rows:
        actions.add_paper(
            project=project, by=house.clerk, kind=kind, name="材料", on=on, holder=holder
        )


def test_inclusion_needs_its_evidence(house: House) -> None:
    project = entered(house)
    actions.record_start(project=project, on=date(2026, 3, 5), by=house.clerk)
    with pytest.raises(Refused) as refused:
        actions.record_inclusion(project=project, on=date(2026, 4, 8), by=house.clerk)
    assert "缺营业执照；缺立项批复；缺施工合同" in refused.value.problem.text("zh")
    day = date(2026, 1, 8)
    papers(
        house,
        project,
        ("licence", day, ""),
        ("approval", day, "甲"),
        ("photo", day, ""),
        ("photo", day, ""),
    )
    actions.record_inclusion(project=project, on=date(2026, 4, 8), by=house.clerk)
    assert Project.objects.get().included_on == date(2026, 4, 8)


def test_papers_that_contradict_one_another_are_named(house: House) -> None:
    project = entered(house)
    papers(
        house, project, ("licence", date(2026, 1, 1), ""), ("approval", date(2026, 2, 1), "甲公司"),
        ("contract", date(2026, 1, 15), "乙公司"),
    )  # fmt: skip
    said = queries.lacking_evidence(project, list(project.papers.all()))
    assert said == ["批文单位与合同甲方不一致：乙公司、甲公司", "施工合同早于立项批复"]


def test_nothing_happens_before_the_start_or_in_days_to_come(house: House) -> None:
    project = entered(house)
    with pytest.raises(Refused) as refused:
        actions.record_inclusion(project=project, on=date(2026, 4, 8), by=house.clerk)
    assert code_of(refused) == "project-not-started"
    with pytest.raises(Refused) as refused:
        actions.record_start(project=project, on=date(2026, 11, 1), by=house.clerk)
    assert code_of(refused) == "project-date-to-come"


def test_gate_that_is_late_is_where_a_project_is_stuck(house: House) -> None:
    actions.add_usual_gates(campaign=house.campaign, by=house.project_office)
    project = entered(house)
    first, second = project.passages.all()[:2]
    done = date(2026, 2, 1)
    actions.pass_gate(passage=first, by=house.clerk, due=done, done_on=done)
    actions.pass_gate(passage=second, by=house.clerk, due=date(2026, 5, 1), done_on=None)
    line = queries.standing_of(project)
    assert line.stage == first
    assert line.stuck_at == second


def test_unit_sees_its_own_projects_and_those_it_supports(house: House) -> None:
    mine = entered(house)
    helped = entered(house, name="环路", unit=house.units["E2"], supporting=[house.units["E1"]])
    entered(house, name="水厂", unit=house.units["E2"])
    seen = set(queries.projects_for(house.clerk, house.campaign))
    assert seen == {mine, helped}
    assert queries.projects_for(house.leader, house.campaign).count() == 3


def test_list_tells_the_state_and_exports(house: House, as_user: As) -> None:
    project = entered(house)
    report(project, house.clerk, "2026-09", statistical=9900)
    browser = as_user(house.leader)
    address = reverse("projects:list", args=["race"])
    page = browser.get(address).content.decode()
    assert "1个重点项目完成投资9,900万元" in page
    assert "超7.5" in page
    assert "应开1个已开0个" in page
    sheet = browser.get(address + "?export=xlsx")
    assert sheet.status_code == 200


def test_pages_of_a_project_and_the_wall_open(house: House, as_user: As) -> None:
    actions.add_usual_gates(campaign=house.campaign, by=house.project_office)
    project = entered(house, highlighted=True)
    report(project, house.clerk, "2026-09", statistical=100, physical=200)
    for name, args in (("one", [project.pk]), ("wall", [])):
        page = as_user(house.clerk).get(reverse(f"projects:{name}", args=["race", *args]))
        assert page.status_code == 200
        assert "古镇二期" in page.content.decode()


def test_project_of_another_unit_does_not_exist_for_a_clerk(house: House, as_user: As) -> None:
    project = entered(house)
    address = reverse("projects:one", args=["race", project.pk])
    assert as_user(house.other_clerk).get(address).status_code == 404
    assert as_user(house.clerk).get(address).status_code == 200


def test_form_refused_by_the_action_keeps_what_was_typed(house: House, as_user: As) -> None:
    data = {"name": "水厂", "category": "new", "kind": "industry", "unit": house.units["E1"].pk,
            "total": "100", "year_plan": "200"}  # fmt: skip
    page = as_user(house.project_office).post(reverse("projects:new", args=["race"]), data)
    said = page.content.decode()
    assert "超过总投资100.00万元" in said
    assert 'value="水厂"' in said
    data["year_plan"] = "80"
    done = as_user(house.project_office).post(reverse("projects:new", args=["race"]), data)
    assert done.status_code == 302
    project = Project.objects.get()
    data["year_plan"] = "90"
    edited = reverse("projects:edit", args=["race", project.pk])
    assert as_user(house.project_office).post(edited, data).status_code == 302
    assert Project.objects.get().year_plan == 90


def test_clerk_reports_a_month_on_the_page(house: House, as_user: As) -> None:
    project = entered(house)
    address = reverse("projects:report", args=["race", project.pk])
    data = {"month": "2026-09", "statistical": "800", "problem": "管线未迁"}
    assert as_user(house.clerk).post(address, data).status_code == 302
    line = queries.standing_of(project)
    assert (line.money.done, line.problem) == (800, "管线未迁")
    assert as_user(house.clerk).post(address, data | {"paid": "许多"}).status_code == 422


def test_a_small_project_is_not_due_in_the_statistics(house: House) -> None:
    small = entered(house, total=Decimal(499), before=None, year_plan=Decimal(300))
    large = entered(house, name="步道", total=Decimal(500), before=None, year_plan=Decimal(300))
    for project in (small, large):
        actions.record_start(project=project, on=date(2026, 3, 20), by=house.clerk)
    seen = queries.overview(house.project_office, house.campaign)
    assert [x.project for x in seen.lines if x.not_included] == [large]
    assert (seen.due_in_statistics, seen.in_statistics) == (1, 0)


def test_list_and_page_name_what_the_evidence_lacks(house: House, as_user: As) -> None:
    project = entered(house)
    actions.record_start(project=project, on=date(2026, 3, 5), by=house.clerk)
    browser = as_user(house.project_office)
    page = browser.get(reverse("projects:list", args=["race"])).content.decode()
    assert "应统未统" in page and "依据不齐" in page
    actions.bring_inclusion(project=project, on=date(2026, 4, 8), by=house.project_office)
    one = browser.get(reverse("projects:one", args=["race", project.pk])).content.decode()
    assert "缺营业执照" in one
    listed = browser.get(reverse("projects:list", args=["race"]) + "?box=lacking").content.decode()
    assert "古镇二期" in listed


def test_clerk_cannot_bring_a_day_in_the_statistics_without_its_evidence(house: House) -> None:
    project = entered(house)
    actions.record_start(project=project, on=date(2026, 3, 5), by=house.clerk)
    with pytest.raises(Refused) as refused:
        actions.bring_inclusion(project=project, on=date(2026, 4, 8), by=house.clerk)
    assert code_of(refused) == "not-allowed"
    assert Project.objects.get().included_on is None
