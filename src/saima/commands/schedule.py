"""`saima schedule`: when each activity can and must run, what drives the finish, what slips."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from saima.commands.campaign import print_json, print_problems
from saima.problems import Language, Problem, Refused, declare, has_errors, refuse

if TYPE_CHECKING:
    from saima.commands.screen import Screen
    from saima.scheduling import Project, Schedule
    from saima.scheduling.odds import Odds
    from saima.scheduling.slip import Delay

BAD_DELAY = declare(
    "schedule-delay",
    "看不懂“--delay {text}”。",
    "请写成 编号=天数，如 --delay 12=5。",
    "“--delay {text}” is not understood.",
    "Write NUMBER=DAYS, as in --delay 12=5.",
)
BAD_DAY = declare(
    "schedule-day",
    "看不懂日期“{text}”。",
    "请写成 2026-11-30 的形式。",
    "The date “{text}” is not understood.",
    "Write it as 2026-11-30.",
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="计划：工作簿（.xlsx）或 MS Project 的 .xml")
    parser.add_argument("--write", metavar="OUT", help="写出 MS Project 的 .xml，或带日期的 .xlsx")
    parser.add_argument("--status", metavar="DATE", help="截至这一天：未做的工作都排在它之后")
    parser.add_argument("--delay", metavar="UID=DAYS", help="一项任务再拖几天，会推迟什么")
    parser.add_argument("--by", metavar="DATE", help="按三点估计，这一天以前完工的可能性")
    parser.add_argument("--seed", type=int, default=1, help="模拟用的随机种子（默认 1）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    from saima.files.schedule import read_schedule, write_schedule
    from saima.scheduling import schedule

    project, problems = read_schedule(Path(args.file))
    if args.status:
        project = replace(project, status=_moment(args.status))
    if errors := _errors(project, problems):
        return _refused(errors, args.lang)
    found = schedule(project)
    problems += found.problems
    odds, delay = _odds(found, args), _delay(found, args.delay)
    if args.write:
        write_schedule(Path(args.write), found)
    if args.json:
        print_json(_data(found, problems, args, odds, delay))
    else:
        _print(found, args, odds, delay)
        print_problems(problems, args.lang)
    return 1 if problems else 0


def _errors(project: Project, problems: list[Problem]) -> list[Problem]:
    """Everything that stands in the way of a calculation: of the file, then of the tasks."""
    from saima.scheduling.checks import problems_of

    found = problems + problems_of(project)
    return [p for p in found if p.severity == "error"] if has_errors(found) else []


def _refused(errors: list[Problem], language: Language) -> int:
    for problem in errors[:-1]:
        sys.stderr.write(problem.text(language) + "\n")
    raise Refused(errors[-1])


def _moment(text: str) -> datetime:
    from saima.files.schedule import at_edge
    from saima.files.schedule.workbook_reading import as_moment

    found = as_moment(text)
    if found is None:
        raise refuse(BAD_DAY, text=text)
    return at_edge(found, True)


def _odds(found: Schedule, args: argparse.Namespace) -> Odds | None:
    from saima.scheduling.odds import odds

    return odds(found, seed=args.seed) if args.by else None


def _delay(found: Schedule, text: str | None) -> Delay | None:
    from saima.files.schedule.links import as_uid
    from saima.scheduling.slip import delayed

    if not text:
        return None
    uid, _, days = text.rpartition("=")
    try:
        size = float(days)
    except ValueError:
        raise refuse(BAD_DELAY, text=text) from None
    if not uid or not 0 < size < 100_000:
        raise refuse(BAD_DELAY, text=text)
    return delayed(found, as_uid(uid), size)


def _data(
    found: Schedule,
    problems: list[Problem],
    args: argparse.Namespace,
    odds: Odds | None,
    delay: Delay | None,
) -> object:
    from saima.scheduling.output import as_data, delay_data, odds_data

    data = as_data(found, problems, args.lang)
    if odds:
        data.odds = odds_data(odds, _moment(args.by))
    if delay:
        data.delay = delay_data(delay)
    return data


def _print(
    found: Schedule, args: argparse.Namespace, odds: Odds | None, delay: Delay | None
) -> None:
    from saima.commands.screen import screen

    out = screen()
    for line in _lines(found, args, odds, delay, out):
        out.print(line)


def _lines(
    found: Schedule,
    args: argparse.Namespace,
    odds: Odds | None,
    delay: Delay | None,
    out: Screen,
) -> Iterator[object]:
    from saima.scheduling.slip import slippages
    from saima.scheduling.words import (
        chain_sentence,
        delay_sentence,
        headline,
        odds_sentence,
        slip_sentence,
    )

    language: Language = args.lang
    yield out.bold(headline(found, language))
    yield chain_sentence(found, language)
    yield ""
    yield _table(found, out, language)
    origins = [slip for slip in slippages(found) if slip.origin]
    if origins:
        yield ""
        yield out.bold("比计划晚" if language == "zh" else "Behind plan")
        yield from (slip_sentence(found, slip, language) for slip in origins)
    if delay:
        yield delay_sentence(delay, language)
    if odds:
        yield odds_sentence(odds, _moment(args.by), language)


_HEADS = (
    ("编号", "no."), ("名称", "name"), ("最早开始", "early start"), ("最早完成", "early finish"),
    ("最迟完成", "late finish"), ("总时差/天", "total slack"), ("自由时差/天", "free slack"), ("关键", "critical"),
)  # fmt: skip


def _table(found: Schedule, out: Screen, language: Language) -> object:
    from saima.rounding import text

    zh, day = language == "zh", found.project.day
    table = out.table()
    for at, words in enumerate(_HEADS):
        out.column(table, words[0 if zh else 1], right=at in (5, 6), fold=at == 1)
    for dates in found.tasks.values():
        moments = (dates.early_start, dates.early_finish, dates.late_finish)
        slack = (text(s / day, 1) for s in (dates.total_slack, dates.free_slack))
        mark = ("■" if zh else "yes") if dates.critical else ""
        cells = (f"{moment:%Y-%m-%d}" for moment in moments)
        table.add_row(str(dates.task.uid), dates.task.name, *cells, *slack, mark)
    return table
