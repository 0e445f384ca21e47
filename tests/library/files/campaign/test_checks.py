"""Checks between the tables of a campaign: each fault planted, and found at its cell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saima.files.campaign import check_tables, load_campaign
from tests.support.campaign_files import FILES, found, load, replaced, where, write_files

EVENTS = "kind,unit,name,on,basis,expires,points\n"

PLANTED: list[tuple[str, dict[str, str], str]] = [
    ("clock-ends-early", replaced("campaign.yaml", "end: 2026-12-31", "end: 2025-12-31"), "files"),
    ("no-ranked-units", replaced("units.csv", "a,示例一公司,一公司,company,g,1,甲组\n"
     "b,示例二公司,二公司,company,g,2,甲组\nc,示例三部,三部,department,g,3,乙组",
     "a,示例一公司,一公司,company,g,1,\nb,示例二公司,二公司,company,g,2,\n"
     "c,示例三部,三部,department,g,3,"), "files"),
    ("parent-unknown", replaced("units.csv", "company,g,1", "company,集团公司,1"), "units.csv E3"),
    ("track-unknown", replaced("units.csv", "g,1,甲组", "g,1,丙组"), "units.csv G3"),
    ("successor-unknown", {"units.csv": FILES["units.csv"].replace("track\n", "track,successor\n")
     .replace("甲组\n", "甲组,zz\n", 1).replace("甲组\n", "甲组,\n").replace("乙组\n", "乙组,\n")
     .replace("0,\n", "0,,\n")}, "units.csv H3"),
    ("lead-unit-unknown", {"indicators.csv": "code,name,lead-unit\nrevenue,营业收入,外单位\ncost,成本率,\n"},
     "indicators.csv C2"),
    ("ratio-without-parts", {"indicators.csv": "code,name,rolls-up,numerator\n"
     "revenue,营业收入,,\ncost,成本率,加权比率,revenue\n"}, "indicators.csv A3"),
    ("ratio-part-unknown", {"indicators.csv": "code,name,rolls-up,numerator,denominator\n"
     "revenue,营业收入,,,\ncost,成本率,加权比率,revenue,zz\n"}, "indicators.csv E3"),
    ("formula-unknown-name", {"indicators.csv": "code,name,formula\nrevenue,营业收入,\n"
     "cost,成本率,revenue / staff\n"}, "indicators.csv C3"),
    ("weights-not-a-hundred", {"assignments.csv": "indicator,unit,weight\nrevenue,a,70\ncost,a,20\n"},
     "assignments.csv C3"),
    ("assignment-twice", {"assignments.csv": "indicator,track\nrevenue,甲组\nrevenue,甲组\n"},
     "assignments.csv A3"),
    ("track-unknown", {"assignments.csv": "indicator,track\nrevenue,丙组\n"}, "assignments.csv B2"),
    ("event-without-basis", {"events.csv": EVENTS + "加分,a,先进典型,2026-02-01,,,\n"}, "events.csv E2"),
    ("veto-without-expiry", {"events.csv": EVENTS + "否决,a,安全事故,2026-02-01,文,,\n"}, "events.csv F2"),
    ("event-expires-early", {"events.csv": EVENTS + "否决,a,安全事故,2026-02-01,文,2026-01-01,\n"},
     "events.csv F2"),
    ("event-not-in-rulebook", {"events.csv": EVENTS + "加分,a,先进,2026-02-01,文,,\n"}, "events.csv C2"),
    ("too-many-decimals", replaced("facts.csv", ",210", ",210.5"), "facts.csv E3"),
    ("value-negative", replaced("facts.csv", ",210", ",-210"), "facts.csv E3"),
    ("unit-not-there-yet", {"units.csv": FILES["units.csv"].replace("track\n", "track,valid-from\n")
     .replace("甲组\n", "甲组,2026-02-01\n", 1).replace("甲组\n", "甲组,\n")
     .replace("乙组\n", "乙组,\n").replace("0,\n", "0,,\n")}, "facts.csv E2"),
    ("period-after-the-end", replaced("facts.csv", "a,revenue,2026-02", "a,revenue,2062-02"),
     "facts.csv E3"),
    ("period-inside-joint", replaced("campaign.yaml", "end: 2026-12-31", "joint: [[1, 2]]"),
     "facts.csv E2"),
    ("cumulative-falls", replaced("facts.csv", ",210", ",80"), "facts.csv E3"),
    ("figures-end-together", {"facts.csv": FILES["facts.csv"] + "a,revenue,1—2月,confirmed,200\n"},
     "facts.csv E10"),
    ("target-missing", replaced("targets.csv", "b,revenue,2026,600,\n", ""), "targets.csv"),
    ("stretch-below-target", replaced("targets.csv", "1200,1300", "1200,1100"), "targets.csv D2"),
    ("stretch-below-target", replaced("targets.csv", "4.5,4.2", "4.5,4.8"), "targets.csv D5"),
    ("indicator-never-reported", {"indicators.csv": FILES["indicators.csv"] + "new,新指标,,,,,\n",
     **replaced("rulebooks/scheme.yaml", "indicator: revenue", "indicator: new")}, "facts.csv"),
    ("unit-never-reported", replaced("facts.csv", "c,revenue,2026-02,confirmed,60\n", ""), "facts.csv"),
    ("counting-source-missing", replaced("facts.csv", "confirmed,210", "reported,210"), "facts.csv E3"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "changes", "place"), PLANTED, ids=[f"{n}-{c}" for n, (c, _, _) in enumerate(PLANTED)]
)
def test_planted_fault_is_found_at_its_place(tmp_path, code, changes, place):
    folder = tmp_path / "files"
    assert where(found(folder, changes)).get(code) == place


def wide_targets(plans: str) -> dict[str, str]:
    months = ",".join(f"{m}月" for m in range(1, 13))
    return {"targets.csv": f"unit,indicator,全年目标,{months}\na,revenue,1200,{plans}\n"}


@pytest.mark.parametrize(
    ("plans", "wrong"),
    [
        (",".join(["100"] * 12), False),
        (",".join(["100"] * 11 + ["101"]), True),
        (
            ",".join(["100"] * 11 + [""]),
            False,
        ),  # a plan for part of the year says nothing of the sum
    ],
)
def test_plans_over_the_whole_year_add_up_to_the_target(tmp_path, plans, wrong):
    problems = where(found(tmp_path, wide_targets(plans)))
    assert problems.get("plans-do-not-add-up") == ("targets.csv C2" if wrong else None)


def test_tenths_that_binary_cannot_hold_still_add_up(tmp_path):
    changes = wide_targets(",".join(["0.1"] * 12).replace("", "")) | {
        "indicators.csv": FILES["indicators.csv"].replace("万元,0", "万元,1")
    }
    changes["targets.csv"] = changes["targets.csv"].replace("1200", "1.2")
    assert "plans-do-not-add-up" not in where(found(tmp_path, changes))


def test_cumulative_figures_start_anew_in_a_new_year(tmp_path):
    facts = FILES["facts.csv"] + "a,revenue,2025-12,confirmed,900\n"
    assert "cumulative-falls" not in where(found(tmp_path, {"facts.csv": facts}))


def test_balance_before_a_campaign_of_days_is_no_figure_to_fall_from(tmp_path):
    changes = replaced(
        "campaign.yaml",
        "natural-year, start: 2026-01-01, end: 2026-12-31",
        "days, start: 2026-01-01, days: 100",
    )
    facts = FILES["facts.csv"] + "a,revenue,期初,confirmed,900\n"
    assert "cumulative-falls" not in where(found(tmp_path, {**changes, "facts.csv": facts}))


def test_own_weights_and_those_of_the_rulebook_make_a_hundred_together(tmp_path):
    for weight, wrong in (("60", False), ("70", True)):
        folder = tmp_path / weight
        assignments = f"indicator,unit,weight\nrevenue,a,{weight}\nrevenue,b,60\nrevenue,c,60\n"
        codes = where(found(folder, {"assignments.csv": assignments}))
        assert ("weights-not-a-hundred" in codes) == wrong


def test_unit_to_which_an_indicator_does_not_apply_needs_no_target(tmp_path):
    changes = replaced(
        "facts.csv", "c,revenue,2026-02,confirmed,60", "c,revenue,2026-02,confirmed,—"
    )
    assert found(tmp_path, changes | replaced("targets.csv", "c,revenue,2026,300,\n", "")) == []


def test_point_in_time_figures_may_fall(tmp_path):
    facts = FILES["facts.csv"] + "a,cost,2026-01,confirmed,4.9\n"
    assert "cumulative-falls" not in where(found(tmp_path, {"facts.csv": facts}))


def test_reported_figure_beside_a_confirmed_one_is_no_problem(tmp_path):
    facts = FILES["facts.csv"] + "a,revenue,2026-02,reported,230\n"
    assert found(tmp_path, {"facts.csv": facts}) == []


def test_same_cumulative_figure_under_two_periods_is_no_problem(tmp_path):
    facts = FILES["facts.csv"] + "a,revenue,1—2月,confirmed,210\n"
    assert found(tmp_path, {"facts.csv": facts}) == []


def test_month_that_nobody_has_confirmed_yet_is_no_problem(tmp_path):
    facts = FILES["facts.csv"] + "a,revenue,2026-03,reported,230\nb,revenue,2026-03,reported,120\n"
    assert found(tmp_path, {"facts.csv": facts}) == []


def test_unit_may_have_zeros_and_a_restated_base_from_before_its_time(tmp_path):
    units = (
        FILES["units.csv"]
        .replace("track\n", "track,valid-from\n")
        .replace("甲组\n", "甲组,2026-02-01\n", 1)
        .replace("甲组\n", "甲组,\n")
        .replace("乙组\n", "乙组,\n")
        .replace("0,\n", "0,,\n")
    )
    facts = FILES["facts.csv"].replace("2026-01,confirmed,90", "2026-01,confirmed,0")
    facts += "a,revenue,2025-02,confirmed,180\n"
    assert found(tmp_path, {"units.csv": units, "facts.csv": facts}) == []


def test_figure_that_does_not_apply_counts_as_an_answer(tmp_path):
    changes = replaced(
        "facts.csv", "c,revenue,2026-02,confirmed,60", "c,revenue,2026-02,confirmed,—"
    )
    assert found(tmp_path, changes) == []


def test_negative_target_allows_negative_figures(tmp_path):
    changes = replaced("facts.csv", ",210", ",-210") | replaced("targets.csv", "1200,1300", "-300,")
    assert "value-negative" not in where(found(tmp_path, changes))


def test_event_with_stated_points_needs_no_rule(tmp_path):
    events = {"events.csv": EVENTS + "加分,a,特别贡献,2026-02-01,示例〔2026〕1号,,2\n"}
    assert found(tmp_path, events) == []


def test_checks_work_on_tables_of_plain_text(tmp_path):
    """Tables that come from elsewhere carry strings, not Enums, and the same faults are found."""
    import dataclasses

    import polars as pl

    tables, rulebooks = load(tmp_path, replaced("facts.csv", ",210", ",80"))
    text = {
        name: getattr(tables, name).with_columns(pl.selectors.by_dtype(pl.Enum).cast(pl.String))
        for name in ("facts", "targets")
    }
    again = dataclasses.replace(tables, **text)
    assert check_tables(again, rulebooks) == check_tables(tables, rulebooks) != []


def test_campaign_with_nothing_in_it_has_problems_and_no_traceback(tmp_path):
    empty = {name: None for name in FILES if name != "campaign.yaml"}
    tables, rulebooks = load_campaign(write_files(tmp_path, empty))
    codes = {p.code for p in [*tables.problems, *check_tables(tables, rulebooks)]}
    assert {"table-missing", "no-ranked-units"} <= codes


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.integers(0, 50), min_size=2, max_size=12))
def test_falls_are_those_of_a_slow_comparison(tmp_path_factory, values):
    rows = "".join(f"a,revenue,2026-{m:02d},{v}\n" for m, v in enumerate(values, 1))
    folder = tmp_path_factory.mktemp("falls")
    problems = found(folder, {"facts.csv": "unit,indicator,period,value\n" + rows})
    falls = [
        f"E{n}".replace("E", "D")
        for n in range(3, len(values) + 2)
        if values[n - 2] < values[n - 3]
    ]
    assert [p.place.cell for p in problems if p.code == "cumulative-falls"] == falls
