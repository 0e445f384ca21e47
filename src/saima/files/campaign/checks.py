"""Check a campaign: everything wrong between its tables, all at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import saima.files.campaign.check_problems  # noqa: F401  (declares the wordings)
from saima.campaigns import Campaign, Event, Indicator, Unit
from saima.files.campaign.duties import full_weights
from saima.files.campaign.entities import field_place, seen_at
from saima.files.campaign.figure_checks import check_figures
from saima.files.campaign.problems import Findings
from saima.formulas import compile_formula, names_of
from saima.problems import Place, Problem
from saima.rounding import text as digits
from saima.rules.rulebook import Node, Rulebook
from saima.tables import Tables


def check_tables(tables: Tables, rulebooks: Iterable[Rulebook] = ()) -> list[Problem]:
    """What is wrong in a campaign that could be read; what reading found is in `tables.problems`.

    Works on tables of any making; places are as exact as `campaign.places` and the tables'
    columns `table`, `row` and `column` allow.
    """
    findings = Findings()
    books = tuple(rulebooks)
    check_campaign(tables.campaign, books, findings, Place(file=tables.name))
    check_figures(tables, books, findings)
    return findings.all()


def check_campaign(
    campaign: Campaign, rulebooks: tuple[Rulebook, ...], findings: Findings, at: Place
) -> None:
    """The small tables and the rulebooks against one another."""
    clock = campaign.clock
    if clock.end < clock.start:
        findings.add("clock-ends-early", at, start=clock.start, end=clock.end)
    if not any(u.track and u.ranked for u in campaign.units):
        findings.add("no-ranked-units", at)
    for index, unit in enumerate(campaign.units):
        _check_unit(campaign, index, unit, findings)
    for index, indicator in enumerate(campaign.indicators):
        _check_indicator(campaign, index, indicator, findings)
    _check_assignments(campaign, findings)
    _check_weights(campaign, rulebooks, findings)
    known = {e.name: e.kind for r in rulebooks for e in r.events} | _counted(rulebooks)
    for index, event in enumerate(campaign.events):
        _check_event(campaign, index, event, known if rulebooks else None, findings)
    for rulebook in rulebooks:
        for _, leaf in rulebook.leaves():
            if leaf.indicator not in campaign.indicator_index:
                values = {"rulebook": rulebook.name, "text": leaf.indicator}
                findings.add("rulebook-indicator-unknown", at, **values)


def _counted(rulebooks: Iterable[Rulebook]) -> dict[str, str]:
    """Names of events that methods count (points per event)."""
    found: dict[str, str] = {}
    for rulebook in rulebooks:
        for _, leaf in rulebook.leaves():
            for kind in getattr(leaf.settings, "events", ()) or ():
                found[getattr(kind, "name", str(kind))] = "bonus"
    return found


def _place(campaign: Campaign, table: str, index: int, field: str) -> Place:
    return field_place(campaign.places, table, index, field)


def _check_unit(campaign: Campaign, index: int, unit: Unit, findings: Findings) -> None:
    for field, text in (("parent", unit.parent), ("successor", unit.successor)):
        if text and text not in campaign.unit_index:
            place = _place(campaign, "units", index, field)
            findings.add(f"{field}-unknown", place, unit=unit.label, text=text)
    if unit.track and campaign.tracks and unit.track not in campaign.tracks:
        place, text = _place(campaign, "units", index, "track"), unit.track
        findings.add_near("track-unknown", place, text, campaign.tracks, text=text)
    if unit.valid_from and unit.valid_to and unit.valid_to < unit.valid_from:
        place = _place(campaign, "units", index, "valid_to")
        values = {"unit": unit.label, "start": unit.valid_from, "end": unit.valid_to}
        findings.add("unit-ends-early", place, **values)


def _check_indicator(
    campaign: Campaign, index: int, indicator: Indicator, findings: Findings
) -> None:
    lead = indicator.lead_unit
    if lead and lead not in campaign.unit_index:
        place = _place(campaign, "indicators", index, "lead_unit")
        findings.add("lead-unit-unknown", place, indicator=indicator.name, text=lead)
    for field, part in (("numerator", "分子"), ("denominator", "分母")):
        text = getattr(indicator, field)
        place = _place(campaign, "indicators", index, field)
        values = {"indicator": indicator.name, "part": part, "part_en": field}
        if text and text not in campaign.indicator_index:
            findings.add("ratio-part-unknown", place, text=text, **values)
        elif not text and indicator.rolls_up == "ratio":
            findings.add("ratio-without-parts", place, **values)
    if indicator.formula:
        place = _place(campaign, "indicators", index, "formula")
        for problem in _formula_problems(campaign, indicator, place):
            findings.take(problem)


def _formula_problems(campaign: Campaign, indicator: Indicator, place: Place) -> list[Problem]:
    known = {x.code: x.code for x in campaign.indicators}
    known |= {f"value:{x.code}": x.code for x in campaign.indicators}
    known |= {x.name: x.code for x in campaign.indicators if x.name not in known}
    return compile_formula(indicator.formula, names_of(known), known, place)[1]


def _check_assignments(campaign: Campaign, findings: Findings) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    tracks = set(campaign.tracks) | {u.track for u in campaign.units}
    for index, given in enumerate(campaign.assignments):
        if given.track and given.track not in tracks:
            place = _place(campaign, "assignments", index, "track")
            findings.add_near("track-unknown", place, given.track, tracks, text=given.track)
        first = seen.setdefault((given.indicator, given.unit, given.track), index)
        if first != index:
            _name_twice(campaign, index, first, findings)


def _check_weights(campaign: Campaign, rulebooks: tuple[Rulebook, ...], findings: Findings) -> None:
    """Units with weights of their own (一企一策): all that they can earn makes a hundred."""
    last = {
        a.unit: n for n, a in enumerate(campaign.assignments) if a.unit and a.weight is not None
    }
    adding = [r for r in rulebooks if r.aggregate == "sum" and _adds_up(r.tree)]
    for code, index in last.items():
        if code not in campaign.unit_index:
            continue
        unit = campaign.unit(code)
        for rulebook in adding:
            total = digits(full_weights(campaign, rulebook, unit))
            if total not in ("0", "100"):
                place = _place(campaign, "assignments", index, "weight")
                values = {"unit": unit.label, "rulebook": rulebook.name, "total": total}
                findings.add("weights-not-a-hundred", place, **values)


def _adds_up(nodes: tuple[Node, ...]) -> bool:
    """Whether points are simply added all the way up."""
    return all(n.aggregate == "sum" and _adds_up(n.categories) for n in nodes)


def _name_twice(campaign: Campaign, index: int, first: int, findings: Findings) -> None:
    given = campaign.assignments[index]
    names = campaign.indicator_index
    indicator = (
        campaign.indicator(given.indicator).name if given.indicator in names else given.indicator
    )
    findings.add(
        "assignment-twice",
        _place(campaign, "assignments", index, "indicator"),
        indicator=indicator,
        whom=given.unit or given.track or "所有单位",
        **seen_at(_place(campaign, "assignments", first, "indicator")),
    )


def _check_event(
    campaign: Campaign,
    index: int,
    event: Event,
    known: dict[str, str] | None,
    findings: Findings,
) -> None:
    unit = campaign.unit(event.unit).label if event.unit in campaign.unit_index else event.unit
    said = {"unit": unit, "name": event.name}
    for code, field in _event_faults(event):
        findings.add(
            code,
            _place(campaign, "events", index, field),
            start=event.on,
            end=event.expires,
            **said,
        )
    if known is not None and event.points is None and event.name not in known:
        place = _place(campaign, "events", index, "name")
        findings.add_near("event-not-in-rulebook", place, event.name, known, **said)


def _event_faults(event: Event) -> Iterator[tuple[str, str]]:
    if not event.basis:
        yield "event-without-basis", "basis"
    if event.kind == "veto" and event.expires is None:
        yield "veto-without-expiry", "expires"
    if event.expires is not None and event.expires < event.on:
        yield "event-expires-early", "expires"
