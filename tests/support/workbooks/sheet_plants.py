"""Defects of a sheet: hidden and double rows, headers, totals, merged cells, months in doubt."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

from tests.support.workbooks.cell_plants import name_of, pick, told
from tests.support.workbooks.model import Cell, Draft, Expected
from tests.support.workbooks.writing import finish


def hidden_row(d: Draft, rng: random.Random) -> Expected:
    row = rng.choice(d.data)
    d.hidden_rows.add(row)
    first = min(c for r, c in d.cells if r == row)
    return told("sheet-hidden-row", (row, first))


def hidden_column(d: Draft, rng: random.Random) -> Expected:
    column = rng.choice(d.amounts)
    d.hidden_columns.add(column)
    return told("sheet-hidden-column", (d.header[-1], column))


def hidden_sheet(d: Draft, _rng: random.Random) -> Expected:
    d.hidden = True
    return Expected([("sheet-hidden-sheet", "")])


def total_differs(d: Draft, rng: random.Random) -> Expected | None:
    if not d.totals:
        return None
    finish(d)
    cell = (rng.choice(d.totals)[0], rng.choice(d.amounts))
    d.truth[cell] = (d.truth[cell] or Decimal(0)) + rng.choice([1000, -1000, 90])
    d.cells[cell] = float(d.truth[cell] or 0)
    return told("sheet-total-differs", cell)


def double_row(d: Draft, rng: random.Random) -> Expected | None:
    grouped = any(text == "片区" for text in d.cells.values())
    first, second = sorted(rng.sample(d.data, 2))
    if grouped and (first - d.data[0] < len(d.data) // 2) != (
        second - d.data[0] < len(d.data) // 2
    ):
        return None
    d.cells[second, d.label] = str(d.cells[first, d.label]).replace(" ", "")
    return told("sheet-duplicate-row", (second, d.label))


def double_header(d: Draft, rng: random.Random) -> Expected | None:
    if len(d.header) > 1:
        return None
    first, second = sorted(rng.sample(d.amounts, 2))
    d.cells[d.header[0], second] = d.cells[d.header[0], first]
    return told("sheet-duplicate-header", (d.header[0], second))


def no_header(d: Draft, rng: random.Random) -> Expected | None:
    if len(d.header) > 1:
        return None
    finish(d)
    column = rng.choice(d.amounts[:-1])
    del d.cells[d.header[0], column]
    unread = {(r, c) for r, c in d.cells if c == column and r > d.header[0] and (r, c) in d.truth}
    for cell in unread:
        d.truth[cell] = None
    return Expected(
        [("sheet-column-without-header", name_of((d.header[0], column)))], unread=unread
    )


def no_label(d: Draft, rng: random.Random) -> Expected | None:
    if any(text == "片区" for text in d.cells.values()):
        return None
    row = rng.choice(d.data)
    del d.cells[row, d.label]
    unread = {cell for cell in d.cells if cell[0] == row}
    for cell in unread & set(d.truth):
        d.truth[cell] = None
    d.totals.clear()
    return Expected([("sheet-row-without-label", name_of((row, d.label)))], unread=unread)


def merged_value(d: Draft, rng: random.Random) -> Expected | None:
    cell = rng.choice([c for c in d.figures() if c[0] + 1 in d.data])
    below = (cell[0] + 1, cell[1])
    if any((r0, r1) == (cell[0], below[0]) for r0, _, r1, _ in d.merged):
        return None  # merged like the name of its group: a figure of the whole group
    del d.cells[below]
    d.truth[below] = None
    d.merged.append((*cell, *below))
    return Expected([("sheet-merged-value", name_of(cell))], {below: {"missing": "not-reported"}})


def stray_beside(d: Draft, rng: random.Random) -> Expected:
    right = max(c for _, c in d.cells) + rng.randint(1, 2)
    cell = (rng.choice(d.data), right)
    d.cells[cell] = rng.choice(["请核实", 3.5])
    return Expected([("sheet-stray-cell", name_of(cell))], unread={cell})


def repeated_header(d: Draft, rng: random.Random) -> Expected:
    """The header once more after the last row (a page break that was pasted in), then a unit."""
    at = rng.choice(d.data[1:])
    if any(at in (r0, r1) or r0 < at <= r1 for r0, _, r1, _ in d.merged):
        at = d.data[-1] + 1
    count = len(d.header)
    _shift(d, at, count)
    for (row, column), text in list(d.cells.items()):
        if row in d.header:
            d.cells[at + row - d.header[0], column] = text
    first = min(c for r, c in d.cells if r == at)
    return told("sheet-repeated-header", (at, first))


def _shift(d: Draft, at: int, count: int) -> None:
    """Make room for some rows."""

    def moved(row: int) -> int:
        return row + count if row >= at else row

    d.cells = {(moved(r), c): v for (r, c), v in d.cells.items()}
    d.truth = {(moved(r), c): v for (r, c), v in d.truth.items()}
    d.merged = [(moved(r0), c0, moved(r1), c1) for r0, c0, r1, c1 in d.merged]
    d.data = [moved(r) for r in d.data]
    d.totals = [(moved(r), [moved(p) for p in parts]) for r, parts in d.totals]
    d.last_row += count


def unmerged_group(d: Draft, rng: random.Random) -> Expected | None:
    if not d.groups:
        return None
    cell = rng.choice(d.groups)
    d.merged = [span for span in d.merged if span[:2] != cell]
    return told("sheet-header-guessed", cell)


def note_explains_mark(d: Draft, rng: random.Random) -> Expected:
    cell = pick(d, rng)
    d.cells[cell], d.truth[cell] = "…", None
    first = min(c for _, c in d.cells)
    d.cells[d.last_row, first] = "注1：“…”表示该项数据不详。"
    return Expected(states={cell: {"missing": "unknown"}})


def january_or_october(d: Draft, rng: random.Random) -> Expected:
    """One header 2024.1 that its neighbours do not settle."""
    row, column = d.header[0], d.amounts[-1]
    del rng
    for c in d.amounts[:-1]:
        d.cells[row, c] = f"2023年{c}月"
    d.cells[row, column] = 2024.1
    return told("sheet-month-in-doubt", (row, column))


def months_as_dates(d: Draft, rng: random.Random) -> Expected:
    del rng
    problems = [("sheet-month-in-doubt", name_of((d.header[0], c))) for c in d.amounts]
    states: dict[Cell, dict[str, Any]] = {}
    for column in d.amounts:
        value = d.cells[d.header[0], column]
        assert isinstance(value, date)
        period = f"2024-{value.month:02d}"
        states |= {(row, column): {"period": period} for row in d.data}
    return Expected(problems, states)


def months_as_numbers(d: Draft, rng: random.Random) -> Expected:
    del rng
    states: dict[Cell, dict[str, Any]] = {}
    for column in d.amounts:
        month = str(d.cells[d.header[0], column]).split(".")[1]
        states |= {(r, column): {"period": f"2024-{int(month):02d}"} for r in d.data}
    return Expected(states=states)
