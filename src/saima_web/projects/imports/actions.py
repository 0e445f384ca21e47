"""Bring in what a project workbook says: all rows, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from saima.problems import Place, Refused
from saima_web.audit.actions import writing
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects import actions
from saima_web.projects.imports.workbook import Row
from saima_web.projects.models import Project, ProjectMoney
from saima_web.projects.money import plans_in_targets

Series = ProjectMoney.Series
HAPPENED = ("started_on", "included_on", "finished_on")


def import_projects(*, campaign: Campaign, rows: list[Row], by: User) -> tuple[int, int]:
    """New and changed projects. Errors: Refused at the first row that an action refuses."""
    added = 0
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        for row in rows:
            with at_its_row(row):
                project = _project(campaign, row, by)
                _happened(project, row, by)
                _months(project, row, by)
            added += row.existing is None
        ledger.record(
            "projects.imported", f"projects/{campaign.code}", campaign=campaign.code,
            rows=len(rows), added=added,
        )  # fmt: skip
    return added, len(rows) - added


@contextmanager
def at_its_row(row: Row) -> Iterator[None]:
    """What an action refuses is told with the row that it came from."""
    try:
        yield
    except Refused as refused:
        if refused.problem.place != Place():
            raise
        raise Refused(replace(refused.problem, place=row.cells.at("name"))) from refused


def _project(campaign: Campaign, row: Row, by: User) -> Project:
    values = {k: v for k, v in row.values.items() if k not in (*HAPPENED, "problem")}
    if row.existing is None:
        return actions.add_project(campaign=campaign, by=by, supporting=row.supporting, **values)
    return actions.change_project(
        project=row.existing, by=by, supporting=row.supporting or None, **values
    )


def _happened(project: Project, row: Row, by: User) -> None:
    """Start and finish; a day in the statistics is brought as it stands, its papers stay asked for."""
    started, finished = row.values.get("started_on"), row.values.get("finished_on")
    if started and started != project.started_on:
        actions.record_start(project=project, on=started, by=by)
    included = row.values.get("included_on")
    if included and included != project.included_on:
        actions.bring_inclusion(project=project, on=included, by=by)
    if finished and finished != project.finished_on:
        actions.record_finish(project=project, on=finished, by=by)


def _months(project: Project, row: Row, by: User) -> None:
    """The own plan (where targets hold none), and the amounts of months that are over."""
    year = str(project.campaign.start.year)
    if row.plan and not plans_in_targets([project], year).get(project.pk):
        actions.set_plan(project=project, months=row.plan, by=by)
    month = f"{today():%Y-%m}"
    for series in (Series.STATISTICAL, Series.PHYSICAL, Series.PAID):
        done = {m: v for m, v in row.cells.months[series].items() if m <= month}
        if done:
            actions.bring_history(project=project, months=done, series=series, by=by)


def tried(*, campaign: Campaign, rows: list[Row], by: User) -> Refused | None:
    """What would be refused, with everything undone again."""
    from django.db import transaction

    try:
        with transaction.atomic():
            import_projects(campaign=campaign, rows=rows, by=by)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused
    return None
