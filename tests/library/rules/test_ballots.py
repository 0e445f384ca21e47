"""Ballot arithmetic: published examples, valid-ballot rules, trimming, own votes."""

from __future__ import annotations

import pytest

from saima.rules.ballots import Ballot, BallotRules, Forced, count

UNITS = ["示例一", "示例二", "示例三"]
MARKS = BallotRules()


def marks(*values, voters="评委", own=""):
    return Ballot(voters, dict(zip(UNITS, values, strict=True)), own)


def test_votes_are_counted_by_level_and_class():
    rules = BallotRules(levels=("好", "较好", "一般"))
    ballots = [
        marks("好", "较好", "一般"),
        marks("好", "好", "一般"),
        marks("较好", "好", "好", voters="职工"),
    ]
    counted = count(ballots, UNITS, rules, handed_out=4)
    assert counted.votes["示例一", "评委", "好"] == 2
    assert counted.votes["示例三", "职工", "好"] == 1
    assert ("示例三", "评委", "好") not in counted.votes
    assert (counted.valid, counted.handed_out, counted.turnout) == (3, 4, 0.75)


@pytest.mark.parametrize(
    ("ballot", "reason"),
    [
        (Ballot("评委", {"示例一": 90.0, "示例二": 80.0}), "incomplete"),
        (marks(90.0, 80.0, 101.0), "unknown"),
        (marks(90.0, 80.0, "好"), "unknown"),
        (marks(100.0, 100.0, 100.0), "all-equal"),
        (marks(80.0, 80.0, 80.0), "all-equal"),
        (marks(95.0, 92.0, 60.0), "forced"),
        (marks(95.0, 75.0, 80.0), "forced"),
    ],
)
def test_invalid_ballot_is_counted_with_its_reason(ballot, reason):
    forced = (Forced(at_least=90.0, most=1), Forced(below=70.0, least=1))
    counted = count([ballot], UNITS, BallotRules(forced=forced))
    assert (counted.valid, dict(counted.invalid)) == (0, {reason: 1})
    assert dict(counted.means) == {}


def test_ballot_that_keeps_the_forced_distribution_counts():
    forced = (Forced(at_least=90.0, most=1), Forced(below=70.0, least=1))
    assert count([marks(95.0, 80.0, 60.0)], UNITS, BallotRules(forced=forced)).valid == 1


def test_forced_levels():
    rules = BallotRules(levels=("好", "中"), forced=(Forced(level="好", most=1),))
    assert dict(count([marks("好", "好", "中")], UNITS, rules).invalid) == {"forced": 1}


def test_with_more_than_five_voters_one_highest_and_one_lowest_are_left_out():
    rules = BallotRules(trim_above=5, all_equal_valid=True)
    five = [marks(float(m), 80.0, 70.0) for m in (60, 80, 85, 90, 100)]
    six = [*five, marks(95.0, 80.0, 70.0)]
    assert count(five, UNITS, rules).means["示例一", "评委"] == 83.0
    assert count(six, UNITS, rules).means["示例一", "评委"] == 87.5


def test_vote_for_ones_own_unit_is_left_out():
    ballots = [marks(100.0, 60.0, 70.0, own="示例一"), marks(80.0, 60.0, 70.0)]
    assert count(ballots, UNITS, MARKS).means["示例一", "评委"] == 80.0
    both = count(ballots, UNITS, BallotRules(own_unit_counts=True))
    assert both.means["示例一", "评委"] == 90.0


def test_no_ballots_are_no_means():
    counted = count([], UNITS, MARKS)
    assert (counted.valid, counted.turnout, dict(counted.means)) == (0, 0.0, {})
