"""Completeness and the report-burden meter."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from openpyxl import load_workbook

from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.reporting.models import Entry, Round
from tests.web.cast import House

As = Callable[[User], Client]
HERE = "/c/race/"


def text(client: Client, address: str) -> str:
    answer = client.get(HERE + address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def hand_in(house: House, *units: str, late: bool = False) -> None:
    rows = Entry.objects.filter(round__period="2026-10", unit__code__in=units)
    rows.update(state="submitted", late=late)


def test_completeness_counts_what_came_of_what_is_owed(house: House, as_user: As) -> None:
    hand_in(house, "E1")
    page = text(as_user(house.office), "completeness/")
    assert "应报6项，已报2项（33.3%）" in page
    assert "2家未报齐" in page and "都还在期限内" in page


def test_completeness_names_what_is_missing(house: House, as_user: As) -> None:
    hand_in(house, "E1", "E2")
    rows = text(as_user(house.leader), "completeness/?box=owing").split("<tbody>")[1]
    first = rows.split("</tbody>")[0]
    assert "望岳建设" in first and "营业收入、固定资产投资" in first
    assert "栖湖文旅" not in first


def test_completeness_finds_units_by_what_they_lack_and_exports_it(
    house: House, as_user: As
) -> None:
    own = Entry.objects.filter(unit=house.units["E1"])
    own.filter(indicator__code="investment").update(state="submitted")
    Entry.objects.filter(unit=house.units["E2"], indicator__code="revenue").update(state="returned")
    Entry.objects.filter(unit=house.units["C1"]).update(state="confirmed")
    office = as_user(house.office)
    rows = text(office, "completeness/?q=固定资产").split("<tbody>")[1].split("</tbody>")[0]
    assert "栖湖文旅" not in rows and "澄江置业" in rows and "营业收入、固定资产投资" in rows
    down = text(office, "completeness/?sort=-missing").split("<tbody>")[1].split("</tbody>")[0]
    assert down.index("澄江置业") < down.index("栖湖文旅")
    sheet = office.get(HERE + "completeness/?export=xlsx")
    book = load_workbook(io.BytesIO(b"".join(sheet) if sheet.streaming else sheet.content))
    lacking = {row[0].value: row[7].value for row in list(book.active)[1:]}
    assert sorted(filter(None, lacking.values())) == ["营业收入", "营业收入、固定资产投资"]


def test_completeness_says_who_is_overdue(house: House, as_user: As) -> None:
    Round.objects.update(due_at=now() - timedelta(days=1))
    hand_in(house, "E1")
    page = text(as_user(house.office), "completeness/")
    assert "其中2家已逾期" in page


def test_completeness_is_done_when_all_came(house: House, as_user: As) -> None:
    hand_in(house, "E1", "E2", "C1")
    assert "各单位都已报齐" in text(as_user(house.office), "completeness/")


def test_completeness_without_rounds_says_how_to_begin(house: House, as_user: As) -> None:
    Entry.objects.all().delete()
    Round.objects.all().delete()
    page = text(as_user(house.office), "completeness/")
    assert "还没有开启过填报" in page and "办公室开启第一轮填报" in page


def test_clerk_and_viewer_may_not_open_completeness_or_burden(house: House, as_user: As) -> None:
    for user in (house.clerk, house.viewer):
        for address in ("completeness/", "burden/"):
            assert as_user(user).get(HERE + address).status_code == 403


def test_burden_counts_what_units_type_and_what_departments_give(house: House, as_user: As) -> None:
    assert "每家单位平均要填2项" in text(as_user(house.office), "burden/").replace("2.0", "2")
    house.indicators["investment"].provider = Indicator.Provider.OWNER
    house.indicators["investment"].save()
    page = text(as_user(house.office), "burden/")
    assert "每家单位平均要填1.0项" in page
    assert "1项指标由部门统一提供" in page


def test_burden_says_who_already_holds_a_figure(house: House, as_user: As) -> None:
    rows = text(as_user(house.office), "burden/").split("<tbody>")[1]
    assert "经营部" in rows.split("营业收入")[1].split("</tr>")[0]


def test_burden_finds_a_figure_that_may_be_asked_twice(house: House, as_user: As) -> None:
    assert "可能重复" not in text(as_user(house.office), "burden/")
    twin = Indicator.objects.create(code="revenue2", name="营业收入", measure="万元", order=9)
    Entry.objects.create(round=Round.objects.get(), unit=house.units["E1"], indicator=twin)
    page = text(as_user(house.office), "burden/")
    assert "与“revenue2”同名，可能重复" in page


def test_figure_that_two_campaigns_use_is_asked_once(house: House, as_user: As) -> None:
    old = Round.objects.get()
    other = Campaign.objects.create(
        code="second", name="第二个行动", organisation="示例集团", start=house.campaign.start,
        end=house.campaign.end, counts=["confirmed"],
    )  # fmt: skip
    twin = Round.objects.create(
        campaign=other, period=old.period, state="open", opens_on=old.opens_on, due_at=old.due_at,
        confirm_due_at=old.confirm_due_at,
    )  # fmt: skip
    Entry.objects.create(round=twin, unit=house.units["E1"], indicator=house.indicators["revenue"])
    rows = text(as_user(house.office), "burden/?box=shared").split("<tbody>")[1]
    assert "营业收入" in rows.split("</tbody>")[0]
    assert "固定资产投资" not in rows.split("</tbody>")[0]
