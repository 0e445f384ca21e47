"""The rulebook (考核办法): one immutable, versioned document, as plain frozen data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from saima.periods import PaceBase
from saima.rules.quantities import Exceptional, Reverse
from saima.rules.values import Marks, OfQuantity, Quantity, Ratio

Aggregate = Literal["sum", "weighted-sum", "mean", "geometric"]
Missing = Literal["zero", "exclude", "own-average", "track-average"]
OffPeriod = Literal["hold", "exclude"]
Ties = Literal["competition", "dense", "ordinal"]
VetoEffect = Literal["grade", "score-zero", "last", "unranked"]
ScoringPeriod = Literal["day", "ten-day", "week", "month", "two-months", "quarter", "half", "year"]


Weight = Annotated[float, Meta(ge=0)]


class _Frozen(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """Base of the parts: immutable, kebab-case keys, unknown keys refused."""


class Gate(_Frozen, frozen=True, kw_only=True):
    """A threshold on one indicator that blocks awards without touching its marks (门槛)."""

    below: OfQuantity
    of: Quantity = "attainment"
    blocks: tuple[str, ...] = ()  # names of grades or seals, `bonus`, `banner`
    clause: str = ""


class Limit(_Frozen, frozen=True, kw_only=True):
    """A mark held down while any of these indicators falls short (未达到基本分的，其他只得基本分)."""

    indicators: tuple[str, ...]
    below: OfQuantity = 1.0
    of: Quantity = "attainment"
    to: Marks = "full"
    difficulty: bool = False  # whether the difficulty coefficient still multiplies
    clause: str = ""


class Leaf(_Frozen, frozen=True, kw_only=True):
    """One scored indicator: weight, clause, method with its settings, and modifiers."""

    indicator: str
    weight: Weight | Mapping[str, Weight] | Literal["assigned"]  # points, by track, or as assigned
    clause: str = ""
    method: str
    settings: Any  # the method's Settings
    reverse: Reverse = "two-minus"
    difficulty: Literal["none", "by-unit"] = "none"
    cap: Ratio | None = msgspec.field(default=None, name="marks-at-most")  # × full marks
    floor: Ratio | None = msgspec.field(default=None, name="marks-at-least")  # after difficulty
    when_missing: Missing = "zero"
    off_period: OffPeriod = "hold"
    zero_target: Exceptional = "refuse"
    negative_target: Exceptional = "refuse"
    pace: PaceBase | None = None  # if not the rulebook's
    against: Literal["target", "plan", "current"] = "target"
    gate: Gate | None = None
    limit: Limit | None = None
    extra: bool = False  # on top: not part of the full marks that weights add up to (加分项)
    note: str = ""


class Node(_Frozen, frozen=True, kw_only=True):
    """A category of the tree and how its parts come together.

    sum: marks add up. weighted-sum: parts times weight, added. mean, geometric: parts on a scale
    of 100, weighted arithmetic or geometric mean. `weight` is this node's in its parent.
    """

    category: str
    clause: str = ""
    weight: float = 1.0
    aggregate: Aggregate = "sum"
    indicators: tuple[Leaf, ...] = ()
    categories: tuple[Node, ...] = ()


class Rounding(_Frozen, frozen=True, kw_only=True):
    """Decimals of each mark and of the score; None does not round there."""

    marks: Annotated[int, Meta(ge=0, le=9)] | None = None
    score: Annotated[int, Meta(ge=0, le=9)] | None = 2


class Ranks(_Frozen, frozen=True, kw_only=True):
    """How places are given. `of`: the score as rounded or unrounded; `within`: track or all."""

    of: Literal["rounded", "unrounded"] = "rounded"
    ties: Ties = "competition"
    break_by: tuple[str, ...] = ()  # indicator codes: higher marks go first
    within: Literal["track", "all"] = "track"


class Tier(_Frozen, frozen=True, kw_only=True):
    """One tier (梯队) by one condition: first places, last places, share of units, score, or rest."""

    name: str
    top: int | None = None
    bottom: int | None = None
    share: Ratio | None = None  # the next share of the track, from the top
    at_least: float | None = None  # score
    rest: bool = False


class Tiers(_Frozen, frozen=True, kw_only=True):
    """Tiers from the highest to the lowest; `keep` months must pass below before a unit falls."""

    order: tuple[Tier, ...] = ()
    keep: int = 1


class SealCondition(_Frozen, frozen=True, kw_only=True):
    """When a seal is earned: a quantity of indicators, the score, the rank, or earlier seals."""

    quantity: str = ""  # a quantity, `score` or `rank`
    at_least: float | None = None
    at_most: float | None = None
    indicators: Literal["all"] | tuple[str, ...] = "all"
    seals: str = ""  # name of another seal counted within the span


class Seal(_Frozen, frozen=True, kw_only=True):
    """月月红、半年红、全年红: a named sign of achievement for a month, half or year."""

    name: str
    every: Literal["month", "quarter", "half", "year"] = "month"
    when: SealCondition
    clause: str = ""


class Grade(_Frozen, frozen=True, kw_only=True):
    """A grade: the lowest score, and the largest share of units that may hold it."""

    name: str
    at_least: float | None = None
    at_most: Ratio | None = None  # the largest share of units: 30%
    within: Literal["track", "all"] = "track"


class EventRule(_Frozen, frozen=True, kw_only=True):
    """What a kind of event does: points each with a limit, or the effect of a veto or gate."""

    kind: Literal["bonus", "deduction", "veto", "gate"]
    name: str
    each: float = 0.0
    at_most: float | None = None
    effect: VetoEffect = "grade"
    grade: str = ""
    lasts: str = ""  # "12 months"
    blocks: tuple[str, ...] = ()
    clause: str = ""
    basis: str = ""


class Effective(_Frozen, frozen=True, kw_only=True):
    """From which month (and to which) a version is in force, as period texts."""

    from_: str = msgspec.field(default="", name="from")
    to: str = ""


class Rulebook(_Frozen, frozen=True, kw_only=True, dict=True):
    """A whole scheme. `text` is the document it was read from; the digest is of its meaning."""

    rulebook: str
    name: str
    version: int = 1
    effective: Effective = Effective()
    basis: str = ""
    scores: ScoringPeriod = "month"
    pace: PaceBase = "linear-month"
    re_weight: Literal["total", "category"] = "total"
    rounding: Rounding = Rounding()
    ranks: Ranks = Ranks()
    tiers: Tiers = Tiers()
    seals: tuple[Seal, ...] = ()
    tree: tuple[Node, ...] = ()
    aggregate: Aggregate = "sum"
    events: tuple[EventRule, ...] = ()
    full_marks: float = 100.0  # what the weights add up to
    bonus_at_most: float | None = None
    deduction_at_most: float | None = None
    grades: tuple[Grade, ...] = ()
    cases: tuple[dict[str, Any], ...] = ()

    def leaves(self) -> Iterator[tuple[tuple[Node, ...], Leaf]]:
        """Every scored indicator with the categories above it, in the order of the document."""
        for node in self.tree:
            yield from _leaves((node,))

    @property
    def root(self) -> Node:
        """The whole tree as one node."""
        return Node(category="各项得分合计", aggregate=self.aggregate, categories=self.tree)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of everything that can change a mark (cases left out)."""
        data = msgspec.to_builtins(self)
        data.pop("cases")
        canonical = msgspec.json.encode(_canonical(data), order="sorted")
        return "sha256:" + hashlib.sha256(canonical).hexdigest()


def _leaves(path: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], Leaf]]:
    node = path[-1]
    for leaf in node.indicators:
        yield path, leaf
    for child in node.categories:
        yield from _leaves((*path, child))


def _canonical(value: Any) -> Any:
    """Numbers as declared decimals, so that the digest holds on every machine (1.0 is 1)."""
    if isinstance(value, dict):
        return {str(k): _canonical(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(v) for v in value]
    if isinstance(value, float) and not isinstance(value, bool):
        return repr(int(value)) if value == int(value) else repr(value)
    return repr(value) if isinstance(value, int) and not isinstance(value, bool) else value
