"""Writing figures into cells: every row is checked for itself, all are kept by a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saima.tables import MISSING_KINDS
from saima_web.audit.actions import Ledger
from saima_web.base.fields import canonical
from saima_web.base.prepared import prepared
from saima_web.indicators.models import Indicator
from saima_web.people.models import User
from saima_web.people.permissions import may, require
from saima_web.reporting import refusals
from saima_web.reporting.checks import Bases, bases_of
from saima_web.reporting.models import Entry, Figure
from saima_web.reporting.recording import (
    Versions,
    figure_data,
    figure_words,
    keep_all,
    own_units,
    place_of,
    record,
    require_open,
    step,
    versions_of,
)
from saima_web.reporting.refusals import stop
from saima_web.reporting.sharing import settle_elsewhere

UNIT_KINDS = tuple(k for k in MISSING_KINDS if k not in ("", "not-reported", "excluded"))
"""What a unit may give in place of a value; leaving out is the office's decision."""
Provider = Indicator.Provider


@dataclass(frozen=True)
class Given:
    """What somebody gives for a cell: a value, a kind of missing or a grade; nothing clears it.

    request_id: the same one again changes nothing. expected: the id of the figure that the person
    saw in the cell, 0 for none; another one there refuses. None does not ask.
    """

    entry: Entry
    value: Decimal | None = None
    missing: str = ""
    grade: str = ""
    request_id: str | None = None
    expected: int | None = None
    origin: str = "typed"
    on_behalf: str = ""

    @property
    def nothing(self) -> bool:
        return self.value is None and not self.missing and not self.grade


@dataclass
class Pen:
    """One person writing figures in one transaction; `keep` comes last, once.

    entries: the cells, locked, by id. bases: what they are measured against, by the round's id.
    versions: the definitions of what they ask for.
    """

    by: User
    ledger: Ledger
    at: datetime
    entries: Mapping[int, Entry]
    bases: Mapping[int, Bases]
    versions: Versions
    known: dict[str, Figure] = field(default_factory=dict)
    written: list[tuple[Entry, str, Figure]] = field(default_factory=list)
    beside: list[Figure] = field(default_factory=list)

    def check(self, row: Given) -> None:
        """Refuse who may not write in a cell, a round that is not open, and what is no figure."""
        entry = self.entries[row.entry.pk]
        self._check_person(entry, row)
        require_open(entry.round)
        self._check_value(entry, row)

    def _check_person(self, entry: Entry, row: Given) -> None:
        """Only the unit, or somebody in its name; the owner for what is provided for all."""
        campaign, unit, indicator = entry.round.campaign, entry.unit, entry.indicator
        reports = may(self.by, "figures.report", campaign=campaign, unit=unit)
        if indicator.provider == Provider.OWNER:
            provides = may(self.by, "figures.provide", campaign=campaign, indicator=indicator)
            if reports and not provides:
                owner = indicator.data_owner or indicator.lead_unit or _("考核办")
                stop(refusals.PROVIDED_BY_OWNER, entry, owner=owner)
            require(self.by, "figures.provide", campaign=campaign, indicator=indicator)
            return
        if not reports:
            require(self.by, "figures.report-for", campaign=campaign, indicator=indicator)
        if not row.on_behalf and not (reports and unit.pk in own_units(self.by)):
            stop(refusals.ON_BEHALF_UNNAMED, entry, unit=unit)

    def _check_value(self, entry: Entry, row: Given) -> None:
        """Refuse what is no figure, and what a rule of severity error forbids."""
        why = _objection(entry, row)
        if not why:
            bases = self.bases[entry.round_id]
            found = bases.examine(entry.unit_id, entry.indicator, row.value)
            why = "".join(f.message for f in found if f.kind == "error")
        if why:
            stop(refusals.NOT_A_FIGURE, entry, why=why)

    def write(self, row: Given) -> Entry:
        """Put a row into its cell. Errors: Refused, and the cell is as it was."""
        entry = self.entries[row.entry.pk]
        if any(entry is other for other, _event, _figure in self.written):
            self.keep()
        if row.request_id and self._seen(entry, row.request_id):
            return entry
        self._check_version(entry, row)
        if entry.indicator.provider == Provider.OWNER:
            return self._provide(entry, row)
        if _same(entry.reported, row) and entry.state in ("empty", "draft"):
            return entry
        entry.state = step(entry, "clear" if row.nothing else "save")
        figure = self._figure(entry, row, Figure.Source.REPORTED, row.request_id)
        entry.reported = None if row.nothing else figure
        self.written.append((entry, "figure.cleared" if row.nothing else "figure.reported", figure))
        return entry

    def _provide(self, entry: Entry, row: Given) -> Entry:
        if _same(entry.confirmed, row):
            return entry
        entry.state = step(entry, "clear" if row.nothing else "provide")
        figure = self._figure(entry, row, Figure.Source.OFFICIAL, row.request_id)
        entry.confirmed = self._figure(entry, row, Figure.Source.CONFIRMED, None)
        self.beside.append(entry.confirmed)
        self.written.append((entry, "figure.provided", figure))
        return entry

    def _seen(self, entry: Entry, request_id: str) -> bool:
        known = self.known.get(request_id)
        if known is None:
            return False
        same = (known.unit_id, known.indicator_id, known.by_id)
        if same != (entry.unit_id, entry.indicator_id, self.by.pk):
            stop(refusals.REQUEST_USED, entry)
        return True

    def _check_version(self, entry: Entry, row: Given) -> None:
        shown = entry.confirmed if entry.indicator.provider == Provider.OWNER else entry.reported
        if row.expected is None or row.expected == (shown.pk if shown else 0):
            return
        if _same(shown, row):
            return
        who = entry.changed_by.name if entry.changed_by else _("他人")
        stop(refusals.CHANGED_MEANWHILE, entry, who=who, value=figure_words(shown))

    def _figure(self, entry: Entry, row: Given, source: str, request_id: str | None) -> Figure:
        figure = Figure(
            **place_of(entry, self.versions), source=source,
            value=row.value,
            missing="" if row.value is not None or row.grade else row.missing,
            grade=row.grade, origin=row.origin, on_behalf=row.on_behalf,
            withdrawn=row.nothing, recorded_at=self.at, by=self.by, request_id=request_id,
        )  # fmt: skip
        if request_id:
            self.known[request_id] = figure
        return figure

    def keep(self) -> None:
        """Save what was written, cells and figures, and note it in the ledger."""
        if not self.written:
            return
        figures = [figure for _entry, _event, figure in self.written]
        Figure.objects.bulk_create([*figures, *self.beside])
        entries = [entry for entry, _event, _figure in self.written]
        keep_all(entries, self.by, self.at)
        for entry, event, figure in self.written:
            record(self.ledger, event, entry, **figure_data(figure))
        provided = [e for e in entries if e.indicator.provider == Provider.OWNER]
        settle_elsewhere(provided, self.by, self.at, self.ledger)
        self.written, self.beside = [], []


