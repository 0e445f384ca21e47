"""History: figures of months before the platform asked for them, read from a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saima.campaigns import SOURCE_NAMES, Source
from saima.files.campaign.figures import read_facts
from saima.files.campaign.names import naming_of
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import form
from saima.files.campaign.sheets import grids_of
from saima.files.opening import open_workbook
from saima.periods import parse
from saima.problems import Place, Problem, declare, refuse
from saima.tables import Tables
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit
from saima_web.reporting.models import Entry, Figure
from saima_web.scoring.tables import library_campaign
from saima_web.setup.conflicts import Cell, Said, facts_of, said, words

ENDINGS = (".xlsx", ".xls", ".csv")

NOTHING_THERE = declare(
    "history-empty",
    "“{file}”里没有找到数据表。",
    "请下载模板：第一行写“单位、指标、数据来源”和各月份，如2025年1月。",
    "no table of figures was found in {file}.",
    "Take the template: unit, indicator, source and months in the first row.",
)
IN_FUTURE = declare(
    "history-in-future",
    "{period}还没有结束，不能作为历史导入。",
    "请删去这一列；当期数据通过填报轮次报送。",
    "{period} is not over and cannot be imported as history.",
    "Leave the column out; current figures are reported in rounds.",
)
ASKED_BY_ROUND = declare(
    "history-asked",
    "“{unit}”的“{indicator}”{period}已由填报轮次收数。",
    "请删去这一格；要更正，请走填报更正流程。",
    "{unit}, {indicator}, {period} is asked for by a reporting round.",
    "Leave the cell out, or correct the figure by reporting it again.",
)
NOT_HISTORY = declare(
    "history-reported",
    "“{unit}”的“{indicator}”{period}已有填报的数{here}，与文件里的{there}不同。",
    "填报的数不能由历史导入改动；要更正，请走填报更正流程。",
    "{unit}, {indicator}, {period} was reported as {here}, the file has {there}.",
    "What was reported is not changed by an import; report it again.",
)


@dataclass(frozen=True)
class Line:
    """One figure of the file: what stands there, what was known, and what it would be."""

    row: dict[str, Any]
    unit: str
    indicator: str
    here: Said | None
    problem: Problem | None = None

    @property
    def kind(self) -> str:
        """new, same, changed or wrong."""
        if self.problem is not None:
            return "wrong"
        if self.here is None:
            return "new"
        return "same" if self.here == said(self.row) else "changed"

    @property
    def there(self) -> str:
        return words(said(self.row))

    @property
    def was(self) -> str:
        return "" if self.here is None else words(self.here)

    @property
    def source(self) -> str:
        return str(Figure.Source(self.row["source"]).label)


@dataclass(frozen=True)
class Read:
    """A file of history as read: its tables, its lines, and everything wrong."""

    tables: Tables
    lines: list[Line]
    problems: list[Problem]

    def count(self, kind: str) -> int:
        return sum(line.kind == kind for line in self.lines)

    @property
    def wrong(self) -> bool:
        return any(p.severity == "error" for p in self.problems)


def read_history(path: Path, campaign: Campaign) -> Read:
    """Read a workbook or CSV of figures against what a campaign knows.

    Errors: Refused where the file cannot be read, or holds no table of figures.
    """
    tables = _tables(path, campaign)
    lines = _lines(tables)
    wrong = [line.problem for line in lines if line.problem is not None]
    return Read(tables, lines, [*tables.problems, *wrong])


def _tables(path: Path, campaign: Campaign) -> Tables:
    named, findings, wanted = library_campaign(campaign, now()), Findings(), form("facts")
    workbook = open_workbook(path)
    sheets = [s for s in workbook.sheets if not s.hidden]
    chosen = [s for s in sheets if s.name.startswith(wanted.sheet)] or sheets
    grids = [g for s in chosen for g in grids_of(s, wanted, workbook.name, findings)]
    if not grids:
        raise refuse(NOTHING_THERE, Place(file=path.name), file=path.name)
    counts: tuple[Source, ...] = named.counts
    naming = naming_of(named.clock, counts, named.units, named.indicators)
    facts = read_facts(grids, naming, findings)
    problems = [*workbook.problems, *findings.all()]
    return Tables(named, facts.head(0), facts, path.name, problems)


def _lines(tables: Tables) -> list[Line]:
    rows, named = facts_of(tables), tables.campaign
    here, asked = _known(rows), _asked(rows)
    found = []
    for row in rows:
        cell = (row["unit"], row["indicator"], row["period"], row["source"])
        unit, indicator = named.unit(cell[0]).label, named.indicator(cell[1]).name
        known, origin = here.get(cell, (None, ""))
        line = Line(row, unit, indicator, known)
        found.append(Line(row, unit, indicator, known, _problem(tables, line, origin, asked)))
    return found


def _problem(
    tables: Tables, line: Line, origin: str, asked: set[tuple[str, str, str]]
) -> Problem | None:
    row = line.row
    period = parse(row["period"], tables.campaign.clock)
    place = tables.place(row["table"], row["row"], row["column"])
    what = {"unit": line.unit, "indicator": line.indicator, "period": period.label()}
    if period.end >= today():
        return Problem(IN_FUTURE, place, {"period": period.label()})
    if line.kind == "same":
        return None
    if line.here is not None and origin != Figure.Origin.HISTORY:
        return Problem(NOT_HISTORY, place, what | {"here": line.was, "there": line.there})
    if (row["unit"], row["indicator"], row["period"]) in asked:
        return Problem(ASKED_BY_ROUND, place, what)
    return None


def _known(rows: Iterable[dict[str, Any]]) -> dict[Cell, tuple[Said, str]]:
    """The latest figure of every cell that the file names, with its origin."""
    given = list(rows)
    figures = Figure.objects.filter(
        unit__code__in={r["unit"] for r in given}, period__in={r["period"] for r in given}
    ).order_by("pk")
    fields = (
        "unit__code", "indicator__code", "period", "source", "value", "missing", "grade",
        "origin", "withdrawn",
    )  # fmt: skip
    found: dict[Cell, tuple[Said, str]] = {}
    for unit, code, period, source, value, missing, grade, origin, gone in figures.values_list(
        *fields
    ):
        if gone:
            found.pop((unit, code, period, source), None)
        else:
            found[unit, code, period, source] = ((value, missing, grade), origin)
    return found


def _asked(rows: Iterable[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Cells that a reporting round asks for."""
    periods = {r["period"] for r in rows}
    entries = Entry.objects.filter(round__period__in=periods)
    return set(entries.values_list("unit__code", "indicator__code", "round__period"))


def template_rows(campaign: Campaign) -> tuple[list[str], list[list[Any]]]:
    """A sheet to fill in: a row per unit and reported indicator, a column per month of last year
    and of this year up to last month."""
    from saima_web.campaigns.queries import active_members
    from saima_web.indicators.queries import reported_indicators

    year, upto = campaign.start.year, today().replace(day=1)
    months = [(y, m) for y in (year - 1, year) for m in range(1, 13) if (y, m) < (upto.year, upto.month)]  # fmt: skip
    header = ["单位", "指标", "计量单位", "数据来源", *(f"{y}年{m}月" for y, m in months)]
    day = min(max(today(), campaign.start), campaign.end)
    source = SOURCE_NAMES[(campaign.counts or ["confirmed"])[0]]
    units: list[Unit] = [p.unit for p in active_members(campaign, day) if p.track_id]
    indicators: list[Indicator] = list(reported_indicators(campaign))
    rows = [[str(u), x.name, x.measure, source] for u in units for x in indicators]
    return header, rows
