"""The money of projects: plan and three series by month, year to date, pace against the own plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from saima_web.campaigns.models import Campaign
from saima_web.projects.models import Project, ProjectMoney
from saima_web.targets.models import ProjectPlan, TargetSet

Series = ProjectMoney.Series
Months = dict[str, Decimal]


@dataclass
class Money:
    """A project's (or many projects') money in 万元 up to a month.

    Shares and gaps come from unrounded sums; None where there is nothing to divide by.
    """

    total: Decimal = Decimal(0)
    before: Decimal = Decimal(0)
    year_plan: Decimal = Decimal(0)
    month: str = ""
    plan: Months = field(default_factory=dict)
    series: dict[str, Months] = field(default_factory=lambda: defaultdict(dict))

    def to_date(self, series: str = Series.STATISTICAL) -> Decimal:
        """Year to date."""
        return _sum(v for m, v in self.series[series].items() if m <= self.month)

    def this_month(self, series: str = Series.STATISTICAL) -> Decimal | None:
        return self.series[series].get(self.month)

    @property
    def done(self) -> Decimal:
        return self.to_date()

    @property
    def planned(self) -> Decimal | None:
        """The plan up to the month; without a monthly plan the year's, evenly."""
        if self.plan:
            return _sum(v for m, v in self.plan.items() if m <= self.month)
        if not self.year_plan or not self.month:
            return None
        return self.year_plan * int(self.month[-2:]) / 12

    @property
    def share(self) -> float | None:
        """Percent of the year's plan."""
        return float(self.done / self.year_plan * 100) if self.year_plan else None

    @property
    def gap(self) -> float | None:
        """Percentage points ahead of (behind) pace, by the own plan."""
        if not self.year_plan or self.planned is None:
            return None
        return float((self.done - self.planned) / self.year_plan * 100)

    @property
    def ratio(self) -> float | None:
        """Done over what is due by now."""
        return float(self.done / self.planned) if self.planned else None

    @property
    def ever(self) -> Decimal:
        """Done since the beginning."""
        return self.before + self.done


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


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
        target[at] = value if value is not None else Decimal(0)
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


def together(parts: Iterable[Money], month: str) -> Money:
    """Many projects as one; shares are of the sums, never averages of shares."""
    whole = Money(month=month)
    for one in parts:
        whole.total += one.total
        whole.before += one.before
        whole.year_plan += one.year_plan
        for at in sorted({*one.plan, *(m for s in one.series.values() for m in s)}):
            if at in one.plan:
                whole.plan[at] = whole.plan.get(at, Decimal(0)) + one.plan[at]
            for series, months in one.series.items():
                if at in months:
                    sums = whole.series[series]
                    sums[at] = sums.get(at, Decimal(0)) + months[at]
        if not one.plan and one.year_plan:  # evenly over the year
            for number in range(1, 13):
                at = f"{month[:4]}-{number:02}"
                whole.plan[at] = whole.plan.get(at, Decimal(0)) + one.year_plan / 12
    return whole


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
