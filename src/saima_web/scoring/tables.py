"""From the database to the library's tables: what was known at a moment, one row a figure.

A fact's `row` is the Figure's id and its table `figures`; a target's likewise with `targets`, so
that every number in an explanation leads back to the person who gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import polars as pl
from django.db.models import CharField, Min, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from msgspec import structs

from saima import campaigns as library
from saima.scoring.narrow import Reach
from saima.tables import Tables
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of, document_settings, library_units
from saima_web.indicators.models import Assignment, Indicator
from saima_web.indicators.queries import library_assignments, library_indicators
from saima_web.people.models import Unit
from saima_web.reporting.models import Figure
from saima_web.scoring.models import ScoreEvent, ScoreRun
from saima_web.targets.models import Target, TargetSet

FACTS: dict[str, Any] = {
    "unit": pl.String, "indicator": pl.String, "period": pl.String, "source": pl.String,
    "value": pl.Float64, "missing": pl.String, "grade": pl.String,
    "recorded_at": pl.Datetime("us"), "table": pl.String, "row": pl.Int32, "column": pl.Int32,
}  # fmt: skip
READ: dict[str, Any] = {
    "unit": pl.Int64, "indicator": pl.Int64, "period": pl.String, "source": pl.String,
    "value": pl.String, "missing": pl.String, "grade": pl.String,
    "recorded_at": pl.Datetime("us"), "row": pl.Int32, "withdrawn": pl.Boolean,
}  # fmt: skip
"""A figure as the database gives it: its unit and indicator by their ids."""
PIECE = 50_000
EVERYTHING = Q()
TARGETS: dict[str, Any] = {
    "unit": pl.String, "indicator": pl.String, "period": pl.String, "target": pl.Float64,
    "stretch": pl.Float64, "goal": pl.String, "recorded_at": pl.Datetime("us"),
        "table": pl.String, "row": pl.Int32, "column": pl.Int32,
}  # fmt: skip


def tables_of(
    campaign: Campaign, moment: datetime, *, provisional: bool = False, day: date | None = None
) -> Tables:
    """A campaign's tables as known at a moment, with the membership of a day."""
    named = library_campaign(campaign, moment, provisional=provisional, day=day)
    units = _by_id(Unit, [u.code for u in named.units])
    indicators = _by_id(Indicator, [x.code for x in named.indicators])
    return Tables(
        campaign=named,
        targets=_frame(_target_rows(campaign, moment), TARGETS),
        facts=_facts(units, indicators, moment, _since(campaign)),
        name=campaign.name,
    )


def tables_within(
    campaign: Campaign, moment: datetime, named: library.Campaign, of: Reach
) -> Tables:
    """As `tables_of`, but only what is within reach; `named` is the campaign's frame."""
    units = _by_id(Unit, [u.code for u in named.units if of.everywhere or u.code in of.units])
    indicators = _by_id(Indicator, sorted(of.indicators))
    within = _within(of, units, indicators)
    return Tables(
        campaign=structs.replace(named, assignments=library_assignments(campaign, _assigned(of))),
        targets=_frame(_target_rows(campaign, moment, within), TARGETS),
        facts=_facts(units, indicators, moment, _since(campaign), within),
        name=campaign.name,
    )


def _within(of: Reach, units: Mapping[int, str], indicators: Mapping[int, str]) -> Q:
    """Rows of some indicators of all units, and of others of some units."""
    everywhere = [pk for pk, code in indicators.items() if code in of.everywhere]
    here = [pk for pk, code in indicators.items() if code in of.here]
    ours = [pk for pk, code in units.items() if code in of.units]
    return Q(indicator__in=everywhere) | Q(indicator__in=here, unit__in=ours)


def _assigned(of: Reach) -> Q:
    """Who has these indicators; of those of some units one row tells that it is assigned at all."""
    rows = Assignment.objects.filter(indicator__code__in=of.here).order_by()
    one_each = rows.values("campaign", "indicator").annotate(first=Min("pk")).values("first")
    ours = Q(unit=None) | Q(unit__code__in=of.units) | Q(pk__in=one_each)
    return Q(indicator__code__in=of.everywhere) | Q(indicator__code__in=of.here) & ours


def library_campaign(
    campaign: Campaign, moment: datetime, *, provisional: bool = False, day: date | None = None
) -> library.Campaign:
    """Everything but figures, targets and rulebooks, as the library knows it."""
    return structs.replace(
        frame_of(campaign, moment, provisional=provisional, day=day),
        assignments=library_assignments(campaign),
        published=_published(campaign, moment),
    )


def frame_of(
    campaign: Campaign, moment: datetime, *, provisional: bool = False, day: date | None = None
) -> library.Campaign:
    """As `library_campaign`, without who has which indicator and the places published before.

    Membership is that of `day`; a run gives its period's end, so that a unit which moved later is
    ranked where it stood. Without one it is the moment's day within the campaign.
    """
    day = day or min(max(timezone.localdate(moment), campaign.start), campaign.end)
    counts = tuple(campaign.counts or ["confirmed"])
    if provisional and "reported" not in counts:
        counts = (*counts, "reported")
    return library.Campaign(
        name=campaign.name,
        organisation=campaign.organisation,
        clock=clock_of(campaign),
        counts=counts,
        tracks=tuple(campaign.tracks.values_list("name", flat=True)),
        units=library_units(campaign, day, moment),
        indicators=library_indicators(campaign, moment),
        events=_events(campaign, moment),
        documents=document_settings(campaign),
        scores=campaign.scores,
        demo=campaign.demo,
    )


