"""Instructions that become tasks, parts and mergers, teams and default limits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saima.problems import Refused
from saima_web.base.clock import today
from saima_web.followup import loop
from saima_web.followup.actions import change_task, put_task_force, set_limit, write_instruction
from saima_web.followup.models import Instruction
from saima_web.followup.parts import PartOf, instruct_again, merge, split, task_from_instruction
from saima_web.followup.queries import limits_of
from tests.web.cast import House
from tests.web.followup.making import reach, task

TEXT = "栖湖二期的用地手续卡在哪里，请一周内说清楚。需要集团协调什么，一并报来。"


def order(house: House) -> Instruction:
    return write_instruction(
        campaign=house.campaign, unit=house.units["E1"], text=TEXT, by=house.leader,
        due_on=today() + timedelta(days=7),
    )  # fmt: skip


def test_instruction_becomes_a_task_that_leads_back_to_it(house: House) -> None:
    row = order(house)
    made = task_from_instruction(instruction=row, by=house.office, goal="拿出1份方案")
    assert (made.state, made.source, made.deadline) == ("assigned", "instruction", row.due_on)
    assert made.title == "栖湖二期的用地手续卡在哪里，请一周内说清楚"
    assert made.source_note.startswith("主要领导")
    row.refresh_from_db()
    assert row.task == made


def test_what_becomes_of_the_task_shows_on_the_instruction(house: House) -> None:
    row = order(house)
    made = task_from_instruction(instruction=row, by=house.leader)
    loop.accept(task=made, by=house.clerk)
    row.refresh_from_db()
    assert (row.state, row.accepted_by) == ("accepted", house.clerk)
    loop.report(task=made, text="批复已取得", by=house.head)
    row.refresh_from_db()
    assert (row.state, row.answer, row.answered_by) == ("answered", "批复已取得", house.head)
    loop.judge(task=made, note="缺批复文件", good=False, by=house.office)
    row.refresh_from_db()
    assert (row.state, row.answer) == ("accepted", "")


def test_instruction_becomes_one_task_only_and_not_by_the_unit(house: House) -> None:
    row = order(house)
    with pytest.raises(Refused, match="没有“立项”的权限"):
        task_from_instruction(instruction=row, by=house.head)
    task_from_instruction(instruction=row, by=house.office)
    with pytest.raises(Refused, match="已经转为任务1"):
        task_from_instruction(instruction=row, by=house.office)


def test_new_instruction_on_a_closed_task_begins_a_child(house: House) -> None:
    closed = reach(house, "closed_out")
    child = instruct_again(
        task=closed, text="再看三个月", due_on=today() + timedelta(days=9), by=house.leader
    )
    closed.refresh_from_db()
    assert (child.parent, child.state, closed.state) == (closed, "assigned", "closed_out")
    with pytest.raises(Refused, match="没有“写批示”的权限"):
        instruct_again(task=closed, text="再看", due_on=today(), by=house.office)


def test_whole_is_reported_only_when_its_parts_are(house: House) -> None:
    whole = reach(house, "in_hand")
    first, second = split(
        task=whole, by=house.office,
        parts=[PartOf(t, house.units["E1"], whole.deadline) for t in ("谈判", "签约")],
    )  # fmt: skip
    with pytest.raises(Refused, match="还有2项下级任务没有办结"):
        loop.report(task=whole, text="已完成", by=house.clerk)
    reach(house, "completed", first)
    loop.stop(task=second, reason="并入谈判", by=house.office)
    assert loop.report(task=whole, text="已完成", by=house.clerk).state == "reported"


def test_merged_task_stops_and_its_unit_supports_the_other(house: House) -> None:
    target, other = reach(house, "in_hand"), task(house, "E2")
    merge(tasks=[other], into=target, by=house.office)
    other.refresh_from_db()
    assert (other.state, other.merged_into) == ("stopped", target)
    assert list(target.supporting_units.all()) == [house.units["E2"]]
    with pytest.raises(Refused, match="不能把任务并入它自己"):
        merge(tasks=[target], into=target, by=house.office)


def test_goal_and_deadline_stand_once_the_task_is_assigned(house: House) -> None:
    made = task(house)
    change_task(task=made, goal="签约5家", person="沈知禾", by=house.office)
    made.refresh_from_db()
    assert (made.goal, made.person) == ("签约5家", "沈知禾")
    made = reach(house, "assigned", made)
    with pytest.raises(Refused, match="不能直接修改"):
        change_task(task=made, goal="签约1家", by=house.office)
    change_task(task=made, person="周临川", by=house.office)
    made.refresh_from_db()
    assert (made.goal, made.person) == ("签约5家", "周临川")


def test_dispute_is_decided_with_another_unit_and_a_reason(house: House) -> None:
    made = reach(house, "disputed")
    with pytest.raises(Refused, match="对异议的处理意见"):
        loop.assign(task=made, unit=house.units["E2"], by=house.office)
    loop.assign(task=made, unit=house.units["E2"], note="由置业牵头", by=house.office)
    made.refresh_from_db()
    assert (made.state, made.responsible_unit) == ("assigned", house.units["E2"])


def test_campaign_sets_its_own_limit_with_a_basis(house: House) -> None:
    set_limit(
        campaign=house.campaign, kind="minutes", days=10, count="working", by=house.office,
        source="示例〔2026〕3号",
    )  # fmt: skip
    found = {limit.kind: limit for limit in limits_of(house.campaign)}
    assert (found["minutes"].days, found["minutes"].count) == (10, "working")
    assert found["document"].days == 30
    with pytest.raises(Refused, match="没有“设定默认时限”的权限"):
        set_limit(
            campaign=house.campaign, kind="minutes", days=1, count="working", by=house.leader,
            source="口头",
        )  # fmt: skip


def test_team_has_a_name_and_units(house: House) -> None:
    made = put_task_force(
        campaign=house.campaign, name="招商专班", units=[house.units["E1"]], by=house.office
    )
    assert list(made.units.all()) == [house.units["E1"]]
    with pytest.raises(Refused, match="还缺专班名称"):
        put_task_force(campaign=house.campaign, name=" ", by=house.office)
