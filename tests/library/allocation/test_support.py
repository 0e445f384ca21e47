"""Projects beside the targets that they feed."""

from __future__ import annotations

from decimal import Decimal

from saima.allocation.breakdown import Table
from saima.allocation.support import support


def table(indicator, rows):
    units = tuple(dict.fromkeys(unit for unit, _ in rows))
    periods = tuple(dict.fromkeys(period for _, period in rows))
    return Table(indicator, 0, units, periods, {k: Decimal(v) for k, v in rows.items()})


def test_a_unit_s_target_stands_beside_its_projects_and_the_gap():
    targets = table("投资", {("甲", "2026-01"): 100, ("甲", "2026-02"): 100, ("乙", "2026-01"): 50,
                             ("乙", "2026-02"): 50})  # fmt: skip
    projects = table("项目投资", {("一号", "2026-01"): 30, ("二号", "2026-01"): 80,
                                  ("三号", "2026-01"): 0})  # fmt: skip
    rows = support(targets, projects, {"一号": "甲", "二号": "甲", "三号": "乙"})
    first, second, third, _ = rows
    assert (first.from_projects, first.gap, first.projects) == (110, -10, ("一号", "二号"))
    assert (second.from_projects, second.gap, second.projects) == (0, 100, ())
    assert (third.gap, third.projects) == (50, ())
