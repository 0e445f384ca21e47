"""Indicators as sums of their projects: what a unit's projects give for a period, and what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.files.sheet.measures import convert
from saima.periods import Period, last_of_month, parse
from saima_web.base.prepared import prepared
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.people.permissions import units_for
from saima_web.projects.models import Linkage, Project
from saima_web.projects.money import Money, Months, money_of
from saima_web.reporting.sources import Asked, Offer
from saima_web.ui.templatetags.saima import plain_number

MONEY = "万元"
"""The measure of all projects' money."""


def in_force(campaign: Campaign) -> dict[int, Linkage]:
    """The linkage of each indicator that has one."""
    latest = {row.indicator_id: row for row in _linkages(campaign.pk)}
    for row in latest.values():
        row.campaign = campaign
    return {pk: row for pk, row in latest.items() if row.series}


@prepared
def _linkages(campaign: Any) -> QuerySet[Linkage, Linkage]:
    """Every saved cell asks for them."""
    return Linkage.objects.filter(campaign=campaign).select_related("indicator").order_by("pk")


def can_be_linked(indicator: Indicator) -> bool:
    """Whether the indicator counts money that flows: a stock, a rate or a count is no such sum."""
    flows = indicator.nature != Indicator.Nature.POINT_IN_TIME and not indicator.qualitative
    return flows and convert(Decimal(1), MONEY, indicator.measure) is not None


def in_measure(amount: Decimal, indicator: Indicator) -> Decimal:
    """An amount of projects' money in the indicator's own measure, exactly."""
    found = convert(amount, MONEY, indicator.measure)
    return amount if found is None else found


def months_in(period: Period, indicator: Indicator) -> list[str]:
    """The months that a figure of the period adds up; none for a period that cuts a month.

    A year-to-date figure counts from January.
    """
    start, end = period.start, period.end
    if indicator.nature == Indicator.Nature.YEAR_TO_DATE:
        start = start.replace(month=1, day=1)
    if start.day != 1 or end != last_of_month(end.year, end.month) or start.year != end.year:
        return []
    return [f"{start.year}-{number:02}" for number in range(start.month, end.month + 1)]


@dataclass(frozen=True)
class Part:
    """A project's share of a figure, in the indicator's measure; None: nothing was reported.

    missing: work goes on, and the last month was not reported.
    """

    project: Project
    money: Money
    amount: Decimal | None
    plan: Decimal | None
    missing: bool


@dataclass(frozen=True)
class Sum:
    """What a unit's projects add up to."""

    parts: tuple[Part, ...]

    @property
    def amount(self) -> Decimal | None:
        return total(p.amount for p in self.parts)

    @property
    def plan(self) -> Decimal | None:
        return total(p.plan for p in self.parts)

    @property
    def missing(self) -> list[Part]:
        return [p for p in self.parts if p.missing]


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum of what is given; None if nothing is, never 0."""
    given = [v for v in values if v is not None]
    return sum(given, Decimal(0)) if given else None


def linked_projects(campaign: Campaign, indicators: Iterable[int]) -> list[Project]:
    """All projects that support one of these indicators."""
    rows = campaign.projects.filter(indicator__in=list(indicators))
    return list(rows.select_related("unit", "indicator"))


def part_of(project: Project, money: Money, series: str, months: Sequence[str]) -> Part:
    """A project's amount of one series in these months, and its plan of them."""
    indicator = project.indicator
    assert indicator is not None
    reported = money.series.get(series, {})
    last = parse(months[-1])
    going = project.started_on is not None and project.started_on <= last.end
    going &= project.finished_on is None or project.finished_on >= last.start
    amount, plan = _in(reported, months), _planned(money, months)
    return Part(
        project, money, _measured(amount, indicator), _measured(plan, indicator),
        going and months[-1] not in reported,
    )  # fmt: skip


def _measured(amount: Decimal | None, indicator: Indicator) -> Decimal | None:
    return None if amount is None else in_measure(amount, indicator)


