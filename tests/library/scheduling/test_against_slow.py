"""The engine equals the slow, obvious schedule on generated networks, and slack means what it says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings

from saima.scheduling import Project, Schedule, schedule
from saima.scheduling.calendars import moment
from tests.support.generated_networks import projects
from tests.support.slow_schedule import SlowSchedule

HOUR = 3600


def strict(found, node: int, pair) -> tuple:
    """The dates of a node as the passes left them."""
    line = found.net.timeline[node]
    return tuple(moment(line.instant(side[node])) for side in pair)


@settings(max_examples=200, deadline=None)
@given(projects())
def test_dates_and_slack_equal_those_of_the_slow_schedule(project: Project):
    found, slow = schedule(project), SlowSchedule(project)
    assert found.finish == slow.finish
    for uid, node in found.net.node_of.items():
        task = found.net.tasks[node]
        assert strict(found, node, found.early) == slow.early[uid], f"early dates of {task}"
        assert strict(found, node, found.late) == slow.late[uid], f"late dates of {task}"
        assert found.total_slack[node] == slow.slack(task) * HOUR, f"slack of {task}"


def held_back(project: Project, uid: object, until) -> Project:
    """The same project, with one task that may not start before a moment."""
    changed = [
        replace(t, constraint="SNET", constraint_date=until) if t.uid == uid else t
        for t in project.tasks
    ]
    return replace(project, tasks=tuple(changed))


@settings(max_examples=60, deadline=None)
@given(projects(constrained=False, mixed=False))
def test_a_task_at_its_late_start_does_not_move_the_finish(project: Project):
    found = schedule(project)
    for uid, dates in found.tasks.items():
        assert schedule(held_back(project, uid, dates.late_start)).finish == found.finish


@settings(max_examples=60, deadline=None)
@given(projects(constrained=False, mixed=False))
def test_a_task_later_than_its_late_start_moves_the_finish(project: Project):
    found = schedule(project)
    assume(all(t.duration for t in project.tasks))
    for uid, node in found.net.node_of.items():
        later = (
            found.late[0][node] + 2 * HOUR
        )  # an hour of work: the clock's may be the lunch break
        until = moment(found.net.timeline[node].instant(later))
        assert schedule(held_back(project, uid, until)).finish > found.finish


@settings(max_examples=60, deadline=None)
@given(projects(constrained=False, mixed=False))
def test_a_task_that_uses_its_free_slack_moves_no_other_task(project: Project):
    found = schedule(project)
    for uid, dates in found.tasks.items():
        line = found.net.timeline[found.net.node_of[uid]]
        start = found.early[0][found.net.node_of[uid]] + 2 * dates.free_slack
        start = start if dates.task.duration else start & ~1
        moved = schedule(held_back(project, uid, moment(line.instant(start))))
        assert worked_until(moved, uid) == worked_until(found, uid)


def worked_until(found: Schedule, without: object) -> list[tuple[int, int]]:
    """Start and finish of all other tasks, in work since the origin."""
    starts, finishes = found.early
    return [
        (starts[node] >> 1, finishes[node] >> 1)
        for uid, node in found.net.node_of.items()
        if uid != without
    ]


@settings(max_examples=50, deadline=None)
@given(projects())
def test_the_order_of_the_rows_does_not_matter(project: Project):
    turned = replace(project, tasks=tuple(reversed(project.tasks)))
    assert schedule(turned).tasks == schedule(project).tasks
