"""Every rulebook that ships or is kept for tests reads cleanly, and its cases hold."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

from saima.rules.cases import marked_case, run_cases
from saima.rules.reading import read_rulebook, read_rulebook_file
from saima.rules.writing import write_rulebook

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "tests" / "cases").glob("*.yaml"), *(ROOT / "rulebooks").glob("*.yaml")])


@pytest.fixture(params=FILES, ids=lambda p: p.stem)
def rulebook(request):
    read, problems = read_rulebook_file(request.param)
    assert [p.text() for p in problems] == []
    return read


def test_cases_hold(rulebook):
    assert [p.text() for p in run_cases(rulebook)] == []


def test_every_leaf_has_a_case(rulebook):
    tried = {c["given"]["indicator"] for c in rulebook.cases}
    assert {leaf.indicator for _, leaf in rulebook.leaves()} - tried == set()


def test_what_is_written_is_read_back(rulebook):
    read, problems = read_rulebook(write_rulebook(rulebook), "written")
    assert problems == []
    assert read == rulebook
    assert read.digest == rulebook.digest


def test_examples_of_the_guide_hold():
    guide = (ROOT / "rulebooks" / "README.md").read_text(encoding="utf-8")
    scheme, cases = re.findall(r"^```yaml\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    read, problems = read_rulebook(scheme + cases, "README.md")
    assert [p.text() for p in problems] == []
    assert len(read.cases) == 3
    assert [p.text() for p in run_cases(read)] == []


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"given": {"indicator": "finance", "actual": 80, "target": 100}, "expect": {"marks": 17}}, "算得“16”"),
        ({"given": {"indicator": "finanse"}, "expect": {}}, "是不是“finance”"),
        ({"given": {"indicator": "finance", "actul": 1}, "expect": {}}, "是不是“actual”"),
        ({"given": {"indicator": "finance", "actual": "much"}, "expect": {}}, "much"),
        ({"given": {"indicator": "finance", "actual": 1, "target": 2}, "expect": {"mark": 3}}, "是不是"),
        ({"given": 3, "expect": {}}, "given"),
        ({}, "given"),
        ({"given": {"indicator": "finance", "actual": 1, "target": 0}, "expect": {"problem": "missing-base"}}, "zero-target"),
        ({"given": {"indicator": "finance", "actual": 80, "target": 100}, "expect": {"sentence": "x"}}, "完成率80.00%"),
    ],
)  # fmt: skip
def test_case_that_fails_or_cannot_be_read_says_why(case, said):
    rulebook, _ = read_rulebook_file(ROOT / "tests" / "cases" / "attainment.yaml")
    wrong = msgspec.structs.replace(rulebook, cases=({"name": "例", **case},))
    [problem] = run_cases(wrong, "办法.yaml")
    assert said in problem.text()
    assert str(problem.place) == "办法.yaml cases[1]"


def marked(rulebook):
    return [mark for case in rulebook.cases for mark in marked_case(rulebook, case)]


def test_one_traced_unit_equals_the_array_cell(rulebook):
    for mark in marked(rulebook):
        for unit in range(len(mark.figures.units)):
            traced = mark.trace(unit)
            assert np.array_equal(traced.value, mark.value[unit], equal_nan=True), mark.leaf


def test_every_step_recomputes_from_its_children(rulebook, recompute):
    for mark in marked(rulebook):
        for unit in range(len(mark.figures.units)):
            step = mark.trace(unit).step
            assert step is not None
            recompute(step)


def test_sentences_and_rules_have_both_languages(rulebook):
    for mark in marked(rulebook):
        for language in ("zh", "en"):
            assert mark.method.rule(mark.leaf.settings, language)
            if not np.isnan(mark.value[0]):
                assert mark.sentence(0, language)
