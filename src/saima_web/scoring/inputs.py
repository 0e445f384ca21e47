"""What a run was made from: kept in brief when it is made, so that one mark is explained alone.

An explanation reads and scores only what its mark hangs on (`saima.scoring.narrow`), and checks
just that against what was kept. The input as a whole is read again every night, when a bulletin
is issued, and on the page of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from saima.campaigns import Campaign
from saima.cube import Axes, axes_of
from saima.problems import Language
from saima.scoring import Scoring, explain, score
from saima.scoring.digests import cell_digests, input_digest
from saima.scoring.engine import Marking, prepared
from saima.scoring.narrow import Own, Reach, narrowed, reach
from saima.scoring.standing import Keys
from saima_web.base.clock import now
from saima_web.campaigns.queries import period_in
from saima_web.scoring.models import RunInput, ScoreRun
from saima_web.scoring.queries import (
    book_of,
    kept_by_run,
    pinned_tables,
    scoring_of,
    still_the_same,
)
from saima_web.scoring.tables import frame_of, tables_within

NIGHTLY = 3
"""Runs whose whole input is read again in a night."""
MANY = 8
"""Where more indicators are compared over all units, the whole is read, once for all pages."""


@dataclass(frozen=True)
class Kept:
    """What of the whole stays with a run: axes, averages, what places go by, and digests by
    (indicator, unit).
    """

    axes: Axes
    own: Own
    cells: NDArray[np.uint64]
    places: Keys


@dataclass(frozen=True)
class Part:
    """What a mark hangs on, scored alone; `same` tells whether it is as when the run was made."""

    of: Reach
    marking: Marking
    same: bool


def keep(run: ScoreRun, scoring: Scoring, digest: str) -> None:
    """Keep what a run was made from, while it is at hand; `digest` is that of its input."""
    values: dict[str, Any] = {"found": digest, "checked_at": now()}
    if digest == run.input_digest:
        values |= _brief(scoring, run.period)
    RunInput.objects.update_or_create(run=run, defaults=values)


def _brief(scoring: Scoring, period: str) -> dict[str, Any]:
    axes = axes_of(scoring.cube)
    return {
        "axes": {
            "columns": [c.isoformat() for c in axes.columns],
            "scored": list(axes.scored),
            "plans": axes.plans,
        },
        "own": _own(scoring, scoring.index_of(period)),
        "cells": cell_digests(scoring.cube).tobytes(),
        "places": scoring.keys_at(scoring.index_of(period)),
    }


def _own(scoring: Scoring, s: int) -> dict[str, tuple[float, float]]:
    """Of each unit, where some mark may follow the average of its own."""
    if all(leaf.when_missing != "own-average" for _, leaf in scoring.rulebook.leaves()):
        return {}
    got, full = scoring.own
    units = scoring.cube.campaign.units
    return {u.code: (float(got[n, s]), float(full[n, s])) for n, u in enumerate(units)}


@kept_by_run(16)
def _kept(run: ScoreRun) -> Kept:
    """Errors: RunInput.DoesNotExist where nothing was kept."""
    row = RunInput.objects.get(run=run, axes__isnull=False)
    frame, kept = _frame(run), row.axes or {}
    columns = tuple(date.fromisoformat(c) for c in kept["columns"])
    axes = Axes(columns, tuple(kept["scored"]), kept["plans"])
    cells = np.frombuffer(bytes(row.cells), dtype="<u8")
    shape = (len(frame.indicators), len(frame.units))
    fits = cells.size == shape[0] * shape[1]
    own = {code: (got, full) for code, (got, full) in row.own.items()}
    places = {code: (among, tuple(numbers)) for code, (among, numbers) in row.places.items()}
    cells = cells.reshape(shape) if fits else np.zeros((0, 0), dtype="<u8")
    return Kept(axes, own, cells, places)


@kept_by_run(16)
def _frame(run: ScoreRun) -> Campaign:
    """Everything but figures, targets and assignments, as a run pins it."""
    day = period_in(run.campaign, run.period).end
    return frame_of(run.campaign, run.as_of, provisional=run.provisional, day=day)


def _part(run: ScoreRun, unit: str, indicator: str | None) -> Part | None:
    """None where nothing was kept of a run, or most of it is needed.

    Errors: KeyError for an unknown unit or indicator.
    """
    try:
        _kept(run)
    except RunInput.DoesNotExist:
        return None
    of = _reach(run.pk, run.made_at, unit, indicator)
    return _read(run.pk, run.made_at, of, indicator) if len(of.everywhere) <= MANY else None


def _row(pk: int, made_at: datetime) -> ScoreRun:
    rows = ScoreRun.objects.select_related("campaign", "rulebook").defer("result")
    return rows.get(pk=pk, made_at=made_at)


@lru_cache(maxsize=1024)
def _reach(pk: int, made_at: datetime, unit: str, indicator: str | None) -> Reach:
    """Errors: KeyError for an unknown unit or indicator."""
    run = _row(pk, made_at)
    frame = _frame(run)
    of = reach(frame, book_of(run), unit, indicator)
    if unit not in frame.unit_index or not of.indicators:
        raise KeyError(indicator or unit)
    return of


@lru_cache(maxsize=32)
def _read(pk: int, made_at: datetime, of: Reach, indicator: str | None) -> Part:
    run = _row(pk, made_at)
    kept, frame = _kept(run), _frame(run)
    tables = tables_within(run.campaign, run.as_of, frame, of)
    marking = narrowed(
        tables, book_of(run), kept.axes, of, indicator=indicator, own=kept.own, period=run.period
    )
    return Part(of, marking, _same(marking, frame, kept, of))


def _same(marking: Marking, frame: Campaign, kept: Kept, of: Reach) -> bool:
    """Whether every cell within reach has the digest that it had when the run was made."""
    if not kept.cells.size:
        return False
    here = marking.cube.campaign
    rows = [frame.indicator_index[x.code] for x in here.indicators]
    columns = [frame.unit_index[u.code] for u in here.units]
    within = np.array([[of.holds(x.code, u.code) for u in here.units] for x in here.indicators])
    equal = cell_digests(marking.cube) == kept.cells[np.ix_(rows, columns)]
    return bool((equal | ~within).all())


def explanation(
    run: ScoreRun, unit: str, indicator: str | None = None, language: Language = "zh", *,
    long: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Why this score or mark: the steps, as `saima explain` gives them.

    long: a score of more marks than this goes down to its marks only.
    Errors: KeyError for a unit or indicator that the run does not know.
    """
    part = _part(run, unit, indicator)
    marking = part.marking if part else scoring_of(run)
    deep = indicator is not None or long is None or len(marking.marked) <= long
    found: dict[str, Any] = explain(marking, run.period, unit, indicator, language, deep=deep)
    return found


