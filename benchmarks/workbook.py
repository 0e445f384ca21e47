"""A workbook of 100,000 rows, read and checked by the command line."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks.campaigns import write_campaign
from benchmarks.timing import process, saima


def run() -> Iterator[str]:
    """Lines of the result."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_campaign(Path(temporary) / "campaign", 500, 200)
        workbook = Path(temporary) / "台账.xlsx"
        rows = write_workbook(folder, workbook)
        yield f"workbook with {rows:,} rows of figures (one a unit and indicator, 12 months across)"
        yield f"saima check, process: {process(saima('check', str(workbook)), 2)}"


def write_workbook(folder: Path, out: Path) -> int:
    """The folder campaign as a workbook; returns the rows of figures."""
    from saima.files.campaign import load_campaign, save_campaign

    tables, rulebooks = load_campaign(folder)
    save_campaign(tables, rulebooks, out)
    return tables.facts.select(pl.struct("unit", "indicator").n_unique()).item()
