"""The money of projects: plan and three series by month, year to date, pace against the own plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from saima.projects.money import Money, Months, together
from saima_web.campaigns.models import Campaign
from saima_web.projects.models import Project, ProjectMoney
from saima_web.targets.models import ProjectPlan, TargetSet

__all__ = [
    "Money", "Months", "last_month_over", "money_of", "month_in_question", "plans_in_targets",
    "together",
]  # fmt: skip

Series = ProjectMoney.Series


def money_of(projects: Sequence[Project], month: str) -> dict[int, Money]:
    """The money of projects by id, in a fixed number of queries."""
    found = {
        p.pk: Money(p.total or Decimal(0), p.before or Decimal(0), p.year_plan or Decimal(0), month)
        for p in projects
    }
    year = month[:4]
    own: dict[int, Months] = defaultdict(dict)
    rows = ProjectMoney.objects.filter(project__in=found, month__startswith=year)
    for row in rows.order_by("pk").values_list("project_id", "series", "month", "value"):
        pk, series, at, value = row
        target = own[pk] if series == Series.PLAN else found[pk].series[series]
        if value is None:
            target.pop(at, None)
        else:
            target[at] = value
    linked = plans_in_targets(projects, year)
    for project in projects:
        found[project.pk].plan = linked.get(project.pk) or own[project.pk]
    return found


def plans_in_targets(projects: Sequence[Project], year: str) -> dict[int, Months]:
    """Approved monthly plans that targets hold, by project id."""
    keys = {(p.unit_id, p.indicator_id, p.name): p.pk for p in projects if p.indicator_id}
    if not keys:
        return {}
    campaign = projects[0].campaign_id
    rows = ProjectPlan.objects.filter(
        batch__campaign=campaign, batch__state=TargetSet.State.APPROVED, period__startswith=year,
        indicator__in={key[1] for key in keys},
    ).order_by("batch__decided_at", "pk")  # fmt: skip
    found: dict[int, Months] = defaultdict(dict)
    for row in rows:
        pk = keys.get((row.unit_id, row.indicator_id, row.project))
        if pk is None or len(row.period) != 7:
            continue
        if row.withdrawn or row.value is None:
            found[pk].pop(row.period, None)
        else:
            found[pk][row.period] = row.value
    return found


def last_month_over(campaign: Campaign, day: date) -> str:
    """The last month that is over, the first at the start."""
    last = min(day, campaign.end)
    year, number = (last.year, last.month - 1) if last == day else (last.year, last.month)
    if number < 1 or date(year, number, 1) < campaign.start.replace(day=1):
        return f"{campaign.start:%Y-%m}"
    return f"{year}-{number:02}"


def month_in_question(campaign: Campaign, day: date) -> str:
    """The month that the money speaks of: the last one over of which amounts are known."""
    over = last_month_over(campaign, day)
    rows = ProjectMoney.objects.filter(
        project__campaign=campaign, series=Series.STATISTICAL, month__lte=over
    )
    known = rows.order_by("-month").values_list("month", flat=True).first()
    return max(known or over, f"{campaign.start:%Y-%m}")