def _frame(rows: Iterable[tuple[Any, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _by_id(model: type[Unit] | type[Indicator], codes: Sequence[str]) -> dict[int, str]:
    return dict(model.objects.filter(code__in=codes).values_list("pk", "code"))


def _since(campaign: Campaign) -> str:
    """The first year whose figures count: last year's are compared with, and open with its eve's.

    Texts of periods begin with their year; days of a campaign (D0) come after all years.
    """
    return str(campaign.start.year - 2)


def _facts(
    units: Mapping[int, str],
    indicators: Mapping[int, str],
    moment: datetime,
    since: str,
    within: Q = EVERYTHING,
) -> pl.DataFrame:
    """The figure that stands last in each cell, of units and indicators by their ids.

    Years of figures are millions of rows: they go into columns piece by piece.
    """
    rows = (
        Figure.objects.filter(within, unit__in=units, indicator__in=indicators)
        .filter(recorded_at__lte=moment, period__gte=since)
        .order_by("pk")
        .annotate(text=Cast("value", CharField()))
        .values_list(
            "unit_id", "indicator_id", "period", "source", "text", "missing", "grade",
            "recorded_at", "pk", "withdrawn",
        )
    )  # fmt: skip
    pieces = _pieces(rows.iterator(chunk_size=PIECE))
    found = pl.concat([pl.DataFrame(schema=READ), *map(_piece, pieces)])
    cell = ("unit", "indicator", "period", "source")
    standing = found.unique(cell, keep="last", maintain_order=True).filter(~pl.col("withdrawn"))
    value = pl.col("value").cast(pl.Float64)
    missing = pl.when(pl.col("missing") == "").then(pl.lit("not-reported")).otherwise("missing")
    said = value.is_not_null() | (pl.col("grade") != "")
    return standing.with_columns(
        _codes("unit", units), _codes("indicator", indicators), value=value,
        missing=pl.when(said).then(pl.lit("")).otherwise(missing),
        table=pl.lit("figures"), column=pl.lit(-1),
    ).select(pl.col(name).cast(kind) for name, kind in FACTS.items())  # fmt: skip


def _pieces(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while piece := list(islice(rows, PIECE)):
        yield piece


def _piece(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    columns = [list(column) for column in zip(*rows, strict=True)]
    moments = [at.replace(tzinfo=None) for at in columns[7]]
    columns[4] = [text or None for text in columns[4]]
    return pl.DataFrame([*columns[:7], moments, *columns[8:]], schema=READ)


def _codes(name: str, codes: Mapping[int, str]) -> pl.Expr:
    return pl.col(name).replace_strict(list(codes), list(codes.values()), return_dtype=pl.String)


def _target_rows(
    campaign: Campaign, moment: datetime, within: Q = EVERYTHING
) -> Iterator[tuple[Any, ...]]:
    rows = _approved(campaign, moment).filter(within).values_list(
        "unit__code", "indicator__code", "period", "value", "stretch", "goal", "recorded_at",
        "pk", "withdrawn",
    )  # fmt: skip
    latest = {row[:3]: row for row in rows.iterator(chunk_size=5000)}
    for unit, indicator, period, value, stretch, goal, at, pk, withdrawn in latest.values():
        if not withdrawn:
            yield (
                unit, indicator, period, None if value is None else float(value),
                None if stretch is None else float(stretch), goal, at.replace(tzinfo=None),
                "targets", pk, -1,
            )  # fmt: skip


def _approved(campaign: Campaign, moment: datetime) -> QuerySet[Target]:
    return Target.objects.filter(
        batch__campaign=campaign,
        batch__state=TargetSet.State.APPROVED,
        batch__decided_at__lte=moment,
    ).order_by("batch__decided_at", "pk")


def targets_in_force(campaign: Campaign, moment: datetime) -> list[Target]:
    """The latest approved target of every cell; withdrawn ones are gone."""
    rows = _approved(campaign, moment).select_related("unit", "indicator")
    latest = {(r.unit_id, r.indicator_id, r.period): r for r in rows}
    return [r for r in latest.values() if not r.withdrawn]


def _events(campaign: Campaign, moment: datetime) -> tuple[library.Event, ...]:
    rows = campaign.events.filter(recorded_at__lte=moment).select_related("unit", "indicator")
    kept = (
        r for r in rows.order_by("on", "pk") if r.withdrawn_at is None or r.withdrawn_at > moment
    )
    return tuple(_event(row) for row in kept)


def _event(row: ScoreEvent) -> library.Event:
    return library.Event(
        kind=row.kind,  # type: ignore[arg-type]
        unit=row.unit.code,
        name=row.name,
        on=row.on,
        count=float(row.count or 1),
        points=float(row.points) if row.points else None,
        basis=row.basis,
        expires=row.expires,
        indicator=row.indicator.code if row.indicator else "",
        note=row.note,
    )


def _published(campaign: Campaign, moment: datetime) -> tuple[library.PublishedRank, ...]:
    """The ranks of the latest publication of every period up to the moment.

    For periods before the platform kept score, those that were imported.
    """
    runs = campaign.runs.filter(
        state__in=(ScoreRun.State.PUBLISHED, ScoreRun.State.SUPERSEDED),
        published_at__lte=moment,
        trial=False,
    ).order_by("version")
    runs = runs.defer("result")
    latest = {run.period: run for run in runs}
    imported = campaign.past_ranks.exclude(period__in=latest)
    return tuple(
        library.PublishedRank(unit=unit, period=period, rank=rank)
        for unit, period, rank in imported.values_list("unit__code", "period", "rank")
    ) + tuple(
        library.PublishedRank(unit=unit, period=run.period, rank=rank)
        for run in latest.values()
        for unit, rank in run.standings.values_list("unit__code", "rank")
        if rank is not None
    )
