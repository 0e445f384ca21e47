"""The slow obvious reference of formulas: the tree walked node by node, in exact fractions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from fractions import Fraction

from tests.support.reference.figures import Number, exact, half_up, settled

COMPARISONS = {
    ast.GtE: lambda a, b: a >= b,
    ast.Gt: lambda a, b: a > b,
    ast.LtE: lambda a, b: a <= b,
    ast.Lt: lambda a, b: a < b,
}
FUNCTIONS = {
    "min": min,
    "max": max,
    "clip": lambda x, low, high: min(max(x, low), high),
    "abs": abs,
    "floor": lambda x: Fraction(settled(x).__floor__()),
    "round": lambda x, places: half_up(settled(x), int(places)),
}


class NoNumber(Exception):
    """A name has no number, or something is divided by zero."""


def evaluate(text: str, get: Callable[[str], Number]) -> Number:
    """The value of a formula over `get(name)`; None where a name that it needs has no number."""
    plain = re.sub(r"\bif(?=\s*\()", "If", text)
    try:
        return value(ast.parse(plain.strip(), mode="eval").body, get)
    except NoNumber:
        return None


def value(node: ast.expr, get: Callable[[str], Number]) -> Fraction:
    if isinstance(node, ast.Constant):
        return exact(node.value)
    if isinstance(node, ast.Name):
        return there(get("full" if node.id == "W" else node.id))
    if isinstance(node, ast.UnaryOp):
        inner = value(node.operand, get)
        return Fraction(inner == 0) if isinstance(node.op, ast.Not) else -inner
    if isinstance(node, ast.BoolOp):
        values = [value(x, get) != 0 for x in node.values]
        return Fraction(all(values) if isinstance(node.op, ast.And) else any(values))
    if isinstance(node, ast.Compare):
        left, right = settled(value(node.left, get)), settled(value(node.comparators[0], get))
        return Fraction(COMPARISONS[type(node.ops[0])](left, right))
    if isinstance(node, ast.BinOp):
        return arithmetic(node.op, value(node.left, get), value(node.right, get))
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return called(node.func.id, node.args, get)


def called(name: str, args: list[ast.expr], get: Callable[[str], Number]) -> Fraction:
    if name == "value":
        assert isinstance(args[0], ast.Constant)
        return there(get(f"value:{args[0].value}"))
    if name == "If":
        return value(args[1] if value(args[0], get) != 0 else args[2], get)
    return FUNCTIONS[name](*(value(x, get) for x in args))


def arithmetic(op: ast.operator, a: Fraction, b: Fraction) -> Fraction:
    if isinstance(op, ast.Add):
        return a + b
    if isinstance(op, ast.Sub):
        return a - b
    if isinstance(op, ast.Mult):
        return a * b
    if isinstance(op, ast.Pow):
        return a ** int(b)
    if b == 0:
        raise NoNumber
    return a / b


def there(number: Number) -> Fraction:
    if number is None:
        raise NoNumber
    return number
