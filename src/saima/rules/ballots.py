"""Ballot arithmetic: which ballots are valid, votes by level and class, trimmed means (现场测评).

Works on ballots without names of voters: a class and, where own votes are left out, a unit.
The counts are figures like any other and enter a rulebook through the method `ballot`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from msgspec import Struct


@dataclass(frozen=True)
class Ballot:
    """One ballot: the class of its voter, the voter's own unit, and a level or marks for each unit."""

    voters: str
    choices: Mapping[str, str | float]
    own_unit: str = ""


class Forced(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """How many units a ballot may (must) put at a level, at or above some marks, or below some."""

    level: str = ""
    at_least: float | None = None
    below: float | None = None
    most: int | None = None
    least: int | None = None

    def covers(self, choice: str | float) -> bool:
        if isinstance(choice, str):
            return choice == self.level
        above = self.at_least is None or choice >= self.at_least
        return not self.level and above and (self.below is None or choice < self.below)

    def broken_by(self, choices: Iterable[str | float]) -> bool:
        count = sum(1 for c in choices if self.covers(c))
        most = self.most is not None and count > self.most
        return most or (self.least is not None and count < self.least)


class BallotRules(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """When a ballot counts and how marks are averaged.

    levels: the levels that may be chosen (empty: marks from lowest to highest). all_equal_valid:
    whether a ballot that gives every unit the same counts. own_unit_counts: whether a vote for
    one's own unit does. trim_above: with more voters than this, one highest and one lowest mark
    are left out; None never trims.
    """

    levels: tuple[str, ...] = ()
    lowest: float = 0.0
    highest: float = 100.0
    all_rated: bool = True
    all_equal_valid: bool = False
    own_unit_counts: bool = False
    forced: tuple[Forced, ...] = ()
    trim_above: int | None = None


@dataclass(frozen=True)
class Count:
    """What came out. votes: (unit, class, level) -> number. means: (unit, class) -> mean marks.

    invalid: reason -> number of ballots; `turnout` is valid ones over those handed out.
    """

    handed_out: int
    valid: int
    invalid: Mapping[str, int]
    votes: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    means: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def turnout(self) -> float:
        return self.valid / self.handed_out if self.handed_out else 0.0


REASONS = {
    "incomplete": "有单位未评",
    "unknown": "有看不懂的等次或超出范围的分",
    "all-equal": "全部打了同样的等次或分数",
    "forced": "不符合规定的比例",
}


def count(
    ballots: Sequence[Ballot], units: Sequence[str], rules: BallotRules, handed_out: int = 0
) -> Count:
    """Count ballots on units. Invalid ballots are counted by their first reason, never dropped.

    Source: 班组评议投票规则（强制分布、无效票、去最高最低）：未按比例打分、全部打相同分数的按无效票处理; 大于5人的去掉最高分和最低分.
    """
    reasons = [(b, invalid_reason(b, units, rules)) for b in ballots]
    valid = [b for b, reason in reasons if not reason]
    cast = [
        (unit, b.voters, choice)
        for b in valid
        for unit, choice in b.choices.items()
        if rules.own_unit_counts or unit != b.own_unit
    ]
    return Count(
        max(handed_out, len(ballots)),
        len(valid),
        Counter(reason for _, reason in reasons if reason),
        Counter((u, v, c) for u, v, c in cast if isinstance(c, str)),
        _means([(u, v, c) for u, v, c in cast if not isinstance(c, str)], rules),
    )


def invalid_reason(ballot: Ballot, units: Sequence[str], rules: BallotRules) -> str:
    """Why a ballot does not count (a key of REASONS), empty if it does."""
    expected = {u for u in units if rules.own_unit_counts or u != ballot.own_unit}
    given = {u: c for u, c in ballot.choices.items() if u in expected}
    if rules.all_rated and given.keys() != expected:
        return "incomplete"
    if set(ballot.choices) - set(units) or not all(_known(c, rules) for c in given.values()):
        return "unknown"
    if not rules.all_equal_valid and len(given) > 1 and len(set(given.values())) == 1:
        return "all-equal"
    return "forced" if any(f.broken_by(given.values()) for f in rules.forced) else ""


def _known(choice: str | float, rules: BallotRules) -> bool:
    if isinstance(choice, str):
        return choice in rules.levels
    return not rules.levels and rules.lowest <= choice <= rules.highest


def _means(cast: list[tuple[str, str, float]], rules: BallotRules) -> dict[tuple[str, str], float]:
    by: dict[tuple[str, str], list[float]] = {}
    for unit, voters, marks in cast:
        by.setdefault((unit, voters), []).append(marks)
    return {key: _mean(marks, rules.trim_above) for key, marks in by.items()}


def _mean(marks: list[float], trim_above: int | None) -> float:
    ordered = sorted(marks)
    if trim_above is not None and len(ordered) > max(trim_above, 2):
        ordered = ordered[1:-1]
    return fsum(ordered) / len(ordered)
