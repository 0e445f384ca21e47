"""A mark explained from what it hangs on alone is explained as from the whole, to the last digit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from saima.cube import axes_of
from saima.scoring import Scoring, explain, score
from saima.scoring.digests import cell_digests
from saima.scoring.editing import Edit, edited
from saima.scoring.engine import Marking
from saima.scoring.narrow import Own, Reach, narrowed, reach
from saima.scoring.standing import place_by
from saima.tables import Tables
from tests.support.generated import Case, seeded
from tests.support.generated_methods import SETTINGS


def within(tables: Tables, of: Reach) -> Tables:
    """The tables with the rows within reach only."""

    def rows(frame: pl.DataFrame) -> pl.DataFrame:
        kept = [of.holds(i, u) for i, u in zip(frame["indicator"], frame["unit"], strict=True)]
        return frame.filter(pl.Series(kept, dtype=pl.Boolean))

    return replace(tables, facts=rows(tables.facts), targets=rows(tables.targets))


def own_of(scoring: Scoring, s: int) -> Own:
    got, full = scoring.own
    units = scoring.cube.campaign.units
    return {u.code: (float(got[n, s]), float(full[n, s])) for n, u in enumerate(units)}


def marks(case: Case) -> Iterator[tuple[Scoring, str, str, str | None]]:
    """Every mark and every score of the first and last scored period."""
    scoring = score(case.tables, case.rulebook)
    held = {m.leaf.indicator for m in scoring.marked}
    for period in {p.text for p in (*scoring.cube.scored[:1], *scoring.cube.scored[-1:])}:
        for unit in case.campaign.units:
            for indicator in (*sorted(held), None):
                yield scoring, period, unit.code, indicator


def changed_cells(whole: Scoring, small: Marking, of: Reach) -> list[str]:
    """Cells within reach whose digest is another than in the whole."""
    large, here = whole.cube.campaign, small.cube.campaign
    before, after = cell_digests(whole.cube), cell_digests(small.cube)
    return [
        f"{x.code} of {u.code}"
        for i, x in enumerate(here.indicators)
        for n, u in enumerate(here.units)
        if of.holds(x.code, u.code)
        and after[i, n] != before[large.indicator_index[x.code], large.unit_index[u.code]]
    ]


def unlike(case: Case) -> list[str]:
    """Marks and scores whose narrow explanation is not the whole one's."""
    found = []
    for scoring, period, unit, indicator in marks(case):
        of = reach(case.campaign, case.rulebook, unit, indicator)
        small = narrowed(
            within(case.tables, of), case.rulebook, axes_of(scoring.cube), of,
            indicator=indicator, own=own_of(scoring, scoring.index_of(period)), period=period,
        )  # fmt: skip
        whole = explain(scoring, period, unit, indicator)
        if json.dumps(whole) != json.dumps(explain(small, period, unit, indicator)):
            found.append(f"{period} {unit} {indicator}")
        found += changed_cells(scoring, small, of)
    return found


@pytest.mark.parametrize("block", range(4))
def test_narrow_explanation_is_that_of_the_whole(block: int) -> None:
    found = {n: unlike(seeded(n)) for n in range(block * 10, block * 10 + 10)}
    assert {n: said[:3] for n, said in found.items() if said} == {}


@pytest.mark.parametrize("method", sorted(SETTINGS))
def test_narrow_explanation_holds_for_each_method(method: str) -> None:
    found = {n: unlike(seeded(n, indicators=2, methods=(method,))) for n in range(3)}
    assert {n: said[:3] for n, said in found.items() if said} == {}


def test_mark_that_compares_hangs_on_all_units_and_one_that_does_not_on_its_own() -> None:
    alone = seeded(3, methods=("attainment",), alone=True)
    compared = seeded(3, methods=("rank-decay",))
    for case, everywhere in ((alone, False), (compared, True)):
        unit = case.campaign.units[0].code
        codes = {leaf.indicator for _, leaf in case.rulebook.leaves()}
        found = [reach(case.campaign, case.rulebook, unit, code) for code in codes]
        assert all(bool(of.everywhere) is everywhere for of in found)
        assert all(of.indicators for of in found)


