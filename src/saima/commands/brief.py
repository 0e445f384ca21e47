"""`saima brief`: the bulletin of a period as .docx, .xlsx, .pptx or .html."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from saima.briefing.model import Briefing, Fonts, Options
from saima.briefing.monthly import Form, monthly
from saima.campaigns import Campaign
from saima.commands.campaign import add_campaign, print_problems, scored
from saima.files.document import write, writer
from saima.problems import Problem, declare, refuse
from saima.scoring import Scoring

UNKNOWN_KIND = declare(
    "briefing-kind-unknown",
    "没有“{kind}”这种通报。",
    "现有：{known}。",
    "there is no briefing of the kind “{kind}”.",
    "There are: {known}.",
)
BAD_DATE = declare(
    "briefing-date-unreadable",
    "看不懂成文日期“{text}”。",
    "请写成 2026-10-15。",
    "the date “{text}” is not understood.",
    "Write 2026-10-15.",
)

DAYS_AFTER = 15
"""成文日期 where none is given: so many days after the period's end."""

KINDS: dict[str, Callable[..., Briefing]] = {"monthly": monthly}
"""Kind -> the function that builds its briefing."""


def add(parser: argparse.ArgumentParser) -> None:
    add_campaign(parser)
    parser.add_argument(
        "--kind", metavar="KIND", default="monthly", help="文种，现有 monthly（月度通报）"
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True, help=".docx .xlsx .pptx .html"
    )
    parser.add_argument("--template", metavar="FILE", help="本单位的 Word 模板（.docx）")
    parser.add_argument("--date", metavar="D", help="成文日期；不写则取期末后15天")
    parser.add_argument("--number", metavar="N", help="期号，或写全的发文字号")


def run(args: argparse.Namespace) -> int:
    path = Path(args.out)
    writer(path)  # refuses a suffix before anything is read
    build = builder(args.kind)
    day = moment(args.date)
    scoring, period, tables = scored(args)
    issue = int(args.number) if (args.number or "").isdigit() else None
    briefing = build(
        scoring, period, today=day or usual_date(scoring, period), issue=issue, form=form_of(path)
    )
    if args.number and issue is None:
        briefing = replace(briefing, number=args.number)
    template = Path(args.template) if args.template else None
    write(briefing, path, options(scoring.cube.campaign, Path(args.campaign), template))
    sys.stdout.write(f"已写出：{path}\n" if args.lang == "zh" else f"Written: {path}\n")
    problems = all_problems(scoring, period, tables.problems)
    print_problems(problems, args.lang)
    return 1 if problems else 0


def builder(kind: str) -> Callable[..., Briefing]:
    """The function that builds a kind of briefing. Errors: Refused for an unknown kind."""
    if kind not in KINDS:
        raise refuse(UNKNOWN_KIND, kind=kind, known="、".join(KINDS))
    return KINDS[kind]


def moment(text: str | None) -> date | None:
    """A date as given. Errors: Refused for what is no date."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(BAD_DATE, text=text) from None


def usual_date(scoring: Scoring, period: str) -> date:
    """The date of a bulletin where none is given."""
    end = scoring.cube.scored[scoring.index_of(period)].end
    return end + timedelta(days=DAYS_AFTER)


def form_of(path: Path) -> Form:
    """What a file is read on: paper, slides, or a screen that takes everything."""
    forms: dict[str, Form] = {".docx": "paper", ".pptx": "slides"}
    return forms.get(path.suffix.lower(), "full")


def options(campaign: Campaign, source: Path, template: Path | None = None) -> Options:
    """The office's settings for its documents; a template is looked for beside the campaign."""
    settings, usual = campaign.documents, Fonts()
    if template is None and settings.template:
        folder = source if source.is_dir() else source.parent
        template = folder / settings.template
    return Options(
        fonts=replace(
            usual,
            title=settings.title_font or usual.title,
            body=settings.body_font or usual.body,
        ),
        template=template,
        named_places=settings.named_places,
        order=settings.order,
    )


def all_problems(scoring: Scoring, period: str, found: list[Problem]) -> list[Problem]:
    """Problems of the input and what kept marks from being given in the period."""
    from saima.scoring.marks import leaf_problems

    s = scoring.index_of(period)
    return [*found, *(p for m in scoring.marked for p in leaf_problems(m, scoring.field, s))]
