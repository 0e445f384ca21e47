"""Rulebooks as text: what is read, what is refused and where, and which version is chosen."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.periods import parse
from saima.problems import Refused
from saima.rules.reading import choose, read_rulebook, read_rulebook_file
from saima.rules.rulebook import Effective, Rulebook, SealCondition, Tier

WHOLE = """\
rulebook: monthly
name: 示例赛马评比办法
version: 2
effective: {from: 2026-07}
pace: own-plan
ranks: {ties: competition, break-by: [investment, revenue]}
tiers: {第一梯队: {top: 3}, 第三梯队: {bottom: 3}, 第二梯队: rest, keep: 2 months}
seals:
  月月红: {every: month, when: {indicator: all, pace-gap: ">= 0"}}
  全年红: {every: year, when: {seals: 月月红, count: ">= 10"}}
tree:
  - category: 经营指标
    indicators:
      - indicator: revenue
        weight: {国企赛道: 25, 板块赛道: 20}
        clause: 第三条
        method: piecewise
        of: pace-gap
        points: [[-50, 0], [0, full]]
        above: {each: 1, adds: 0.5, at-most: 10}
      - indicator: merchants
        weight: assigned
        method: rank-decay
        step: 5%
        marks-at-most: 120%
        gate: {below: 60%, blocks: [优秀]}
        when-missing: {exclude: re-weight}
events:
  - {kind: veto, name: 较大事故, grade: 不合格, lasts: 12 months, basis: 示例规定}
