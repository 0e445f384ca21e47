"""The pages that compare: an indicator over units, the heat map, units side by side."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from saima_web.people.models import User
from tests.web.cast import House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
HERE = "/c/race/"
CELL = 'tabindex="-1" aria-label='


def text(client: Client, address: str) -> str:
    answer = client.get(HERE + address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["standing/revenue/", "heat/", "compare/", "units/E1/", "cockpit/", "ranking/", "board/"],
)
def test_before_the_first_publication_a_page_says_what_will_come(
    house: House, as_user: As, address: str
) -> None:
    page = text(as_user(house.leader), address)
    assert "还没有公布过排名" in page
    assert "栖湖文旅" not in page.split("s-dialog")[0].split("<main")[1]


def test_clerk_sees_own_figures_but_only_marks_of_others(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.clerk), "standing/revenue/")
    assert "8,100" in page  # own year to date, nine months of 900
    assert "9,000" not in page  # 澄江置业, 1000 a month
    assert "75.0" in page  # its attainment was published: 9000 of 12000
    assert "只显示您有权查看的单位" in page


def test_leader_sees_all_figures_of_an_indicator(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.leader), "standing/revenue/")
    assert "8,100" in page and "9,000" in page and "6,300" in page
    assert "只显示您有权查看的单位" not in page


def test_viewer_sees_marks_of_an_indicator_and_no_figure(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.viewer), "standing/revenue/")
    assert "8,100" not in page and "9,000" not in page and "6,300" not in page
    assert "67.5" in page  # 栖湖文旅's attainment


def test_department_sees_the_figures_that_it_owns_and_no_others(house: House, as_user: As) -> None:
    publish(house)
    owner = as_user(house.owner)
    assert "9,000" in text(owner, "standing/revenue/")
    assert "10,800" not in text(owner, "standing/investment/")  # 望岳建设, owned by D2
    assert "10,800" in text(as_user(house.other_owner), "standing/investment/")


def test_export_of_an_indicator_holds_no_hidden_figure(house: House, as_user: As) -> None:
    publish(house)
    answer = as_user(house.clerk).get(HERE + "standing/revenue/?export=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert 8100 in values
    assert 9000 not in values and 6300 not in values


def test_indicator_page_warns_where_the_series_breaks(house: House, as_user: As) -> None:
    publish(house)
    row = house.indicators["revenue"]
    row.definitions.create(
        version=2, effective="2026-07", text="含合营企业。", comparable=False,
        recorded_at=row.definitions.get().recorded_at,
    )  # fmt: skip
    assert "与前一版不可比" in text(as_user(house.viewer), "standing/revenue/")
    assert "与前一版不可比" not in text(as_user(house.viewer), "standing/investment/")


def test_indicator_that_nobody_is_marked_on_is_not_found(house: House, as_user: As) -> None:
    publish(house)
    assert as_user(house.leader).get(HERE + "standing/nothing/").status_code == 404


def test_heat_map_shows_every_unit_on_every_indicator(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.viewer), "heat/")
    for word in ("栖湖文旅", "澄江置业", "望岳建设", "营业收入", "固定资产投资"):
        assert word in page
    assert page.count(CELL) == 6  # three units, two indicators
    assert "栖湖文旅　营业收入　得分率68" in page  # 0.675 of the points, 四舍五入


def test_heat_map_keeps_one_track_where_one_is_chosen(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.viewer), "heat/?track=建设类&show=gap")
    assert "望岳建设" in page
    assert "澄江置业" not in page.split("<table")[1]
    assert "欠22.5" in page  # 52.5 % of the year when 75 % of it is over


def test_heat_map_shrugs_off_a_kind_it_does_not_know(house: House, as_user: As) -> None:
    publish(house)
    assert "得分率" in text(as_user(house.viewer), "heat/?show=nonsense&category=没有&track=没有")


def test_large_heat_map_shows_a_part_and_leads_to_the_rest(
    house: House, as_user: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saima_web.dashboards import heat

    publish(house)
    whole = as_user(house.viewer).get(HERE + "heat/?export=xlsx").content
    monkeypatch.setattr(heat, "MOST", 1)
    monkeypatch.setattr(heat, "WIDE", 1)
    page = text(as_user(house.viewer), "heat/")
    assert page.count(CELL) == 3  # three units, the first category alone
    assert "第1—3家，共3家" in page and "先看“经营”，全部2项" in page
    assert "失分最集中的是" in page and 'href="?category=%2A"' in page
    assert text(as_user(house.viewer), "heat/?category=*&page=7").count(CELL) == 6
    assert "先看" not in text(as_user(house.viewer), "heat/?category=投资")
    part = as_user(house.viewer).get(HERE + "heat/?export=xlsx").content
    sheets = [openpyxl.load_workbook(io.BytesIO(x)).active for x in (whole, part)]
    rows = [[c.value for c in line] for line in sheets[0]]  # type: ignore[union-attr]
    assert rows == [[c.value for c in line] for line in sheets[1]]  # type: ignore[union-attr]
    assert len(rows) == 4


def test_comparison_starts_with_own_unit_and_the_one_it_chases(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.clerk), "compare/")
    table = page.split('<table class="s-table d-sides">')[1].split("</table>")[0]
    assert "栖湖文旅" in table and "澄江置业" in table and "望岳建设" not in table
    assert "差距最大的是" in page


def test_comparison_takes_four_units_at_most_and_says_when_tracks_differ(
    house: House, as_user: As
) -> None:
    publish(house)
    page = text(as_user(house.viewer), "compare/?unit=E1&unit=C1&unit=E2&unit=E1&unit=nobody")
    table = page.split('<table class="s-table d-sides">')[1].split("</table>")[0]
    assert table.count('<th scope="col"') == 5  # indicator, three units, distance
    assert "不在同一赛道" in page
    assert "不在同一赛道" not in text(as_user(house.viewer), "compare/?unit=E1&unit=E2")


def test_comparison_marks_the_best_of_a_row(house: House, as_user: As) -> None:
    publish(house)
    page = text(as_user(house.viewer), "compare/?unit=E1&unit=E2")
    row = page.split(">营业收入</a>")[-1].split("</tr>")[0]
    assert row.index("最高") > row.index("40.50")  # 澄江置业's 45.00 is the higher one
    assert row.index("45.00") < row.index("最高")


def test_comparing_pages_ask_the_database_a_bounded_number_of_times(
    house: House, as_user: As, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    publish(house)
    client = as_user(house.clerk)
    for address in ("standing/revenue/", "heat/", "compare/"):
        text(client, address)  # results are read once per process
        with django_assert_max_num_queries(40):  # type: ignore[attr-defined]
            text(client, address)


def test_draft_of_a_later_month_shows_to_the_office_and_not_to_a_clerk(
    house: House, as_user: As
) -> None:
    publish(house, "2026-08")
    from saima_web.scoring import actions

    actions.run(campaign=house.campaign, period="2026-09", by=house.office)
    assert "尚未公布" in text(as_user(house.office), "heat/?period=2026-09")
    assert "还没有公布过排名" in text(as_user(house.clerk), "heat/?period=2026-09")
