"""Short ways to put, submit and approve targets in tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from saima.problems import Problem
from saima_web.people.models import User
from saima_web.targets import actions, lists
from saima_web.targets.cells import in_force
from saima_web.targets.edits import Edit
from saima_web.targets.models import TargetSet
from saima_web.targets.overview import Overview
from tests.web.cast import House


def edit(house: House, unit: str, period: str, code: str = "revenue", **changes: Any) -> Edit:
    exact = {
        k: Decimal(v) if k in ("value", "stretch") and v is not None else v
        for k, v in changes.items()
    }
    return Edit(house.units[unit], house.indicators[code], period, exact)


def lines_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of the indicators whose lines of the overview are made from now on."""
    found: list[str] = []
    line = lists._line

    def told(view: Overview, row: dict[str, Any]) -> dict[str, Any]:
        found.append(str(row["code"]))
        return line(view, row)

    monkeypatch.setattr(lists, "_line", told)
    return found


def put(house: House, *edits: Edit, by: User | None = None) -> TargetSet:
    batch, problems = actions.put_cells(
        campaign=house.campaign, edits=list(edits), by=by or house.office
    )
    assert batch is not None, [p.text() for p in problems]
    return batch


def wrong(house: House, *edits: Edit) -> list[Problem]:
    """What a put is refused for; nothing may have been written."""
    batch, problems = actions.put_cells(campaign=house.campaign, edits=list(edits), by=house.office)
    assert batch is None
    return problems


def set_targets(house: House, *edits: Edit, reason: str = "年初分解") -> TargetSet:
    """Put, submit and approve."""
    batch = put(house, *edits)
    actions.submit(batch=batch, by=house.office, reason=reason)
    return actions.approve(batch=batch, by=house.leader)


def value(house: House, unit: str, period: str, code: str = "revenue") -> Decimal | None:
    """The target in force."""
    key = house.units[unit].pk, house.indicators[code].pk, period
    row = in_force(house.campaign).get(key)
    return row.value if row else None


def months(house: House, unit: str, amount: str, code: str = "revenue") -> list[Edit]:
    """The same plan for every month of 2026."""
    return [edit(house, unit, f"2026-{m:02}", code, value=amount) for m in range(1, 13)]
