"""Reads what the entry page shows: a unit's indicators, or one indicator of all units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from saima.periods import Period, parse, previous
from saima_web.base.prepared import prepared
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of, period_in
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import cells_for, may
from saima_web.reporting.checks import Bases, Basis, Finding, bases_of, figure_period
from saima_web.reporting.grid_lines import Axis, Line, Sheet
from saima_web.reporting.grid_rights import Rights, is_provided
from saima_web.reporting.models import Entry, Figure, Remark, Round
from saima_web.reporting.progress import keeps_pace
from saima_web.reporting.sources import made_of_cells
from saima_web.targets import leads
from saima_web.targets.models import Target, TargetSet

RANK = {"reported": 0, "official": 1, "confirmed": 2}
"""Which figure of a past period is shown where there are several: the higher one."""


def round_in(campaign: Campaign, text: str) -> Round:
    """The round of a period. Errors: Http404 where there is none."""
    found = campaign.rounds.filter(period=period_in(campaign, text).text).first()
    if found is None:
        raise Http404
    found.campaign = campaign
    return found


def entries_of(by: User, round: Round) -> Any:
    """The cells of a round that somebody may see: the scope of this module."""
    return (
        round.entries.filter(cells_for(by, "figures.see", round.campaign))
        .select_related(
            "unit",
            "indicator",
            "indicator__data_owner",
            "reported",
            "reported__by",
            "confirmed",
            "confirmed__by",
        )
        .order_by("unit__order", "unit__code", "indicator__order", "indicator__pk")
    )


def unit_sheet(by: User, round: Round, code: str) -> Sheet:
    """A unit's page. Errors: Http404 where it has no cells that one may see."""
    entries = list(entries_of(by, round).filter(unit__code=code))
    if not entries:
        raise Http404
    return _sheet(by, round, "unit", entries[0].unit, entries)


def indicator_sheet(by: User, round: Round, code: str) -> Sheet:
    """An indicator's page over all units. Errors: Http404 where one may see no cell of it."""
    entries = list(entries_of(by, round).filter(indicator__code=code))
    if not entries:
        raise Http404
    return _sheet(by, round, "indicator", entries[0].indicator, entries)


def cells_to_save(by: User, campaign: Campaign, round_id: int, ids: Sequence[int]) -> list[Entry]:
    """The cells among `ids` that somebody may see, with what saving and checking them needs."""
    found = _cells(ids, round_id, campaign.pk)
    for entry in found:
        entry.round = found[0].round
        entry.round.campaign = campaign
    sees = [
        may(by, "figures.see", campaign=campaign, unit=e.unit, indicator=e.indicator) for e in found
    ]
    return [e for e, seen in zip(found, sees, strict=True) if seen]


@prepared
def _cells(ids: Any, round_id: Any, campaign: Any) -> QuerySet[Entry, Entry]:
    rows = Entry.objects.filter(pk__in=ids, round=round_id, round__campaign=campaign).order_by()
    return rows.select_related("round", "unit", "indicator", "reported", "confirmed")


def lines_of(by: User, entries: Sequence[Entry], axis: Axis, bases: Bases) -> list[Line]:
    """The lines of cells just saved, without the columns that saving does not change."""
    return _lines(by, entries[0].round, axis, entries, bases, whole=False) if entries else []


def cell_sheet(by: User, round: Round, entries: Sequence[Entry], axis: Axis) -> Sheet:
    """A page of just these cells, for what comes back after saving."""
    subject = entries[0].unit if axis == "unit" else entries[0].indicator
    return _sheet(by, round, axis, subject, entries)


def _sheet(
    by: User, round: Round, axis: Axis, subject: Unit | Indicator, entries: Sequence[Entry]
) -> Sheet:
    for entry in entries:
        entry.round = round
    period = parse(round.period, clock_of(round.campaign))
    bases = bases_of(round, {e.unit_id for e in entries}, {e.indicator for e in entries})
    lines = _lines(by, round, axis, entries, bases, whole=True)
    return Sheet(
        round,
        period,
        axis,
        subject,
        lines,
        by,
        _calendar_pace(lines),
        _waits_for(entries),
    )


def _lines(
    by: User, round: Round, axis: Axis, entries: Sequence[Entry], bases: Bases, *, whole: bool
) -> list[Line]:
    """Without `whole`, what saving does not change is left out: see `grid_data.saved_data`."""
    last = last_figures(entries) if whole else {}
    goals = goals_of(round, entries) if whole else {}
    promises = _promises(round, entries) if whole else {}
    proposed = _proposals(round, entries, by) if whole else {}
    notes = _notes(entries if whole else [e for e in entries if _findings(bases, e, ())])
    made_of = made_of_cells(round, entries, by)
    lines, rights = [], Rights(by, round)
    for entry in entries:
        cell = (entry.unit_id, entry.indicator_id)
        said = notes.get(entry.pk, [])
        lines.append(
            Line(
                entry=entry,
                label=entry.indicator.name if axis == "unit" else str(entry.unit),
                group=entry.indicator.category if axis == "unit" else "",
                basis=bases.of.get(cell, Basis()),
                last=last.get(cell),
                goal=goals.get(cell),
                findings=_findings(bases, entry, said),
                notes=said,
                promise=promises.get(cell),
                comments=sum(1 for remark in said if remark.kind == Remark.Kind.COMMENT),
                editable=rights.can_edit(entry),
                provided=is_provided(entry.indicator),
                behalf=rights.in_anothers_name(entry),
                reports=rights.reports_for(entry),
                proposal=proposed.get(cell),
                made_of=made_of.get(cell),
            )
        )
    return _grouped(lines)


