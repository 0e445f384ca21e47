"""The page of components, and what every component promises."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client, RequestFactory

from saima_web.people.models import User
from saima_web.ui.tables import Column, Table
from saima_web.ui.templatetags.saima import table
from tests.web.cast import House

As = Callable[[User], Client]


def test_everybody_who_has_logged_in_sees_all_components(house: House, as_user: As) -> None:
    for user in (house.viewer, house.stranger):
        page = as_user(user).get("/components/").content.decode()
        for name in ("s-pace", "s-seals", "s-move", "s-tier", "s-due", "s-stats", "s-table",
                     "s-chart", "s-form", "s-notice", "s-eq", "s-empty", "s-dialog"):  # fmt: skip
            assert f'class="{name}' in page or f" {name}" in page, name


def test_strangers_to_the_platform_are_asked_to_log_in(client: Client, db: None) -> None:
    answer = client.get("/components/")
    assert answer.status_code == 302 and "/login/" in answer["Location"]


def test_page_of_components_has_one_primary_button(house: House, as_user: As) -> None:
    page = as_user(house.viewer).get("/components/").content.decode()
    assert page.split("<main")[1].count("s-btn primary") == 1


def test_sample_table_filters_and_exports(house: House, as_user: As) -> None:
    client = as_user(house.viewer)
    rows = client.get("/components/?box=scored").content.decode().split("<tbody>")[1]
    assert "澄江置业" in rows.split("</tbody>")[0] and "数智云科" not in rows.split("</tbody>")[0]
    answer = client.get("/components/?export=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_table_draws_cells_by_kind_or_by_their_own_function(rf: RequestFactory) -> None:
    columns = [
        Column("name", "单位", link="href"), Column("n", "数", "number", 1), Column("none", "空"),
        Column("n", "画", draw=lambda row: f"<b>{row['n']}</b>"),
    ]  # fmt: skip
    rows = [{"name": "<甲>", "href": "/x/?a=1&b=2", "n": 1234.25, "none": None, "row_class": "me"}]
    shown = Table(columns, rows, stacks=True, heads="name").shown(rf.get("/"))
    page = table(shown)
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    assert body == (
        '<tr class="me"><td data-key="name" data-title="单位" data-heads>'
        '<a class="name" href="/x/?a=1&amp;b=2">&lt;甲&gt;</a></td>'
        '<td class="n" data-key="n" data-title="数">1,234.3</td>'
        '<td data-key="none" data-title="空"><span class="na">—</span></td>'
        '<td data-key="n" data-title="画"><b>1234.25</b></td></tr>'
    )


def test_no_number_is_ever_minus_zero_and_nothing_is_a_dash(house: House, as_user: As) -> None:
    page = as_user(house.viewer).get("/components/").content.decode()
    assert "1,234,567.89" in page
    assert "−0.00" not in page
