"""The campaign and what it names: clock, units, tracks, indicators, who has which, score events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Literal

from msgspec import Struct

from saima.periods import Clock, Period
from saima.problems import Place

Direction = Literal["more", "less", "centred", "clear-to-zero"]
Nature = Literal["year-to-date", "in-period", "point-in-time"]
Frequency = Literal["day", "ten-day", "week", "month", "two-months", "quarter", "half", "year"]
RollUp = Literal["own", "sum", "ratio"]
Source = Literal["reported", "confirmed", "official"]
EventKind = Literal["bonus", "deduction", "veto", "gate"]

SOURCES: tuple[Source, ...] = ("reported", "confirmed", "official")

SOURCE_NAMES: dict[str, str] = {
    "reported": "自报数",
    "confirmed": "核定数",
    "official": "统计反馈数",
}
KIND_NAMES: dict[str, str] = {
    "group": "集团", "company": "企业", "department": "部门", "district": "区县", "branch": "党支部",
}  # fmt: skip


class Unit(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A unit (单位) in the tree; `order` is the official order (机构序), never alphabetical."""

    code: str
    name: str
    short_name: str = ""
    kind: Literal["group", "company", "department", "district", "branch"] = "company"
    parent: str = ""
    order: int = 0
    track: str = ""
    ranked: bool = True  # False: 单列, scored but listed apart
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    difficulty: float = 1.0  # 难度系数

    def valid_at(self, moment: date) -> bool:
        after = self.valid_from is None or self.valid_from <= moment
        return after and (self.valid_to is None or moment <= self.valid_to)

    @property
    def label(self) -> str:
        return self.short_name or self.name


class Definition(Struct, frozen=True, kw_only=True, rename="kebab"):
    """One version of what a figure means (口径). `comparable` False marks a break in the series."""

    version: int = 1
    effective: str = ""
    text: str = ""
    basis: str = ""
    comparable: bool = True


class Indicator(Struct, frozen=True, kw_only=True, rename="kebab"):
    """An indicator (指标) of the library: how it is measured, never how it is scored."""

    code: str
    name: str
    category: str = ""
    battle_line: str = ""  # 战役、阵地
    business_line: str = ""  # 业务板块
    measure: str = ""  # 计量单位
    decimals: int = 2
    direction: Direction = "more"
    nature: Nature = "year-to-date"
    frequency: Frequency = "month"
    lead_unit: str = ""
    data_owner: str = ""
    rolls_up: RollUp = "own"
    numerator: str = ""
    denominator: str = ""
    formula: str = ""  # a derived indicator: arithmetic over other indicators' codes
    counts: tuple[Source, ...] = ()  # which source counts, if not the campaign's
    qualitative: bool = False  # a goal in words, answered with a grade
    definitions: tuple[Definition, ...] = ()

    def definition_at(self, period: Period) -> Definition | None:
        """The version in force at a period's end, None if the indicator states none."""
        in_force = [
            d for d in self.definitions if not d.effective or d.effective <= period.end.isoformat()
        ]
        return in_force[-1] if in_force else None


class Assignment(Struct, frozen=True, kw_only=True, rename="kebab"):
    """Who has which indicator with what weight: by unit (一企一策), by track, or everybody."""

    indicator: str
    unit: str = ""
    track: str = ""
    weight: float | None = None  # points; None leaves the rulebook's weight


class Event(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A bonus, deduction, veto or gate that fell on a unit, with its basis document."""

    kind: EventKind
    unit: str
    name: str
    on: date
    count: float = 1.0
    points: float | None = None  # stated points; None leaves the rulebook's points per event
    basis: str = ""
    expires: date | None = None
    indicator: str = ""
    note: str = ""

    def in_force(self, moment: date) -> bool:
        return self.on <= moment and (self.expires is None or moment <= self.expires)


class PublishedRank(Struct, frozen=True, kw_only=True, rename="kebab"):
    """A rank as it was published, which movement is measured against."""

    unit: str
    period: str
    rank: int


class DocumentSettings(Struct, frozen=True, kw_only=True, rename="kebab"):
    """What bulletins print: letterhead, number, addressee, signature, how many places are named."""

    letterhead: str = ""
    number: str = ""  # 示例考核〔2026〕{issue}号
    first_issue: int = 1
    addressee: str = "各有关单位"
    signature: str = ""
    copies_to: str = ""
    printed_by: str = ""
    named_places: int = 3
    order: Literal["rank", "official"] = "rank"
    template: str = ""
    title_font: str = ""
    body_font: str = ""


class Campaign(Struct, frozen=True, kw_only=True, dict=True):
    """A campaign (攻坚行动): everything but the figures, targets and rulebooks.

    `places` tells where a unit, indicator, assignment or event stands in the input, by
    (table, row index).
    """

    name: str
    organisation: str
    clock: Clock
    counts: tuple[Source, ...] = ("confirmed",)
    tracks: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    events: tuple[Event, ...] = ()
    published: tuple[PublishedRank, ...] = ()
    documents: DocumentSettings = DocumentSettings()
    scores: str = "month"
    demo: bool = False
    places: dict[tuple[str, int], Place] = {}

    @cached_property
    def unit_index(self) -> dict[str, int]:
        return {u.code: i for i, u in enumerate(self.units)}

    @cached_property
    def indicator_index(self) -> dict[str, int]:
        return {x.code: i for i, x in enumerate(self.indicators)}

    def unit(self, code: str) -> Unit:
        return self.units[self.unit_index[code]]

    def indicator(self, code: str) -> Indicator:
        return self.indicators[self.indicator_index[code]]

    def children(self, code: str, moment: date) -> tuple[Unit, ...]:
        """The units right below one at a day (membership at the period's end)."""
        return tuple(u for u in self.units if u.parent == code and u.valid_at(moment))

    def ranked_units(self) -> tuple[Unit, ...]:
        """The units that take part in scoring: those with a track, in official order."""
        return tuple(u for u in self.units if u.track)

    def place(self, table: str, row: int) -> Place:
        return self.places.get((table, row), Place())


def official_order(units: Iterable[Unit]) -> list[Unit]:
    """Units in 机构序; equal orders keep the order in which they were given."""
    return sorted(units, key=lambda u: u.order)
