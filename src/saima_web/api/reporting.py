"""Calls of reporting: what is due for a unit, saving figures under the caller's keys, submitting."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Query

from saima.problems import Place, Refused
from saima_web.api.calls import REPORT, REPORTING, ROUND_UNIT, call
from saima_web.api.guard import CallRequest, round_in
from saima_web.api.refusals import as_data, missing
from saima_web.api.shapes import (
    BatchOut,
    CellOut,
    FigureIn,
    FiguresIn,
    NamedFigureIn,
    Page,
    Paging,
    SubmittedOut,
    part,
)
from saima_web.audit.actions import writing
from saima_web.base.fields import canonical
from saima_web.reporting import actions
from saima_web.reporting.grid import cells_to_save
from saima_web.reporting.grid_rights import Rights, is_provided
from saima_web.reporting.models import Entry, Round
from saima_web.reporting.pen import Given
from saima_web.reporting.queries import OWED, deadlines, entries_seen
from saima_web.reporting.typed import read

FIGURES = ROUND_UNIT + "/figures"
SAVING = ("figures.report", "figures.report-for", "figures.provide")


@call(
    "GET", FIGURES, name="figures", action="figures.see", title=_("一家单位在一轮里要报的数"),
    gives=Page[CellOut], group=REPORTING,
)  # fmt: skip
def figures(
    request: CallRequest, campaign: str, period: str, unit: str, page: Query[Paging],
    owed: bool = False,
) -> Any:  # fmt: skip
    round = round_in(request.campaign, period)
    rows = entries_seen(request.user, round).filter(unit=request.unit)
    rows = rows.filter(state__in=OWED) if owed else rows
    told = Telling(request, round)
    return part(rows.order_by("indicator__order", "pk"), page, told.cell)


class Telling:
    """Tells cells of a round as JSON, as one person may see and change them."""

    def __init__(self, request: CallRequest, round: Round) -> None:
        self.rights, self.due = Rights(request.user, round), deadlines(round)

    def cell(self, entry: Entry) -> dict[str, Any]:
        indicator = entry.indicator
        shown = entry.confirmed if is_provided(indicator) else entry.reported
        value = shown.value if shown else None
        return {
            "indicator": indicator.code, "name": indicator.name, "measure": indicator.measure,
            "state": entry.state, "value": None if value is None else canonical(value),
            "missing": shown.missing if shown else "", "grade": shown.grade if shown else "",
            "figure": shown.pk if shown else 0, "late": entry.late, "reason": entry.reason,
            "due_at": self.due(entry.unit_id), "may_save": self.rights.can_edit(entry),
        }  # fmt: skip


@call(
    "POST", FIGURES + "/{indicator}", name="figure", action="figures.see", scope=REPORT,
    title=_("保存一个数"), gives=CellOut, group=REPORTING, needs=SAVING,
)  # fmt: skip
def save_one(
    request: CallRequest, campaign: str, period: str, unit: str, indicator: str, figure: FigureIn
) -> Any:
    """The same key again changes nothing and gives the cell as it is."""
    round = round_in(request.campaign, period)
    entry = _cells(request, round, [indicator]).get(indicator)
    if entry is None:
        raise missing(indicator)
    given = _given(request, entry, figure)
    with _through(request, figures=1):
        saved = actions.save_many(rows=[given], by=request.user, on_behalf=figure.on_behalf)[0]
    return Telling(request, round).cell(saved)


@call(
    "POST", FIGURES, name="figures", action="figures.see", scope=REPORT, title=_("保存一批数"),
    gives=BatchOut, group=REPORTING, needs=SAVING,
)  # fmt: skip
def save_batch(
    request: CallRequest, campaign: str, period: str, unit: str, batch: FiguresIn
) -> Any:
    """Each figure for itself: those that cannot be saved are told, the others are saved."""
    round = round_in(request.campaign, period)
    cells = _cells(request, round, {f.indicator for f in batch.figures})
    said = [_tried(request, cells.get(f.indicator), f) for f in batch.figures]
    given = [one for one in said if isinstance(one, Given)]
    with _through(request, figures=len(given)):
        done = iter(actions.save_each(rows=given, by=request.user) if given else ())
    ends = [next(done) if isinstance(one, Given) else one for one in said]
    told = Telling(request, round)
    items = [
        _became(told, figure, cells.get(figure.indicator), end)
        for figure, end in zip(batch.figures, ends, strict=True)
    ]
    saved = sum(item["saved"] for item in items)
    return {"saved": saved, "refused": len(items) - saved, "items": items}


def _cells(request: CallRequest, round: Round, codes: Collection[str]) -> dict[str, Entry]:
    """The unit's cells of some indicators, as far as the owner of the token sees them."""
    ids = round.entries.filter(unit=request.unit, indicator__code__in=codes).values_list("pk")
    rows = cells_to_save(request.user, request.campaign, round.pk, [pk for (pk,) in ids])
    return {entry.indicator.code: entry for entry in rows}


def _given(request: CallRequest, entry: Entry, figure: FigureIn) -> Given:
    """A figure as actions take it. Errors: Refused for what is no number."""
    typed = read(figure.value, entry.indicator, Place(path=entry.indicator.code))
    return Given(
        entry, typed.value, typed.missing, typed.grade,
        request_id=_own(request, figure.key), expected=figure.expected,
        on_behalf=figure.on_behalf.strip(),
    )  # fmt: skip


def _own(request: CallRequest, key: str) -> str:
    """The caller's key among everybody's: two people may use the same."""
    return hashlib.sha256(f"{request.user.pk} {key}".encode()).hexdigest()[:40]


def _tried(request: CallRequest, entry: Entry | None, figure: NamedFigureIn) -> Given | Refused:
    if entry is None:
        return missing(figure.indicator)
    try:
        return _given(request, entry, figure)
    except Refused as error:
        return error


def _became(
    told: Telling, figure: NamedFigureIn, entry: Entry | None, end: Refused | None
) -> dict[str, Any]:
    return {
        "key": figure.key, "indicator": figure.indicator, "saved": end is None,
        "cell": told.cell(entry) if entry else None,
        "problem": as_data(end.problem) if end else None,
    }  # fmt: skip


@call(
    "POST", ROUND_UNIT + "/submit", name="submit", action="figures.report", scope=REPORT,
    title=_("提交一家单位已保存的数"), gives=SubmittedOut, group=REPORTING,
)  # fmt: skip
def submit(request: CallRequest, campaign: str, period: str, unit: str) -> Any:
    round = round_in(request.campaign, period)
    with _through(request):
        rows = actions.submit(round=round, unit=request.unit, by=request.user)
    return {
        "submitted": len(rows), "late": any(e.late for e in rows),
        "indicators": [e.indicator.code for e in rows],
    }  # fmt: skip


@contextmanager
def _through(request: CallRequest, **data: Any) -> Iterator[None]:
    """One transaction with what is done in it, noting by which token it came."""
    with writing(request.user) as ledger:
        yield
        name = request.resolver_match.url_name if request.resolver_match else ""
        ledger.record(
            "token.used", f"token/{request.auth.pk}", campaign=request.campaign.code, call=name,
            **data,
        )  # fmt: skip
