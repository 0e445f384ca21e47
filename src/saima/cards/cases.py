"""Runs the cases of card rules: a history given, the cards and steps that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saima.cards.reading import observations_from
from saima.cards.replaying import replay
from saima.cards.rules import CardRules
from saima.problems import Place, Problem, declare

declare(
    "cards-case-unreadable",
    "例“{case}”要有 given（若干条观测）和 expect（应出现的牌，可以是空表）。",
    "请照样本改写。",
    "case “{case}” needs `given` and `expect`, both lists.",
    "Follow the samples.",
)
declare(
    "cards-case-failed",
    "例“{case}”：应为“{wanted}”，算得“{got}”。",
    "请核对规则，或改正例中的预期。",
    "case “{case}”: expected “{wanted}”, got “{got}”.",
    "Check the rules, or correct what the case expects.",
)


def run_cases(rules: CardRules, name: str = "") -> list[Problem]:
    """What is wrong with the cases, empty if all hold; `name` is the file for places."""
    problems: list[Problem] = []
    for i, case in enumerate(rules.cases):
        problems += _run(rules, case, Place(file=name, path=f"cases[{i + 1}]"))
    return problems


def _run(rules: CardRules, case: Mapping[str, Any], place: Place) -> list[Problem]:
    title, given, expect = str(case.get("name", "")), case.get("given"), case.get("expect")
    if not isinstance(given, list) or not isinstance(expect, list):
        return [Problem("cards-case-unreadable", place, {"case": title})]
    found, wrong = observations_from(given, rules)
    if wrong:
        return [Problem(code, place, values) for _, code, values in wrong]
    done = replay(rules, found, answered=not case.get("unanswered", False))
    got = [p.brief for p in done.proposals]
    wanted = [str(line) for line in expect]
    if got == wanted:
        return []
    values = {"case": title, "wanted": "；".join(wanted) or "无", "got": "；".join(got) or "无"}
    return [Problem("cards-case-failed", place, values)]
