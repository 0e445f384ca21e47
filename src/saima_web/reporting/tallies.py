"""How the cells of rounds stand, in numbers: kept for a closed round, counted for any other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from saima_web.indicators.models import Indicator
from saima_web.reporting.models import Entry, Round, RoundTally

Kind = tuple[bool, str, bool]
"""Whether a department provides the cell, the cell's state, whether it came late."""
Counted = list[Any]
"""Of each indicator, state and lateness: these three, and how many cells."""


@dataclass(frozen=True)
class Tally:
    """A round's cells by kind."""

    cells: Mapping[Kind, int]

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


def tallies_of(
    rounds: Iterable[Round], scope: Q | None = None, owned: Q | None = None
) -> dict[int, Tally]:
    """By a round's id, over the cells of a scope (`cells_for`), all without one.

    owned: the scope as a filter on indicators, where it is one (`indicators_for`). What is kept of
    closed rounds serves those who see all units; for others the cells are counted.
    """
    ids = [r.pk for r in rounds]
    found = _kept(ids, owned) if not scope or owned is not None else {}
    left = [pk for pk in ids if pk not in found]
    providers = _providers(owned)
    return found | {
        pk: _tally(cells, providers) for pk, cells in _counted(left, scope or Q()).items()
    }


def _kept(ids: Sequence[int], owned: Q | None) -> dict[int, Tally]:
    kept = RoundTally.objects.filter(round__in=ids).order_by()
    if not owned:
        rows = kept.values_list("round", "kinds")
        return {pk: Tally({(p, s, late): n for p, s, late, n in kinds}) for pk, kinds in rows}
    providers = _providers(owned)
    return {pk: _tally(cells, providers) for pk, cells in kept.values_list("round", "cells")}


def _providers(owned: Q | None) -> dict[int, str]:
    known = Indicator.objects.filter(owned or Q()).order_by()
    return dict(known.values_list("pk", "provider"))


def _tally(counted: Counted, providers: Mapping[int, str]) -> Tally:
    cells: Counter[Kind] = Counter()
    for indicator, state, late, n in counted:
        if indicator in providers:
            cells[providers[indicator] == Indicator.Provider.OWNER, state, late] += n
    return Tally(cells)


def reporting_units(rounds: Sequence[Round]) -> dict[int, int]:
    """By a round's id, how many units report some of its cells themselves."""
    ids = [r.pk for r in rounds]
    kept = RoundTally.objects.filter(round__in=ids).order_by()
    found = dict(kept.values_list("round", "units"))
    return found | _units([pk for pk in ids if pk not in found])


def provided_indicators() -> list[int]:
    """The ids of what departments provide: a statement with them is faster than one that joins."""
    rows = Indicator.objects.filter(provider=Indicator.Provider.OWNER).order_by()
    return list(rows.values_list("pk", flat=True))


def keep_tallies() -> int:
    """Count the closed rounds that have no tally, and keep it; how many. For the nightly job."""
    closed = Round.objects.filter(state=Round.State.CLOSED, tally=None).order_by()
    return sum(_keep(pk) for pk in closed.values_list("pk", flat=True))


def _keep(pk: int) -> bool:
    """Whoever changes a cell waits for the round's lock, or is waited for: see `forget_tallies`."""
    with transaction.atomic():
        row = Round.objects.select_for_update().get(pk=pk)
        if row.state != Round.State.CLOSED:
            return False
        cells = _counted([pk], Q())[pk]
        kinds = [[*kind, n] for kind, n in _tally(cells, _providers(None)).cells.items()]
        kept = {"kinds": kinds, "cells": cells, "units": _units([pk])[pk]}
        RoundTally.objects.update_or_create(round=row, defaults=kept)
        return True


def forget_tallies(entries: Iterable[Entry]) -> None:
    """What is kept of the closed rounds of some cells that changed holds no longer."""
    closed = {e.round_id for e in entries if e.round.state == Round.State.CLOSED}
    if closed:
        forget_tallies_of(closed)


def forget_tallies_of(rounds: Collection[int]) -> None:
    """Take away what is kept of some rounds; a count that is under way is waited for."""
    list(Round.objects.select_for_update().filter(pk__in=rounds).order_by("pk").values_list("pk"))
    RoundTally.objects.filter(round__in=rounds).delete()


def _counted(rounds: Collection[int], scope: Q) -> dict[int, Counted]:
    rows = Entry.objects.filter(scope, round__in=rounds).order_by()
    found: dict[int, Counted] = {pk: [] for pk in rounds}
    grouped = rows.values_list("round_id", "indicator_id", "state", "late")
    for pk, *kind in grouped.annotate(n=Count("pk")):
        found[pk].append(kind)
    return found


def _units(rounds: Collection[int]) -> dict[int, int]:
    own = Entry.objects.filter(round__in=rounds).exclude(indicator__in=provided_indicators())
    pairs = own.order_by().values_list("round_id", "unit_id").distinct()
    found = Counter(pk for pk, _unit in pairs)
    return {pk: found[pk] for pk in rounds}
