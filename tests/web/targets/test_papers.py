"""The workbook out and in again with its preview; responsibility letters as Word documents."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from saima_web.targets import actions
from saima_web.targets.models import Headline, TargetSet
from tests.web.cast import House
from tests.web.targets.helpers import edit, months, put, set_targets, value

Log = Callable[..., Client]
HOME = "/c/race/targets/"


def workbook(rows: list[list[Any]], sheet: str = "目标") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("台账.xlsx", stream.getvalue())


def test_an_export_brought_back_unchanged_changes_nothing(house: House, as_user: Log) -> None:
    set_targets(house, *months(house, "E1", "1000"), edit(house, "E1", "2026", stretch="12500"))
    client = as_user(house.office)
    content = client.get(HOME + "export/").content
    page = client.post(HOME + "import/", {"file": SimpleUploadedFile("目标.xlsx", content)})
    assert "没有改动" in page.content.decode()


def test_a_changed_workbook_is_previewed_and_then_drafted(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    rows = [["单位", "指标", "全年目标", "1月"], ["栖湖文旅", "营业收入", 13000, 1100]]
    page = client.post(HOME + "import/", {"file": workbook(rows)}).content.decode()
    assert "将改动2格" in page
    assert not TargetSet.objects.filter(state="draft").exists()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    client.post(HOME + "import/save/", {"token": found[1]})
    batch = TargetSet.objects.get(state="draft")
    assert {(t.period, t.value) for t in batch.targets.all()} == {
        ("2026", Decimal(13000)), ("2026-01", Decimal(1100)),
    }  # fmt: skip
    assert value(house, "E1", "2026") == Decimal(12000)


def test_wrong_rows_are_named_and_nothing_can_be_saved(house: House, as_user: Log) -> None:
    rows = [
        ["单位", "指标", "全年目标"],
        ["栖湖文旅", "营业收入", "很多"],
        ["查无此单位", "营业收入", 5],
        ["澄江置业", "营业收入", 12.5],
    ]
    page = as_user(house.office).post(HOME + "import/", {"file": workbook(rows)}).content.decode()
    assert "台账.xlsx“目标”!C2" in page
    assert "查无此单位" in page
    assert "小数多于0位" in page
    assert 'name="token"' not in page


def test_a_workbook_without_the_sheet_is_told_so(house: House, as_user: Log) -> None:
    page = as_user(house.office).post(HOME + "import/", {"file": workbook([["x"]], "其他")})
    assert "没有“目标”表" in page.content.decode()


def test_what_is_no_workbook_is_refused_in_words(house: House, as_user: Log) -> None:
    file = SimpleUploadedFile("目标.xlsx", b"not a workbook")
    answer = as_user(house.office).post(HOME + "import/", {"file": file})
    assert answer.status_code == 200
    assert "目标.xlsx" in answer.content.decode()


def test_a_forged_preview_is_not_taken(house: House, as_user: Log) -> None:
    as_user(house.office).post(HOME + "import/save/", {"token": "forged"})
    assert not TargetSet.objects.filter(state="draft").exists()


def text_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    parts = [p.text for p in document.paragraphs]
    parts += [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join(parts)


def test_the_letter_says_what_the_unit_takes_on(house: House, as_user: Log) -> None:
    set_targets(house, *months(house, "E1", "1000"), edit(house, "E1", "2026", stretch="12500"))
    Headline.objects.create(
        campaign=house.campaign, indicator=house.indicators["revenue"], comparator="exceed",
        recorded_at=house.campaign.target_sets.latest("pk").made_at,
    )  # fmt: skip
    text = text_of(as_user(house.clerk).get(HOME + "letters/E1/").content)
    for said in (
        "2026年度目标责任书", "甲方：示例集团", "乙方：示例栖湖文旅公司", "营业收入", "突破", "12,000",
        "12,500", "1,000", "《示例集团赛马比拼办法》（示例〔2026〕1号）", "乙方承担以下2项目标；各月计划见附件。",
    ):  # fmt: skip
        assert said in text


def test_a_draft_does_not_enter_the_letter(house: House, as_user: Log) -> None:
    put(house, edit(house, "E1", "2026", value="77777"))
    assert "77,777" not in text_of(as_user(house.office).get(HOME + "letters/E1/").content)


def test_all_letters_come_in_one_archive(house: House, as_user: Log) -> None:
    content = as_user(house.office).get(HOME + "letters/?all=1").content
    names = zipfile.ZipFile(BytesIO(content)).namelist()
    assert names == [
        "01_2026年度目标责任书（栖湖文旅）.docx",
        "02_2026年度目标责任书（澄江置业）.docx",
        "03_2026年度目标责任书（望岳建设）.docx",
    ]


def test_a_unit_gets_only_its_own_letter_in_the_archive(house: House, as_user: Log) -> None:
    content = as_user(house.clerk).get(HOME + "letters/?all=1").content
    assert len(zipfile.ZipFile(BytesIO(content)).namelist()) == 1


def test_without_targets_there_is_no_letter(house: House, as_user: Log) -> None:
    set_targets(
        house,
        edit(house, "E1", "2026", value=None),
        edit(house, "E1", "2026", "investment", value=None),
    )
    answer = as_user(house.office).get(HOME + "letters/E1/")
    assert answer.status_code == 409
    assert "还没有已批准的目标" in answer.content.decode()


def test_a_goal_in_words_stands_in_the_letter(house: House) -> None:
    batch, problems = actions.put_goals(
        campaign=house.campaign, by=house.clerk,
        edits=[edit(house, "E1", "2026-11", goal="完成示范点创建")],
    )  # fmt: skip
    assert batch is not None, problems
    assert batch.made_by == house.clerk
