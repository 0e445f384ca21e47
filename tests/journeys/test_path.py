"""The whole path in a browser: a campaign set up, a month reported, scored, published, corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from saima.files.campaign import load_campaign, save_campaign
from saima_web.campaigns.queries import period_in
from saima_web.indicators.models import Rulebook
from saima_web.indicators.queries import rulebook_in_force
from saima_web.people.actions import first_administrator
from saima_web.people.models import Post, Role, User
from saima_web.reporting import actions as reporting
from saima_web.reporting.models import Entry, Round
from saima_web.scoring.models import ScoreRun
from tests.journeys.test_entry import explain_all, opened
from tests.web.cast import PASSWORD, RULEBOOK, House

PageAs = Callable[..., Any]
SAMPLE = Path(__file__).resolve().parents[2] / "src/saima/samples/hundred-days"
TODAY = datetime(2026, 11, 3, 2, tzinfo=UTC)
OCTOBER = "/c/race/rounds/2026-10/"


@pytest.fixture(autouse=True)
def early_november(settings: Any) -> None:
    """October is over and its figures are due."""
    settings.SAIMA_CLOCK_OFFSET = TODAY - timezone.now()


def says(page: Any, text: str) -> None:
    """The notice after an action."""
    expect(page.locator(".s-notice", has_text=text).first).to_be_visible()


def answers(page: Any, text: str) -> None:
    """The first line of the page."""
    expect(page.locator("h1")).to_contain_text(text)


def press(page: Any, name: str) -> None:
    """The button or link of the page's head, as it is called."""
    page.locator(".s-head .act").get_by_text(name, exact=True).click()


def settle(page: Any, dialog: str, name: str) -> None:
    """A button of an open window."""
    page.locator(f"dialog#{dialog}[open]").get_by_role("button", name=name, exact=True).click()


# ── Setting up ──


def test_a_campaign_is_imported_from_a_workbook(
    page_as: PageAs, transactional_db: None, tmp_path: Path
) -> None:
    first = first_administrator(username="first", name="江启明", password=PASSWORD)
    workbook = tmp_path / "百日攻坚.xlsx"
    save_campaign(*load_campaign(SAMPLE), workbook)
    page = page_as(first)
    page.goto("/campaigns/new/")
    page.locator("a[href='/campaigns/new/import/']").first.click()
    page.set_input_files("input[type=file]", workbook)
    page.get_by_role("button", name="上传并检查").click()
    answers(page, "可以导入")
    page.fill("[name=code]", "hundred-days")
    page.get_by_role("button", name="导入行动").click()
    says(page, "行动已导入")
    assert page.url.endswith("/c/hundred-days/settings/ready/")


def test_a_new_clerk_gets_a_post_and_logs_in_with_a_first_password(
    page_as: PageAs, house: House
) -> None:
    page = page_as(house.admin)
    page.goto("/people/new/")
    page.fill("[name=username]", "林晚晴")
    page.fill("[name=name]", "林晚晴")
    page.select_option("[name=unit]", label="澄江置业")
    page.locator("main").get_by_role("button", name="新增用户").click()
    first = page.locator("#first-password").inner_text()
    page.get_by_text("记下了，去分配角色").click()
    page.select_option("[name=role]", value="clerk")
    page.select_option("[name=campaign]", label="示例赛马行动")
    page.locator("form[action$='/posts/'] [name=unit]").select_option(label="澄江置业")
    page.get_by_role("button", name="加上角色").click()
    answers(page, "有1个角色")
    new = page_as(None)
    new.goto("/")
    new.fill("[name=username]", "林晚晴")
    new.fill("[name=password]", first)
    new.get_by_role("button", name="登录").click()
    new.fill("[name=new]", PASSWORD)
    new.fill("[name=again]", PASSWORD)
    new.locator("main button").last.click()
    expect(new.locator(".s-top")).to_contain_text("林晚晴")
    new.goto("/c/race/")
    expect(new.locator("h1")).not_to_be_empty()


# ── From the rules to the ranking, and its correction ──


