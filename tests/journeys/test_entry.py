"""A clerk reports thirty figures: by keyboard only, through a lost connection, from a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from saima_web.reporting.models import Entry, Figure, Remark
from saima_web.targets import behind_actions
from tests.web.cast import House
from tests.web.reporting.thirty import furnish

AXE = Path(__file__).with_name("axe.min.js")
PageAs = Callable[..., Any]
ROW = "/c/race/report/2026-10/E1/"
VALUES = {
    "revenue": "1500", "investment": "1000", "profit": "439", "taxes": "408", "cost-ratio": "87.0",
    "receivables": "200", "visitors": "30.1", "old-town": "2600", "hotel": "3100", "path": "1700",
    "starts": "0", "included": "1", "merchants": "6", "brands": "0", "signed": "3150",
    "let": "91.9", "leads": "5", "households": "9", "agreements": "70", "homes": "90",
    "digital": "150", "tickets": "85", "records": "50", "cameras": "18", "energy": "2.9",
    "branch": "2", "training": "200",
}  # fmt: skip
"""October's figures of the cells that the clerk fills, none far behind."""


@pytest.fixture
def entries(house: House) -> dict[str, Entry]:
    return {e.indicator.code: e for e in furnish(house)}


@pytest.fixture
def clerk(page_as: PageAs, house: House, entries: dict[str, Entry]) -> Any:
    """The clerk's entry page, ready to type."""
    return opened(page_as(house.clerk))


def opened(page: Any) -> Any:
    page.goto(ROW)
    page.wait_for_selector("#sheet[data-ready=yes]")
    return page


def cell(page: Any, entry: Entry) -> Any:
    return page.locator(f"#cell-{entry.pk}")


def state(page: Any, entry: Entry) -> Any:
    return page.locator(f"tr[data-entry='{entry.pk}'] [data-col=state]")


def type_into(page: Any, entry: Entry, text: str, end: str = "Enter") -> None:
    cell(page, entry).focus()
    page.keyboard.type(text)
    page.keyboard.press(end)


def paste(page: Any, text: str) -> None:
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste',
        { clipboardData: data, bubbles: true, cancelable: true })); }""",
        text,
    )


def test_count_of_the_leads_is_taken_with_one_key_or_click(
    page_as: PageAs, house: House, entries: dict[str, Entry]
) -> None:
    entry = entries["brands"]
    behind_actions.add_lead(
        campaign=house.campaign, unit=house.units["E1"], indicator=entry.indicator, kind="lead",
        name="甲品牌", stage="signed", on=date(2026, 10, 8), by=house.clerk,
    )  # fmt: skip
    page = opened(page_as(house.clerk))
    offer = page.get_by_text("台账清单数出1")
    expect(offer).to_be_visible()
    expect(cell(page, entry)).to_have_text("未报")
    cell(page, entry).focus()
    page.keyboard.press("=")
    expect(cell(page, entry)).to_have_text("1")
    expect(state(page, entry)).to_have_text("已保存")
    expect(offer).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(cell(page, entry)).to_have_text("未报")
    offer.get_by_role("button", name="填入").click()
    expect(state(page, entry)).to_have_text("已保存")
    entry.refresh_from_db()
    assert entry.reported is not None and entry.reported.value == 1


def test_thirty_figures_by_keyboard_only(
    clerk: Any, house: House, entries: dict[str, Entry]
) -> None:
    """From the page's start with Tab into the grid, a figure and Enter each, explain, hand in."""
    first = cell(clerk, entries["revenue"])
    for _ in range(60):
        clerk.keyboard.press("Tab")
        if first.evaluate("x => x === document.activeElement"):
            break
    for code in in_order(clerk, entries):
        assert clerk.evaluate("document.activeElement.id") == f"cell-{entries[code].pk}"
        clerk.keyboard.type(VALUES[code])
        clerk.keyboard.press("Enter")
    expect(clerk.locator("#saved")).to_contain_text("全部已保存")
    saved = Figure.objects.filter(period="2026-10", source="reported", by=house.clerk)
    assert {f.indicator.code: str(f.value) for f in saved.order_by("pk")} == {
        code: f"{float(v):g}" for code, v in VALUES.items()
    }
    explain_all(clerk)
    clerk.locator("#submit").focus()
    clerk.keyboard.press("Enter")
    expect(clerk.locator(".s-notice.success")).to_contain_text("已提交27项，等周临川审核。")
    expect(clerk.locator("h1")).to_contain_text("现在等周临川")
    assert Entry.objects.filter(state="submitted").count() == 27


def in_order(page: Any, entries: dict[str, Entry]) -> list[str]:
    """The codes of the cells to fill, from the top of the page down."""
    codes = {str(e.pk): code for code, e in entries.items()}
    ids = page.locator("tr[data-entry]").evaluate_all("rows => rows.map(r => r.dataset.entry)")
    return [codes[i] for i in ids if codes[i] in VALUES]


