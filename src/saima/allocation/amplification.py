"""Over-amplification (层层加码): how far each level asks for more than was asked of it.

For amounts that add up, a level's amplification is the sum of the children's targets over the
parents' targets. For rates (growth), it is the children's rates averaged by their weights over
the parent's rate, with the difference in percentage points beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from saima.problems import Place, Problem, declare

Measured = Literal["amount", "rate"]

declare(
    "amplification-tree",
    "加码分析中“{name}”{fault}。",
    "请检查上级名称：每个节点只列一次，只有最上一级没有上级，且不得循环。",
    "“{name}” in the amplification chain is not in a proper tree ({fault_en}).",
    "List each node once; only the top has no parent; no circles.",
)
declare(
    "amplification-not-positive",
    "加码分析中“{name}”的{what}为{amount}，无法计算倍数。",
    "请填写大于零、大小合理的数；负的或为零的目标请单独说明。",
    "the {what_en} of “{name}” is {amount}; no ratio can be formed.",
    "Give a number above zero and of a sensible size.",
)


@dataclass(frozen=True)
class Node:
    """One body in the chain of targets: its level (省、市、县), its parent's key, its target.

    weight: for rates, the base that averages them (last year's figure); not used for amounts.
    """

    key: str
    name: str
    level: str
    parent: str | None
    target: Decimal
    weight: Decimal | None = None


@dataclass(frozen=True)
class Step:
    """One parent and its children: what they were asked for together against what it was asked."""

    parent: str
    level: str
    children: int
    asked: Decimal
    passed_on: Decimal
    amplification: Decimal
    stretch: Decimal


@dataclass(frozen=True)
class Level:
    """All steps from one level to the next, and the product from the top down to here.

    amplification: passed on over asked (4 decimals); stretch: the same less one, in percent
    (2 decimals), for rates the difference itself, in the rate's own points; highest: the name of
    the parent that adds most.
    """

    upper: str
    lower: str
    asked: Decimal
    passed_on: Decimal
    amplification: Decimal
    stretch: Decimal
    cumulated: Decimal
    highest: str
    steps: tuple[Step, ...]
    sentence: str


def meter(
    nodes: Sequence[Node], measured: Measured = "amount", measure: str = "", *, less: bool = False
) -> tuple[list[Level], list[Problem]]:
    """The amplification of every level from the top down, and cumulated, with a sentence each.

    Parents without children are left out of their level on both sides. less: lower targets are
    harder (energy use, error rates), so that children asked for less together is amplification;
    the ratio is then turned over.
    """
    problems = _check(nodes, measured)
    if problems:
        return [], problems
    levels: list[Level] = []
    below: dict[str, list[Node]] = {}
    for node in nodes:
        if node.parent is not None:
            below.setdefault(node.parent, []).append(node)
    parents = [node for node in nodes if node.parent is None]
    cumulated = Decimal(1)
    while parents:
        families = [(p, below[p.key]) for p in parents if p.key in below]
        if families:
            level, cumulated = _level(families, measured, measure, less, cumulated)
            levels.append(level)
        parents = [child for _, children in families for child in children]
    return levels, []


def _check(nodes: Sequence[Node], measured: Measured) -> list[Problem]:
    by_key = {node.key: node for node in nodes}
    times = Counter(node.key for node in nodes)
    problems = []
    for node in nodes:
        fault = _fault(node, by_key, times)
        if fault:
            values = {"name": node.name, "fault": fault[0], "fault_en": fault[1]}
            problems.append(Problem("amplification-tree", Place(), values))
        amounts = [("目标", "target", node.target)]
        if measured == "rate" and node.parent is not None:
            amounts.append(("权重", "weight", node.weight or Decimal(0)))
        for what, what_en, amount in amounts:
            if not (amount.is_finite() and amount > 0 and -10 < amount.adjusted() < 16):
                told = {"name": node.name, "what": what, "what_en": what_en}
                told["amount"] = f"{amount:,f}"
                problems.append(Problem("amplification-not-positive", Place(), told))
    return problems


def _fault(
    node: Node, by_key: Mapping[str, Node], times: Mapping[str, int]
) -> tuple[str, str] | None:
    if times[node.key] > 1:
        return "出现了不止一次", "listed twice"
    seen = {node.key}
    while node.parent is not None:
        if node.parent not in by_key:
            return f"的上级“{node.parent}”不存在", "unknown parent"
        if node.parent in seen:
            return "的上级关系成环", "circular"
        seen.add(node.parent)
        node = by_key[node.parent]
    return None


def _level(
    families: list[tuple[Node, list[Node]]],
    measured: Measured,
    measure: str,
    less: bool,
    cumulated: Decimal,
) -> tuple[Level, Decimal]:
    steps = [_step(parent, children, measured, less) for parent, children in families]
    asked, passed_on = _together(families, steps, measured)
    ratio = asked / passed_on if less else passed_on / asked
    cumulated *= ratio
    level = Level(
        upper=families[0][0].level,
        lower=families[0][1][0].level,
        asked=_short(asked),
        passed_on=_short(passed_on),
        amplification=_places(ratio, 4),
        stretch=_stretch(asked, passed_on, measured, less),
        cumulated=_places(cumulated, 4),
        highest=max(steps, key=lambda step: step.amplification).parent,
        steps=tuple(steps),
        sentence="",
    )
    children = sum(len(members) for _, members in families)
    return _told(level, measured, measure, children), cumulated


def _together(
    families: list[tuple[Node, list[Node]]], steps: list[Step], measured: Measured
) -> tuple[Decimal, Decimal]:
    """Both sides of a level: sums of amounts, or rates averaged by the children's weights."""
    if measured == "amount":
        asked = sum((parent.target for parent, _ in families), Decimal(0))
        return asked, sum((step.passed_on for step in steps), Decimal(0))
    weights = [
        sum((c.weight or Decimal(0) for c in children), Decimal(0)) for _, children in families
    ]
    whole = sum(weights, Decimal(0))
    asked = sum((p.target * w for (p, _), w in zip(families, weights)), Decimal(0)) / whole
    rates = [_passed_on(children, measured) for _, children in families]
    return asked, sum((r * w for r, w in zip(rates, weights)), Decimal(0)) / whole


def _passed_on(children: list[Node], measured: Measured) -> Decimal:
    if measured == "amount":
        return sum((child.target for child in children), Decimal(0))
    weights = sum((child.weight or Decimal(0) for child in children), Decimal(0))
    total = sum((child.target * (child.weight or Decimal(0)) for child in children), Decimal(0))
    return total / weights


def _step(parent: Node, children: list[Node], measured: Measured, less: bool) -> Step:
    passed_on = _passed_on(children, measured)
    ratio = parent.target / passed_on if less else passed_on / parent.target
    return Step(
        parent=parent.name,
        level=parent.level,
        children=len(children),
        asked=parent.target,
        passed_on=_short(passed_on),
        amplification=_places(ratio, 4),
        stretch=_stretch(parent.target, passed_on, measured, less),
    )


def _stretch(asked: Decimal, passed_on: Decimal, measured: Measured, less: bool) -> Decimal:
    if measured == "rate":
        return _places(asked - passed_on if less else passed_on - asked, 2)
    ratio = asked / passed_on if less else passed_on / asked
    return _places((ratio - 1) * 100, 2)


def _told(level: Level, measured: Measured, measure: str, children: int) -> Level:
    """The level with its sentence."""
    together = "目标合计" if measured == "amount" else "目标加权平均"
    size, unit = abs(level.stretch), "%" if measured == "amount" else "个百分点"
    verdict = "未加码，与上级目标一致"
    if level.stretch > 0:
        verdict = f"加码{size:f}{unit}"
    elif level.stretch < 0:
        verdict = f"未足额分解，少{size:f}{unit}"
    sentence = (
        f"{level.upper}到{level.lower}：{children}个{level.lower}{together}"
        f"{level.passed_on:,f}{measure}，{level.upper}目标{level.asked:,f}{measure}，"
        f"为{level.amplification:f}倍，{verdict}；自上而下累计{level.cumulated:f}倍。"
    )
    values = {**vars(level), "sentence": sentence}
    return Level(**values)


def _places(value: Decimal, places: int) -> Decimal:
    """四舍五入 of an exact decimal, for people."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _short(value: Decimal) -> Decimal:
    """At most four decimals, without idle zeros."""
    short = _places(value, 4).normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
