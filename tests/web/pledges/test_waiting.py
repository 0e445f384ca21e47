"""What of promises waits for a person stands among their own work, and for nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from saima_web.base import clock
from saima_web.dashboards.queries import my_work
from saima_web.pledges import actions, institution_actions, plan_actions
from saima_web.pledges.institution_actions import Article
from saima_web.pledges.models import ActionPlan, Commitment, InstitutionMeasure
from saima_web.pledges.waiting import my_pledges
from tests.web.cast import House

DAY = datetime(2026, 10, 1, 2, tzinfo=UTC)


def on(days: int) -> Any:
    return clock.at(DAY + timedelta(days=days))


def titles(house: House, who: str) -> list[str]:
    found = my_pledges(house.people[who], house.campaign)
    return [w.title.partition("：")[0] for w in found]


def drafted(house: House) -> Commitment:
    return actions.draft_commitment(
        campaign=house.campaign, unit=house.units["E1"], by=house.clerk, what="步道开放",
        goal="全线贯通", due_on=date(2026, 12, 1), indicator=None, target=None,
    )  # fmt: skip


def plan(house: House) -> ActionPlan:
    row = plan_actions.draft_plan(
        campaign=house.campaign, unit=house.units["E1"], title="作战方案", text="三步走",
        by=house.clerk,
    )  # fmt: skip
    plan_actions.add_measure(
        plan=row, what="倒排工期", responsible="副总", due_on=date(2026, 10, 20), by=house.clerk
    )
    return plan_actions.submit_plan(plan=row, by=house.head)


def test_a_commitment_waits_for_head_then_clerk_then_office(house: House) -> None:
    with on(0):
        row = drafted(house)
        assert titles(house, "head") == ["承诺待您作出"]
        assert titles(house, "clerk") == titles(house, "office") == []
        actions.make_commitment(commitment=row, by=house.head)
        assert titles(house, "head") == titles(house, "clerk") == [], "nothing is due yet"
    with on(31):
        assert titles(house, "clerk") == ["承诺该报进展了"]
        assert titles(house, "other_clerk") == titles(house, "viewer") == []
        actions.report_step(commitment=row, text="过半", by=house.clerk)
        assert titles(house, "clerk") == []
    with on(62):
        assert titles(house, "head") == ["承诺已过时限，待申请认定"]
        assert titles(house, "office") == ["承诺已过时限，单位没有申请认定"]
        actions.claim(commitment=row, words="已贯通", by=house.head)
        assert titles(house, "head") == []
        assert titles(house, "office") == ["承诺待认定"]
        actions.judge(commitment=row, event="fulfil", words="核实", by=house.office)
        assert titles(house, "office") == []


def test_a_plan_waits_for_the_office_and_its_measures_for_the_unit(house: House) -> None:
    with on(0):
        row = plan(house)
        assert titles(house, "office") == ["作战方案待审定"]
        plan_actions.decide_plan(plan=row, event="return", words="缺时限", by=house.office)
        assert titles(house, "clerk") == ["作战方案被退回"]
        plan_actions.submit_plan(plan=row, by=house.head)
        plan_actions.decide_plan(plan=row, event="approve", words="", by=house.office)
        assert titles(house, "clerk") == []
    with on(14):
        assert titles(house, "clerk") == ["作战方案有措施到期"]
        assert titles(house, "other_clerk") == []
        measure = row.measures.get()
        plan_actions.do_measure(
            measure=measure, done_on=date(2026, 10, 15), note="已排", by=house.clerk
        )
        assert titles(house, "clerk") == []


def test_an_article_waits_for_its_unit_and_then_for_the_check(house: House) -> None:
    with on(0):
        institution_actions.enter_document(
            campaign=house.campaign, title="八条举措", number="", on=date(2026, 9, 1),
            by=house.office,
            articles=[Article(text="周调度", unit=house.units["E1"], due_on=date(2026, 10, 30))],
        )  # fmt: skip
        assert titles(house, "clerk") == []
    with on(24):
        assert titles(house, "clerk") == ["制度落实待报"]
        row = InstitutionMeasure.objects.get()
        institution_actions.report_article(measure=row, evidence="已开4次", by=house.clerk)
        assert titles(house, "clerk") == []
        assert titles(house, "office") == ["1条制度落实情况待核查"]


def test_it_stands_on_the_page_of_ones_work(house: House) -> None:
    with on(0):
        drafted(house)
        found = [i.title for i in my_work(house.head, house.campaign) if i.kind == "pledge"]
    assert found == ["承诺待您作出：步道开放"]
