"""Links, calendars, constraints, progress and summaries on small plans with dates that one can count."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from saima.problems import Refused
from saima.scheduling import Link, Project, Task, WorkCalendar, schedule
from saima.scheduling.calendars import EIGHT_HOURS, OFFICE, with_days
from saima.scheduling.checks import problems_of
from saima.scheduling.model import DAY

MONDAY = datetime(2026, 3, 2, 8)


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}T00:00:00")


def opening(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}T08:00:00")


def closing(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}T17:00:00")


def plan(*tasks: Task, **settings) -> Project:
    return Project(MONDAY, tasks, **settings)


def task(uid, days: float, *links: Link, **more) -> Task:
    return Task(uid, f"任务{uid}", int(days * DAY), links, **more)


def dates(project: Project, uid) -> tuple[datetime, datetime]:
    found = schedule(project).tasks[uid]
    return found.early_start, found.early_finish


def test_finish_to_start_goes_on_the_next_working_morning():
    project = plan(task(1, 5), task(2, 3, Link(1)))
    assert dates(project, 2) == (opening("03-09"), closing("03-11"))


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link(1, "FS", 2 * DAY), ("03-11", "03-13")),
        (Link(1, "FS", -1 * DAY), ("03-06", "03-10")),
        (Link(1, "SS"), ("03-02", "03-04")),
        (Link(1, "SS", 3 * DAY), ("03-05", "03-09")),
        (Link(1, "FF"), ("03-04", "03-06")),
        (Link(1, "FF", 1 * DAY), ("03-05", "03-09")),
        (Link(1, "SF", 4 * DAY), ("03-03", "03-05")),
        (Link(1, "FS", 3 * 86400, "elapsed"), ("03-10", "03-12")),
        (Link(1, "SS", 40, "percent"), ("03-04", "03-06")),
    ],
)
def test_each_kind_of_link_and_lag_gives_the_dates_that_one_counts(link, expected):
    project = plan(task(1, 5), task(2, 3, link))
    assert dates(project, 2) == (opening(expected[0]), closing(expected[1]))


def test_lag_is_worked_off_in_the_calendar_of_the_successor():
    daily = WorkCalendar("每天", (EIGHT_HOURS,) * 7)
    project = plan(
        task(1, 5), task(2, 1, Link(1, "FS", 2 * DAY), calendar="每天"),
        calendars={"": OFFICE, "每天": daily},
    )  # fmt: skip
    assert dates(project, 2) == (opening("03-09"), closing("03-09"))


def test_holidays_are_left_out_and_days_in_lieu_are_worked():
    calendar = with_days(OFFICE, [date(2026, 3, 4), date(2026, 3, 5)], [date(2026, 3, 7)])
    project = plan(task(1, 4), calendars={"": calendar})
    assert dates(project, 1) == (opening("03-02"), closing("03-07"))


def test_slack_is_what_a_task_may_slip():
    project = plan(task(1, 5), task(2, 2), task(3, 1, Link(1), Link(2)))
    found = schedule(project)
    assert [found.tasks[n].total_slack / DAY for n in (1, 2, 3)] == [0, 3, 0]
    assert [found.tasks[n].free_slack / DAY for n in (1, 2, 3)] == [0, 3, 0]
    assert [found.tasks[n].critical for n in (1, 2, 3)] == [True, False, True]
    assert found.tasks[2].late_start == opening("03-05")


def test_free_slack_ends_where_the_next_task_begins():
    project = plan(task(1, 2), task(2, 1, Link(1)), task(3, 10))
    found = schedule(project)
    assert (found.tasks[1].free_slack, found.tasks[1].total_slack) == (0, 7 * DAY)


@pytest.mark.parametrize(
    ("constraint", "when", "expected"),
    [
        ("SNET", opening("03-05"), ("03-05", "03-06")),
        ("FNET", closing("03-12"), ("03-11", "03-12")),
        ("MSO", opening("03-10"), ("03-10", "03-11")),
        ("MFO", closing("03-10"), ("03-09", "03-10")),
        ("SNLT", opening("03-20"), ("03-02", "03-03")),
        ("FNLT", closing("03-20"), ("03-02", "03-03")),
    ],
)
def test_constraints_move_a_free_task_only_as_far_as_they_must(constraint, when, expected):
    project = plan(task(1, 2, constraint=constraint, constraint_date=when))
    assert dates(project, 1) == (opening(expected[0]), closing(expected[1]))


@pytest.mark.parametrize("constraint", ["SNLT", "MSO"])
def test_a_date_that_binds_outweighs_links_and_says_so(constraint):
    early = task(2, 2, Link(1), constraint=constraint, constraint_date=opening("03-04"))
    found = schedule(plan(task(1, 5), early))
    assert found.tasks[2].early_start == opening("03-04")
    assert found.tasks[1].total_slack == -3 * DAY
    assert [p.code for p in found.problems] == ["schedule-constraint-against-links"]
    assert "2026-03-09" in found.problems[0].text("zh")


def test_links_outweigh_a_date_where_constraints_are_not_honoured():
    late = task(2, 2, Link(1), constraint="FNLT", constraint_date=closing("03-05"))
    found = schedule(plan(task(1, 5), late, honour_constraints=False))
    assert found.tasks[2].early_start == opening("03-09")
    assert found.tasks[2].total_slack == -3 * DAY
    assert found.problems == []


def test_a_deadline_takes_slack_and_moves_nothing():
    found = schedule(plan(task(1, 2, deadline=closing("03-05")), task(2, 10)))
    assert found.tasks[1].early_finish == closing("03-03")
    assert found.tasks[1].total_slack == 2 * DAY


def test_as_late_as_possible_waits_for_the_successor_and_does_not_move_it():
    lazy = task(1, 2, constraint="ALAP")
    found = schedule(plan(lazy, task(2, 5), task(3, 1, Link(1), Link(2))))
    assert found.tasks[1].early_start == opening("03-02")
    assert (found.tasks[1].start, found.tasks[1].finish) == (opening("03-05"), closing("03-06"))
    assert found.tasks[3].start == opening("03-09")


def test_a_milestone_stands_at_the_end_of_what_it_waits_for():
    found = schedule(plan(task(1, 5), task(2, 0, Link(1)), task(3, 1, Link(2))))
    assert found.tasks[2].early_finish == closing("03-06")
    assert found.tasks[2].late_finish == closing("03-06")
    assert found.tasks[3].early_start == opening("03-09")


def test_what_has_happened_stands_and_pushes_what_follows():
    begun = task(1, 5, actual_start=opening("03-04"), actual_finish=closing("03-12"))
    found = schedule(plan(begun, task(2, 1, Link(1))))
    assert found.tasks[1].early_finish == closing("03-12")
    assert found.tasks[1].total_slack == 0
    assert not found.tasks[1].critical
    assert found.tasks[2].early_start == opening("03-13")


@pytest.mark.parametrize(
    ("progress", "finish"),
    [({"percent_complete": 40.0}, "03-06"), ({"remaining": 6 * DAY}, "03-10")],
)
def test_a_task_in_progress_ends_when_its_remaining_work_is_done(progress, finish):
    begun = task(1, 5, actual_start=opening("03-02"), **progress)
    status = closing("03-02") if "remaining" in progress else None  # nothing of it is done yet
    project = plan(begun, status=status)
    assert dates(project, 1)[1] == closing(finish)


def test_after_a_status_date_undone_work_lies_behind_it():
    begun = task(1, 5, actual_start=opening("03-02"), percent_complete=20.0)
    project = plan(begun, task(2, 1), status=closing("03-06"))
    assert dates(project, 1)[1] == closing("03-12")
    assert dates(project, 2)[0].date() == date(2026, 3, 9)


def test_a_summary_spans_its_tasks_and_its_links_hold_for_all_of_them():
    first = task(1, 5)
    summary = Task("S", "主体", summary=True, links=(Link(1),))
    inner = [task(2, 3, parent="S"), task(3, 5, parent="S")]
    after = task(4, 1, Link("S"))
    found = schedule(plan(first, summary, *inner, after))
    assert found.tasks["S"].early_start == opening("03-09")
    assert found.tasks["S"].early_finish == closing("03-13")
    assert found.tasks[2].early_start == opening("03-09")
    assert found.tasks[4].early_start == opening("03-16")
    assert found.tasks[2].total_slack == 2 * DAY
    assert found.tasks["S"].critical


def test_summaries_stand_within_summaries():
    tasks = [
        Task("A", "甲", summary=True), Task("B", "乙", summary=True, parent="A"),
        task(1, 2, parent="B"), task(2, 1, Link(1), parent="A"), task(3, 1, Link("A")),
    ]  # fmt: skip
    found = schedule(plan(*tasks))
    assert found.tasks["A"].early_finish == closing("03-04")
    assert found.tasks[3].early_start == opening("03-05")


def test_an_empty_summary_has_the_start_of_the_project():
    found = schedule(plan(Task("S", "空", summary=True), task(1, 1)))
    assert found.tasks["S"].early_start == MONDAY


def refusal(project: Project) -> str:
    with pytest.raises(Refused) as caught:
        schedule(project)
    return caught.value.problem.text("zh")


def test_a_cycle_is_refused_with_its_members():
    said = refusal(plan(task(1, 1, Link(3)), task(2, 1, Link(1)), task(3, 1, Link(2)), task(4, 1)))
    assert "任务1（1） → 任务2（2） → 任务3（3） → 任务1（1）" in said


def test_a_summary_that_waits_for_its_own_task_is_a_cycle():
    said = refusal(plan(Task("S", "主体", summary=True, links=(Link(1),)), task(1, 1, parent="S")))
    assert "主体（S）" in said
    assert "任务1（1）" in said


@pytest.mark.parametrize(
    ("project", "code"),
    [
        (plan(), "schedule-no-tasks"),
        (plan(task(1, 1, Link(9))), "schedule-missing-predecessor"),
        (plan(task(1, -2)), "schedule-negative-duration"),
        (plan(task(1, 2, remaining=-1)), "schedule-negative-duration"),
        (plan(task(1, 2, calendar="夜班")), "schedule-unknown-calendar"),
        (plan(task(1, 1), calendar="夜班"), "schedule-unknown-calendar"),
        (plan(task(1, 1), task(1, 2)), "schedule-uid-twice"),
        (plan(task(1, 1, constraint="MSO")), "schedule-constraint-without-date"),
        (plan(task(1, 1, parent=7)), "schedule-missing-parent"),
        (plan(task(1, 1, estimates=(3, 2, 4))), "schedule-estimates-order"),
        (plan(task(1, 1, percent_complete=120.0)), "schedule-percent-range"),
        (
            plan(task(1, 1, actual_start=opening("03-05"), actual_finish=closing("03-04"))),
            "schedule-actual-order",
        ),
        (
            plan(
                Task("S", "甲", summary=True), task(1, 1, parent="S"), task(2, 1, Link("S", "SS"))
            ),
            "schedule-summary-start-link",
        ),
        (
            plan(
                task(2, 1),
                Task("S", "甲", summary=True, links=(Link(2, "FF"),)),
                task(1, 1, parent="S"),
            ),
            "schedule-summary-finish-link",
        ),
        (
            plan(
                Task("A", "甲", summary=True, parent="B"), Task("B", "乙", summary=True, parent="A")
            ),
            "schedule-missing-parent",
        ),
    ],
)
def test_bad_input_is_named_by_its_code(project, code):
    assert code in {problem.code for problem in problems_of(project)}
    with pytest.raises(Refused):
        schedule(project)


def test_everything_wrong_is_collected_in_one_go():
    project = plan(task(1, -1, Link(8)), task(2, 1, calendar="无"))
    assert len(problems_of(project)) == 3


def test_a_calendar_without_work_and_dates_past_all_years_are_refused():
    idle = WorkCalendar("空", ((),) * 7)
    assert "没有任何工作时间" in refusal(plan(task(1, 1), calendars={"": idle}))
    assert "2999" in refusal(plan(task(1, 4_000_000)))
