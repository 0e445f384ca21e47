"""Each step of scoring does what it says, in the documented order: difficulty before cap, and so on."""

from datetime import date

import pytest

from saima.campaigns import Assignment, Event, Indicator, Unit
from saima.scoring import result
from tests.support.small import one_leaf, rulebook, scored, tables

KEY = Indicator(code="k", name="指标", nature="point-in-time")
OTHER = Indicator(code="o", name="另一指标", nature="point-in-time")
LEAF = "indicator: k, weight: 50, method: formula, marks: actual"


def unit(code, track="一", **more):
    return Unit(code=code, name=f"示例{code}", track=track, order=ord(code), **more)


def marks_of(leaf, value, head="rounding: {marks: 2, score: 2}", **more):
    made = tables([unit("a", **more)], [KEY], {("a", "k", "2026-03"): value})
    return scored(made, one_leaf(f"{{{leaf}}}", head)).marked[0].marks[0, 0]


def test_difficulty_multiplies_before_the_cap():
    assert marks_of(f"{LEAF}, difficulty: by-unit", 40.0, difficulty=1.2) == 48.0
    capped = f"{LEAF}, difficulty: by-unit, marks-at-most: 90%"
    assert marks_of(capped, 40.0, difficulty=1.2) == 45.0


def test_marks_round_after_the_cap_and_only_where_the_rulebook_says():
    assert marks_of(LEAF, 33.335) == 33.34
    assert marks_of(LEAF, 33.335, "rounding: {marks: null, score: 1}") == 33.335


TWO = """
rulebook: two
name: 两项
{head}
tree:
  - category: 甲类
    indicators:
      - {{indicator: k, weight: 60, method: formula, marks: actual, when-missing: {policy}}}
      - {{indicator: o, weight: 40, method: formula, marks: actual}}
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("zero", 30.0),
        ("{exclude: re-weight}", 75.0),
        ("own-average", 75.0),
        ("track-average", 60.0),
    ],
)
def test_each_missing_policy_gives_what_a_hand_calculation_gives(policy, expected):
    """Unit a has 30 of 40 and lacks k; unit b has 30 of 60 for k, so the track's rate is 50%."""
    figures = {
        ("a", "o", "2026-03"): 30.0,
        ("b", "k", "2026-03"): 30.0,
        ("b", "o", "2026-03"): 20.0,
    }
    made = tables([unit("a"), unit("b")], [KEY, OTHER], figures)
    assert scored(made, rulebook(TWO.format(head="", policy=policy))).score[0, 0] == expected


def test_not_applicable_is_left_out_whatever_the_policy():
    figures = {("a", "k", "2026-03"): "not-applicable", ("a", "o", "2026-03"): 30.0}
    made = tables([unit("a")], [KEY, OTHER], figures)
    assert scored(made, rulebook(TWO.format(head="", policy="zero"))).score[0, 0] == 75.0


EVENTS = """
rulebook: events
name: 加减分
bonus-at-most: 4
tree:
  - category: 甲类
    indicators:
      - {indicator: k, weight: 100, method: formula, marks: actual, gate: {of: actual, below: 60, blocks: [bonus, 优秀]}}
events:
  - {kind: bonus, name: 典型经验, each: 1, at-most: 3, clause: 第七条}
  - {kind: bonus, name: 临时奖励, clause: 第七条}
  - {kind: deduction, name: 通报批评, each: 0.5, at-most: 2, clause: 第八条}
  - {kind: veto, name: 责任事故, effect: grade, grade: 不合格, lasts: 12 months, basis: 示例规定, clause: 第十条}
grades: {优秀: ">= 90", 合格: ">= 60", 不合格: otherwise}
"""


def with_events(value, *events, period="2026-03"):
    made = tables([unit("a")], [KEY], {("a", "k", period): value}, events=events)
    return result(scored(made, rulebook(EVENTS))).units[0]


def event(kind, name, on=date(2026, 2, 1), **more):
    return Event(kind=kind, unit="a", name=name, on=on, basis="示例文件", **more)


def test_bonus_is_limited_by_rule_and_then_as_a_whole():
    assert with_events(80.0, event("bonus", "典型经验", count=5)).score == 83.0
    both = (event("bonus", "典型经验", count=5), event("bonus", "临时奖励", points=9.0))
    assert with_events(80.0, *both).score == 84.0


def test_an_event_that_the_rulebook_does_not_name_changes_nothing():
    assert with_events(80.0, event("bonus", "随意加分", points=9.0)).score == 80.0


def test_a_gate_takes_the_bonus_and_the_grade_but_no_marks():
    below = with_events(59.9, event("bonus", "典型经验", count=2))
    assert (below.score, below.grade, below.blocked) == (59.9, "不合格", ("bonus", "优秀"))
    above = with_events(60.0, event("bonus", "典型经验", count=2))
    assert above.score == 62.0


def test_a_veto_forces_its_grade_until_it_expires():
    veto = event("veto", "责任事故", on=date(2025, 6, 1))
    assert with_events(95.0, veto).grade == "不合格"
    assert with_events(95.0, veto, period="2026-06").grade == "优秀"


def test_events_of_the_future_and_expired_ones_count_nothing():
    later = event("deduction", "通报批评", on=date(2026, 4, 1))
    expired = event("deduction", "通报批评", expires=date(2026, 3, 1))
    assert with_events(80.0, later, expired).score == 80.0
    assert with_events(80.0, event("deduction", "通报批评")).score == 79.5


def test_weight_comes_from_the_unit_before_the_track():
    made = tables(
        [unit("a"), unit("b"), unit("c", "二")], [KEY],
        {(u, "k", "2026-03"): 1.0 for u in "abc"},
        assignments=(
            Assignment(indicator="k", unit="a", weight=10.0),
            Assignment(indicator="k", track="一", weight=20.0),
        ),
    )  # fmt: skip
    scoring = scored(made, one_leaf("{indicator: k, weight: assigned, method: formula, marks: W}"))
    assert scoring.marked[0].full[:, 0].tolist() == [10.0, 20.0, 0.0]


def test_a_quarterly_figure_is_held_between_quarters_and_says_so():
    quarterly = Indicator(code="k", name="指标", nature="point-in-time", frequency="quarter")
    figures = {("a", "k", "2026-03"): 40.0, ("a", "o", "2026-04"): 1.0}
    made = tables([unit("a")], [quarterly, OTHER], figures)
    book = rulebook(TWO.format(head="", policy="zero"))
    mark = result(scored(made, book), "2026-04").units[0].marks[0]
    assert (mark.marks, mark.period) == (40.0, "2026-03")
    assert mark.sentence.startswith("沿用截至2026年3月的数")


def test_units_listed_apart_are_scored_but_take_no_place():
    made = tables([unit("a"), unit("b", ranked=False)], [KEY],
                  {("a", "k", "2026-03"): 30.0, ("b", "k", "2026-03"): 40.0})  # fmt: skip
    units = {u.unit: u for u in result(scored(made, one_leaf(f"{{{LEAF}}}"))).units}
    assert (units["a"].rank, units["b"].rank, units["b"].score) == (1, None, 40.0)


def test_a_unit_is_ranked_only_while_it_is_valid():
    gone = unit("b", valid_to=date(2026, 3, 31))
    figures = {(u, "k", p): 30.0 for u in "ab" for p in ("2026-03", "2026-04")}
    scoring = scored(tables([unit("a"), gone], [KEY], figures), one_leaf(f"{{{LEAF}}}"))
    assert len(result(scoring, "2026-03").units) == 2
    assert len(result(scoring, "2026-04").units) == 1
