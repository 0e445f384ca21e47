"""An indicator as the sum of its projects: offered, compared, planned, opened down and up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.linkage.actions import declare_linkage, take_plans
from saima_web.projects.linkage.page import view_of
from saima_web.projects.models import Linkage, Project
from saima_web.reporting.grid import round_in, unit_sheet
from saima_web.reporting.grid_data import line_data
from saima_web.reporting.models import Entry, Figure
from saima_web.reporting.review import desk_of
from saima_web.targets.models import Target, TargetSet
from tests.web.cast import PAST, House
from tests.web.dashboards.published import publish
from tests.web.projects.test_projects import code_of, entered, report
from tests.web.projects.test_projects import planned as plans_in_targets
from tests.web.reporting.test_grid import save

As = Callable[[User], Client]
NOON = datetime(2026, 11, 5, 4, tzinfo=UTC)
ONE = "projects:linked-one"


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(NOON):
        yield


def declared(house: House, series: str = "statistical") -> Linkage:
    return declare_linkage(
        campaign=house.campaign, indicator=house.indicators["investment"], series=series,
        by=house.project_office,
    )  # fmt: skip


def pair(house: House, **values: Any) -> tuple[Project, Project]:
    """Two projects of E1 behind the investment, of which the first reported October."""
    usual: dict[str, Any] = {"indicator": house.indicators["investment"], **values}
    one, other = entered(house, **usual), entered(house, name="步道", **usual)
    for project in (one, other):
        actions.record_start(project=project, on=date(2026, 3, 5), by=house.clerk)
    report(one, house.clerk, "2026-10", statistical=700, physical=900, paid=100)
    return one, other


def line(house: House, by: User) -> dict[str, Any]:
    sheet = unit_sheet(by, round_in(house.campaign, "2026-10"), "E1")
    return next(line_data(x) for x in sheet.lines if x.indicator.code == "investment")


def entry(house: House) -> Entry:
    return Entry.objects.get(unit=house.units["E1"], indicator=house.indicators["investment"])


def reported(house: House, as_user: As, text: str) -> dict[str, Any]:
    row = {"request": f"r{text}", "entry": entry(house).pk, "text": text, "expected": 0}
    answer = save(as_user(house.clerk), row)[0]
    found: dict[str, Any] = answer["line"]
    return found


def test_sum_of_the_projects_is_offered_and_never_taken_by_itself(house: House) -> None:
    _one, other = pair(house)
    assert line(house, house.clerk)["made_of"] is None
    declared(house)
    report(other, house.clerk, "2026-10", statistical=300)
    offered = line(house, house.clerk)
    assert offered["proposal"] == "1,000"
    assert offered["made_of"]["words"] == "2个项目统计口径合计1,000万元。"
    assert entry(house).reported is None
    assert not Figure.objects.filter(period="2026-10").exists()


@pytest.mark.parametrize(("series", "sum_"), [("physical", "900"), ("paid", "100")])
def test_only_the_named_series_counts(house: House, series: str, sum_: str) -> None:
    pair(house)
    declared(house, series)
    assert line(house, house.clerk)["proposal"] == sum_


def test_project_that_did_not_report_is_counted_as_missing(house: House) -> None:
    pair(house)
    declared(house)
    said = line(house, house.clerk)["made_of"]["words"]
    assert said == "2个项目统计口径合计700万元（1个未报）。"


def test_where_no_project_reported_nothing_is_offered(house: House) -> None:
    entered(house, indicator=house.indicators["investment"])
    declared(house)
    offered = line(house, house.clerk)
    assert offered["proposal"] == ""
    assert offered["made_of"]["words"] == "1个项目都没有报统计口径的本期数。"


def test_difference_is_shown_with_its_size_to_the_unit_and_to_the_reviewer(
    house: House, as_user: As
) -> None:
    pair(house)
    declared(house)
    said = reported(house, as_user, "820")["made_of"]["words"]
    assert said.endswith("所报比项目合计多120万元。")
    row = next(
        r for r in desk_of(house.other_owner, entry(house).round).rows if r["unit_code"] == "E1"
    )
    assert any("多120万元" in words for words in row["findings"])
    details = as_user(house.clerk).get(reverse("reporting:cell", args=["race", entry(house).pk]))
    assert "多120万元" in details.content.decode()


def test_figure_that_agrees_has_no_difference(house: House, as_user: As) -> None:
    pair(house)
    declared(house)
    assert "所报" not in reported(house, as_user, "700")["made_of"]["words"]


def test_office_cannot_put_the_sum_into_the_figure(house: House, as_user: As) -> None:
    pair(house)
    declared(house)
    row = {"request": "r1", "entry": entry(house).pk, "text": "700", "expected": 0}
    assert save(as_user(house.office), row)[0]["status"] != "saved"
    assert entry(house).reported is None
    assert save(as_user(house.clerk), row)[0]["status"] == "saved"
    assert entry(house).reported is not None


def test_sum_is_told_in_the_indicators_own_measure(house: House) -> None:
    row = house.indicators["investment"]
    row.measure, row.decimals = "亿元", 2
    row.save()
    one, _other = pair(house)
    report(one, house.clerk, "2026-10", statistical=12345)
    declared(house)
    assert line(house, house.clerk)["proposal"] == "1.23"


def test_year_to_date_figure_adds_up_from_january(house: House) -> None:
    row = house.indicators["investment"]
    row.nature = "year-to-date"
    row.save()
    one, other = pair(house)
    for project in (one, other):
        report(project, house.clerk, "2026-02", statistical=50)
    declared(house)
    offered = line(house, house.clerk)
    assert offered["proposal"] == "800"
    assert "1个未报" in offered["made_of"]["words"]


@pytest.mark.parametrize(
    ("measure", "nature", "series", "code"),
    [
        ("家", "in-period", "statistical", "linkage-not-money"),
        ("万元", "point-in-time", "statistical", "linkage-not-money"),
        ("万元", "in-period", "全部", "linkage-series"),
    ],
)
def test_what_is_no_money_and_an_unknown_series_are_refused(
    house: House, measure: str, nature: str, series: str, code: str
) -> None:
    row = house.indicators["investment"]
    row.measure, row.nature = measure, nature
    row.save()
    with pytest.raises(Refused) as refused:
        declared(house, series)
    assert code_of(refused) == code
    assert not Linkage.objects.exists()


def test_clerk_and_office_cannot_declare(house: House) -> None:
    for by in (house.clerk, house.office):
        with pytest.raises(Refused) as refused:
            declare_linkage(
                campaign=house.campaign, indicator=house.indicators["investment"],
                series="paid", by=by,
            )  # fmt: skip
        assert code_of(refused) == "not-allowed"


def test_a_linkage_can_be_lifted_and_both_rows_stay(house: House) -> None:
    pair(house)
    declared(house)
    declared(house, "")
    assert line(house, house.clerk)["made_of"] is None
    assert Linkage.objects.count() == 2


# --- plans as targets ----------------------------------------------------------------------------


def planned(house: House) -> tuple[Project, Project]:
    one, other = pair(house)
    plans = ((one, {"2026-10": 4000, "2026-11": 8000}), (other, {"2026-11": 3000}))
    for project, months in plans:
        values = {month: Decimal(v) for month, v in months.items()}
        actions.set_plan(project=project, months=values, by=house.project_office)
    declared(house)
    return one, other


def taken(house: House, by: User) -> dict[str, Decimal | None]:
    batch = take_plans(campaign=house.campaign, indicator=house.indicators["investment"], by=by)
    rows = Target.objects.filter(batch=batch, unit=house.units["E1"]).order_by("pk")
    return {row.period: row.value for row in rows}


def test_units_targets_become_what_the_projects_plan_in_a_draft(house: House) -> None:
    planned(house)
    found = taken(house, house.project_office)
    assert (found["2026-10"], found["2026-11"], found["2026"]) == (4000, 11000, 15000)
    assert found["2026-01"] == 0
    assert TargetSet.objects.get(made_by=house.project_office).state == "draft"
    assert (
        Target.objects.filter(batch__state="approved", unit=house.units["E1"], value=15000).count()
        == 0
    )


def test_without_any_plan_nothing_is_taken(house: House) -> None:
    pair(house)
    declared(house)
    with pytest.raises(Refused) as refused:
        taken(house, house.office)
    assert code_of(refused) == "linkage-no-plans"
    assert not TargetSet.objects.filter(state="draft").exists()


def test_clerk_cannot_take_plans(house: House) -> None:
    planned(house)
    with pytest.raises(Refused) as refused:
        taken(house, house.clerk)
    assert code_of(refused) == "not-allowed"


def test_a_sum_that_a_locked_target_cannot_take_leaves_no_draft_behind(house: House) -> None:
    planned(house)
    batch = TargetSet.objects.get(state="approved")
    Target.objects.create(
        batch=batch, unit=house.units["E1"], indicator=house.indicators["investment"],
        period="2026-10", value="1", locked=True, recorded_at=PAST,
    )  # fmt: skip
    with pytest.raises(Refused):
        taken(house, house.project_office)
    assert not TargetSet.objects.filter(made_by=house.project_office).exists()


def test_gap_between_the_plans_and_the_headline_is_told(house: House, as_user: As) -> None:
    planned(house)
    batch = TargetSet.objects.get(state="approved")
    Target.objects.create(
        batch=batch, unit=house.units["G"], indicator=house.indicators["investment"],
        period="2026", value="20000", recorded_at=PAST,
    )  # fmt: skip
    view = view_of(house.leader, house.campaign, house.indicators["investment"])
    assert (view.headline, view.year_plan, view.over) == (20000, 15000, -5000)
    page = as_user(house.leader).get(reverse(ONE, args=["race", "investment"])).content.decode()
    assert "比总目标少5,000万元，还没有落到项目" in page


def test_page_of_the_plans_tells_how_far_they_are_from_the_headline(
    house: House, as_user: As
) -> None:
    plans_in_targets(house, {"2026-10": 9000, "2026-11": 12000})
    batch = TargetSet.objects.get(title="年初目标")
    Target.objects.create(
        batch=batch, unit=house.units["G"], indicator=house.indicators["investment"],
        period="2026", value="20000", recorded_at=PAST,
    )  # fmt: skip
    address = reverse("targets:projects", args=["race", "investment"])
    assert "比总目标多1,000万元" in as_user(house.leader).get(address).content.decode()
    assert "总目标" not in as_user(house.clerk).get(address).content.decode()


# --- down and up ---------------------------------------------------------------------------------


def test_page_opens_down_to_the_projects_and_up_again(house: House, as_user: As) -> None:
    one, _other = pair(house)
    declared(house)
    browser = as_user(house.leader)
    page = browser.get(reverse(ONE, args=["race", "investment"]) + "?period=2026-10&unit=E1")
    said = page.content.decode()
    assert "10月2个项目统计口径合计700万元" in said
    assert reverse("projects:one", args=["race", one.pk]) in said
    up = browser.get(reverse("projects:one", args=["race", one.pk])).content.decode()
    assert reverse(ONE, args=["race", "investment"]) in up
    assert (
        browser.get(reverse(ONE, args=["race", "investment"]) + "?export=xlsx").status_code == 200
    )
    assert browser.get(reverse("projects:linked", args=["race"])).status_code == 200


def test_clerk_sees_the_own_units_projects_only(house: House, as_user: As) -> None:
    pair(house)
    entered(house, name="环路", unit=house.units["E2"], indicator=house.indicators["investment"])
    declared(house)
    address = reverse(ONE, args=["race", "investment"])
    assert "环路" not in as_user(house.clerk).get(address).content.decode()
    assert "环路" in as_user(house.leader).get(address).content.decode()
    assert view_of(house.clerk, house.campaign, house.indicators["investment"]).headline is None


def test_project_office_sees_the_sums_but_not_what_units_reported(
    house: House, as_user: As
) -> None:
    pair(house)
    declared(house)
    address = reverse(ONE, args=["race", "investment"]) + "?period=2026-09"
    assert "自报数" in as_user(house.leader).get(address).content.decode()
    page = as_user(house.project_office).get(address).content.decode()
    assert "自报数" not in page and "所报" not in page
    assert "项目合计" in page


def test_indicator_without_projects_has_no_such_page(house: House, as_user: As) -> None:
    assert as_user(house.leader).get(reverse(ONE, args=["race", "revenue"])).status_code == 404


def test_explanation_of_a_mark_opens_down_to_the_projects(house: House, as_user: As) -> None:
    one, _other = pair(house)
    report(one, house.clerk, "2026-09", statistical=900)
    declared(house)
    publish(house, "2026-09")
    page = as_user(house.leader).get("/c/race/why/2026-09/E1/investment/").content.decode()
    assert "所报比项目合计多100万元" in page
    assert reverse(ONE, args=["race", "investment"]) + "?period=2026-09&amp;unit=E1" in page


def test_page_of_the_indicator_leads_to_its_projects(house: House, as_user: As) -> None:
    pair(house)
    publish(house, "2026-09")
    browser, address = as_user(house.leader), "/c/race/standing/investment/"
    down = reverse(ONE, args=["race", "investment"]) + "?period=2026-09"
    assert down not in browser.get(address).content.decode()
    declared(house)
    assert down in browser.get(address).content.decode()


def test_declaring_and_taking_over_on_the_page(house: House, as_user: As) -> None:
    one, _other = pair(house)
    actions.set_plan(project=one, months={"2026-11": Decimal(9)}, by=house.project_office)
    browser = as_user(house.project_office)
    address = reverse("projects:linked-declare", args=["race", "investment"])
    assert browser.post(address, {"series": "statistical"}).status_code == 302
    answer = browser.post(reverse("projects:linked-targets", args=["race", "investment"]))
    batch = TargetSet.objects.get(made_by=house.project_office)
    assert answer["Location"] == reverse("targets:set", args=["race", batch.pk])
    assert as_user(house.clerk).post(address, {"series": "paid"}).status_code == 403
