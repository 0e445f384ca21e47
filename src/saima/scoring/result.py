"""What a scoring run says of one period, as plain data: the JSON shape of `saima score`."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Mark(Struct, frozen=True, kw_only=True):
    """One indicator's mark. `status`: marked, zero, left_out, own_average, track_average, refused.

    attainment is a ratio, pace_gap is in percentage points; null where there is none. `period` is
    the period the figure speaks of (an earlier one where it is held).
    """

    indicator: str
    name: str
    category: str
    actual: float | None
    target: float | None
    attainment: float | None
    pace_gap: float | None
    marks: float | None
    full_marks: float
    sentence: str
    status: str
    source: str = ""
    period: str = ""


class Neighbour(Struct, frozen=True, kw_only=True):
    """The next unit ahead or behind in the ranking, and the distance in points."""

    unit: str
    gap: float


class Need(Struct, frozen=True, kw_only=True):
    """How much more of one indicator would close a gap, everything else as it is."""

    indicator: str
    name: str
    more: float
    measure: str
    sentence: str


class Award(Struct, frozen=True, kw_only=True):
    """A seal that a unit could earn in the period: earned or not, None before it can be told."""

    name: str
    earned: bool | None


class UnitResult(Struct, frozen=True, kw_only=True):
    """One unit's place. rank is null for units listed apart; movement is places gained (+)."""

    unit: str
    name: str
    track: str
    score: float | None
    rank: int | None
    tier: str | None
    movement: int | None
    grade: str | None
    tied: bool = False
    bonus: float = 0.0
    deduction: float = 0.0
    full_marks: float = 0.0
    seals: tuple[Award, ...] = ()
    blocked: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    ahead: Neighbour | None = None
    behind: Neighbour | None = None
    need: Need | None = None
    marks: tuple[Mark, ...] = ()


class RulebookName(Struct, frozen=True, kw_only=True):
    """Which rulebook a run used."""

    name: str
    version: int
    digest: str
    title: str = ""


class Result(Struct, frozen=True, kw_only=True):
    """The ranking of one period. movement_basis: published, recomputed or none."""

    period: str
    rulebook: RulebookName
    input_digest: str
    movement_basis: str
    units: tuple[UnitResult, ...]
    problems: tuple[dict[str, Any], ...] = ()
    as_of: str | None = None
    campaign: str = ""
    demo: bool = False
