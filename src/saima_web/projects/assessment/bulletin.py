"""The project bulletin of a campaign: the library's, in the office's own frame."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from saima.briefing.model import Briefing, Imprint, Paragraph, Table, cell_text
from saima.briefing.projects import project_bulletin
from saima.periods import last_of_month, parse
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import document_settings
from saima_web.people.models import User
from saima_web.projects.assessment.quarters import library_projects
from saima_web.projects.money import month_in_question
from saima_web.projects.queries import projects_for, standings


def bulletin(by: User, campaign: Campaign, month: str = "") -> Briefing | None:
    """The bulletin at a month's end (the last one known); None while there is no project.

    What has happened since the month's end is left out of its counts.
    """
    text = month or month_in_question(campaign, today())
    day = min(last_of_month(int(text[:4]), int(text[5:])), today())
    lines = standings(list(projects_for(by, campaign)), text, day)
    if not lines:
        return None
    made = project_bulletin(library_projects(lines, {}), parse(text), today=today())
    return framed(made, campaign)


def framed(made: Briefing, campaign: Campaign) -> Briefing:
    """With the letterhead, signature and imprint of the campaign's papers."""
    settings = document_settings(campaign)
    signature = settings.signature or campaign.organisation
    return replace(
        made, issuer=campaign.organisation, issuer_mark=settings.letterhead,
        addressee=settings.addressee, signature=signature, demo=campaign.demo,
        imprint=Imprint(settings.printed_by or signature, made.date, settings.copies_to),
    )  # fmt: skip


def preview(made: Briefing) -> list[dict[str, Any]]:
    """Its sections as a page shows them: heading, paragraphs, tables as printed."""
    found = [_section(section.heading, section.blocks) for section in made.sections]
    return found + [_section(f"附件：{annex.title}", annex.blocks) for annex in made.annexes]


def _section(heading: str, blocks: Any) -> dict[str, Any]:
    return {
        "heading": heading,
        "texts": [block.text for block in blocks if isinstance(block, Paragraph)],
        "tables": [_table(block) for block in blocks if isinstance(block, Table)],
    }


def _table(table: Table) -> dict[str, Any]:
    right = [c.is_numeric or c.kind == "rank" for c in table.columns]
    return {
        "title": table.title, "measure": table.measure_line, "notes": table.notes,
        "heads": [(c.heading, n) for c, n in zip(table.columns, right, strict=True)],
        "rows": [
            [
                (cell_text(cell, column), n)
                for cell, column, n in zip(row, table.columns, right, strict=True)
            ]
            for row in table.rows
        ],
    }  # fmt: skip
