"""An explanation on the terminal, and the equation that opens it, recomputed from what it prints."""

from __future__ import annotations

import re
from datetime import date

import pytest
from rich.cells import cell_len

from saima.campaigns import Event
from saima.commands.tables import print_explanation
from saima.scoring import explain
from saima.scoring.equations import bare, equation, formula, value_text
from tests.library.briefing.invented import RULEBOOK, scored

EVENTS = [
    Event(kind="bonus", unit="u1", name="典型经验", on=date(2026, 8, 3)),
    Event(kind="deduction", unit="u1", name="通报批评", on=date(2026, 8, 4)),
]


def shown(capsys, unit: str, indicator: str | None = None, *, language="zh", **bent) -> str:
    print_explanation(explain(scored(**bent), "2026-09", unit, indicator), language)
    return capsys.readouterr().out


def test_first_line_says_the_mark_and_what_is_missing(capsys):
    first = shown(capsys, "u0", "revenue").splitlines()[0]
    assert first == "2026年9月，示例澄江置业有限公司营业收入得37.60分，满分40分，少2.4分。"


def test_equation_stands_below_with_a_name_under_every_number(capsys):
    lines = shown(capsys, "u0", "revenue").splitlines()
    assert lines[2].split() == [
        "37.60",
        "=",
        "40",
        "×",
        "8,460",
        "÷",
        "12,000",
        "÷",
        "(",
        "9",
        "÷",
        "12",
        ")",
    ]
    assert lines[3].split() == [
        "得分",
        "满分",
        "完成数（万元）",
        "目标值（万元）",
        "已过时间",
        "全程时间",
    ]


def test_clause_rule_and_sentence_are_quoted(capsys):
    said = shown(capsys, "u0", "revenue")
    assert "怎么来的：进度比94.00%，得40×94.00%=37.60分。" in said
    assert "依据条款：《示例赛马计分办法》第2版，第三条。按进度比占满分的比例计分" in said


def test_figures_are_listed_with_their_cells(capsys):
    said = shown(capsys, "u0", "revenue").partition("用到的数\n")[2]
    assert re.search(r"完成数 +8,460万元 +2026年1—9月 +核定数 +台账.xlsx“数据”!F10\n", said)
    assert re.search(r"目标值 +12,000万元 +台账.xlsx“目标”!D2\n", said)


def test_steps_form_a_tree_that_ends_in_the_inputs(capsys):
    tree = shown(capsys, "u0", "revenue").partition("逐步计算\n")[2].partition("\n\n")[0]
    labels = re.findall(r"[└├│─ ]*([^ ]+) ", tree)
    assert labels[0] == "营业收入"
    assert "├─ 完成数 " in tree
    assert tree.count("9,720万元") + tree.count("8,460万元") == 1


def test_step_that_stands_above_is_not_taken_apart_again(capsys):
    tree = shown(capsys, "u0", "investment")
    assert tree.count("完成率 = 完成数 ÷ 目标值") == 1
    assert "超欠序时（见上）" in tree


def test_mark_without_a_figure_says_why(capsys):
    said = shown(capsys, "u0", "investment", changed={("u0", "investment", 9): None})
    assert said.startswith("2026年9月，示例澄江置业有限公司固定资产投资得0分，满分30分，少30分。")
    assert "怎么来的：未报，计0分。" in said


def test_whole_score_goes_down_to_its_marks_and_says_how_to_go_on(capsys):
    said = shown(capsys, "u1", events=EVENTS)
    assert said.startswith("2026年9月，示例云岭交通有限公司总分100.50分。")
    tree = said.partition("逐步计算\n")[2]
    assert "固定资产投资 = " in tree
    assert "完成率 = " not in tree
    assert "--indicator 指标名称" in said


def test_indicator_that_is_scored_twice_shows_both_marks(capsys):
    twice = RULEBOOK.replace(
        "  - category: 项目",
        "      - {indicator: revenue, weight: 5, method: rank-decay, of: actual}\n  - category: 项目",
    )
    said = shown(capsys, "u0", "revenue", rulebook=twice).replace("\n", "")
    assert "营业收入得37.60分，满分40分，少2.4分；营业收入得4.50分，满分5分，少0.5分。" in said


