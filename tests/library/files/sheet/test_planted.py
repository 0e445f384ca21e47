"""Planted defects, each located to its cell, and nothing else said or lost."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from saima.files.opening import open_workbook
from saima.files.sheet.model import Reading
from saima.files.sheet.reading import read_workbook
from tests.support.workbook_packages import legacy
from tests.support.workbooks import KINDS, Draft, Expected, draft, finish, planted, write

SAMPLE, PROOF = 5, 1000


def reading_of(path: Path, content: bytes) -> Reading:
    path.write_bytes(content)
    [reading] = [r for r in read_workbook(open_workbook(path)) if r.sheet == "数据"]
    return reading


def check(reading: Reading, d: Draft, expected: Expected, name: str) -> None:
    """Everything that was planted is told at its cell; everything else is read as it is meant."""
    told = sorted((p.code, p.place.cell) for p in reading.problems)
    assert told == sorted(expected.problems), name
    assert set(reading.unread) == expected.unread, name
    assert len(reading.tables) == 1, name
    values = {(v.row, v.column): v for v in reading.tables[0].values}
    for cell, number in d.truth.items():
        read = values[cell].number if cell in values else None
        assert (None if read is None else Decimal(repr(read))) == number, (name, cell)
    for cell, state in expected.states.items():
        assert {key: getattr(values[cell], key) for key in state} == state, (name, cell)
    for (row, column), value in d.cells.items():
        assert reading.roles[row][column] or value == "" or (row, column) in d.formulas, (
            name,
            row,
            column,
        )


@pytest.mark.parametrize("kind", KINDS)
def test_planted_defect_is_told_at_its_cell_and_nothing_else_is(kind, tmp_path):
    for seed in range(SAMPLE):
        content, d, expected = planted(kind, seed)
        check(reading_of(tmp_path / "表.xlsx", content), d, expected, f"{kind}/{seed}")


@pytest.mark.proof
@pytest.mark.parametrize("kind", KINDS)
def test_planted_defect_is_told_in_a_thousand_workbooks(kind, tmp_path):
    for seed in range(PROOF):
        content, d, expected = planted(kind, seed)
        check(reading_of(tmp_path / "表.xlsx", content), d, expected, f"{kind}/{seed}")


def test_clean_workbooks_are_read_without_a_word(tmp_path):
    for seed in range(30):
        d = draft(random.Random(seed))
        finish(d)
        check(reading_of(tmp_path / "表.xlsx", write(d)), d, Expected(), f"clean/{seed}")


def flat(seed: int) -> Draft:
    """A clean draft with a header of one row (an .csv cannot say which groups are merged)."""
    tries = (draft(random.Random(f"flat/{seed}/{i}")) for i in range(100))
    found = next(d for d in tries if len(d.header) == 1 and len(d.merged) == 0)
    finish(found)
    return found


def test_clean_sheets_are_read_alike_from_csv(tmp_path):
    for seed in range(20):
        d = flat(seed)
        check(reading_of(tmp_path / "数据.csv", as_csv(d)), d, Expected(), f"csv/{seed}")


def test_clean_sheets_are_read_alike_from_old_xls(tmp_path):
    for seed in range(20):
        d = draft(random.Random(seed))
        finish(d)
        content = legacy({"数据": d.cells}, d.merged)
        check(reading_of(tmp_path / "表.xls", content), d, Expected(), f"xls/{seed}")


def as_csv(d: Draft) -> bytes:
    """The draft as GB18030 text, as offices' systems export it."""
    height, width = (max(cell[i] for cell in d.cells) + 1 for i in (0, 1))
    rows = [[str(d.cells.get((r, c), "")) for c in range(width)] for r in range(height)]
    return "\r\n".join(",".join(row) for row in rows).encode("gb18030")


def test_there_are_at_least_thirty_kinds_of_defect():
    assert len(KINDS) >= 30