def test_from_the_rules_to_a_corrected_ranking(
    page_as: PageAs, house: House, tmp_path: Path
) -> None:
    Round.objects.all().delete()
    names = ("office", "leader", "clerk", "head", "owner", "other_owner", "other_head")
    by = {name: page_as(house.people[name]) for name in names}
    rules_are_changed(by["office"], house)
    targets_are_allocated(by["office"], by["leader"])
    round_is_opened(by["office"])
    others_report(house)
    clerk_reports(by["clerk"], by["head"])
    owner_returns_once(by, house)
    month_is_scored(by)
    first = bulletin_is_issued(by["office"], tmp_path)
    assert "10月" in first
    before = ScoreRun.objects.get(state="published")
    kept = (before.result, before.input_digest)
    mark_is_disputed(by)
    figure_is_corrected(by, house)
    month_is_scored_again(by)
    after = ScoreRun.objects.get(pk=before.pk)
    assert (after.result, after.input_digest, after.state) == (*kept, "superseded")
    second = bulletin_is_issued(by["office"], tmp_path)
    assert "更正" in second
    ledger_is_sound(page_as(house.admin))


def rules_are_changed(office: Any, house: House) -> None:
    """A next version, two weights moved in the browser, published for October on."""
    office.goto(f"/c/race/rulebooks/{house.campaign.rulebooks.get().pk}/")
    press(office, "新建下一版")
    answers(office, "第2版")
    weights = office.locator("#tree-form .i-weight-in")
    weights.nth(0).fill("55")
    weights.nth(1).fill("45")
    with office.expect_response(lambda r: r.url.endswith("/tree/")):
        weights.nth(1).blur()
    expect(office.locator("#tree-state")).to_contain_text("合计 100分")
    press(office, "发布")
    answers(office, "与第1版有2处不同")
    office.select_option("[name=effective_from]", "2026-10")
    office.fill("[name=basis]", "示例〔2026〕9号")
    office.once("dialog", lambda d: d.accept())
    office.get_by_role("button", name="确定发布").click()
    says(office, "已发布")
    assert Rulebook.objects.get(version=1).text == RULEBOOK
    assert in_force(house, "2026-09") == 1
    assert in_force(house, "2026-10") == 2


def in_force(house: House, month: str) -> int:
    row = rulebook_in_force(house.campaign, period_in(house.campaign, month))
    assert row is not None
    return row.version


def targets_are_allocated(office: Any, leader: Any) -> None:
    """The year is divided over units and months, saved, handed in, and approved by the leader."""
    office.goto("/c/race/targets/grid/revenue/")
    office.wait_for_selector("#sheet .tabulator-row")
    office.get_by_role("button", name="分解", exact=True).click()
    office.fill("#a-target", "37200")
    office.select_option("#a-units", "equal")
    office.select_option("#a-periods", "equal")
    settle(office, "allocate", "试算")
    expect(office.locator("#status")).to_contain_text("请核对后保存")
    office.click("#save")
    expect(office.locator("#status")).to_contain_text("已保存到草稿")
    office.click("#draft-link")
    press(office, "提交批准")
    office.fill("dialog#submit [name=title]", "营业收入目标上调")
    office.fill("dialog#submit [name=reason]", "上级追加任务")
    settle(office, "submit", "提交")
    says(office, "已提交")
    leader.goto("/c/race/targets/sets/")
    answers(leader, "1批待批准")
    leader.get_by_text("营业收入目标上调").click()
    press(leader, "批准")
    settle(leader, "approve", "批准")
    says(leader, "已批准")
    leader.goto("/c/race/targets/grid/revenue/")
    answers(leader, "37,200")


def round_is_opened(office: Any) -> None:
    office.goto("/c/race/rounds/open/?period=2026-10")
    answers(office, "2026年10月要填6项")
    office.locator("main").get_by_role("button", name="开启填报").click()
    says(office, "已开启")
    assert Entry.objects.filter(round__period="2026-10", state="empty").count() == 6


OTHERS = {"E2": (1030, 1000), "C1": (1000, 1200)}


def others_report(house: House) -> None:
    """The two other companies are through already."""
    made = {
        c: User.objects.create_user(c, PASSWORD, name=n)
        for c, n in (("钟实", "钟实"), ("孟远", "孟远"))
    }
    for user, role in zip(made.values(), (Role.CLERK, Role.HEAD), strict=True):
        Post.objects.create(user=user, role=role, unit=house.units["C1"], campaign=house.campaign)
    people = {"E2": (house.other_clerk, house.other_head), "C1": tuple(made.values())}
    for code, values in OTHERS.items():
        clerk, head = people[code]
        cells = list(Entry.objects.filter(unit__code=code).order_by("indicator__order"))
        for cell, value in zip(cells, values, strict=True):
            reporting.save_figure(entry=cell, value=Decimal(value), by=clerk)
            reporting.remark(
                entry=cell, kind="behind", text="雨季停工", measure="加班赶工",
                catch_up_on=date(2026, 12, 20), by=clerk,
            )  # fmt: skip
        reporting.submit(round=cells[0].round, unit=cells[0].unit, by=clerk)
        reporting.endorse(entries=cells, by=head)
        for cell, owner in zip(cells, (house.owner, house.other_owner), strict=True):
            reporting.confirm(entries=[cell], by=owner)


