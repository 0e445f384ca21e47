"""What looking a rulebook over finds, with exact examples that the marks confirm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from saima.rules.checking import check, placed
from saima.rules.probing import marks_at
from saima.rules.reading import read_rulebook, read_rulebook_file

ROOT = Path(__file__).parents[3]


def rulebook(leaf="method: attainment", rest="", weight=100):
    text = f"""\
rulebook: r
name: 示例办法
{rest}
tree:
  - category: c
    indicators:
      - {{indicator: x, weight: {weight}, {leaf}}}
"""
    read, problems = read_rulebook(text, "r")
    assert [p.text() for p in problems] == []
    return read


def found(leaf="method: attainment", rest="", weight=100):
    return {p.code: p for p in check(rulebook(leaf, rest, weight))}


def test_plain_scheme_has_nothing_odd():
    rest = "grades: {优秀: '>= 90', 合格: otherwise}\nevents: [{kind: veto, name: 事故, grade: 合格, lasts: 12 months, basis: 示例规定}]"
    assert found(rest=rest) == {}


@pytest.mark.parametrize("weight", [90, 110, "{甲: 100, 乙: 80}"])
def test_weights_that_do_not_add_up(weight):
    assert set(found(weight=weight)) == {"rules-weights"}


def test_weights_add_up_to_the_full_marks_that_the_scheme_states():
    assert found(rest="full-marks: 60", weight=60) == {}


def test_weights_are_told_by_track():
    problem = found(weight="{甲: 100, 乙: 80}")["rules-weights"]
    assert (problem.values["track"], problem.values["sum"]) == ("乙", "80")


@pytest.mark.parametrize(
    ("rest", "name"),
    [
        ("grades: {优秀: '>= 101', 合格: otherwise}", "优秀"),
        ("grades: {合格: '>= 80', 优秀: '>= 95', 其他: otherwise}", "优秀"),
        ("grades: {优秀: '>= 90', 合格: otherwise, 不合格: '>= 20'}", "不合格"),
    ],
)
def test_grade_that_no_unit_can_get(rest, name):
    assert found(rest=rest)["rules-unreachable"].values["name"] == name


def test_grade_behind_a_limited_one_can_be_reached():
    assert found(rest="grades: {优秀: '>= 90, at most 30%', 良好: '>= 90', 合格: otherwise}") == {}


def test_bonus_lifts_what_can_be_reached():
    rest = "events: [{kind: bonus, name: 表彰, each: 1, at-most: 3}]\ngrades: {优秀: '>= 102', 其他: otherwise}"
    assert found(rest=rest) == {}


def test_units_without_a_grade():
    assert found(rest="grades: {优秀: '>= 90'}")["rules-no-last-grade"].values["least"] == "90"


def test_band_that_is_never_told_from_its_neighbour():
    leaf = "method: bands, at-least: [[100%, full], [90%, 60], [80%, 60]]"
    assert "rules-unreachable" in found(leaf)


def test_step_worth_gaming_comes_with_the_exact_example():
    problem = found("method: bands, at-least: [[90%, full], [60%, 50%]]")["rules-step"]
    values = problem.values
    assert (values["low"], values["high"]) in [("89.99%", "90%"), ("59.99%", "60%")]
    assert values["size"] == "50"


def test_whole_steps_are_worth_gaming():
    assert "rules-step" in found("method: stepped, each: 5%, adds: 5, takes: 5, steps: whole")


def test_straight_lines_are_not():
    assert found("method: stepped, each: 5%, adds: 5, takes: 5, adds-at-most: 20") == {}
    assert found("method: piecewise, points: [[0, 0], [99%, 50], [100%, full]]") == {}


def test_jump_of_a_formula():
    leaf = "method: formula, marks: 'if(actual >= 90, W, W*actual/100)'"
    problem = found(leaf)["rules-jump"]
    assert (problem.values["low"], problem.values["high"]) == ("89.99", "90")
    assert (problem.values["before"], problem.values["after"]) == ("89.99", "100")


@pytest.mark.parametrize(
    "leaf",
    [
        "method: piecewise, points: [[0, 0], [80%, full], [100%, 60]]",
        "method: bands, at-least: [[100%, 60], [50%, 80]], otherwise: 20",
        "method: formula, marks: 'W*attainment*(2 - attainment)'",
        "method: piecewise, points: [[0, 0], [100%, full]], above: {each: 10%, takes: 5}",
    ],
)
def test_place_where_doing_better_earns_less(leaf):
    problem = found(leaf)["rules-better-earns-less"]
    assert float(problem.values["before"]) > float(problem.values["after"])


def test_less_is_better_is_no_such_place():
    assert "rules-better-earns-less" not in found(
        "method: piecewise, of: actual, points: [[0, full], [50, 0]]"
    )
    assert "rules-better-earns-less" not in found(
        "method: bands, of: deviation, at-most: [[5%, full], [10%, 60]]"
    )


def test_marks_without_a_cap():
    assert "rules-uncapped" in found("method: attainment, cap: null")
    assert "rules-uncapped" not in found("method: attainment, cap: null, marks-at-most: 150%")


def test_step_of_a_hundred_points_is_taken_for_a_slip():
    problem = found("method: stepped, each: 1, adds: 1, takes: 1")["rules-coarse-step"]
    assert "1%" in problem.hint()


@pytest.mark.parametrize(
    ("rest", "codes"),
    [
        ("events: [{kind: veto, name: 事故, effect: last}]", {"rules-veto-basis", "rules-veto-expiry"}),
        ("events: [{kind: veto, name: 事故, effect: last, basis: 示例}]", {"rules-veto-expiry"}),
        ("events: [{kind: veto, name: 事故, grade: 差, lasts: 1 year, basis: 示例}]", {"rules-unknown-name"}),
        ("events: [{kind: gate, name: 通报, blocks: [红旗奖]}]", {"rules-unknown-name"}),
        ("ranks: {break-by: [y]}", {"rules-unknown-name"}),
        ("seals: {全年红: {every: year, when: {seals: 月月红, count: '>= 10'}}}", {"rules-unknown-name"}),
    ],
)  # fmt: skip
def test_vetoes_and_names(rest, codes):
    assert set(found(rest=rest)) == codes


def test_told_examples_are_what_the_marks_say():
    """Every step told of a shipped scheme is confirmed by marking both sides of it."""
    for path in sorted((ROOT / "rulebooks").glob("*.yaml")):
        read, _ = read_rulebook_file(path)
        leaves = dict(placed(read.tree))
        for problem in check(read):
            leaf = leaves.get(problem.place.path)
            if problem.code != "rules-step" or leaf is None or leaf.method != "bands":
                continue
            low, high = (float(problem.values[k].rstrip("%")) / 100 for k in ("low", "high"))
            full = float(leaf.weight)
            got = marks_at(leaf, read, full, leaf.settings.of, np.array([low, high]))
            assert got.tolist() == [float(problem.values["before"]), float(problem.values["after"])]


def test_shipped_schemes_have_no_contradiction():
    """Published schemes have steps worth gaming; none of ours contradicts itself."""
    for path in sorted((ROOT / "rulebooks").glob("*.yaml")):
        read, _ = read_rulebook_file(path)
        codes = {p.code for p in check(read)}
        assert codes <= {"rules-step", "rules-jump", "rules-uncapped"}, path.name
