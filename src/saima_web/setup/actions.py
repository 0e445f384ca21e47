"""Making campaigns: the whole of one from tables, by a form, or after last year's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from saima.files.campaign import check_tables
from saima.problems import Problem, Refused, declare, has_errors, refuse
from saima.rules.rulebook import Rulebook
from saima.tables import Tables
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.campaigns.models import Campaign
from saima_web.people.permissions import require
from saima_web.setup import rows
from saima_web.setup.conflicts import conflicts

CODE_TAKEN = declare(
    "campaign-code-taken",
    "代码“{text}”已经用于“{name}”。",
    "请换一个代码，例如加上年份。",
    "the code {text} is taken by {name}.",
    "Use another, for instance with the year.",
)


def problems_of(tables: Tables, rulebooks: Iterable[Rulebook]) -> list[Problem]:
    """Everything wrong with tables: in them, between them, and with what the platform knows."""
    found = [*tables.problems, *check_tables(tables, rulebooks)]
    return found if has_errors(found) else found + conflicts(tables)


def import_tables(
    *,
    tables: Tables,
    rulebooks: Iterable[Rulebook],
    code: str,
    by: Any,
    at: datetime | None = None,
    state: str = Campaign.State.PREPARING,
) -> Campaign:
    """Put a whole library campaign into the database: bulk rows, one ledger entry per table.

    Units and indicators that the platform knows are reused. `at` is when the rows count as
    recorded (default now).

    Errors: Refused with the first problem where the tables have errors or say otherwise than
    the platform; nothing is written then.
    """
    require(by, "campaigns.make", campaign=Campaign())
    books = tuple(rulebooks)
    refuse_taken(code)
    for problem in problems_of(tables, books):
        if problem.severity == "error":
            raise Refused(problem)
    with writing(by) as ledger:
        campaign = rows.campaign_of(tables.campaign, code)
        campaign.state = state
        campaign.save()
        into = rows.Into(tables, by, at or now(), campaign)
        ledger.record("campaign.made", f"campaign/{code}", campaign=code, name=campaign.name)
        _put_all(into, books, ledger)
    return campaign


def _put_all(into: rows.Into, books: tuple[Rulebook, ...], ledger: Ledger) -> None:
    written = [
        rows.put_units(into),
        rows.put_members(into),
        rows.put_indicators(into),
        rows.put_assignments(into),
        rows.put_rulebooks(into, books),
        rows.put_targets(into),
        rows.put_figures(into),
        rows.put_events(into),
        rows.put_published(into),
    ]
    code = into.campaign.code
    for table, data in written:
        ledger.record(
            "table.imported", f"campaign/{code}/{table}", campaign=code, rows=len(data),
            digest=rows.digest(data),
        )  # fmt: skip


def refuse_taken(code: str) -> None:
    """Refuse a code that another campaign has."""
    known = Campaign.objects.filter(code=code).first()
    if known is not None:
        raise refuse(CODE_TAKEN, text=code, name=known.name)
