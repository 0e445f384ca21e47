"""Money of projects in 万元: plan and three series by month, year to date, plan and pace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

Months = dict[str, Decimal]
"""Amounts by month (2026-10)."""

STATISTICAL, PHYSICAL, PAID = "statistical", "physical", "paid"
SERIES = (STATISTICAL, PHYSICAL, PAID)
"""统计口径, 实物量口径, 资金支付: kept apart, one is named wherever an amount is spoken of."""


def amount(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


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

    def to_date(self, series: str = STATISTICAL) -> Decimal:
        """Year to date."""
        return amount(v for m, v in self.series[series].items() if m <= self.month)

    def this_month(self, series: str = STATISTICAL) -> Decimal | None:
        return self.series[series].get(self.month)

    @property
    def done(self) -> Decimal:
        return self.to_date()

    @property
    def planned(self) -> Decimal | None:
        """The plan up to the month; without a monthly plan the year's, evenly."""
        if self.plan:
            return amount(v for m, v in self.plan.items() if m <= self.month)
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
    def calendar_gap(self) -> float | None:
        """Percentage points ahead of (behind) 序时: months gone of twelve (三元区 2010: 74 − 8/12)."""
        if not self.year_plan or not self.month:
            return None
        due = self.year_plan * int(self.month[-2:]) / 12
        return float((self.done - due) / self.year_plan * 100)

    @property
    def ratio(self) -> float | None:
        """Done over what is due by now."""
        return float(self.done / self.planned) if self.planned else None

    @property
    def ever(self) -> Decimal:
        """Done since the beginning."""
        return self.before + self.done


def together(parts: Iterable[Money], month: str) -> Money:
    """Many projects as one; shares are of the sums, never averages of shares."""
    whole = Money(month=month)
    for one in parts:
        whole.total += one.total
        whole.before += one.before
        whole.year_plan += one.year_plan
        for series, months in one.series.items():
            _add(whole.series[series], months)
        _add(whole.plan, one.plan if one.plan or not one.year_plan else _evenly(one, month))
    return whole


def _add(sums: Months, months: Months) -> None:
    for at, value in months.items():
        sums[at] = sums.get(at, Decimal(0)) + value


def _evenly(one: Money, month: str) -> Months:
    """The year's plan in twelve equal parts."""
    return {f"{month[:4]}-{number:02}": one.year_plan / 12 for number in range(1, 13)}
