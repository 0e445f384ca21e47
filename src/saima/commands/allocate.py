"""`saima allocate`: break headline targets down by a plan, adding up exactly."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saima.commands.campaign import print_json, print_problems


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "plan", metavar="PLAN", help="分解方案（.yaml），格式见 docs/reference/allocation.md"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="写到 .xlsx 或 .csv")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")


def _first_sheet(path: Path) -> list[list[object]]:
    """Last year's figures from a workbook: the rows of its first sheet."""
    from saima.files.opening import open_workbook

    return open_workbook(path).sheets[0].rows


def run(args: argparse.Namespace) -> int:
    from saima.allocation.command import run as allocate

    out = Path(args.output) if args.output else None
    data, text, problems = allocate(Path(args.plan), out, _first_sheet)
    if args.json:
        print_json(data)
    else:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        print_problems(problems, args.lang)
    return 1 if problems else 0
