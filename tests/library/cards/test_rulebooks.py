"""Every published scheme is configuration only: its file reads, and its cases hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from saima.cards.cases import run_cases
from saima.cards.reading import read_card_rules, read_card_rules_file
from saima.cards.words import sentences

ROOT = Path(__file__).parents[3]
FILES = [
    *sorted((ROOT / "rulebooks" / "cards").glob("*.yaml")),
    ROOT / "src" / "saima" / "cards" / "default.yaml",
]


def test_every_decidable_scheme_has_its_file():
    assert len(FILES) == 21


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_cases_of_a_scheme_hold(path):
    rules, problems = read_card_rules_file(path)
    assert (problems, len(rules.cases) > 0, rules.basis != "") == ([], True, True)
    assert run_cases(rules, path.name) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_scheme_is_told_in_sentences_that_name_every_level(path):
    rules, _ = read_card_rules_file(path)
    told = "\n".join(sentences(rules))
    assert all(level.name in told for level in rules.levels)
    assert "None" not in told and told.count("\n") >= len(rules.levels) + len(rules.rules)


def test_a_wrong_expectation_of_a_case_is_told_with_what_came_out():
    text = FILES[0].read_text(encoding="utf-8")
    rules, _ = read_card_rules(text.replace("黄色预警升为橙色预警", "黄色预警升为红色预警"))
    failed = run_cases(rules, "规则.yaml")
    assert [p.code for p in failed] == ["cards-case-failed"]
    assert "橙色预警" in failed[0].text() and "规则.yaml" in failed[0].text()


def test_a_case_without_expectation_is_told():
    rules, _ = read_card_rules_file(FILES[0])
    from msgspec import structs

    odd = structs.replace(rules, cases=({"name": "空"}, {"name": "数", "given": [3], "expect": []}))
    assert [p.code for p in run_cases(odd)] == ["cards-case-unreadable", "cards-bad-observation"]
