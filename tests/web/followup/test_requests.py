"""A later date counts only if asked and approved in time; reminders; what units are told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saima.problems import Refused
from saima_web.base import clock
from saima_web.followup import loop
from saima_web.followup.models import Task
from saima_web.followup.queries import standings
from saima_web.followup.requests import ask_change, ask_extension, decide
from tests.web.cast import House
from tests.web.followup.making import reach, task

ZONE = ZoneInfo("Asia/Shanghai")
DUE, LATER = date(2026, 11, 20), date(2026, 12, 5)


def on(day: int, month: int = 11):  # type: ignore[no-untyped-def]
    """The clock stopped in the morning of a day of 2026."""
    return clock.at(datetime(2026, month, day, 9, tzinfo=ZONE))


def in_hand(house: House) -> Task:
    with on(2):
        return reach(house, "in_hand", task(house, deadline=DUE))


def test_extension_approved_in_time_moves_the_deadline(house: House) -> None:
    made = in_hand(house)
    with on(18):
        asked = ask_extension(task=made, until=LATER, reason="连续降雨", by=house.clerk)
        answered = decide(request=asked, approved=True, by=house.office)
    made.refresh_from_db()
    assert answered.counts
    assert (made.deadline, made.first_deadline, made.promised_on) == (LATER, DUE, None)


def test_extension_approved_too_late_leaves_the_old_day(house: House) -> None:
    made = in_hand(house)
    with on(18):
        asked = ask_extension(task=made, until=LATER, reason="连续降雨", by=house.clerk)
    with on(23):
        answered = decide(request=asked, approved=True, by=house.office)
        made.refresh_from_db()
        standing = standings([made])[0]
    assert not answered.counts
    assert (made.deadline, made.promised_on) == (DUE, LATER)
    assert (standing.due, standing.late) == ("overdue", 3)


def test_change_of_the_goal_needs_approval_in_time(house: House) -> None:
    made = in_hand(house)
    with on(18):
        asked = ask_change(task=made, goal="签约2家", reason="市场变化", by=house.head)
        made.refresh_from_db()
        assert made.goal == "签约3家", "asking changes nothing"
        decide(request=asked, approved=True, by=house.office)
    made.refresh_from_db()
    assert made.goal == "签约2家"


def test_refusal_needs_a_reason_and_comes_once(house: House) -> None:
    made = in_hand(house)
    with on(18):
        asked = ask_extension(task=made, until=LATER, reason="连续降雨", by=house.clerk)
        with pytest.raises(Refused, match="不同意的理由"):
            decide(request=asked, approved=False, by=house.office)
        decide(request=asked, approved=False, note="按原计划推进", by=house.office)
        with pytest.raises(Refused, match="已经批复"):
            decide(request=asked, approved=True, by=house.office)
    made.refresh_from_db()
    assert made.deadline == DUE


def test_what_is_asked_twice_early_or_by_others_is_refused(house: House) -> None:
    made = in_hand(house)
    with on(18):
        with pytest.raises(Refused, match="晚于现在时限"):
            ask_extension(task=made, until=DUE, reason="连续降雨", by=house.clerk)
        with pytest.raises(Refused, match="没有“承办任务”的权限"):
            ask_extension(task=made, until=LATER, reason="连续降雨", by=house.other_clerk)
        ask_extension(task=made, until=LATER, reason="连续降雨", by=house.clerk)
        with pytest.raises(Refused, match="在等批复"):
            ask_extension(task=made, until=LATER, reason="连续降雨", by=house.head)


def test_clerk_cannot_approve_own_extension(house: House) -> None:
    made = in_hand(house)
    with on(18):
        asked = ask_extension(task=made, until=LATER, reason="连续降雨", by=house.clerk)
        with pytest.raises(Refused, match="没有“交办和审核任务”的权限"):
            decide(request=asked, approved=True, by=house.clerk)


def test_nothing_is_asked_for_after_the_report(house: House) -> None:
    made = reach(house, "reported")
    later = made.deadline + timedelta(days=5)
    with pytest.raises(Refused, match="不能再申请"):
        ask_extension(task=made, until=later, reason="连续降雨", by=house.clerk)


def test_late_report_stays_late_when_it_is_closed(house: House) -> None:
    made = in_hand(house)
    with on(23):
        loop.report(task=made, text="已签约", by=house.clerk)
        loop.judge(task=made, note="属实", good=True, by=house.office)
    with on(20, 12):
        made.refresh_from_db()
        assert (standings([made])[0].due, standings([made])[0].late) == ("overdue", 3)


def test_progress_is_asked_for_only_when_due(house: House) -> None:
    made = in_hand(house)
    for day, asked in ((3, False), (30, False)):
        with on(day):
            assert standings([made])[0].asked is asked
    with on(2, 12):
        assert standings([made])[0].asked


def test_unit_is_told_of_assignment_return_and_reminder(house: House) -> None:
    made = reach(house, "returned")
    loop.remind(tasks=[made], text="请抓紧办理", by=house.inspector)
    told = [m.subject.partition("：")[0] for m in house.clerk.inbox.order_by("pk")]
    assert told == ["新任务待签收", "任务被退回重办", "催办"]
    assert not house.other_clerk.inbox.exists()
    assert made.reminders.get().text == "请抓紧办理"


def test_many_tasks_assigned_together_are_one_message(house: House) -> None:
    loop.assign_all(tasks=[task(house), task(house)], by=house.office)
    assert house.clerk.inbox.get().subject == "2项新任务待签收"