def pen_for(
    rows: Sequence[Given], entries: Mapping[int, Entry], by: User, ledger: Ledger, at: datetime,
    bases: Mapping[int, Bases] | None = None,
) -> Pen:  # fmt: skip
    """A pen for some rows and their locked cells, with what the checks on them need."""
    asked = [row.request_id for row in rows if row.request_id]
    return Pen(
        by, ledger, at, entries, bases or bases_by_round(entries.values()),
        versions_of(entries.values()), {str(f.request_id): f for f in _sent_before(asked)},
    )  # fmt: skip


@prepared
def _sent_before(requests: Any) -> QuerySet[Figure, Figure]:
    return Figure.objects.filter(request_id__in=requests).order_by()


def bases_by_round(entries: Iterable[Entry]) -> dict[int, Bases]:
    """What some cells are measured against, by their round's id."""
    rounds: dict[int, list[Entry]] = {}
    for entry in entries:
        rounds.setdefault(entry.round_id, []).append(entry)
    return {
        pk: bases_of(own[0].round, {e.unit_id for e in own}, {e.indicator for e in own})
        for pk, own in rounds.items()
    }


def _objection(entry: Entry, row: Given) -> str:
    if row.value is not None and not row.value.is_finite():
        return _("不是数字。")
    if row.value is not None and len(canonical(row.value)) > 40:
        return _("位数太多。")
    if row.missing and row.missing not in UNIT_KINDS:
        return _("“%(kind)s”不能由填报人选择。") % {"kind": row.missing}
    if row.grade and not entry.indicator.qualitative:
        return _("不是定性指标，不能填等次。")
    return ""


def _same(figure: Figure | None, row: Given) -> bool:
    if figure is None:
        return row.nothing
    return (figure.value, figure.missing, figure.grade) == (row.value, row.missing, row.grade)
