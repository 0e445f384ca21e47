"""Writing cells: who may report, what a figure must be, saving twice, two people in one cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saima.problems import Refused
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.people.models import User
from saima_web.reporting import actions
from saima_web.reporting.models import Entry, Figure
from tests.web.cast import House


def cell(house: House, unit: str = "E1", indicator: str = "revenue") -> Entry:
    return Entry.objects.get(unit=house.units[unit], indicator=house.indicators[indicator])


def save(entry: Entry, by: User, value: str | None, **more: object) -> Entry:
    number = None if value is None else Decimal(value)
    return actions.save_figure(entry=entry, value=number, by=by, **more)  # type: ignore[arg-type]


def refusal(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.problem.code


def test_clerk_saves_a_figure_of_the_own_unit(house: House) -> None:
    entry = save(cell(house), house.clerk, "1000.50")
    assert entry.state == "draft"
    assert entry.reported is not None and entry.reported.value == Decimal("1000.50")
    row = LedgerEntry.objects.order_by("number").last()
    assert row is not None and row.event == "figure.reported"
    assert row.subject == "E1/revenue/2026-10" and row.data["value"] == "1000.5"


def test_whole_way_of_a_figure(house: House) -> None:
    entry = cell(house)
    save(entry, house.clerk, "9999")
    actions.submit(round=entry.round, unit=entry.unit, by=house.clerk)
    actions.endorse(entries=[entry], by=house.head)
    actions.confirm(entries=[entry], by=house.owner)
    entry.refresh_from_db()
    assert entry.state == "confirmed"
    assert entry.confirmed is not None and entry.confirmed.source == "confirmed"
    assert Figure.objects.filter(period="2026-10").count() == 2
