"""The project workbook against the platform: its names as units and indicators, its rows as projects."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from saima.files.project_list import Row as Cells
from saima.files.project_list import project_list_bytes, read_project_list
from saima.files.project_list.columns import HEADERS, LONG, YES_NO
from saima.files.project_list.writing import Line
from saima.problems import Place, Problem, declare, refuse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.projects.models import Project
from saima_web.projects.queries import Standing

OTHER_YEAR = declare(
    "projects-other-year",
    "工作簿是{year}年的，本行动是{campaign}年的。",
    "请换本年的工作簿；表头上方的年份写错的，请改正。",
    "The workbook is of {year}, the campaign of {campaign}.",
    "Take this year's workbook, or mend the year above the header.",
)
CHOICES = {"category": Project.Category, "kind": Project.Kind}


@dataclass
class Row:
    """One row: the project it makes or changes, its months by series, what is wrong with it."""

    cells: Cells
    values: dict[str, Any] = field(default_factory=dict)
    supporting: list[Unit] = field(default_factory=list)
    existing: Project | None = None

    @property
    def name(self) -> str:
        return self.cells.name

    @property
    def problems(self) -> list[Problem]:
        return self.cells.problems

    @property
    def plan(self) -> dict[str, Decimal]:
        return self.cells.months["plan"]


class Reading:
    """Reads the rows of a workbook against the campaign's units, indicators and projects."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        units = list(Unit.objects.all())
        self.units = {key: u for u in units for key in (u.code, u.name, u.short_name) if key}
        self.indicators = {k: i for i in Indicator.objects.all() for k in (i.code, i.name)}
        self.projects = {p.name: p for p in campaign.projects.all()}

    def rows(self, path: Path, name: str) -> list[Row]:
        """All rows of the workbook. Errors: Refused without a header, or of another year."""
        year = self.campaign.start.year
        found = read_project_list(path, year, name, today())
        if found.year != year:
            raise refuse(OTHER_YEAR, Place(name), year=found.year, campaign=year)
        return [self._row(cells) for cells in found.rows]

    def _row(self, cells: Cells) -> Row:
        row = Row(cells, existing=self.projects.get(cells.name))
        for key, value in cells.values.items():
            self._value(row, key, value)
        if row.existing is None:
            row.values.setdefault("category", Project.Category.NEW)
            row.values.setdefault("kind", Project.Kind.INDUSTRY)
        return row

    def _value(self, row: Row, key: str, value: Any) -> None:
        if key in CHOICES:
            known = {str(label): value for value, label in CHOICES[key].choices}
            row.values[key] = known[value]
        elif key == "highlighted":
            row.values[key] = value == YES_NO[0]
        elif key == "supporting":
            for name in filter(None, re.split(r"[、，,；;\s]+", value)):
                if name in self.units:
                    row.supporting.append(self.units[name])
                else:
                    row.cells.wrong(key, name, "平台上已有的单位名称")
        elif key in ("unit", "indicator"):
            by_name: dict[str, Any] = self.units if key == "unit" else self.indicators
            if value in by_name:
                row.values[key] = by_name[value]
            else:
                row.cells.wrong(key, value, "平台上已有的名称")
        else:
            short = isinstance(value, str) and key not in LONG
            row.values[key] = value[:120] if short else value


def workbook_bytes(campaign: Campaign, lines: Iterable[Standing]) -> bytes:
    """The workbook that is read, with the projects there are: template and export in one."""
    return project_list_bytes((_line(line) for line in lines), campaign.start.year)


def _line(line: Standing) -> Line:
    project, money = line.project, line.money
    named = {
        "category": project.get_category_display(), "kind": project.get_kind_display(),
        "unit": project.unit.name, "indicator": project.indicator.name if project.indicator else "",
        "supporting": "、".join(u.name for u in project.supporting.all()),
        "problem": line.problem, "highlighted": YES_NO[not project.highlighted],
    }  # fmt: skip
    values = {key: named[key] if key in named else getattr(project, key) for key in HEADERS}
    return Line(values, {"plan": money.plan, **money.series})
