"""How the cells of rounds stand, in numbers: kept for a closed round, counted for any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from saima_web.indicators.models import Indicator
from saima_web.reporting.models import Entry, Round

Kind = tuple[bool, str, bool]
"""Whether a department provides the cell, the cell's state, whether it came late."""


@dataclass(frozen=True)
class Tally:
    """A round's cells by kind, and how many units report some themselves."""

    cells: Mapping[Kind, int]
    units: int

    def count(
        self, states: Collection[str] = (), *, provided: bool | None = None,
        late: bool | None = None,
    ) -> int:  # fmt: skip
        """Cells of these states (of all, where none is named), provided or not, late or not."""
        return sum(
            n
            for (gives, state, behind), n in self.cells.items()
            if (not states or state in states)
            and provided in (None, gives)
            and late in (None, behind)
        )


def tallies_of(rounds: Iterable[Round], scope: Q | None = None) -> dict[int, Tally]:
    """By a round's id, over the cells of a scope (`cells_for`), all without one.

    What is kept of a closed round was counted in a night, and is for those who see all. Who
    provides a cell is as it was then; a change of a cell makes it be counted again.
    """
    rows = list(rounds)
    kept = {} if scope else {r.pk: _read(r.tally) for r in rows if r.tally is not None}
    return kept | _counted([r.pk for r in rows if r.pk not in kept], scope or Q())


def keep_tallies() -> int:
    """Count the closed rounds that have no tally, and keep it; how many. For the nightly job."""
    closed = Round.objects.filter(state=Round.State.CLOSED, tally__isnull=True)
    return sum(_keep(pk) for pk in closed.order_by().values_list("pk", flat=True))


def _keep(pk: int) -> bool:
    """Whoever changes a cell waits for the row's lock, or is waited for: see `forget_tallies`."""
    with transaction.atomic():
        row = Round.objects.select_for_update().get(pk=pk)
        if row.state != Round.State.CLOSED:
            return False
        row.tally = _written(_counted([pk], Q())[pk])
        row.save(update_fields=["tally"])
        return True


def forget_tallies(entries: Iterable[Entry]) -> None:
    """What is kept of the closed rounds of some cells that changed holds no longer."""
    closed = {e.round_id for e in entries if e.round.state == Round.State.CLOSED}
    if closed:
        Round.objects.filter(pk__in=closed).update(tally=None)


def _counted(rounds: Collection[int], scope: Q) -> dict[int, Tally]:
    fields = ("round_id", "unit_id", "indicator__provider", "state", "late")
    rows = Entry.objects.filter(scope, round__in=rounds).order_by().values_list(*fields)
    cells: dict[int, Counter[Kind]] = {pk: Counter() for pk in rounds}
    units: dict[int, set[int]] = {pk: set() for pk in rounds}
    for pk, unit, provider, state, late, n in rows.annotate(n=Count("pk")):
        provided = provider == Indicator.Provider.OWNER
        cells[pk][provided, state, late] += n
        if not provided:
            units[pk].add(unit)
    return {pk: Tally(cells[pk], len(units[pk])) for pk in rounds}


def _written(tally: Tally) -> dict[str, Any]:
    return {"units": tally.units, "cells": [[*kind, n] for kind, n in tally.cells.items()]}


def _read(written: dict[str, Any]) -> Tally:
    cells = {(provided, state, late): n for provided, state, late, n in written["cells"]}
    return Tally(cells, written["units"])
