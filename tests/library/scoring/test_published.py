"""Figures that were published must come out of the engine (sources: the rules cited in each test)."""

import numpy as np
import pytest

from saima.campaigns import Indicator
from tests.support.small import one_leaf, rulebook, scored, tables

SUM = Indicator(code="investment", name="投资", measure="亿元")


def pace_gap(actual, target, period):
    made = tables(
        ["a"], [SUM], {("a", "investment", period): actual}, {("a", "investment", "2026"): target}
    )
    scoring = scored(made, one_leaf("{indicator: investment, weight: 100, method: attainment}"))
    return float(scoring.marked[0].q.get("pace_gap").value[0, 0])


@pytest.mark.parametrize(
    ("actual", "target", "period", "published", "decimals"),
    [
        (74.0, 100.0, "2026-08", 7.33, 2),  # 三元区：1—8月占年计划74%，超序时进度7.33个百分点
        (629.0, 647.4, "2026-10", 13.8, 1),  # 江门：629.0亿元，超过时间进度13.8个百分点
        (75.0, 100.0, "2026-11", -17.0, 0),  # 富宁：1—11月占75%，塌计划进度17个百分点
        (77.6, 100.0, "2026-11", -14.1, 1),
        (81.4, 100.0, "2026-11", -10.3, 1),
        (74.1, 100.0, "2026-11", -17.6, 1),
    ],
)
def test_the_six_published_pace_gaps(actual, target, period, published, decimals):
    assert pace_gap(actual, target, period) == pytest.approx(published, abs=0.5 * 10**-decimals)


def test_efficacy_gives_the_published_58_73():
    """5.81 with 12 satisfactory and 6 unacceptable: below the floor falls below 60."""
    made = tables(["a"], [SUM], {("a", "investment", "2026-03"): 5.81})
    leaf = (
        "{indicator: investment, weight: 100, method: efficacy, clamp: false, "
        "range: {unacceptable: 6, satisfactory: 12}, base: 60%, scale: 40%}"
    )
    scoring = scored(made, one_leaf(leaf, "rounding: {marks: 2, score: 2}"))
    assert scoring.score[0, 0] == 58.73


def test_geometric_mean_gives_the_published_82_185():
    """Four coefficients 83.404, 74.940, 96.844 and 75.368 with equal weights."""
    values = (83.404, 74.940, 96.844, 75.368)
    indicators = [Indicator(code=f"k{n}", name=f"指标{n}", decimals=3) for n in range(4)]
    made = tables(["a"], indicators, {("a", f"k{n}", "2026-03"): v for n, v in enumerate(values)})
    leaves = "\n".join(
        f"      - {{indicator: k{n}, weight: 1, method: formula, marks: actual}}" for n in range(4)
    )
    book = rulebook(
        "rulebook: means\nname: 几何平均\nrounding: {marks: null, score: null}\n"
        f"tree:\n  - category: 全部\n    aggregate: geometric\n    indicators:\n{leaves}\n"
    )
    scoring = scored(made, book)
    assert scoring.score[0, 0] == pytest.approx(82.185, abs=0.001)


def test_a_zero_target_gives_no_mark_and_a_problem_with_its_cell():
    from saima.scoring import result

    made = tables(
        ["a"], [SUM], {("a", "investment", "2026-03"): 3.0}, {("a", "investment", "2026"): 0.0}
    )
    scoring = scored(made, one_leaf("{indicator: investment, weight: 100, method: attainment}"))
    found = result(scoring)
    assert found.units[0].marks[0].marks == 0.0
    assert [p["code"] for p in found.problems] == ["zero-target"]
    assert found.problems[0]["where"] == {"file": "示例.xlsx", "sheet": "目标", "cell": "D2"}
    assert np.isfinite(scoring.score).all()
