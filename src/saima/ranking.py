"""Ranks, ties and tiers on any scores: highest first, NaN takes no place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from saima.rounding import settle
from saima.steps import Floats

Ties = Literal["competition", "dense", "ordinal"]
Places = NDArray[np.int64]


def rank(scores: Floats, ties: Ties = "competition", breakers: Sequence[Floats] = ()) -> Places:
    """Places of `scores` (n,), 1 the highest; 0 where the score is NaN.

    Equal scores are parted by `breakers` (n,) in turn, higher first. What is still equal ties:
    competition 1, 2, 2, 4; dense 1, 2, 2, 3; ordinal 1, 2, 3, 4 in the given order.
    """
    return rank_in_groups(scores, np.zeros(len(scores), dtype=np.int64), ties, breakers)


def rank_in_groups(
    scores: Floats, groups: NDArray[np.int64], ties: Ties, breakers: Sequence[Floats] = ()
) -> Places:
    """`rank` within each group (n,) of units; groups below zero take no place."""
    keys = [settle(scores), *(np.nan_to_num(settle(b), nan=-np.inf) for b in breakers)]
    placed = ~np.isnan(keys[0]) & (groups >= 0)
    keys = [k[placed] for k in keys]
    order = np.lexsort([*(-k for k in reversed(keys)), groups[placed]])
    opens = _changes(groups[placed][order])
    starts = np.logical_or.reduce([opens, *(_changes(k[order]) for k in keys)])
    at = np.arange(len(order))
    first = np.maximum.accumulate(np.where(opens, at, 0))
    if ties == "dense":
        passed = np.cumsum(starts)
        counted = passed - passed[first] + 1
    elif ties == "competition":
        counted = np.maximum.accumulate(np.where(starts, at, 0)) - first + 1
    else:
        counted = at - first + 1
    places = np.zeros(len(scores), dtype=np.int64)
    places[np.nonzero(placed)[0][order]] = counted
    return places


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first does."""
    return np.concatenate([np.ones(len(values[:1]), dtype=bool), values[1:] != values[:-1]])


def competition_ranks(values: Floats, taking_part: NDArray[np.bool_], ascending: bool) -> Floats:
    """Competition ranks along axis 0 of (units, periods) among those taking part; NaN for no value.

    A unit that does not take part has the place it would have: one more than those better.

    `ascending`: the smallest is first (a “less” indicator).
    """
    keyed = settle(values if ascending else -values)
    known = ~np.isnan(keyed)
    ordered = np.sort(np.where(taking_part & known, keyed, np.inf), axis=0)
    places = np.empty_like(keyed)
    for column in range(keyed.shape[1]):
        places[:, column] = np.searchsorted(ordered[:, column], keyed[:, column], side="left") + 1
    return np.asarray(np.where(known, places, np.nan))
