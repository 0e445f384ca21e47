"""What is to be broken down and what comes out: a headline, its units and periods, its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from saima.allocation.exact import LARGEST, from_units, is_weight, to_units
from saima.problems import Place, Problem, declare

Kind = Literal["lock", "lower", "upper"]
Cell = tuple[str, str]

declare(
    "allocation-no-units",
    "“{indicator}”没有可分解的单位或项目。",
    "请至少列出一个单位或项目。",
    "“{indicator}” has no units to break the target down over.",
    "List at least one unit or project.",
)
declare(
    "allocation-no-periods",
    "“{indicator}”没有剩余的期间，目标无处可分。",
    "请检查起止期间；期间已经过完时，请先调整目标的完成时限。",
    "“{indicator}” has no periods left to carry the target.",
    "Check the first and last period, or move the deadline.",
)
declare(
    "allocation-duplicate-key",
    "“{indicator}”中“{key}”出现了不止一次。",
    "请删去重复的一项。",
    "“{key}” appears more than once in “{indicator}”.",
    "Remove the duplicate.",
)
declare(
    "allocation-unknown-key",
    "“{indicator}”的锁定或上下限提到了不存在的单位或期间“{key}”。",
    "请改为已列出的单位、项目、期间，或它们的分组。",
    "a lock or bound of “{indicator}” names the unknown unit or period “{key}”.",
    "Use a listed unit, project, period, or one of their groups.",
)
declare(
    "allocation-too-fine",
    "{what}的数值{amount}不能以“{indicator}”的精度（{decimals}位小数）准确表示。",
    "请按精度填写，或增加小数位数；数值过大时改用更大的计量单位。",
    "{amount} ({what_en}) cannot be written exactly with the {decimals} decimals of “{indicator}”.",
    "Write it at that precision, allow more decimals, or use a larger measure.",
)
declare(
    "allocation-too-large",
    "{what}的数值{amount}过大，超出了精确计算的范围。",
    "请改用更大的计量单位（如由元改为万元）或减少小数位数。",
    "{amount} ({what_en}) is too large to be computed exactly.",
    "Use a larger measure or fewer decimals.",
)
declare(
    "allocation-negative-weight",
    "“{indicator}”中{name}的分解依据不可用（{amount}，须为非负数），不能按比例分解。",
    "请改用权重分解，或给该单位、该期间直接锁定目标。",
    "the weight of {name} in “{indicator}” is {amount}; shares need weights of zero or more.",
    "Use weights instead, or lock that target.",
)
declare(
    "allocation-zero-weights",
    "“{indicator}”的{side}分解依据全部为零，无法按比例分解。",
    "请补填权重、上年数或季节系数，或改为平均分解（equal）。",
    "all weights of “{indicator}” over {side_en} are zero.",
    "Give weights, last year's figures or a profile, or split equally.",
)
declare(
    "allocation-no-parts",
    "分组“{key}”里没有任何单位或期间。",
    "请检查分组的成员。",
    "the group “{key}” has no members.",
    "Check the members of the group.",
)


@dataclass(frozen=True)
class Restriction:
    """One lock or bound as an office wrote it, on a cell, a row, a column or a group of them.

    unit: a unit or unit group, None for all units together; period: a period or period group,
    None for all periods together. `lock` fixes the sum of those cells, `lower` and `upper` bound
    it. `note` says where it comes from (产能, 工期), `place` where it was written.
    """

    unit: str | None
    period: str | None
    kind: Kind
    amount: Decimal
    note: str = ""
    place: Place = field(default_factory=Place, compare=False)


@dataclass(frozen=True)
class Breakdown:
    """One headline target to be broken down over units × periods, both in official order.

    headline, amounts: in the indicator's measure; `decimals` (0–6) is its precision.
    unit_weights, period_weights: by key, not negative; a missing key weighs nothing.
    cell_weights: by (unit, period), where each unit has a profile of its own (last year's
    figures); cells without one take unit weight × period weight.
    unit_groups, period_groups: group key → member keys (板块, 季度), for locks and bounds.
    names: key → the name that people read.
    """

    indicator: str
    headline: Decimal
    units: tuple[str, ...]
    periods: tuple[str, ...]
    unit_weights: Mapping[str, Decimal]
    period_weights: Mapping[str, Decimal]
    decimals: int = 2
    measure: str = ""
    cell_weights: Mapping[Cell, Decimal] = field(default_factory=dict)
    restrictions: tuple[Restriction, ...] = ()
    unit_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    place: Place = field(default_factory=Place, compare=False)

    def name(self, key: str) -> str:
        return self.names.get(key, key)

    @property
    def title(self) -> str:
        return self.name(self.indicator)

    def units_of(self, restriction: Restriction) -> tuple[str, ...]:
        """The units that a restriction speaks of."""
        key = restriction.unit
        return self.units if key is None else self.unit_groups.get(key, (key,))

    def periods_of(self, restriction: Restriction) -> tuple[str, ...]:
        """The periods that a restriction speaks of."""
        key = restriction.period
        return self.periods if key is None else self.period_groups.get(key, (key,))

    def text(self, amount: Decimal) -> str:
        """An amount as people read it: 1,234.50万元."""
        return f"{from_units(to_units(amount, self.decimals) or 0, self.decimals):,f}{self.measure}"

    def describe(self, restriction: Restriction, language: str = "zh") -> str:
        """A restriction as a phrase: 甲公司2026年1月锁定为60.00万元."""
        amount = self.text(restriction.amount)
        if language != "zh":
            verb = {"lock": "locked at", "lower": "at least", "upper": "at most"}[restriction.kind]
            unit = "all units" if restriction.unit is None else self.name(restriction.unit)
            period = "all periods" if restriction.period is None else restriction.period
            return f"{unit} {period} {verb} {amount}"
        verb = {"lock": "锁定为", "lower": "不低于", "upper": "不超过"}[restriction.kind]
        note = f"（{restriction.note}）" if restriction.note else ""
        return f"{self._where(restriction)}{verb}{amount}{note}"

    def _where(self, restriction: Restriction) -> str:
        unit, period = restriction.unit, restriction.period
        if unit is None:
            return f"各单位{'各期' if period is None else self.name(period)}合计"
        if period is None:
            return f"{self.name(unit)}各期合计"
        return f"{self.name(unit)}{self.name(period)}"


@dataclass(frozen=True)
class Table:
    """The targets of one indicator by unit and period; every sum is exact."""

    indicator: str
    decimals: int
    units: tuple[str, ...]
    periods: tuple[str, ...]
    targets: Mapping[Cell, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.targets.values(), Decimal(0))

    def of_unit(self, unit: str) -> Decimal:
        return sum((self.targets[unit, period] for period in self.periods), Decimal(0))

    def of_period(self, period: str) -> Decimal:
        return sum((self.targets[unit, period] for unit in self.units), Decimal(0))

    def sum_of(self, units: tuple[str, ...], periods: tuple[str, ...]) -> Decimal:
        cells = (self.targets[unit, period] for unit in units for period in periods)
        return sum(cells, Decimal(0))


def broken(breakdown: Breakdown, table: Table) -> list[Restriction]:
    """The restrictions that a table does not keep, in the order in which they were given."""
    return [r for r in breakdown.restrictions if not _kept(breakdown, table, r)]


def _kept(breakdown: Breakdown, table: Table, restriction: Restriction) -> bool:
    total = table.sum_of(breakdown.units_of(restriction), breakdown.periods_of(restriction))
    if restriction.kind == "lock":
        return total == restriction.amount
    at_least = restriction.kind == "lower"
    return total >= restriction.amount if at_least else total <= restriction.amount


# --- checking what came in ----------------------------------------------------------------------


def check(breakdown: Breakdown) -> list[Problem]:
    """Everything that keeps a breakdown from being computed at all; empty if it can be tried."""
    problems = _check_axes(breakdown)
    problems += [p for r in breakdown.restrictions for p in _check_keys(breakdown, r)]
    problems += _check_amounts(breakdown)
    if not problems:
        problems += _check_weights(breakdown)
    return problems


def _check_axes(b: Breakdown) -> list[Problem]:
    problems = []
    if not b.units:
        problems.append(_problem(b, "allocation-no-units"))
    if not b.periods:
        problems.append(_problem(b, "allocation-no-periods"))
    for axis in (b.units, b.periods):
        twice = dict.fromkeys(key for key in axis if axis.count(key) > 1)
        problems += [_problem(b, "allocation-duplicate-key", key=b.name(key)) for key in twice]
    for groups in (b.unit_groups, b.period_groups):
        problems += [_problem(b, "allocation-no-parts", key=k) for k, v in groups.items() if not v]
    return problems


def _check_keys(b: Breakdown, restriction: Restriction) -> list[Problem]:
    known_units, known_periods = set(b.units), set(b.periods)
    unknown = [k for k in b.units_of(restriction) if k not in known_units]
    unknown += [k for k in b.periods_of(restriction) if k not in known_periods]
    place = restriction.place if restriction.place != Place() else b.place
    return [
        Problem("allocation-unknown-key", place, {"indicator": b.title, "key": key})
        for key in unknown
    ]


def _check_amounts(b: Breakdown) -> list[Problem]:
    named = [(f"“{b.title}”总目标", "headline", b.headline, b.place)]
    for r in b.restrictions:
        named.append(("锁定或上下限", r.kind, r.amount, r.place))
    problems = []
    for what, what_en, amount, place in named:
        values = {"what": what, "what_en": what_en, "amount": f"{amount:,f}"}
        fits = amount.is_finite() and amount.adjusted() < 16
        units = to_units(amount, b.decimals) if fits else LARGEST + 1
        if units is None:
            values |= {"indicator": b.title, "decimals": str(b.decimals)}
            problems.append(Problem("allocation-too-fine", place, values))
        elif abs(units) > LARGEST:
            problems.append(Problem("allocation-too-large", place, values))
    return problems


def _check_weights(b: Breakdown) -> list[Problem]:
    named = [(b.name(key), w) for key, w in b.unit_weights.items()]
    named += [(b.name(key), w) for key, w in b.period_weights.items()]
    named += [(b.name(u) + b.name(p), w) for (u, p), w in b.cell_weights.items()]
    problems = [
        _problem(b, "allocation-negative-weight", name=name, amount=f"{weight:,f}")
        for name, weight in named
        if not is_weight(weight)
    ]
    if b.headline and not any(b.unit_weights.get(u) for u in b.units):
        problems.append(_problem(b, "allocation-zero-weights", side="单位", side_en="units"))
    if b.headline and not any(b.period_weights.get(p) for p in b.periods):
        problems.append(_problem(b, "allocation-zero-weights", side="期间", side_en="periods"))
    return problems


def _problem(b: Breakdown, code: str, **values: str) -> Problem:
    return Problem(code, b.place, {"indicator": b.title, **values})
