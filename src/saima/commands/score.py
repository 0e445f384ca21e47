"""`saima score`: the ranking of a period, as a table or JSON, and into a folder if asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from saima.commands.campaign import add_campaign, print_json, print_problems, scored
from saima.scoring import result


def add(parser: argparse.ArgumentParser) -> None:
    add_campaign(parser)
    parser.add_argument("--out", metavar="DIR", help="把结果写进这个目录：JSON 和 CSV")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    scoring, period, tables = scored(args)
    found = result(
        scoring, period, language=args.lang, as_of=args.as_of, problems=list(tables.problems)
    )
    if args.out:
        from saima.files.results import write_result

        write_result(found, Path(args.out))
    if args.json:
        print_json(found)
    else:
        from saima.commands.tables import print_ranking

        print_ranking(scoring, found, args.lang)
        print_problems(list(found.problems), args.lang)
    return 1 if found.problems else 0
