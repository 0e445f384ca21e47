"""A whole country on one machine: 31 tracks streamed one by one, from 10^5 to 10^8 figures."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.campaigns import write_country
from benchmarks.timing import process, saima

SIZES = ((310, 27), (1_550, 54), (6_200, 135), (31_000, 269))
"""(units, indicators): times 12 months about 10^5, 10^6, 10^7 and 10^8 figures."""


def run() -> Iterator[str]:
    """Lines of the result: time and peak memory against the number of figures."""
    yield "31 tracks, 12 months, one Parquet file a track; saima score --by-track, process"
    for units, indicators in SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = write_country(Path(temporary) / "campaign", units, indicators, 31)
            figures = units * indicators * 12
            run_ = process(saima("score", str(folder), "--by-track"), 1)
            bytes_ = sum(f.stat().st_size for f in folder.rglob("*.parquet"))
            yield (
                f"{figures:>12,} figures ({units:,} units x {indicators} indicators, "
                f"{bytes_ / 2**20:,.0f} MiB): {run_} "
                f"({run_.cpu / figures * 1e6:.2f} s of CPU a million)"
            )
    yield f"cores: {os.cpu_count()}"
