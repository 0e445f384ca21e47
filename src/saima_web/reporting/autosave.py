"""Saving what the entry page sends: each row for itself, so that one bad figure stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from saima.problems import Refused
from saima_web.campaigns.models import Campaign
from saima_web.people.models import User
from saima_web.reporting.actions import save_each
from saima_web.reporting.checks import Bases
from saima_web.reporting.grid import cells_to_save, lines_of
from saima_web.reporting.grid_data import saved_data
from saima_web.reporting.grid_lines import Axis
from saima_web.reporting.models import Entry
from saima_web.reporting.pen import Given, bases_by_round
from saima_web.reporting.refusals import CHANGED_MEANWHILE, NOT_A_FIGURE
from saima_web.reporting.typed import language, read, told

MAX_ROWS = 500
"""Rows of one request; a page has fewer."""
ORIGINS = ("typed", "pasted")


def save_rows(
    *, campaign: Campaign, round_id: int, rows: Sequence[dict[str, Any]], axis: Axis, by: User
) -> list[dict[str, Any]]:
    """What became of each row: `saved`, `invalid`, `conflict` or `refused`, and the line as it is.

    A row has `request`, `entry`, `text`, `expected`, `origin` and `behalf`. One that is sent again
    under the same `request` changes nothing: it is told as saved.
    """
    ids = [_whole(row.get("entry")) for row in rows]
    found = {e.pk: e for e in cells_to_save(by, campaign, round_id, ids)}
    bases = bases_by_round(found.values())
    answers = _saved(rows, found, bases, by)
    entries = list(found.values())
    shown = lines_of(by, entries, axis, bases[round_id]) if entries else []
    lines = {line.entry.pk: saved_data(line) for line in shown}
    for answer in answers:
        answer["line"] = lines.get(answer["entry"])
    return answers


def _saved(
    rows: Sequence[dict[str, Any]], found: dict[int, Entry], bases: dict[int, Bases], by: User
) -> list[dict[str, Any]]:
    """Save what can be read; what each row is told."""
    read_rows = [_given(row, found.get(_whole(row.get("entry")))) for row in rows]
    given = [x for x in read_rows if isinstance(x, Given)]
    done = iter(save_each(rows=given, by=by, bases=bases) if given else ())
    answers = []
    for row, said in zip(rows, read_rows, strict=True):
        why = next(done) if isinstance(said, Given) else said
        if said is None:
            answers.append(_gone(row))
        elif isinstance(why, Refused):
            answers.append(_refused(row, why))
        else:
            answers.append({**_named(row), "status": "saved"})
    return answers


def _given(row: dict[str, Any], entry: Entry | None) -> Given | Refused | None:
    """A row as an action takes it, or why it cannot be read; None where there is no such cell."""
    if entry is None:
        return None
    try:
        typed = read(str(row.get("text") or ""), entry.indicator)
    except Refused as error:
        return error
    return Given(
        entry, typed.value, typed.missing, typed.grade,
        request_id=str(row.get("request") or "")[:40] or None,
        expected=_expected(row.get("expected")),
        origin=row["origin"] if row.get("origin") in ORIGINS else "typed",
        on_behalf=str(row.get("behalf") or "")[:200].strip(),
    )  # fmt: skip


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {"request": row.get("request"), "entry": _whole(row.get("entry"))}


def _refused(row: dict[str, Any], error: Refused) -> dict[str, Any]:
    """`conflict` and `refused` ask for a decision; `invalid` for another figure."""
    problem = error.problem
    status = "refused" if problem.code in ("not-allowed", "round-not-open") else "invalid"
    if problem.code == CHANGED_MEANWHILE:
        status = "conflict"
    words = told(error)
    if problem.code == NOT_A_FIGURE:  # the page says itself which cell it is
        words = f"{problem.values['why']} {problem.hint(language())}".replace("。 ", "。")
    return {**_named(row), "status": status, "message": words}


def _gone(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **_named(row),
        "status": "refused",
        "message": _("这一格已不在本轮填报中，请刷新页面。"),
    }


def _whole(value: Any) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    return value if whole else 0


def _expected(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
