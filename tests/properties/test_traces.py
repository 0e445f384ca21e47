"""Every score follows from the leaves of its exported trace, and a tampered trace is found out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from saima.scoring import explain, score
from tests.support.generated import seeded
from tests.support.verifier import verify

LEAVES = ("input", "constant")
FELT = ("add", "subtract", "sum")
"""Steps that cannot hide a change of what goes into them."""


def exported(seed: int) -> Iterator[tuple[float, dict[str, Any]]]:
    """Score and trace, as JSON, of every unit in the last scored period."""
    case = seeded(seed)
    scoring = score(case.tables, case.rulebook)
    for period in scoring.cube.scored[-1:]:
        for published, unit in zip(scoring.score[:, -1], case.campaign.units, strict=True):
            if published == published:  # a unit without a score has nothing to trace
                trace = explain(scoring, period.text, unit.code)
                yield float(published), json.loads(json.dumps(trace))["steps"]


def steps(trace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield trace
    for child in trace.get("of", ()):
        yield from steps(child)


@pytest.mark.parametrize("seed", range(40))
def test_scores_follow_from_their_traces_alone(seed: int) -> None:
    for published, trace in exported(seed):
        assert verify(trace) == []
        assert trace["value"] == published


@pytest.mark.parametrize("seed", range(8))
def test_changed_step_is_found(seed: int) -> None:
    for _, trace in exported(seed):
        made = [n for n, step in enumerate(steps(trace)) if step["op"] not in LEAVES]
        for n in Random(seed).sample(made, min(10, len(made))):
            assert verify(tampered(trace, n))


@pytest.mark.parametrize("seed", range(8))
def test_changed_figure_is_found_where_it_is_added_up(seed: int) -> None:
    for _, trace in exported(seed):
        everything = list(steps(trace))
        for parent in (step for step in everything if step["op"] in FELT):
            for child in parent.get("of", ()):
                if child["op"] in LEAVES and child["value"] is not None:
                    n = next(n for n, step in enumerate(everything) if step is child)
                    assert verify(tampered(trace, n))


def tampered(trace: dict[str, Any], n: int) -> dict[str, Any]:
    """A copy in which the n-th step states another value."""
    other = copy.deepcopy(trace)
    step = list(steps(other))[n]
    step["value"] = 1.0 if step["value"] is None else step["value"] + 1.0
    return other
