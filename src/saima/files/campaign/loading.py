"""Load a campaign from a folder or a workbook: its tables, and everything wrong with their cells."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import structs

from saima.campaigns import Campaign
from saima.files.campaign.entities import (
    Entities,
    indicators_with_codes,
    read_assignments,
    read_definitions,
    read_events,
    read_indicators,
    read_published,
    read_units,
    with_codes,
    without_circles,
)
from saima.files.campaign.figures import read_facts, read_targets
from saima.files.campaign.folder import Source, open_folder
from saima.files.campaign.names import indicator_names, naming_of, unit_names
from saima.files.campaign.problems import Findings
from saima.files.campaign.rulebooks import with_indicator_codes
from saima.files.campaign.schema import form
from saima.files.campaign.settings import read_clock, read_counts, read_documents
from saima.problems import Place, refuse
from saima.rules.rulebook import Rulebook
from saima.tables import Tables


def load_campaign(
    path: Path, *, as_of: datetime | None = None, track: str | None = None
) -> tuple[Tables, tuple[Rulebook, ...]]:
    """Read a campaign folder or workbook; what is wrong in it stands in `Tables.problems`.

    With `as_of`, only figures recorded at or before it count. In `facts` and `targets` the codes
    are Enums in the campaign's order, so that `to_physical()` of `unit` is its index.

    With `track` (folders only), only that track's units and its own files of facts and targets.

    Errors: Refused where there is no such campaign, it cannot be read at all, it has no clock,
    or `as_of` is given and the facts carry no times.
    """
    findings = Findings()
    if not path.exists():
        raise refuse("campaign-not-found", Place(file=path.name))
    folder = path.is_dir()
    source = open_folder(path, findings, track) if folder else _open_workbook(path, findings)
    campaign = _campaign(source, findings)
    if track is not None:
        units = tuple(u for u in campaign.units if u.track == track)
        campaign = structs.replace(campaign, units=units)
    known = indicator_names(campaign.indicators)
    rulebooks = with_indicator_codes(source.rulebooks, known, campaign.tracks, findings)
    return _tables(source, campaign, findings, as_of), rulebooks


def _open_workbook(path: Path, findings: Findings) -> Source:
    from saima.files.campaign.workbook import open_campaign_workbook

    return open_campaign_workbook(path, findings)


def _tables(
    source: Source, campaign: Campaign, findings: Findings, as_of: datetime | None
) -> Tables:
    naming = naming_of(campaign.clock, campaign.counts, campaign.units, campaign.indicators)
    targets = read_targets(source.grids["targets"], naming, findings, as_of)
    facts = read_facts(source.grids["facts"], naming, findings, as_of)
    problems = [*findings.all(), *source.problems]
    return Tables(campaign, targets, facts, source.name, problems)


def _campaign(source: Source, findings: Findings) -> Campaign:
    settings, grids = source.settings, source.grids
    clock = read_clock(settings)
    entities = Entities(clock, findings, {})
    for table in ("units", "indicators", "facts"):
        if not grids[table]:
            values = {"table": table, "sheet": form(table).sheet}
            findings.add("table-missing", Place(file=source.name), **values)
    units = read_units(entities, grids["units"])
    known_units = unit_names(units)
    units = without_circles(with_codes(units, known_units), findings, entities.places)
    indicators = read_indicators(entities, grids["indicators"])
    known = indicator_names(indicators)
    entities.names = {"unit": known_units, "indicator": known}
    definitions = read_definitions(entities, grids["definitions"])
    indicators = indicators_with_codes(indicators, definitions, known, known_units)
    for key in ("name", "organisation"):
        if not settings.text(key):
            settings.missing(key)
    return Campaign(
        name=settings.text("name", source.name),
        organisation=settings.text("organisation"),
        clock=clock,
        counts=read_counts(settings),
        tracks=settings.listed("tracks") or tuple(dict.fromkeys(u.track for u in units if u.track)),
        units=units,
        indicators=indicators,
        assignments=read_assignments(entities, grids["assignments"]),
        events=read_events(entities, grids["events"]),
        published=read_published(entities, grids["published"]),
        documents=read_documents(settings),
        scores=settings.choice("scores", "frequency", "month"),
        demo=settings.flag("demo"),
        places=entities.places,
    )
