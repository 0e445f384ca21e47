"""`saima demo`: the platform with a populated demonstration; `--once` needs no platform.

With `--once`, or where the platform is not installed, it does the whole job on the shipped sample:
ranking, reasons, bulletin, tables, page.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from saima.campaigns import Campaign
from saima.commands.brief import form_of, options, usual_date
from saima.commands.campaign import print_problems, scored
from saima.commands.tables import print_ranking
from saima.scoring import Scoring, result
from saima.scoring.result import Mark, Result, UnitResult

SAMPLE = "hundred-days"

_DOCUMENTS = (
    ("通报.docx", "通报，按公文格式", "the bulletin"),
    ("排名和得分.xlsx", "全部表格，数字可再算", "all tables, with real numbers"),
    ("排名和进展.html", "一个网页，图表都在里面", "one page with its charts"),
    ("点评会.pptx", "幻灯片，图表可改", "slides with native charts"),
)
"""File name after the period, what it is in Chinese and English."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="不启动平台：写出示例的文件就结束")
    parser.add_argument("--port", metavar="N", type=int, default=8000, help="平台的端口，默认 8000")
    parser.add_argument("--dir", metavar="D", help="数据或文件放在哪个目录，默认 saima-demo 或 out")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")


def run(args: argparse.Namespace) -> int:
    platform = entry_points(group="saima.platform", name="demo")
    if args.once or not platform:
        return once(args)
    status: int = next(iter(platform)).load()(args)
    return status


def once(args: argparse.Namespace) -> int:
    """The whole job on the sample, into a folder."""
    sample = sample_folder()
    scoring, period, tables = scored(_score_arguments(sample, args.lang))
    found = result(scoring, period, language=args.lang, problems=list(tables.problems))
    print_ranking(scoring, found, args.lang)
    print_problems(list(found.problems), args.lang)
    folder = Path(args.dir or "out")
    folder.mkdir(parents=True, exist_ok=True)
    _write_documents(scoring, found, folder, args.lang)
    _look_further(found, sample, scoring.cube.campaign, args.lang)
    return 1 if found.problems else 0


def sample_folder() -> Path:
    """The sample campaign that is shipped with the package."""
    return Path(str(files("saima") / "samples" / SAMPLE))


def _score_arguments(sample: Path, language: str) -> argparse.Namespace:
    return argparse.Namespace(
        campaign=str(sample), period=None, rulebook=None, as_of=None, lang=language
    )


def _write_documents(scoring: Scoring, found: Result, folder: Path, language: str) -> None:
    """Write every kind of document and say where it is."""
    from rich.cells import cell_len

    from saima.briefing.monthly import monthly
    from saima.files.document import write

    zh = language == "zh"
    period = scoring.cube.scored[scoring.index_of(found.period)]
    day, campaign = usual_date(scoring, found.period), scoring.cube.campaign
    written: list[tuple[str, str]] = []
    sys.stdout.write("\n写好的文件\n" if zh else "\nWritten\n")
    for name, chinese, english in _DOCUMENTS:
        path = folder / f"{period.label()}{name}"
        form = form_of(path)
        write(monthly(scoring, found.period, today=day, form=form), path, options(campaign, folder))
        written.append((str(path), chinese if zh else english))
    width = max(cell_len(path) for path, _ in written)
    for path_text, what in written:
        sys.stdout.write(f"  {path_text}{' ' * (width - cell_len(path_text) + 2)}{what}\n")


def _look_further(found: Result, sample: Path, campaign: Campaign, language: str) -> None:
    """The explain command of the mark that is furthest from full, ready to copy."""
    lowest = lowest_mark(found)
    if lowest is None:
        return
    unit, mark = lowest
    name = campaign.unit(unit.unit).label
    words = ["explain", _shown(sample), "--period", found.period, "--unit", name]
    command = shlex.join([_program(), *words, "--indicator", mark.name])
    head = (
        "想看一个得分是怎么来的，比如得分率最低的"
        if language == "zh"
        else "To see why, for example the lowest mark:"
    )
    what = f"{name}{mark.name}：" if language == "zh" else f" {name}, {mark.name}"
    sys.stdout.write(f"\n{head}{what}\n  {command}\n")


def lowest_mark(found: Result) -> tuple[UnitResult, Mark] | None:
    """The unit and mark with the lowest rate of marks; None where there are none."""
    rates = [
        (mark.marks / mark.full_marks, unit, mark)
        for unit in found.units
        for mark in unit.marks
        if mark.marks is not None and mark.full_marks > 0
    ]
    if not rates:
        return None
    _, unit, mark = min(rates, key=lambda rate: rate[0])
    return unit, mark


def _shown(path: Path) -> str:
    """A path as short as it can be copied from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _program() -> str:
    """How to call saima from here: by name where it is found, else by its path."""
    own = Path(sys.argv[0])
    if shutil.which("saima") or own.name != "saima":
        return "saima"
    return _shown(own.absolute())
