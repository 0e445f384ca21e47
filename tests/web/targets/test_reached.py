"""What was reached this year: of all figures ever given those that count, as a slow count finds them."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from saima.periods import Period, parse
from saima_web.base.clock import now
from saima_web.reporting.counting import counting_figures
from saima_web.reporting.models import Figure
from saima_web.targets.cells import whole_of
from saima_web.targets.reached import reached
from tests.web.cast import House

TEXTS = ("2024-12", "2025", "2025-11", "2025-Q4", "2025-W01", "2026-W01", "2026-W02", "2026-01",
         "2026-02", "2026-Q1", "2026-01..2026-02", "2026-03-T1", "2026-10", "2027-01")  # fmt: skip


def strew(house: House, chance: random.Random) -> None:
    """Figures of three sources, given again, withdrawn or missing, of this year and others."""
    house.campaign.counts = chance.sample(["confirmed", "official", "reported"], 2)
    house.campaign.save()
    Figure.objects.all().delete()
    Figure.objects.bulk_create(
        Figure(
            unit=house.units[chance.choice(["E1", "E2"])],
            indicator=house.indicators[chance.choice(["revenue", "investment"])],
            period=chance.choice(TEXTS), source=chance.choice(Figure.Source.values),
            value=None if chance.random() < 0.1 else Decimal(chance.randint(1, 99)),
            withdrawn=chance.random() < 0.15, recorded_at=now(),
        )
        for _ in range(160)
    )  # fmt: skip


def counted(house: House) -> dict[tuple[str, str, str], Decimal]:
    """The slow obvious reference: every row, one after another, into what stands."""
    standing: dict[tuple[str, str, str], dict[str, Decimal | None]] = defaultdict(dict)
    for row in Figure.objects.order_by("pk").select_related("unit", "indicator"):
        cell = standing[row.unit.code, row.indicator.code, row.period]
        cell[row.source] = None if row.withdrawn else row.value
    found = {}
    for key, cell in standing.items():
        known = [cell[s] for s in house.campaign.counts if cell.get(s) is not None]
        if known:
            found[key] = known[0]
    return {key: value for key, value in found.items() if value is not None}


@pytest.mark.parametrize("seed", range(8))
def test_reached_is_what_a_slow_count_finds(house: House, seed: int) -> None:
    strew(house, random.Random(seed))
    codes, every = ["revenue", "investment"], counted(house)
    assert dict(counting_figures(house.campaign, codes, None)) == every
    whole = whole_of(house.campaign)
    series: dict[tuple[str, str], dict[Period, Decimal]] = defaultdict(dict)
    for (unit, code, text), value in every.items():
        if whole.start <= parse(text).end <= whole.end:
            series[unit, code][parse(text)] = value
    found = reached(house.campaign, [house.indicators[c] for c in codes])
    assert {key: last for key, (_value, last) in found.items()} == {
        key: max(own, key=lambda p: p.end) for key, own in series.items()
    }
    for (unit, code), (value, last) in found.items():
        own = series[unit, code]
        adds = house.indicators[code].nature == "in-period"
        assert value == (sum(own.values()) if adds else own[last])


def test_only_the_years_figures_are_read(house: House) -> None:
    strew(house, random.Random(3))
    texts = {key[2] for key, _value in counting_figures(
        house.campaign, ["revenue"], whole_of(house.campaign))}  # fmt: skip
    assert "2026-10" in texts and not texts & {"2024-12", "2025", "2025-11", "2025-Q4", "2025-W01"}


def test_no_indicator_has_no_figures(house: House) -> None:
    assert not dict(counting_figures(house.campaign, [], None))
    assert reached(house.campaign, []) == {}