grades: {优秀: ">= 95, at most 30%", 良好: ">= 90", 达标: "at most 50% of all", 不合格: otherwise}
"""


def read(text):
    rulebook, problems = read_rulebook(text, "办法.yaml")
    assert [p.text() for p in problems] == []
    return rulebook


def problems_of(text):
    rulebook, problems = read_rulebook(text, "办法.yaml")
    assert rulebook is None
    return [(p.place.line, p.code) for p in problems]


def changed(old, new):
    assert old in WHOLE
    return WHOLE.replace(old, new)


def test_readable_shape_is_understood():
    r = read(WHOLE)
    (_, revenue), (_, merchants) = r.leaves()
    assert revenue.weight == {"国企赛道": 25.0, "板块赛道": 20.0}
    assert revenue.settings.of == "pace_gap"
    assert revenue.settings.points == ((-50.0, 0.0), (0.0, "full"))
    assert (merchants.settings.step, merchants.cap) == (0.05, 1.2)
    assert (merchants.gate.below, merchants.when_missing) == (0.6, "exclude")


def test_tiers_stand_from_the_highest_to_the_lowest_wherever_the_rest_is_written():
    r = read(WHOLE)
    assert r.tiers.keep == 2
    assert r.tiers.order == (
        Tier(name="第一梯队", top=3),
        Tier(name="第二梯队", rest=True),
        Tier(name="第三梯队", bottom=3),
    )


def test_grades_and_seals_are_read_from_their_conditions():
    r = read(WHOLE)
    assert [(g.name, g.at_least, g.at_most, g.within) for g in r.grades] == [
        ("优秀", 95.0, 0.3, "track"),
        ("良好", 90.0, None, "track"),
        ("达标", None, 0.5, "all"),
        ("不合格", None, None, "track"),
    ]
    assert r.seals[0].when == SealCondition(quantity="pace_gap", at_least=0.0)
    assert r.seals[1].when == SealCondition(seals="月月红", at_least=10.0)


def test_full_shape_as_json_means_the_same():
    r = read(WHOLE)
    data = msgspec.to_builtins(r)
    for node in data["tree"]:
        for leaf in node["indicators"]:
            leaf |= leaf.pop("settings")
    text = json.dumps(data, ensure_ascii=False, indent=1)
    assert read(text) == r


def test_chinese_terms_name_quantities():
    assert read(changed("of: pace-gap", "of: 超欠序时")) == read(WHOLE)


def test_all_problems_are_collected_each_on_its_line():
    text = (
        WHOLE.replace("version: 2", "version: x")
        .replace("competition", "competitive")
        .replace("top: 3", "topp: 3")
        .replace("step: 5%", "step: 500%")
        .replace("lasts", "lasst")
        .replace('良好: ">= 90"', "良好: over 90")
    )
    assert problems_of(text) == [
        (3, "rulebook-wrong-value"),
        (6, "rulebook-wrong-value"),
        (7, "rulebook-unknown-key"),
        (24, "rulebook-wrong-value"),
        (29, "rulebook-unknown-key"),
        (30, "rulebook-condition"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("method: rank-decay", "method: rank-dekay", 23, "是不是“rank-decay”"),
        ("        method: rank-decay\n", "", 21, "缺少“method”"),
        ("weight: assigned", "weight: -3", 22, "不小于0"),
        ("weight: assigned", "weigth: 3", 22, "是不是“weight”"),
        ("of: pace-gap", "of: pace-gab", 18, "是不是"),
        ("[[-50, 0]", "[[-50%, 0]", 19, "不按百分比计"),
        ("[[-50, 0]", "[[-50, half]", 19, "满分的百分比"),
        ("[[-50, 0], [0, full]]", "[[0, 0], [-50, full]]", 14, "由小到大"),
        ("{each: 1, adds: 0.5, at-most: 10}", "{each: 0, adds: 1}", 20, "大于0"),
        ("{each: 1, adds: 0.5, at-most: 10}", "{each: 1, ads: 1}", 20, "是不是“adds”"),
        ("{each: 1, adds: 0.5, at-most: 10}", "{each: 1}", 14, "adds（加分）或 takes（扣分）"),
        ("from: 2026-07", "from: 七月份", 4, "看不懂期间"),
        ("良好", "优秀", 30, "写了两次"),
        ("rulebook: monthly\n", "", 1, "缺少“rulebook”"),
        ("{top: 3}", "[3]", 7, "看不懂"),
        ('">= 0"', '">= zero"', 9, "看不懂"),
        ("step: 5%", "step: '0.05'", 24, "应是数"),
    ],
)
def test_one_mistake_is_named_on_its_line(old, new, line, said):
    rulebook, problems = read_rulebook(changed(old, new), "办法.yaml")
    assert rulebook is None
    assert (problems[0].place.line, len(problems)) == (line, 1), [p.text() for p in problems]
    assert said in problems[0].text()
    assert problems[0].text("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rulebook-empty"),
        ("- 1", "rulebook-empty"),
        ("a: [1", "document-unreadable"),
        ("a: 1\na: 2", "document-key-twice"),
        ("a: &x [1]\nb: *x", "document-feature"),
        ("a: !!python/object/apply:os.getcwd []", "document-feature"),
        ("a: 1\n---\nb: 2", "document-feature"),
        ("? [1]\n: 2", "document-feature"),
        ("[" * 100_000, "document-too-large"),
        ("a: " + "x" * 5_000_000, "document-too-large"),
        ("\x00", "document-unreadable"),
    ],
)
def test_hostile_text_is_refused(text, code):
    _, problems = read_rulebook(text, "x.yaml")
    assert code in [p.code for p in problems]


def test_words_of_older_yaml_stay_words():
    r = read(changed("name: 示例赛马评比办法", "name: no"))
    assert r.name == "no"


def test_unreadable_file_is_a_problem(tmp_path: Path):
    bad = tmp_path / "a.yaml"
    bad.write_bytes("名称".encode("gb18030"))
    assert [p.code for p in read_rulebook_file(bad)[1]] == ["document-not-text"]
    assert [p.code for p in read_rulebook_file(tmp_path / "none.yaml")[1]] == ["document-not-text"]


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_crash(text):
    rulebook, problems = read_rulebook(text, "x")
    assert rulebook is None
    assert problems


@given(st.data())
def test_no_damage_makes_the_reader_crash(data):
    lines = WHOLE.splitlines()
    i = data.draw(st.integers(0, len(lines) - 1))
    junk = data.draw(st.sampled_from(["", "x", "tree: 3", "tree: [3]", "  - []", "tiers: {a: }",
                                      "grades: [x]", "seals: {a: {when: {x: [1]}}}", "events: {}",
                                      "        points: [[], 3]", "        above: [1]",
                                      "        gate: true", "cases: [1, {a: 2}]"]))  # fmt: skip
    lines[i] = junk
    read_rulebook("\n".join(lines), "x")


def version(name, number, since="", until=""):
    effective = Effective(from_=since, to=until)
    return Rulebook(rulebook=name, name=name.upper(), version=number, effective=effective)


VERSIONS = [
    version("own", 1),
    version("own", 2, "2026-07"),
    version("own", 3, "2026-07", "2026-08"),
    version("city", 1, "2027"),
]


@pytest.mark.parametrize(
    ("name", "period", "number"),
    [
        ("own", "2026-06", 1),
        ("own", "2026-07", 3),
        ("OWN", "2026-09", 2),
        (None, "2026-06", 1),
        ("city", "2027-01", 1),
    ],
)
def test_version_in_force_at_the_periods_end_is_chosen(name, period, number):
    assert choose(VERSIONS, name, parse(period)).version == number


@pytest.mark.parametrize(
    ("name", "period", "code"),
    [
        ("nobody", "2026-06", "rulebook-not-found"),
        ("city", "2026-12", "rulebook-not-in-force"),
        (None, "2027-01", "rulebook-which"),
    ],
)
def test_no_choice_is_refused_with_a_reason(name, period, code):
    with pytest.raises(Refused) as refusal:
        choose(VERSIONS, name, parse(period))
    assert refusal.value.problem.code == code
