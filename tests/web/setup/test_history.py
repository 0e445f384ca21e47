"""History comes from a workbook: previewed, all or nothing, never over what was reported."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from saima_web.audit.models import Entry as LedgerEntry
from saima_web.people.models import User
from saima_web.reporting.models import Figure
from tests.web.cast import House

AsUser = Callable[[User], Client]
HEADER = ["单位", "指标", "计量单位", "数据来源", "2025年11月", "2025年12月", "2026年1月"]


@pytest.fixture
def office(house: House, as_user: AsUser) -> Client:
    return as_user(house.office)


def upload(client: Client, rows: list[list[object]], header: list[str] = HEADER) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "数据"
    for row in [header, *rows]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "历史.xlsx"
    answer = client.post("/c/race/settings/history/", {"file": stream})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_last_years_months_are_previewed_and_imported(house: House, office: Client) -> None:
    rows: list[list[object]] = [["栖湖文旅", "营业收入", "万元", "核定数", 812.5, 0.1, 900]]
    address = upload(office, rows)
    page = office.get(address).content.decode()
    for words in ("新增2个数", "1个与平台一致", "812.5"):
        assert words in page
    assert not Figure.objects.filter(period__startswith="2025").exists()
    office.post(address)
    found = {f.period: str(f.value) for f in Figure.objects.filter(period__startswith="2025")}
    assert found == {"2025-11": "812.5", "2025-12": "0.1"}
    told = LedgerEntry.objects.get(event="history.imported").data
    assert told["rows"] == 2
    assert len(told["file_digest"]) == 64


def test_corrected_history_shows_old_and_new_and_adds_a_row(house: House, office: Client) -> None:
    rows: list[list[object]] = [["栖湖文旅", "营业收入", "万元", "核定数", None, None, 905]]
    address = upload(office, rows)
    page = office.get(address).content.decode()
    assert "改动1个" in page
    assert "900" in page
    assert "905" in page
    office.post(address)
    figures = Figure.objects.filter(
        unit__code="E1", indicator__code="revenue", period="2026-01", source="confirmed"
    )
    assert [str(f.value) for f in figures] == ["900", "905"]


def test_what_was_reported_is_not_changed_by_an_import(house: House, office: Client) -> None:
    Figure.objects.filter(period="2026-01").update(origin="confirmed")
    rows: list[list[object]] = [["栖湖文旅", "营业收入", "万元", "核定数", 800, None, 905]]
    address = upload(office, rows)
    page = office.get(address).content.decode()
    assert "已有填报的数900，与文件里的905不同" in page
    assert office.post(address).status_code == 200
    assert not Figure.objects.filter(period="2025-11").exists()


def test_months_that_a_round_asks_for_and_future_months_are_refused(
    house: House, office: Client
) -> None:
    header = [*HEADER[:4], "2026年10月", "2099年1月"]
    rows: list[list[object]] = [["栖湖文旅", "营业收入", "万元", "核定数", 5, 6]]
    page = office.get(upload(office, rows, header)).content.decode()
    assert "已由填报轮次收数" in page
    assert "还没有结束" in page


def test_unknown_names_and_words_for_numbers_are_told_by_cell(house: House, office: Client) -> None:
    rows: list[list[object]] = [
        ["栖湖文化", "营业收入", "万元", "核定数", 1, 2, 3],
        ["栖湖文旅", "营业收入", "万元", "核定数", "约八百", None, None],
    ]
    address = upload(office, rows)
    page = office.get(address).content.decode()
    assert "“数据”!A2" in page
    assert "“数据”!E3" in page
    office.post(address)
    assert not Figure.objects.filter(period__startswith="2025").exists()


def test_template_lists_members_and_months_and_comes_back_empty(
    house: House, office: Client
) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(office.get("/c/race/settings/history/template/").content)
    )
    sheet = book["数据"]
    header = [c.value for c in sheet[1]]
    assert header[:4] == HEADER[:4]
    assert "2025年1月" in header
    assert sheet.max_row == 1 + 3 * 2


def test_file_without_a_table_is_refused_in_words(house: House, office: Client) -> None:
    page = office.get(upload(office, [], ["随便", "写写"])).content.decode()
    assert "没有找到数据表" in page


@pytest.mark.parametrize("who", ["admin", "clerk", "leader", "owner"])
def test_only_the_office_imports_history(house: House, as_user: AsUser, who: str) -> None:
    assert as_user(house.people[who]).get("/c/race/settings/history/").status_code == 403


def test_upload_of_a_colleague_is_not_there(house: House, office: Client, as_user: AsUser) -> None:
    address = upload(office, [["栖湖文旅", "营业收入", "万元", "核定数", 1, 2, 900]])
    other = User.objects.create_user("second", "draw-the-bow-7", name="第二人")
    other.posts.create(role="office", campaign=house.campaign)
    assert as_user(other).get(address).status_code == 404
