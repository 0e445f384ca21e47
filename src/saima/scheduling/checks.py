"""Everything that is wrong with a project's tasks, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from saima.problems import Place, Problem
from saima.rounding import text
from saima.scheduling.model import NOWHERE, Link, Project, Task, Uid
from saima.scheduling.problems import (
    ACTUALS,
    ESTIMATES,
    MISSING_PARENT,
    MISSING_PREDECESSOR,
    NEGATIVE,
    NO_DATE,
    NO_TASKS,
    PERCENT,
    SUMMARY_FINISH,
    SUMMARY_START,
    TWICE,
    UNKNOWN_CALENDAR,
)


def problems_of(project: Project) -> list[Problem]:
    """What is wrong, in the order of the tasks; cycles are found by `network`."""
    if not project.tasks:
        return [Problem(NO_TASKS, project.place)]
    return [*_numbers(project), *_tasks(project), *_parents(project)]


def _numbers(project: Project) -> Iterator[Problem]:
    if project.calendar not in project.calendars:
        yield _calendar(project, project.name, project.calendar, project.place)
    if len({task.uid for task in project.tasks}) == len(project.tasks):
        return
    first: dict[Uid, Task] = {}
    for task in project.tasks:
        if (other := first.setdefault(task.uid, task)) is not task:
            values = {"uid": task.uid, "first": other.name, "second": task.name}
            yield Problem(TWICE, task.place, values)


def _calendar(project: Project, name: str, calendar: str, place: Place) -> Problem:
    known = "、".join(key for key in project.calendars if key) or "—"
    values = {"name": name, "calendar": calendar, "known": known}
    return Problem(UNKNOWN_CALENDAR, place, values)


def _tasks(project: Project) -> Iterator[Problem]:
    kinds = {task.uid: task.summary for task in project.tasks}
    for task in project.tasks:
        if task.calendar and task.calendar not in project.calendars:
            yield _calendar(project, task.name, task.calendar, task.place)
        if task.duration < 0:
            yield _negative(project, task, "工期", task.duration)
        if task.remaining is not None and task.remaining < 0:
            yield _negative(project, task, "剩余工期", task.remaining)
        if task.constraint != "ASAP" and not task.constraint_date and task.constraint != "ALAP":
            yield Problem(NO_DATE, task.place, {"name": task.name, "constraint": task.constraint})
        if task.estimates is not None or task.percent_complete or task.actual_finish:
            yield from _progress(project, task)
        if task.links:
            yield from _links(task, kinds)


def _negative(project: Project, task: Task, what: str, value: int) -> Problem:
    days = f"{text(value / project.day, 2)}天"
    return Problem(NEGATIVE, task.place, {"name": task.name, "what": what, "value": days})


def _progress(project: Project, task: Task) -> Iterator[Problem]:
    if task.estimates is not None:
        low, likely, high = task.estimates
        if not 0 <= low <= likely <= high:
            days = [text(value / project.day, 2) for value in task.estimates]
            values = dict(zip(("low", "likely", "high"), days, strict=True))
            yield Problem(ESTIMATES, task.place, {"name": task.name, **values})
    if not 0 <= task.percent_complete <= 100:
        values = {"name": task.name, "value": text(task.percent_complete, 2)}
        yield Problem(PERCENT, task.place, values)
    begun, done = task.actual_start, task.actual_finish
    if begun and done and done < begun:
        values = {"name": task.name, "start": f"{begun:%Y-%m-%d}", "finish": f"{done:%Y-%m-%d}"}
        yield Problem(ACTUALS, task.place, values)


def _links(task: Task, kinds: dict[Uid, bool]) -> Iterator[Problem]:
    for link in task.links:
        summary = kinds.get(link.predecessor)
        if summary is None:
            yield _about(MISSING_PREDECESSOR, task, link)
        elif summary and link.kind in ("SS", "SF"):
            yield _about(SUMMARY_START, task, link)
        elif task.summary and link.kind in ("FF", "SF"):
            yield _about(SUMMARY_FINISH, task, link)


def _about(code: str, task: Task, link: Link) -> Problem:
    place = task.place if link.place is NOWHERE else link.place
    values = {"name": task.name, "predecessor": link.predecessor, "kind": link.kind}
    return Problem(code, place, values)


def _parents(project: Project) -> Iterator[Problem]:
    """A parent must exist, and going up must come to an end."""
    if all(task.parent is None for task in project.tasks):
        return
    parents = {task.uid: task.parent for task in project.tasks}
    sound: set[Uid | None] = {None}
    for task in project.tasks:
        seen: list[Uid | None] = []
        at: Uid | None = task.uid
        while at not in sound and at in parents and at not in seen:
            seen.append(at)
            at = parents[at]
        if at in sound:
            sound.update(seen)
        else:
            yield Problem(MISSING_PARENT, task.place, {"name": task.name, "parent": task.parent})
