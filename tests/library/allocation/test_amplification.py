"""Over-amplification by level and cumulated, worked out by hand beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from saima.allocation.amplification import Node, meter

CHAIN = [
    Node("省", "示例省", "省", None, Decimal(1000)),
    Node("A", "甲市", "市", "省", Decimal(600)),
    Node("B", "乙市", "市", "省", Decimal(500)),
    Node("A1", "甲一县", "县", "A", Decimal(400)),
    Node("A2", "甲二县", "县", "A", Decimal(320)),
    Node("B1", "乙一县", "县", "B", Decimal(505)),
]


def test_each_level_is_the_sum_of_the_children_over_the_parents():
    levels, problems = meter(CHAIN, measure="亿元")
    assert problems == []
    city, county = levels
    assert (city.amplification, city.stretch) == (Decimal("1.1000"), Decimal("10.00"))
    assert (county.asked, county.passed_on) == (1100, 1225)
    assert county.amplification == Decimal("1.1136")  # 1225 / 1100 = 1.11363…
    assert county.cumulated == Decimal("1.2250")  # 1225 / 1000
    assert county.highest == "甲市"  # 720 / 600 = 1.2 against 505 / 500
    assert [step.amplification for step in county.steps] == [Decimal("1.2000"), Decimal("1.0100")]


def test_the_sentence_names_levels_ratio_and_what_has_come_together():
    sentence = meter(CHAIN, measure="亿元")[0][1].sentence
    assert sentence == (
        "市到县：3个县目标合计1,225亿元，市目标1,100亿元，为1.1136倍，加码11.36%；"
        "自上而下累计1.2250倍。"
    )


def test_growth_rates_are_averaged_by_their_weights():
    nodes = [
        Node("省", "示例省", "省", None, Decimal("5.0")),
        Node("A", "甲市", "市", "省", Decimal("6.0"), Decimal(300)),
        Node("B", "乙市", "市", "省", Decimal("5.2"), Decimal(100)),
    ]
    level = meter(nodes, "rate", "%")[0][0]
    assert level.passed_on == Decimal("5.8")  # (6.0·300 + 5.2·100) / 400
    assert (level.amplification, level.stretch) == (Decimal("1.1600"), Decimal("0.80"))
    assert "加码0.80个百分点" in level.sentence


def test_for_energy_use_asking_for_less_is_amplification():
    nodes = [
        Node("省", "示例省", "省", None, Decimal(100)),
        Node("A", "甲市", "市", "省", Decimal(80)),
    ]
    assert meter(nodes, less=True)[0][0].amplification == Decimal("1.2500")
    assert meter(nodes)[0][0].stretch == Decimal("-20.00")


def test_equal_and_short_breakdowns_are_told_apart():
    top = Node("省", "示例省", "省", None, Decimal(100))
    equal = meter([top, Node("A", "甲市", "市", "省", Decimal(100))])[0][0]
    short = meter([top, Node("A", "甲市", "市", "省", Decimal(95))])[0][0]
    assert "未加码" in equal.sentence
    assert "未足额分解，少5.00%" in short.sentence


def test_parents_without_children_are_left_out_on_both_sides():
    nodes = [*CHAIN[:5]]  # 乙市 has passed nothing on
    county = meter(nodes)[0][1]
    assert (county.asked, county.passed_on) == (600, 720)


@pytest.mark.parametrize("target", ["0", "-5", "NaN"])
def test_targets_that_give_no_ratio_are_refused(target):
    levels, problems = meter([Node("省", "示例省", "省", None, Decimal(target))])
    assert levels == []
    assert [p.code for p in problems] == ["amplification-not-positive"]


def test_circles_unknown_parents_and_duplicates_are_refused_together():
    nodes = [
        Node("A", "甲", "市", "B", Decimal(1)),
        Node("B", "乙", "市", "A", Decimal(1)),
        Node("C", "丙", "市", "X", Decimal(1)),
        Node("D", "丁", "省", None, Decimal(1)),
        Node("D", "丁", "省", None, Decimal(1)),
    ]
    problems = meter(nodes)[1]
    assert [p.code for p in problems] == ["amplification-tree"] * 5
    assert "成环" in problems[0].text()
    assert "不存在" in problems[2].text()
    assert "不止一次" in problems[3].text()


def test_rates_without_weights_are_refused():
    nodes = [
        Node("省", "示例省", "省", None, Decimal(5)),
        Node("A", "甲市", "市", "省", Decimal(6)),
    ]
    assert [p.code for p in meter(nodes, "rate")[1]] == ["amplification-not-positive"]
