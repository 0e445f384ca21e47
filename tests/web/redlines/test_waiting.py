"""What of red lines waits for a person stands among their own work; the cockpit counts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from saima_web.base import clock
from saima_web.base.clock import now, today
from saima_web.dashboards.matters import groups
from saima_web.dashboards.queries import my_work
from saima_web.people.models import User
from saima_web.redlines import actions, honour_actions, risk_actions
from saima_web.redlines.models import Incident, RiskItem
from saima_web.redlines.waiting import my_redlines
from tests.web.cast import House
from tests.web.dashboards.published import publish
from tests.web.redlines.vetoed import allow, forbid_score

As = Callable[[User], Client]


def titles(house: House, who: str) -> list[str]:
    found = my_redlines(house.people[who], house.campaign)
    return [w.title.partition("：")[0] for w in found]


def incident(house: House) -> Incident:
    forbid_score(house)
    veto = allow(house)
    return actions.record_incident(
        campaign=house.campaign, domain=veto.domain, unit=house.units["E1"], on=today(),
        name="坠落事故", description="一人受伤", basis="示例〔2026〕9号", veto=veto,
        expires=today() + timedelta(days=365), by=house.office,
    )  # fmt: skip


def risk(house: House) -> RiskItem:
    domain = house.campaign.domains.first() or allow(house).domain
    return risk_actions.enter_risk(
        campaign=house.campaign, domain=domain, unit=house.units["E1"], name="深基坑",
        every_days=30, by=house.clerk,
    )  # fmt: skip


def test_an_incident_and_its_appeal_wait_for_a_leader(house: House) -> None:
    row = incident(house)
    assert titles(house, "leader") == ["红线事件待您审定"]
    assert titles(house, "office") == titles(house, "head") == []
    actions.confirm(incident=row, words="", by=house.leader)
    assert titles(house, "leader") == []
    actions.appeal(incident=row, grounds="责任不在我方", by=house.head)
    assert titles(house, "leader") == ["红线事件有申诉，待您答复"]
    actions.uphold(incident=row, words="事实清楚", by=house.leader)
    assert titles(house, "leader") == []


def test_an_honour_waits_for_a_leader(house: House) -> None:
    honour_actions.record_honour(
        campaign=house.campaign, unit=house.units["E1"], kind="commendation", name="表彰",
        on=today(), basis="示例〔2026〕8号", by=house.office,
    )  # fmt: skip
    assert titles(house, "leader") == ["1项奖惩待您审定"]
    assert titles(house, "office") == []


def test_a_check_waits_for_its_unit_and_late_ones_for_who_oversees(house: House) -> None:
    row = risk(house)
    assert titles(house, "clerk") == titles(house, "office") == []
    with clock.at(now() + timedelta(days=30)):
        assert titles(house, "clerk") == ["风险该检查了"]
        assert titles(house, "other_clerk") == titles(house, "office") == []
    with clock.at(now() + timedelta(days=33)):
        assert titles(house, "office") == ["1项风险逾期没有检查"]
        risk_actions.check_risk(
            risk=row, on=today(), result="found", note="边坡开裂", by=house.clerk
        )
        assert titles(house, "clerk") == ["隐患待整改"]
        assert titles(house, "office") == titles(house, "viewer") == []


def test_the_leader_finds_it_among_work_and_in_the_cockpit(house: House, as_user: As) -> None:
    publish(house)
    row = incident(house)
    found = [i.title for i in my_work(house.leader, house.campaign) if i.kind == "redline"]
    assert found == ["红线事件待您审定：坠落事故"]
    page = as_user(house.leader).get("/c/race/cockpit/").content.decode()
    assert "等您办的" in page
    assert f'href="/c/race/redlines/{row.pk}/"' in page
    assert 'href="/c/race/redlines/?box=waiting">事件待审定1' in page
    by_word = {g.word: g for g in groups(house.leader, house.campaign)}
    assert set(by_word) == {"任务", "黄红牌", "督查", "难题", "承诺", "红线"}
    assert by_word["任务"].matters == []
