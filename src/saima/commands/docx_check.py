"""`saima docx-check`: which decidable clauses of the official format a .docx breaks, and where."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saima.commands.campaign import print_json


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.docx", help="要检查的文件")
    parser.add_argument("--profile", choices=("公文", "通报", "表格"), default="公文", help="文种")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    from saima.files.docx_check import check_docx, findings_as_data, findings_as_text

    findings = check_docx(Path(args.file), args.profile)
    if args.json:
        print_json(findings_as_data(findings, args.profile, args.lang))
    else:
        sys.stdout.write(findings_as_text(findings, args.profile, args.lang) + "\n")
    return 1 if findings else 0
