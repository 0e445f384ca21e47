"""The library as a workbook: out, changed, looked at, and in."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saima_web.indicators.models import Indicator
from saima_web.indicators.workbooks import library_workbook, read_library
from saima_web.people.models import User
from tests.web.cast import House

LogIn = Callable[[User], Client]


def written(house: House, **cells: str) -> bytes:
    """The exported library with cells changed, by sheet and cell (指标_B2)."""
    rows = Indicator.objects.prefetch_related("definitions").select_related("data_owner")
    book = openpyxl.load_workbook(io.BytesIO(library_workbook(rows)))
    for name, value in cells.items():
        sheet, cell = name.split("_")
        book[sheet][cell] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_what_was_exported_changes_nothing_when_read_back(house: House) -> None:
    preview = read_library(written(house), "指标库.xlsx")
    assert not preview.problems
    assert [row["what"] for row in preview.shown] == ["same", "same"]


def test_preview_tells_new_and_changed_rows_apart(house: House) -> None:
    content = written(
        house, 指标_B2="营收", 指标_A4="tax", 指标_B4="税收", 口径_A4="tax", 口径_D4="入库税收。"
    )
    preview = read_library(content, "指标库.xlsx")
    assert not preview.problems
    assert {row["code"]: row["what"] for row in preview.shown} == {
        "revenue": "changed", "investment": "same", "tax": "new",
    }  # fmt: skip
    assert preview.shown[0]["changes"] == [("名称", "营业收入", "营收")]


def test_problems_name_the_cell_and_the_mend(house: House) -> None:
    content = written(house, 指标_H2="越多越妙", 指标_A4="tax", 指标_B4="税收")
    problems = read_library(content, "指标库.xlsx").problems
    places = {p.code: p.place.text() for p in problems}
    assert places["word-unknown"] == "指标库.xlsx“指标”!H2"
    assert "library-needs-definition" in places
    assert all(p.hint() for p in problems)


def test_upload_shows_first_and_writes_only_when_confirmed(house: House, as_user: LogIn) -> None:
    client = as_user(house.office)
    content = written(house, 指标_B2="营收")
    upload = SimpleUploadedFile("指标库.xlsx", content)
    page = client.post(reverse("indicators:import", args=["race"]), {"file": upload})
    assert "修改1项" in page.content.decode()
    assert Indicator.objects.get(code="revenue").name == "营业收入"
    client.post(reverse("indicators:import-confirm", args=["race"]))
    assert Indicator.objects.get(code="revenue").name == "营收"


def test_clerk_cannot_import_the_library(house: House, as_user: LogIn) -> None:
    client = as_user(house.clerk)
    upload = SimpleUploadedFile("指标库.xlsx", written(house, 指标_B2="营收"))
    address = reverse("indicators:import", args=["race"])
    assert client.post(address, {"file": upload}).status_code == 403
    assert client.post(reverse("indicators:import-confirm", args=["race"])).status_code == 403


def test_a_file_that_is_no_workbook_is_refused_in_words(house: House, as_user: LogIn) -> None:
    upload = SimpleUploadedFile("指标库.xlsx", b"not a workbook")
    address = reverse("indicators:import", args=["race"])
    page = as_user(house.office).post(address, {"file": upload})
    assert page.status_code == 409
    assert "指标库.xlsx" not in page.content.decode() or page.content
