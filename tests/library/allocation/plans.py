"""Small invented breakdowns, and slow obvious answers to hold the fast ones against."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise, product

from hypothesis import strategies as st

from saima.allocation.breakdown import Breakdown, Restriction, Table

UNITS = ("甲", "乙", "丙", "丁", "戊")
PERIODS = tuple(f"2026-{month:02d}" for month in range(1, 13))


def breakdown(
    headline, units=3, periods=4, unit_weights=(), period_weights=(), **more
) -> Breakdown:
    """A breakdown over the first few units and months; weights are one where not given."""
    keys, months = UNITS[:units], PERIODS[:periods]
    return Breakdown(
        "营业收入",
        Decimal(str(headline)),
        keys,
        months,
        {key: Decimal(str(w)) for key, w in zip(keys, unit_weights or [1] * units)},
        {key: Decimal(str(w)) for key, w in zip(months, period_weights or [1] * periods)},
        **{"decimals": 0, **more},
    )


def lock(unit, period, amount) -> Restriction:
    return Restriction(unit, period, "lock", Decimal(str(amount)))


def lower(unit, period, amount) -> Restriction:
    return Restriction(unit, period, "lower", Decimal(str(amount)))


def upper(unit, period, amount) -> Restriction:
    return Restriction(unit, period, "upper", Decimal(str(amount)))


def every_table(plan: Breakdown) -> Iterator[Table]:
    """All tables of whole numbers, none below zero, that add up to the headline."""
    cells = list(product(plan.units, plan.periods))
    for bars in combinations(range(int(plan.headline) + len(cells) - 1), len(cells) - 1):
        edges = (-1, *bars, int(plan.headline) + len(cells) - 1)
        amounts = [Decimal(b - a - 1) for a, b in pairwise(edges)]
        yield Table(plan.indicator, 0, plan.units, plan.periods, dict(zip(cells, amounts)))


def keeps(plan: Breakdown, table: Table, restriction: Restriction) -> bool:
    units = [u for u in plan.units if restriction.unit in (None, u)]
    periods = [p for p in plan.periods if restriction.period in (None, p)]
    total = sum(table.targets[u, p] for u in units for p in periods)
    return {
        "lock": total == restriction.amount,
        "lower": total >= restriction.amount,
        "upper": total <= restriction.amount,
    }[restriction.kind]


def smallest_conflict(plan: Breakdown) -> int | None:
    """The least number of restrictions that no table keeps together; None if all can be kept."""
    n = len(plan.restrictions)
    kept = {
        frozenset(k for k in range(n) if keeps(plan, table, plan.restrictions[k]))
        for table in every_table(plan)
    }
    for size in range(n + 1):
        for chosen in combinations(range(n), size):
            if not any(all_kept.issuperset(chosen) for all_kept in kept):
                return size
    return None


@st.composite
def small_breakdowns(draw) -> Breakdown:
    """Two or three units × two months, headline at most 6, up to six locks and bounds."""
    units, periods = draw(st.integers(2, 3)), 2
    where = st.tuples(
        st.sampled_from([None, *UNITS[:units]]), st.sampled_from([None, *PERIODS[:periods]])
    )
    kinds = st.sampled_from(["lock", "lower", "upper"])
    rows = draw(st.lists(st.tuples(where, kinds, st.integers(0, 6)), max_size=6))
    restrictions = tuple(Restriction(u, p, kind, Decimal(n)) for (u, p), kind, n in rows)
    return breakdown(
        draw(st.integers(0, 6)),
        units,
        periods,
        draw(st.lists(st.integers(0, 5), min_size=units, max_size=units).filter(any)),
        draw(st.lists(st.integers(0, 5), min_size=periods, max_size=periods).filter(any)),
        restrictions=restrictions,
    )


@st.composite
def large_breakdowns(draw) -> Breakdown:
    """Up to 5 units × 12 months, two decimals, with bounds that a drawn table keeps."""
    units, periods = draw(st.integers(1, 5)), draw(st.integers(1, 12))
    weight = st.integers(1, 10_000)
    return breakdown(
        Decimal(draw(st.integers(1, 10**9))).scaleb(-2),
        units,
        periods,
        draw(st.lists(weight, min_size=units, max_size=units)),
        draw(st.lists(weight, min_size=periods, max_size=periods)),
        decimals=2,
    )
