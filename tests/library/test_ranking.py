"""Places, ties and groups, held to a slow obvious count."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saima.ranking import competition_ranks, rank, rank_in_groups

scores = st.lists(st.integers(0, 5) | st.none(), min_size=1, max_size=12)


def as_array(values):
    return np.array([np.nan if v is None else float(v) for v in values])


@given(scores)
def test_competition_rank_is_one_more_than_those_better(values):
    places = rank(as_array(values))
    for value, place in zip(values, places, strict=True):
        better = sum(1 for v in values if v is not None and value is not None and v > value)
        assert place == (0 if value is None else better + 1)


@given(scores)
def test_dense_rank_counts_distinct_better_scores(values):
    places = rank(as_array(values), "dense")
    for value, place in zip(values, places, strict=True):
        better = {v for v in values if v is not None and value is not None and v > value}
        assert place == (0 if value is None else len(better) + 1)


@given(scores)
def test_ordinal_rank_gives_each_place_once(values):
    places = [p for p in rank(as_array(values), "ordinal").tolist() if p]
    assert sorted(places) == list(range(1, len(places) + 1))


def test_breakers_part_equal_scores_and_missing_ones_go_last():
    breaker = np.array([1.0, np.nan, 3.0])
    assert rank(np.array([90.0, 90.0, 90.0]), "competition", [breaker]).tolist() == [2, 3, 1]


def test_scores_equal_after_nine_decimals_tie():
    assert rank(np.array([0.1 + 0.2, 0.3, 0.2])).tolist() == [1, 1, 3]


def test_groups_rank_apart_and_negative_groups_take_no_place():
    places = rank_in_groups(np.array([1.0, 2.0, 3.0, 9.0]), np.array([0, 0, 1, -1]), "competition")
    assert places.tolist() == [2, 1, 1, 0]


def test_who_does_not_take_part_has_the_place_it_would_have():
    values = np.array([[5.0], [4.0], [3.0], [np.nan]])
    part = np.array([[True], [False], [True], [True]])
    places = competition_ranks(values, part, ascending=False)[:, 0]
    assert places[:3].tolist() == [1.0, 2.0, 2.0]
    assert np.isnan(places[3])
