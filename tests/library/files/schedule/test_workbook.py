"""The office's schedule workbook: read with its places, written with what follows from it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from saima.files.schedule import read_schedule, write_schedule
from saima.files.schedule.links import link_text, read_links
from saima.problems import Refused
from saima.scheduling import Link, Project, Task, schedule
from saima.scheduling.calendars import EIGHT_HOURS, WorkCalendar
from saima.scheduling.model import DAY

HEADERS = ("编号", "名称", "上级编号", "工期（天）", "前置任务", "约束", "约束日期", "期限", "实际开始",
           "实际完成", "完成百分比", "乐观工期", "最可能工期", "悲观工期")  # fmt: skip
PLAN = (
    (1, "前期工作", None, None, None),
    (2, "可研批复", 1, 20, None),
    (3, "初步设计", 1, 30, "2"),
    (4, "施工许可", None, 0, "3FS+5天"),
    ("A-7", "主体施工", None, "12周", "4SS+2天，2"),
)


def write(path: Path, rows=PLAN, headers=HEADERS, calendars=(), settings=None, title=()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "计划"
    for row in (*title, headers, *rows):
        sheet.append(list(row))
    if calendars:
        extra = book.create_sheet("日历")
        for row in (("日历", "起", "止", "上班或休息"), *calendars):
            extra.append(list(row))
    extra = book.create_sheet("项目")
    for row in (settings or {"开始日期": date(2026, 3, 2), "项目名称": "示范工程"}).items():
        extra.append(list(row))
    book.save(path)
    return path


def test_rows_become_tasks_and_parents_become_summaries(tmp_path):
    project, problems = read_schedule(write(tmp_path / "计划.xlsx"))
    assert problems == []
    assert [(t.uid, t.summary, t.duration // DAY) for t in project.tasks] == [
        (1, True, 0), (2, False, 20), (3, False, 30), (4, False, 0), ("A-7", False, 60),
    ]  # fmt: skip
    assert [(k.predecessor, k.kind, k.lag) for k in project.tasks[4].links] == [
        (4, "SS", 2 * DAY), (2, "FS", 0),
    ]  # fmt: skip
    assert (project.name, project.start) == ("示范工程", datetime(2026, 3, 2, 8))


def test_title_rows_and_other_headers_are_understood(tmp_path):
    headers = ("序号", "工作内容", "持续时间", "紧前工作")
    rows = ((1, "桩基", 3, None), (2, "承台", 4, "1"))
    path = write(tmp_path / "计划.xlsx", rows, headers, title=(("某工程进度计划表",), ()))
    found = schedule(read_schedule(path)[0])
    assert found.finish == datetime(2026, 3, 10, 17)


def test_holidays_and_weekdays_of_the_calendar_sheet_hold(tmp_path):
    calendars = (
        ("标准", date(2026, 3, 4), date(2026, 3, 5), "休息"),
        ("标准", "周六", None, "上班"),
    )
    path = write(tmp_path / "计划.xlsx", ((1, "桩基", None, 5, None),), calendars=calendars)
    assert schedule(read_schedule(path)[0]).finish == datetime(2026, 3, 9, 17)


def test_calendar_days_are_days_of_the_clock(tmp_path):
    path = write(tmp_path / "计划.xlsx", ((1, "养护", None, "10日历天", None),))
    assert schedule(read_schedule(path)[0]).finish == datetime(2026, 3, 12, 8)


def test_a_date_ends_with_its_day_where_it_ends_something(tmp_path):
    row = (
        1,
        "桩基",
        None,
        5,
        None,
        "不得早于…完成",
        date(2026, 3, 20),
        date(2026, 3, 25),
        date(2026, 3, 2),
    )
    project, problems = read_schedule(write(tmp_path / "计划.xlsx", (row,)))
    task = project.tasks[0]
    assert problems == []
    assert task.constraint == "FNET"
    assert task.constraint_date == datetime(2026, 3, 20, 17)
    assert task.deadline == datetime(2026, 3, 25, 17)
    assert task.actual_start == datetime(2026, 3, 2, 8)


def test_what_is_written_is_read_back_with_the_same_dates(tmp_path):
    calendars = (
        ("标准", date(2026, 4, 4), date(2026, 4, 6), "休息"),
        ("标准", date(2026, 4, 11), None, "班"),
    )
    row = (
        9,
        "验收",
        None,
        3,
        "A-7SS+50%，2FF-1天",
        "必须开始于",
        date(2026, 8, 3),
        None,
        None,
        None,
        None,
        2,
        3,
        9,
    )
    found = schedule(
        read_schedule(write(tmp_path / "一.xlsx", (*PLAN, row), calendars=calendars))[0]
    )
    write_schedule(tmp_path / "二.xlsx", found)
    again, problems = read_schedule(tmp_path / "二.xlsx")
    assert problems == []
    assert [d[1:] for d in schedule(again).tasks.values()] == [d[1:] for d in found.tasks.values()]
    assert [t.estimates for t in again.tasks] == [t.estimates for t in found.project.tasks]


def test_written_workbook_shows_the_computed_dates(tmp_path):
    found = schedule(read_schedule(write(tmp_path / "一.xlsx"))[0])
    write_schedule(tmp_path / "二.xlsx", found)
    sheet = openpyxl.load_workbook(tmp_path / "二.xlsx")["计划"]
    heads = [cell.value for cell in sheet[1]]
    row = [cell.value for cell in sheet[3]]
    shown = dict(zip(heads, row))
    assert shown["最早完成"] == datetime(2026, 3, 27)
    assert (shown["总时差（天）"], shown["关键"]) == (0, "是")


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ((1, "桩基", None, "许久", None), "schedule-value", "D2"),
        ((1, "桩基", None, 5, "??+"), "schedule-missing-predecessor", "E2"),
        ((1, "桩基", None, 5, "2FS+3光年"), "schedule-link-text", "E2"),
        ((1, "桩基", None, 5, None, "尽快吧"), "schedule-value", "F2"),
        ((1, "桩基", None, 5, None, None, None, "月底"), "schedule-value", "H2"),
        ((1, "桩基", None, -5, None), "schedule-negative-duration", "B2"),
        ((1, "桩基", None, 5, "7"), "schedule-missing-predecessor", "E2"),
    ],
)
def test_a_bad_cell_is_named_with_its_place(tmp_path, row, code, cell):
    from saima.scheduling.checks import problems_of

    project, problems = read_schedule(write(tmp_path / "计划.xlsx", (row,)))
    found = [p for p in problems + problems_of(project) if p.code == code]
    assert [p.place.cell for p in found] == [cell]
    assert found[0].place.sheet == "计划"


def test_a_workbook_without_the_columns_or_without_a_start_is_refused(tmp_path):
    with pytest.raises(Refused) as caught:
        read_schedule(write(tmp_path / "一.xlsx", ((1, 2),), ("甲", "乙")))
    assert caught.value.problem.code == "schedule-header"
    with pytest.raises(Refused) as caught:
        read_schedule(write(tmp_path / "二.xlsx", settings={"项目名称": "示范工程"}))
    assert caught.value.problem.code == "schedule-no-start"


@pytest.mark.parametrize("hour", [8, 17])
def test_a_plan_without_named_calendars_keeps_its_days_and_what_is_over(tmp_path, hour):
    every_day = WorkCalendar("每天", (EIGHT_HOURS,) * 7)
    tasks = (Task(1, "桩基", 20 * DAY), Task(2, "主体", 30 * DAY, (Link(1),)))
    status = datetime(2026, 3, 9, hour)
    plan = Project(datetime(2026, 3, 1, 8), tasks, calendars={"": every_day}, status=status)
    found = schedule(plan)
    write_schedule(tmp_path / "计划.xlsx", found)
    again = schedule(read_schedule(tmp_path / "计划.xlsx")[0])
    assert again.finish == found.finish
    assert again.tasks[1].early_start == found.tasks[1].early_start


def test_another_kind_of_output_is_refused(tmp_path):
    found = schedule(read_schedule(write(tmp_path / "一.xlsx"))[0])
    with pytest.raises(Refused):
        write_schedule(tmp_path / "二.mpp", found)


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("3", Link(3)),
        ("3 FS", Link(3)),
        ("3ss+2.5天", Link(3, "SS", 2.5 * DAY)),
        ("3完成-完成-1周", Link(3, "FF", -5 * DAY)),
        ("A-3FS+50%", Link("A-3", "FS", 50, "percent")),
        ("3FS+4日历天", Link(3, "FS", 4 * 86400, "elapsed")),
        ("3+2天", Link(3, "FS", 2 * DAY)),
    ],
)
def test_links_are_read_as_people_write_them_and_written_so_that_they_are_read(written, link):
    assert read_links(written, DAY, ()) == ([link], [])
    assert read_links(link_text(link, DAY), DAY, ()) == ([link], [])


def test_a_number_with_a_dash_is_the_task_of_that_number_where_it_exists():
    assert read_links("A-3", DAY, {"A-3"})[0] == [Link("A-3")]
