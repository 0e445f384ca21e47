"""The bureaus' and yearbooks' own files: all is read, and the published values are found."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from saima.files.opening import open_workbook
from saima.files.sheet.model import Reading, Value
from saima.files.sheet.reading import read_workbook

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("SAIMA_SHARED", ROOT.parent / "shared")) / "data"
FOLDER = SHARED / "workbooks"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared folder of real workbooks is not here"
)

BUDGET = {
    "nation-yearbook~part07-finance~02-public-budget~raw-2019.xls": {
        "合计": "地方一般公共预算支出",
        "教育": "教育支出",
        "科学技术": "科学技术支出",
        "农林水": "农林水支出",
    },
    "nation-yearbook~part07-finance~02-public-budget~raw-2021.xlsx": {
        "合计": "合计",
        "教育": "教育",
        "科学技术": "科学技术",
        "农林水": "农林水",
    },
}
MACHINES = "rural-yearbook~part03-agri-produce~01-machine~raw-2020-2021.xlsx"
RENAMED = {"联合收获机": "谷物联合收割机"}


def readings(name: str) -> list[Reading]:
    return read_workbook(open_workbook(FOLDER / name))


def values(name: str) -> Iterator[Value]:
    return (v for reading in readings(name) for table in reading.tables for v in table.values)


def published(name: str, years: set[str]) -> Iterator[tuple[str, str, str, Decimal, str]]:
    """(province, year, name, value, measure) of the prepared tables."""
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["year"] in years and row["value"] not in ("", "NA"):
                unit, measure = row["province"], row["units"]
                yield unit, row["year"], row["chn_block4"], Decimal(row["value"]), measure


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.xls*")), ids=lambda p: p.name[:20])
def test_nothing_of_a_real_workbook_is_left_unread(path):
    for reading in readings(path.name):
        assert reading.unread == {}
        assert [p for p in reading.problems if p.severity == "error"] == []


@pytest.mark.parametrize("name", BUDGET)
def test_published_budget_values_are_found_in_the_yearbook(name):
    year = "2019" if "2019" in name else "2021"
    found = {(v.unit, v.indicator): v for v in values(name)}
    compared = 0
    for unit, _, block, number, measure in published("PublicBudget.csv", {year}):
        unit = "地方合计" if unit == "全国" else unit
        value = found[unit, BUDGET[name][block]]
        assert value.number is not None
        assert abs(Decimal(repr(value.number)) - number) <= Decimal("0.005"), (unit, block)
        assert (value.measure, value.period) == (measure, year)
        compared += 1
    assert compared == 4 * 32


def test_published_machine_values_are_found_in_the_yearbook():
    found = {(v.unit, v.indicator, v.period): v for v in values(MACHINES)}
    compared = 0
    for unit, year, block, number, measure in published("AgriMachine.csv", {"2020", "2021"}):
        value = found[unit, RENAMED.get(block, block), year]
        assert Decimal(repr(value.number)) == number
        assert value.measure == measure
        compared += 1
    assert compared > 600


def test_bureau_exports_are_read_completely():
    """Every value of the prepared long table is in the 31 exports, and no other."""
    path = SHARED / "realestate" / "province_realestate_monthly_2017_2019_long.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = {
            (row["region"], row["indicator"], row["month"]): row["value"]
            for row in csv.DictReader(file)
        }
    exports = [p for p in FOLDER.glob("*.xls") if "yearbook" not in p.name]
    assert len(exports) == 31
    found = {}
    for export in exports:
        [reading] = readings(export.name)
        assert reading.problems == []
        for v in reading.tables[0].values:
            found[v.unit, f"{v.indicator}({v.measure})", v.period] = v
    given = {key: Decimal(text) for key, text in expected.items() if text}
    assert {k for k, v in found.items() if v.number is not None} == set(given)
    assert all(Decimal(repr(found[key].number)) == number for key, number in given.items())
    blank = [v for key, v in found.items() if key not in given]
    assert {v.missing for v in blank} == {"not-reported"}


def test_continued_tables_of_the_yearbook_keep_year_and_measure():
    tables = [t for r in readings(next(iter(BUDGET))) for t in r.tables]
    assert [len(t.rows) for t in tables] == [32, 32, 32]
    assert {(t.measures, t.context["period"]) for t in tables} == {(("亿元",), "2019")}


def test_footnotes_of_the_yearbook_are_notes_line_by_line():
    [reading] = readings(MACHINES)
    assert len(reading.tables[0].notes) == 4
