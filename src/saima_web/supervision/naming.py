"""Which problems are about which projects: by choice, or by their title and what they concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from saima_web.campaigns.models import Campaign
from saima_web.followup.models import Task
from saima_web.projects.models import Project
from saima_web.supervision.models import Problem

SHORTEST = 4
"""Characters from which a task's title says whose it is."""


def named_by(problems: Iterable[Problem], projects: Sequence[Project]) -> dict[int, list[Problem]]:
    """Project id -> the problems that have it, or of its unit name it, a milestone or task of it.

    Words count only where no project was chosen.
    A milestone is named behind its project (湖滨路：封顶). Of two names where one lies in the other
    (环路, 环路二期) only the longer one is meant.
    """
    names = _names(projects)
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.project_id is not None:
            found.setdefault(problem.project_id, []).append(problem)
            continue
        words = f"{problem.title}　{problem.concerns}"
        said = {name for name, (unit, _pk) in names.items() if unit == problem.unit_id and name in words}  # fmt: skip
        longest = {n for n in said if not any(n != other and n in other for other in said)}
        for pk in {names[name][1] for name in longest}:
            found.setdefault(pk, []).append(problem)
    return found


def _names(projects: Sequence[Project]) -> dict[str, tuple[int, int]]:
    """What a project is called, and the titles of the tasks that it supports: unit and project."""
    found = {}
    units = {p.pk: p.unit_id for p in projects}
    tasks = Task.objects.filter(project__in=units).values_list("title", "project_id")
    for title, pk in tasks:
        if len(title) >= SHORTEST:
            found[title] = (units[pk], pk)
    return found | {p.name: (p.unit_id, p.pk) for p in projects}


def counts(
    campaign: Campaign, projects: Sequence[Project], start: date, end: date
) -> dict[int, int]:
    """Project id -> problems that name it and were open on a day between the two."""
    rows = [
        row
        for row in Problem.objects.filter(campaign=campaign, raised_at__date__lte=end)
        if row.closed_on is None or row.closed_on >= start
    ]
    return {pk: len(found) for pk, found in named_by(rows, projects).items()}
