"""The reviewer's desk: who sees which cells and buttons, batches, comparisons, nothing leaks."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client

from saima_web.people.models import User
from saima_web.reporting import actions
from saima_web.reporting.models import Entry, Figure, Round
from saima_web.reporting.review import desk_of
from tests.web.cast import House

Log = Callable[[User], Client]
REVIEW = "/c/race/rounds/2026-10/review/"


def cell(house: House, unit: str = "E1", indicator: str = "revenue") -> Entry:
    return Entry.objects.get(unit=house.units[unit], indicator=house.indicators[indicator])


def hand_in(house: House, unit: str, by: User, value: int = 9999) -> None:
    for entry in Entry.objects.filter(unit=house.units[unit], state__in=("empty", "returned")):
        actions.save_figure(entry=entry, value=Decimal(value), by=by)
    actions.submit(round=Round.objects.get(), unit=house.units[unit], by=by)


def endorsed(house: House) -> None:
    """E1 and E2 have reported, and their heads have passed it on."""
    for unit, clerk, head in (
        ("E1", house.clerk, house.head), ("E2", house.other_clerk, house.other_head),
    ):  # fmt: skip
        hand_in(house, unit, clerk)
        actions.endorse(entries=Entry.objects.filter(unit=house.units[unit]), by=head)


def sheet(answer: HttpResponse) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def decide(page: Client, what: str, entries: list[Entry], **more: str) -> str:
    """The message after deciding on some cells."""
    data = {"do": what, "entry": [e.pk for e in entries], "next": REVIEW, **more}
    return page.post(REVIEW + "decide/", data, follow=True).content.decode()


def test_head_endorses_the_whole_unit_at_once(house: House, as_user: Log) -> None:
    hand_in(house, "E1", house.clerk)
    page = as_user(house.head)
    shown = page.get(REVIEW).content.decode()
    assert "2项等您处理" in shown and "审核通过" in shown and "核定所选" not in shown
    mine = list(Entry.objects.filter(unit=house.units["E1"]))
    assert "已审核通过2项" in decide(page, "endorse", mine)
    assert {e.state for e in Entry.objects.filter(unit=house.units["E1"])} == {"endorsed"}


def test_owner_confirms_one_indicator_over_all_units(house: House, as_user: Log) -> None:
    endorsed(house)
    page = as_user(house.owner)
    shown = page.get(REVIEW + "?indicator=revenue").content.decode()
    assert "2项等您处理；" in shown and "还等1家单位提交。" in shown
    assert "已核定2项" in decide(page, "confirm", [cell(house), cell(house, "E2")])
    assert Figure.objects.filter(period="2026-10", source="confirmed").count() == 2


def test_figure_typed_beside_a_cell_is_settled_with_its_reason(house: House, as_user: Log) -> None:
    endorsed(house)
    entry, page = cell(house), as_user(house.owner)
    typed = {f"value-{entry.pk}": "9,500"}
    assert "要写明原因" in decide(page, "confirm", [entry], **typed)
    assert cell(house).state == "endorsed"
    decide(page, "confirm", [entry], reason="剔除预付款", **typed)
    settled = cell(house)
    assert settled.confirmed is not None and settled.confirmed.value == 9500
    assert settled.reported is not None and settled.reported.value == 9999


def test_what_is_no_number_settles_nothing(house: House, as_user: Log) -> None:
    endorsed(house)
    entry = cell(house)
    shown = decide(as_user(house.owner), "confirm", [entry], **{f"value-{entry.pk}": "约九千"})
    assert "约九千" in shown and cell(house).state == "endorsed"


def test_what_was_typed_stays_in_the_form_when_it_is_refused(house: House, as_user: Log) -> None:
    endorsed(house)
    page, first, second = as_user(house.owner), cell(house), cell(house, "E2")
    typed = {f"value-{first.pk}": "约九千", f"value-{second.pk}": "8,800"}
    shown = decide(page, "confirm", [first, second], reason="剔除预付款", **typed)
    assert 'value="约九千" aria-invalid="true"' in shown and 'value="8,800"' in shown
    assert 'value="剔除预付款"' in shown and shown.count("checked") == 2
    assert f'id="wrong-{first.pk}">“约九千”不是数字，不能作核定数。' in shown
    again = page.get(REVIEW).content.decode()
    assert "约九千" not in again and "checked" not in again


def test_missing_reason_is_asked_for_beside_its_field(house: House, as_user: Log) -> None:
    endorsed(house)
    entry, page = cell(house), as_user(house.owner)
    shown = decide(page, "confirm", [entry], **{f"value-{entry.pk}": "9500"})
    assert 'aria-describedby="reason-wrong"' in shown and 'value="9500"' in shown
    assert f'id="wrong-{entry.pk}"' in shown
    decide(page, "confirm", [entry], reason="剔除", **{f"value-{entry.pk}": "9500"})
    settled = cell(house).confirmed
    assert settled is not None and settled.value == 9500


def test_mark_for_not_applicable_is_no_confirmed_figure(house: House, as_user: Log) -> None:
    endorsed(house)
    entry = cell(house)
    shown = decide(as_user(house.owner), "confirm", [entry], **{f"value-{entry.pk}": "—"})
    assert "不能作核定数" in shown and cell(house).state == "endorsed"


def test_figure_typed_beside_another_cell_outlives_a_decision(house: House, as_user: Log) -> None:
    endorsed(house)
    page, first, second = as_user(house.owner), cell(house), cell(house, "E2")
    shown = decide(page, "confirm", [first], **{f"value-{second.pk}": "8765"})
    assert "已核定1项" in shown and 'value="8765"' in shown
    assert cell(house, "E2").state == "endorsed"


def test_return_carries_its_reason_and_the_new_figure_is_compared(
    house: House, as_user: Log
) -> None:
    endorsed(house)
    page = as_user(house.owner)
    assert "退回要写明原因" in decide(page, "return", [cell(house)])
    assert "已退回1项" in decide(page, "return", [cell(house)], reason="与报表不符")
    assert "退回原因：与报表不符" in page.get(REVIEW).content.decode()
    hand_in(house, "E1", house.clerk, 9899)
    shown = page.get(REVIEW).content.decode()
    assert "退回前 9999" in shown and "，−100" in shown


def test_nothing_chosen_is_said_and_changes_nothing(house: House, as_user: Log) -> None:
    endorsed(house)
    assert "请先勾选" in decide(as_user(house.owner), "confirm", [])
    assert cell(house).state == "endorsed"


def test_reported_confirmed_and_official_stand_side_by_side(house: House, as_user: Log) -> None:
    endorsed(house)
    actions.confirm(
        entries=[cell(house)], by=house.owner, values={cell(house).pk: Decimal(9500)}, reason="剔除"
    )
    Figure.objects.create(
        unit=house.units["E1"], indicator=house.indicators["revenue"], period="2026-10",
        source="official", value="9400", recorded_at=house.campaign.rounds.get().due_at,
    )  # fmt: skip
    row = desk_of(house.office, Round.objects.get(), unit="E1", indicator="revenue").rows[0]
    assert (row["reported"], row["confirmed"], row["official"]) == (9999, 9500, 9400)
    assert row["previous"] == 900 and row["target"] == 12000 and row["differs"]
    assert row["gap"] == pytest.approx((9 * 900 + 9999) / 120 - 1000 / 12)
    shown = as_user(house.office).get(REVIEW).content.decode()
    assert "统计反馈数" in shown and "9,400" in shown


@pytest.mark.parametrize("name", ["office", "leader", "inspector", "clerk"])
def test_who_decides_nothing_has_no_buttons(house: House, as_user: Log, name: str) -> None:
    endorsed(house)
    shown = as_user(house.people[name]).get(REVIEW).content.decode()
    assert 'name="do"' not in shown and 'name="entry"' not in shown and "r-value" not in shown


@pytest.mark.parametrize("name", ["office", "leader", "inspector", "clerk", "head", "other_owner"])
@pytest.mark.parametrize("event", ["confirm", "return", "endorse"])
def test_what_has_no_button_is_refused_too(
    house: House, as_user: Log, name: str, event: str
) -> None:
    endorsed(house)
    data = {"do": event, "entry": [cell(house).pk], "reason": "试试"}
    answer = as_user(house.people[name]).post(REVIEW + "decide/", data)
    assert answer.status_code in (302, 403)
    assert cell(house).state == "endorsed" and cell(house).confirmed is None


def test_owner_sees_the_cells_of_own_indicators_only(house: House, as_user: Log) -> None:
    endorsed(house)
    rows = sheet(as_user(house.owner).get(REVIEW + "?export=xlsx"))
    assert len(rows) == 4
    assert {row[1] for row in rows[1:]} == {"营业收入"}


def test_export_holds_nothing_of_another_unit(house: House, as_user: Log) -> None:
    endorsed(house)
    page = as_user(house.clerk)
    for address in (REVIEW, "/c/race/rounds/2026-10/"):
        text = str(sheet(page.get(address + "?export=xlsx")))
        assert "栖湖文旅" in text and "澄江" not in text and "望岳" not in text
    owners = str(sheet(page.get("/c/race/rounds/2026-10/?o_export=o_xlsx")))
    assert "经营部" in owners
    assert sheet(page.get("/c/race/rounds/?export=xlsx"))[1][4] == 2


def test_cell_of_another_unit_cannot_be_chosen(house: House, as_user: Log) -> None:
    hand_in(house, "E2", house.other_clerk)
    shown = decide(as_user(house.head), "endorse", [cell(house, "E2")])
    assert "请先勾选" in shown and "澄江" not in shown
    assert cell(house, "E2").state == "submitted"


def test_owner_who_is_also_the_units_clerk_gets_no_button_for_it(
    house: House, as_user: Log
) -> None:
    endorsed(house)
    house.owner.posts.create(role="clerk", unit=house.units["E1"], campaign=house.campaign)
    desk = desk_of(User.objects.get(pk=house.owner.pk), Round.objects.get(), indicator="revenue")
    events = {row["unit_code"]: row["events"] for row in desk.rows}
    assert events == {"E1": (), "E2": ("confirm", "return"), "C1": ()}
    assert "不能由您核定" in decide(as_user(house.owner), "confirm", [cell(house)])


def test_boxes_are_filters_and_keep_the_choice(house: House, as_user: Log) -> None:
    endorsed(house)
    page = as_user(house.office)
    rows = sheet(page.get(REVIEW + "?unit=E1&box=endorsed&export=xlsx"))
    assert len(rows) == 3
    assert len(sheet(page.get(REVIEW + "?unit=E1&box=owed&export=xlsx"))) == 1


def test_after_deciding_one_is_back_where_one_was(house: House, as_user: Log) -> None:
    endorsed(house)
    page = as_user(house.owner)
    for here, there in ((REVIEW + "?box=mine", REVIEW + "?box=mine"), ("//evil.cn/review", REVIEW)):
        data = {"do": "confirm", "entry": [], "next": here}
        assert page.post(REVIEW + "decide/", data).headers["Location"] == there


def test_desk_takes_a_number_of_queries_that_does_not_grow(
    house: House, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    endorsed(house)
    with django_assert_max_num_queries(32):  # type: ignore[attr-defined]
        desk_of(house.office, Round.objects.select_related("campaign").get())


def test_what_the_owner_has_to_provide_is_not_said_to_wait_for_units(
    house: House, as_user: Log
) -> None:
    house.indicators["revenue"].provider = "owner"
    house.indicators["revenue"].save()
    assert "3项等您提供；" in as_user(house.owner).get(REVIEW).content.decode()
    shown = as_user(house.office).get(REVIEW).content.decode()
    assert "还等3家单位提交" in shown and "3项待部门提供" in shown
    only = as_user(house.office).get(REVIEW + "?indicator=revenue").content.decode()
    assert "家单位提交" not in only and "去提供" not in only
