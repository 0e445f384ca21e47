"""What somebody wants changed, cell by cell, before it is checked and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.targets.cells import Cell


@dataclass(frozen=True)
class Edit:
    """What changes in a cell: any of value, stretch (Decimal or None), goal, locked."""

    unit: Unit
    indicator: Indicator
    period: str
    changes: Mapping[str, Any]

    @property
    def key(self) -> Cell:
        return self.unit.pk, self.indicator.pk, self.period


@dataclass(frozen=True)
class PlanEdit:
    """A project's plan of a month; None withdraws it."""

    unit: Unit
    indicator: Indicator
    project: str
    period: str
    value: Decimal | None
