"""The engine gives what the slow obvious reference gives, on campaigns that nobody chose."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from saima.rules.methods import names
from tests.support.comparing import differences, reference, reported, unlike
from tests.support.generated import Case, cases, seeded
from tests.support.generated_methods import ALONE, COMPARING
from tests.support.reference.methods import METHODS

HAND_WORKED = {"ballot", "grade", "lowest-base", "regions"}
"""Methods held by hand-worked cases only: they need votes, grades, districts or several years."""

unhurried = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
quick = settings(unhurried, max_examples=60, phases=[Phase.explicit, Phase.generate])


@given(cases(units=3, indicators=2, periods=2))
@quick
def test_engine_equals_the_reference_on_small_campaigns(case: Case) -> None:
    assert differences(case) == []


@pytest.mark.proof
@given(cases(units=3, indicators=2, periods=2))
@settings(unhurried, max_examples=500)
def test_smallest_campaign_that_differs_is_sought(case: Case) -> None:
    """As above over more campaigns, and shrunk where one differs, which takes minutes."""
    assert differences(case) == []


@pytest.mark.parametrize("seed", range(8))
def test_engine_equals_the_reference_on_larger_campaigns(seed: int) -> None:
    found = {n: differences(seeded(n, units=7)) for n in range(seed * 10, seed * 10 + 10)}
    assert {n: said[:3] for n, said in found.items() if said} == {}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_each_method_equals_its_reference(method: str) -> None:
    found = {n: differences(seeded(n, indicators=2, methods=(method,))) for n in range(12)}
    assert {n: said[:3] for n, said in found.items() if said} == {}


@pytest.mark.parametrize("seed", range(6))
def test_published_result_says_what_the_reference_says(seed: int) -> None:
    case = seeded(seed, units=4)
    rows = list(reference(case).values())[-1]
    published = reported(case)
    marked = [row for row in rows if row["marks"]]
    assert [unlike(published[row["unit"]], row, row["unit"]) for row in marked] == [[]] * len(
        marked
    )


def test_every_method_has_a_reference_or_hand_worked_cases() -> None:
    assert set(METHODS) == set(ALONE) | set(COMPARING)
    assert set(METHODS) | HAND_WORKED == set(names())


@pytest.mark.proof
@pytest.mark.parametrize("block", range(40))
def test_engine_equals_the_reference_on_four_thousand_campaigns(block: int) -> None:
    seeds = range(1000 + block * 100, 1100 + block * 100)
    found = {n: differences(seeded(n)) for n in seeds}
    assert {n: said[:3] for n, said in found.items() if said} == {}
