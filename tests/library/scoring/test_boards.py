"""Longest and shortest boards, and what is left per day, from figures worked out by hand."""

from saima.campaigns import Indicator
from saima.scoring import explain
from tests.support.small import rulebook, scored, tables

BOOK = """
rulebook: boards
name: 长短板
tree:
  - category: 全部
    indicators:
      - {indicator: revenue, weight: 60, method: attainment}
      - {indicator: rate, weight: 40, method: formula, marks: actual}
"""
REVENUE = Indicator(code="revenue", name="营业收入", measure="万元")
RATE = Indicator(code="rate", name="整改率", measure="%", nature="point-in-time")


def explained(revenue, target, period="2026-11"):
    figures = {("a", "revenue", period): revenue, ("a", "rate", period): 30.0}
    made = tables(["a"], [REVENUE, RATE], figures, {("a", "revenue", "2026"): target})
    return explain(scored(made, rulebook(BOOK)), period, "a")


def test_boards_run_from_the_longest_to_the_shortest():
    boards = explained(90.0, 100.0)["boards"]
    assert [(b["indicator"], b["rate"], b["lost"]) for b in boards] == [
        ("revenue", 0.9, 6.0),
        ("rate", 0.75, 10.0),
    ]


def test_what_is_left_is_spread_over_the_days_to_the_end_of_the_year():
    (left,) = explained(38.0, 100.0)["remaining"]
    assert (left["left"], left["days"], left["per_day"], left["per_week"]) == (62.0, 31, 2.0, 14.0)


def test_a_reached_target_leaves_nothing():
    assert explained(120.0, 100.0)["remaining"] == []


def test_after_the_last_day_everything_is_due_at_once():
    (left,) = explained(90.0, 100.0, "2026-12")["remaining"]
    assert (left["days"], left["per_day"], left["per_month"]) == (0, 10.0, 10.0)
