"""Every rulebook that ships or is kept for tests reads cleanly, and its cases hold."""

from __future__ import annotations

from pathlib import Path

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
