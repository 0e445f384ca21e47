"""A small safe arithmetic over named quantities: parsed, checked, compiled to operations on `Num`.

Numbers (`5%` is 0.05), names, + - * / **, comparisons, and/or/not, min, max, clip(x, low, high),
if(test, a, b), abs, floor, round(x, decimals) as 四舍五入, and value('code') for another
indicator. Nothing is ever evaluated as Python; full-width signs and ≥ ≤ × ÷ are read too.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from saima.problems import Place, Problem, declare
from saima.steps import Num, apply, as_num, clip, rounded, where
from saima.steps import floor as whole_part

LONGEST = 600  # characters
DEEPEST = 24  # brackets within brackets
MOST_PARTS = 300

Get = Callable[[str], Num]
Resolve = Callable[[str], str | None]
Run = Callable[[Get], Num]

declare(
    "formula-unreadable",
    "公式“{formula}”第{column}个字处写法不对。",
    "请检查括号、逗号和运算符号是否成对、完整。",
    "the formula “{formula}” cannot be read at character {column}.",
    "Check brackets, commas and signs.",
)
declare(
    "formula-unknown-name",
    "公式第{column}个字处的“{name}”不是已知的量。",
    "{suggestion}",
    "“{name}” at character {column} of the formula is not a known quantity.",
    "{suggestion_en}",
)
declare(
    "formula-not-allowed",
    "公式第{column}个字处的“{part}”不能用。",
    "只能用数、量名、+ - * / **、比较、min、max、clip、if、abs、floor、round 和 value('代码')。",
    "“{part}” at character {column} of the formula is not allowed.",
    "Use numbers, names, + - * / **, comparisons, min, max, clip, if, abs, floor, round, value('code').",
)
declare(
    "formula-arguments",
    "公式第{column}个字处：{function} 要写成 {shape}。",
    "请改正参数。",
    "at character {column} of the formula: write {function} as {shape}.",
    "Correct the arguments.",
)
declare(
    "formula-too-large",
    "公式太长或括号层次太深。",
    "请拆成几个指标，或换用现成的计分方法。",
    "the formula is too long or nested too deeply.",
    "Split it into several indicators, or use a scoring method.",
)
declare(
    "formula-measures",
    "公式中“{left}”与“{right}”计量单位不同，不能相加减或比较。",
    "请先换算成同一单位。",
    "“{left}” and “{right}” in the formula differ in their unit of measure.",
    "Convert one of them first.",
)

FUNCTIONS: dict[str, str] = {
    "min": "min(a, b, …)",
    "max": "max(a, b, …)",
    "clip": "clip(x, 下限, 上限)",
    "If": "if(条件, 值, 否则)",
    "abs": "abs(x)",
    "floor": "floor(x)",
    "round": "round(x, 小数位数0–9)",
    "value": "value('指标代码')",
}
_ARGUMENTS = {"min": (2, 20), "max": (2, 20), "clip": (3, 3), "If": (3, 3), "abs": (1, 1),
              "floor": (1, 1), "round": (2, 2), "value": (1, 1)}  # fmt: skip
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide",
    ast.Pow: "power", ast.GtE: "at_least", ast.Gt: "more_than", ast.LtE: "at_most",
    ast.Lt: "less_than",
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """A compiled formula: its text, the names that it uses, and how to run it."""

    text: str
    names: frozenset[str]
    run: Run = field(compare=False)
    tree: ast.expr = field(compare=False, repr=False)
    resolved: Mapping[str, str] = field(compare=False, repr=False, default_factory=dict)

    def __call__(self, get: Get) -> Num:
        """The value over `get(name)`, arrays or one traced cell; NaN where something is missing."""
        return self.run(get)


def compile_formula(
    text: str, resolve: Resolve, known: Iterable[str] = (), place: Place | None = None
) -> tuple[Formula | None, list[Problem]]:
    """Compile a formula. `resolve` gives a name's canonical form or None; `known` are suggested.

    `value('code')` is resolved as the name `value:code`. With problems there is no formula.
    """
    return _Compiler(text, resolve, tuple(known), place or Place()).compile()


def names_of(table: Mapping[str, str]) -> Resolve:
    """A resolver from a table of names as written to canonical names."""
    return table.get


def measure_problems(
    formula: Formula, measure_of: Callable[[str], str | None], place: Place | None = None
) -> list[Problem]:
    """Where a formula adds or compares quantities of different units of measure (万元 and 户).

    `measure_of` gives the measure of a canonical name, "" for a plain number, None if unknown:
    what is unknown, and every written number, fits anything.
    """
    finder = _Measures(formula, measure_of)
    finder.of(formula.tree)
    return [
        Problem("formula-measures", place or Place(), {"left": a, "right": b})
        for a, b in dict.fromkeys(finder.clashes)
    ]


Measure = tuple[tuple[str, int], ...] | None
"""Powers of units of measure, () for a plain number, None for unknown."""

WRITTEN: Measure = (("", 0),)
"""A written number: takes the measure of what it is added to, none in a product."""


class _Measures:
    def __init__(self, formula: Formula, measure_of: Callable[[str], str | None]) -> None:
        self.formula, self.measure_of = formula, measure_of
        self.clashes: list[tuple[str, str]] = []

    def of(self, node: ast.AST) -> Measure:
        match node:
            case ast.Constant():
                return WRITTEN
            case ast.Name(id=written):
                return self._named(self.formula.resolved.get(written, ""))
            case ast.Call(func=ast.Name(id="value"), args=[ast.Constant(value=str(code))]):
                return self._named(self.formula.resolved.get(f"value:{code}", ""))
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
                return _product(self.of(left), self.of(right), -1 if isinstance(op, ast.Div) else 1)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                self.of(left), self.of(right)
                return None
            case ast.Call(func=ast.Name(id="If"), args=[test, then, otherwise]):
                self.of(test)
                return self._same([then, otherwise])
            case ast.Call(func=ast.Name(id="round"), args=[first, *_]):
                return self.of(first)
            case ast.Compare(left=left, comparators=rest):
                self._same([left, *rest])
                return ()
            case ast.BoolOp(values=values):
                for value in values:
                    self.of(value)
                return ()
        return self._same([n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)
                           and not (isinstance(node, ast.Call) and n is node.func)])  # fmt: skip

    def _named(self, name: str) -> Measure:
        measure = self.measure_of(name)
        return measure if measure is None else ((measure, 1),) if measure else ()

    def _same(self, nodes: list[ast.expr]) -> Measure:
        """The measure that all of these share; a clash is noted."""
        known = [(self.of(n), ast.unparse(n)) for n in nodes]
        stated = [(m, text) for m, text in known if m not in (None, WRITTEN)]
        for (a, left), (b, right) in pairwise(stated):
            if a != b:
                self.clashes.append((left, right))
        unknown = any(m is None for m, _ in known)
        return stated[0][0] if stated else None if unknown else WRITTEN


def _product(a: Measure, b: Measure, sign: int) -> Measure:
    """Powers add up; an unknown name makes the whole unknown."""
    if a is None or b is None:
        return None
    powers = dict(a)
    for name, power in b:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((n, p) for n, p in powers.items() if p))


# --- reading ------------------------------------------------------------------------------------

_SINGLE = str.maketrans(
    "（），＋－—＊／＞＜．×÷％｛｝０１２３４５６７８９‘’“”", "(),+--*/><.*/%{}0123456789''\"\""
)
_WIDER = re.compile(r"≥|≤|≠|(?<=\d)%(?!\s*[\w.(])|\bif(?=\s*\()|如果(?=\s*\()|\n")
_REPLACED = {"≥": ">=", "≤": "<=", "≠": "!=", "%": "e-2", "if": "If", "如果": "If", "\n": " "}


def _plain(text: str) -> tuple[str, list[int]]:
    """Python's spelling of a formula, and for each of its characters where it stood (from 0)."""
    out, origin, last = "", [], 0
    single = text.translate(_SINGLE)
    for match in _WIDER.finditer(single):
        new = _REPLACED[match[0]]
        out += single[last : match.start()] + new
        origin += [*range(last, match.start()), *[match.start()] * len(new)]
        last = match.end()
    return out + single[last:], [*origin, *range(last, len(single) + 1)]


