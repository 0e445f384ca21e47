"""Goals in words, leads behind counts, what is left to clear, countermeasures, next year's draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from saima.periods import parse
from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Assignment, Indicator
from saima_web.people.models import Post, Role
from saima_web.reporting.models import Figure
from saima_web.targets import actions, behind, behind_actions, leads, narrowing
from saima_web.targets.models import Countermeasure, Lead, Target, TargetSet
from saima_web.targets.overview import Overview
from tests.web.cast import House
from tests.web.targets.helpers import edit, set_targets, value

Log = Callable[..., Client]
HOME = "/c/race/targets/"


def indicator(house: House, code: str, name: str, **more: Any) -> Indicator:
    row = Indicator.objects.create(
        code=code, name=name, category="专项", decimals=0, order=9,
        data_owner=house.units["D1"], **more,
    )  # fmt: skip
    Assignment.objects.create(campaign=house.campaign, indicator=row)
    house.indicators[code] = row
    return row


def register(house: House, code: str, name: str, stage: str, on: date, **more: Any) -> Lead:
    return behind_actions.add_lead(
        campaign=house.campaign, unit=house.units["E1"], indicator=house.indicators[code],
        kind=more.get("kind", "lead"), name=name, stage=stage, on=on, by=house.clerk,
    )  # fmt: skip


# --- goals in words -----------------------------------------------------------------------------


def test_a_branch_writes_its_month_and_a_leader_approves(house: House, as_user: Log) -> None:
    party = indicator(house, "party", "党建创建", qualitative=True)
    name = f"goal-{house.units['E1'].pk}-{party.pk}"
    client = as_user(house.clerk)
    client.post(HOME + "goals/save/", {"month": "2026-11", name: "完成示范点创建"})
    batch = TargetSet.objects.get(state="draft")
    actions.submit(batch=batch, by=house.clerk, title="11月创建目标")
    actions.approve(batch=batch, by=house.leader)
    page = as_user(house.head).get(HOME + "goals/", {"month": "2026-11"}).content.decode()
    assert "1个月度目标中1个已写" in page
    assert "完成示范点创建" in page


def test_a_branch_cannot_write_anothers_goal_nor_numbers(house: House) -> None:
    indicator(house, "party", "党建创建", qualitative=True)
    with pytest.raises(Refused, match="文字目标"):
        actions.put_goals(
            campaign=house.campaign, by=house.clerk,
            edits=[edit(house, "E2", "2026-11", "party", goal="替别人写")],
        )  # fmt: skip
    batch, _ = actions.put_goals(
        campaign=house.campaign, by=house.clerk,
        edits=[edit(house, "E1", "2026", goal="说明", value="1")],
    )  # fmt: skip
    assert batch is not None
    assert batch.targets.get().value == Decimal(12000)


# --- leads --------------------------------------------------------------------------------------


def test_signed_leads_count_in_their_month(house: House) -> None:
    brands = indicator(house, "brands", "品牌引进", nature="in-period", measure="家")
    first = register(house, "brands", "甲品牌", "open", date(2026, 9, 3))
    register(house, "brands", "乙品牌", "signed", date(2026, 10, 9))
    behind_actions.step_lead(lead=first, stage="signed", on=date(2026, 10, 20), by=house.clerk)
    count = [
        leads.proposed(house.campaign, house.units["E1"], brands, parse(f"2026-{m:02}"))
        for m in (9, 10, 11)
    ]
    assert count == [0, 2, 0]


def test_a_lead_that_falls_through_counts_no_more(house: House) -> None:
    brands = indicator(house, "brands", "品牌引进", nature="in-period", measure="家")
    lead = register(house, "brands", "甲品牌", "signed", date(2026, 9, 3))
    behind_actions.step_lead(lead=lead, stage="dropped", on=date(2026, 10, 1), by=house.clerk)
    assert leads.proposed(house.campaign, house.units["E1"], brands, parse("2026-09")) == 0


def test_without_a_list_there_is_nothing_to_propose(house: House) -> None:
    brands = indicator(house, "brands", "品牌引进")
    found = leads.proposed(house.campaign, house.units["E1"], brands, parse("2026-10"))
    assert found is None


def test_households_are_cleared_one_by_one(house: House, as_user: Log) -> None:
    homes = indicator(
        house, "homes", "清零户数", direction="clear-to-zero", nature="point-in-time", measure="户"
    )
    for number in range(3):
        lead = register(house, "homes", f"第{number}户", "open", date(2026, 9, 1), kind="household")
    behind_actions.step_lead(lead=lead, stage="done", on=date(2026, 10, 5), by=house.clerk)
    left = [
        leads.proposed(house.campaign, house.units["E1"], homes, parse(f"2026-{m:02}"))
        for m in (9, 10)
    ]
    assert left == [3, 2]
    assert "离清零还差2" in as_user(house.clerk).get(HOME + "leads/").content.decode()


def test_without_a_list_the_figures_say_what_is_left(house: House) -> None:
    indicator(
        house, "homes", "清零户数", direction="clear-to-zero", nature="point-in-time", measure="户"
    )
    Figure.objects.create(
        unit=house.units["E1"], indicator=house.indicators["homes"], period="2026-09",
        source="confirmed", value="7", recorded_at=now(),
    )  # fmt: skip
    rows = leads.summary(
        Overview(house.campaign, house.head), leads.records(house.campaign, house.head)
    )
    assert [(r["unit"], r["left"]) for r in rows] == [("栖湖文旅", Decimal(7))]


def test_progress_does_not_run_backwards(house: House) -> None:
    lead = register(house, "revenue", "甲线索", "agreed", date(2026, 9, 3))
    with pytest.raises(Refused, match="不能更早"):
        behind_actions.step_lead(lead=lead, stage="signed", on=date(2026, 9, 2), by=house.clerk)


def test_a_lead_is_registered_once(house: House) -> None:
    register(house, "revenue", "甲线索", "open", date(2026, 9, 3))
    with pytest.raises(Refused, match="已经登记过"):
        register(house, "revenue", "甲线索", "open", date(2026, 9, 4))


def test_nobody_writes_leads_of_another_unit(house: House) -> None:
    lead = register(house, "revenue", "甲线索", "open", date(2026, 9, 3))
    with pytest.raises(Refused, match="登记线索"):
        behind_actions.step_lead(
            lead=lead, stage="signed", on=date(2026, 9, 5), by=house.other_clerk
        )


def test_a_lead_is_registered_and_stepped_in_the_browser(house: House, as_user: Log) -> None:
    client = as_user(house.clerk)
    sent = {
        "unit": house.units["E1"].pk, "indicator": house.indicators["revenue"].pk, "kind": "plot",
        "name": "三号地块", "stage": "open", "on": "2026-10-08",
    }  # fmt: skip
    client.post(HOME + "leads/add/", sent)
    lead = Lead.objects.get()
    client.post(f"{HOME}leads/{lead.pk}/", {"stage": "done", "on": "2026-10-20", "note": "摘牌"})
    page = client.get(f"{HOME}leads/{lead.pk}/").content.decode()
    assert "10月20日（周二）起计数" in page


def test_a_lead_without_a_name_keeps_what_was_typed(house: House, as_user: Log) -> None:
    sent = {"unit": house.units["E1"].pk, "kind": "plot", "place": "城北", "on": "2026-10-08"}
    page = as_user(house.clerk).post(HOME + "leads/add/", sent).content.decode()
    assert "还有几处要改" in page
    assert 'value="城北"' in page
    assert not Lead.objects.exists()


# --- countermeasures ----------------------------------------------------------------------------


def test_who_is_behind_is_measured_by_pace(house: House) -> None:
    found = {
        (g.unit.code, g.indicator.code): g.gap
        for g in behind.gaps(Overview(house.campaign, house.office))
    }
    assert found == {
        ("C1", "revenue"): Decimal(2700), ("E2", "investment"): Decimal(1800),
        ("E1", "revenue"): Decimal(900),
    }  # fmt: skip


def test_own_monthly_plans_go_before_pace(house: House) -> None:
    plans = [edit(house, "E1", f"2026-{m:02}", value="800") for m in range(1, 10)]
    set_targets(house, *plans)
    found = {g.unit.code for g in behind.gaps(Overview(house.campaign, house.head))}
    assert found == set()


def test_the_head_answers_for_being_behind(house: House, as_user: Log) -> None:
    client = as_user(house.head)
    path = HOME + "countermeasures/E1/revenue/"
    sent = {
        "cause": "淡季客流少",
        "measure": "推出冬季票",
        "responsible": "周临川",
        "due": "2026-12-20",
    }
    client.post(path, sent)
    row = Countermeasure.objects.get()
    assert (row.gap, row.period) == (Decimal(900), "2026-09")
    page = as_user(house.office).get(HOME + "countermeasures/").content.decode()
    assert "推出冬季票" in page
    assert "3处落后于计划" in page
    entry = Entry.objects.get(event="countermeasure.written")
    assert "周临川" not in str(entry.data)


def test_the_office_reads_but_does_not_write_for_units(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    path = HOME + "countermeasures/E1/revenue/"
    assert "保存对策" not in client.get(path).content.decode()
    sent = {"cause": "a", "measure": "b", "responsible": "c", "due": "2026-12-20"}
    assert client.post(path, sent).status_code == 403
    assert not Countermeasure.objects.exists()


def test_the_data_owner_answers_too(house: House, as_user: Log) -> None:
    sent = {"cause": "a", "measure": "b", "responsible": "c", "due": "2026-12-20"}
    as_user(house.owner).post(HOME + "countermeasures/E1/revenue/", sent)
    assert Countermeasure.objects.get().by == house.owner


def test_a_countermeasure_without_a_date_is_asked_for_one(house: House, as_user: Log) -> None:
    sent = {"cause": "a", "measure": "b", "responsible": "c", "due": ""}
    page = as_user(house.head).post(HOME + "countermeasures/E1/revenue/", sent).content.decode()
    assert "还有几处要改" in page
    assert not Countermeasure.objects.exists()


# --- next year ----------------------------------------------------------------------------------


def test_next_years_draft_grows_from_this_year_and_is_not_in_force(
    house: House, as_user: Log
) -> None:
    client = as_user(house.office)
    client.post(HOME + "next/begin/", {"growth": "8"})
    page = client.get(HOME + "next/").content.decode()
    assert "2027年草案已有6个目标" in page
    assert "12,960" in page
    assert value(house, "E1", "2027") is None
    assert value(house, "E1", "2026") == Decimal(12000)


def test_cells_of_next_years_draft_are_changed_one_by_one(house: House, as_user: Log) -> None:
    client = as_user(house.office)
    client.post(HOME + "next/begin/", {"growth": "0"})
    name = f"next-{house.units['E1'].pk}-{house.indicators['revenue'].pk}"
    client.post(HOME + "next/save/", {name: "15,000"})
    assert Target.objects.latest("pk").value == Decimal(15000)
    page = client.post(HOME + "next/save/", {name: "很多"}, follow=True).content.decode()
    assert "“很多”不是数字" in page


def test_next_year_is_planned_one_indicator_at_a_time_where_there_are_many(
    house: House, as_user: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(house.office)
    client.post(HOME + "next/begin/", {"growth": "0"})
    revenue, investment = (
        f"next-{house.units['E1'].pk}-{house.indicators[c].pk}" for c in ("revenue", "investment")
    )
    whole = client.get(HOME + "next/").content.decode()
    assert revenue in whole and investment in whole
    one = client.get(HOME + "next/?indicator=investment").content.decode()
    assert revenue not in one and investment in one and "草案“固定资产投资”已有3个目标" in one
    monkeypatch.setattr(narrowing, "MOST_CELLS", 5)
    first = client.get(HOME + "next/?indicator=nothing").content.decode()
    assert revenue in first and investment not in first and "全部</option>" not in first
    sent = {revenue: "15,000", "indicator": "revenue", "next-1-x": "7", "next-9999-1": "7"}
    back = client.post(HOME + "next/save/", sent)
    assert back["Location"].endswith("/targets/next/?indicator=revenue")
    assert Target.objects.latest("pk").value == Decimal(15000)
    assert "15,000" in client.get(back["Location"]).content.decode()


def test_goals_are_written_one_indicator_at_a_time_where_there_are_many(
    house: House, as_user: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = indicator(house, "party", "党建创建", qualitative=True)
    digital = indicator(house, "digital-words", "数字化建设", qualitative=True)
    first, second = (f"goal-{house.units['E1'].pk}-{x.pk}" for x in (party, digital))
    client = as_user(house.office)
    both = client.get(HOME + "goals/").content.decode()
    assert first in both and second in both
    monkeypatch.setattr(narrowing, "MOST_CELLS", 2)
    page = client.get(HOME + "goals/?month=2026-11").content.decode()
    assert first in page and second not in page
    assert "?month=2026-12&amp;indicator=party" in page
    sent = {
        "month": "2026-11",
        "indicator": "digital-words",
        second: "上线一件事",
        first: "不在这页",
    }
    back = client.post(HOME + "goals/save/", sent)
    assert back["Location"].endswith("goals/?month=2026-11&indicator=digital-words")
    assert "上线一件事" in client.get(back["Location"]).content.decode()
    assert not Target.objects.filter(goal="不在这页").exists()


def test_countermeasures_are_listed_one_indicator_at_a_time_or_all_on_request(
    house: House, as_user: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_user(house.office)

    def listed(query: str) -> set[str]:
        page = client.get(HOME + "countermeasures/" + query)
        return {row["indicator_code"] for row in page.context["shown"].table.rows}

    whole = listed("")
    assert len(whole) > 1
    monkeypatch.setattr(narrowing, "MOST_CELLS", 2)
    assert listed("?indicator=all") == whole
    one = listed("?indicator=revenue")
    assert one == {"revenue"} & whole and len(listed("")) <= 1
    exported = client.get(HOME + "countermeasures/?indicator=revenue&export=xlsx")
    assert exported["Content-Type"].endswith("sheet")


def test_the_draft_is_handed_to_the_campaign_cloned_from_this_one(house: House) -> None:
    whole = {(house.units["E1"].pk, house.indicators["revenue"].pk): Target.objects.first()}
    behind_actions.draft_next_year(
        campaign=house.campaign, growth=Decimal(10), targets=whole, by=house.office  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(Refused, match="复制"):
        behind_actions.hand_over(campaign=house.campaign, by=house.office)
    following = Campaign.objects.create(
        code="race-2027", name="次年行动", organisation="示例集团", start=date(2027, 1, 1),
        end=date(2027, 12, 31), cloned_from=house.campaign, counts=["confirmed"],
    )  # fmt: skip
    Post.objects.create(user=house.office, role=Role.OFFICE, campaign=following)
    del house.office._posts_today
    batch = behind_actions.hand_over(campaign=following.cloned_from, by=house.office)
    row = batch.targets.get()
    assert (batch.campaign, row.period, row.value) == (following, "2027", Decimal(13200))