def test_changed_figure_within_reach_changes_its_cell() -> None:
    case = seeded(1, alone=True)
    scoring = score(case.tables, case.rulebook)
    n = next(n for n, row in enumerate(case.facts) if row["value"] is not None and counts(case, n))
    case.facts[n]["value"] += 1.0
    after = cell_digests(score(case.tables, case.rulebook).cube)
    differ = after != cell_digests(scoring.cube)
    index = case.campaign.indicator_index[case.facts[n]["indicator"]]
    assert differ[index, case.campaign.unit_index[case.facts[n]["unit"]]]
    assert not differ.all()


def counts(case: Case, n: int) -> bool:
    """Whether a fact's source is the one that counts first."""
    row = case.facts[n]
    chosen = case.campaign.indicator(row["indicator"]).counts or case.campaign.counts
    return bool(row["source"] == chosen[0])


def places_by_keys(case: Case) -> list[str]:
    """Places that the kept keys of a period tell otherwise than the scoring."""
    scoring = score(case.tables, case.rulebook)
    found = []
    for s, period in enumerate(scoring.cube.scored):
        keys = json.loads(json.dumps(scoring.keys_at(s)))
        for u, unit in enumerate(case.campaign.units):
            place = place_by(keys, unit.code, case.rulebook.ranks.ties)
            if place != scoring.standing.rank[u, s]:
                found.append(f"{period.text} {unit.code} {place}")
    return found


def unlike_if_changed(case: Case) -> list[str]:
    """Marks, scores and places of a changed figure that the unit alone tells otherwise."""
    scoring, found = score(case.tables, case.rulebook), []
    if not scoring.cube.scored:
        return []
    s, period = len(scoring.cube.scored) - 1, scoring.cube.scored[-1].text
    for u, unit in enumerate(case.campaign.units):
        of = reach(case.campaign, case.rulebook, unit.code)
        if of.everywhere:
            continue
        tables, axes = within(case.tables, of), axes_of(scoring.cube)
        small = narrowed(tables, case.rulebook, axes, of)
        assert isinstance(small, Scoring)
        n = small.cube.campaign.unit_index[unit.code]
        keys = scoring.keys_at(s)
        for x in case.campaign.indicators:
            if x.code in of.indicators and not x.formula:
                edit = [Edit(unit.code, x.code, period, 33.0)]
                after, alone = edited(scoring, edit), edited(small, edit)
                fresh = keys | {unit.code: (keys[unit.code][0], alone.keys_at(s)[unit.code][1])}
                place = place_by(fresh, unit.code, case.rulebook.ranks.ties)
                told = (alone.score[n, s], alone.exact[n, s], place)
                wanted = (after.score[u, s], after.exact[u, s], after.standing.rank[u, s])
                if not np.array_equal(told, wanted, equal_nan=True):
                    found.append(f"{unit.code} {x.code} {told} {wanted}")
    return found


@pytest.mark.parametrize("block", range(4))
def test_places_go_by_the_keys_that_are_kept(block: int) -> None:
    found = {n: places_by_keys(seeded(n)) for n in range(block * 10, block * 10 + 10)}
    assert {n: said[:3] for n, said in found.items() if said} == {}


@pytest.mark.parametrize("block", range(4))
def test_changed_figure_scored_from_the_unit_alone_is_as_in_the_whole(block: int) -> None:
    cases = {n: seeded(n, alone=True) for n in range(block * 10, block * 10 + 10)}
    told = {n: unlike_if_changed(case) for n, case in cases.items()}
    assert {n: said[:3] for n, said in told.items() if said} == {}


@pytest.mark.proof
@pytest.mark.parametrize("block", range(20))
def test_narrow_explanation_is_that_of_the_whole_on_a_thousand_campaigns(block: int) -> None:
    seeds = range(1000 + block * 50, 1050 + block * 50)
    found = {n: unlike(seeded(n)) for n in seeds}
    assert {n: said[:3] for n, said in found.items() if said} == {}