class _Compiler:
    def __init__(self, text: str, resolve: Resolve, known: tuple[str, ...], place: Place) -> None:
        self.text, self.resolve, self.known, self.place = text, resolve, known, place
        self.problems: list[Problem] = []
        self.resolved: dict[str, str] = {}
        self.plain, self.origin = _plain(text)

    def compile(self) -> tuple[Formula | None, list[Problem]]:
        tree = self._parse()
        if tree is None:
            return None, self.problems
        run = self.expression(tree)
        if self.problems:
            return None, self.problems
        return Formula(self.text, frozenset(self.resolved.values()), run, tree, self.resolved), []

    def _parse(self) -> ast.expr | None:
        if len(self.text) > LONGEST or _depth(self.plain) > DEEPEST:
            self.problems.append(Problem("formula-too-large", self.place))
            return None
        try:
            tree = ast.parse(self.plain.strip(), mode="eval").body
        except SyntaxError as error:
            self._unreadable((error.offset or 1) - 1)
            return None
        except (ValueError, MemoryError, RecursionError):
            self._unreadable(0)
            return None
        if sum(1 for _ in ast.walk(tree)) > MOST_PARTS or _height(tree) > 2 * DEEPEST:
            self.problems.append(Problem("formula-too-large", self.place))
            return None
        return tree

    def _unreadable(self, index: int) -> None:
        values = {"formula": self.text, "column": self.column(index)}
        self.problems.append(Problem("formula-unreadable", self.place, values))

    def column(self, index: int) -> int:
        """Where a character of the plain spelling stood in the text, counted from 1."""
        index += len(self.plain) - len(self.plain.lstrip())
        return self.origin[max(0, min(index, len(self.origin) - 1))] + 1

    def refuse(self, code: str, node: ast.AST, **values: Any) -> Run:
        index = _characters(self.plain.strip(), getattr(node, "col_offset", 0))
        self.problems.append(Problem(code, self.place, {"column": self.column(index), **values}))
        return lambda _: Num(float("nan"))

    def not_allowed(self, node: ast.AST) -> Run:
        part = ast.get_source_segment(self.plain.strip(), node) or type(node).__name__
        return self.refuse("formula-not-allowed", node, part=part[:40])

    # --- compiling ---------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> Run:
        match node:
            case ast.Constant(value=bool()):
                return self.not_allowed(node)
            case ast.Constant(value=int() | float() as number) if abs(number) <= 1e15:
                constant = Num(float(number))
                return lambda _: constant
            case ast.Name(id=name):
                return self.name(name, node)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return self.binary(_OPERATORS[type(op)], left, right)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.binary("subtract", ast.Constant(0.0), operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.expression(operand)
                return lambda get: 1.0 - inner(get)
            case ast.Compare():
                return self.comparison(node)
            case ast.BoolOp(op=op, values=values):
                return self.fold("minimum" if isinstance(op, ast.And) else "maximum", values)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(name, arguments, node)
        return self.not_allowed(node)

    def name(self, written: str, node: ast.expr) -> Run:
        name = self.resolve(written)
        if name is None:
            return self.refuse(
                "formula-unknown-name", node, name=written, **_nearest(written, self.known)
            )
        self.resolved[written] = name
        return lambda get: get(name)

    def binary(self, op: str, left: ast.expr, right: ast.expr) -> Run:
        a, b = self.expression(left), self.expression(right)
        return lambda get: apply(op, a(get), b(get))

    def comparison(self, node: ast.Compare) -> Run:
        sides = [node.left, *node.comparators]
        tests = [
            self.test(op, a, b, node) for op, a, b in zip(node.ops, sides, sides[1:], strict=False)
        ]
        return _folded("minimum", tests)

    def test(self, op: ast.cmpop, left: ast.expr, right: ast.expr, node: ast.expr) -> Run:
        if type(op) in _OPERATORS:
            return self.binary(_OPERATORS[type(op)], left, right)
        if not isinstance(op, ast.Eq | ast.NotEq):
            return self.not_allowed(node)
        a, b = self.binary("at_least", left, right), self.binary("at_most", left, right)
        equal = _folded("minimum", [a, b])
        return equal if isinstance(op, ast.Eq) else lambda get: 1.0 - equal(get)

    def fold(self, op: str, values: list[ast.expr]) -> Run:
        return _folded(op, [self.expression(v) for v in values])

    def call(self, name: str, arguments: list[ast.expr], node: ast.expr) -> Run:
        if name not in FUNCTIONS:
            return self.not_allowed(node)
        least, most = _ARGUMENTS[name]
        fits = least <= len(arguments) <= most and self._literals_fit(name, arguments)
        if not fits:
            shape = FUNCTIONS[name]
            return self.refuse("formula-arguments", node, function=name.lower(), shape=shape)
        if name == "value":
            return self.value(arguments[0])
        if name in ("min", "max"):
            return self.fold({"min": "minimum", "max": "maximum"}[name], arguments)
        if name == "round":
            x, places = self.expression(arguments[0]), int(_literal(arguments[1]))
            return lambda get: rounded(x(get), places)
        return _built_in(name, [self.expression(a) for a in arguments])

    def _literals_fit(self, name: str, arguments: list[ast.expr]) -> bool:
        if name == "round":
            return _literal(arguments[1]) in range(10)
        return name != "value" or isinstance(_literal(arguments[0]), str)

    def value(self, argument: ast.expr) -> Run:
        code = str(_literal(argument))
        name = self.resolve(f"value:{code}")
        if name is None:
            tips = _nearest(code, [k.removeprefix("value:") for k in self.known])
            return self.refuse("formula-unknown-name", argument, name=code, **tips)
        self.resolved[f"value:{code}"] = name
        return lambda get: get(name)


def _literal(node: ast.expr) -> Any:
    return node.value if isinstance(node, ast.Constant) else None


def _built_in(name: str, parts: list[Run]) -> Run:
    first = parts[0]
    if name == "abs":
        return lambda get: apply("absolute", first(get))
    if name == "floor":
        return lambda get: whole_part(first(get))
    second, third = parts[1], parts[2]
    if name == "clip":
        return lambda get: clip(first(get), second(get), third(get))
    return lambda get: where(first(get), second(get), third(get))


def _folded(op: str, parts: list[Run]) -> Run:
    def run(get: Get) -> Num:
        out = as_num(parts[0](get))
        for part in parts[1:]:
            out = apply(op, out, part(get))
        return out

    return run


def _depth(text: str) -> int:
    depth = most = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        most = max(most, depth)
    return most


def _height(tree: ast.AST) -> int:
    """How many parts stand within one another, without recursion."""
    level, height = [tree], 0
    while level:
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        height += 1
    return height


def _characters(text: str, offset: int) -> int:
    """Python counts columns in UTF-8 bytes; people count characters."""
    return len(text.encode()[:offset].decode(errors="ignore"))


def _nearest(name: str, known: Iterable[str]) -> dict[str, str]:
    listed = sorted(set(known))
    found = difflib.get_close_matches(name, listed, n=1, cutoff=0.5)
    if found:
        return {
            "suggestion": f"是不是“{found[0]}”？",
            "suggestion_en": f"Did you mean “{found[0]}”?",
        }
    shown = "、".join(listed[:30]) or "无"
    return {"suggestion": f"可用的有：{shown}。", "suggestion_en": f"Known: {shown}."}
