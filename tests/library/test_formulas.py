"""Formulas: what they compute, what they refuse and where, and that measures must fit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.formulas import compile_formula, measure_problems
from saima.steps import Num
from saima.steps import given as given_number

VALUES = {"a": 106.0, "b": 100.0, "W": 20.0, "missing": math.nan, "value:gdp-x": 3.0}
NAMES = {n: n for n in VALUES} | {"完成数": "a", "目标值": "b"}


def value(text, values=VALUES):
    formula, problems = compile_formula(text, NAMES.get, NAMES)
    assert [p.text() for p in problems] == []
    return float(formula(lambda n: Num(values[n])).value)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3 ** 2", 512), ("-2 ** 2", -4), ("7 / 2", 3.5),
        ("min(W, W*a/b)", 20), ("max(1, 2, 3)", 3), ("clip(a, 0, b)", 100), ("abs(b - a)", 6),
        ("floor(2.9999999999999996)", 3), ("round(2.345, 2)", 2.35), ("round(-0.5, 0)", -1),
        ("if(a >= b, 1, 2)", 1), ("如果（完成数≥目标值，1，2）", 1), ("if(a > 110, 1, 2)", 2),
        ("105%", 1.05), ("a > 105% * b", 1), ("1 < 2 < 3", 1), ("1 < 2 > 3", 0), ("a == 106", 1),
        ("a != 106", 0), ("not (1 > 2) and 1 < 2", 1), ("1 > 2 or 2 > 1", 1),
        ("value('gdp-x') + 1", 4), ("１００×２", 200), ("W*min(1,a/b)+min(10,0.5*max(0,(a/b-1)*100))", 23),
    ],
)  # fmt: skip
def test_arithmetic_is_what_it_says(text, result):
    assert value(text) == pytest.approx(result, abs=1e-12)


def test_division_by_zero_and_missing_figures_give_no_number():
    assert math.isnan(value("a / (b - 100)"))
    assert math.isnan(value("missing + 1"))
    assert math.isnan(value("min(missing, 1)"))


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "formula-unreadable", 1),
        ("min(", "formula-unreadable", 4),
        ("a b", "formula-unreadable", 3),
        ("a + tagret", "formula-unknown-name", 5),
        ("完成数＋目标直", "formula-unknown-name", 5),
        ("  如果(a≥c，1，2)", "formula-unknown-name", 8),
        ("value('nope')", "formula-unknown-name", 7),
        ("a.real", "formula-not-allowed", 1),
        ("1 + __import__('os')", "formula-not-allowed", 5),
        ("[1, 2]", "formula-not-allowed", 1),
        ("lambda: 1", "formula-not-allowed", 1),
        ("(x for x in a)", "formula-not-allowed", 1),
        ("a if a else b", "formula-not-allowed", 1),
        ("10 % 3", "formula-not-allowed", 1),
        ("10%3", "formula-not-allowed", 1),
        ("a // b", "formula-not-allowed", 1),
        ("'text'", "formula-not-allowed", 1),
        ("True", "formula-not-allowed", 1),
        ("1e400", "formula-not-allowed", 1),
        ("min(*a)", "formula-arguments", 1),
        ("min(a, b, key=a)", "formula-not-allowed", 1),
        ("a[0]", "formula-not-allowed", 1),
        ("a := 1", "formula-unreadable", 3),
        ("round(a, b)", "formula-arguments", 1),
        ("round(a, 99)", "formula-arguments", 1),
        ("clip(a, 1)", "formula-arguments", 1),
        ("value(a)", "formula-arguments", 1),
        ("(" * 30 + "1" + ")" * 30, "formula-too-large", None),
        ("1+" * 250 + "1", "formula-too-large", None),
        ("-" * 500 + "1", "formula-too-large", None),
        ("1" * 700, "formula-too-large", None),
    ],
)
def test_what_is_not_arithmetic_is_refused_with_its_place(text, code, column):
    formula, problems = compile_formula(text, NAMES.get, NAMES)
    assert formula is None
    assert (problems[0].code, problems[0].values.get("column")) == (code, column)
    assert problems[0].text("zh") and problems[0].text("en")


def test_unknown_name_gets_the_nearest_known_one():
    _, problems = compile_formula("完成书 + 1", NAMES.get, NAMES)
    assert "完成数" in problems[0].text()


def test_all_unknown_names_are_reported_at_once():
    _, problems = compile_formula("x + y * z", NAMES.get, NAMES)
    assert [p.values["name"] for p in problems] == ["x", "y", "z"]


@given(st.text(max_size=40))
def test_no_text_makes_the_compiler_crash(text):
    formula, problems = compile_formula(text, NAMES.get, NAMES)
    assert (formula is None) == bool(problems)


@st.composite
def expressions(draw, depth=3):
    """A formula and the same thing in Python, for plain numbers."""
    if depth == 0 or draw(st.booleans()):
        leaf = draw(st.sampled_from(["a", "b", "W", "3", "0.5", "0"]))
        return leaf, leaf
    (x, px), (y, py) = (draw(expressions(depth=depth - 1)) for _ in range(2))
    form = draw(st.sampled_from(["({x} + {y})", "({x} - {y})", "({x} * {y})", "min({x}, {y})",
                                 "max({x}, {y})", "if({x} > {y}, {x}, {y})", "abs({x})"]))  # fmt: skip
    python = {"if({x} > {y}, {x}, {y})": "({x} if {x} > {y} else {y})"}.get(form, form)
    return form.format(x=x, y=y), python.format(x=px, y=py)


@given(expressions(), st.lists(st.integers(-50, 50), min_size=3, max_size=3))
def test_formula_equals_the_same_python(pair, numbers):
    text, python = pair
    values = dict(zip(("a", "b", "W"), map(float, numbers), strict=True))
    formula, problems = compile_formula(text, NAMES.get, NAMES)
    if formula is None:
        assert problems[0].code == "formula-too-large"
        return
    expected = eval(python, {"__builtins__": {"min": min, "max": max, "abs": abs}}, values)
    assert float(formula(lambda n: Num(values[n])).value) == expected


def test_arrays_and_traced_cells_agree(recompute):
    formula, _ = compile_formula("clip(W*a/b, 0, W) + if(a > b, 1, 0)", NAMES.get)
    table = {
        "a": np.array([90.0, 110.0]),
        "b": np.array([100.0, 100.0]),
        "W": np.array([20.0, 20.0]),
    }
    whole = formula(lambda n: Num(table[n])).value
    for i in range(2):
        cell = formula(lambda n, i=i: given_number(float(table[n][i]), n))
        recompute(cell.step)
        assert cell.value == whole[i]
    assert whole.tolist() == [18.0, 21.0]


MEASURES = {"a": "万元", "d": "万元", "b": "户", "c": "亿元", "r": "", "u": None}


@pytest.mark.parametrize(
    "text",
    ["a + d", "a / d + 1", "0.5 * a + d", "a / b + d / b", "(a - d) / d * 100 > 5", "10 + a",
     "r * 100 + 1", "a ** 2 + b", "if(a > d, b, b + 1)", "u + a", "round(a / 10000, 2) + d",
     "a * u + b"],
)  # fmt: skip
def test_fitting_measures_pass(text):
    formula, _ = compile_formula(text, lambda n: n if n in MEASURES else None)
    assert measure_problems(formula, MEASURES.get) == []


@pytest.mark.parametrize(
    "text",
    [
        "a + b",
        "a - c",
        "min(a, b)",
        "if(a > b, 1, 2)",
        "if(r > 1, a, b)",
        "a * b + a",
        "10 + a + b",
    ],
)
def test_clashing_measures_are_refused(text):
    formula, _ = compile_formula(text, lambda n: n if n in MEASURES else None)
    assert [p.code for p in measure_problems(formula, MEASURES.get)] == ["formula-measures"]
