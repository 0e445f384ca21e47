"""`saima cards`: show card rules, judge a period, replay a history, run the rules' own cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saima.cards.cases import run_cases
from saima.cards.judging import judge
from saima.cards.model import History, Observation, Proposal
from saima.cards.reading import read_card_rules_file, read_observations
from saima.cards.replaying import replay
from saima.cards.rules import CardRules
from saima.cards.words import sentences
from saima.commands.campaign import print_json, print_problems
from saima.periods import parse
from saima.problems import Place, Problem, declare, has_errors, refuse
from saima.shapes import CardsData

declare(
    "cards-no-data",
    "没有可以评定的数据。",
    "请在 RULES 后写台账、目录，或写着观测（observations）的 YAML 文件。",
    "there is nothing to judge.",
    "Name a campaign, or a YAML file of observations.",
)
declare(
    "cards-nothing-then",
    "{on}没有可评定的数据。",
    "有数据的评定日：{known}。",
    "there is nothing to judge on {on}.",
    "Days with data: {known}.",
)

WAYS = {
    "show": "把规则印成条文",
    "judge": "评定一期：按规则应当发哪些牌",
    "replay": "逐期重演：这段历史上会发哪些牌，哪些会摘",
    "test": "运行规则自带的案例",
}


def add(parser: argparse.ArgumentParser) -> None:
    ways = parser.add_subparsers(dest="way", metavar="做什么", required=True)
    for name, does in WAYS.items():
        way = ways.add_parser(name, help=does)
        way.add_argument("rules", metavar="RULES", help="黄红牌规则（.yaml 或 .json）")
        if name in ("judge", "replay"):
            way.add_argument(
                "data", metavar="DATA", nargs="?", help="台账（.xlsx）、目录，或观测（.yaml）"
            )
            way.add_argument("--rulebook", metavar="NAME", help="按哪份考核办法取数")
        if name == "judge":
            way.add_argument("--on", metavar="P", help="哪一期，不写则取最近一期")
        way.add_argument("--json", action="store_true", help="输出 JSON")
        way.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    rules, warnings = _read(args.rules)
    if args.way == "show":
        return _show(rules, warnings, args)
    if args.way == "test":
        return _test(rules, args)
    seen = _observations(rules, args)
    return _judge(rules, seen, args) if args.way == "judge" else _replay(rules, seen, args)


def _read(name: str) -> tuple[CardRules, list[Problem]]:
    """Card rules and their warnings, or the first problem as a refusal with all of them told."""
    rules, problems = read_card_rules_file(Path(name))
    if rules is None:
        first = next((p for p in problems if p.severity == "error"), problems[0])
        print_problems([p for p in problems if p is not first], "zh")
        raise refuse(first.code, first.place, **first.values)
    return rules, problems


def _show(rules: CardRules, warnings: list[Problem], args: argparse.Namespace) -> int:
    lines = sentences(rules)
    if args.json:
        found = [p.as_data(args.lang) for p in warnings]
        print_json({"rules": rules.cards, "lines": lines, "problems": found})
    else:
        sys.stdout.write("\n".join(lines) + "\n")
        print_problems(warnings, args.lang)
    return 1 if warnings else 0


def _test(rules: CardRules, args: argparse.Namespace) -> int:
    problems = run_cases(rules, Path(args.rules).name)
    if args.json:
        found = [p.as_data(args.lang) for p in problems]
        print_json({"cases": len(rules.cases), "problems": found})
    else:
        print_problems(problems, args.lang)
        sys.stdout.write(f"{len(rules.cases)}个案例，{len(problems)}处不符。\n")
    return 1 if problems else 0


def _observations(rules: CardRules, args: argparse.Namespace) -> list[Observation]:
    if args.data is None:
        raise refuse("cards-no-data")
    path = Path(args.data)
    if path.suffix.lower() not in (".yaml", ".yml", ".json"):
        return _scored(args)
    found, problems = read_observations(path, rules)
    if has_errors(problems):
        print_problems(problems[1:], args.lang)
        raise refuse(problems[0].code, problems[0].place, **problems[0].values)
    return found


def _scored(args: argparse.Namespace) -> list[Observation]:
    """What a campaign's figures say of its units and indicators, over all scored periods."""
    from saima.cards.observing import history_of
    from saima.commands.campaign import scored

    args.campaign, args.period, args.as_of = args.data, None, None
    scoring, _, _ = scored(args)
    return history_of(scoring)


def _judge(rules: CardRules, seen: list[Observation], args: argparse.Namespace) -> int:
    """The last evaluation, or one asked for, with the cards that the earlier ones left."""
    days = sorted({o.on for o in seen})
    if not days:
        raise refuse("cards-no-data", Place(file=args.data))
    on = parse(args.on).end if args.on else days[-1]
    if on not in days:
        known = "、".join(d.isoformat() for d in days)
        raise refuse("cards-nothing-then", on=args.on, known=known)
    before = [o for o in seen if o.on < on]
    history = History(observations=tuple(before), cards=replay(rules, before).cards)
    return _print(rules, judge(rules, [o for o in seen if o.on == on], history, on), args)


def _replay(rules: CardRules, seen: list[Observation], args: argparse.Namespace) -> int:
    return _print(rules, list(replay(rules, seen).proposals), args)


def _print(rules: CardRules, proposals: list[Proposal], args: argparse.Namespace) -> int:
    if args.json:
        print_json(CardsData(rules=rules.cards, proposals=proposals))
        return 0
    for proposal in proposals:
        sys.stdout.write(f"{proposal.brief}。{proposal.reason}\n")
    raised = [p for p in proposals if p.kind == "raise"]
    counts = {
        level.name: sum(p.level == level.name for p in raised)
        for level in rules.levels
        if level.card
    }
    told = "，".join(f"{name}{count}张" for name, count in counts.items())
    sys.stdout.write(f"共{told}。是否发出，由负责人决定。\n")
    return 0
