"""`saima check`: every problem of a campaign at once, with its cell and the mend."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saima.commands.campaign import add_campaign, load, print_json, print_problems
from saima.problems import Problem
from saima.rules.rulebook import Rulebook
from saima.scoring.engine import score
from saima.scoring.marks import leaf_problems
from saima.tables import Tables


def add(parser: argparse.ArgumentParser) -> None:
    add_campaign(parser, scored=False)
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--annotate", metavar="OUT.xlsx", help="另存一份台账，标出有问题的单元格")


def run(args: argparse.Namespace) -> int:
    tables, rulebooks = load(args)
    problems = [*tables.problems, *scoring_problems(tables, rulebooks)]
    if args.annotate:
        from saima.files.campaign import annotate

        annotate(Path(args.campaign), problems, Path(args.annotate))
    if args.json:
        print_json({"campaign": tables.name, "problems": [p.as_data(args.lang) for p in problems]})
        return 1 if problems else 0
    if problems:
        print_problems(problems, args.lang)
        return 1
    campaign = tables.campaign
    said = (
        f"{tables.name}：没有问题。{len(campaign.units)}个单位、{len(campaign.indicators)}项指标、"
        f"{len(tables.facts)}个数、{len(rulebooks)}份办法。"
        if args.lang == "zh"
        else f"{tables.name}: no problem. {len(campaign.units)} units, "
        f"{len(campaign.indicators)} indicators, {len(tables.facts)} figures, {len(rulebooks)} rulebooks."
    )
    sys.stdout.write(said + "\n")
    return 0


def scoring_problems(tables: Tables, rulebooks: tuple[Rulebook, ...]) -> list[Problem]:
    """What would keep marks from being given in the latest period, under each rulebook."""
    found: dict[tuple[object, ...], Problem] = {}
    for rulebook in rulebooks:
        scoring = score(tables, rulebook)
        cube = scoring.cube
        if not cube.scored:
            continue
        for leaf in scoring.marked:
            for problem in leaf_problems(leaf, scoring.field, len(cube.scored) - 1):
                found.setdefault((problem.code, problem.place, str(problem.values)), problem)
    return list(found.values())
