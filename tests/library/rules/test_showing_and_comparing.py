"""A rulebook as an official text, and what changed between two of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec import to_builtins

from saima.rules.comparing import compare
from saima.rules.reading import read_rulebook, read_rulebook_file
from saima.rules.showing import numeral, show

ROOT = Path(__file__).parents[3]
HUNDRED = ROOT / "rulebooks" / "hundred-days.yaml"


@pytest.fixture
def text():
    return HUNDRED.read_text(encoding="utf-8")


def read(text):
    rulebook, problems = read_rulebook(text, "x")
    assert [p.text() for p in problems] == []
    return rulebook


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一百"), (105, "一百零五"),
     (110, "一百一十"), (999, "九百九十九")],
)  # fmt: skip
def test_numerals(number, written):
    assert numeral(number) == written


@pytest.mark.parametrize("path", sorted((ROOT / "rulebooks").glob("*.yaml")), ids=lambda p: p.stem)
def test_scheme_has_chapters_and_articles_in_order(path):
    rulebook, _ = read_rulebook_file(path)
    shown = show(rulebook)
    assert shown.startswith(rulebook.name)
    for word in ("章", "条"):
        found = re.findall(rf"^第([一二三四五六七八九十百零]+){word}　", shown, re.MULTILINE)
        assert found == [numeral(i + 1) for i in range(len(found))]
    assert "；；" not in shown
    assert "。。" not in shown
    assert "None" not in shown


def test_scheme_says_what_traps_leave_open(text):
    shown = show(read(text), {"revenue": "营业收入", "investment": "有效投资"})
    for said in (
        "营业收入（25分）",
        "每超过1个百分点加0.5分，最多加10分",
        "缺报的计零分",
        "得分乘以本单位难度系数",
        "完成率低于60%的，不得评优秀",
        "均按四舍五入",
        "得分相同的名次并列，其后名次顺延",
        "依次比较有效投资、营业收入的得分",
        "不超过本赛道单位的30%",
        "连续2个月低于所在梯队的才降下",
        "期限12个月",
        "自2026年7月1日起施行",
    ):
        assert said in shown


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("adds: 0.5, at-most: 10", "adds: 1, at-most: 12",
         "指标“revenue”的计分规则由“每超过1个百分点加0.5分，最多加10分”改为“每超过1个百分点加1分，最多加12分”。"),
        ("weight: 25", "weight: 30", "指标“revenue”的分值由“25”改为“30”。"),
        ("top: 3", "top: 4", "梯队“第一梯队”的前几名由“3”改为“4”。"),
        ("at most 30%", "at most 20%", "等次“优秀”的上限由“30%”改为“20%”。"),
        ("each: 0.5, at-most: 2", "each: 1, at-most: 2", "事项“扣分：通报批评”的每次分值由“0.5”改为“1”。"),
        ("ties: competition", "ties: dense",
         "排名的并列的处理由“得分相同的名次并列，其后名次顺延”改为“得分相同的名次并列，其后名次不顺延”。"),
        ("pace: own-plan", "pace: linear-day",
         "序时进度的算法由“按各单位自己的进度计划（累计计划÷全年目标）”改为“按日平均（已过天数÷全年天数）”。"),
        ("keep: 2 months", "keep: 3 months", "降梯队须连续的月数由“2”改为“3”。"),
        ("cap: 120%", "cap: 110%", "指标“investment”的计分规则由“最高按120%计”改为“最高按110%计”。"),
        ("difficulty: by-unit", "difficulty: none", "指标“investment”的难度系数由“乘”改为“不乘”。"),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(text, old, new, said):
    assert old in text
    assert compare(read(text), read(text.replace(old, new, 1))) == [said]


def test_added_moved_and_dropped_indicators_are_told(text):
    leaf = "      - {indicator: households_left, weight: 20, clause: 第二条第一款, method: clear-to-zero}\n"
    moved = text.replace(leaf, "").replace("    indicators:\n", "    indicators:\n" + leaf, 1)
    assert compare(read(text), read(moved)) == [
        "指标“households_left”由“清零与进位”移到“经营与投资”。"
    ]
    assert compare(read(text), read(text.replace(leaf, ""))) == [
        "“清零与进位”取消指标“households_left”（原20分）。"
    ]
    added = compare(read(text.replace(leaf, "")), read(text))
    assert added == [
        "“清零与进位”新增指标“households_left”，20分：满分的80%按清零率计，全部清零另得满分的20%。"
    ]


def test_change_of_method_quotes_both_rules(text):
    other = text.replace("method: clear-to-zero}", "method: attainment, of: cleared-share}")
    [said] = compare(read(text), read(other))
    assert "由清零计分改为完成率计分" in said
    assert "原为：满分的80%按清零率计" in said


def test_cases_and_comments_change_nothing(text):
    assert compare(read(text), read(text[: text.index("cases:")])) == []


CHINESE = re.compile(r"[\u3001-\u301f\u4e00-\u9fff\uff00-\uffef]")


def names_of(*rulebooks):
    """What people wrote in some rulebooks: names, clauses, bases; the longest first."""
    found = set(re.findall(r"'([^']*)'", str([to_builtins(r) for r in rulebooks])))
    return sorted(found, key=len, reverse=True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight: 25", "weight: 30", "Indicator “revenue”: weight changed from “25” to “30”."),
        ("top: 3", "top: 4",
         "Tier “第一梯队”: number at the top changed from “3” to “4”."),
        ("each: 0.5, at-most: 2", "each: 1, at-most: 2",
         "Event “deduction: 通报批评”: points each changed from “0.5” to “1”."),
        ("ties: competition", "ties: dense",
         "Ranking: treatment of ties changed from “competition” to “dense”."),
        ("pace: own-plan", "pace: linear-day", "Pace changed from “own-plan” to “linear-day”."),
        ("cap: 120%", "cap: 110%",
         "Indicator “investment”: the rule changed from “at most 120%” to “at most 110%”."),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence_in_english_too(text, old, new, said):
    assert old in text
    assert compare(read(text), read(text.replace(old, new, 1)), "en") == [said]


def test_in_english_only_names_are_chinese():
    """Every published-style rulebook against every other: all kinds of sentences."""
    paths = sorted((ROOT / "rulebooks").glob("*.yaml"))
    books = [read_rulebook_file(path)[0] for path in paths]
    kinds = set()
    for old in books:
        for new in books:
            known = names_of(old, new)
            for said in compare(old, new, "en"):
                left = said
                for name in known:
                    left = left.replace(name, "")
                assert not CHINESE.search(left), said
                kinds.add(said.split(" ")[0])
    assert {"New", "Indicator", "Event", "Tier", "Ranking:"} <= kinds


def test_languages_tell_the_same_changes(text):
    other = text.replace("weight: 25", "weight: 30", 1).replace("top: 3", "top: 4")
    pair = read(text), read(other)
    assert len(compare(*pair)) == len(compare(*pair, "en")) == 2
    assert compare(pair[0], pair[0], "en") == []
