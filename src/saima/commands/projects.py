"""`saima projects`: what a project workbook says of money, starts and statistics; the bulletin."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saima.commands.campaign import print_json
from saima.problems import Language, Refused, declare, refuse

if TYPE_CHECKING:
    from saima.briefing.projects import Group
    from saima.commands.screen import Screen
    from saima.periods import Period
    from saima.projects.model import Project

BAD_MONTH = declare(
    "projects-month-unreadable",
    "看不懂月份“{text}”。",
    "请写成 2026-10，且与工作簿同年。",
    "The month “{text}” is not understood.",
    "Write it as 2026-10, in the workbook's year.",
)
BAD_BULLETIN = declare(
    "projects-bulletin-suffix",
    "通报不能写成“{name}”。",
    "请写成 .docx、.xlsx、.pptx 或 .html。",
    "The bulletin cannot be written as {name}.",
    "Use .docx, .xlsx, .pptx or .html.",
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="项目工作簿（.xlsx .xls .csv）：一行一个项目，分月计划和完成"
    )
    parser.add_argument(
        "--month", metavar="M", help="算到哪个月，如 2026-10；不写则取有完成数的最后一个月"
    )
    parser.add_argument("--bulletin", metavar="OUT", help="写出项目通报：.docx .xlsx .pptx .html")
    parser.add_argument(
        "--whose", metavar="NAME", default="", help="通报里“重点项目”前面的字，如 全市"
    )
    parser.add_argument("--date", metavar="D", help="成文日期；不写则今天")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    from saima.files.project_list import read_project_list

    today = _day(args.date)
    _check_suffix(args.bulletin)
    found = read_project_list(Path(args.file), today.year, today=today)
    if found.problems:
        for problem in found.problems[:-1]:
            sys.stderr.write(problem.text(args.lang) + "\n")
        raise Refused(found.problems[-1])
    month = _month(args.month or found.last_month, found.year)
    projects = found.projects(month.text)
    if args.bulletin and projects:
        _write(projects, month, today, args)
    if args.json:
        print_json(data(projects, month))
    else:
        _print(projects, month, args.lang)
    return 0


def _day(text: str | None) -> date:
    from saima.commands.brief import moment

    return moment(text) or date.today()


def _check_suffix(name: str | None) -> None:
    if name and Path(name).suffix.lower() not in (".docx", ".xlsx", ".pptx", ".html"):
        raise refuse(BAD_BULLETIN, name=name)


def _month(text: str, year: int) -> Period:
    from saima.periods import month

    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
    if not found or int(found[1]) != year or not 1 <= int(found[2]) <= 12:
        raise refuse(BAD_MONTH, text=text)
    return month(year, int(found[2]))


def _write(projects: list[Project], month: Period, today: date, args: argparse.Namespace) -> None:
    from saima.briefing.projects import project_bulletin
    from saima.files.document import write

    path = Path(args.bulletin)
    write(project_bulletin(projects, month, today=today, whose=args.whose), path)
    if not args.json:
        sys.stdout.write(f"已写出：{path}\n" if args.lang == "zh" else f"Written: {path}\n")


# --- as data ------------------------------------------------------------------------------------


def data(projects: list[Project], month: Period) -> dict[str, Any]:
    """Sums of all, by unit and by category, and every project; money in 万元, shares unrounded."""
    from saima.briefing.projects import group, groups

    return {
        "month": month.text,
        "measure": "万元",
        "series": "statistical",
        "whole": _group(group("合计", projects, month)),
        "units": [_group(x) for x in groups(projects, lambda p: p.unit, month)],
        "categories": [_group(x) for x in groups(projects, lambda p: p.category or "其他", month)],
        "projects": [_project(p, month) for p in projects],
    }


def _group(found: Group) -> dict[str, Any]:
    started = sum(p.started(found.day) for p in found.due)
    included = sum(p.included(found.day) for p in found.due_in_statistics)
    return {
        "name": found.name, "projects": len(found.projects), **_money(found),
        "started": found.started, "started_share": found.started_share,
        "due_to_start": len(found.due), "due_started": started,
        "due_in_statistics": len(found.due_in_statistics), "included": included,
    }  # fmt: skip


def _money(found: Any) -> dict[str, Any]:
    money = found.money
    return {
        "total": float(money.total), "year_plan": float(money.year_plan),
        "planned": None if money.planned is None else float(money.planned),
        "done": float(money.done), "physical": float(money.to_date("physical")),
        "paid": float(money.to_date("paid")), "share_percent": money.share,
        "calendar_gap_points": money.calendar_gap, "plan_gap_points": money.gap,
    }  # fmt: skip


def _project(project: Project, month: Period) -> dict[str, Any]:
    return {
        "name": project.name, "unit": project.unit, "category": project.category, **_money(project),
        "started": project.started(month.end),
        "due_to_start": project.due_to_start(month.end),
        "included": project.included(month.end),
        "due_in_statistics": project.due_in_statistics(month.end), "problem": project.problem,
    }  # fmt: skip


# --- on the screen ------------------------------------------------------------------------------


def _print(projects: list[Project], month: Period, language: Language) -> None:
    from saima.commands.screen import screen

    out = screen()
    for line in _lines(projects, month, language, out):
        out.print(line)


def _lines(
    projects: list[Project], month: Period, language: Language, out: Screen
) -> Iterator[object]:
    from saima.briefing.projects import group, groups, money_words, ranked
    from saima.projects.assessment import behind

    if not projects:
        yield "没有项目。" if language == "zh" else "No projects."
        return
    whole = group("合计", projects, month)
    yield out.bold(_first(whole, month, language, money_words))
    yield ""
    units = ranked(groups(projects, lambda p: p.unit, month))
    yield _table([x for x, _ in units] + [whole], out, language)
    late = behind(projects)
    if late:
        yield ""
        names = "、".join(f"{p.name}（{_number(-(p.money.gap or 0.0), 2)}）" for p in late)
        yield (
            f"欠月度计划（百分点）：{names}"
            if language == "zh"
            else f"Behind plan (points): {names}"
        )


def _first(whole: Group, month: Period, language: Language, words: Any) -> str:
    if language == "zh":
        return f"{len(whole.projects)}个重点项目，{words(whole, month)}，开工{whole.started}个"
    share = "—" if whole.money.share is None else f"{_number(whole.money.share, 2)}%"
    done = _number(float(whole.money.done), 0)
    return f"{len(whole.projects)} projects, {done} done (10,000 yuan), {share} of the year's plan, {whole.started} started"


_HEADS = (
    ("单位", "unit"), ("项目", "projects"), ("年度计划/万元", "year's plan"), ("完成/万元", "done"),
    ("完成率/%", "share/%"), ("超欠序时/点", "gap/pt"), ("已开工", "started"), ("应开/已开", "due/started"),
    ("应统/已统", "due/included"),
)  # fmt: skip


def _table(found: list[Group], out: Screen, language: Language) -> object:
    table = out.table()
    for at, words in enumerate(_HEADS):
        out.column(table, words[0 if language == "zh" else 1], right=at > 0, fold=at == 0)
    for x in found:
        money, told = x.money, _group(x)
        name = "all" if language == "en" and x is found[-1] else x.name
        table.add_row(
            name, str(len(x.projects)), _number(float(money.year_plan), 0),
            _number(float(money.done), 0), _number(money.share, 2), _number(money.calendar_gap, 2),
            str(x.started), f"{told['due_to_start']}/{told['due_started']}",
            f"{told['due_in_statistics']}/{told['included']}",
        )  # fmt: skip
    return table


def _number(value: float | None, places: int) -> str:
    from saima.rounding import text

    return "—" if value is None else text(value, places, grouped=True)