@pytest.mark.parametrize("width", ["60", "80", "100"])
@pytest.mark.parametrize("indicator", [None, "revenue", "investment", "left", "hazards"])
def test_no_line_is_wider_than_the_screen(capsys, monkeypatch, width, indicator):
    monkeypatch.setenv("COLUMNS", width)
    said = shown(capsys, "u1", indicator, events=EVENTS)
    assert max(cell_len(line) for line in said.splitlines()) <= int(width)


def test_explanation_speaks_english(capsys):
    said = shown(capsys, "u0", "revenue", language="en")
    assert "Step by step" in said
    assert "Figures used" in said


# --- the equation -------------------------------------------------------------------------------


def worth(tokens: list[tuple[str, str]]) -> float:
    """The value of an equation as printed, worked out by Python."""
    text = " ".join(token for token, _ in tokens).replace(",", "")
    text = re.sub(r"([\d.]+)%", r"(\1/100)", text)
    text = text.replace("×", "*").replace("÷", "/").replace("−", "-").replace("^", "**")
    assert re.fullmatch(r"[\d.()*/+\- ]+", text), text
    return float(eval(text))


@pytest.mark.parametrize("unit", [f"u{n}" for n in range(7)])
@pytest.mark.parametrize("indicator", [None, "revenue", "investment", "left", "hazards"])
def test_equation_comes_to_the_mark_that_it_explains(unit, indicator):
    root = explain(scored(events=EVENTS), "2026-09", unit, indicator)["steps"]
    tokens = equation(root, to_marks=indicator is None)
    if tokens:
        assert worth(tokens) == pytest.approx(root["value"], abs=0.02)
        assert sum(1 for _, under in tokens if under) <= 7


def step(op: str, value: float, *parts, label: str = "", **detail):
    return {"op": op, "value": value, "of": list(parts), "label": label, "detail": detail}


def constant(value: float):
    return step("constant", value)


def test_what_changes_nothing_is_left_out_of_formula_and_equation():
    gap = step("input", 3.0, label="差", quantity="actual", measure="户")
    root = step(
        "multiply",
        6.0,
        step("divide", 3.0, step("subtract", 3.0, gap, constant(0.0)), constant(1.0)),
        constant(2.0),
    )
    assert formula(root) == "差 × 2"
    assert equation(root) == [("3", "差（户）"), ("×", ""), ("2", "定值")]


def test_limit_is_told_in_the_unit_of_what_it_limits():
    share = step("divide", 0.9, label="完成率")
    root = step("minimum", 0.9, share, constant(1.2))
    assert formula(root) == "完成率，最高120%"


def test_limit_that_binds_stands_in_the_equation():
    share = step("input", 1.5, label="完成率")
    root = step(
        "multiply",
        12.0,
        step("input", 10.0, label="满分", quantity="full"),
        step("minimum", 1.2, share, constant(1.2), label="计分完成率"),
    )
    assert equation(root) == [("10", "满分"), ("×", ""), ("120%", "计分完成率")]


def test_branch_that_was_taken_is_the_one_that_is_shown():
    root = step(
        "where",
        5.0,
        step("at_least", 1.0, constant(3.0), constant(2.0)),
        step("add", 5.0, constant(2.0), constant(3.0)),
    )
    assert [token for token, _ in equation(root)] == ["2", "+", "3"]


def test_values_are_told_in_their_units():
    assert value_text(step("divide", 0.650625, label="完成率")) == "65.0625%"
    assert value_text(step("rank", 2.0, label="同赛道完成率位次")) == "第2位"
    assert value_text(step("at_least", 1.0)) == "是"
    assert value_text(step("input", 52050.0, quantity="actual", measure="万元")) == "52,050万元"
    assert value_text(step("divide", None)) == "—"
    assert bare(step("round", 17.3, places=2)) == "17.30"