def clerk_reports(clerk: Any, head: Any) -> None:
    """Two figures and Enter, reasons where they are owed, handed in; the head looks and endorses."""
    opened_entry(clerk)
    clerk.locator("[data-col=value]").first.focus()
    for figure in ("950", "1000"):
        clerk.keyboard.type(figure)
        clerk.keyboard.press("Enter")
    expect(clerk.locator("#saved")).to_contain_text("全部已保存")
    explain_all(clerk)
    clerk.locator("#submit").focus()
    clerk.keyboard.press("Enter")
    says(clerk, "已提交2项，等周临川审核")
    endorse(head, 2)


def opened_entry(clerk: Any) -> None:
    """From the home page, as one finds it."""
    clerk.goto("/c/race/")
    clerk.locator("main a[href*='/report/2026-10/E1/']").first.click()
    clerk.wait_for_selector("#sheet[data-ready=yes]")


def endorse(head: Any, count: int) -> None:
    head.goto(OCTOBER + "review/")
    head.get_by_label("全选本页待处理").check()
    expect(head.locator("[data-count]")).to_have_text(f"已选{count}项")
    head.get_by_role("button", name="审核通过").click()
    says(head, "审核通过")


def owner_returns_once(by: dict[str, Any], house: House) -> None:
    """A return without a reason is held back; the clerk reads it, corrects, and it is confirmed."""
    owner = by["owner"]
    owner.goto(OCTOBER + "review/")
    owner.get_by_label("栖湖文旅 营业收入", exact=True).check()
    owner.get_by_role("button", name="退回所选").click()
    assert Entry.objects.filter(state="returned").count() == 0
    return_with(owner, "与财务报表不一致，请核实")
    report_again(by["clerk"], "与财务报表不一致，请核实", "960")
    endorse(by["head"], 1)
    confirm(owner)
    expect(owner.locator("main")).to_contain_text("960")
    by["other_owner"].goto(OCTOBER + "review/")
    confirm(by["other_owner"])
    cell = Entry.objects.get(unit__code="E1", indicator__code="revenue")
    assert cell.confirmed is not None and cell.confirmed.value == 960
    assert not Entry.objects.exclude(state="confirmed").exists()
    assert cell.confirmed.by == house.owner


def return_with(owner: Any, reason: str) -> None:
    owner.locator(".r-reason").fill(reason)
    owner.get_by_role("button", name="退回所选").click()
    says(owner, "退回")


def report_again(clerk: Any, reason: str, figure: str) -> None:
    opened(clerk)
    expect(clerk.locator("main")).to_contain_text(reason)
    cell = clerk.locator("tr[data-entry]", has_text="营业收入").locator("[data-col=value]")
    cell.focus()
    clerk.keyboard.type(figure)
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#saved")).to_contain_text("全部已保存")
    explain_all(clerk)
    clerk.click("#submit")
    says(clerk, "已提交1项")


def confirm(owner: Any) -> None:
    owner.goto(OCTOBER + "review/")
    owner.get_by_label("全选本页待处理").check()
    owner.get_by_role("button", name="核定所选").click()
    says(owner, "核定")


# ── Scoring and publishing ──


def month_is_scored(by: dict[str, Any]) -> None:
    office = by["office"]
    office.goto("/c/race/scores/")
    press(office, "计分")
    office.select_option("dialog#start [name=period]", "2026-10")
    settle(office, "start", "开始计分")
    says(office, "算好了")
    answers(office, "3家单位有成绩")
    step(office, "送各单位核对", "send", "送出")
    says(office, "已送各单位核对")
    run = ScoreRun.objects.get(state="checking")
    sheet = f"/c/race/scores/{run.pk}/sheets/"
    disagree(by["other_head"], sheet + "E2/")
    agree(by["head"], sheet + "E1/")
    office.reload()
    answers(office, "1家有异议")
    approve_and_publish(by, run)
    by["clerk"].goto("/c/race/ranking/")
    expect(by["clerk"].locator("main")).to_contain_text("栖湖文旅")
    answers(by["clerk"], "10月")


def step(page: Any, name: str, dialog: str, button: str) -> None:
    press(page, name)
    settle(page, dialog, button)


