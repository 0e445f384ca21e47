"""Bring in what a project workbook says: all rows, or none."""

from __future__ import annotations

from saima.problems import Refused
from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects import actions
from saima_web.projects.importing import Row
from saima_web.projects.models import Project, ProjectMoney
from saima_web.projects.money import plans_in_targets

Series = ProjectMoney.Series


def import_projects(*, campaign: Campaign, rows: list[Row], by: User) -> tuple[int, int]:
    """New and changed projects. Errors: Refused at the first row that an action refuses."""
    added = 0
    with writing(by) as ledger:
        require(by, "projects.manage", campaign=campaign)
        for row in rows:
            project = _project(campaign, row, by)
            added += row.existing is None
            _months(project, row, by)
        ledger.record(
            "projects.imported", f"projects/{campaign.code}", campaign=campaign.code,
            rows=len(rows), added=added,
        )  # fmt: skip
    return added, len(rows) - added


def _project(campaign: Campaign, row: Row, by: User) -> Project:
    values = {k: v for k, v in row.values.items() if k != "started_on"}
    if row.existing is None:
        project = actions.add_project(campaign=campaign, by=by, supporting=row.supporting, **values)
    else:
        project = actions.change_project(
            project=row.existing, by=by, supporting=row.supporting or None, **values
        )
    started = row.values.get("started_on")
    if started and started != project.started_on:
        actions.record_start(project=project, on=started, by=by)
    return project


def _months(project: Project, row: Row, by: User) -> None:
    """The own plan (where targets hold none), and the statistical amounts of months that are over."""
    year = str(project.campaign.start.year)
    if row.plan and not plans_in_targets([project], year).get(project.pk):
        actions.set_plan(project=project, months=row.plan, by=by)
    month = f"{now():%Y-%m}"
    done = {m: v for m, v in row.done.items() if m <= month}
    if done:
        actions.bring_history(project=project, months=done, by=by)


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
