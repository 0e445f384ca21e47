"""Saving what the entry page sends: each row for itself, so that one bad figure stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from saima.problems import Refused
from saima_web.audit.actions import writing
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.reporting import actions
from saima_web.reporting.grid import cell_sheet, entries_of
from saima_web.reporting.grid_data import line_data
from saima_web.reporting.grid_lines import Axis
from saima_web.reporting.models import Entry, Round
from saima_web.reporting.refusals import CHANGED_MEANWHILE, NOT_A_FIGURE
from saima_web.reporting.typed import language, read, told

MAX_ROWS = 500
"""Rows of one request; a page has fewer."""
ORIGINS = ("typed", "pasted")


def save_rows(
    *, campaign: Campaign, round_id: int, rows: Sequence[dict[str, Any]], axis: Axis, by: User
) -> list[dict[str, Any]]:
    """What became of each row: `saved`, `invalid`, `conflict` or `refused`, and the line as it is.

    A row has `request`, `entry`, `text`, `expected`, `origin` and `behalf`.
    """
    found = _entries(campaign, round_id, rows, by)
    answers = []
    with writing(by):
        for row in rows:
            entry = found.get(_whole(row.get("entry")))
            answers.append(_save(row, entry, by) if entry else _gone(row))
    lines = _lines(campaign, round_id, list(found), axis, by)
    for answer in answers:
        answer["line"] = lines.get(answer["entry"])
    return answers


def _entries(
    campaign: Campaign, round_id: int, rows: Sequence[dict[str, Any]], by: User
) -> dict[int, Entry]:
    round = Round.objects.filter(campaign=campaign, pk=round_id).first()
    if round is None:
        return {}
    round.campaign = campaign
    wanted = [_whole(row.get("entry")) for row in rows]
    return {e.pk: e for e in entries_of(by, round).filter(pk__in=wanted)}


def _save(row: dict[str, Any], entry: Entry, by: User) -> dict[str, Any]:
    try:
        typed = read(str(row.get("text") or ""), entry.indicator)
        actions.save_figure(
            entry=entry,
            value=typed.value,
            missing=typed.missing,
            grade=typed.grade,
            by=by,
            origin=row["origin"] if row.get("origin") in ORIGINS else "typed",
            request_id=str(row.get("request") or "")[:40] or None,
            on_behalf=str(row.get("behalf") or "")[:200],
            expected=_expected(row.get("expected")),
        )
    except Refused as error:
        return _refused(row, error)
    return {"request": row.get("request"), "entry": entry.pk, "status": "saved"}


def _refused(row: dict[str, Any], error: Refused) -> dict[str, Any]:
    """`conflict` and `refused` ask for a decision; `invalid` for another figure."""
    problem = error.problem
    status = "refused" if problem.code in ("not-allowed", "round-not-open") else "invalid"
    if problem.code == CHANGED_MEANWHILE:
        status = "conflict"
    words = told(error)
    if problem.code == NOT_A_FIGURE:  # the page says itself which cell it is
        words = f"{problem.values['why']} {problem.hint(language())}".replace("。 ", "。")
    return {
        "request": row.get("request"),
        "entry": _whole(row.get("entry")),
        "status": status,
        "message": words,
    }


def _gone(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "request": row.get("request"),
        "entry": _whole(row.get("entry")),
        "status": "refused",
        "message": _("这一格已不在本轮填报中，请刷新页面。"),
    }


def _lines(
    campaign: Campaign, round_id: int, ids: list[int], axis: Axis, by: User
) -> dict[int, dict[str, Any]]:
    """The lines as they stand now, read anew."""
    if not ids:
        return {}
    round = Round.objects.get(pk=round_id)
    round.campaign = campaign
    entries = list(entries_of(by, round).filter(pk__in=ids))
    return {x.entry.pk: line_data(x) for x in cell_sheet(by, round, entries, axis).lines}


def _whole(value: Any) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    return value if whole else 0


def _expected(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
