"""`saima score`: the ranking of a period, as a table or JSON, and into a folder if asked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from saima.commands.campaign import (
    add_campaign,
    in_force_at,
    print_json,
    print_problems,
    scored,
)
from saima.scoring import result


def add(parser: argparse.ArgumentParser) -> None:
    add_campaign(parser)
    parser.add_argument("--out", metavar="DIR", help="把结果写进这个目录：JSON 和 CSV")
    parser.add_argument(
        "--side-by-side", action="store_true", help="在同一批数据上并排列出当期有效的各份办法的结果"
    )
    parser.add_argument(
        "--by-track",
        action="store_true",
        help="逐赛道计算，每行一个赛道的 JSON；数据再大也不占满内存",
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    if args.by_track:
        return _by_track(args)
    if args.side_by_side:
        return _side_by_side(args)
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


def _side_by_side(args: argparse.Namespace) -> int:
    from saima.scoring.side_by_side import side_by_side

    tables, rulebooks, period = in_force_at(args)
    found = side_by_side(tables, rulebooks, period)
    if args.json:
        print_json(found)
    else:
        from saima.commands.tables import print_side_by_side

        print_side_by_side(found, args.lang)
        print_problems(list(tables.problems), args.lang)
    return 1 if tables.problems else 0


def _by_track(args: argparse.Namespace) -> int:
    from saima.files.by_track import score_by_track

    clean = True
    for track, scoring in score_by_track(Path(args.campaign), args.rulebook):
        problems = list(scoring.cube.tables.problems)
        found = result(
            scoring, args.period, problems=problems, language=args.lang, with_needs=False
        )
        sys.stdout.buffer.write(msgspec.json.encode({"track": track, "result": found}) + b"\n")
        clean = clean and not found.problems
    return 0 if clean else 1
