"""`saima rules`: show a rulebook as a scheme, compare two, check one, run its cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saima.commands.campaign import print_json, print_problems
from saima.problems import Problem, refuse
from saima.rules.reading import read_rulebook_file
from saima.rules.rulebook import Rulebook


def add(parser: argparse.ArgumentParser) -> None:
    ways = parser.add_subparsers(dest="way", metavar="做什么", required=True)
    for name, does in (
        ("show", "印出办法全文"),
        ("compare", "说明两份办法有什么不同"),
        ("check", "检查办法：权重、断档、越好越少、可钻的空子、无依据的否决"),
        ("test", "运行办法自带的案例"),
    ):
        way = ways.add_parser(name, help=does)
        way.add_argument("rulebook", metavar="RULEBOOK", help="办法（.yaml 或 .json）")
        if name == "compare":
            way.add_argument("other", metavar="OTHER", help="另一份办法")
        if name == "show":
            way.add_argument("--campaign", metavar="CAMPAIGN", help="从这个台账取指标名称")
        way.add_argument("--json", action="store_true", help="输出 JSON")
        way.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    rulebook = _read(args.rulebook)
    if args.way == "show":
        from saima.rules.showing import show

        return _lines(show(rulebook, _names(args.campaign)).splitlines(), args)
    if args.way == "compare":
        from saima.rules.comparing import compare

        same = "两份办法的计分规则相同。" if args.lang == "zh" else "The two rulebooks score alike."
        return _lines(compare(rulebook, _read(args.other), args.lang) or [same], args)
    return _check(rulebook, args) if args.way == "check" else _test(rulebook, args)


def _read(name: str) -> Rulebook:
    """A rulebook, or its first problem as a refusal with all of them told."""
    rulebook, problems = read_rulebook_file(Path(name))
    if rulebook is None:
        print_problems(problems[1:], "zh")
        first = problems[0]
        raise refuse(first.code, first.place, **first.values)
    return rulebook


def _names(campaign: str | None) -> dict[str, str] | None:
    """Indicators' names by code, from a campaign; None prints codes."""
    if campaign is None:
        return None
    from saima.files.campaign import load_campaign

    tables, _ = load_campaign(Path(campaign))
    return {x.code: x.name for x in tables.campaign.indicators}


def _lines(lines: list[str], args: argparse.Namespace) -> int:
    if args.json:
        print_json({"lines": lines})
    else:
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _check(rulebook: Rulebook, args: argparse.Namespace) -> int:
    from saima.rules.checking import check

    problems: list[Problem] = check(rulebook)
    if args.json:
        print_json(
            {"rulebook": rulebook.rulebook, "problems": [p.as_data(args.lang) for p in problems]}
        )
    elif problems:
        print_problems(problems, args.lang)
    else:
        sys.stdout.write(f"《{rulebook.name}》第{rulebook.version}版：没有问题。\n")
    return 1 if problems else 0


def _test(rulebook: Rulebook, args: argparse.Namespace) -> int:
    from saima.rules.cases import run_cases

    problems = run_cases(rulebook, args.rulebook)
    if args.json:
        print_json(
            {"cases": len(rulebook.cases), "problems": [p.as_data(args.lang) for p in problems]}
        )
        return 1 if problems else 0
    print_problems(problems, args.lang)
    sys.stdout.write(f"{len(rulebook.cases)}个案例，{len(problems)}处不符。\n")
    return 1 if problems else 0
