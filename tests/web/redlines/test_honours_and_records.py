"""Honours within the year's cap, risks and checks, what units answered for, records of persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry, PersonalText
from saima_web.audit.verifying import verify_and_keep
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.redlines import contribution_actions as deeds
from saima_web.redlines import honour_actions as honours
from saima_web.redlines import queries, risk_actions, setup_actions
from saima_web.redlines.models import Contribution, Honour, RiskItem
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreEvent
from tests.web.cast import House

As = Callable[[User], Client]
DAY = datetime(2026, 10, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_day() -> Any:
    with clock.at(DAY):
        yield


# ── Honours ──


def propose(house: House, points: str | None = "1", **other: Any) -> Honour:
    values = {
        "kind": "bonus", "name": "典型经验推广", "on": date(2026, 8, 10), "basis": "文号",
        "by": house.office, **other,
    }  # fmt: skip
    return honours.record_honour(
        campaign=house.campaign, unit=house.units["E1"],
        points=None if points is None else Decimal(points), **values,
    )  # fmt: skip


def approve(house: House, row: Honour) -> Honour:
    return honours.approve_honour(honour=row, words="", by=house.leader)


def score(house: House, period: str) -> float:
    run = scoring.run(campaign=house.campaign, period=period, by=house.office)
    found: float = next(u["score"] for u in run.result["units"] if u["unit"] == "E1")
    return found


@pytest.mark.parametrize(
    ("counts_in", "gains"),
    [
        ("both", {"2026-07": 0, "2026-08": 1, "2026-09": 1}),
        ("month", {"2026-07": 0, "2026-08": 1, "2026-09": 0}),
        ("year", {"2026-07": 0, "2026-08": 0, "2026-09": 0}),
    ],
)
def test_points_feed_the_month_the_year_or_both(
    house: House, counts_in: str, gains: dict[str, int]
) -> None:
    before = {p: score(house, p) for p in gains}
    approve(house, propose(house, counts_in=counts_in))
    assert {p: round(score(house, p) - before[p], 2) for p in gains} == gains
    if counts_in == "year":
        assert ScoreEvent.objects.get().on == house.campaign.end


def test_the_years_cap_cuts_what_counts_and_then_leaves_nothing(house: House) -> None:
    honours.set_caps(campaign=house.campaign, caps={"bonus": Decimal("1.5")}, by=house.office)
    first, second, third = (approve(house, propose(house)) for _ in range(3))
    assert [r.counted for r in (first, second, third)] == [1, Decimal("0.5"), 0]
    assert third.event is None
    assert [e.points for e in ScoreEvent.objects.order_by("pk")] == ["1", "0.5"]
    honours.withdraw_honour(honour=first, words="重复", by=house.leader)
    assert approve(house, propose(house)).counted == 1


def test_a_cap_is_per_kind_unit_and_year(house: House) -> None:
    honours.set_caps(campaign=house.campaign, caps={"bonus": Decimal(1)}, by=house.office)
    approve(house, propose(house))
    deduction = propose(house, kind="deduction", name="工作推动不力")
    assert approve(house, deduction).counted == 1
    last_year = propose(house, on=date(2025, 12, 1))
    assert honours.countable(last_year) == 1


def test_commendation_and_warning_need_no_points_and_leave_the_score(house: House) -> None:
    before = score(house, "2026-09")
    approve(house, propose(house, None, kind="commendation", name="先进单位"))
    approve(house, propose(house, None, kind="warning", name="提醒"))
    assert score(house, "2026-09") == before
    with pytest.raises(Refused, match="分值"):
        propose(house, None)


def test_an_honour_without_basis_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="没有依据文件"):
        propose(house, basis=" ")
    assert not Honour.objects.exists()


@pytest.mark.parametrize("who", ["office", "head", "inspector"])
def test_nobody_but_a_leader_approves(house: House, who: str) -> None:
    row = propose(house)
    with pytest.raises(Refused):
        honours.approve_honour(honour=row, words="", by=house.people[who])
    assert not ScoreEvent.objects.exists()


def test_the_unit_is_shown_what_was_approved_about_itself_only(house: House, as_user: As) -> None:
    row = propose(house)
    page = f"/c/race/honours/{row.pk}/"
    assert as_user(house.head).get(page).status_code == 404
    approve(house, row)
    assert as_user(house.head).get(page).status_code == 200
    assert as_user(house.other_head).get(page).status_code == 404
    assert "典型经验推广" not in as_user(house.other_head).get("/c/race/honours/").content.decode()


def test_a_withdrawn_bonus_leaves_the_score(house: House) -> None:
    before = score(house, "2026-09")
    row = approve(house, propose(house))
    assert score(house, "2026-09") == pytest.approx(before + 1)
    honours.withdraw_honour(honour=row, words="查否", by=house.leader)
    assert score(house, "2026-09") == before


# ── Risks ──


def risk(house: House, by: User | None = None) -> RiskItem:
    domain = house.campaign.domains.first() or setup_actions.add_domain(
        campaign=house.campaign, name="安全生产", by=house.office
    )
    return risk_actions.enter_risk(
        campaign=house.campaign, domain=domain, unit=house.units["E1"], name="深基坑",
        every_days=7, by=by or house.clerk,
    )  # fmt: skip


def check(house: House, row: RiskItem, result: str, note: str = "") -> Any:
    return risk_actions.check_risk(
        risk=row, on=date(2026, 10, 20), result=result, note=note, by=house.clerk
    )


def test_checks_are_asked_for_in_time_and_hazards_stay_until_mended(house: House) -> None:
    row = risk(house)
    with clock.at(datetime(2026, 10, 28, 2, tzinfo=UTC)):
        assert queries.is_overdue(row, clock.today())
    with pytest.raises(Refused, match="发现或整改"):
        check(house, row, "found")
    check(house, row, "found", "支撑松动")
    assert queries.open_hazards(house.campaign) == {row.pk}
    check(house, row, "mended", "已加固")
    assert queries.open_hazards(house.campaign) == set()
    fresh = queries.open_risks(house.campaign).get()
    assert queries.next_check(fresh) == date(2026, 10, 27)


def test_a_unit_minds_its_own_risks_only(house: House, as_user: As) -> None:
    row = risk(house)
    with pytest.raises(Refused):
        risk_actions.check_risk(
            risk=row, on=date(2026, 10, 20), result="sound", note="", by=house.other_clerk
        )
    assert as_user(house.other_clerk).get(f"/c/race/risks/{row.pk}/").status_code == 404
    page = as_user(house.clerk).post(
        f"/c/race/risks/{row.pk}/move/", {"on": "2026-10-20", "result": "sound"}, follow=True
    )
    assert "检查已记录" in page.content.decode()


def test_a_closed_risk_is_checked_no_more(house: House) -> None:
    row = risk_actions.close_risk(risk=risk(house), words="基坑已回填", by=house.clerk)
    with pytest.raises(Refused, match="已经销项"):
        check(house, row, "sound")


# ── What units answered for ──


def answered(house: House, by: User) -> Any:
    return honours.record_accountability(
        campaign=house.campaign, unit=house.units["E1"], on=date(2026, 10, 1), matter="推动不力",
        form="约谈", basis="文号", words="限期整改", by=by,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["leader", "inspector", "head"])
def test_nobody_but_the_office_records_accountability(house: House, who: str) -> None:
    with pytest.raises(Refused):
        answered(house, house.people[who])


def test_accountability_is_for_office_and_leaders_and_can_be_emptied(
    house: House, as_user: As
) -> None:
    row = answered(house, house.office)
    for who, status in (("office", 200), ("leader", 200), ("inspector", 403), ("head", 403)):
        answer = as_user(house.people[who]).get("/c/race/accountability/")
        assert answer.status_code == status
        assert ("限期整改" in answer.content.decode()) is (status == 200)
    honours.erase_accountability(record=row, reason="已了结", by=house.office)
    row.refresh_from_db()
    assert (row.matter, row.words) == ("（已删除）", "")
    assert not PersonalText.objects.filter(text__contains="限期整改").exists()
    assert verify_and_keep().sound


# ── Records of persons ──


def switch_on(house: House, *roles: str) -> None:
    deeds.switch(
        campaign=house.campaign, on=True, roles=roles or ("office", "leader"), reason="示例〔2026〕6号",
        by=house.leader,
    )  # fmt: skip


def deed(house: House, user: User | None = None, by: User | None = None) -> Contribution:
    return deeds.record_contribution(
        campaign=house.campaign, unit=house.units["E1"], person="沈知禾", on=date(2026, 10, 8),
        what="连夜抢修", basis="文号", by=by or house.office, user=user,
    )  # fmt: skip


def test_records_of_persons_are_off_by_default(house: House, as_user: As) -> None:
    with pytest.raises(Refused, match="没有开启"):
        deed(house)
    text = as_user(house.office).get("/c/race/contributions/").content.decode()
    assert "实绩记录没有开启" in text


@pytest.mark.parametrize("who", ["office", "admin", "inspector", "head"])
def test_nobody_but_a_leader_switches_them_on(house: House, who: str) -> None:
    with pytest.raises(Refused):
        deeds.switch(
            campaign=house.campaign, on=True, roles=["office"], reason="文号", by=house.people[who]
        )


def test_switching_on_needs_a_basis_and_named_roles(house: House) -> None:
    for roles, reason in ((["office"], ""), ([], "文号"), (["clerk", "head"], "文号")):
        with pytest.raises(Refused):
            deeds.switch(
                campaign=house.campaign, on=True, roles=roles, reason=reason, by=house.leader
            )
    switch_on(house)
    assert deeds.settings_of(house.campaign).roles == ["office", "leader"]


def test_only_named_roles_read_them(house: House, as_user: As) -> None:
    switch_on(house, "leader")
    deed(house)
    assert "连夜抢修" in as_user(house.leader).get("/c/race/contributions/").content.decode()
    for who in ("office", "inspector"):
        answer = as_user(house.people[who]).get("/c/race/contributions/")
        assert "连夜抢修" not in answer.content.decode()
        data = {"reason": "想看"}
        export = as_user(house.people[who]).post("/c/race/contributions/export/", data)
        assert export.status_code == 409
    assert as_user(house.head).get("/c/race/contributions/").status_code == 403


def test_switched_off_again_nobody_reads_them(house: House, as_user: As) -> None:
    switch_on(house)
    deed(house)
    deeds.switch(campaign=house.campaign, on=False, roles=[], reason="", by=house.leader)
    for who in ("leader", "office"):
        text = as_user(house.people[who]).get("/c/race/contributions/").content.decode()
        assert "连夜抢修" not in text


def test_persons_are_never_ranked_nor_counted(house: House, as_user: As) -> None:
    switch_on(house)
    deed(house)
    deed(house)
    text = as_user(house.leader).get("/c/race/contributions/").content.decode()
    assert "sort=" not in text
    assert "沈知禾 2" not in text and "位次" not in text
    assert text.count("连夜抢修") >= 2


def test_every_export_has_its_reason_in_the_ledger(house: House, as_user: As) -> None:
    switch_on(house)
    deed(house)
    office = as_user(house.office)
    refused = office.post("/c/race/contributions/export/", {"reason": " "})
    assert refused.status_code == 409 and "导出用途" in refused.content.decode()
    assert not Entry.objects.filter(event="contributions.exported").exists()
    answer = office.post("/c/race/contributions/export/", {"reason": "年度考核评议"})
    assert answer["Content-Type"].endswith("sheet")
    entry = Entry.objects.get(event="contributions.exported")
    assert (entry.actor, entry.data) == (house.office, {"count": 1, "reason": "年度考核评议"})


def test_a_correction_replaces_the_words_everywhere(house: House) -> None:
    switch_on(house)
    old = deed(house)
    new = deeds.correct_contribution(
        contribution=old, what="白天抢修", reason="时间有误", by=house.office
    )
    old.refresh_from_db()
    assert (old.person, old.what, new.corrects) == ("", "", old)
    assert not PersonalText.objects.filter(text__contains="连夜抢修").exists()
    assert PersonalText.objects.filter(text__contains="白天抢修").exists()
    with pytest.raises(Refused, match="已经更正或删除"):
        deeds.correct_contribution(contribution=old, what="再改", reason="错", by=house.office)


def test_erasure_leaves_no_name_and_a_sound_chain(house: House) -> None:
    switch_on(house)
    row = deed(house, user=house.clerk)
    deeds.switch(campaign=house.campaign, on=False, roles=[], reason="", by=house.leader)
    with pytest.raises(Refused, match="删除原因"):
        deeds.erase_contribution(contribution=row, reason="", by=house.office)
    deeds.erase_contribution(contribution=row, reason="本人要求", by=house.office)
    row.refresh_from_db()
    assert (row.person, row.what, row.basis, row.user) == ("", "", "", None)
    kept = Entry.objects.filter(subject=f"contribution/race/{row.pk}")
    assert "沈知禾" not in str([e.data for e in kept])
    assert not PersonalText.objects.filter(text__contains="沈知禾").exists()
    assert kept.filter(event="personal.erased").exists()
    assert verify_and_keep().sound


def test_a_person_reads_and_questions_only_what_is_about_themselves(
    house: House, as_user: As
) -> None:
    switch_on(house)
    row = deed(house, user=house.clerk)
    mine = "/c/race/contributions/mine/"
    assert "连夜抢修" in as_user(house.clerk).get(mine).content.decode()
    assert "连夜抢修" not in as_user(house.head).get(mine).content.decode()
    ask = f"/c/race/contributions/{row.pk}/ask/"
    assert as_user(house.head).post(ask, {"words": "删除"}).status_code == 404
    as_user(house.clerk).post(ask, {"words": "请删除"})
    row.refresh_from_db()
    assert row.asked == "请删除"
    with pytest.raises(Refused):
        deeds.ask(contribution=row, words="删除", by=house.office)