def disagree(head: Any, sheet: str) -> None:
    head.goto(sheet)
    answers(head, "请核对后答复")
    press(head, "有异议")
    head.fill("dialog#dispute [name=note]", "固定资产投资少算一个项目")
    settle(head, "dispute", "提交异议")
    says(head, "已答复：有异议")


def agree(head: Any, sheet: str) -> None:
    head.goto(sheet)
    press(head, "无异议")
    says(head, "已答复：无异议")


def approve_and_publish(by: dict[str, Any], run: ScoreRun) -> None:
    office, leader = by["office"], by["leader"]
    office.goto(f"/c/race/scores/{run.pk}/")
    step(office, "结束核对", "close", "结束核对")
    says(office, "核对已结束，等待领导审定")
    expect(office.locator(".s-head .act")).not_to_contain_text("公布")
    leader.goto(f"/c/race/scores/{run.pk}/")
    step(leader, "审定", "approve", "审定")
    says(leader, "已审定，可以公布")
    office.reload()
    step(office, "公布", "publish", "公布")
    says(office, "已公布")


def bulletin_is_issued(office: Any, folder: Path) -> str:
    """The words of the bulletin that is downloaded."""
    office.goto("/c/race/bulletins/")
    press(office, "印发2026年10月通报")
    answers(office, "将印发第")
    office.once("dialog", lambda d: d.accept())
    office.get_by_role("button", name="印发", exact=True).click()
    says(office, "已印发")
    with office.expect_download() as waiting:
        office.locator("main a", has_text=".docx").first.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return words_of(path)


def words_of(path: Path) -> str:
    paper = docx.Document(str(path))
    cells = [c.text for t in paper.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in paper.paragraphs] + cells)


# ── Appeal and correction ──


def mark_is_disputed(by: dict[str, Any]) -> None:
    """The head disputes a mark where it is explained; the office upholds it with a reason."""
    head, office = by["head"], by["office"]
    head.goto("/c/race/ranking/2026-10/")
    head.goto("/c/race/why/2026-10/E1/revenue/")
    press(head, "提出申诉")
    head.fill("#grounds", "10月收入应为1060万元，见补开发票")
    settle(head, "appeal", "提交申诉")
    expect(head.locator("main")).to_contain_text("10月收入应为1060万元")
    office.goto("/c/race/appeals/")
    answers(office, "1件待处理")
    office.locator("[name=decision]").fill("经核实发票属实，予以采纳")
    office.get_by_role("button", name="予以采纳", exact=True).click()
    answers(office, "都已答复")
    head.goto("/c/race/appeals/")
    expect(head.locator("main")).to_contain_text("经核实发票属实")


def figure_is_corrected(by: dict[str, Any], house: House) -> None:
    """The office cannot: the owner sends the figure back, the unit reports, head and owner pass it."""
    cell = Entry.objects.get(unit__code="E1", indicator__code="revenue")
    owner = by["owner"]
    owner.goto(OCTOBER + "review/")
    owner.get_by_label("栖湖文旅 营业收入", exact=True).check()
    return_with(owner, "申诉采纳，请按发票更正")
    report_again(by["clerk"], "申诉采纳，请按发票更正", "1060")
    endorse(by["head"], 1)
    confirm(owner)
    cell.refresh_from_db()
    assert cell.confirmed is not None and cell.confirmed.value == 1060
    assert cell.confirmed.by == house.owner


def month_is_scored_again(by: dict[str, Any]) -> None:
    """Version 2 says what differs; version 1 says that it was corrected, and stays."""
    office = by["office"]
    office.goto("/c/race/appeals/")
    office.get_by_role("button", name="按更正后的数重新计分").click()
    answers(office, "与第1版相比，1家有变化")
    step(office, "送各单位核对", "send", "送出")
    says(office, "已送各单位核对")
    run = ScoreRun.objects.get(state="checking")
    approve_and_publish(by, run)
    run.refresh_from_db()
    office.goto(f"/c/race/scores/{run.corrects_id}/")
    expect(office.locator("main")).to_contain_text("这一版已被更正，原样保留")
    by["clerk"].goto("/c/race/ranking/2026-10/")
    expect(by["clerk"].locator("main")).to_contain_text("第2版")


def ledger_is_sound(admin: Any) -> None:
    admin.goto("/ledger/")
    press(admin, "现在校验")
    answers(admin, "校验通过")
    expect(admin.locator("main")).to_contain_text("通报")
