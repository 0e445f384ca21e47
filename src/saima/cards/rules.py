"""Card rules: one versioned document of levels, rules, and what follows, as plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from saima.rules.rulebook import Effective
from saima.rules.values import Ratio

SubjectKind = Literal["unit-indicator", "unit", "project", "milestone", "task", "commitment"]
Colour = Literal["green", "blue", "yellow", "orange", "red", "black"]
Office = Literal["assessment", "project"]
Evaluated = Literal["day", "week", "month", "quarter", "half", "year"]
Days = Annotated[int, Meta(ge=0, le=366)]
Times = Annotated[int, Meta(ge=1, le=366)]

SUBJECT_NAMES: dict[str, str] = {
    "unit-indicator": "单位的指标",
    "unit": "单位",
    "project": "项目",
    "milestone": "节点",
    "task": "督办事项",
    "commitment": "承诺事项",
}
OFFICE_NAMES: dict[str, str] = {"assessment": "考核办", "project": "重大项目办"}
EVALUATED_NAMES: dict[str, str] = {
    "day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "half": "每半年",
    "year": "每年",
}  # fmt: skip


class _Frozen(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Base of the parts: immutable, kebab-case keys, unknown keys refused."""


class Bounds(_Frozen, frozen=True, kw_only=True):
    """Bounds of a value, each open or closed; none holds for every value."""

    at_least: Ratio | None = None
    more_than: Ratio | None = None
    at_most: Ratio | None = None
    less_than: Ratio | None = None

    def hold(self, value: float) -> bool:
        """Whether a value lies inside."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.more_than is None or value > self.more_than)
            and (self.at_most is None or value <= self.at_most)
            and (self.less_than is None or value < self.less_than)
        )


class Condition(Bounds, frozen=True, kw_only=True):
    """A further condition on the same subject at the same time."""

    of: str


class Band(Bounds, frozen=True, kw_only=True):
    """From where to where a metric leads to a level, perhaps only several times in a row."""

    level: str
    in_a_row: Times = 1
    also: tuple[Condition, ...] = ()


class CardRule(_Frozen, frozen=True, kw_only=True):
    """A rule on one metric of one kind of subject.

    groups: tracks or kinds of units, empty for all. event: the event counted, where `of` is
    event; counts: those of this evaluation, or of the assessment year so far.
    """

    subject: SubjectKind
    of: str
    bands: tuple[Band, ...]
    event: str = ""
    counts: Literal["now", "year"] = "now"
    groups: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    proposed_by: Office | None = None  # else by the kind of subject
    clause: str = ""

    @property
    def office(self) -> Office:
        """Who proposes: the project office for projects and milestones, else the assessment office."""
        usual: Office = "project" if self.subject in ("project", "milestone") else "assessment"
        return self.proposed_by or usual


class Level(_Frozen, frozen=True, kw_only=True):
    """A level, from light to heavy in the document's order.

    card False: only a light, nothing is issued. good: praise, answered by nobody. made_good: the
    level to which a card falls when made good ("" lifts it). ours: keys whose value is our own
    default because the published rule says nothing.
    """

    name: str
    colour: Colour
    card: bool = True
    good: bool = False
    verb: str = "亮"
    answer_days: Days | None = None  # working days
    answer_months: Times | None = None
    receivers: tuple[str, ...] = ()
    step: str = ""  # what is done when it is issued
    deducts: float = 0.0
    made_good: str = ""
    clause: str = ""
    ours: tuple[str, ...] = ()


class Escalation(_Frozen, frozen=True, kw_only=True):
    """What follows for cards of a level.

    overdue: the answer is late by more than `days`. repeat: the `times`-th card of the year.
    in-a-row: at the level at `times` evaluations one after another. to: the level it rises to.
    """

    level: str
    when: Literal["overdue", "repeat", "in-a-row"]
    times: Times = 1
    days: Days = 0
    over: Literal["subject", "unit"] = "subject"
    step: str = ""
    receivers: tuple[str, ...] = ()
    to: str = ""
    deducts: float = 0.0
    clause: str = ""


class Combine(_Frozen, frozen=True, kw_only=True):
    """So many subjects of one unit at a level or above make a level for the unit itself."""

    level: str
    times: Times
    makes: str
    clause: str = ""


class CardRules(_Frozen, frozen=True, kw_only=True):
    """A set of card rules.

    per: one card per subject, or the worst of its subjects for each unit. lasts: a card stands
    until it is made good, or each evaluation gives a new one. clear_for: evaluations without a
    card before one is made good. made_good_by: the event without which none is.
    deducts_as: the event of the scoring rulebook under which points are taken. year_from: the
    month with which the assessment year begins.
    """

    cards: str
    name: str
    levels: tuple[Level, ...]
    rules: tuple[CardRule, ...]
    version: Times = 1
    effective: Effective = Effective()
    basis: str = ""
    evaluated: Evaluated = "month"
    per: Literal["subject", "unit"] = "subject"
    lasts: Literal["until-made-good", "until-next"] = "until-made-good"
    clear_for: Times = 1
    made_good_by: str = ""
    deducts_as: str = "黄红牌扣分"
    combine: tuple[Combine, ...] = ()
    escalation: tuple[Escalation, ...] = ()
    year_from: Annotated[int, Meta(ge=1, le=12)] = 1
    note: str = ""
    cases: tuple[Mapping[str, Any], ...] = ()

    def weight(self, level: str) -> int:
        """How heavy a level is: its place in the order, -1 for no level."""
        return next((i for i, item in enumerate(self.levels) if item.name == level), -1)

    def level(self, name: str) -> Level:
        """A level by name. Errors: KeyError."""
        found = next((item for item in self.levels if item.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def is_good(self, level: str) -> bool:
        """Whether a level is praise."""
        place = self.weight(level)
        return place >= 0 and self.levels[place].good

    def is_card(self, level: str) -> bool:
        """Whether a level is a card to be answered (neither a mere light nor praise)."""
        place = self.weight(level)
        return place >= 0 and self.levels[place].card and not self.levels[place].good
