"""Setting up in a browser: a campaign by form or after last year's, people and campaigns from files."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

from saima.files.campaign import load_campaign, save_campaign
from saima_web.campaigns.models import Campaign
from saima_web.people.actions import first_administrator
from saima_web.people.models import Post, Unit, User
from tests.journeys.test_path import SAMPLE, answers, press, says
from tests.web.cast import PASSWORD, House
from tests.web.people.test_import import GOOD, Sheets, bad, workbook

PageAs = Callable[..., Any]


def button(page: Any, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


# ── By form ──


def test_a_campaign_is_set_up_by_form(page_as: PageAs, house: House) -> None:
    page = page_as(house.admin)
    page.goto("/campaigns/new/")
    page.get_by_role("link", name="开始填写").click()
    page.fill("[name=name]", "2027年赛马行动")
    page.fill("[name=organisation]", "示例集团")
    page.fill("[name=code]", "race")
    page.fill("[name=start]", "2027-01-01")
    page.fill("[name=end]", "2027-12-31")
    page.fill("[name=tracks]", "经营类\n建设类")
    button(page, "建立行动")
    expect(page.get_by_role("alert")).to_contain_text("这个代码已经用过")
    expect(page.locator("[name=name]")).to_have_value("2027年赛马行动")
    page.fill("[name=code]", "race-2027")
    button(page, "建立行动")
    says(page, "行动已建好")
    answers(page, "还差5步可以启动")
    expect(page.locator(".w-steps li").first).to_be_visible()
    page.locator(".w-steps li", has_text="单位和赛道").get_by_role("link").click()
    page.wait_for_url("**/c/race-2027/settings/**")
    made = Campaign.objects.get(code="race-2027")
    assert list(made.tracks.values_list("name", flat=True)) == ["经营类", "建设类"]
    assert made.state == "preparing"


# ── After last year's ──


def test_a_campaign_follows_last_years_with_its_targets(page_as: PageAs, house: House) -> None:
    Post.objects.create(user=house.office, role="office")
    page = page_as(house.office)
    page.goto("/campaigns/new/")
    page.get_by_role("link", name="沿用", exact=True).click()
    page.select_option("[name=old]", label="示例赛马行动")
    page.fill("[name=name]", "明年赛马行动")
    page.fill("[name=code]", "next")
    page.check("[name=targets]")
    page.fill("[name=factor]", "1.1")
    button(page, "建立行动")
    says(page, "已沿用上年行动建好")
    answers(page, "还差")
    new = Campaign.objects.get(code="next")
    assert (new.start.year, new.cloned_from) == (2027, house.campaign)
    assert new.participations.count() == 3 and new.rulebooks.get().state == "draft"
    batch = new.target_sets.get()
    assert batch.state == "submitted"
    assert {t.value for t in batch.targets.filter(period="2027")} == {13200}
    page.goto("/c/next/rulebooks/")
    expect(page.locator("main")).to_contain_text("草稿")


# ── People from a sheet ──


def sheet(tmp_path: Path, sheets: Sheets) -> Path:
    path = tmp_path / "人员.xlsx"
    path.write_bytes(workbook(sheets).getvalue())
    return path


def bring(page: Any, address: str, path: Path) -> None:
    """Choose a file on an upload page and have it looked at."""
    page.goto(address)
    page.set_input_files("input[type=file]", path)
    button(page, "上传并检查")


def test_people_come_from_a_sheet_after_its_preview(
    page_as: PageAs, house: House, tmp_path: Path
) -> None:
    page, before = page_as(house.admin), User.objects.count()
    bring(page, "/people/import/", sheet(tmp_path, bad()))
    answers(page, "现在一行也没有导入")
    expect(page.get_by_role("heading", name="要改的地方")).to_be_visible()
    assert User.objects.count() == before
    page.get_by_role("link", name="换一个文件").click()
    bring(page, page.url, sheet(tmp_path, GOOD))
    answers(page, "8行都可以导入")
    assert User.objects.count() == before
    press(page, "导入")
    answers(page, "新增2位用户")
    row = page.locator("#first-passwords tr", has_text="严小禾")
    password = row.locator("code").inner_text()
    assert Unit.objects.get(code="E5").parent == Unit.objects.get(code="E4")
    new = page_as(None)
    new.goto("/")
    new.fill("[name=username]", "yan")
    new.fill("[name=password]", password)
    new.get_by_role("button", name="登录").click()
    new.wait_for_url("**/account/password/")


# ── A campaign's workbook ──


@pytest.fixture
def first(transactional_db: None) -> User:
    """The administrator of an empty platform."""
    return first_administrator(username="first", name="江启明", password=PASSWORD)


def test_a_workbook_with_an_error_is_shown_by_cell_and_mended(
    page_as: PageAs, first: User, tmp_path: Path
) -> None:
    good, wrong = tmp_path / "台账.xlsx", tmp_path / "台账-错.xlsx"
    save_campaign(*load_campaign(SAMPLE), good)
    book = openpyxl.load_workbook(good)
    book["目标"]["A2"] = "没有这个单位"
    book.save(wrong)
    page = page_as(first)
    bring(page, "/campaigns/new/import/", wrong)
    answers(page, "现在一条也没有导入")
    expect(page.locator("main")).to_contain_text("“目标”!A2")
    expect(page.get_by_role("button", name="导入行动")).to_have_count(0)
    with page.expect_download() as marked:
        page.get_by_role("link", name="下载标出问题的工作簿").click()
    found = openpyxl.load_workbook(io.BytesIO(Path(marked.value.path()).read_bytes()))
    assert found["目标"]["A2"].comment is not None
    page.get_by_role("button", name="换一个文件").click()
    bring(page, page.url, good)
    answers(page, "可以导入")
    assert not Campaign.objects.exists() and not Unit.objects.exists()
    page.fill("[name=code]", "hundred-days")
    button(page, "导入行动")
    says(page, "行动已导入")
    assert Campaign.objects.get(code="hundred-days").participations.count() >= 14


# ── A unit founded mid-year ──


def test_a_split_asks_for_each_indicators_share(page_as: PageAs, house: House) -> None:
    Unit.objects.create(code="E9", name="示例新栖湖公司", parent=house.units["G"], order=13)
    page = page_as(house.office)
    page.goto("/c/race/settings/succession/")
    page.check("[name=how][value=split]")
    page.select_option("[name=giver]", label="澄江置业")
    page.select_option("[name=taker]", label="示例新栖湖公司")
    page.fill("[name=since]", "2026-07-01")
    page.fill("[name=share]", "40")
    page.fill("[name=reason]", "集团发〔2026〕9号")
    press_confirmed(page, "登记变动")
    answers(page, "2项指标的余下目标各划多少")
    expect(page.locator("[name=share-revenue]")).to_have_value("40")
    page.fill("[name=share-revenue]", "25")
    page.fill("[name=share-investment]", "0")
    press_confirmed(page, "登记变动")
    answers(page, "1项目标划转待批准")
    batch = house.campaign.target_sets.get(kind="transfer")
    moved = {t.unit.code: t.value for t in batch.targets.select_related("unit")}
    assert moved == {"E2": 9000, "E9": 3000}


def press_confirmed(page: Any, name: str) -> None:
    """A button that asks once more before it acts."""
    page.once("dialog", lambda dialog: dialog.accept())
    button(page, name)
