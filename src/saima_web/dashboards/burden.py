"""The report-burden meter (填报负担): what is asked of whom, who already holds it, asked once or twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import members
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import Unit
from saima_web.reporting.models import Entry, Round
from saima_web.ui.charts import Chart, Series
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import month, plain_number

OWNER = Indicator.Provider.OWNER


@dataclass(frozen=True)
class Asked:
    """One cell that a round asks for: of which unit, which indicator, in which campaigns."""

    unit: Unit
    indicator: Indicator
    campaigns: int


@dataclass(frozen=True)
class Burden:
    """A round's cells: typed by units, given by departments, calculated by the platform."""

    typed: list[Asked]
    given: list[Asked]
    calculated: int
    units: int

    @property
    def average(self) -> float:
        return len(self.typed) / self.units if self.units else 0.0

    @property
    def shared(self) -> int:
        return sum(1 for a in self.typed if a.campaigns > 1)


def burden_of(campaign: Campaign, round: Round) -> Burden:
    """What a round asks, with the other campaigns that use the same cells."""
    rows = list(round.entries.select_related("unit", "indicator__data_owner"))
    others = Counter(
        Entry.objects.filter(round__period=round.period, unit__in={r.unit_id for r in rows})
        .order_by()
        .values_list("unit_id", "indicator_id")
    )
    asked = [Asked(r.unit, r.indicator, others[(r.unit_id, r.indicator_id)]) for r in rows]
    typed = [a for a in asked if a.indicator.provider != OWNER]
    given = [a for a in asked if a.indicator.provider == OWNER]
    reported = {a.indicator.pk for a in asked}
    derived = sum(1 for x in indicators_of(campaign) if x.pk not in reported and not x.retired)
    units = len({a.unit.pk for a in typed}) or len(members(campaign, round.opens_on))
    return Burden(typed, given, derived, units)


def answer(round: Round, found: Burden, before: float | None) -> list[str]:
    """How many figures a unit types on average, and what it is spared."""
    words = {"period": month(round.period), "n": plain_number(found.average, 1)}
    first = _("%(period)s每家单位平均要填%(n)s项") % words
    if before is not None:
        change = found.average - before
        size = {"n": plain_number(abs(change), 1)}
        if abs(change) < 0.05:
            first += _("，与上一轮相同")
        else:
            first += (_("，比上一轮多%(n)s项") if change > 0 else _("，比上一轮少%(n)s项")) % size
    given = len({a.indicator.pk for a in found.given})
    spared = [_("%(n)s项指标由部门统一提供") % {"n": given}] if given else []
    if found.calculated:
        spared.append(_("%(n)s项由系统计算") % {"n": found.calculated})
    if not spared:
        return [first + "。"]
    return [first + "；", "，".join(spared) + _("，不用单位填。")]


def indicator_table(found: Burden) -> Table:
    """Each indicator that is asked: of how many units, who holds it already, who else uses it."""
    groups: dict[int, list[Asked]] = {}
    for asked in (*found.typed, *found.given):
        groups.setdefault(asked.indicator.pk, []).append(asked)
    alike = _alike([g[0].indicator for g in groups.values()])
    columns = [
        Column("name", _("指标")),
        Column("category", _("类别")),
        Column("frequency", _("频度")),
        Column("units", _("向几家要"), "number", decimals=0, measure=_("家")),
        Column("source", _("谁来填")),
        Column("owner", _("谁已掌握")),
        Column("campaigns", _("几个行动共用"), "number", decimals=0),
        Column("note", _("可减之处")),
    ]
    boxes = [
        Box("typed", _("单位填报"), lambda r: r["typed"]),
        Box("given", _("部门提供"), lambda r: not r["typed"]),
        Box("note", _("可减"), lambda r: bool(r["note"])),
        Box("shared", _("多个行动共用"), lambda r: r["campaigns"] > 1),
    ]
    rows = [_row(group, alike) for group in groups.values()]
    return Table(columns, rows, name=_("填报负担"), search=("name", "owner"), boxes=boxes)


def _row(group: Sequence[Asked], alike: dict[int, str]) -> dict[str, Any]:
    row = group[0].indicator
    typed = row.provider != OWNER
    return {
        "name": row.name, "category": row.category, "frequency": row.get_frequency_display(),
        "units": len({a.unit.pk for a in group}), "source": row.get_provider_display(),
        "owner": str(row.data_owner) if row.data_owner else "",
        "campaigns": max(a.campaigns for a in group), "typed": typed,
        "note": alike.get(row.pk, ""),
    }  # fmt: skip


def _alike(rows: Sequence[Indicator]) -> dict[int, str]:
    """Indicators that may ask the same thing twice: the same name and measure under two codes."""
    names: dict[tuple[str, str], list[Indicator]] = {}
    for row in rows:
        names.setdefault((row.name.replace(" ", ""), row.measure), []).append(row)
    return {
        row.pk: _("与“%(other)s”同名，可能重复") % {"other": next(x.code for x in same if x != row)}
        for same in names.values()
        if len(same) > 1
        for row in same
    }


def unit_table(found: Burden) -> Table:
    """How many figures each unit types, gets from departments, and shares between campaigns."""
    units = {a.unit.pk: a.unit for a in (*found.typed, *found.given)}
    typed = Counter(a.unit.pk for a in found.typed)
    given = Counter(a.unit.pk for a in found.given)
    shared = Counter(a.unit.pk for a in found.typed if a.campaigns > 1)
    columns = [
        Column("unit", _("单位")),
        Column("typed", _("自己填"), "number", decimals=0, measure=_("项")),
        Column("given", _("部门代填"), "number", decimals=0, measure=_("项")),
        Column("shared", _("一次填报多处使用"), "number", decimals=0, measure=_("项")),
    ]
    rows = [
        {"unit": str(u), "typed": typed[pk], "given": given[pk], "shared": shared[pk]}
        for pk, u in sorted(units.items(), key=lambda x: (x[1].order, x[1].code))
    ]
    return Table(columns, rows, name=_("各单位填报量"), prefix="u-")


def history(rounds: Sequence[Round]) -> tuple[Chart | None, list[float]]:
    """Cells typed per unit, round by round (the earliest first), as a chart and as numbers."""
    ordered = list(reversed(rounds))
    rows = Entry.objects.filter(round__in=ordered).exclude(indicator__provider=OWNER)
    cells: Counter[int] = Counter()
    units: dict[int, set[int]] = {}
    for round_id, unit_id in rows.order_by().values_list("round_id", "unit_id"):
        cells[round_id] += 1
        units.setdefault(round_id, set()).add(unit_id)
    values = [cells[r.pk] / len(units[r.pk]) if r.pk in units else 0.0 for r in ordered]
    if len(ordered) < 2:
        return None, values
    names = [month(r.period) for r in ordered]
    series = [Series(_("平均每家单位填报项数"), values)]
    return Chart("bars", _("平均每家单位填报项数"), names, series, decimals=1, min=0.0), values
