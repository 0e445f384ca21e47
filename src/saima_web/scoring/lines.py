"""Battle fronts, business lines and lead departments: the marks of their indicators, rolled up.

A unit's marks count for the unit and again for the department that leads the indicator: both are
credited, both are debited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from saima.scoring.result import Mark
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.pages import campaign_page
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of
from saima_web.people.pages import Request
from saima_web.people.permissions import units_for
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import latest_published, result_of
from saima_web.ui.tables import Column, Table

KINDS = {"battle": "battle_line", "business": "business_line", "department": "lead_unit"}


@dataclass
class Sum:
    """Marks and full marks added up, and how many cells reached their target."""

    marks: float = 0.0
    full: float = 0.0
    met: int = 0
    cells: int = 0
    indicators: set[str] = field(default_factory=set)

    def add(self, mark: Mark) -> None:
        self.marks += mark.marks or 0.0
        self.full += mark.full_marks or 0.0
        self.cells += 1
        self.met += (mark.attainment or 0.0) >= 1.0
        self.indicators.add(mark.indicator)

    @property
    def rate(self) -> float | None:
        return 100.0 * self.marks / self.full if self.full else None


def group_of(row: Indicator, kind: str) -> str:
    """The name under which an indicator is rolled up; blank where it has none."""
    if kind == "department":
        return str(row.lead_unit or row.data_owner or "")
    return str(getattr(row, KINDS[kind]))


def rolled_up(
    run: ScoreRun, groups: dict[str, str], only: Iterable[str] | None = None
) -> tuple[dict[str, Sum], dict[tuple[str, str], Sum]]:
    """Sums by group, and by (group, unit code); `groups` by indicator, `only` these units apart."""
    whole: dict[str, Sum] = defaultdict(Sum)
    apart: dict[tuple[str, str], Sum] = defaultdict(Sum)
    kept = None if only is None else set(only)
    for unit in result_of(run).units:
        for mark in unit.marks:
            group = groups.get(mark.indicator, "")
            if group and mark.marks is not None and mark.status != "left_out":
                whole[group].add(mark)
                if kept is None or unit.unit in kept:
                    apart[group, unit.unit].add(mark)
    return whole, apart


@campaign_page("scores.see")
def index(request: Request, campaign: Campaign) -> HttpResponse:
    kind = request.GET.get("by", "battle")
    kind = kind if kind in KINDS else "battle"
    rows = indicators_of(campaign, drafts=False).select_related("lead_unit", "data_owner")
    groups = {x.code: group_of(x, kind) for x in rows}
    run = latest_published(campaign)
    table = _table(request, campaign, run, groups, kind).shown(request)
    if table.wants_export:
        return table.export()
    ranked = [r for r in table.table.rows if r["rate"] is not None]
    context = {
        "campaign": campaign,
        "shown": table,
        "kind": kind,
        "run": run,
        "count": len({g for g in groups.values() if g}),
        "best": max(ranked, key=lambda r: r["rate"], default=None),
        "least": min(ranked, key=lambda r: r["rate"], default=None),
    }
    return render(request, "scoring/lines.html", context)


def _table(
    request: Request, campaign: Campaign, run: ScoreRun | None, groups: dict[str, str], kind: str
) -> Table:
    seen = units_for(request.user, "scores.explain", campaign)
    units = list(campaign.units.filter(pk__in=seen).distinct().order_by("order", "code"))
    whole, apart = rolled_up(run, groups, [u.code for u in units]) if run else ({}, {})
    marked = {code for _group, code in apart}
    held = [u for u in units if u.code in marked]
    listed = defaultdict(list)
    names = dict(Indicator.objects.values_list("code", "name"))
    for code, group in groups.items():
        if group:
            listed[group].append(names[code])
    rows = []
    for group, titles in listed.items():
        found = whole.get(group, Sum())
        row: dict[str, Any] = {
            "group": group, "indicators": "、".join(titles), "count": len(titles),
            "rate": found.rate, "met": found.met, "cells": found.cells,
        }  # fmt: skip
        row |= {f"u_{u.code}": apart[group, u.code].rate for u in held if (group, u.code) in apart}
        rows.append(row)
    title = {"battle": _("战役、阵地"), "business": _("业务板块"), "department": _("牵头部门")}[
        kind
    ]
    return Table(
        columns=(
            Column("group", title),
            Column("indicators", _("指标"), template="scoring/_line_indicators.html"),
            Column("rate", _("得分率"), kind="number", decimals=1, measure="%"),
            Column("met", _("已达标"), kind="number", decimals=0, measure=_("个")),
            Column("cells", _("共"), kind="number", decimals=0, measure=_("个")),
            *(Column(f"u_{u.code}", str(u), kind="number", decimals=1, measure="%") for u in held),
        ),
        rows=rows,
        name=title,
        search=("group", "indicators"),
        empty=_("还没有分%(kind)s。") % {"kind": title},
        begin=_("在指标库里给指标填上战役、业务板块或牵头单位，这里就按它们汇总。"),
    )
