"""Deadlines as they are written, what a task lacks, steps that add up to a list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from saima.problems import Refused
from saima.tasks.completeness import missing
from saima.tasks.deadlines import deadline_of, read_deadline
from saima.tasks.rollup import Part, holds_open, level_name, roll_up
from saima.workflows.task import OPEN, REPORTED, TASK


@pytest.mark.parametrize(
    ("text", "day", "kind"),
    [
        ("2026-11-30", date(2026, 11, 30), "day"),
        ("2026.9.5", date(2026, 9, 5), "day"),
        ("9月30日前", date(2026, 9, 30), "day"),
        ("11月底前", date(2026, 11, 30), "month"),
        ("2027年2月", date(2027, 2, 28), "month"),
        ("明年3月", date(2027, 3, 31), "month"),
        ("12月中旬", date(2026, 12, 20), "day"),
        ("第45周", date(2026, 11, 8), "week"),
        ("三季度末", date(2026, 9, 30), "month"),
        ("年底前", date(2026, 12, 31), "month"),
        (datetime(2026, 3, 4), date(2026, 3, 4), "day"),
        (46000.0, date(2025, 12, 9), "day"),
    ],
)
def test_deadline_is_read_as_offices_write_it(text: Any, day: date, kind: str) -> None:
    found = read_deadline(text, 2026)
    assert found is not None
    assert (found.day, found.kind) == (day, kind)


@pytest.mark.parametrize("text", ["尽快", "2月30日", "13月", "第60周", "长期坚持", "", 11.3])
def test_what_names_no_day_is_no_deadline(text: Any) -> None:
    assert read_deadline(text, 2026) is None


def test_deadline_by_week_or_month_is_its_last_day_and_reads_back() -> None:
    for kind in ("day", "week", "month"):
        found = deadline_of(date(2026, 11, 4), kind)
        assert read_deadline(found.text, 2020) == found
    assert deadline_of(date(2026, 11, 4), "week").day == date(2026, 11, 8)


def test_complete_task_has_a_number_a_project_and_a_result() -> None:
    assert missing("签约3家", "乐园二期", "首店开业") == ()
    assert missing("签约三家", "乐园二期", "首店开业") == ()


def test_missing_parts_are_named_in_the_order_of_the_saying() -> None:
    assert missing("", "无", "—") == ("goal", "project", "result")
    assert missing("大力推进", "乐园二期", "") == ("number", "result")


def test_whole_is_as_far_as_its_last_parts_and_as_late_as_the_worst() -> None:
    parts = {
        "list": Part("in_hand", "normal"), "item": Part("in_hand", "nearing"),
        "done": Part("completed", "normal"), "late": Part("in_hand", "overdue"),
        "lone": Part("archived", "normal"), "gone": Part("stopped", "overdue"),
    }  # fmt: skip
    parents = {"item": "list", "lone": "list", "done": "item", "late": "item", "gone": "list"}
    found = roll_up(parts, parents)
    assert (found["list"].done, found["list"].parts, found["list"].due) == (2, 3, "overdue")
    assert found["item"].share == 0.5
    assert found["done"].share is None


def test_task_cannot_be_part_of_itself() -> None:
    parts = {"a": Part("in_hand", "normal"), "b": Part("in_hand", "normal")}
    with pytest.raises(ValueError, match="part of itself"):
        roll_up(parts, {"a": "b", "b": "a"})


def test_levels_are_list_item_step() -> None:
    assert [level_name(n) for n in range(4)] == ["清单", "事项", "步骤", "步骤"]
    assert holds_open(["in_hand", "completed", "returned"]) == 2


def test_every_state_is_reached_and_left_but_the_archive() -> None:
    reached, edge = {"initiated"}, ["initiated"]
    while edge:
        state = edge.pop()
        for event in TASK.events_at(state):
            after = TASK.step(state, event)
            edge += [] if after in reached else [after]
            reached.add(after)
    assert reached == set(TASK.states)
    assert [state for state in TASK.states if not TASK.events_at(state)] == ["archived"]
    assert set(OPEN) | set(REPORTED) | {"stopped"} == set(TASK.states)


def test_task_is_returned_once_and_closed_out() -> None:
    state = "initiated"
    for event in (
        "assign", "accept", "start", "report", "review", "return", "start", "report", "review",
        "complete", "close_out", "evaluate", "archive",
    ):  # fmt: skip
        state = TASK.step(state, event)
    assert state == "archived"


def test_unit_cannot_report_before_it_has_accepted() -> None:
    with pytest.raises(Refused, match="现在是“待签收”，不能报告办结"):
        TASK.step("assigned", "report")
