"""The report-burden meter (填报负担): what is asked of whom, who already holds it, asked once or twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import members
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import indicators_of
from saima_web.people.models import Unit
from saima_web.reporting.models import Entry, Round
from saima_web.reporting.tallies import provided_indicators, reporting_units, tallies_of
from saima_web.ui.charts import Chart, Series
from saima_web.ui.tables import Box, Column, Table
from saima_web.ui.templatetags.saima import month, plain_number

OWNER = Indicator.Provider.OWNER


@dataclass(frozen=True)
class Load:
    """What is asked for one indicator over all units. campaigns: the most that use one cell."""

    indicator: Indicator
    cells: int
    campaigns: int

    @property
    def given(self) -> bool:
        return self.indicator.provider == OWNER


@dataclass(frozen=True)
class Share:
    """What one unit types, is given, and of what it types several campaigns use."""

    unit: Unit
    typed: int
    given: int
    shared: int


@dataclass(frozen=True)
class Burden:
    """A round's cells: typed by units, given by departments, calculated by the platform."""

    loads: list[Load]
    shares: list[Share]
    calculated: int
    units: int

    @property
    def typed(self) -> int:
        return sum(s.typed for s in self.shares)

    @property
    def given(self) -> int:
        return sum(s.given for s in self.shares)

    @property
    def average(self) -> float:
        return self.typed / self.units if self.units else 0.0

    @property
    def shared(self) -> int:
        return sum(s.shared for s in self.shares)


def burden_of(campaign: Campaign, round: Round) -> Burden:
    """What a round asks, with the other campaigns that use the same cells."""
    uses = _uses(round)
    loads, shares = _loads(round, uses), _shares(round, uses)
    reported = {x.indicator.pk for x in loads}
    derived = sum(1 for x in indicators_of(campaign) if x.pk not in reported and not x.retired)
    units = sum(1 for s in shares if s.typed) or len(members(campaign, round.opens_on))
    return Burden(loads, shares, derived, units)


def _uses(round: Round) -> Counter[tuple[int, int]]:
    """In how many campaigns the round's cells are used, those of more than one alone."""
    same = Round.objects.filter(period=round.period).exclude(pk=round.pk).order_by()
    others = Entry.objects.filter(round__in=[r.pk for r in same])
    elsewhere = Counter(others.order_by().values_list("unit_id", "indicator_id"))
    if not elsewhere:
        return elsewhere
    own = set(round.entries.order_by().values_list("unit_id", "indicator_id"))
    return Counter({cell: n + 1 for cell, n in elsewhere.items() if cell in own})


def _loads(round: Round, uses: Counter[tuple[int, int]]) -> list[Load]:
    """By indicator, in the library's order, what units type first."""
    cells = round.entries.order_by().values_list("indicator_id").annotate(n=Count("pk"))
    counted = dict(cells)
    most: dict[int, int] = {}
    for (_unit, indicator), n in uses.items():
        most[indicator] = max(n, most.get(indicator, 1))
    rows = Indicator.objects.filter(pk__in=counted).select_related("data_owner")
    loads = [Load(x, counted[x.pk], most.get(x.pk, 1)) for x in rows.order_by("order", "pk")]
    return sorted(loads, key=lambda x: x.given)


def _shares(round: Round, uses: Counter[tuple[int, int]]) -> list[Share]:
    """By unit, in official order."""
    provided = set(provided_indicators())
    given = Count("pk", filter=Q(indicator__in=provided))
    cells = round.entries.order_by().values_list("unit_id").annotate(n=Count("pk"), given=given)
    counted = {pk: (n, own) for pk, n, own in cells}
    shared = Counter(unit for unit, indicator in uses if indicator not in provided)
    units = Unit.objects.filter(pk__in=counted).order_by("order", "code")
    return [
        Share(u, counted[u.pk][0] - counted[u.pk][1], counted[u.pk][1], shared[u.pk]) for u in units
    ]


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
    given = sum(1 for x in found.loads if x.given)
    spared = [_("%(n)s项指标由部门统一提供") % {"n": given}] if given else []
    if found.calculated:
        spared.append(_("%(n)s项由系统计算") % {"n": found.calculated})
    if not spared:
        return [_("%(said)s。") % {"said": first}]
    listed = _("，").join(spared)
    return [_("%(said)s；") % {"said": first}, listed + _("，不用单位填。")]


def indicator_table(found: Burden) -> Table:
    """Each indicator that is asked: of how many units, who holds it already, who else uses it."""
    alike = _alike([x.indicator for x in found.loads])
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
    rows = [_row(load, alike) for load in found.loads]
    return Table(columns, rows, name=_("填报负担"), search=("name", "owner"), boxes=boxes)


def _row(load: Load, alike: dict[int, str]) -> dict[str, Any]:
    row = load.indicator
    return {
        "name": row.name, "category": row.category,
        "frequency": str(Indicator.Frequency(row.frequency).label),
        "units": load.cells, "source": str(Indicator.Provider(row.provider).label),
        "owner": str(row.data_owner) if row.data_owner else "",
        "campaigns": load.campaigns, "typed": not load.given,
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
    columns = [
        Column("unit", _("单位")),
        Column("typed", _("自己填"), "number", decimals=0, measure=_("项")),
        Column("given", _("部门代填"), "number", decimals=0, measure=_("项")),
        Column("shared", _("一次填报多处使用"), "number", decimals=0, measure=_("项")),
    ]
    rows = [
        {"unit": str(s.unit), "typed": s.typed, "given": s.given, "shared": s.shared}
        for s in found.shares
    ]
    return Table(columns, rows, name=_("各单位填报量"), prefix="u-")


def history(
    rounds: Sequence[Round], round: Round, found: Burden
) -> tuple[Chart | None, list[float]]:
    """Cells typed per unit, round by round (the earliest first), as a chart and as numbers."""
    others = [r for r in rounds if r != round]
    tallies, units = tallies_of(others), reporting_units(others)
    own = {pk: tally.count(provided=False) / (units[pk] or 1) for pk, tally in tallies.items()}
    own[round.pk] = found.typed / (sum(1 for s in found.shares if s.typed) or 1)
    ordered = list(reversed(rounds))
    values = [own[r.pk] for r in ordered]
    if len(ordered) < 2:
        return None, values
    names = [month(r.period) for r in ordered]
    series = [Series(_("平均每家单位填报项数"), values)]
    return Chart("bars", _("平均每家单位填报项数"), names, series, decimals=1, min=0.0), values
