"""A project whose frame and topping out are late, and a rule that gives cards for such milestones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saima_web.projects import actions
from saima_web.projects.models import Milestone, Project
from tests.web.cast import House

RULES = """\
cards: race
name: 示例黄红牌规则
levels:
  - {name: 黄牌, colour: yellow, answer-days: 5, receivers: [责任单位主要负责人]}
  - {name: 红牌, colour: red, answer-days: 3, made-good: 黄牌}
rules:
  - subject: milestone
    of: days-overdue
    clause: 第四条
    bands:
      - {level: 黄牌, more-than: 7, at-most: 30}
      - {level: 红牌, more-than: 30}
"""


def planned(number: int, name: str, days: int, links: str, finish: date) -> Milestone:
    return Milestone(
        number=number, name=name, duration=Decimal(days), predecessors=links,
        planned_start=date(2026, 9, 1), planned_finish=finish,
    )  # fmt: skip


def old_town(house: House) -> Project:
    """The frame is to be finished on 15 October, topping out follows on the 20th."""
    made = actions.add_project(
        campaign=house.campaign, by=house.project_office, name="古镇二期", category="new",
        kind="industry", unit=house.units["E1"], total=Decimal(50000),
    )  # fmt: skip
    rows = [
        planned(1, "主体施工", 45, "", date(2026, 10, 15)),
        planned(2, "主体封顶", 0, "1FS+5天", date(2026, 10, 20)),
    ]
    actions.set_milestones(project=made, rows=rows, by=house.project_office)
    actions.report_milestone(
        milestone=made.milestones.get(number=1), by=house.clerk, actual_start=date(2026, 9, 1),
        actual_finish=None, percent=90,
    )  # fmt: skip
    return made
