"""What the pages of linked indicators show: sums beside figures, plans beside targets, the projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.periods import Period, parse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for, units_for
from saima_web.projects.linkage.sums import Part, Sum, difference, in_force, sums_of, total
from saima_web.projects.models import Linkage, Project
from saima_web.projects.money import month_in_question
from saima_web.projects.queries import projects_for
from saima_web.reporting.checks import figure_period
from saima_web.reporting.models import Figure
from saima_web.targets.cells import months_of, seen, sees_totals, top_unit, whole_of
from saima_web.ui.tables import Box, Column, Row, Table
from saima_web.ui.templatetags.saima import period as period_words
from saima_web.ui.templatetags.saima import plain_number

USUAL = Linkage.Series.STATISTICAL
"""The series that is shown before one is declared."""


@dataclass(frozen=True)
class Line:
    """A unit: what its projects give, what is reported and confirmed, plan and target of the year."""

    unit: Unit
    sum: Sum
    reported: Decimal | None
    confirmed: Decimal | None
    target: Decimal | None
    year_plan: Decimal | None
    year_target: Decimal | None
    differs: Decimal | None

    @property
    def over(self) -> Decimal | None:
        """How much more (less) the projects plan for the year than the unit's target."""
        return _less(self.year_plan, self.year_target)


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


@dataclass(frozen=True)
class View:
    """An indicator in a period, as one person sees it; `row` is its linkage, if there is one.

    figures: whether that person may see what units reported.
    """

    campaign: Campaign
    indicator: Indicator
    row: Linkage | None
    period: Period
    lines: tuple[Line, ...]
    headline: Decimal | None
    figures: bool

    @property
    def series(self) -> Linkage.Series:
        return Linkage.Series(self.row.series) if self.row else USUAL

    @property
    def amount(self) -> Decimal | None:
        return total(x.sum.amount for x in self.lines)

    @property
    def reported(self) -> Decimal | None:
        return total(x.reported for x in self.lines)

    @property
    def differs(self) -> Decimal | None:
        """All units together; None where no unit can be compared."""
        return total(x.differs for x in self.lines)

    @property
    def year_plan(self) -> Decimal | None:
        return total(x.year_plan for x in self.lines)

    @property
    def over(self) -> Decimal | None:
        """How much more (less) all plans give than the headline."""
        return _less(self.year_plan, self.headline)

    @property
    def parts(self) -> list[Part]:
        return [part for line in self.lines for part in line.sum.parts]

    @property
    def missing(self) -> list[Part]:
        return [part for part in self.parts if part.missing]


def view_of(by: User, campaign: Campaign, indicator: Indicator, text: str = "") -> View:
    """An indicator's sums in a month (the last one known, if none is named)."""
    clock = clock_of(campaign)
    month = parse(text or month_in_question(campaign, today()), clock)
    period = month if month.kind != "month" else figure_period(clock, month, indicator)
    projects = list(projects_for(by, campaign).filter(indicator=indicator))
    row = in_force(campaign).get(indicator.pk)
    series = row.series if row else USUAL
    sums = sums_of(projects, series, period, indicator)
    year = sums_of(projects, series, parse(f"{period.end.year}"), indicator)
    top = top_unit(campaign)
    targets = seen(campaign, by, indicator=indicator)
    whole = whole_of(campaign).text
    figures = _figures(by, campaign, indicator, period)
    units = sorted({p.unit for p in projects}, key=lambda u: (u.order, u.code))

    def target(unit: Unit, at: str) -> Decimal | None:
        found = targets.get((unit.pk, indicator.pk, at))
        return found.value if found else None

    lines = [
        _line(unit, sums[unit.pk], year[unit.pk].plan, figures, indicator,
              target(unit, period.text), target(unit, whole))
        for unit in units
        if unit.pk in sums
    ]  # fmt: skip
    wide = top is not None and sees_totals(campaign, by, indicator, top)
    headline = target(top, whole) if top and wide else None
    told = units_for(by, "figures.see", campaign).exists()
    return View(campaign, indicator, row, period, tuple(lines), headline, told)


def _line(
    unit: Unit, one: Sum, year_plan: Decimal | None, figures: dict[tuple[int, str], Decimal | None],
    indicator: Indicator, target: Decimal | None, year_target: Decimal | None,
) -> Line:  # fmt: skip
    reported = figures.get((unit.pk, Figure.Source.REPORTED))
    confirmed = figures.get((unit.pk, Figure.Source.CONFIRMED))
    told = reported if reported is not None else confirmed
    gap = difference(one.amount, indicator, told)
    return Line(unit, one, reported, confirmed, target, year_plan, year_target, gap)