def explain_all(page: Any) -> None:
    """Fill in what is owed, row by row, with Alt+↓."""
    for _ in range(30):
        owed = page.locator("tr[data-entry]:has([data-col=state]:has-text('待说明'))")
        if owed.count() == 0:
            return
        owed.first.locator("[data-col=value]").focus()
        page.keyboard.press("Alt+ArrowDown")
        page.keyboard.type("审批未完成")
        if page.evaluate("document.activeElement.form.elements.length") > 2:
            page.keyboard.press("Tab")
            page.keyboard.type("专人盯办")
            page.keyboard.press("Tab")
            page.evaluate("document.activeElement.value = '2026-12-20'")
        before = owed.count()
        page.keyboard.press("Enter")
        expect(owed).not_to_have_count(before)
    raise AssertionError("there is always more to explain")


def test_a_dropped_connection_loses_nothing(clerk: Any, entries: dict[str, Entry]) -> None:
    clerk.context.set_offline(True)
    type_into(clerk, entries["profit"], "405")
    type_into(clerk, entries["taxes"], "301")
    expect(clerk.locator("#banner")).to_contain_text("网络断开，已在本机暂存2项，恢复后自动保存")
    expect(state(clerk, entries["profit"])).to_contain_text("存在本机")
    assert not Figure.objects.filter(indicator__code="profit", period="2026-10").exists()
    clerk.context.set_offline(False)
    expect(clerk.locator("#banner")).to_contain_text("网络已恢复，暂存的2项都已保存")
    found = Entry.objects.filter(indicator__code__in=("profit", "taxes"), unit__code="E1")
    assert sorted(str(e.reported and e.reported.value) for e in found.exclude(reported=None)) == [
        "301", "405",
    ]  # fmt: skip


def test_a_closed_window_loses_nothing(
    clerk: Any, page_as: PageAs, entries: dict[str, Entry]
) -> None:
    clerk.route("**/cells/save/", lambda route: route.abort())
    type_into(clerk, entries["profit"], "405")
    cell(clerk, entries["taxes"]).focus()
    clerk.keyboard.type("30")
    clerk.unroute("**/cells/save/")
    opened(clerk)
    expect(clerk.locator("#notice")).to_contain_text("上次没来得及保存")
    expect(cell(clerk, entries["profit"])).to_have_text("405")
    expect(cell(clerk, entries["taxes"])).to_have_text("30")
    expect(clerk.locator("#saved")).to_contain_text("全部已保存")
    assert Figure.objects.filter(indicator__code="profit", value="405").count() == 1


def test_a_page_read_before_a_save_shows_it_nevertheless(
    clerk: Any, entries: dict[str, Entry]
) -> None:
    """The next page is drawn, then the last one's save is done and answered, then it opens."""
    held: list[Any] = []
    read: list[Any] = []

    def hold_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    def read_first(route: Any) -> None:
        page = route.fetch()
        read.append(page)
        held[0].fulfill(response=held[0].fetch())
        clerk.wait_for_timeout(300)
        route.fulfill(response=page)

    clerk.route("**/cells/save/", hold_first)
    with clerk.expect_request("**/cells/save/"):
        type_into(clerk, entries["profit"], "405")
    clerk.route(f"**{ROW}", read_first)
    opened(clerk)
    expect(cell(clerk, entries["profit"])).to_have_text("405")
    expect(clerk.locator("#saved")).to_contain_text("全部已保存")
    assert read
    assert Figure.objects.filter(indicator__code="profit", value="405").count() == 1


