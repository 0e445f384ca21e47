"""A campaign as one workbook (台账.xlsx): sheets with Chinese names and headers."""

from __future__ import annotations

import re
from pathlib import Path

from saima.files.campaign.folder import Source
from saima.files.campaign.problems import Findings, suggestion
from saima.files.campaign.rulebook_sheets import RULEBOOK_SHEETS, read_rulebook_sheets
from saima.files.campaign.schema import FORMS
from saima.files.campaign.settings import Settings, known_values
from saima.files.campaign.sheets import grids_of, named_values
from saima.files.opening import Sheet, Workbook, open_workbook
from saima.problems import Place, refuse

SETTINGS_SHEET = "活动"
_OTHER_SHEETS = ("说明", SETTINGS_SHEET, *RULEBOOK_SHEETS)


def open_campaign_workbook(path: Path, findings: Findings) -> Source:
    """Open a workbook. Errors: Refused where it cannot be read or has no sheet 活动."""
    workbook = open_workbook(path)
    for problem in workbook.problems:
        findings.take(problem)
    source = Source(path.name, _settings(workbook, findings))
    source.grids = {form.table: [] for form in FORMS}
    by_sheet = {form.sheet: form for form in FORMS} | {form.table: form for form in FORMS}
    for sheet in workbook.sheets:
        name = plain_name(sheet.name)
        if name in by_sheet:
            form = by_sheet[name]
            source.grids[form.table] += grids_of(sheet, form, workbook.name, findings)
        elif name not in _OTHER_SHEETS and not sheet.hidden:
            _name_misspelt(sheet, workbook.name, findings)
    source.rulebooks, source.problems = read_rulebook_sheets(workbook, findings)
    return source


def plain_name(name: str) -> str:
    """数据（国企）, 数据-2 and 数据 2 are all 数据: a large table may stand on several sheets.

    A name with a point is left as it is: that is how places tell a file from a sheet.
    """
    if "." in name:
        return name
    return re.split(r"[（(\-－—_ \d]", name.strip())[0]


def _name_misspelt(sheet: Sheet, file: str, findings: Findings) -> None:
    names = [form.sheet for form in FORMS] + list(_OTHER_SHEETS)
    near = suggestion(sheet.name, names)
    if near["nearest"]:
        findings.add("sheet-passed-over", Place(file, sheet.name), sheet=sheet.name, **near)


def _settings(workbook: Workbook, findings: Findings) -> Settings:
    sheet = workbook.sheet(SETTINGS_SHEET)
    if sheet is None:
        raise refuse("sheet-missing", Place(workbook.name), sheet=SETTINGS_SHEET)
    raw, places = named_values(sheet, workbook.name)
    at = Place(workbook.name, sheet.name)
    values = known_values(raw, lambda key: places[key], findings)
    return Settings(values, known_values(places, lambda _: at, Findings()), at, findings)
