"""Comparing pages: one indicator over all units, the heat map, units side by side, completeness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.scoring.result import Mark, Result, UnitResult
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for, may
from saima_web.reporting.models import Entry, Round
from saima_web.scoring.models import ScoreRun
from saima_web.ui.charts import Chart, Series
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import month, plain_number

LEVELS = (0.6, 0.8, 0.9, 1.0)
"""Rates of marks at which the heat map's tone changes."""


@dataclass(frozen=True)
class Cell:
    """One square of the heat map: the rate of marks, its tone from 0 (least) to 4 (full)."""

    rate: float | None
    tone: int
    href: str
    label: str


@dataclass(frozen=True)
class HeatRow:
    """A unit's squares in the order of the indicators."""

    label: str
    track: str
    href: str
    cells: list[Cell | None]


def mark_of(unit: UnitResult, indicator: str) -> Mark | None:
    return next((m for m in unit.marks if m.indicator == indicator), None)


def rate(mark: Mark | None) -> float | None:
    """The share of full marks, None where the mark does not count."""
    if mark is None or mark.marks is None or mark.full_marks <= 0:
        return None
    return mark.marks / mark.full_marks


def heat(campaign: Campaign, run: ScoreRun, found: Result) -> tuple[list[Indicator], list[HeatRow]]:
    """The indicators that anybody is marked on, and every unit's row."""
    scored = {m.indicator for u in found.units for m in u.marks}
    columns = list(Indicator.objects.filter(code__in=scored))
    labels = {u.code: str(u) for u in Unit.objects.all()}
    rows = []
    for unit in found.units:
        name = labels.get(unit.unit, unit.name)
        cells = [_cell(campaign, run, unit, name, x) for x in columns]
        href = reverse("dashboards:unit", args=[campaign.code, unit.unit])
        rows.append(HeatRow(name, unit.track, href, cells))
    return columns, rows


def _cell(
    campaign: Campaign, run: ScoreRun, unit: UnitResult, name: str, indicator: Indicator
) -> Cell | None:
    mark = mark_of(unit, indicator.code)
    if mark is None:
        return None
    share = rate(mark)
    tone = 0 if share is None else sum(1 for level in LEVELS if share >= level - 1e-9)
    href = reverse("scoring:why", args=[campaign.code, run.period, unit.unit, indicator.code])
    shown = "—" if share is None else plain_number(share * 100, 0) + "%"
    return Cell(share, tone, href, f"{name} {indicator.name} {shown}")


def heat_answer(columns: Sequence[Indicator], rows: Sequence[HeatRow]) -> list[str]:
    """Which indicator is weakest over the units, and how many squares are full."""
    cells = [c for row in rows for c in row.cells if c is not None and c.rate is not None]
    full = sum(1 for c in cells if (c.rate or 0.0) >= 1.0)
    clauses = [_("%(n)s项得分中，%(full)s项得满分；") % {"n": len(cells), "full": full}]
    means = []
    for i, column in enumerate(columns):
        rates = [c.rate for row in rows if (c := row.cells[i]) is not None and c.rate is not None]
        if rates:
            means.append((sum(rates) / len(rates), column.name))
    if means:
        low, name = min(means)
        clauses.append(
            _("%(name)s最弱，平均得分率%(n)s%%。") % {"name": name, "n": plain_number(low * 100, 1)}
        )
    return clauses


def compare_units(found: Result, codes: Sequence[str]) -> list[UnitResult]:
    """The units to set side by side: those asked for, else the first two of the first track."""
    chosen = [u for code in codes for u in found.units if u.unit == code][:4]
    if len(chosen) == 1:
        near = chosen[0].ahead or chosen[0].behind
        chosen += [u for u in found.units if near is not None and u.unit == near.unit]
    if len(chosen) < 2:
        ranked = sorted((u for u in found.units if u.rank), key=lambda u: (u.track, u.rank or 0))
        chosen = (chosen + [u for u in ranked if u not in chosen])[:2]
    return chosen


