"""The named quantities that methods and formulas may use, each defined once.

Basic quantities come from the figures (`Quantities.basic`); the others are arithmetic over them,
so that a trace shows how each came about. Shares and ratios are plain numbers (0.75 is 75%);
`pace_gap` is in percentage points.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Literal

from saima.campaigns import Direction
from saima.rounding import SETTLED_DECIMALS
from saima.steps import Num, apply, named, rounded, unless

Reverse = Literal["two-minus", "reciprocal", "swap"]
Exceptional = Literal["refuse", "by-difference", "full-if-met"]
Scope = Literal["track", "all"]
Statistic = Literal["best", "worst", "mean", "sum", "rank", "count"]
Unit = Literal["amount", "ratio", "points", "marks", "time", "place", "number"]

STATISTICS: tuple[Statistic, ...] = ("best", "worst", "mean", "sum", "rank", "count")
_STATISTIC_WORDS = {"best": "最优", "worst": "最差", "mean": "平均", "sum": "合计",
                    "rank": "位次", "count": "单位数"}  # fmt: skip

BASIC: dict[str, str] = {
    "actual": "完成数",
    "current": "本期数",
    "target": "目标值",
    "stretch": "奋斗目标",
    "plan": "计划进度数",
    "last_year": "上年同期数",
    "previous": "上期数",
    "opening": "期初数",
    "elapsed": "已过时间",
    "whole": "全程时间",
    "difficulty": "难度系数",
    "full": "满分",
    "day_number": "第几天",
}
"""Quantities taken from the input, by name, with the term that people see."""


class Quantities(ABC):
    """The quantities of one indicator: arrays (units, periods) or one traced cell.

    `direction`, `reverse`, `pace_base`, `zero_target` and `negative_target` are how the rulebook
    reads this indicator.
    """

    direction: Direction
    reverse: Reverse
    pace_base: str
    zero_target: Exceptional
    negative_target: Exceptional

    @abstractmethod
    def basic(self, name: str) -> Num:
        """A quantity from the input (a key of BASIC); NaN where there is none."""

    @abstractmethod
    def statistic(self, kind: Statistic, of: str, scope: Scope) -> Num:
        """Best, worst, mean, sum, rank or count of a quantity over the track, or all units.

        Best and rank follow the direction: the best of a “less” indicator is the smallest.
        """

    @abstractmethod
    def other(self, indicator: str) -> Num:
        """The actual of another indicator of the same unit and period."""

    @abstractmethod
    def events(self, name: str) -> Num:
        """How many counted things of a name (per-event methods) the unit has to date."""

    def of_other(self, indicator: str, of: str) -> Num:
        """A quantity of another indicator of the same unit (limits that hang on several)."""
        return self.other(indicator) if of == "actual" else Num(float("nan"))

    def graded(self, _: tuple[str, ...]) -> Num:
        """Which of these grades a qualitative goal was given, counted from 0; NaN for none."""
        return Num(float("nan"))

    def regions(self, _: Statistic, __: str) -> Num:
        """A statistic of this indicator over the districts that hold it, for a department."""
        return Num(float("nan"))

    def get(self, name: str) -> Num:
        """Any named quantity: basic, derived, or `best_…`, `mean_…`, `rank_…` of one in the track.

        `value:CODE` is another indicator's actual, `events:NAME` a count of events,
        `grade:好|中|差` a grade as its number, `regions:mean:attainment` one over districts.
        Errors: KeyError for an unknown name (readers check names before).
        """
        if name in BASIC:
            return self.basic(name)
        source, _, key = name.partition(":")
        if key:
            return self._keyed(source, key)
        if name in DERIVED:
            return named(DERIVED[name][1](self), DERIVED[name][0])
        kind, _, rest = name.partition("_")
        scope: Scope = "track"
        if rest.startswith("all_"):
            scope, rest = "all", rest.removeprefix("all_")
        if kind in STATISTICS and is_quantity(rest):
            return self.statistic(kind, rest, scope)
        raise KeyError(name)

    def _keyed(self, source: str, key: str) -> Num:
        if source == "grade":
            return self.graded(tuple(key.split("|")))
        if source == "regions":
            kind, _, of = key.partition(":")
            return self.regions(kind, of)  # type: ignore[arg-type]
        return self.other(key) if source == "value" else self.events(key)

    def value(self, stated: float | str) -> Num:
        """A number as a rulebook states it, or the quantity that it names instead."""
        return self.get(stated) if isinstance(stated, str) else Num(stated)


def is_quantity(name: str) -> bool:
    """True for a name that `Quantities.get` knows."""
    if name in BASIC or name in DERIVED or re.match(r"(value|events|grade|regions):.", name):
        return True
    kind, rest = _statistic_of(name)
    return bool(kind) and (rest in BASIC or rest in DERIVED)


def quantity_unit(name: str) -> Unit:
    """In what a quantity is counted: amount (the indicator's measure), ratio, percentage points…"""
    kind, rest = _statistic_of(name)
    if not kind:
        return "number" if ":" in name else UNITS.get(name, "amount")
    if kind in ("rank", "count"):
        return "place" if kind == "rank" else "number"
    return quantity_unit(rest)


def higher_is_better(name: str, direction: Direction, reverse: Reverse) -> bool:
    """Whether more of a quantity is better, for an indicator of a direction and reverse reading.

    Ratios to the target are already turned round for a “less” indicator, unless the rulebook
    says `swap`; a deviation is better when smaller, whatever the direction.
    """
    if name == "deviation" or name.startswith("rank_"):
        return False
    if name in TURNED:
        return direction != "less" or reverse != "swap"
    falling = direction in ("less", "clear-to-zero") and name not in ALWAYS_UP
    return falling if name == "shortfall" else not falling


def quantity_named(text: str) -> str | None:
    """The quantity of a name as people write it: pace-gap, pace_gap or 完成率; None if unknown."""
    written = text.strip()
    plain = written if ":" in written else written.replace("-", "_")
    return plain if is_quantity(plain) else _BY_LABEL.get(written)


def quantity_names() -> tuple[str, ...]:
    """All simple names and terms, for suggestions."""
    return (*BASIC, *DERIVED, *_BY_LABEL)


def _statistic_of(name: str) -> tuple[str, str]:
    """best_all_growth -> (best, growth); ('', name) for a simple quantity."""
    kind, _, rest = name.partition("_")
    rest = rest.removeprefix("all_")
    if name in BASIC or name in DERIVED or kind not in STATISTICS:
        return "", name
    return kind, rest


def quantity_label(name: str) -> str:
    """The term that people see for a quantity: attainment -> 完成率."""
    if name in BASIC:
        return BASIC[name]
    if name in DERIVED:
        return DERIVED[name][0]
    if ":" in name:
        return name.rpartition(":")[2]
    kind, _, rest = name.partition("_")
    where_ = "全体" if rest.startswith("all_") else "同赛道"
    return f"{where_}{quantity_label(rest.removeprefix('all_'))}{_STATISTIC_WORDS[kind]}"


def _attainment(q: Quantities) -> Num:
    actual, target = q.get("actual"), q.get("target")
    if q.direction == "clear-to-zero":
        return (q.get("opening") - actual) / (q.get("opening") - target)
    ratio = actual / target
    if q.direction == "less" and q.reverse == "two-minus":
        ratio = 2.0 - ratio
    elif q.direction == "less" and q.reverse == "reciprocal":
        ratio = target / actual
    ratio = _for_negative(q, ratio, actual, target)
    return _for_zero(q, ratio, actual, target)


def _for_negative(q: Quantities, ratio: Num, actual: Num, target: Num) -> Num:
    """A ratio to a negative target says nothing; the difference over its size does."""
    if q.negative_target == "by-difference":
        change = (actual - target) / apply("absolute", target)
        other = 1.0 - change if q.direction == "less" else 1.0 + change
    elif q.negative_target == "full-if-met":
        other = _met(q, actual, target)
    else:
        other = Num(float("nan"))
    return unless(target < 0.0, ratio, other)


def _for_zero(q: Quantities, ratio: Num, actual: Num, target: Num) -> Num:
    met = _met(q, actual, target) if q.zero_target == "full-if-met" else Num(float("nan"))
    is_zero = (target >= 0.0) * (target <= 0.0)
    return unless(is_zero, ratio, met)


def _met(q: Quantities, actual: Num, target: Num) -> Num:
    return actual <= target if q.direction == "less" else actual >= target


def _deviation(q: Quantities) -> Num:
    """How far off the target, either way, over its size (趋中指标、预决算差异率)."""
    target = q.get("target")
    return apply("absolute", q.get("actual") - target) / apply("absolute", target)


def _pace(q: Quantities) -> Num:
    if q.pace_base == "own-plan" and q.direction == "clear-to-zero":
        return (q.get("opening") - q.get("plan")) / (q.get("opening") - q.get("target"))
    if q.pace_base == "own-plan":
        return q.get("plan") / q.get("target")
    return q.get("elapsed") / q.get("whole")


def _growth(q: Quantities) -> Num:
    """同比, refused (NaN) over a base that is not positive."""
    base = q.get("last_year")
    return unless(base <= 0.0, q.get("actual") / base - 1.0, Num(float("nan")))


def _on_previous(q: Quantities) -> Num:
    base = q.get("previous")
    return unless(base <= 0.0, q.get("current") / base - 1.0, Num(float("nan")))


DERIVED: dict[str, tuple[str, Callable[[Quantities], Num]]] = {
    "attainment": ("完成率", _attainment),
    "pace": ("序时进度", _pace),
    "pace_gap": ("超欠序时（百分点）", lambda q: (q.get("attainment") - q.get("pace")) * 100.0),
    "pace_ratio": ("进度比", lambda q: q.get("attainment") / q.get("pace")),
    "growth": ("同比增速", _growth),
    "on_previous": ("环比增速", _on_previous),
    "cleared": ("已清零数", lambda q: q.get("opening") - q.get("actual")),
    "cleared_share": ("清零率", lambda q: (q.get("opening") - q.get("actual")) / q.get("opening")),
    "shortfall": ("差额", lambda q: q.get("target") - q.get("actual")),
    "stretch_attainment": ("奋斗目标完成率", lambda q: q.get("actual") / q.get("stretch")),
    "plan_attainment": ("计划进度完成率", lambda q: q.get("actual") / q.get("plan")),
    "deviation": ("偏离率", _deviation),
    "change": ("比上年同期增减", lambda q: q.get("actual") - q.get("last_year")),
    "met": ("达标", lambda q: rounded(q.get("attainment"), SETTLED_DECIMALS) >= 1.0),
}
"""Quantities computed from others: name -> (term that people see, definition)."""

UNITS: dict[str, Unit] = {
    "attainment": "ratio",
    "pace": "ratio",
    "pace_gap": "points",
    "pace_ratio": "ratio",
    "growth": "ratio",
    "on_previous": "ratio",
    "cleared_share": "ratio",
    "stretch_attainment": "ratio",
    "plan_attainment": "ratio",
    "deviation": "ratio",
    "met": "number",
    "full": "marks",
    "difficulty": "number",
    "elapsed": "time",
    "whole": "time",
    "day_number": "time",
}
"""Units of the quantities that are not amounts in the indicator's measure."""

TURNED = frozenset({"attainment", "pace_gap", "pace_ratio", "met"})
"""Quantities that follow the indicator's direction by themselves, unless reversed by swap."""

ALWAYS_UP = frozenset({"cleared", "cleared_share"})

_BY_LABEL: dict[str, str] = {label: name for name, label in BASIC.items()} | {
    label.partition("（")[0]: name for name, (label, _) in DERIVED.items()
}
