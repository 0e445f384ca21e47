"""What commands on a campaign share: arguments, loading, choosing a rulebook and a period."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from saima.cube import Cube
from saima.periods import Period, parse
from saima.problems import Language, Place, Problem, declare, refuse
from saima.rules.reading import choose, in_force
from saima.rules.rulebook import Rulebook
from saima.scoring import Scoring
from saima.scoring.engine import prepared, score_cube
from saima.tables import Tables

declare(
    "period-not-scored",
    "“{period}”没有可计分的数据。",
    "有数据的期间：{known}。",
    "there is nothing to score for “{period}”.",
    "Periods with figures: {known}.",
)
declare(
    "no-rulebook",
    "{name}里没有考核办法。",
    "请在台账中填写“办法”“办法指标”两张表，或在目录的 rulebooks/ 下放一份 YAML。",
    "there is no rulebook in {name}.",
    "Fill in the rulebook sheets, or put a YAML file into rulebooks/.",
)
declare(
    "unknown-unit",
    "没有“{unit}”这个单位。",
    "{hint}",
    "there is no unit “{unit}”.",
    "{hint}",
)
declare(
    "unknown-scored-indicator",
    "“{indicator}”不是这份办法计分的指标。",
    "计分指标：{known}。",
    "“{indicator}” is not scored by this rulebook.",
    "Scored indicators: {known}.",
)
declare(
    "bad-moment",
    "看不懂时间“{text}”。",
    "请写成 2026-10-18 或 2026-10-18T17:30。",
    "the moment “{text}” is not understood.",
    "Write 2026-10-18 or 2026-10-18T17:30.",
)


def add_campaign(parser: argparse.ArgumentParser, *, scored: bool = True) -> None:
    """The arguments every command on a campaign has."""
    parser.add_argument("campaign", metavar="CAMPAIGN", help="台账（.xlsx）或目录")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")
    if scored:
        parser.add_argument(
            "--period", metavar="P", help="期间，如 2026-09；不写则取最近有数的一期"
        )
        parser.add_argument("--rulebook", metavar="NAME", help="考核办法的名称；不写则取当期有效的")
        parser.add_argument("--as-of", metavar="T", help="按此刻已录入的数计分（要有录入时间）")


def moment(text: str | None) -> datetime | None:
    """The moment of --as-of; a bare date is its end of day. Errors: Refused `bad-moment`."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise refuse("bad-moment", text=text) from None
    return found.replace(hour=23, minute=59, second=59) if len(text) <= 10 else found


def load(args: argparse.Namespace) -> tuple[Tables, tuple[Rulebook, ...]]:
    """Read and check the campaign that the arguments name; `problems` holds all that is wrong."""
    from saima.files.campaign import check_tables, load_campaign

    as_of = moment(getattr(args, "as_of", None))
    tables, rulebooks = load_campaign(Path(args.campaign), as_of=as_of)
    found = [*tables.problems, *check_tables(tables, rulebooks)]
    return replace(tables, problems=found), rulebooks


def scored(args: argparse.Namespace) -> tuple[Scoring, str, Tables]:
    """Load, choose the rulebook in force at the period, and score. Errors: Refused."""
    tables, rulebooks = load(args)
    if not rulebooks:
        print_problems(list(tables.problems), args.lang)
        raise refuse("no-rulebook", Place(file=tables.name), name=tables.name)
    meant = [r for r in rulebooks if args.rulebook in (None, r.rulebook, r.name)] or rulebooks
    cube = prepared(tables, meant[-1])
    period = _period(cube, args.period, tables)
    rulebook = choose(rulebooks, args.rulebook, period)
    if rulebook.scores != meant[-1].scores:
        cube = prepared(tables, rulebook)
        period = _period(cube, args.period, tables)
    return score_cube(cube, rulebook), period.text, tables


def in_force_at(args: argparse.Namespace) -> tuple[Tables, tuple[Rulebook, ...], Period]:
    """Load, find the period, and every scheme in force then, in its version of the time."""
    tables, rulebooks = load(args)
    if not rulebooks:
        raise refuse("no-rulebook", Place(file=tables.name), name=tables.name)
    period = _period(prepared(tables, rulebooks[-1]), args.period, tables)
    names = dict.fromkeys(r.rulebook for r in rulebooks if in_force(r, period))
    return tables, tuple(choose(rulebooks, name, period) for name in names), period


def _period(cube: Cube, text: str | None, tables: Tables) -> Period:
    """The scored period that is meant (1—9月 means September), the latest without a word."""
    wanted = parse(text, tables.campaign.clock) if text else None
    for scored_period in reversed(cube.scored):
        if wanted is None or scored_period.end == wanted.end:
            return scored_period
    known = "、".join(p.text for p in cube.scored) or "（无）"
    raise refuse("period-not-scored", Place(file=tables.name), period=text or "", known=known)


def print_json(data: Any) -> None:
    """Write data as indented JSON to standard output."""
    raw = msgspec.json.format(msgspec.json.encode(data), indent=1)
    sys.stdout.buffer.write(raw + b"\n")


def print_problems(problems: list[Problem] | list[dict[str, Any]], language: Language) -> None:
    """Problems as lines on standard error, numbered, errors first."""
    rows = [p.as_data(language) if isinstance(p, Problem) else p for p in problems]
    if not rows:
        return
    rows.sort(key=lambda r: r["severity"] != "error")
    head = f"共{len(rows)}个问题：" if language == "zh" else f"{len(rows)} problems:"
    sys.stderr.write(head + "\n")
    for number, row in enumerate(rows, 1):
        place = Place(**row["where"]).text(language)
        colon = "：" if language == "zh" else ": "
        gap = "" if language == "zh" else " "
        sys.stderr.write(
            f"{number:>4}. {place}{colon if place else ''}{row['message']}{gap}{row['hint']}\n"
        )