def compare_rows(units: Sequence[UnitResult]) -> list[dict[str, Any]]:
    """Indicator by indicator the units' marks, the widest difference first."""
    names = dict.fromkeys((m.indicator, m.name, m.category) for u in units for m in u.marks)
    rows = []
    for code, name, category in names:
        marks = [mark_of(u, code) for u in units]
        known = [m.marks for m in marks if m is not None and m.marks is not None]
        best = max(known, default=None)
        rows.append(
            {
                "code": code, "name": name, "category": category,
                "spread": max(known) - min(known) if len(known) > 1 else 0.0,
                "cells": [
                    {"mark": m, "best": m is not None and m.marks == best and len(set(known)) > 1}
                    for m in marks
                ],
            }
        )  # fmt: skip
    return sorted(rows, key=lambda r: -r["spread"])


def indicator_rows(
    by: User, campaign: Campaign, found: Result, indicator: Indicator, run: ScoreRun
) -> list[dict[str, Any]]:
    """One line a unit; figures only where the reader may see them."""
    units = {u.code: u for u in Unit.objects.all()}
    rows = []
    for unit in found.units:
        mark = mark_of(unit, indicator.code)
        if mark is None:
            continue
        row = units[unit.unit]
        opened = may(by, "figures.see", campaign=campaign, unit=row, indicator=indicator)
        rows.append(
            {
                "unit": str(row), "track": unit.track, "marks": mark.marks, "full": mark.full_marks,
                "rate": None if rate(mark) is None else (rate(mark) or 0.0) * 100,
                "actual": mark.actual if opened else None, "target": mark.target if opened else None,
                "attainment": (mark.attainment or 0.0) * 100 if opened and mark.attainment is not None else None,
                "gap": mark.pace_gap if opened else None, "opened": opened,
                "decimals": indicator.decimals, "measure": "",
                "href": reverse("scoring:why", args=[campaign.code, run.period, unit.unit, indicator.code]),
            }
        )  # fmt: skip
    return rows


def indicator_table(indicator: Indicator, rows: Sequence[dict[str, Any]]) -> Table:
    """The lines as a list, best rate first."""
    columns = [Column("unit", _("单位"), link="href"), Column("track", _("赛道"))]
    if any(r["opened"] for r in rows):
        columns += [
            Column(
                "actual",
                _("完成"),
                "number",
                decimals=indicator.decimals,
                measure=indicator.measure,
            ),
            Column(
                "target",
                _("目标"),
                "number",
                decimals=indicator.decimals,
                measure=indicator.measure,
            ),
            Column("attainment", _("完成率"), "number", decimals=1, measure="%"),
            Column("gap", _("超欠序时（点）"), "number", template="dashboards/_gap.html"),
        ]
    columns += [
        Column("marks", _("得分"), "number", decimals=2), Column("full", _("分值"), "number", decimals=0),
        Column("rate", _("得分率"), "number", decimals=1, measure="%"),
    ]  # fmt: skip
    boxes = [
        Box("behind", _("欠序时"), lambda r: (r["gap"] or 0.0) < -0.05),
        Box("full", _("满分"), lambda r: (r["rate"] or 0.0) >= 100),
    ]
    ordered = sorted(rows, key=lambda r: -(r["rate"] or 0.0))
    return Table(columns, ordered, name=indicator.name, boxes=boxes, search=("unit", "track"))


def indicator_charts(
    indicator: Indicator, rows: Sequence[dict[str, Any]], history: Sequence[tuple[str, Result]]
) -> list[Chart]:
    """The distribution over units and the mean rate of marks over the months."""
    known = sorted((r for r in rows if r["rate"] is not None), key=lambda r: -r["rate"])
    spread = Chart(
        "rows", _("各单位得分率"), [r["unit"] for r in known],
        [Series(_("得分率"), [r["rate"] for r in known])], measure="%", decimals=1,
    )  # fmt: skip
    means = []
    for _period, found in history:
        rates = [rate(mark_of(u, indicator.code)) for u in found.units]
        there = [r for r in rates if r is not None]
        means.append(sum(there) / len(there) * 100 if there else None)
    trend = Chart(
        "lines", _("平均得分率走势"), [month(p) for p, _f in history],
        [Series(_("平均得分率"), means)], measure="%", decimals=1,
    )  # fmt: skip
    return [spread, trend]