def _figures(
    by: User, campaign: Campaign, indicator: Indicator, period: Period
) -> dict[tuple[int, str], Decimal | None]:
    """The figures of the period that somebody may see, by unit and source, the latest row."""
    rows: QuerySet[Figure] = Figure.objects.filter(
        cells_for(by, "figures.see", campaign), indicator=indicator, period=period.text
    ).order_by("pk")
    return {(r.unit_id, r.source): None if r.withdrawn else r.value for r in rows}


def months(campaign: Campaign) -> list[str]:
    """The campaign's months that have begun, the latest first."""
    begun = [p.text for p in months_of(campaign) if p.start <= today() and p.kind == "month"]
    return begun[::-1]


# --- in words -----------------------------------------------------------------------------------


def amount(value: Decimal, view: View) -> str:
    return plain_number(value, view.indicator.decimals) + view.indicator.measure


def answer(view: View) -> list[str]:
    """What the projects give, how far the figures are from it, and the plans from the headline."""
    if not view.lines:
        return [_("还没有项目支撑%(name)s。") % {"name": view.indicator.name}]
    said = {
        "name": view.indicator.name, "n": len(view.parts), "series": view.series.label,
        "period": period_words(view.period.text),
    }  # fmt: skip
    found = view.amount
    if found is None:
        return [_("%(period)s%(n)s个项目都没有报%(series)s数。") % said]
    said["sum"] = amount(found, view)
    clauses = [_("%(period)s%(n)s个项目%(series)s合计%(sum)s；") % said]
    if view.figures:
        clauses.append(_reported_words(view))
    return [*clauses, _plan_words(view)]


def _reported_words(view: View) -> str:
    if view.reported is None and view.differs is None:
        return _("各单位还没有报数；")
    if not view.differs:
        return _("各单位所报与项目合计一致；")
    size = amount(abs(view.differs), view)
    if view.differs > 0:
        return _("各单位所报合计多%(n)s；") % {"n": size}
    return _("各单位所报合计少%(n)s；") % {"n": size}


def _plan_words(view: View) -> str:
    if view.year_plan is None:
        return _("项目还没有编计划。")
    said = {"plan": amount(view.year_plan, view)}
    if view.headline is None or view.over is None:
        return _("项目全年计划合计%(plan)s。") % said
    said["n"] = amount(abs(view.over), view)
    if not view.over:
        return _("项目全年计划合计%(plan)s，等于总目标。") % said
    if view.over > 0:
        return _("项目全年计划合计%(plan)s，比总目标多%(n)s。") % said
    return _("项目全年计划合计%(plan)s，比总目标少%(n)s，还没有落到项目。") % said


# --- tables -------------------------------------------------------------------------------------


def units_table(view: View) -> Table:
    """By unit: sum, reported, confirmed, difference; plan and target of the period and the year."""
    here = reverse("projects:linked-one", args=[view.campaign.code, view.indicator.code])
    number: dict[str, Any] = {"kind": "number", "decimals": view.indicator.decimals}
    gap = number | {"template": "projects/_difference.html"}
    told = (
        Column("reported", _("自报数"), **number),
        Column("confirmed", _("核定数"), **number),
        Column("differs", _("所报多（少）"), **gap),
    )
    return Table(
        (
            Column("unit", _("单位"), link="href"),
            Column("projects", _("项目数"), "number", 0),
            Column("sum", _("项目合计"), **number),
            *(told if view.figures else ()),
            Column("plan", _("本期计划"), **number),
            Column("target", _("本期目标"), **number),
            Column("year_plan", _("全年计划"), **number),
            Column("year_target", _("全年目标"), **number),
            Column("over", _("计划多（少）"), **gap),
        ),
        [_unit_row(view, line, here) for line in view.lines],
        name=_("%(name)s各单位") % {"name": view.indicator.name},
        boxes=(
            *((Box("differs", _("与项目合计不一致"), lambda r: bool(r["differs"])),)
              if view.figures else ()),
            Box("over", _("计划与目标不一致"), lambda r: bool(r["over"])),
        ),
        empty=_("还没有项目支撑这项指标。"),
        begin=_("在项目的“修改”里选支撑指标，或在项目工作簿里填“支撑指标”列。"),
        prefix="u-", css="s-rows", stacks=True,
    )  # fmt: skip


