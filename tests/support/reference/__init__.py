"""The slow obvious reference scorer: quantities, marks, totals, ranks, tiers and grades.

One function per step of the fixed order: value → definition → method → difficulty → cap → rounding
of the mark → weight and aggregation → bonus and deduction → gate → veto → rounding of the score →
rank → grade. Loops, dictionaries and exact fractions; nothing of the engine is used.

    figures           named quantities, from rows of facts and targets
    methods, formula  marks of one unit, from the published rules; asked: what a method may ask
    period, rows      all units at one scored period, and what is known of each
    totals, standing  marks put together; ranks, grades and tiers
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from saima.campaigns import Campaign
from saima.rules.rulebook import Rulebook
from tests.support.reference.figures import Figures
from tests.support.reference.period import Period_
from tests.support.reference.rows import Row
from tests.support.reference.standing import give_tiers


def score(
    campaign: Campaign, facts: Iterable[dict], targets: Iterable[dict], rulebook: Rulebook
) -> dict[str, list[dict[str, Any]]]:
    """Period text -> units in official order, with score, rank, tier, grade and marks."""
    figures = Figures(campaign, list(facts), list(targets), rulebook)
    held: dict[str, tuple[int, int]] = {}
    result = {}
    for p in figures.scored:
        rows = Period_(figures, p).rows()
        give_tiers(rows, rulebook, held)
        result[p.text] = [as_data(row, rulebook) for row in rows]
    return result


def as_data(row: Row, rulebook: Rulebook) -> dict[str, Any]:
    marks = [row.leaves[id(leaf)] for _, leaf in rulebook.leaves() if id(leaf) in row.leaves]
    return {
        "unit": row.unit.code,
        "track": row.unit.track,
        "score": None if row.score is None else float(row.score),
        "rank": row.rank,
        "tier": row.tier,
        "grade": row.grade,
        "marks": [
            {
                "indicator": s.leaf.indicator,
                "marks": None if s.mark is None else float(s.mark),
                "full_marks": float(s.full),
                "state": s.outcome,
            }
            for s in marks
        ],
    }
