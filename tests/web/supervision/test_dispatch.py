"""Dispatch meetings: an agenda of what is behind, minutes whose lines become tasks, the rhythm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

import saima_web.site.urls  # noqa: F401 - fills the slots that gaps are read through
from saima.files.docx_check import check_docx
from saima.problems import Refused
from saima_web.base import clock
from saima_web.base.clock import now, today
from saima_web.followup.actions import initiate_task
from saima_web.followup.models import Task
from saima_web.people.models import User
from saima_web.site.jobs import JOBS
from saima_web.supervision import actions, dispatch
from saima_web.supervision.dispatch import Line
from saima_web.supervision.models import Inspected, Meeting
from tests.web.cast import House
from tests.web.supervision.making import later, raised

As = Callable[[User], Client]
HERE = "/c/race/dispatch/"
CHINA = ZoneInfo("Asia/Shanghai")


def meeting(house: House, days: int = 2) -> Meeting:
    return dispatch.plan_meeting(
        campaign=house.campaign,
        on=later(days),
        place="三楼会议室",
        chair="主要领导",
        by=house.office,
    )


def held(house: House) -> Meeting:
    lines = [
        Line("本月补齐入库资料。", house.units["E1"], later(20)),
        Line("各单位周报改为半月报。"),
    ]
    return dispatch.hold(meeting=meeting(house), lines=lines, by=house.office)


def test_the_agenda_is_what_is_behind(house: House, told: Inspected) -> None:
    raised(house)
    initiate_task(
        campaign=house.campaign, title="开工手续", goal="11月底前办完", by=house.office,
        responsible_unit=house.units["C1"], deadline=later(1), source="plan",
    )  # fmt: skip
    with clock.at(now() + timedelta(days=25)):
        row = dispatch.draw_agenda(meeting=meeting(house), by=house.office)
        lines = {
            kind: [x for x in row.agenda.all() if x.kind == kind]
            for kind in ("gap", "task", "problem", "finding")
        }
    gap = next(x for x in lines["gap"] if x.unit.code == "C1")
    assert "营业收入" in gap.text and "实际6,300万元" in gap.text
    assert lines["task"][0].text == "开工手续：逾期24天"
    assert "地块征收卡在两户：待分流" in lines["problem"][0].text
    assert "整改逾期5天" in lines["finding"][0].text


def test_an_agenda_drawn_again_replaces_the_first(house: House) -> None:
    row = dispatch.draw_agenda(meeting=meeting(house), by=house.office)
    first = row.agenda.count()
    raised(house)
    dispatch.draw_agenda(meeting=row, by=house.office)
    assert row.agenda.count() == first + 1


def test_lines_of_minutes_become_tasks_when_they_are_issued(house: House, as_user: As) -> None:
    row = held(house)
    assert not Task.objects.exists()
    as_user(house.office).post(f"{HERE}{row.pk}/do/issue/")
    task = Task.objects.get()
    assert task.source == "meeting" and task.responsible_unit == house.units["E1"]
    assert "第1次运行调度会" in task.source_note
    assert task.state == "assigned", "a line with unit and day needs nobody to pass it on"
    assert [m.kind for m in house.clerk.inbox.filter(kind="task")] == ["task"]
    assert (
        f'href="{HERE}{row.pk}/"'
        in as_user(house.head).get(f"/c/race/tasks/{task.number}/").content.decode()
    )
    assert "待签收" in as_user(house.head).get(f"{HERE}{row.pk}/").content.decode()
    assert house.head.inbox.filter(kind="dispatch").exists()
    with pytest.raises(Refused, match="已经印发"):
        dispatch.hold(meeting=row, lines=[Line("再加一条")], by=house.office)


def test_a_unit_reads_its_own_lines_once_they_are_issued(house: House, as_user: As) -> None:
    row = held(house)
    there = f"{HERE}{row.pk}/"
    assert "本月补齐" not in as_user(house.head).get(there).content.decode()
    dispatch.issue(meeting=row, by=house.office)
    page = as_user(house.head).get(there).content.decode()
    assert "本月补齐" in page and "半月报" not in page
    assert as_user(house.other_head).get(there).status_code == 404
    assert as_user(house.head).get(there + "paper/").status_code == 404


def test_the_minutes_pass_the_official_form(house: House, as_user: As, tmp_path: Path) -> None:
    row = held(house)
    file = tmp_path / "纪要.docx"
    file.write_bytes(as_user(house.leader).get(f"{HERE}{row.pk}/paper/").content)
    assert check_docx(file) == []


def test_a_line_with_a_unit_needs_a_day(house: House, as_user: As) -> None:
    row = meeting(house)
    data = {"text": "补齐资料", "unit": house.units["E1"].pk}
    page = as_user(house.office).post(f"{HERE}{row.pk}/do/hold/", data).content.decode()
    assert "要一起填" in page and "补齐资料" in page
    as_user(house.office).post(f"{HERE}{row.pk}/do/hold/", data | {"deadline": later().isoformat()})
    row.refresh_from_db()
    assert row.state == "held" and row.minutes.count() == 1


@pytest.mark.parametrize("who", ["leader", "inspector", "lead_office", "head", "project_office"])
def test_nobody_but_the_office_holds_dispatch_meetings(house: House, who: str) -> None:
    with pytest.raises(Refused):
        dispatch.plan_meeting(campaign=house.campaign, on=later(), by=house.people[who])
    row = meeting(house)
    with pytest.raises(Refused):
        dispatch.draw_agenda(meeting=row, by=house.people[who])


def test_one_meeting_a_day_and_none_in_the_past(house: House) -> None:
    meeting(house)
    with pytest.raises(Refused, match="已经安排"):
        meeting(house)
    with pytest.raises(Refused, match="会议日期"):
        meeting(house, -1)
    row = house.campaign.dispatches.get()
    with pytest.raises(Refused, match="取消原因"):
        dispatch.drop(meeting=row, reason="", by=house.office)
    assert dispatch.drop(meeting=row, reason="与点评会合并", by=house.office).state == "dropped"
    assert meeting(house).number == 2


def test_the_rhythm_puts_the_next_meeting_down_and_tells_the_office_once(
    house: House, as_user: As
) -> None:
    data = {
        "raise_weekday": 4, "slot_weekday": 3, "dispatch_every": "month", "dispatch_weekday": 0,
        "dispatch_day": 16, "answer_days": 10, "review_days": 30,
    }  # fmt: skip
    page = as_user(house.office).post("/c/race/supervision/rhythm/", data | {"dispatch_day": 31})
    assert "1到28日" in page.content.decode()
    as_user(house.office).post("/c/race/supervision/rhythm/", data)
    work = JOBS["supervision.remind"].work
    with clock.at(datetime(2026, 12, 8, 8, tzinfo=CHINA)):
        assert work() == "排出0次调度会，提醒0人次"
    with clock.at(datetime(2026, 12, 9, 8, tzinfo=CHINA)):
        assert work() == "排出1次调度会，提醒0人次"
        work()
    assert house.campaign.dispatches.get().on == date(2026, 12, 16)
    assert house.office.inbox.filter(kind="dispatch").count() == 1


def test_nobody_but_the_office_sets_the_rhythm(house: House) -> None:
    with pytest.raises(Refused):
        actions.save_rhythm(campaign=house.campaign, by=house.leader, values={"answer_days": 5})
    actions.save_rhythm(campaign=house.campaign, by=house.office, values={"answer_days": 5})
    assert house.campaign.rhythm.answer_days == 5 and today()
