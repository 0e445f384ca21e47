"""The preview of card rules over what is stored of tasks, commitments, projects and milestones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from saima.cards.reading import default_text, read_card_rules
from saima.cards.rules import CardRules
from saima_web.campaigns.models import Campaign
from saima_web.cards.links import subject_link
from saima_web.cards.past import month_ends, past_of
from saima_web.cards.proposing import propose
from saima_web.cards.shown import previews
from saima_web.followup import loop, requests
from saima_web.followup.models import Task
from saima_web.pledges import actions as pledging
from saima_web.projects.models import Milestone, Project, ProjectMoney
from tests.web.cards.table import at, by_subject, switched_on
from tests.web.cast import House
from tests.web.followup.making import DO, task

NOW = date(2026, 11, 20)


def rules() -> CardRules:
    found = read_card_rules(default_text(), "规则.yaml")[0]
    assert found is not None
    return found


def fallen(house: House, campaign: Campaign | None = None) -> list[tuple[str, str, str]]:
    """(day, name, level) of each card that would have fallen."""
    with at(NOW):
        found = previews(campaign or house.campaign, rules())
    return [(str(r["on"]), r["name"], r["level"]) for p in found for r in p.rows]


def late_task(house: House) -> Task:
    """Due on 10 September, done on 5 November."""
    with at(date(2026, 8, 3)):
        made = task(house, title="文旅签约", deadline=date(2026, 9, 10))
        for event in ("assign", "accept"):
            DO[event](made, house.clerk if event == "accept" else house.office)
    with at(date(2026, 11, 5)):
        for event in ("report", "review", "complete"):
            DO[event](made, house.clerk if event == "report" else house.office)
    return made


def test_a_task_that_was_late_then_is_done_now(house: House) -> None:
    late_task(house)
    assert fallen(house) == [("2026-09-30", "文旅签约", "红牌")]


def test_an_extension_counts_from_the_day_it_was_granted(house: House) -> None:
    with at(date(2026, 8, 3)):
        made = task(house, title="文旅签约", deadline=date(2026, 9, 10))
        DO["assign"](made, house.office)
        DO["accept"](made, house.clerk)
    with at(date(2026, 9, 8)):
        asked = requests.ask_extension(
            task=made, until=date(2026, 12, 10), reason="手续", by=house.clerk
        )
        requests.decide(request=asked, approved=True, by=house.office)
    assert fallen(house) == []


def test_a_commitment_that_did_not_move_for_three_months(house: House) -> None:
    with at(date(2026, 6, 5)):
        row = pledging.draft_commitment(
            campaign=house.campaign, unit=house.units["E1"], what="步道开放", goal="贯通",
            due_on=date(2026, 11, 1), indicator=None, target=None, by=house.clerk,
        )  # fmt: skip
        pledging.make_commitment(commitment=row, by=house.head)
    with at(date(2026, 10, 9)):
        pledging.claim(commitment=row, words="已贯通", by=house.head)
        pledging.judge(commitment=row, event="fulfil", words="核实", by=house.office)
    assert fallen(house) == [("2026-09-30", "步道开放", "黄牌")]


def test_projects_and_milestones_by_their_dates(house: House) -> None:
    road = Project.objects.create(
        campaign=house.campaign, unit=house.units["C1"], name="示例大道", category="new",
        kind="infrastructure", year_plan=Decimal(1200),
    )  # fmt: skip
    Milestone.objects.create(
        project=road, number=1, name="主体封顶", duration=1, planned_start=date(2026, 9, 1),
        planned_finish=date(2026, 9, 10), actual_start=date(2026, 9, 2),
        actual_finish=date(2026, 10, 12),
    )  # fmt: skip
    ProjectMoney.objects.create(
        project=road, series="statistical", month="2026-10", value=Decimal(10),
        recorded_at=datetime(2026, 11, 3, tzinfo=UTC),
    )  # fmt: skip
    with at(NOW):
        seen = past_of(house.campaign, rules())
    late = {o.on: o.values["days-overdue"] for o in seen if o.kind == "milestone"}
    assert late[date(2026, 8, 31)] == late[date(2026, 10, 31)] == 0
    assert late[date(2026, 9, 30)] == 20
    assert {o.on for o in seen if o.kind == "project"} >= {date(2026, 9, 30), date(2026, 10, 31)}
    assert ("2026-09-30", "示例大道：主体封顶", "黄牌") in fallen(house)


def test_months_end_with_the_campaign_and_with_today(house: House) -> None:
    with at(NOW):
        days = month_ends(house.campaign)
    assert (days[0], days[-1], len(days)) == (date(2026, 1, 31), date(2026, 10, 31), 10)
    with at(date(2027, 3, 1)):
        assert month_ends(house.campaign)[-1] == date(2026, 12, 31)


def test_page_says_what_cannot_be_replayed(house: House, as_user) -> None:
    switched_on(house, default_text())
    late_task(house)
    with at(NOW):
        page = as_user(house.office).get("/c/race/cards/rules/1/preview/").content.decode()
    assert "示例赛马行动会亮1张" in page
    assert "节点按现在的计划日期重演" in page
    assert "没有保存" in page
    assert not house.campaign.cards.exists()


def test_a_card_on_a_task_leads_to_the_task(house: House) -> None:
    switched_on(house, default_text())
    with at(date(2026, 9, 1)):
        gone = task(house, title="先立后删的")
        made = task(house, deadline=date(2026, 9, 20))
        loop.stop(task=gone, reason="立错了", by=house.office)
    Task.objects.filter(pk=made.pk).update(number=77)
    with at(NOW):
        propose(campaign=house.campaign, by=house.office)
    card = by_subject(house)[f"task/{made.pk}"]
    assert subject_link(card) == "/c/race/tasks/77/"
