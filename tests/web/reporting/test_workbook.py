"""The round's workbook: downloaded, filled in, previewed, applied; and what it refuses."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saima_web.people.models import Unit
from saima_web.reporting.models import Entry
from tests.web.cast import House
from tests.web.reporting.thirty import furnish

AsUser = Callable[..., Client]
ROW = "/c/race/report/2026-10/E1/"
COLUMN = "/c/race/report/2026-10/by/hazards/"


@pytest.fixture
def entries(house: House) -> dict[str, Entry]:
    return {e.indicator.code: e for e in furnish(house)}


@pytest.fixture
def clerk(house: House, entries: dict[str, Entry], as_user: AsUser) -> Client:
    return as_user(house.clerk)


def downloaded(client: Client, page: str = ROW) -> Any:
    answer = client.get(page + "workbook/")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def filled(book: Any, values: Mapping[str, Any]) -> SimpleUploadedFile:
    """The workbook with values by code in the column to fill."""
    page = book.active
    for row in page.iter_rows(min_row=4):
        if row[1].value in values:
            row[5].value = values[row[1].value]
    stream = io.BytesIO()
    book.save(stream)
    return SimpleUploadedFile("填报.xlsx", stream.getvalue())


def preview(client: Client, file: SimpleUploadedFile, page: str = ROW) -> str:
    answer = client.post(page + "upload/", {"file": file})
    assert answer.status_code == 200
    return answer.content.decode()


def carried(page: str, name: str = "changes") -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_workbook_is_prefilled_with_the_page(clerk: Client) -> None:
    page = downloaded(clerk).active
    assert page["A1"].value == "2026年10月填报　栖湖文旅"
    cameras = next(row for row in page.iter_rows(values_only=True) if row[1] == "cameras")
    assert cameras[:6] == ("视频接入点位", "cameras", "个", 220, 18, 30)


def test_preview_shows_exactly_what_will_change_and_changes_nothing(
    clerk: Client, entries: dict[str, Entry]
) -> None:
    page = preview(clerk, filled(downloaded(clerk), {"profit": 405, "cameras": 18}))
    assert "将改动2项，" in page
    assert "<s>30</s>" in page
    assert not Entry.objects.filter(indicator__code="profit", reported__isnull=False).exists()


def test_applying_saves_what_was_shown(clerk: Client, entries: dict[str, Entry]) -> None:
    page = preview(clerk, filled(downloaded(clerk), {"profit": "４０５", "taxes": "—"}))
    answer = clerk.post(ROW + "upload/", {"changes": carried(page)}, follow=True)
    assert "已从工作簿保存2项。" in answer.content.decode()
    profit = Entry.objects.get(pk=entries["profit"].pk).reported
    assert profit is not None
    assert (str(profit.value), profit.origin) == ("405", "workbook")
    taxes = Entry.objects.get(pk=entries["taxes"].pk).reported
    assert taxes is not None
    assert taxes.missing == "not-applicable"


def test_each_bad_cell_is_named_with_its_place_and_mend(
    clerk: Client, entries: dict[str, Entry]
) -> None:
    values = {"profit": "四百左右", "receivables": 99999, "hazards": 97, "taxes": 301}
    page = preview(clerk, filled(downloaded(clerk), values))
    assert "将改动1项，" in page
    assert "3行有问题。" in page
    assert re.search(r"填报.xlsx“填报”!F\d+", page)
    assert "“四百左右”不是数字。请填数字" in page
    assert "由部门统一提供，不用填。" in page


def test_only_failed_rows_come_back_and_can_be_uploaded_again(
    clerk: Client, entries: dict[str, Entry]
) -> None:
    page = preview(clerk, filled(downloaded(clerk), {"profit": "四百左右", "taxes": 301}))
    answer = clerk.post(ROW + "upload/", {"failed": carried(page, "failed")})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[5]) for row in rows] == [("profit", "四百左右")]
    assert "将改动1项，" in preview(clerk, filled(book, {"profit": 400}))


def test_a_figure_changed_after_the_preview_is_not_overwritten(
    clerk: Client, house: House, entries: dict[str, Entry]
) -> None:
    from decimal import Decimal

    from saima_web.reporting import actions

    page = preview(clerk, filled(downloaded(clerk), {"profit": 405}))
    actions.save_figure(entry=entries["profit"], value=Decimal(390), by=house.head)
    answer = clerk.post(ROW + "upload/", {"changes": carried(page)}).content.decode()
    assert "1项没有保存。" in answer
    assert "改为390" in answer


def test_changes_of_another_person_are_not_applied(
    clerk: Client, house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    page = preview(clerk, filled(downloaded(clerk), {"profit": 405}))
    as_user(house.head).post(ROW + "upload/", {"changes": carried(page)})
    as_user(house.head).post(ROW + "upload/", {"changes": "made up"})
    assert Entry.objects.get(pk=entries["profit"].pk).state == "empty"


def test_data_owner_uploads_by_column(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    client = as_user(house.other_owner)
    page = preview(client, filled(downloaded(client, COLUMN), {"E1": 98.6}), COLUMN)
    client.post(COLUMN + "upload/", {"changes": carried(page)})
    assert Entry.objects.get(pk=entries["hazards"].pk).state == "confirmed"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"not a workbook"), ("a.pdf", b"%PDF-1.7"), ("empty.xlsx", b""),
        ("a.csv", "甲,乙\n1,2\n".encode()), ("..\\..\\x.csv", b"\xff\xfe\x00\x01"),
    ],
)  # fmt: skip
def test_other_files_are_refused_in_words(clerk: Client, name: str, content: bytes) -> None:
    page = preview(clerk, SimpleUploadedFile(name, content))
    assert "没有读取" in page or "请先选择文件" in page or "什么都没有改动" in page


def test_a_plain_table_from_the_office_is_read_too(
    clerk: Client, entries: dict[str, Entry]
) -> None:
    content = "序号,指标名称,9月,10月\n1,利润总额（亿元）,0.0392,0.0405\n2,上缴税费,288,\n".encode()
    page = preview(clerk, SimpleUploadedFile("报表.csv", content))
    assert "将改动1项，" in page
    assert '<td class="n b">405</td>' in page


def test_names_that_look_like_formulas_stay_text(
    clerk: Client, entries: dict[str, Entry], house: House
) -> None:
    indicator = entries["profit"].indicator
    indicator.name = "=HYPERLINK(1)"
    indicator.save()
    page = downloaded(clerk).active
    found = next(row[0] for row in page.iter_rows() if row[1].value == "profit")
    assert (found.value, found.data_type) == ("=HYPERLINK(1)", "s")


def test_other_units_workbooks_are_closed(
    house: House, entries: dict[str, Entry], as_user: AsUser
) -> None:
    client = as_user(house.other_clerk)
    assert client.get(ROW + "workbook/").status_code == 404
    assert client.get(ROW + "upload/").status_code == 404
    assert Unit.objects.filter(code="E2").exists()


def test_a_workbook_downloaded_in_english_is_read_in_chinese(
    clerk: Client, entries: dict[str, Entry]
) -> None:
    book = downloaded(clerk)
    page = book.active
    page["A3"], page["B3"], page["F3"] = "Indicator", "Indicator code", "2026-10 (fill in)"
    assert "将改动1项，" in preview(clerk, filled(book, {"profit": 405}))
