"""200 units × 100 indicators × 12 months: the whole command beside what a user would pick instead."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.campaigns import write_campaign
from benchmarks.timing import call, process, saima
from benchmarks.with_libreoffice import recalculate, write_workbook


def run() -> Iterator[str]:
    """Lines of the result; the sizes are stated in them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_campaign(Path(temporary) / "campaign", 200, 100)
        yield "200 units x 100 indicators x 12 months, Parquet folder; best of several runs"
        run_ = process(saima("score", str(folder), "--json"), 7)
        yield f"saima score --json, process start included, traces kept: {run_}"
        yield f"  engine alone (marks, scores, ranks of all 12 months): {_engine(folder):.3f} s"
        floor_ = process([sys.executable, "-m", "benchmarks.floor", str(folder)])
        yield f"NumPy by hand (no checks, traces or sentences), process: {floor_}"
        from benchmarks import floor

        yield f"  NumPy by hand, arithmetic and reading alone: {call(lambda: floor.score(folder)):.3f} s"
        pandas = process([sys.executable, "-m", "benchmarks.with_pandas", str(folder)])
        yield f"pandas script, process: {pandas}"
        workbook = Path(temporary) / "formulas.xlsx"
        write_workbook(folder, workbook)
        seconds = call(lambda: recalculate(workbook), 1)
        yield f"LibreOffice, the same as 240,000 formulas, open-recalculate-save: {seconds:.1f} s"


def _engine(folder: Path) -> float:
    from saima.cube import build
    from saima.files.campaign import load_campaign
    from saima.scoring.engine import score_cube

    tables, rulebooks = load_campaign(folder)
    cube = build(tables, "month")
    return call(lambda: score_cube(cube, rulebooks[0]).standing, 5)
