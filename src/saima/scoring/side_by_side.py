"""Several rulebooks on the same facts: the own scheme beside the upper level's, unit by unit."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from saima.campaigns import official_order
from saima.periods import Period
from saima.rules.rulebook import Rulebook
from saima.scoring.engine import score
from saima.scoring.report import name_of, result
from saima.scoring.result import RulebookName, UnitResult
from saima.tables import Tables


class UnderOne(Struct, frozen=True, kw_only=True):
    """A unit's standing under one rulebook; null where the rulebook does not score it."""

    rulebook: str
    track: str
    score: float | None
    rank: int | None
    grade: str | None


class Beside(Struct, frozen=True, kw_only=True):
    """One unit under every rulebook, in the order of `SideBySide.rulebooks`."""

    unit: str
    name: str
    results: tuple[UnderOne, ...]


class SideBySide(Struct, frozen=True, kw_only=True):
    """The same period under several rulebooks, units in official order."""

    period: str
    rulebooks: tuple[RulebookName, ...]
    units: tuple[Beside, ...]


def side_by_side(tables: Tables, rulebooks: Sequence[Rulebook], period: Period) -> SideBySide:
    """Score a period under every rulebook.

    A rulebook of another rhythm (quarterly beside monthly) answers with its latest period that
    ends by then; one without such a period scores nobody.
    """
    found = [_units(tables, rulebook, period) for rulebook in rulebooks]
    beside = tuple(
        Beside(
            unit=unit.code,
            name=unit.name,
            results=tuple(
                _under(rulebook.rulebook, units.get(unit.code))
                for rulebook, units in zip(rulebooks, found, strict=True)
            ),
        )
        for unit in official_order(tables.campaign.units)
        if any(unit.code in units for units in found)
    )
    names = tuple(name_of(rulebook) for rulebook in rulebooks)
    return SideBySide(period=period.text, rulebooks=names, units=beside)


def _units(tables: Tables, rulebook: Rulebook, period: Period) -> dict[str, UnitResult]:
    scoring = score(tables, rulebook)
    ended = [p for p in scoring.cube.scored if p.end <= period.end]
    if not ended:
        return {}
    return {u.unit: u for u in result(scoring, ended[-1].text, with_needs=False).units}


def _under(name: str, unit: UnitResult | None) -> UnderOne:
    if unit is None:
        return UnderOne(rulebook=name, track="", score=None, rank=None, grade=None)
    return UnderOne(
        rulebook=name, track=unit.track, score=unit.score, rank=unit.rank, grade=unit.grade
    )