def _unit_row(view: View, line: Line, here: str) -> Row:
    return {
        "unit": str(line.unit), "projects": len(line.sum.parts), "sum": line.sum.amount,
        "reported": line.reported, "confirmed": line.confirmed, "differs": line.differs,
        "plan": line.sum.plan, "target": line.target, "year_plan": line.year_plan,
        "year_target": line.year_target, "over": line.over, "decimals": view.indicator.decimals,
        "href": f"{here}?period={view.period.text}&unit={line.unit.code}",
    }  # fmt: skip


def projects_table(view: View, parts: Sequence[Part]) -> Table:
    """The projects behind the sum, each with its amount of the period."""
    number: dict[str, Any] = {
        "kind": "number", "decimals": view.indicator.decimals, "measure": view.indicator.measure,
    }  # fmt: skip
    return Table(
        (
            Column("name", _("项目"), link="href"),
            Column("unit", _("单位")),
            Column("amount", _("本期"), **number, template="projects/_amount.html"),
            Column("plan", _("本期计划"), **number),
            Column("done", _("今年累计"), "number", 0, _("万元")),
            Column("year_plan", _("年度计划"), "number", 0, _("万元")),
            Column("share", _("完成率"), "number", 1, "%"),
        ),
        [_project_row(view, part) for part in parts],
        name=_("%(name)s的项目") % {"name": view.indicator.name},
        search=("name", "unit"),
        boxes=(
            Box("missing", _("未报"), lambda r: bool(r["missing"])),
            Box("short", _("少于本期计划"), _short),
        ),
        css="s-rows", stacks=True,
    )  # fmt: skip


def _short(row: Row) -> bool:
    return row["plan"] is not None and (row["amount"] or 0) < row["plan"]


def _project_row(view: View, part: Part) -> Row:
    project, money = part.project, part.money
    done = money.to_date(view.series)
    year = money.year_plan
    return {
        "name": project.name, "unit": str(project.unit), "amount": part.amount, "plan": part.plan,
        "missing": part.missing, "done": done, "year_plan": project.year_plan,
        "share": float(done / year * 100) if year else None, "decimals": view.indicator.decimals,
        "href": reverse("projects:one", args=[view.campaign.code, project.pk]),
    }  # fmt: skip


def supported(by: User, campaign: Campaign) -> list[Indicator]:
    """Indicators with a linkage or with projects that somebody may see, in their order."""
    seen_projects: QuerySet[Project] = projects_for(by, campaign)
    wanted = set(seen_projects.exclude(indicator=None).values_list("indicator_id", flat=True))
    return list(Indicator.objects.filter(pk__in=wanted | set(in_force(campaign))))


def linked_table(campaign: Campaign, views: Sequence[View]) -> Table:
    """Every indicator that projects support: series, sum beside figures, plans beside headline."""
    gap = {"kind": "number", "template": "projects/_difference.html"}
    told = (
        Column("reported", _("自报数"), "number"),
        Column("differs", _("所报多（少）"), **gap),  # type: ignore[arg-type]
    )
    return Table(
        (
            Column("name", _("指标"), link="href"),
            Column("measure", _("计量单位")),
            Column("series", _("口径"), template="projects/_series.html"),
            Column("projects", _("项目数"), "number", 0),
            Column("sum", _("项目合计"), "number"),
            *(told if any(view.figures for view in views) else ()),
            Column("year_plan", _("项目全年计划"), "number"),
            Column("headline", _("总目标"), "number"),
            Column("over", _("计划多（少）"), **gap),  # type: ignore[arg-type]
        ),
        [_linked_row(campaign, view) for view in views],
        name=_("指标与项目"),
        empty=_("还没有项目支撑的指标。"),
        begin=_("在项目的“修改”里选支撑指标，或在项目工作簿里填“支撑指标”列。"),
        css="s-rows", stacks=True,
    )  # fmt: skip


def _linked_row(campaign: Campaign, view: View) -> Row:
    indicator = view.indicator
    return {
        "name": indicator.name, "measure": indicator.measure,
        "series": view.series.label if view.row else "", "projects": len(view.parts),
        "sum": view.amount, "reported": view.reported, "differs": view.differs,
        "year_plan": view.year_plan, "headline": view.headline, "over": view.over,
        "decimals": indicator.decimals,
        "href": reverse("projects:linked-one", args=[campaign.code, indicator.code]),
    }  # fmt: skip
