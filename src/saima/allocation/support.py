"""Which projects stand behind a target: what they bring in each period, and what is unsupported.

指标的背后需要项目的支撑: a unit's target for an indicator beside the sum of its projects' targets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from saima.allocation.breakdown import Table


@dataclass(frozen=True)
class Support:
    """One unit and period: its target, what its projects are planned to bring, the gap left."""

    unit: str
    period: str
    target: Decimal
    from_projects: Decimal
    projects: tuple[str, ...]

    @property
    def gap(self) -> Decimal:
        """What no project stands behind yet (negative: more projects than target)."""
        return self.target - self.from_projects


def support(targets: Table, projects: Table, unit_of: Mapping[str, str]) -> list[Support]:
    """Every unit and period of a table of targets beside the projects that feed it.

    projects: targets by project and period; unit_of: the unit that a project belongs to.
    Periods that the projects' table lacks count as without projects.
    """
    rows = []
    known = set(projects.periods)
    for unit in targets.units:
        own = tuple(p for p in projects.units if unit_of.get(p) == unit)
        for period in targets.periods:
            feeding = own if period in known else ()
            amounts = {p: projects.targets[p, period] for p in feeding}
            named = tuple(p for p, amount in amounts.items() if amount)
            total = sum(amounts.values(), Decimal(0))
            rows.append(Support(unit, period, targets.targets[unit, period], total, named))
    return rows