def _proposals(round: Round, entries: Sequence[Entry], by: User) -> dict[tuple[int, int], int]:
    """What the kept leads, plots or households behind a count give for its period, by cell."""
    kept: dict[tuple[int, int], list[leads.Record]] = {}
    units, indicators = {e.unit_id for e in entries}, {e.indicator_id for e in entries}
    wanted = {"unit__in": units, "indicator__in": indicators}
    for record in leads.records(round.campaign, by, **wanted):
        kept.setdefault((record.lead.unit_id, record.lead.indicator_id), []).append(record)
    cells = {(e.unit_id, e.indicator_id): e for e in entries}
    return {
        cell: leads.count(rows, cells[cell].indicator, period_of(cells[cell]))
        for cell, rows in kept.items()
        if cell in cells
    }


def _grouped(lines: list[Line]) -> list[Line]:
    """The lines of a category together, categories in the order of their first line."""
    order = {group: n for n, group in enumerate(dict.fromkeys(x.group for x in lines))}
    return sorted(lines, key=lambda x: order[x.group])


def _findings(bases: Bases, entry: Entry, said: Iterable[Remark]) -> list[Finding]:
    figure = entry.confirmed or entry.reported
    value = figure.value if figure else None
    return bases.examine(entry.unit_id, entry.indicator, value, {r.kind for r in said})


def _calendar_pace(lines: Sequence[Line]) -> float | None:
    """The share of time gone, where it is the same for all lines that keep pace."""
    gone = {line.basis.gone for line in lines if keeps_pace(line.indicator)} - {None}
    return gone.pop() if len(gone) == 1 else None


def period_of(entry: Entry) -> Period:
    """The period that a cell's figure speaks of."""
    clock = clock_of(entry.round.campaign)
    return figure_period(clock, parse(entry.round.period, clock), entry.indicator)


def last_figures(entries: Sequence[Entry]) -> dict[tuple[int, int], Figure]:
    """The figure of the period before, by cell: confirmed before official before reported."""
    before = {(e.unit_id, e.indicator_id): previous(period_of(e)).text for e in entries}
    rows = sorted(
        Figure.objects.filter(
            period__in=set(before.values()),
            unit__in={e.unit_id for e in entries},
            indicator__in={e.indicator_id for e in entries},
        ),
        key=lambda f: (RANK[f.source], f.pk),
    )
    found = {(r.unit_id, r.indicator_id): r for r in rows if _is_at(r, before)}
    return {cell: row for cell, row in found.items() if not row.withdrawn}


def _is_at(figure: Figure, periods: dict[tuple[int, int], str]) -> bool:
    return periods.get((figure.unit_id, figure.indicator_id)) == figure.period


def goals_of(round: Round, entries: Sequence[Entry]) -> dict[tuple[int, int], Target]:
    """The year's target in force, by cell."""
    clock = clock_of(round.campaign)
    window = clock.window(parse(round.period, clock).end)
    rows = Target.objects.filter(
        batch__campaign=round.campaign,
        batch__state=TargetSet.State.APPROVED,
        period__in={window.text, "全年", f"{window.end:%Y}"},
        unit__in={e.unit_id for e in entries},
        indicator__in={e.indicator_id for e in entries},
    ).order_by("batch__decided_at", "pk")
    latest = {(r.unit_id, r.indicator_id): r for r in rows}
    return {cell: row for cell, row in latest.items() if not row.withdrawn}


def _notes(entries: Sequence[Entry]) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = {}
    for row in _remarks([e.pk for e in entries]):
        found.setdefault(row.entry_id, []).append(row)
    return found


@prepared
def _remarks(entries: Any) -> QuerySet[Remark, Remark]:
    return Remark.objects.filter(entry__in=entries).select_related("by").order_by("at", "pk")


def _promises(round: Round, entries: Sequence[Entry]) -> dict[tuple[int, int], Remark]:
    """What was promised in the latest earlier round where a cell was behind, by cell."""
    rows = (
        Remark.objects.filter(
            kind=Remark.Kind.BEHIND,
            entry__round__campaign=round.campaign,
            entry__round__due_at__lt=round.due_at,
            entry__unit__in={e.unit_id for e in entries},
            entry__indicator__in={e.indicator_id for e in entries},
        )
        .select_related("entry")
        .order_by("entry__round__due_at", "at", "pk")
    )
    return {(r.entry.unit_id, r.entry.indicator_id): r for r in rows}


def _waits_for(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Whose turn it is with what was handed in: the unit's head, or the data owners."""
    units = {e.unit_id for e in entries if e.state == "submitted"}
    heads = User.objects.filter(is_active=True, posts__role="head", posts__unit__in=units)
    owners = {
        str(e.indicator.data_owner): None
        for e in entries
        if e.state == "endorsed" and e.indicator.data_owner
    }
    return (*dict.fromkeys(h.name for h in heads), *owners)


# --- as the page's script gets it -----------------------------------------------------------------
