"""What is wrong with card rules is said at its line; a gap is a warning only."""

from __future__ import annotations

import pytest

from saima.cards.reading import observations_from, read_card_rules

TEXT = """\
cards: sample
name: 示例规则
levels:
  - {name: 黄牌, colour: yellow, answer-days: 5}
  - {name: 红牌, colour: red, made-good: 黄牌}
rules:
  - subject: project
    of: behind-pace
    bands:
      - {level: 黄牌, at-least: 10, at-most: 30}
      - {level: 红牌, more-than: 30}
escalation:
  - {level: 黄牌, when: overdue, to: 红牌}
"""


def test_sound_rules_read_without_a_problem():
    rules, problems = read_card_rules(TEXT, "规则.yaml")
    assert problems == []
    assert [level.name for level in rules.levels] == ["黄牌", "红牌"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("made-good: 黄牌", "made-good: 蓝牌", "cards-unknown-level", 5),
        ("made-good: 黄牌", "made-good: 红牌", "cards-heavier", 5),
        ("{name: 红牌,", "{name: 黄牌,", "cards-level-twice", 5),
        ("of: behind-pace", "of: behind-pase", "cards-unknown-metric", 8),
        ("at-least: 10", "at-least: 10%", "cards-percent-here", 10),
        ("at-least: 10", "at-least: 40", "cards-empty-bounds", 10),
        ("level: 红牌, more", "level: 红旗, more", "cards-unknown-level", 11),
        ("of: behind-pace", "of: event", "cards-event-name", 7),
        ("of: behind-pace", "of: pace-ratio", "cards-ratio-here", 10),
        (", to: 红牌", ", to: 黄牌", "cards-lighter", 13),
        (", to: 红牌", "", "cards-nothing-follows", 13),
        ("when: overdue", "when: late", "rulebook-wrong-value", 13),
        ("colour: red", "colour: pink", "rulebook-wrong-value", 5),
        ("subject: project", "subject: projekt", "rulebook-wrong-value", 7),
        ("name: 示例规则", "nmae: 示例规则", "rulebook-unknown-key", 2),
        ("name: 示例规则", "name: 示例规则\neffective: {from: 秋天}", "unknown-period", 3),
    ],
)
def test_a_mistake_is_told_at_its_line(old, new, code, line):
    assert old in TEXT
    rules, problems = read_card_rules(TEXT.replace(old, new, 1), "规则.yaml")
    assert rules is None
    assert (code, line) in [(p.code, p.place.line) for p in problems]
    assert all(p.text() and "{" not in p.text() for p in problems)


def test_a_gap_between_bands_is_a_warning_and_the_rules_still_read():
    rules, problems = read_card_rules(TEXT.replace("more-than: 30", "more-than: 40"), "规则.yaml")
    assert rules is not None
    assert [p.code for p in problems] == ["cards-gap"]
    assert "30个百分点与40个百分点之间没有规定" in problems[0].text()


@pytest.mark.parametrize("text", ["", "- 1", "rulebook: x\nname: y", "cards: x"])
def test_what_is_no_card_rules_is_refused(text):
    rules, problems = read_card_rules(text, "规则.yaml")
    assert (rules, problems[-1].code) == (None, "cards-not-rules")


def test_text_that_is_no_yaml_is_refused_at_its_line():
    rules, problems = read_card_rules("cards: [", "规则.yaml")
    assert (rules, problems[0].code) == (None, "document-unreadable")


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (3, "3"),
        ({"on": "秋天"}, "秋天"),
        ({"kind": "tree"}, "tree"),
        ({"behind": 3}, "behind"),
        ({"behind-pace": "多"}, "behind-pace: 多"),
    ],
)
def test_an_observation_that_is_not_understood_is_told(row, key):
    rules, _ = read_card_rules(TEXT)
    found, wrong = observations_from([row, {"behind-pace": 12}], rules)
    assert [o.values for o in found] == [{"behind-pace": 12.0}]
    assert [(n, code, values["key"]) for n, code, values in wrong] == [
        (0, "cards-bad-observation", key)
    ]
