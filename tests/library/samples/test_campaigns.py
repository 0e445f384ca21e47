"""The five campaigns in the structure of the five notices: they check, score and explain."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from saima.cli import main
from saima.files.campaign import load_campaign
from saima.scoring import score
from tests.support import make_campaigns

CAMPAIGNS = Path(__file__).parents[3] / "campaigns"
NOTICES = sorted(make_campaigns.NOTICES)
RULEBOOKS = [
    (notice, file.stem) for notice in NOTICES for file in sorted((CAMPAIGNS / notice / "rulebooks").glob("*.yaml"))
]  # fmt: skip


def rows(notice: str, table: str) -> list[dict[str, str]]:
    with (CAMPAIGNS / notice / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scored(capsys: pytest.CaptureFixture[str], notice: str, rulebook: str) -> dict:
    arguments = ["score", str(CAMPAIGNS / notice), "--rulebook", rulebook, "--json"]
    status = main(arguments)
    told = capsys.readouterr()
    assert status == 0, told.err
    return json.loads(told.out)


def test_there_is_one_campaign_for_each_of_five_notices():
    assert [f"notice-{n:03}" for n in range(5)] == NOTICES
    assert sorted(p.name for p in CAMPAIGNS.iterdir() if p.is_dir()) == NOTICES


@pytest.mark.parametrize("notice", NOTICES)
def test_campaign_passes_the_check(notice, capsys):
    assert main(["check", str(CAMPAIGNS / notice)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("notice", NOTICES)
def test_campaign_says_that_its_figures_are_invented(notice):
    assert load_campaign(CAMPAIGNS / notice)[0].campaign.demo
    assert "均为虚构" in (CAMPAIGNS / notice / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("notice", NOTICES)
def test_campaign_figures_are_what_the_script_writes(notice, tmp_path):
    make_campaigns.NOTICES[notice](tmp_path)
    for file in tmp_path.iterdir():
        assert file.read_text(encoding="utf-8") == (CAMPAIGNS / notice / file.name).read_text(
            encoding="utf-8"
        ), file.name


@pytest.mark.parametrize(("notice", "rulebook"), RULEBOOKS)
def test_every_ranked_unit_with_marks_has_a_plausible_score_and_a_place(notice, rulebook, capsys):
    result = scored(capsys, notice, rulebook)
    marked = [u for u in result["units"] if u["marks"]]
    assert marked
    assert [u["name"] for u in marked if not 60 <= u["score"] <= 110] == []
    assert [u["name"] for u in marked if u["rank"] is None] in ([], ["集团项目管理中心（筹）"])
    assert [m["name"] for u in marked for m in u["marks"] if not m["sentence"]] == []


@pytest.mark.parametrize(("notice", "rulebook"), RULEBOOKS)
def test_full_marks_of_every_scored_unit_are_a_hundred(notice, rulebook, capsys):
    units = scored(capsys, notice, rulebook)["units"]
    assert {u["full_marks"] for u in units if u["marks"]} == {100.0}


@pytest.mark.parametrize(("notice", "rulebook"), RULEBOOKS)
def test_score_of_every_unit_can_be_explained(notice, rulebook, capsys):
    for unit in scored(capsys, notice, rulebook)["units"]:
        if not unit["marks"]:
            continue
        arguments = ["--unit", unit["unit"], "--rulebook", rulebook, "--json"]
        assert main(["explain", str(CAMPAIGNS / notice), *arguments]) == 0
        explained = json.loads(capsys.readouterr().out)
        assert explained["steps"]["value"] == pytest.approx(unit["score"], abs=1e-9)


def test_hundred_days_begin_with_an_opening_balance_and_end_on_new_years_eve():
    clock = load_campaign(CAMPAIGNS / "notice-000")[0].campaign.clock
    assert (clock.days, clock.end.isoformat()) == (100, "2026-12-31")
    openings = [r["期初"] for r in rows("notice-000", "facts") if r["指标"] == "未完成年度承诺事项"]
    assert all(openings)


def test_a_business_line_is_scored_only_for_the_company_that_runs_it(capsys):
    units = {u["name"]: u for u in scored(capsys, "notice-000", "hundred-days")["units"]}
    held = {m["indicator"] for m in units["示例栎川贸易公司"]["marks"]}
    assert "trade_volume" in held
    assert "scenic_revenue" not in held


def test_headline_targets_of_the_horse_race_are_those_of_the_notice_and_add_up():
    targets = rows("notice-002", "targets")
    for indicator, whole in (("企业营收", 1_000_000), ("利税", 50_000), ("项目建设投资", 683_000)):
        parts = [r for r in targets if r["指标"] == indicator]
        group = next(r for r in parts if r["单位"] == "集团")
        companies = [r for r in parts if r["单位"] != "集团"]
        assert int(group["目标"]) == sum(int(r["目标"]) for r in companies) == whole
        for row in companies:
            assert sum(int(row[m]) for m in make_campaigns.MONTHS) == int(row["目标"])


def test_projects_of_a_company_add_up_to_its_plan_month_by_month():
    projects = rows("notice-002", "projects")
    for row in rows("notice-002", "targets"):
        if row["指标"] == "项目建设投资" and row["单位"] != "集团":
            own = [p for p in projects if p["单位"] == row["单位"]]
            for month in make_campaigns.MONTHS:
                assert sum(int(p[month]) for p in own) == int(row[month])


def test_party_branches_run_on_a_track_of_their_own(capsys):
    units = scored(capsys, "notice-002", "horse-race")["units"]
    branches = [u for u in units if u["track"] == "党支部"]
    assert len(branches) == 5
    assert {m["indicator"] for u in branches for m in u["marks"]} == {"party_goals"}


def test_upper_level_scheme_scores_the_same_places_in_another_way(capsys):
    ours, theirs = (
        {u["name"]: u["marks"] for u in scored(capsys, "notice-003", name)["units"]}
        for name in ("tournament", "upper-level")
    )
    for unit in ("区发展改革部门", "区商务部门"):
        places = {m["indicator"]: m["actual"] for m in ours[unit]}
        assert {m["indicator"] for m in theirs[unit]} <= set(places)
        assert all(m["actual"] == places[m["indicator"]] for m in theirs[unit])


def test_department_answers_for_the_sum_of_its_regions():
    facts = rows("notice-004", "facts")
    parts = [r for r in facts if r["指标"] == "产业项目投资"]
    department = next(r for r in parts if r["单位"] == "发改部门")
    regions = [r for r in parts if r is not department]
    assert int(department["9月"]) == sum(int(r["9月"]) for r in regions)


def test_ratio_of_the_city_is_made_from_sums_and_not_from_an_average_of_ratios():
    tables, rulebooks = load_campaign(CAMPAIGNS / "notice-004")
    scheme = next(r for r in rulebooks if r.rulebook == "provincial-indicators")
    leaf = next(m for m in score(tables, scheme).marked if m.leaf.indicator == "on_time_rate")
    row = tables.campaign.unit_index["M4"]
    facts = {
        r["指标"]: int(r["9月"]) for r in rows("notice-004", "facts") if r["单位"] == "政务部门"
    }
    by_hand = facts["按时办结政务事项"] / facts["受理政务事项"]
    assert leaf.q.get("actual").value[row, -1] == pytest.approx(by_hand, abs=1e-12)
