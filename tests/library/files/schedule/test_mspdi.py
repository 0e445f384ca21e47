"""MS Project XML: calendars, links and progress are read; broken and hostile files are refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from saima.files.schedule import mspdi_bytes, read_schedule, write_schedule
from saima.problems import Refused
from saima.scheduling import Link, Project, Task, schedule
from saima.scheduling.model import DAY
from tests.support.generated_networks import projects

SHIFTS = """<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>
<WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"""
WEEK = "".join(
    f"<WeekDay><DayType>{n}</DayType><DayWorking>{int(1 < n < 7)}</DayWorking>"
    f"{SHIFTS if 1 < n < 7 else ''}</WeekDay>"
    for n in range(1, 8)
)
HOLIDAY = """<Exceptions><Exception><TimePeriod><FromDate>2026-03-04T00:00:00</FromDate>
<ToDate>2026-03-05T23:59:00</ToDate></TimePeriod><Type>1</Type><DayWorking>0</DayWorking></Exception></Exceptions>"""


def xml(tasks: str, calendars: str = "", head: str = "", exceptions: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Project xmlns="http://schemas.microsoft.com/project"><Title>示范工程</Title>{head}
<StartDate>2026-03-02T08:00:00</StartDate><CalendarUID>1</CalendarUID><MinutesPerDay>480</MinutesPerDay>
<Calendars><Calendar><UID>1</UID><Name>标准</Name><WeekDays>{WEEK}</WeekDays>{exceptions}</Calendar>{calendars}</Calendars>
<Tasks>{tasks}</Tasks></Project>""".encode()


def task(uid: int, hours: int, more: str = "", name: str = "") -> str:
    return (
        f"<Task><UID>{uid}</UID><Name>{name or f'任务{uid}'}</Name><OutlineLevel>1</OutlineLevel>"
        f"<Duration>PT{hours}H0M0S</Duration>{more}</Task>"
    )


def link(uid: int, kind: int = 1, lag: int = 0, form: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{form}</LagFormat></PredecessorLink>"
    )


@pytest.fixture
def write(tmp_path: Path):
    def written(content: bytes) -> Path:
        path = tmp_path / "plan.xml"
        path.write_bytes(content)
        return path

    return written


def finish(path: Path, uid: int) -> str:
    return schedule(read_schedule(path)[0]).tasks[uid].early_finish.isoformat()


@pytest.mark.parametrize(
    ("linked", "expected"),
    [
        (link(1), "2026-03-10T17:00:00"),
        (link(1, 3), "2026-03-03T17:00:00"),
        (link(1, 0, 4800), "2026-03-09T17:00:00"),
        (link(1, 1, 14400, 8), "2026-03-10T17:00:00"),
        (link(1, 3, 40, 19), "2026-03-05T17:00:00"),
    ],
)
def test_links_of_each_kind_and_lag_are_read(write, linked, expected):
    path = write(xml(task(1, 40) + task(2, 16, linked)))
    assert finish(path, 2) == expected


def test_holidays_weeks_and_derived_calendars_are_read(write):
    saturday = f"<WeekDay><DayType>7</DayType><DayWorking>1</DayWorking>{SHIFTS}</WeekDay>"
    other = (
        "<Calendar><UID>5</UID><Name>六天</Name><BaseCalendarUID>1</BaseCalendarUID>"
        f"<WeekDays>{saturday}</WeekDays></Calendar>"
    )
    tasks = task(1, 32) + task(2, 32, "<CalendarUID>5</CalendarUID>")
    path = write(xml(tasks, other, exceptions=HOLIDAY))
    assert finish(path, 1) == "2026-03-09T17:00:00"
    assert finish(path, 2) == "2026-03-07T17:00:00"


def test_old_style_exceptions_are_read(write):
    old = (
        "<WeekDays><WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod>"
        "<FromDate>2026-03-03T00:00:00</FromDate><ToDate>2026-03-03T23:59:00</ToDate></TimePeriod></WeekDay></WeekDays>"
    )
    path = write(xml(task(1, 16), exceptions=old))
    assert finish(path, 1) == "2026-03-04T17:00:00"


def test_a_task_works_while_any_of_its_resources_works(write):
    night = "".join(
        f"<WeekDay><DayType>{n}</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime>"
        "<FromTime>20:00:00</FromTime><ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
        for n in range(1, 8)
    )
    calendars = f"<Calendar><UID>9</UID><Name>夜班</Name><WeekDays>{night}</WeekDays></Calendar>"
    content = xml(task(1, 24), calendars).replace(
        b"</Tasks>",
        b"</Tasks><Resources><Resource><UID>3</UID><Type>1</Type><CalendarUID>1</CalendarUID></Resource>"
        b"<Resource><UID>4</UID><Type>1</Type><CalendarUID>9</CalendarUID></Resource></Resources>"
        b"<Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>3</ResourceUID></Assignment>"
        b"<Assignment><TaskUID>1</TaskUID><ResourceUID>4</ResourceUID></Assignment></Assignments>",
    )
    assert finish(write(content), 1) == "2026-03-04T00:00:00"


