"""Grades within forced ratios, tiers that do not fall at once, seals, movement, neighbours."""

from saima.campaigns import Indicator, PublishedRank, Unit
from saima.scoring import result
from tests.support.small import rulebook, scored, tables

KEY = Indicator(code="k", name="指标", nature="point-in-time")
BASE = """
rulebook: standing
name: 位次
rounding: {{marks: 2, score: 2}}
{more}
tree:
  - category: 甲类
    indicators:
      - {{indicator: k, weight: 100, method: formula, marks: actual}}
"""


def ranking(scores, more, period=None, **campaign):
    """scores: unit -> list of monthly scores, all in one track."""
    units = [Unit(code=u, name=f"示例{u}", track="一", order=n) for n, u in enumerate(scores)]
    figures = {
        (u, "k", f"2026-{m:02d}"): value
        for u, values in scores.items()
        for m, value in enumerate(values, 1)
    }
    made = tables(units, [KEY], figures, **campaign)
    found = result(scored(made, rulebook(BASE.format(more=more))), period)
    return {u.unit: u for u in found.units}, found


def test_a_tie_at_the_edge_of_a_forced_ratio_falls_whole():
    more = 'grades: {优秀: ">= 90, at most 50%", 良好: ">= 80", 合格: otherwise}'
    units, _ = ranking({"a": [95], "b": [93], "c": [93], "d": [60]}, more)
    assert [units[u].grade for u in "abcd"] == ["优秀", "良好", "良好", "合格"]


def test_a_unit_falls_a_tier_only_after_the_stated_months_and_rises_at_once():
    more = 'tiers: {上: ">= 90", 中: ">= 80", 下: rest, keep: 2 months}'
    scores = {"a": [95, 85, 85, 70, 95]}
    tiers = [ranking(scores, more, f"2026-{m:02d}")[0]["a"].tier for m in range(1, 6)]
    assert tiers == ["上", "上", "中", "中", "上"]


def test_tiers_by_first_and_last_places_share_places_with_ties():
    more = "tiers: {第一: {top: 1}, 第二: rest, 第三: {bottom: 1}}"
    units, _ = ranking({"a": [95], "b": [95], "c": [80], "d": [70]}, more)
    assert [units[u].tier for u in "abcd"] == ["第一", "第一", "第二", "第三"]


SEALS = """
seals:
  月月红: {every: month, when: {score: ">= 90"}}
  半年红: {every: half, when: {seals: 月月红, count: ">= 6"}}
"""


def seals_of(scores, month):
    units, _ = ranking({"a": scores}, SEALS, f"2026-{month:02d}")
    return {s.name: s.earned for s in units["a"].seals}


def test_the_half_year_seal_needs_every_month():
    assert seals_of([95] * 6, 6) == {"月月红": True, "半年红": True}
    assert seals_of([95, 89, 95, 95, 95, 95], 6) == {"月月红": True, "半年红": False}


def test_a_half_year_seal_is_not_spoken_of_before_the_half_ends():
    assert seals_of([95] * 5, 5) == {"月月红": True}


def test_movement_counts_places_gained_since_last_month():
    units, found = ranking({"a": [90, 70], "b": [80, 80]}, "", "2026-02")
    assert (units["a"].movement, units["b"].movement) == (-1, 1)
    assert found.movement_basis == "recomputed"


def test_movement_is_against_the_published_ranks_where_there_are_any():
    published = (PublishedRank(unit="a", period="2026-01", rank=5),)
    units, found = ranking({"a": [90, 90], "b": [80, 80]}, "", "2026-02", published=published)
    assert (units["a"].movement, units["b"].movement) == (4, None)
    assert found.movement_basis == "published"


def test_the_first_month_has_no_movement():
    units, found = ranking({"a": [90], "b": [80]}, "")
    assert units["a"].movement is None
    assert found.movement_basis == "none"


def test_gaps_lead_to_the_next_place_and_say_what_closes_them():
    units, _ = ranking({"a": [90], "b": [88], "c": [88]}, "")
    assert (units["b"].ahead.unit, units["b"].ahead.gap) == ("a", 2.0)
    assert units["a"].behind.gap == 2.0
    assert units["a"].ahead is None
    assert units["b"].tied


def test_what_closes_the_gap_is_just_enough():
    """Checked by scoring the changed figure again: one step less leaves the other in front or level."""
    units, _ = ranking({"a": [90.5], "b": [88.25]}, "")
    more = units["b"].need.more
    after, _ = ranking({"a": [90.5], "b": [88.25 + more]}, "")
    short, _ = ranking({"a": [90.5], "b": [88.25 + more - 0.01]}, "")
    assert (after["b"].rank, after["a"].rank) == (1, 2)
    assert short["a"].rank == 1


def test_ranks_of_unrounded_scores_part_what_rounding_ties():
    scores = {"a": [90.001], "b": [90.004]}
    rounded, _ = ranking(scores, "ranks: {of: rounded}")
    assert (rounded["a"].rank, rounded["b"].rank) == (1, 1)
    exact = BASE.format(more="ranks: {of: unrounded}").replace("marks: 2,", "marks: null,")
    made = tables(["a", "b"], [KEY], {(u, "k", "2026-01"): v[0] for u, v in scores.items()})
    units = {u.unit: u for u in result(scored(made, rulebook(exact))).units}
    assert (units["a"].rank, units["b"].rank) == (2, 1)
