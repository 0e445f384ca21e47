"""A headline allocated over units and months by the library, as changes to look at before saving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saima.allocation.cascade import cascade, working_days
from saima.allocation.plan import (
    Bound as PlanBound,
)
from saima.allocation.plan import (
    Lock,
    PeriodBasis,
    Plan,
    PlanIndicator,
    PlanUnit,
    UnitBasis,
    Window,
    check_plan,
)
from saima.allocation.tables import Item, allocate_plan
from saima.periods import Kind, Period, parse
from saima.problems import Problem, refuse
from saima.rules.documents import Document
from saima_web.campaigns.models import Campaign, DayOverride
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets import problems
from saima_web.targets.cells import Cell, additive, less_is_better, months_of, whole_of
from saima_web.targets.checking import bounds_in_force
from saima_web.targets.models import Target
from saima_web.targets.reached import history_of

UNIT_WAYS = ("history", "weights", "capacity", "equal")
PERIOD_WAYS = ("history", "season", "capacity", "equal", "days", "working-days")


@dataclass(frozen=True)
class Wish:
    """How a total is to be shared: the ways over units and months, with figures where they need.

    unit_figures by unit code, period_figures by canonical period. since: keep earlier months as
    they are (they become locks) and share what remains.
    """

    target: Decimal
    stretch: Decimal | None = None
    units_by: str = "history"
    periods_by: str = "history"
    unit_figures: Mapping[str, Decimal] | None = None
    period_figures: Mapping[str, Decimal] | None = None
    since: str = ""


@dataclass(frozen=True)
class Proposal:
    """What the allocation says: new values by cell, and what is wrong or worth knowing."""

    cells: dict[tuple[str, str], dict[str, Decimal]]
    problems: list[Problem]


def propose(
    campaign: Campaign,
    indicator: Indicator,
    units: list[Unit],
    standing: Mapping[Cell, Target],
    wish: Wish,
) -> Proposal:
    """Share a total over units and months; locked cells and bounds hold, every sum is exact."""
    if not additive(indicator):
        raise refuse(problems.NOT_ADDITIVE, indicator=indicator.name)
    plan = plan_of(campaign, indicator, units, standing, wish)
    wrong = check_plan(plan, Document())
    if wrong:
        return Proposal({}, wrong)
    history = history_of(campaign, [indicator])
    allocation, found = allocate_plan(plan, history)
    if not allocation.items:
        return Proposal({}, found)
    return Proposal(_cells(campaign, allocation.items[0]), found)


def plan_of(
    campaign: Campaign,
    indicator: Indicator,
    units: list[Unit],
    standing: Mapping[Cell, Target],
    wish: Wish,
) -> Plan:
    """The library's plan document of a wish."""
    whole = whole_of(campaign)
    by_pk = {u.pk: u for u in units}
    return Plan(
        plan=campaign.name,
        periods=_window(whole),
        units=tuple(PlanUnit(unit=u.code, name=str(u)) for u in units),
        history="figures" if "history" in (wish.units_by, wish.periods_by) else "",
        indicators=(
            PlanIndicator(
                indicator=indicator.code, name=indicator.name, measure=indicator.measure,
                decimals=indicator.decimals, target=wish.target, stretch=wish.stretch,
                less=less_is_better(indicator), units_by=_units_by(wish),
                periods_by=_periods_by(wish),
                locks=_locks(indicator, by_pk, standing, wish, whole),
                bounds=_bounds(campaign, indicator, by_pk),
            ),
        ),
    )  # fmt: skip


def _window(whole: Period) -> Window:
    if whole.kind == "year":
        first, last = f"{whole.start:%Y-%m}", f"{whole.end:%Y-%m}"
    else:
        first, last = whole.start.isoformat(), whole.end.isoformat()
    return Window(from_=first, to=last, by="month")


def _units_by(wish: Wish) -> Any:
    if wish.units_by in ("weights", "capacity"):
        return UnitBasis(basis=wish.units_by, figures=dict(wish.unit_figures or {}))  # type: ignore[arg-type]
    return wish.units_by


def _periods_by(wish: Wish) -> Any:
    if wish.periods_by in ("season", "capacity"):
        return PeriodBasis(basis=wish.periods_by, figures=dict(wish.period_figures or {}))  # type: ignore[arg-type]
    return wish.periods_by


def _locks(
    indicator: Indicator,
    units: Mapping[int, Unit],
    standing: Mapping[Cell, Target],
    wish: Wish,
    whole: Period,
) -> tuple[Lock, ...]:
    """Locked cells, and all months before `since` as they are planned."""
    begin = parse(wish.since).start if wish.since else whole.start
    found = []
    for (unit, which, period), row in standing.items():
        if which != indicator.pk or unit not in units or row.value is None:
            continue
        if period == whole.text:
            if row.locked:
                found.append(Lock(unit=units[unit].code, amount=row.value, note="已锁定"))
        elif row.locked or parse(period).end < begin:
            note = "已锁定" if row.locked else "已过月份"
            found.append(Lock(unit=units[unit].code, period=period, amount=row.value, note=note))
    return tuple(found)


def _bounds(
    campaign: Campaign, indicator: Indicator, units: Mapping[int, Unit]
) -> tuple[PlanBound, ...]:
    return tuple(
        PlanBound(
            unit=b.unit.code if b.unit else "", period=b.period, lower=b.lower, upper=b.upper,
            note=b.note,
        )
        for b in bounds_in_force(campaign, indicator)
        if b.unit_id is None or b.unit_id in units
    )  # fmt: skip


def _cells(campaign: Campaign, item: Item) -> dict[tuple[str, str], dict[str, Decimal]]:
    """Months by cell, and each unit's year with its stretch as their sum."""
    whole = whole_of(campaign).text
    found = {key: {"value": amount} for key, amount in item.table.targets.items()}
    for unit in item.table.units:
        found[unit, whole] = {"value": item.table.of_unit(unit)}
        if item.stretch is not None:
            found[unit, whole]["stretch"] = item.stretch.of_unit(unit)
    return found


# --- by day, week and ten days ------------------------------------------------------------------


def cascaded(
    indicator: Indicator, target: Decimal, period: Period, into: Kind, working: bool = True
) -> tuple[list[dict[str, Any]], list[Problem]]:  # fmt: skip
    """A month's plan carried down (以天保周、以周保月), every part exact, with its running sum."""
    calendar, notes = working_days(period.start, period.end, *_overrides(period))
    pieces, wrong = cascade(target, period, into, indicator.decimals, calendar if working else None)
    rows, running = [], Decimal(0)
    for piece in pieces:
        running += piece.target
        rows.append(
            {"period": piece.period, "start": piece.start, "end": piece.end,
             "target": piece.target, "running": running}
        )  # fmt: skip
    return rows, wrong + (notes if working else [])


def _overrides(period: Period) -> tuple[list[Any], list[Any]]:
    """The days that the office has declared free or worked."""
    rows = DayOverride.objects.filter(on__range=(period.start, period.end))
    rest = [r.on for r in rows if not r.working]
    return rest, [r.on for r in rows if r.working]


def monthly_sums(campaign: Campaign, rows: Mapping[Any, Any]) -> dict[tuple[int, str], Decimal]:
    """What the projects' plans add up to by unit and month."""
    known = {p.text for p in months_of(campaign)}
    sums: dict[tuple[int, str], Decimal] = {}
    for (unit, _, _, period), row in rows.items():
        if period in known and row.value is not None:
            sums[unit, period] = sums.get((unit, period), Decimal(0)) + row.value
    return sums
