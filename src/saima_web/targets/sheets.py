"""The targets' grid as the sheet 目标 of a campaign workbook: written, and read back with a preview."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from saima.files.campaign.figures import read_targets
from saima.files.campaign.names import Naming, naming_of
from saima.files.campaign.problems import Findings
from saima.files.campaign.schema import form
from saima.files.campaign.sheets import grids_of
from saima.files.campaign.workbook import plain_name
from saima.files.opening import Workbook, open_workbook
from saima.places import cell_name
from saima.problems import Place, Problem, Refused, declare
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of, library_units
from saima_web.indicators.models import Indicator
from saima_web.indicators.queries import library_indicators
from saima_web.people.models import Unit, User
from saima_web.targets.cells import Aim, Cell, top_unit
from saima_web.targets.checking import check_edits
from saima_web.targets.edits import Edit
from saima_web.targets.grid import heading
from saima_web.targets.models import Target
from saima_web.targets.overview import Overview, rows_of

NO_SHEET = declare(
    "targets-sheet-missing",
    "工作簿里没有“目标”表。",
    "请先从目标页面导出，在导出的表上修改。",
    "the workbook has no sheet 目标.",
    "Export the targets first and edit that workbook.",
)
NOT_YOURS = declare(
    "targets-row-not-yours",
    "“{text}”不在您编制目标的范围内。",
    "请删去这一行。",
    "“{text}” is not within what you may plan.",
    "Delete that row.",
)


def sheet_rows(
    view: Overview, indicators: Iterable[Indicator]
) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the sheet: unit, indicator, measure, year, stretch, goal, months."""
    header = ["单位", "指标", "计量单位", "全年目标", "奋斗目标", "文字目标"]
    header += [heading(m) for m in view.months]
    rows = []
    for indicator in indicators:
        for unit in _listed(view, indicator):
            year = view.target(unit, indicator)
            plans = [view.target(unit, indicator, m) for m in view.months]
            rows.append(
                [unit.name, indicator.name, indicator.measure, *_year(year)]
                + [(t.goal or t.value) if t else None for t in plans]
            )
    return header, rows


def _listed(view: Overview, indicator: Indicator) -> list[Unit]:
    """The unit above all where its target shows, then those in scope."""
    shows = view.top is not None and view.headline(indicator) is not None
    return [*([view.top] if shows and view.top else []), *view.units]


def _year(row: Aim | None) -> list[Any]:
    return [row.value, row.stretch, row.goal or None] if row else [None, None, None]


# --- reading back -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """What a workbook would change, and everything wrong in it."""

    edits: list[Edit]
    problems: list[Problem]


def read_sheet(
    campaign: Campaign, by: User, content: bytes, name: str, standing: dict[Cell, Target]
) -> Import:
    """The workbook's sheet 目标 as edits of what stands. Blank cells change nothing."""
    findings = Findings()
    try:
        book = _opened(content, name)
    except Refused as refused:
        return Import([], [refused.problem])
    for problem in book.problems:
        findings.take(problem)
    sheets = [s for s in book.sheets if plain_name(s.name) in ("目标", "targets", "目标总表")]
    if not sheets:
        return Import([], [Problem(NO_SHEET, Place(file=book.name))])
    grids = [g for s in sheets for g in grids_of(s, form("targets"), book.name, findings)]
    frame = read_targets(grids, _naming(campaign), findings)
    edits, wrong = _edits(campaign, by, frame.to_dicts(), book.name)
    changed = [e for e in edits if _differs(e, standing.get(e.key))]
    wrong += check_edits(campaign, changed, standing)
    return Import(changed, [*findings.all(), *wrong])


def _opened(content: bytes, name: str) -> Workbook:
    """The upload as a workbook. Errors: Refused for what cannot be read at all."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / (Path(name).name or "目标.xlsx")
        path.write_bytes(content)
        return open_workbook(path)


def _naming(campaign: Campaign) -> Naming:
    day = campaign.end
    return naming_of(
        clock_of(campaign), ("confirmed",), library_units(campaign, day),
        library_indicators(campaign),
    )  # fmt: skip


def _edits(
    campaign: Campaign, by: User, rows: list[dict[str, Any]], file: str
) -> tuple[list[Edit], list[Problem]]:
    top = top_unit(campaign)
    units = {u.code: u for u in [*rows_of(campaign, by), *([top] if top else [])]}
    indicators = {x.code: x for x in Indicator.objects.all()}
    edits: list[Edit] = []
    wrong: list[Problem] = []
    for row in rows:
        unit = units.get(row["unit"])
        if unit is None:
            place = Place(file, "目标", cell_name(row["row"] - 1, 0))
            wrong.append(Problem(NOT_YOURS, place, {"text": row["unit"]}))
            continue
        indicator = indicators[row["indicator"]]
        changes: dict[str, Any] = {}
        for name, key in (("value", "target"), ("stretch", "stretch")):
            if row[key] is not None:
                changes[name] = _exact(row[key], indicator)
        if row["goal"]:
            changes["goal"] = row["goal"]
        edits.append(Edit(unit, indicator, row["period"], changes))
    return edits, wrong


def _exact(value: float, indicator: Indicator) -> Decimal:
    """A cell's number as it was typed: the shortest decimal that reads as that float."""
    exact = Decimal(repr(value))
    rounded = round(exact, indicator.decimals)
    return rounded if abs(exact - rounded) < Decimal("1e-9") else exact


def _differs(edit: Edit, old: Target | None) -> bool:
    return any(new != (getattr(old, name) if old else None) for name, new in edit.changes.items())
