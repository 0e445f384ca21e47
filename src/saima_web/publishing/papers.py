"""Papers of a published run: the numbered bulletin in four formats, and a unit's sheet."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.utils import timezone

from saima.briefing.model import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    Block,
    Briefing,
    Cell,
    Column,
    Fonts,
    Options,
    Paragraph,
    Section,
    Table,
    heading_number,
)
from saima.briefing.monthly import Form, monthly
from saima.files.document import write
from saima.periods import parse
from saima.rounding import text
from saima.scoring.result import Mark, UnitResult
from saima_web.audit.models import Anchor
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import document_settings
from saima_web.publishing.models import Bulletin
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of, scoring_of

FORMS: dict[str, Form] = {"docx": "paper", "xlsx": "full", "pptx": "slides", "html": "full"}
"""Suffix -> what the file is read on."""


@dataclass(frozen=True)
class Issue:
    """What stands on a bulletin's head and foot: number, date, anchor, what it corrects."""

    number: int
    dated: date
    anchor: str = ""
    corrects: Bulletin | None = None


def anchor_text(row: Anchor) -> str:
    """The chain's end as it is printed: entry number and the beginning of its digest."""
    return f"第{row.number}条 {row.digest[:16]}"


def bulletin(run: ScoreRun, issue: Issue, form: Form) -> Briefing:
    """The bulletin of a run as plain data."""
    made = monthly(scoring_of(run), run.period, today=issue.dated, issue=issue.number, form=form)
    notes = list(made.notes)
    if issue.corrects is not None:
        notes.append(
            f"本期更正第{issue.corrects.issue}期《{issue.corrects.title}》，原期原样保留。"
            f"更正原因：{run.reason}"
        )
    if run.trial:
        notes.append("试运行期间，结果不计入排名")
    if issue.anchor:
        notes.append(f"账本锚点：{issue.anchor}")
    title = made.title + ("（更正）" if issue.corrects else "")
    return replace(made, title=title, notes=tuple(notes))


def bulletin_file(run: ScoreRun, issue: Issue, suffix: str) -> bytes:
    """A bulletin's bytes in one format."""
    return written(bulletin(run, issue, FORMS[suffix]), suffix, options_of(run.campaign))


def options_of(campaign: Campaign) -> Options:
    """The office's settings for its documents."""
    settings, usual = document_settings(campaign), Fonts()
    fonts = replace(
        usual, title=settings.title_font or usual.title, body=settings.body_font or usual.body
    )
    return Options(fonts=fonts, named_places=settings.named_places, order=settings.order)


def written(made: Briefing, suffix: str, options: Options) -> bytes:
    """A briefing's file as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"paper.{suffix}"
        write(made, path, options)
        return path.read_bytes()


# --- the frame of every other paper ---------------------------------------------------------------


def word_file(made: Briefing, campaign: Campaign) -> bytes:
    """A briefing as .docx in the campaign's fonts."""
    return written(made, "docx", options_of(campaign))


def numbered(parts: Iterable[tuple[str, Sequence[Block]]]) -> tuple[Section, ...]:
    """Sections with official numbers; what has no content is left out, no heading no number."""
    found: list[Section] = []
    place = 0
    for title, blocks in parts:
        if blocks:
            place += bool(title)
            heading = heading_number(1, place) + title if title else ""
            found.append(Section(heading, tuple(blocks)))
    return tuple(found)


# --- a unit's sheet -----------------------------------------------------------------------------


def sheet(run: ScoreRun, line: UnitResult) -> Briefing:
    """A unit's sheet (成绩单): its place, its marks, what was added and taken off."""
    campaign, label = run.campaign, parse(run.period).label()
    state = f"第{run.version}版" if run.version else run.get_state_display()
    day = timezone.localdate(run.published_at) if run.published_at else today()
    return Briefing(
        kind="成绩单",
        title=f"{line.name}{label}成绩单",
        subtitle=f"{campaign.name}　{state}",
        date=day,
        sections=(Section("", (Paragraph(_place(line)), *_extras(line), _marks(line))),),
        issuer=campaign.organisation,
        signature=document_settings(campaign).signature or campaign.organisation,
        headline=_place(line),
        demo=campaign.demo,
    )


def _place(line: UnitResult) -> str:
    score = "—" if line.score is None else text(line.score, 2)
    said = f"{line.name}总分{score}分"
    if line.rank is None:
        return f"{said}，单列，不参加排名。"
    tied = "并列" if line.tied else ""
    tier = f"，{line.tier}" if line.tier else ""
    moved = line.movement
    change = "" if moved is None else "，与上期持平" if moved == 0 else (
        f"，比上期{'升' if moved > 0 else '降'}{abs(moved)}位"
    )  # fmt: skip
    return f"{said}，{line.track}{tied}第{line.rank}名{tier}{change}。"


def _extras(line: UnitResult) -> Iterable[Paragraph]:
    parts = [
        f"加分{text(line.bonus, 2)}分" if line.bonus else "",
        f"扣分{text(line.deduction, 2)}分" if line.deduction else "",
        *(f"一票否决：{name}" for name in line.vetoes),
    ]
    said = "；".join(p for p in parts if p)
    return [Paragraph(f"{said}。")] if said else []


def _marks(line: UnitResult) -> Table:
    columns = (
        Column("类别"), Column("指标"), Column("完成", "number", 2), Column("目标", "number", 2),
        Column("完成率", "percent", 2, "%"), Column("得分", "number", 2), Column("满分", "number", 2),
    )  # fmt: skip
    return Table("各项得分", columns, tuple(_mark(m) for m in line.marks))


def _mark(m: Mark) -> tuple[Cell, ...]:
    rate = NOT_APPLICABLE if m.attainment is None else m.attainment * 100
    return (
        m.category, m.name, NOT_REPORTED if m.actual is None else m.actual,
        NOT_APPLICABLE if m.target is None else m.target, rate,
        NOT_APPLICABLE if m.marks is None else m.marks, m.full_marks,
    )  # fmt: skip


def sheet_file(run: ScoreRun, line: UnitResult) -> bytes:
    """A unit's sheet as .docx."""
    return word_file(sheet(run, line), run.campaign)


def all_sheets(run: ScoreRun) -> bytes:
    """Every unit's sheet in one .zip, in official order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, line in enumerate(result_of(run).units, 1):
            archive.writestr(f"{place:02}{line.name}成绩单.docx", sheet_file(run, line))
    return out.getvalue()
