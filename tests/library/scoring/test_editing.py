"""A changed figure scored on its own equals a full run, over random edits."""

from random import Random

import numpy as np
import pytest

from saima.scoring.editing import Edit, edited
from saima.scoring.engine import score, score_cube
from tests.support.generated import seeded


def equal(fast, full):
    assert np.array_equal(fast.score, full.score, equal_nan=True)
    assert (fast.standing.rank == full.standing.rank).all()
    assert fast.standing.grades == full.standing.grades
    assert fast.standing.tiers == full.standing.tiers
    assert fast.standing.seals == full.standing.seals
    for quick, slow in zip(fast.marked, full.marked, strict=True):
        assert np.array_equal(quick.marks, slow.marks, equal_nan=True)
        assert (quick.status == slow.status).all()


def random_edits(seed: int, count: int) -> int:
    """Edit one generated campaign again and again; returns how many edits were compared."""
    random = Random(seed)
    case = seeded(seed)
    scoring = score(case.tables, case.rulebook)
    units = [u.code for u in case.campaign.units]
    codes = [x.code for x in case.campaign.indicators]
    periods = [p.text for p in scoring.cube.scored]
    for _ in range(count if periods else 0):
        value = None if random.random() < 0.15 else round(random.uniform(-50, 150), 2)
        edit = Edit(random.choice(units), random.choice(codes), random.choice(periods), value)
        scoring = edited(scoring, [edit])
        equal(scoring, score_cube(scoring.cube, case.rulebook))
    return count if periods else 0


@pytest.mark.parametrize("seed", [175, 214, 222])
def test_an_amount_behind_a_gap_in_its_sum_counts_where_the_period_is_scored_alone(seed):
    random_edits(seed, 20)


@pytest.mark.parametrize("seed", range(12))
def test_random_edits_equal_a_full_run(seed):
    random_edits(seed, 6)


@pytest.mark.proof
def test_ten_thousand_random_edits_equal_a_full_run():
    done, seed = 0, 100
    while done < 10_000:
        done += random_edits(seed, 25)
        seed += 1


def test_the_scoring_that_was_edited_stays_as_it_was():
    case = seeded(3)
    scoring = score(case.tables, case.rulebook)
    before = scoring.score.copy()
    period = scoring.cube.scored[0].text
    edited(
        scoring, [Edit(case.campaign.units[0].code, case.campaign.indicators[0].code, period, 1.0)]
    )
    assert np.array_equal(scoring.score, before, equal_nan=True)


def test_an_unknown_unit_is_a_key_error():
    case = seeded(3)
    scoring = score(case.tables, case.rulebook)
    with pytest.raises(KeyError):
        edited(
            scoring,
            [Edit("nobody", case.campaign.indicators[0].code, scoring.cube.scored[0].text, 1.0)],
        )
