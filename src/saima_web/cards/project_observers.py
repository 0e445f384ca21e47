"""Observations of key projects month by month, and of their milestones today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from saima.cards import Observation
from saima.periods import last_of_month
from saima.projects.model import IN_STATISTICS_FROM
from saima.rounding import number
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.projects.models import Milestone, Project
from saima_web.projects.money import Money, money_of, month_in_question


def of_projects(campaign: Campaign) -> list[Observation]:
    """Every project at the end of each month of the year, up to the last one that is over."""
    month = month_in_question(campaign, today())
    projects = list(Project.objects.filter(campaign=campaign).select_related("unit"))
    if not projects or not month:
        return []
    year, last = int(month[:4]), int(month[-2:])
    money = money_of(projects, month)
    return [
        seen
        for at in range(1, last + 1)
        for project in projects
        if (seen := _project(project, money[project.pk], last_of_month(year, at))) is not None
    ]


def _project(project: Project, money: Money, on: date) -> Observation | None:
    """A project at a month's end; None where there is nothing to say."""
    now = replace(money, month=f"{on:%Y-%m}")
    values: dict[str, float] = {}
    if now.gap is not None:
        values["behind-pace"] = number(-now.gap, 9)
    if now.ratio is not None:
        values["pace-ratio"] = number(now.ratio, 9)
    started = project.started_on is not None and project.started_on <= on
    if project.start_due is not None and project.start_due <= on:
        values["not-started"] = 0.0 if started else 1.0 + months_apart(project.start_due, on)
    small = project.total is not None and project.total < IN_STATISTICS_FROM
    if started and project.started_on is not None and not small:
        included = project.included_on is not None and project.included_on <= on
        values["not-included"] = 0.0 if included else months_apart(project.started_on, on)
    if not values:
        return None
    return Observation(
        subject=f"project/{project.pk}", kind="project", on=on, values=values, name=project.name,
        unit=project.unit.code,
    )  # fmt: skip


def of_milestones(campaign: Campaign, on: date | None = None) -> Iterator[Observation]:
    """Milestones by how many days they are late on a day (today), by the plan as it is now."""
    day = on or today()
    rows = Milestone.objects.filter(project__campaign=campaign).select_related("project__unit")
    for row in rows:
        done = row.actual_finish is not None and row.actual_finish <= day
        late = 0 if done else (day - row.planned_finish).days
        yield Observation(
            subject=f"milestone/{row.project_id}/{row.pk}", kind="milestone", on=day,
            values={"days-overdue": float(max(0, late))},
            name=f"{row.project.name}：{row.name}", unit=row.project.unit.code,
        )  # fmt: skip


def months_apart(begin: date, end: date) -> float:
    """How many months lie between the months of two days."""
    return float((end.year - begin.year) * 12 + end.month - begin.month)