def _in(amounts: Months, months: Sequence[str]) -> Decimal | None:
    return total(amounts.get(month) for month in months)


def _planned(money: Money, months: Sequence[str]) -> Decimal | None:
    """The plan of these months; without a monthly plan the year's, evenly."""
    if money.plan:
        return _in(money.plan, months)
    return money.year_plan * len(months) / 12 if money.year_plan else None


def sums_of(
    projects: Sequence[Project], series: str, period: Period, indicator: Indicator
) -> dict[int, Sum]:
    """What the projects of one indicator give for a period, by unit; empty if it cuts a month."""
    months = months_in(period, indicator)
    mine = [p for p in projects if p.indicator_id == indicator.pk]
    if not months or not mine:
        return {}
    money = money_of(mine, months[-1])
    parts: dict[int, list[Part]] = defaultdict(list)
    for project in mine:
        parts[project.unit_id].append(part_of(project, money[project.pk], series, months))
    return {unit: Sum(tuple(found)) for unit, found in parts.items()}


# --- what the entry grid and the explanation ask ------------------------------------------------


def offers(campaign: Campaign, asked: Sequence[Asked], by: User) -> dict[Asked, Offer]:
    """What figures of linked indicators would be by their projects; see `reporting.sources`."""
    wanted = {indicator for _unit, indicator, _period in asked}
    linked = {pk: row for pk, row in in_force(campaign).items() if pk in wanted}
    if not linked:
        return {}
    projects = linked_projects(campaign, linked)
    open_to = set(units_for(by, "projects.see", campaign).values_list("pk", flat=True))
    found: dict[Asked, Offer] = {}
    for indicator, period in dict.fromkeys((a[1], a[2]) for a in asked if a[1] in linked):
        row = linked[indicator]
        sums = sums_of(projects, row.series, parse(period), row.indicator)
        for unit, one in sums.items():
            found[unit, indicator, period] = _offer(row, one, period, unit in open_to)
    return found


def _offer(row: Linkage, one: Sum, period: str, opened: bool) -> Offer:
    unit = one.parts[0].project.unit
    href = reverse("projects:linked-one", args=[row.campaign.code, row.indicator.code])
    amount = one.amount
    return Offer(
        None if amount is None else printed(amount, row.indicator), words(row, one),
        not one.missing, f"{href}?period={period}&unit={unit.code}" if opened else "",
        _("看项目"), _("项目合计"), partial(differs, amount, row.indicator),
    )  # fmt: skip


def words(row: Linkage, one: Sum) -> str:
    """13个项目统计口径合计1,234万元，2个未报."""
    said = {"n": len(one.parts), "series": row.get_series_display(), "k": len(one.missing)}
    if one.amount is None:
        return _("%(n)s个项目都没有报%(series)s的本期数。") % said
    said["sum"] = shown(one.amount, row.indicator)
    if one.missing:
        return _("%(n)s个项目%(series)s合计%(sum)s（%(k)s个未报）。") % said
    return _("%(n)s个项目%(series)s合计%(sum)s。") % said


def printed(amount: Decimal, indicator: Indicator) -> Decimal:
    """With the decimals that figures of the indicator have."""
    return amount.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)


def shown(amount: Decimal, indicator: Indicator) -> str:
    return plain_number(printed(amount, indicator)) + indicator.measure


def difference(
    amount: Decimal | None, indicator: Indicator, value: Decimal | None
) -> Decimal | None:
    """How much more (less) is reported than the projects give; 0 where it prints the same."""
    if amount is None or value is None:
        return None
    return Decimal(0) if printed(amount, indicator) == value else value - amount


def differs(amount: Decimal | None, indicator: Indicator, value: Decimal | None) -> str:
    """所报比项目合计多120万元; empty where there is no difference or nothing to compare."""
    gap = difference(amount, indicator, value)
    if not gap:
        return ""
    size = plain_number(abs(gap)) + indicator.measure
    if gap > 0:
        return _("所报比项目合计多%(n)s。") % {"n": size}
    return _("所报比项目合计少%(n)s。") % {"n": size}
