"""A key project as the calculations know it, and what should have happened to it by a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from saima.projects.money import Money

IN_STATISTICS_FROM = Decimal(500)
"""Planned total in 万元 from which a project is due in the statistics (入库纳统: 500万元)."""

CATEGORIES = ("续建", "新开工", "前期", "竣工")
KINDS = ("产业", "基础设施", "民生", "功能")


@dataclass(frozen=True)
class Milestone:
    """A dated event: the day it is due, the day it was reached."""

    name: str
    due: date
    done_on: date | None = None


@dataclass(frozen=True)
class Project:
    """A project with its money up to a month; `key` is what the asker knows it by.

    problem: what is said to be stuck. yellow, red: cards that fell on it in the time in question;
    raised: problems that were open in it and name the project.
    """

    name: str
    unit: str
    category: str = ""
    kind: str = ""
    leader: str = ""
    money: Money = field(default_factory=Money)
    start_due: date | None = None
    started_on: date | None = None
    finish_due: date | None = None
    finished_on: date | None = None
    included_on: date | None = None
    milestones: tuple[Milestone, ...] = ()
    problem: str = ""
    yellow: int = 0
    red: int = 0
    raised: int = 0
    key: str = ""

    def due_to_start(self, on: date) -> bool:
        """应开."""
        return self.start_due is not None and self.start_due <= on

    def started(self, on: date) -> bool:
        return self.started_on is not None and self.started_on <= on

    def due_in_statistics(self, on: date) -> bool:
        """应统: begun, and not too small; a total that is not known does not excuse."""
        small = bool(self.money.total) and self.money.total < IN_STATISTICS_FROM
        return self.started(on) and not small

    def included(self, on: date) -> bool:
        return self.included_on is not None and self.included_on <= on
