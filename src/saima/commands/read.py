"""`saima read`: read a table as it really is, and say what was understood, what not, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saima.commands.campaign import print_json


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="表格（.xlsx .xls .csv）")
    parser.add_argument("--mapping", metavar="FILE.json", help="记住表头对应关系的文件，没有则新建")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    from saima.files.sheet.report import read_file

    report = read_file(Path(args.file), Path(args.mapping) if args.mapping else None)
    if args.json:
        print_json(report.as_data(args.lang))
    else:
        sys.stdout.write(report.text(args.lang) + "\n")
    return 1 if report.problems else 0