def test_an_answer_that_was_lost_saves_once(clerk: Any, entries: dict[str, Entry]) -> None:
    """The server saved, the answer never came: the same request is sent again."""
    lost: list[int] = []

    def lose_first(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(1)
        route.fetch()
        route.abort()

    clerk.route("**/cells/save/", lose_first)
    type_into(clerk, entries["profit"], "405")
    expect(state(clerk, entries["profit"])).to_contain_text("已保存")
    assert Figure.objects.filter(indicator__code="profit", period="2026-10").count() == 1


def test_a_column_is_pasted_from_a_spreadsheet_and_undone(
    clerk: Any, entries: dict[str, Entry]
) -> None:
    cell(clerk, entries["profit"]).focus()
    paste(clerk, "４３９\r\n408\r\n87.0\r\n2,00\r\n3.01千万\r\n")
    expect(clerk.locator("#notice")).to_contain_text("已粘贴5项")
    expect(cell(clerk, entries["profit"])).to_have_text("439")
    expect(cell(clerk, entries["cost-ratio"])).to_have_text("87.0")
    expect(state(clerk, entries["receivables"])).to_contain_text("未保存")
    expect(cell(clerk, entries["receivables"])).to_have_text("2,00")
    cell(clerk, entries["profit"]).focus()
    clerk.keyboard.press("Control+z")
    expect(state(clerk, entries["profit"])).to_contain_text("未报")
    expect(state(clerk, entries["receivables"])).to_contain_text("未报")
    clerk.keyboard.press("Control+y")
    expect(state(clerk, entries["taxes"])).to_contain_text("已保存")
    expect(cell(clerk, entries["taxes"])).to_have_text("408")


def test_rows_with_names_find_their_lines(clerk: Any, entries: dict[str, Entry]) -> None:
    cell(clerk, entries["revenue"]).focus()
    paste(
        clerk,
        "指标\t9月\t10月\n职工培训（人次）\t120\t200\n上缴税费（亿元）\t0.0288\t0.0408\n别的指标\t1\t2\n",
    )
    expect(clerk.locator("#notice")).to_contain_text("已粘贴2项，跳过1项：别的指标")
    expect(cell(clerk, entries["training"])).to_have_text("200")
    expect(cell(clerk, entries["taxes"])).to_have_text("408")


def test_what_is_refused_stays_in_the_cell_with_its_reason(
    clerk: Any, entries: dict[str, Entry]
) -> None:
    type_into(clerk, entries["receivables"], "21500")
    expect(state(clerk, entries["receivables"])).to_contain_text("未保存")
    expect(cell(clerk, entries["receivables"])).to_have_text("21500")
    expect(cell(clerk, entries["receivables"])).to_have_attribute("aria-invalid", "true")
    below = clerk.locator(f"tr[data-entry='{entries['receivables'].pk}'] + .s-msg")
    expect(below).to_contain_text("全年目标")
    expect(below).to_contain_text("没有保存")
    expect(clerk.locator("#answer")).to_contain_text("1项要更正")
    expect(clerk.locator("#saved")).to_contain_text("1项没有保存")
    type_into(clerk, entries["receivables"], "215")
    expect(state(clerk, entries["receivables"])).to_contain_text("已保存")
    expect(clerk.locator("#saved")).to_contain_text("全部已保存")


def test_submitting_lists_what_is_open_and_leads_to_it(
    clerk: Any, entries: dict[str, Entry]
) -> None:
    type_into(clerk, entries["profit"], "439")
    expect(state(clerk, entries["profit"])).to_contain_text("已保存")
    clerk.click("#submit")
    expect(clerk.locator("#points-title")).to_contain_text("没有提交")
    clerk.locator("#points-list button", has_text="职工培训").click()
    assert clerk.evaluate("document.activeElement.id") == f"cell-{entries['training'].pk}"
    assert Entry.objects.get(pk=entries["profit"].pk).state == "draft"


def test_being_behind_asks_in_the_row_and_remembers_the_promise(
    clerk: Any, entries: dict[str, Entry]
) -> None:
    type_into(clerk, entries["investment"], "500")
    form = clerk.locator(f"#ask-{entries['investment'].pk}")
    expect(form).to_contain_text("上月承诺“幕墙变更10月20日前批复”")
    form.locator("[name=text]").fill("酒店幕墙变更审批未完成")
    form.locator("[name=measure]").fill("专班每周调度")
    form.locator("[name=catch_up_on]").fill("2026-12-10")
    form.locator("button").click()
    expect(form).to_have_count(0)
    expect(state(clerk, entries["investment"])).to_contain_text("已保存")
    note = Remark.objects.get(kind="behind", entry=entries["investment"])
    assert (note.measure, str(note.catch_up_on)) == ("专班每周调度", "2026-12-10")


def test_two_people_on_one_cell_choose(
    clerk: Any, house: House, page_as: PageAs, entries: dict[str, Entry]
) -> None:
    head = opened(page_as(house.head))
    type_into(head, entries["profit"], "390")
    expect(state(head, entries["profit"])).not_to_contain_text("保存中")
    type_into(clerk, entries["profit"], "439")
    below = clerk.locator(f"tr[data-entry='{entries['profit'].pk}'] + .s-msg")
    expect(below).to_contain_text("他人刚改为390；您填的是439")
    below.get_by_text("用我的数").click()
    expect(state(clerk, entries["profit"])).to_contain_text("已保存")
    assert str(Entry.objects.get(pk=entries["profit"].pk).reported.value) == "439"  # type: ignore[union-attr]


def test_details_open_and_close_by_keyboard(clerk: Any, entries: dict[str, Entry]) -> None:
    cell(clerk, entries["investment"]).focus()
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator("#details h2")).to_be_focused()
    expect(clerk.locator("#details")).to_contain_text("3个项目计划之和")
    clerk.locator("#details input[name=text]").fill("是否含设备预付款？")
    clerk.locator("#details").get_by_text("发送").click()
    expect(clerk.locator("#details .s-log")).to_contain_text("是否含设备预付款？")
    clerk.locator("#details h2").focus()
    clerk.keyboard.press("Escape")
    assert clerk.evaluate("document.activeElement.id") == f"cell-{entries['investment'].pk}"


