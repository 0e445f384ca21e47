"""Slip against the baseline, where it began, and what it pushes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from saima.problems import declare, refuse
from saima.scheduling.calendars import seconds
from saima.scheduling.driving import bounds, cause_of
from saima.scheduling.model import Project, Task, Uid
from saima.scheduling.network import remaining_of
from saima.scheduling.result import Schedule, schedule

NO_TASK = declare(
    "schedule-no-such-task",
    "没有编号为“{uid}”的任务。",
    "请改用表中的任务编号；汇总任务请改用其中的子任务。",
    "There is no task numbered “{uid}”.",
    "Use the number of a task; for a summary that of one of its own tasks.",
)
DONE = declare(
    "schedule-task-done",
    "“{name}”已经完成，不会再推迟。",
    "请换一个没有完成的任务。",
    "“{name}” is finished and cannot slip any more.",
    "Choose a task that is not finished.",
)


@dataclass(frozen=True)
class Slippage:
    """Working days of a task's calendar after its baseline (before it: negative).

    `origin`: the slip begins here, no task that drives this one has slipped as well. `pushes` are
    the slipped tasks that follow from it, in their order.
    """

    task: Task
    start_days: float
    finish_days: float
    origin: bool = False
    pushes: tuple[Uid, ...] = ()


def slippages(found: Schedule) -> list[Slippage]:
    """Every task with a baseline whose dates differ from it, in the order of the project."""
    measured = {uid: _measured(found, uid) for uid in found.net.node_of}
    late = {uid for uid, slip in measured.items() if slip and slip.finish_days > 0}
    follows: dict[Uid, list[Uid]] = {uid: [] for uid in found.net.node_of}
    origins = set(late)
    for uid in late:
        source = driver_of(found, uid)
        if source in late:
            follows[source].append(uid)
            origins.discard(uid)
    return [
        replace(slip, origin=uid in origins, pushes=_pushed(uid, follows, found))
        for uid, slip in measured.items()
        if slip and (slip.start_days or slip.finish_days)
    ]


def driver_of(found: Schedule, uid: Uid) -> Uid | None:
    """The task that decides when this one starts; summaries on the way are passed through.

    A task that has begun is driven by the link that held it back, as long as it had one.
    """
    node: int | None = found.net.node_of[uid]
    while node is not None:
        cause, source, _ = cause_of(found, node)
        node = bounds(found, node).source if cause == "actual" else source
        if node is not None and node < len(found.net.node_of):
            return found.net.tasks[node].uid
    return None


def _pushed(uid: Uid, follows: dict[Uid, list[Uid]], found: Schedule) -> tuple[Uid, ...]:
    reached, waiting = set(), list(follows[uid])
    while waiting:
        at = waiting.pop()
        reached.add(at)
        waiting += follows[at]
    return tuple(other for other in found.net.node_of if other in reached)


def _measured(found: Schedule, uid: Uid) -> Slippage | None:
    node = found.net.node_of[uid]
    task = found.net.tasks[node]
    if task.baseline_finish is None:
        return None
    began = task.baseline_start
    start = _days(found, node, began, found.early[0][node]) if began else 0.0
    return Slippage(task, start, _days(found, node, task.baseline_finish, found.early[1][node]))


def _days(found: Schedule, node: int, planned: datetime, position: int) -> float:
    """Working days from a planned moment to a position."""
    base = found.net.timeline[node].position_before(seconds(planned)) >> 1
    return ((position >> 1) - base) / found.project.day


@dataclass(frozen=True)
class Pushed:
    """A task that is moved, by so many working days of its calendar."""

    task: Task
    days: float


@dataclass(frozen=True)
class Delay:
    """What happens if one task takes longer: what moves, and the project's finish then."""

    task: Task
    days: float
    pushed: tuple[Pushed, ...]
    before: datetime
    after: datetime


def delayed(found: Schedule, uid: Uid, days: float) -> Delay:
    """Let a task take so many working days longer. Errors: Refused for no such or a done task."""
    if uid not in found.net.node_of:
        raise refuse(NO_TASK, found.project.place, uid=uid)
    task = found.net.tasks[found.net.node_of[uid]]
    if task.actual_finish:
        raise refuse(DONE, task.place, name=task.name)
    more = int(days * found.project.day)
    longer = replace(task, duration=task.duration + more, remaining=remaining_of(task) + more)
    then = schedule(_with(found.project, longer))
    pushed = tuple(_moves(found, then, uid))
    return Delay(task, days, pushed, found.finish, then.finish)


def _with(project: Project, changed: Task) -> Project:
    tasks = tuple(changed if task.uid == changed.uid else task for task in project.tasks)
    return replace(project, tasks=tasks)


def _moves(before: Schedule, after: Schedule, uid: Uid) -> list[Pushed]:
    found = []
    for other, node in before.net.node_of.items():
        moved = (after.early[1][node] >> 1) - (before.early[1][node] >> 1)
        if moved and other != uid:
            found.append(Pushed(before.net.tasks[node], moved / before.project.day))
    return found
