"""The rows of a campaign's tables: one function a table, written in bulk, linked by code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Model

from saima import campaigns as library
from saima.periods import parse
from saima.rules.rulebook import Rulebook as LibraryRulebook
from saima.rules.writing import number, write_rulebook
from saima.tables import Tables
from saima_web.audit.chain import canonical
from saima_web.campaigns.models import Campaign, Participation, PublishedRank, Track
from saima_web.indicators.models import Assignment, Definition, Indicator, Rulebook
from saima_web.people.models import Unit
from saima_web.reporting.models import Figure
from saima_web.scoring.models import ScoreEvent
from saima_web.setup.conflicts import exact, facts_of, figures_known, said
from saima_web.targets.models import Target, TargetSet

BATCH = 1000


@dataclass
class Into:
    """Where tables go: the campaign made for them, who brings them when, and rows by code."""

    tables: Tables
    by: Any
    at: datetime
    campaign: Campaign
    units: dict[str, Unit] = field(default_factory=dict)
    tracks: dict[str, Track] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)

    @property
    def named(self) -> library.Campaign:
        return self.tables.campaign


Written = tuple[str, list[dict[str, Any]]]
"""A table's name and its rows as plain data, for the ledger's digest."""


def known_rows(tables: Tables, campaign: Campaign, by: Any, at: datetime) -> Into:
    """Tables that only name units and indicators that are there."""
    into = Into(tables, by, at, campaign)
    into.units = {u.code: u for u in Unit.objects.all()}
    into.indicators = {x.code: x for x in Indicator.objects.all()}
    return into


def digest(rows: list[dict[str, Any]]) -> str:
    """The digest of a table's rows as it stands in the ledger."""
    return hashlib.sha256(canonical(rows)).hexdigest()


def campaign_of(named: library.Campaign, code: str) -> Campaign:
    """The campaign's own row, not saved."""
    return Campaign(
        code=code,
        name=named.name,
        organisation=named.organisation,
        clock_kind=named.clock.kind,
        start=named.clock.start,
        end=named.clock.end,
        joint=[list(pair) for pair in named.clock.joint],
        scores=named.scores,
        counts=list(named.counts),
        documents=msgspec.to_builtins(named.documents),
        demo=named.demo,
    )


def put_units(into: Into) -> Written:
    """Units that are new, then their links; known ones are kept as they are."""
    codes = [u.code for u in into.named.units]
    kept = {u.code: u for u in Unit.objects.filter(code__in=codes)}
    new = [u for u in into.named.units if u.code not in kept]
    Unit.objects.bulk_create([_unit(u) for u in new])
    into.units = {u.code: u for u in Unit.objects.filter(code__in=codes)}
    for unit in new:
        row = into.units[unit.code]
        row.parent = into.units.get(unit.parent)
        row.successor = into.units.get(unit.successor)
    made = [into.units[u.code] for u in new]
    Unit.objects.bulk_update(made, ["parent", "successor"], batch_size=BATCH)
    return "units", [_plain(u, "code", "name", "parent", "track") for u in new]


def _unit(unit: library.Unit) -> Unit:
    return Unit(
        code=unit.code, name=unit.name, short_name=unit.short_name, kind=unit.kind,
        order=unit.order, valid_from=unit.valid_from, valid_to=unit.valid_to,
    )  # fmt: skip