def test_filters_show_what_is_missing_and_stay_in_the_address(
    clerk: Any, entries: dict[str, Entry]
) -> None:
    clerk.click("[data-filter=returned]")
    expect(clerk.locator("tr[data-entry]:visible")).to_have_count(1)
    assert clerk.url.endswith("?show=returned")
    clerk.reload()
    clerk.wait_for_selector("#sheet[data-ready=yes]")
    expect(clerk.locator("tr[data-entry]:visible")).to_have_count(1)


def test_a_figure_is_typed_on_a_telephone(
    page_as: PageAs, house: House, entries: dict[str, Entry]
) -> None:
    phone = opened(page_as(house.clerk, width=390, height=844, has_touch=True))
    cell(phone, entries["profit"]).tap()
    phone.keyboard.type("439")
    phone.keyboard.press("Enter")
    expect(state(phone, entries["profit"])).to_contain_text("已保存")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_tab_walks_the_cells_and_lets_one_leave(clerk: Any, entries: dict[str, Entry]) -> None:
    order = in_order(clerk, entries)
    cell(clerk, entries[order[0]]).focus()
    clerk.keyboard.press("Tab")
    assert clerk.evaluate("document.activeElement.id") == f"cell-{entries[order[1]].pk}"
    clerk.keyboard.press("Shift+Tab")
    assert clerk.evaluate("document.activeElement.id") == f"cell-{entries[order[0]].pk}"
    clerk.keyboard.press("Escape")
    clerk.keyboard.press("Tab")
    assert not clerk.evaluate("document.getElementById('sheet').contains(document.activeElement)")


def test_escape_gives_the_old_figure_back(clerk: Any, entries: dict[str, Entry]) -> None:
    cell(clerk, entries["cameras"]).focus()
    clerk.keyboard.type("99")
    clerk.keyboard.press("Escape")
    expect(cell(clerk, entries["cameras"])).to_have_text("30")
    expect(state(clerk, entries["cameras"])).to_contain_text("被退回")
    assert not Figure.objects.filter(indicator__code="cameras", value="99").exists()


def test_an_expired_log_in_loses_nothing(
    page_as: PageAs, house: House, entries: dict[str, Entry], watched: Any
) -> None:
    clerk = opened(page_as(house.clerk))
    cookies = clerk.context.cookies()
    clerk.context.clear_cookies()
    type_into(clerk, entries["profit"], "439")
    expect(clerk.locator("#banner")).to_contain_text("登录已过期，已在本机暂存1项")
    clerk.context.add_cookies(cookies)
    expect(state(clerk, entries["profit"])).to_contain_text("已保存")
    expect(clerk.locator("#banner")).to_contain_text("暂存的1项都已保存")
    watched.errors.clear()  # the browser notes the refused requests
    assert Figure.objects.filter(indicator__code="profit", value="439").count() == 1


def test_a_department_fills_a_column_in_the_units_names(
    page_as: PageAs, house: House, entries: dict[str, Entry]
) -> None:
    owner = page_as(house.other_owner)
    owner.goto("/c/race/report/2026-10/by/investment/")
    owner.wait_for_selector("#sheet[data-ready=yes]")
    owner.locator("[data-col=value]").first.focus()
    paste(owner, "单位\t10月\n澄江置业\t1201\n示例望岳建设公司\t1302\n")
    expect(owner.locator(".s-msg").first).to_contain_text("请先写明受谁委托")
    assert not Figure.objects.filter(value="1201").exists()
    owner.locator("#behalf").fill("受各单位填报员委托，电话核对")
    owner.locator("#behalf").blur()
    expect(owner.locator(".s-msg")).to_have_count(0)
    expect(owner.locator("#saved")).to_contain_text("全部已保存")
    said = Figure.objects.filter(value__in=("1201", "1302")).values_list("on_behalf", flat=True)
    assert list(said) == ["受各单位填报员委托，电话核对"] * 2


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_serious_fault(
    page_as: PageAs, house: House, entries: dict[str, Entry], width: int
) -> None:
    page = opened(page_as(house.clerk, width=width))
    type_into(page, entries["investment"], "500")
    expect(page.locator(f"#ask-{entries['investment'].pk}")).to_be_visible()
    for address in ("", ROW + "upload/", ROW + "stamp/", ROW + "stamp/check/?code=A"):
        if address:
            page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(r => r.violations)")
        serious = [
            f"{v['id']}: {v['nodes'][0]['html'][:120]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert not serious, (address, serious)
