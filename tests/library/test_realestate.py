"""Real figures: 31 provinces over 36 months, scored every month, growth against the published one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from saima.cli import main
from saima.files.campaign import load_campaign
from saima.rules.rulebook import Rulebook
from saima.scoring import Scoring, score
from saima.tables import Tables
from tests.support import realestate
from tests.support.realestate import AMOUNTS, GROWTHS, TRACKS, Compared, Published

pytestmark = pytest.mark.skipif(bool(realestate.why_missing()), reason=realestate.why_missing())

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


@pytest.fixture(scope="module")
def published() -> Published:
    return realestate.read()


@pytest.fixture(scope="module")
def folder(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return realestate.write_campaign(published, tmp_path_factory.mktemp("real") / "campaign")


@pytest.fixture(scope="module")
def loaded(folder: Path) -> tuple[Tables, tuple[Rulebook, ...]]:
    return load_campaign(folder)


@pytest.fixture(scope="module")
def tables(loaded: tuple[Tables, tuple[Rulebook, ...]]) -> Tables:
    return loaded[0]


@pytest.fixture(scope="module")
def scoring(loaded: tuple[Tables, tuple[Rulebook, ...]]) -> Scoring:
    return score(loaded[0], loaded[1][0])


def growth(scoring: Scoring, indicator: str) -> np.ndarray:
    """Growth in percent, (regions, scored months)."""
    leaf = next(m for m in scoring.marked if m.leaf.indicator == indicator)
    return leaf.q.get("growth").value * 100.0


@pytest.fixture(scope="module")
def cells(scoring: Scoring, published: Published) -> list[Compared]:
    """Every cell with a computed and a published growth."""
    found = []
    for indicator, title in AMOUNTS.items():
        computed = growth(scoring, indicator)
        for u, region in enumerate(published.regions.values()):
            for s, period in enumerate(scoring.cube.scored):
                told = published.text(region, GROWTHS[indicator], period.text)
                before = f"{period.end.year - 1}{period.text[4:]}"
                amounts = (published.text(region, title, m) for m in (before, period.text))
                if told and not np.isnan(computed[u, s]):
                    at = (region, indicator, period.text, *amounts)
                    found.append(Compared(*at, told, float(computed[u, s])))
    return found


def test_the_check_asks_about_the_three_cumulative_figures_that_fall_and_nothing_else(
    folder, capsys
):
    assert main(["check", str(folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["code"], p["where"]["cell"]) for p in found] == [
        ("cumulative-falls", "E301"),
        ("cumulative-falls", "E337"),
        ("cumulative-falls", "E2065"),
    ]


def test_blank_january_is_no_problem_where_the_clock_says_january_and_february_are_joint(tables):
    januaries = tables.facts.filter(tables.facts["period"].cast(str).str.ends_with("-01"))
    assert januaries["value"].null_count() == januaries.height == 31 * 2 * 3
    assert [p.text() for p in tables.problems] == []


def test_every_month_but_the_januaries_is_scored(scoring):
    months = [p.text for p in scoring.cube.scored]
    assert len(months) == 33
    assert not [m for m in months if m.endswith("-01")]
    assert not np.isnan(scoring.score).any()


def test_regions_stand_in_official_order_in_three_tracks(tables):
    codes = [u.code for u in tables.campaign.units]
    sizes = {t: sum(u.track == t for u in tables.campaign.units) for t in TRACKS}
    assert codes == sorted(codes)
    assert list(sizes.values()) == [11, 10, 10]


def test_every_track_is_ranked_every_month_from_the_first_place_down(scoring):
    for s in range(len(scoring.cube.scored)):
        for group in np.unique(scoring.standing.group):
            places = scoring.standing.rank[scoring.standing.group == group, s]
            assert places.min() == 1
            assert places.max() <= len(places)


def test_a_mark_of_the_level_is_what_the_formula_gives_by_hand(scoring, published):
    track = realestate.tracks(published)
    amounts = {
        code: Decimal(published.text(name, AMOUNTS["investment"], "2019-11"))
        for code, name in published.regions.items()
        if track[code] == TRACKS[1]
    }
    worst, best = min(amounts.values()), max(amounts.values())
    marks = scoring.marked[0].marks[:, scoring.index_of("2019-11")]
    for u, code in enumerate(published.regions):
        if code in amounts:
            share = (amounts[code] - worst) / (best - worst)
            by_hand = 30 * (Decimal("0.6") + Decimal("0.4") * share)
            assert abs(Decimal(repr(float(marks[u]))) - by_hand) <= Decimal("0.005")


def test_growth_of_2017_is_left_out_because_there_are_no_figures_of_2016(scoring):
    first = [s for s, p in enumerate(scoring.cube.scored) if p.end.year == 2017]
    assert np.isnan(growth(scoring, "investment")[:, first]).all()
    assert not np.isnan(growth(scoring, "investment")[:, len(first) :]).any()


def test_all_1363_published_growths_agree_within_what_rounded_amounts_allow(cells):
    assert len(cells) == 1363
    assert [c.line for c in cells if not c.agrees] == []


def test_34_growths_differ_by_more_than_six_hundredths_of_a_point(cells):
    wide = [c.line for c in cells if abs(c.difference) > realestate.NOTICEABLE]
    assert len(wide) == 34, "\n".join(wide)


@pytest.mark.proof
def test_differences_in_growth_are_written_down(cells):
    text = realestate.listing(cells)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "realestate.txt").write_text(text, encoding="utf-8")
    print(text)
    assert text.count("difference") == 34