def put_members(into: Into) -> Written:
    """Tracks, and who takes part: units with a track, and those with figures or targets."""
    Track.objects.bulk_create(
        Track(campaign=into.campaign, name=name, order=n)
        for n, name in enumerate(into.named.tracks)
    )
    into.tracks = {t.name: t for t in into.campaign.tracks.all()}
    busy = {
        str(code)
        for frame in (into.tables.facts, into.tables.targets)
        for code in frame["unit"].unique().to_list()
    } | {a.unit for a in into.named.assignments if a.unit}
    taking_part = [u for u in into.named.units if u.track or u.code in busy]
    Participation.objects.bulk_create(
        [
            Participation(
                campaign=into.campaign, unit=into.units[u.code], track=into.tracks.get(u.track),
                ranked=u.ranked and bool(u.track), difficulty=str(number(u.difficulty)),
                recorded_at=into.at,
            )
            for u in taking_part
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return "participations", [_plain(u, "code", "track", "ranked") for u in taking_part]


def put_indicators(into: Into) -> Written:
    """Indicators that are new and all definitions that are; known indicators are reused."""
    codes = [x.code for x in into.named.indicators]
    kept = set(Indicator.objects.filter(code__in=codes).values_list("code", flat=True))
    new = [(n, x) for n, x in enumerate(into.named.indicators) if x.code not in kept]
    first = Indicator.objects.count()
    Indicator.objects.bulk_create([_indicator(into, x, first + n) for n, x in new])
    into.indicators = {x.code: x for x in Indicator.objects.filter(code__in=codes)}
    known = set(
        Definition.objects.filter(indicator__code__in=codes).values_list(
            "indicator__code", "version"
        )
    )
    Definition.objects.bulk_create(
        [
            Definition(
                indicator=into.indicators[x.code], version=d.version, effective=d.effective,
                text=d.text, basis=d.basis, comparable=d.comparable, recorded_at=into.at,
                by=into.by,
            )
            for x in into.named.indicators
            for d in x.definitions
            if (x.code, d.version) not in known
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return "indicators", [msgspec.to_builtins(x) for _, x in new]


def _indicator(into: Into, x: library.Indicator, order: int) -> Indicator:
    same = (
        "code", "name", "category", "battle_line", "business_line", "measure", "decimals",
        "direction", "nature", "frequency", "rolls_up", "numerator", "denominator", "formula",
        "qualitative",
    )  # fmt: skip
    return Indicator(
        **{name: getattr(x, name) for name in same},
        counts=list(x.counts),
        lead_unit=into.units.get(x.lead_unit),
        data_owner=into.units.get(x.data_owner),
        order=order,
    )


def put_assignments(into: Into) -> Written:
    """Who has which indicator."""
    rows = into.named.assignments
    Assignment.objects.bulk_create(
        [
            Assignment(
                campaign=into.campaign, indicator=into.indicators[a.indicator],
                unit=into.units.get(a.unit), track=into.tracks.get(a.track),
                weight="" if a.weight is None else str(number(a.weight)),
            )
            for a in rows
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return "assignments", [msgspec.to_builtins(a) for a in rows]


def put_rulebooks(into: Into, books: tuple[LibraryRulebook, ...]) -> Written:
    """Rulebooks as published; of each scheme the latest version stands, the others are past."""
    latest = {b.rulebook: b.version for b in sorted(books, key=lambda b: b.version)}
    states = Rulebook.State
    Rulebook.objects.bulk_create(
        Rulebook(
            campaign=into.campaign, name=book.rulebook, title=book.name, version=book.version,
            text=write_rulebook(book), digest=book.digest,
            state=states.PUBLISHED if latest[book.rulebook] == book.version else states.SUPERSEDED,
            effective_from=book.effective.from_ if book.effective else "", basis=book.basis,
            saved_at=into.at, saved_by=into.by, published_at=into.at, published_by=into.by,
        )
        for book in books
    )  # fmt: skip
    return "rulebooks", [
        {"rulebook": b.rulebook, "version": b.version, "digest": b.digest} for b in books
    ]


def put_targets(into: Into) -> Written:
    """Targets as one approved set."""
    rows = into.tables.targets.to_dicts()
    if not rows:
        return "targets", []
    batch = TargetSet.objects.create(
        campaign=into.campaign, title="随行动导入的目标", reason="导入行动工作簿",
        state=TargetSet.State.APPROVED, made_at=into.at, made_by=into.by, decided_at=into.at,
        decided_by=into.by, decision="导入前已批准",
    )  # fmt: skip
    Target.objects.bulk_create([_target(into, batch, row) for row in rows], batch_size=BATCH)
    return "targets", [fact_data(row, "target", "stretch", "goal") for row in rows]


def _target(into: Into, batch: TargetSet, row: dict[str, Any]) -> Target:
    return Target(
        batch=batch, unit=into.units[str(row["unit"])],
        indicator=into.indicators[str(row["indicator"])], period=str(row["period"]),
        value=exact(row["target"]), stretch=exact(row["stretch"]), goal=row["goal"] or "",
        recorded_at=into.at,
    )  # fmt: skip


def put_figures(into: Into) -> Written:
    """Figures as history, each under its source; those that the platform has are not repeated."""
    here = figures_known(into.units, into.indicators)
    rows = [
        r for r in facts_of(into.tables)
        if here.get((r["unit"], r["indicator"], r["period"], r["source"])) != said(r)
    ]  # fmt: skip
    versions = Versions(into)
    Figure.objects.bulk_create(
        [figure(into, row, versions(row["indicator"], row["period"])) for row in rows],
        batch_size=BATCH,
    )
    return "figures", [fact_data(r, "source", "value", "missing", "grade") for r in rows]


def figure(into: Into, row: dict[str, Any], version: int) -> Figure:
    value, missing, grade = said(row)
    return Figure(
        unit=into.units[row["unit"]], indicator=into.indicators[row["indicator"]],
        definition=version, period=row["period"], source=row["source"], value=value,
        missing=missing, grade=grade, origin=Figure.Origin.HISTORY, recorded_at=into.at,
        by=into.by,
    )  # fmt: skip


class Versions:
    """Which version of its definition an indicator's figure speaks of, read once a pair."""

    def __init__(self, into: Into) -> None:
        self.named = into.named
        self.known: dict[tuple[str, str], int] = {}

    def __call__(self, indicator: str, period: str) -> int:
        if (indicator, period) not in self.known:
            x = self.named.indicator(indicator)
            found = x.definition_at(parse(period, self.named.clock))
            self.known[indicator, period] = found.version if found else 1
        return self.known[indicator, period]


def put_events(into: Into) -> Written:
    """Bonus, deduction, veto and gate events with their basis."""
    rows = into.named.events
    ScoreEvent.objects.bulk_create(
        [
            ScoreEvent(
                campaign=into.campaign, kind=e.kind, unit=into.units[e.unit], name=e.name,
                on=e.on, count=str(number(e.count)),
                points="" if e.points is None else str(number(e.points)), basis=e.basis,
                expires=e.expires, indicator=into.indicators.get(e.indicator), note=e.note,
                recorded_at=into.at, recorded_by=into.by,
            )
            for e in rows
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return "events", [msgspec.to_builtins(e) for e in rows]


def put_published(into: Into) -> Written:
    """Ranks as they were published before, which movement is measured against."""
    rows = into.named.published
    PublishedRank.objects.bulk_create(
        [
            PublishedRank(
                campaign=into.campaign, unit=into.units[p.unit], period=p.period, rank=p.rank
            )
            for p in rows
        ],
        batch_size=BATCH,
    )
    return "published", [msgspec.to_builtins(p) for p in rows]


def _plain(row: Model | library.Unit, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def fact_data(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row for the digest: numbers as their text, so that both databases agree."""
    keys = ("unit", "indicator", "period", *names)
    return {k: "" if row[k] is None else str(row[k]) for k in keys}
