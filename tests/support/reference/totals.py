"""Marks put together by the tree of the rulebook, and what is left out made up for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from saima.rules.rulebook import Node
from tests.support.reference.figures import exact
from tests.support.reference.rows import HUNDRED, Row, Scored


@dataclass
class Part:
    """What a leaf or node brings: value on the full marks that are present, all full marks, and
    what comes on top of them."""

    weight: Fraction
    value: Fraction
    present: Fraction
    whole: Fraction
    extra: Fraction = Fraction(0)


def together(row: Row, node: Node, by_category: bool, under: str = "sum") -> Part:
    """What is left out is made up by every node, or by the root and wherever weights weigh."""
    parts = [leaf_part(row.leaves[id(x)]) for x in node.indicators if id(x) in row.leaves]
    parts += [together(row, child, by_category, node.aggregate) for child in node.categories]
    made = {"sum": added, "weighted-sum": weighed}.get(node.aggregate)
    value, present, whole = made(parts) if made else averaged(parts, node.aggregate)
    if present and (by_category or (node.aggregate, under) != ("sum", "sum")):
        value, present = value * whole / present, whole
    extra = sum((x.extra for x in parts), Fraction(0))
    return Part(exact(node.weight), value, present, whole, extra)


def leaf_part(scored: Scored) -> Part:
    mark, full, none = scored.mark, scored.full, Fraction(0)
    if scored.leaf.extra:
        return Part(scored.weight, none, none, none, mark or none)
    if mark is None:
        return Part(scored.weight, none, none, full)
    return Part(scored.weight, mark, full, full)


def added(parts: list[Part]) -> tuple[Fraction, Fraction, Fraction]:
    zero = Fraction(0)
    return (
        sum((x.value for x in parts), zero),
        sum((x.present for x in parts), zero),
        sum((x.whole for x in parts), zero),
    )


def weighed(parts: list[Part]) -> tuple[Fraction, Fraction, Fraction]:
    return added(
        [Part(x.weight, *(x.weight * v for v in (x.value, x.present, x.whole))) for x in parts]
    )


def averaged(parts: list[Part], aggregate: str) -> tuple[Fraction, Fraction, Fraction]:
    """Weighted mean of the parts that are present, each on a scale of 100."""
    there = [x for x in parts if x.present and x.weight]
    whole = HUNDRED if any(x.whole and x.weight for x in parts) else Fraction(0)
    if not there:
        return Fraction(0), Fraction(0), whole
    weights = sum((x.weight for x in there), Fraction(0))
    scaled = [(x.weight / weights, HUNDRED * x.value / x.present) for x in there]
    if aggregate == "geometric":
        return geometric(scaled), HUNDRED, whole
    return sum((w * x for w, x in scaled), Fraction(0)), HUNDRED, whole


def geometric(parts: list[tuple[Fraction, Fraction]]) -> Fraction:
    if any(x <= 0 for _, x in parts):
        return Fraction(0)
    with localcontext() as context:
        context.prec = 60
        product = Decimal(1)
        for share, x in parts:
            product *= decimal(x) ** decimal(share)
        return Fraction(product)


def decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / Decimal(x.denominator)
