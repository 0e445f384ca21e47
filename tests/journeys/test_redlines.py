"""A veto in a browser: allowed, recorded, confirmed, it changes a ranking, is appealed, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of
from tests.journeys.test_path import answers, press, says, settle
from tests.web.cast import House
from tests.web.dashboards.published import publish
from tests.web.redlines.vetoed import NAME, forbid_score

PageAs = Callable[..., Any]
TODAY = datetime(2026, 10, 20, 2, tzinfo=UTC)
HERE = "/c/race/redlines/"
Places = dict[str, tuple[float | None, int | None]]


@pytest.fixture(autouse=True)
def late_october(settings: Any) -> None:
    """September is published, October runs."""
    settings.SAIMA_CLOCK_OFFSET = TODAY - timezone.now()


def places(run: ScoreRun) -> Places:
    return {u.unit: (u.score, u.rank) for u in result_of(run).units}


def published_again(house: House, reason: str) -> ScoreRun:
    """September scored once more and published as a correction."""
    run = scoring.run(campaign=house.campaign, period="2026-09", by=house.office, reason=reason)
    run = scoring.send_for_checking(run=run, by=house.office)
    run = scoring.close_checking(run=run, by=house.office)
    run = scoring.approve(run=run, by=house.leader)
    return scoring.publish(run=run, by=house.office)


def test_a_veto_changes_a_ranking_and_its_withdrawal_brings_it_back(
    page_as: PageAs, house: House
) -> None:
    forbid_score(house)
    before = places(publish(house, "2026-09")[0])
    assert before["E1"][1] == 1
    office, leader, head = (page_as(house.people[n]) for n in ("office", "leader", "head"))

    veto_is_allowed(office)
    incident = incident_is_recorded(office)
    leader_confirms(leader, incident)
    during = places(published_again(house, "补登否决"))
    assert during["E1"] == (0, 2)
    assert during["E2"][1] == 1
    leader.goto("/c/race/ranking/2026-09/")
    expect(leader.locator(".s-rank").first).to_contain_text("0.00")

    unit_appeals(head, incident)
    leader_withdraws(leader, incident)
    assert places(published_again(house, "撤销否决")) == before
    leader.goto(HERE)
    answers(leader, "4个领域至今都无事")


def veto_is_allowed(office: Any) -> None:
    """The usual domains, and one veto with its basis."""
    office.goto(HERE)
    answers(office, "还没有设红线领域")
    press(office, "设红线领域")
    office.get_by_role("button", name="用常用的四个领域").click()
    says(office, "已加上领域")
    press(office, "列入一种情形")
    office.select_option("dialog#add [name=domain]", label="安全生产")
    office.fill("dialog#add [name=name]", NAME)
    office.select_option("dialog#add [name=effect]", "veto")
    office.fill("dialog#add [name=basis]", "示例〔2026〕5号")
    settle(office, "add", "列入")
    says(office, "已列入许可清单")
    answers(office, "许可1种情形")


def incident_is_recorded(office: Any) -> str:
    """With its basis; the form shows what it would do. The address of the incident."""
    office.goto(HERE)
    press(office, "登记事件")
    office.select_option("[name=unit]", label="栖湖文旅")
    office.select_option("[name=veto]", index=1)
    office.fill("[name=name]", "边坡坍塌事故")
    office.fill("[name=on]", "2026-09-25")
    office.fill("[name=description]", "边坡局部坍塌，认定为责任事故。")
    expect(office.locator("#effect")).to_contain_text("位次1→2")
    office.evaluate("document.querySelector('[name=basis]').removeAttribute('required')")
    office.get_by_role("button", name="登记", exact=True).click()
    expect(office.locator(".s-notice.error")).to_contain_text("依据文件")
    office.fill("[name=basis]", "示例认定书〔2026〕2号")
    office.get_by_role("button", name="登记", exact=True).click()
    answers(office, "待审定")
    return str(office.url)


def leader_confirms(leader: Any, incident: str) -> None:
    leader.goto(incident)
    expect(leader.locator("main")).to_contain_text("审定以后排名会怎样")
    press(leader, "审定")
    settle(leader, "confirm", "审定生效")
    says(leader, "已审定生效")
    answers(leader, "生效中")
    leader.goto(HERE)
    answers(leader, "4个领域中，3个至今无事")


def unit_appeals(head: Any, incident: str) -> None:
    head.goto(HERE)
    head.get_by_text("边坡坍塌事故").click()
    assert head.url == incident
    press(head, "申诉")
    head.fill("dialog#appeal textarea", "认定书注明由分包单位负主要责任。")
    settle(head, "appeal", "提交申诉")
    answers(head, "申诉中")


def leader_withdraws(leader: Any, incident: str) -> None:
    leader.goto(incident)
    press(leader, "答复申诉")
    leader.fill("dialog#answer textarea", "经核认定书，申诉属实。")
    settle(leader, "answer", "采纳申诉，撤销")
    says(leader, "已撤销")
    answers(leader, "已撤销")
