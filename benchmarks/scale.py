"""3,000 units × 300 indicators × 12 months: 10.8 million figures, beside the floor."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.campaigns import write_campaign
from benchmarks.timing import process

_ENGINE = """
import sys
from pathlib import Path
from saima.files.campaign import load_campaign
from saima.scoring.engine import score
tables, rulebooks = load_campaign(Path(sys.argv[1]))
print(score(tables, rulebooks[0]).standing.rank.sum())
"""


def run() -> Iterator[str]:
    """Lines of the result."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_campaign(Path(temporary) / "campaign", 3000, 300)
        yield "3,000 units x 300 indicators x 12 months (10.8 million figures), Parquet folder"
        engine = process([sys.executable, "-c", _ENGINE, str(folder)], 2)
        yield f"saima: read, check, score and rank all months, process: {engine}"
        floor = process([sys.executable, "-m", "benchmarks.floor", str(folder)], 2)
        yield f"NumPy by hand, process: {floor}"
        yield (
            f"ratio: {engine.seconds / floor.seconds:.1f} in time, {engine.cpu / floor.cpu:.1f} "
            f"in CPU, {engine.memory / floor.memory:.1f} in memory"
        )