def test_blank_inactive_and_external_things_are_left_out_and_named(write):
    external = link(1).replace("<Type>", "<CrossProject>1</CrossProject><Type>")
    tasks = (
        task(1, 8)
        + task(2, 8, "<Active>0</Active>")
        + task(3, 8, "<IsNull>1</IsNull>")
        + task(4, 8, external)
    )
    project, problems = read_schedule(write(xml(tasks)))
    assert [t.uid for t in project.tasks] == [1, 4]
    assert [p.code for p in problems] == ["schedule-external-link"]


def test_manually_scheduled_tasks_stay_where_they_were_put(write):
    more = "<Manual>1</Manual><Start>2026-03-11T08:00:00</Start>"
    assert finish(write(xml(task(1, 8, more))), 1) == "2026-03-11T17:00:00"


@settings(max_examples=40, deadline=None)
@given(projects())
def test_what_is_written_is_read_back_with_the_same_dates(tmp_path_factory, project: Project):
    path = tmp_path_factory.mktemp("again") / "plan.xml"
    found = schedule(project)
    write_schedule(path, found)
    again, problems = read_schedule(path)
    assert problems == []
    assert [d[1:] for d in schedule(again).tasks.values()] == [d[1:] for d in found.tasks.values()]


def test_summaries_codes_baselines_and_progress_survive_writing(tmp_path):
    start, done = datetime(2026, 3, 2, 8), datetime(2026, 3, 4, 17)
    tasks = (
        Task("S", "主体", summary=True),
        Task("A-1", "基础", 5 * DAY, parent="S", baseline_start=start, baseline_finish=done,
             actual_start=start, percent_complete=40.0, remaining=3 * DAY),
        Task("A-2", "封顶", 0, (Link("A-1", "FS", 50, "percent"),), parent="S", deadline=done),
    )  # fmt: skip
    path = tmp_path / "plan.xml"
    write_schedule(path, schedule(Project(start, tasks, name="示范工程")))
    project, problems = read_schedule(path)
    assert problems == []
    top, foundation, milestone = project.tasks
    assert (top.summary, top.name, foundation.parent) == (True, "主体", top.uid)
    assert (foundation.baseline_finish, foundation.actual_start) == (done, start)
    assert (foundation.percent_complete, foundation.remaining) == (40.0, 3 * DAY)
    assert milestone.links[0].unit == "percent"
    assert milestone.deadline == done
    assert project.name == "示范工程"


def test_the_same_schedule_is_written_as_the_same_bytes():
    project = Project(datetime(2026, 3, 2, 8), (Task(1, "任务", DAY),))
    assert mspdi_bytes(schedule(project)) == mspdi_bytes(schedule(project))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&b;</Title></Project>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE Project [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<Project xmlns="http://schemas.microsoft.com/project"><Title>&a;</Title></Project>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "schedule-xml-declaration"),
        (OUTSIDE, "schedule-xml-declaration"),
        (b"<Project><Tasks>", "schedule-xml-broken"),
        (b"<Project>\x00</Project>", "schedule-xml-broken"),
        (b"<html></html>", "schedule-not-mspdi"),
        (b"", "workbook-empty"),
        (b'<Project xmlns="http://schemas.microsoft.com/project"></Project>', "schedule-no-start"),
        (xml("<Task><UID>x</UID></Task>"), "schedule-value"),
    ],
)
def test_a_file_that_is_broken_hostile_or_of_another_kind_is_refused(write, content, code):
    with pytest.raises(Refused) as caught:
        read_schedule(write(content))
    assert caught.value.problem.code == code
    assert caught.value.problem.place.file == "plan.xml"


def test_values_that_cannot_be_read_are_named_with_their_line(write):
    bad = task(1, 8, "<Deadline>bald</Deadline>") + task(2, 8).replace("PT8H0M0S", "8 Stunden")
    _, problems = read_schedule(write(xml(bad)))
    assert [p.values["value"] for p in problems] == ["bald", "8 Stunden"]
    assert all(p.place.line and "Task UID=" in p.place.path for p in problems)


def test_a_recurring_exception_is_named_and_a_plan_from_its_finish_too(write):
    yearly = HOLIDAY.replace("<Type>1</Type>", "<Type>2</Type><Name>春节</Name>")
    head = "<ScheduleFromStart>0</ScheduleFromStart>"
    _, problems = read_schedule(write(xml(task(1, 8), head=head, exceptions=yearly)))
    assert {p.code for p in problems} == {"schedule-exception-pattern", "schedule-from-finish"}


def test_dates_of_exceptions_are_days(write):
    project, _ = read_schedule(write(xml(task(1, 8), exceptions=HOLIDAY)))
    special = project.calendars["1"].exceptions[0]
    assert (special.first, special.last) == (date(2026, 3, 4), date(2026, 3, 5))
