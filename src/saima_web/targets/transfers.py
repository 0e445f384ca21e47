"""A transfer of targets between two units, worked out by the library on what is in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Q

from saima.allocation.breakdown import Breakdown, Restriction, Table
from saima.allocation.transfer import transfer
from saima.problems import Problem, refuse
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets import problems
from saima_web.targets.cells import in_force, months_of, total, whole_of
from saima_web.targets.checking import bounds_in_force
from saima_web.targets.edits import Edit
from saima_web.targets.models import Bound, Target

Held = dict[tuple[int, str], Target]


def moved(
    campaign: Campaign,
    indicator: Indicator,
    giver: Unit,
    taker: Unit,
    amount: Decimal | None,
    since: date | None,
) -> tuple[list[Edit], list[Problem]]:
    """The cells of giver and taker after the transfer, or what forbids it.

    Where the giver has monthly plans they move (from the month of `since` on) and the yearly
    targets follow by their sum; without plans the yearly target itself moves.
    """
    standing = in_force(campaign, Q(indicator=indicator))
    held: Held = {(u, p): row for (u, _, p), row in standing.items()}
    whole = whole_of(campaign).text
    months = [p for p in months_of(campaign) if since is None or p.end >= since]
    planned = [p.text for p in months if (giver.pk, p.text) in held]
    periods = planned or [whole]
    if not any((giver.pk, p) in held for p in periods):
        raise refuse(problems.NO_TARGET, unit=str(giver), indicator=indicator.name)
    breakdown, table = _table(campaign, indicator, (giver, taker), periods, held)
    after, found = transfer(breakdown, table, giver.code, taker.code, amount)
    if after is None:
        return [], found
    edits = [
        Edit(unit, indicator, p, {"value": after.targets[unit.code, p]})
        for unit in (giver, taker)
        for p in periods
        if after.targets[unit.code, p] != table.targets[unit.code, p]
    ]
    return edits + _yearly(indicator, (giver, taker), whole, held, table, after), []


def _table(
    campaign: Campaign,
    indicator: Indicator,
    pair: tuple[Unit, Unit],
    periods: list[str],
    held: Held,
) -> tuple[Breakdown, Table]:
    codes = tuple(u.code for u in pair)
    targets = {
        (u.code, p): Decimal(row.value or 0) if (row := held.get((u.pk, p))) else Decimal(0)
        for u in pair
        for p in periods
    }
    table = Table(indicator.code, indicator.decimals, codes, tuple(periods), targets)
    ones = dict.fromkeys(codes, Decimal(1))
    breakdown = Breakdown(
        indicator.code, table.total, codes, tuple(periods), ones,
        dict.fromkeys(periods, Decimal(1)), indicator.decimals, indicator.measure,
        restrictions=tuple(_limits(campaign, indicator, pair, periods, held)),
        names={indicator.code: indicator.name} | {u.code: str(u) for u in pair},
    )  # fmt: skip
    return breakdown, table


def _limits(
    campaign: Campaign,
    indicator: Indicator,
    pair: tuple[Unit, Unit],
    periods: list[str],
    held: Held,
) -> Iterable[Restriction]:
    for unit in pair:
        for p in periods:
            row = held.get((unit.pk, p))
            if row is not None and row.locked and row.value is not None:
                yield Restriction(unit.code, p, "lock", Decimal(row.value), "已锁定")
    for bound in bounds_in_force(campaign, indicator):
        if bound.unit in pair and bound.period in periods:
            yield from limits_of(bound)


def limits_of(bound: Bound) -> Iterable[Restriction]:
    """A bound as the library's restrictions."""
    unit, period = bound.unit.code if bound.unit else None, bound.period or None
    if bound.lower is not None:
        yield Restriction(unit, period, "lower", Decimal(bound.lower), bound.note)
    if bound.upper is not None:
        yield Restriction(unit, period, "upper", Decimal(bound.upper), bound.note)


def _yearly(
    indicator: Indicator,
    pair: tuple[Unit, Unit],
    whole: str,
    held: Held,
    before: Table,
    after: Table,
) -> list[Edit]:
    """The yearly targets follow the monthly plans that moved, stretch targets by as much."""
    if whole in before.periods:
        return []
    edits = []
    for unit in pair:
        move = after.of_unit(unit.code) - before.of_unit(unit.code)
        row = held.get((unit.pk, whole))
        changes = {"value": total([row.value if row else None, move])}
        if row is not None and row.stretch is not None:
            changes["stretch"] = row.stretch + move
        edits.append(Edit(unit, indicator, whole, changes))
    return edits
