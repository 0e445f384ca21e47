"""The shipped sample: it checks clean, ranks plausibly, and holds one of everything it should."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from saima.cli import main
from saima.files.campaign import load_campaign
from saima.rules.rulebook import Rulebook
from saima.scoring import Scoring, result, score
from saima.tables import Tables
from tests.support import golden, make_samples
from tests.support.make_samples import MONTHS, SAMPLE


@pytest.fixture(scope="module")
def loaded() -> tuple[Tables, dict[int, Rulebook]]:
    tables, rulebooks = load_campaign(SAMPLE)
    return tables, {r.version: r for r in rulebooks}


@pytest.fixture(scope="module")
def scoring(loaded: tuple[Tables, dict[int, Rulebook]]) -> Scoring:
    return score(loaded[0], loaded[1][2])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sample_passes_the_check(capsys):
    assert main(["check", str(SAMPLE)]) == 0, capsys.readouterr().err


def test_sample_figures_are_what_the_script_writes(tmp_path):
    make_samples.make(tmp_path)
    for file in tmp_path.rglob("*.csv"):
        shipped = SAMPLE / file.relative_to(tmp_path)
        assert file.read_text(encoding="utf-8") == shipped.read_text(encoding="utf-8"), file.name


def test_monthly_plans_add_up_to_the_target_of_the_year():
    added = ("营业收入", "利税总额", "固定资产投资", "数字化建设投资", "品牌商家引进")
    rows = [r for r in table(SAMPLE / "targets.csv") if r["指标"] in added]
    assert len(rows) > 50
    assert [r for r in rows if sum(int(r[m]) for m in MONTHS) != int(r["全年目标"])] == []


def test_fourteen_units_run_in_three_tracks_and_one_of_them_is_listed_apart(loaded):
    units = loaded[0].campaign.ranked_units()
    assert len(units) == 14
    assert {u.track for u in units} == {"经营类", "建设类", "服务保障类"}
    assert [u.short_name for u in units if not u.ranked] == ["数智云科"]


@pytest.mark.parametrize("version", [1, 2])
def test_full_marks_of_every_track_are_a_hundred(loaded, version):
    weights: dict[str, float] = {}
    for _, leaf in loaded[1][version].leaves():
        for track, points in leaf.weight.items():
            weights[track] = weights.get(track, 0.0) + points
    assert weights == {"经营类": 100.0, "建设类": 100.0, "服务保障类": 100.0}


def test_every_score_of_september_is_plausible(scoring):
    scores = [u.score for u in result(scoring, "2026-09").units]
    assert len(scores) == 14
    assert 70 < min(scores) < 80
    assert 95 < max(scores) < 100


def test_september_has_a_tie_and_movers_up_and_down(scoring):
    units = result(scoring, "2026-09").units
    assert {u.name for u in units if u.tied} == {"示例新渠市政有限公司", "示例南枫城建有限公司"}
    assert max(u.movement for u in units if u.movement is not None) == 2
    assert min(u.movement for u in units if u.movement is not None) == -2


def test_movement_is_told_against_the_published_places_of_august(scoring, loaded):
    found = result(scoring, "2026-09")
    recomputed = {u.unit: u.rank for u in result(scoring, "2026-08").units if u.rank}
    assert found.movement_basis == "published"
    assert {p.unit: p.rank for p in loaded[0].campaign.published} == recomputed


def test_a_unit_keeps_its_tier_for_a_month_below_it(scoring):
    unit = next(u for u in result(scoring, "2026-09").units if u.name == "示例水务有限公司")
    assert unit.score < 92
    assert unit.tier == "第一梯队"


def test_quarterly_figure_is_held_between_quarters_and_says_so(scoring):
    unit = next(u for u in result(scoring, "2026-08").units if u.name == "示例水务有限公司")
    mark = next(m for m in unit.marks if m.indicator == "cost_rate")
    assert mark.period == "2026-06"
    assert "沿用" in mark.sentence


def test_an_indicator_that_does_not_apply_is_made_up_for_by_the_others(scoring):
    unit = next(u for u in result(scoring, "2026-09").units if u.name == "示例数智云科有限公司")
    assert [m.indicator for m in unit.marks if m.status == "left_out"] == ["receivables"]
    assert unit.full_marks == 100.0


def test_a_gate_keeps_a_unit_from_the_best_grade_and_leaves_its_score(scoring):
    unit = next(u for u in result(scoring, "2026-09").units if u.name == "示例明德资产管理有限公司")
    assert unit.blocked == ("优秀",)
    assert unit.deduction == 0.0


def test_each_version_of_the_scheme_is_in_force_in_its_own_half(capsys):
    for period, version in (("2026-06", 1), ("2026-09", 2)):
        assert main(["score", str(SAMPLE), "--period", period, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["rulebook"]["version"] == version


def test_october_is_not_scored_because_nothing_of_it_is_confirmed(scoring):
    facts = table(SAMPLE / "facts" / "2026.csv")
    assert {r["数据来源"] for r in facts if r["10月"]} == {"自报数"}
    assert scoring.cube.scored[-1].text == "2026-09"


def test_result_of_the_sample_is_the_golden_one():
    """Meant to change? `python -m tests.support.golden`, then review the diff."""
    assert golden.snapshot() == golden.GOLDEN.read_text(encoding="utf-8")


def test_command_line_prints_the_golden_result(capsys):
    assert main(["score", str(SAMPLE), "--period", golden.PERIOD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(golden.snapshot())