def unit_scoring(run: ScoreRun, unit: str) -> tuple[Scoring, Keys | None]:
    """A scoring that holds for a unit, and what its place goes by among the others'.

    Where the rulebook compares units a changed figure moves the others too: the whole is given,
    which tells its places itself.
    """
    part = _part(run, unit, None)
    if part is None or part.of.everywhere:
        return scoring_of(run), None
    assert isinstance(part.marking, Scoring), "all leaves were asked for"
    return part.marking, _kept(run).places


def same_for(run: ScoreRun, unit: str, indicator: str | None = None) -> bool:
    """Whether what a mark hangs on is as it was, and the whole was when it was last read again."""
    part = _part(run, unit, indicator)
    if part is None:
        return still_the_same(run)
    found = RunInput.objects.filter(run=run).values_list("found", flat=True).first()
    return part.same and found == run.input_digest


def check(run: ScoreRun) -> bool:
    """Read the whole input of a run again, note its digest, and tell whether it is the same."""
    tables, book = pinned_tables(run), book_of(run)
    if RunInput.objects.filter(run=run, axes__isnull=False).exists():
        digest = input_digest(prepared(tables, book))
        RunInput.objects.filter(run=run).update(found=digest, checked_at=now())
    else:
        scoring = score(tables, book)
        digest = input_digest(scoring.cube)
        keep(run, scoring, digest)
    return digest == run.input_digest


def check_some() -> tuple[int, int]:
    """Check the published runs that were checked longest ago: how many, and how many differ."""
    rows = ScoreRun.objects.filter(state=ScoreRun.State.PUBLISHED).defer("result")
    rows = rows.select_related("campaign", "rulebook")
    due = list(rows.order_by(F("input__checked_at").asc(nulls_first=True), "-pk")[:NIGHTLY])
    return len(due), sum(not check(run) for run in due)
