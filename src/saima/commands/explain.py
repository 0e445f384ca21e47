"""`saima explain`: why this score or this mark, step by step down to the cell."""

from __future__ import annotations

import argparse
import difflib

from saima.campaigns import Campaign
from saima.commands.campaign import add_campaign, print_json, scored
from saima.problems import refuse
from saima.scoring import Scoring, explain


def add(parser: argparse.ArgumentParser) -> None:
    add_campaign(parser)
    parser.add_argument("--unit", metavar="U", required=True, help="单位代码或名称")
    parser.add_argument("--indicator", metavar="I", help="只看这个指标（代码或名称）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    scoring, period, _ = scored(args)
    unit = find_unit(scoring.cube.campaign, args.unit)
    indicator = find_indicator(scoring, args.indicator) if args.indicator else None
    data = explain(scoring, period, unit, indicator, args.lang)
    if args.json:
        print_json(data)
    else:
        from saima.commands.tables import print_explanation

        print_explanation(data, args.lang)
    return 0


def find_unit(campaign: Campaign, text: str) -> str:
    """The code of a unit given by code, name or short name. Errors: Refused `unknown-unit`."""
    for unit in campaign.units:
        if text in (unit.code, unit.name, unit.short_name):
            return unit.code
    names = [u.name for u in campaign.units] + [u.code for u in campaign.units]
    near = difflib.get_close_matches(text, names, 1)
    hint = (
        f"是不是“{near[0]}”？"
        if near
        else f"单位有：{'、'.join(u.name for u in campaign.units[:20])}。"
    )
    raise refuse("unknown-unit", unit=text, hint=hint)


def find_indicator(scoring: Scoring, text: str) -> str:
    """The code of a scored indicator given by code or name. Errors: Refused."""
    scored_ones = {m.leaf.indicator: m.q.indicator.name for m in scoring.marked}
    for code, name in scored_ones.items():
        if text in (code, name):
            return code
    known = "、".join(f"{name}（{code}）" for code, name in scored_ones.items())
    raise refuse("unknown-scored-indicator", indicator=text, known=known)
