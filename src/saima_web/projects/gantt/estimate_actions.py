"""Three-point estimates of activities, written by those who do the work."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from saima.problems import refuse
from saima.rounding import text
from saima_web.audit.actions import writing
from saima_web.people.models import User
from saima_web.people.permissions import require
from saima_web.projects.actions import subject
from saima_web.projects.models import Milestone, Project
from saima_web.projects.site import refusals as site_refusals

Three = tuple[Decimal, Decimal, Decimal]
NAMES = ("optimistic", "likely", "pessimistic")
LONGEST = Decimal(3650)
"""Days."""


def set_estimates(
    *, project: Project, values: Mapping[int, Three | None], by: User
) -> list[Milestone]:
    """Best, most likely and worst days of activities by their key; None takes estimates away.

    Errors: Refused for what is finished or takes no time, and for days that do not rise.
    """
    with writing(by) as ledger:
        require(by, "projects.report", campaign=project.campaign, unit=project.unit)
        rows = list(project.milestones.filter(pk__in=values))
        for row in rows:
            three = values[row.pk]
            _check(row, three)
            row.optimistic, row.likely, row.pessimistic = three or (None, None, None)
        Milestone.objects.bulk_update(rows, NAMES)
        said = {r.name: [str(v) for v in values[r.pk] or ()] for r in rows}
        code = project.campaign.code
        ledger.record("project.estimated", subject(project), campaign=code, days=said)
    return rows


def _check(row: Milestone, three: Three | None) -> None:
    if three is None:
        return
    if row.actual_finish or not row.duration:
        why = "已经完成" if row.actual_finish else "是节点，没有工期"
        raise refuse(site_refusals.NOT_OPEN, name=row.name, why=why)
    if not 0 < three[0] <= three[1] <= three[2] <= LONGEST:
        low, likely, high = (text(float(v), 1) for v in three)
        raise refuse(site_refusals.BAD_ESTIMATES, name=row.name, low=low, likely=likely, high=high)