def completeness(by: User, campaign: Campaign) -> list[dict[str, Any]]:
    """Per unit and round: cells owed, reported, confirmed, late (应报尽报)."""
    allowed = cells_for(by, "figures.see", campaign)
    counts = (
        Entry.objects.filter(allowed, round__campaign=campaign)
        .values("unit__code", "unit__name", "unit__short_name", "unit__order", "round__period")
        .annotate(
            owed=Count("pk"),
            reported=Count("pk", filter=~Q(state__in=("empty", "draft", "returned"))),
            confirmed=Count("pk", filter=Q(state="confirmed")),
            late=Count("pk", filter=Q(late=True)),
        )
        .order_by("-round__period", "unit__order")
    )
    return [
        {
            "period": c["round__period"], "unit": c["unit__short_name"] or c["unit__name"],
            "owed": c["owed"], "reported": c["reported"], "confirmed": c["confirmed"],
            "missing": c["owed"] - c["reported"], "late": c["late"],
            "rate": c["reported"] / c["owed"] * 100 if c["owed"] else None,
            "href": reverse("reporting:round", args=[campaign.code, c["round__period"]]),
        }
        for c in counts
    ]  # fmt: skip


def completeness_table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("period", _("期间"), link="href"), Column("unit", _("单位")),
        Column("owed", _("应报"), "number", decimals=0), Column("reported", _("已报"), "number", decimals=0),
        Column("missing", _("未报"), "number", decimals=0), Column("confirmed", _("已核定"), "number", decimals=0),
        Column("late", _("逾期"), "number", decimals=0),
        Column("rate", _("报送率"), "number", decimals=1, measure="%"),
    ]  # fmt: skip
    boxes = [
        Box("missing", _("未报齐"), lambda r: r["missing"] > 0),
        Box("late", _("有逾期"), lambda r: r["late"] > 0),
    ]
    return Table(
        columns, rows, name=_("应报尽报"), boxes=boxes, search=("unit", "period"),
        empty=_("还没有开启过填报。"), begin=_("开启一期填报后，这里列出每家单位应报、已报和逾期。"),
    )  # fmt: skip


def burden(campaign: Campaign, round: Round | None) -> list[dict[str, Any]]:
    """Per unit what one round asks: typed by the unit, given by departments, asked elsewhere too."""
    if round is None:
        return []
    rows = Entry.objects.filter(round=round).select_related("unit", "indicator")
    shared = _asked_elsewhere(campaign)
    found: dict[str, dict[str, Any]] = {}
    for entry in rows:
        line = found.setdefault(
            entry.unit.code,
            {"unit": str(entry.unit), "typed": 0, "provided": 0, "shared": 0, "total": 0},
        )
        own = entry.indicator.provider == Indicator.Provider.UNIT
        line["typed" if own else "provided"] += 1
        line["shared"] += entry.indicator_id in shared
        line["total"] += 1
    return list(found.values())


def _asked_elsewhere(campaign: Campaign) -> set[int]:
    """Indicators that other campaigns use too: asked once, used by all."""
    others = Entry.objects.exclude(round__campaign=campaign).values_list("indicator_id", flat=True)
    return set(others.distinct())


def burden_table(rows: Sequence[dict[str, Any]]) -> Table:
    columns = [
        Column("unit", _("单位")), Column("typed", _("单位要填"), "number", decimals=0),
        Column("provided", _("部门统一提供"), "number", decimals=0),
        Column("shared", _("别处也用，只填一次"), "number", decimals=0),
        Column("total", _("合计"), "number", decimals=0),
    ]  # fmt: skip
    return Table(
        columns, rows, name=_("报送负担"), search=("unit",), empty=_("还没有开启过填报。"),
        begin=_("开启一期填报后，这里列出每家单位要填多少数。"),
    )  # fmt: skip


def total(rows: Iterable[dict[str, Any]], key: str) -> int:
    return sum(int(r[key]) for r in rows)
