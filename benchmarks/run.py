"""Run the benchmarks and keep their figures: `python -m benchmarks.run [NAME ...]`."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Iterable
from datetime import date
from itertools import chain
from pathlib import Path

from benchmarks.timing import pace

NAMES = (
    "scoring",
    "editing",
    "scale",
    "country",
    "workbook",
    "allocation",
    "web.pages",
    "web.ledger",
    "web.gantt",
    "web.deadline",
    "web.years",
)
RESULTS = Path(__file__).parent / "results"


def keep(name: str, lines: Iterable[str]) -> None:
    """Write a benchmark's lines with the date and the machine's cores."""
    head = (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}, counting to 3,000,000: {pace():.2f} s"
    )
    RESULTS.mkdir(exist_ok=True)
    sys.stdout.write(f"== {name}\n")
    with (RESULTS / f"{name}.txt").open("w", encoding="utf-8") as out:
        for line in chain([head], lines):  # one by one: what is stopped keeps what was measured
            out.write(f"{line}\n")
            out.flush()
            sys.stdout.write(f"{line}\n")


def main(names: list[str]) -> int:
    """Run the named benchmarks, all of them without a name."""
    for name in names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        keep(name, module.run())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
