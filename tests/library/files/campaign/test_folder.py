"""A campaign folder: what is read, what is named, what is refused."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from saima.files.campaign import load_campaign
from saima.files.campaign import problems as campaign_problems
from saima.problems import Refused
from saima.tables import FACT_COLUMNS, TARGET_COLUMNS
from tests.support.campaign_files import FILES, found, load, plain, replaced, where, write_files


def test_campaign_is_read_with_nothing_wrong(tmp_path):
    tables, rulebooks = load(tmp_path)
    assert tables.problems == []
    assert found(tmp_path) == []
    assert [u.name for u in tables.campaign.ranked_units()] == [
        "示例一公司",
        "示例二公司",
        "示例三部",
    ]
    assert tables.campaign.clock.end == date(2026, 12, 31)
    assert list(tables.facts.columns) == list(FACT_COLUMNS)
    assert list(tables.targets.columns) == list(TARGET_COLUMNS)
    assert [r.name for r in rulebooks] == ["示例办法"]


def test_codes_are_positions_in_the_campaign(tmp_path):
    tables, _ = load(tmp_path)
    units = [tables.campaign.units[n].code for n in tables.facts["unit"].to_physical()]
    assert units == tables.facts["unit"].cast(pl.String).to_list()


def test_figure_knows_its_cell(tmp_path):
    tables, _ = load(tmp_path)
    row = tables.facts.row(1, named=True)
    assert row["value"] == 210
    place = tables.place(row["table"], row["row"], row["column"])
    assert (place.file, place.cell) == ("facts.csv", "E3")


def test_rulebook_may_name_an_indicator_by_its_name(tmp_path):
    _, (rulebook,) = load(tmp_path)
    assert [leaf.indicator for _, leaf in rulebook.leaves()] == ["revenue", "cost"]


def test_chinese_headers_and_words_read_the_same_as_english_ones(tmp_path):
    chinese = {
        "units.csv": "单位代码,单位名称,简称,类型,上级单位,机构序,赛道\n"
        "g,示例集团,集团,集团,,0,\na,示例一公司,一公司,企业,示例集团,1,甲组\n"
        "b,示例二公司,二公司,国企,集团,2,甲组\nc,示例三部,三部,部门,g,3,乙组\n",
        "indicators.csv": "代码,名称,类别,计量单位,小数位,方向,数据性质\n"
        "revenue,营业收入,经营,万元,0,越大越好,累计数\ncost,成本率,经营,%,2,逆向,时点数\n",
        "facts.csv": FILES["facts.csv"]
        .replace("unit,indicator,period,source,value", "单位,指标,期间,数据来源,数值")
        .replace("confirmed", "核定数")
        .replace("a,revenue,2026-01", "一公司,营业收入,2026年1月"),
    }
    (tmp_path / "zh").mkdir()
    (tmp_path / "en").mkdir()
    (first, _), (second, _) = load(tmp_path / "zh", chinese), load(tmp_path / "en")
    assert first.problems == []
    assert first.campaign.units == second.campaign.units
    assert first.campaign.indicators == second.campaign.indicators
    assert plain(first.facts) == plain(second.facts)


def test_wide_table_reads_the_same_as_a_long_one(tmp_path):
    wide = """\
unit,indicator,source,1月,2026-02
a,revenue,confirmed,90,210
b,revenue,confirmed,50,95
c,revenue,confirmed,,60
a,cost,confirmed,,4.61
b,cost,confirmed,,4.4
c,cost,confirmed,,4.5
"""
    (tmp_path / "w").mkdir()
    (tmp_path / "l").mkdir()
    tables, _ = load(tmp_path / "w", {"facts.csv": wide})
    assert tables.problems == []
    assert plain(tables.facts) == plain(load(tmp_path / "l")[0].facts)
    blank = tables.facts.filter(pl.col("missing") == "not-reported").row(0, named=True)
    assert tables.place(blank["table"], blank["row"], blank["column"]).cell == "D4"


def test_parquet_reads_the_same_as_csv(tmp_path):
    (tmp_path / "p").mkdir()
    (tmp_path / "c").mkdir()
    folder = write_files(tmp_path / "p", {"facts.csv": None, "targets.csv": None})
    for table in ("facts", "targets"):
        pl.read_csv(FILES[f"{table}.csv"].encode()).with_columns(
            pl.col("period").cast(pl.String)
        ).write_parquet(folder / f"{table}.parquet")
    first, second = load_campaign(folder)[0], load(tmp_path / "c")[0]
    assert first.problems == []
    assert plain(first.facts) == plain(second.facts)
    assert plain(first.targets) == plain(second.targets)


def test_facts_may_come_in_several_files(tmp_path):
    lines = FILES["facts.csv"].splitlines(keepends=True)
    parts = {"facts.csv": None, "facts/a.csv": "".join(lines[:4])}
    frame = pl.read_csv("".join([lines[0], *lines[4:]]).encode())
    write_files(tmp_path, parts)
    frame.write_parquet(tmp_path / "facts" / "b.parquet")
    tables, _ = load_campaign(tmp_path)
    assert tables.facts.height == 8
    assert set(tables.facts["table"]) == {"facts/a.csv", "facts/b.parquet"}


@pytest.mark.parametrize(
    ("cell", "value", "missing"),
    [
        ("1234", 1234.0, ""),
        ('"1,234.5"', 1234.5, ""),
        ("１２３４", 1234.0, ""),
        ("0", 0.0, ""),
        ("", None, "not-reported"),
        ("未报", None, "not-reported"),
        ("—", None, "not-applicable"),
        ("/", None, "not-applicable"),
        ("…", None, "below-unit"),
        ("不详", None, "unknown"),
        ("不计", None, "excluded"),
    ],
)
def test_marks_of_missing_and_numbers_as_offices_write_them(tmp_path, cell, value, missing):
    tables, _ = load(
        tmp_path, replaced("facts.csv", "2026-01,confirmed,90", f"2026-01,confirmed,{cell}")
    )
    row = tables.facts.row(0, named=True)
    assert (row["value"], row["missing"]) == (value, missing)
    assert tables.problems == []


def test_percent_sign_is_read_where_the_measure_is_percent_and_named_elsewhere(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    good, _ = load(tmp_path / "1", replaced("facts.csv", "4.61", "4.61%"))
    assert good.facts["value"][5] == 4.61
    assert good.problems == []
    bad = found(tmp_path / "2", replaced("facts.csv", ",210", ",210%"))
    assert where(bad)["number-expected"] == "facts.csv E3"


def test_qualitative_goal_and_its_grade_are_words(tmp_path):
    changes = {
        "indicators.csv": FILES["indicators.csv"]
        .replace("nature\n", "nature,qualitative\n")
        .replace("date\n", "date,\n")
        .replace("time\n", "time,\n")
        + "party,党建创建,党建,,,,,yes\n",
        "targets.csv": FILES["targets.csv"]
        .replace("stretch\n", "stretch,goal\n")
        .replace(",\n", ",,\n")
        .replace("1300\n", "1300,\n")
        .replace("4.2\n", "4.2,\n")
        + "a,party,2026,,,建成示范支部\n",
        "facts.csv": FILES["facts.csv"] + "a,party,2026-02,confirmed,优秀\n",
    }
    tables, _ = load(tmp_path, changes)
    assert tables.problems == []
    assert tables.targets["goal"].to_list()[-1] == "建成示范支部"
    last = tables.facts.row(-1, named=True)
    assert (last["grade"], last["value"], last["missing"]) == ("优秀", None, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_that_offices_send(tmp_path, encoding):
    tables, _ = load(tmp_path, {"units.csv": FILES["units.csv"].encode(encoding)})
    assert tables.problems == []
    assert tables.campaign.units[1].name == "示例一公司"


def test_definitions_assignments_events_and_ranks_are_read(tmp_path):
    tables, _ = load(
        tmp_path,
        {
            "definitions.csv": "indicator,effective,text\n营业收入,2026-04,新口径\n营业收入,2026-01,老口径\n",
            "assignments.csv": "indicator,unit,track,weight\nrevenue,,甲组,60\ncost,示例三部,,40\n",
            "events.csv": "kind,unit,name,on,basis\n加分,a,先进典型,2026/3/2,示例〔2026〕3号\n",
            "published.csv": "unit,period,rank\n示例一公司,2026年1月,2\n",
        },
    )
    assert tables.problems == []
    campaign = tables.campaign
    assert [d.text for d in campaign.indicators[0].definitions] == ["老口径", "新口径"]
    assert [(a.indicator, a.unit, a.track, a.weight) for a in campaign.assignments] == [
        ("revenue", "", "甲组", 60.0),
        ("cost", "c", "", 40.0),
    ]
    assert campaign.events[0].on == date(2026, 3, 2)
    assert (campaign.published[0].unit, campaign.published[0].period) == ("a", "2026-01")


# --- what is wrong, by cell ---------------------------------------------------------------------

WRONG: list[tuple[str, str, str, str, str]] = [
    ("facts.csv", "a,revenue,2026-02", "x,revenue,2026-02", "unit-unknown", "facts.csv A3"),
    ("facts.csv", "a,revenue,2026-02", ",revenue,2026-02", "cell-empty", "facts.csv A3"),
    ("facts.csv", "a,revenue,2026-02", "a,renevue,2026-02", "indicator-unknown", "facts.csv B3"),
    ("facts.csv", "a,revenue,2026-02", "a,revenue,2026-13", "unknown-period", "facts.csv C3"),
    ("facts.csv", "a,revenue,2026-02", "a,revenue,", "cell-empty", "facts.csv C3"),
    ("facts.csv", "confirmed,210", "预计数,210", "word-unknown", "facts.csv D3"),
    ("facts.csv", "confirmed,210", "confirmed,约210", "number-expected", "facts.csv E3"),
    ("facts.csv", "confirmed,210", "confirmed,nan", "number-expected", "facts.csv E3"),
    ("facts.csv", "a,revenue,2026-02", "a,revenue,2026-01", "figure-twice", "facts.csv E3"),
    ("facts.csv", "confirmed,210", "confirmed,2,10", "row-has-extra-cells", "facts.csv line 3"),
    ("targets.csv", "1200,1300", "many,1300", "number-expected", "targets.csv D2"),
    ("targets.csv", "b,revenue,2026,600", "a,revenue,2026,600", "figure-twice", "targets.csv D3"),
    ("units.csv", "b,示例二公司", "a,示例二公司", "code-twice", "units.csv A4"),
    ("units.csv", ",company,g,1", ",公私,g,1", "word-unknown", "units.csv D3"),
    ("units.csv", ",g,1,甲组", ",g,first,甲组", "whole-number-expected", "units.csv F3"),
    ("units.csv", "code,name", "code,title", "column-missing", "units.csv"),
    ("units.csv", "short-name", "nickname", "column-unknown", "units.csv C1"),
    ("units.csv", "g,示例集团,集团,group,,0,", "g,示例集团,集团,group,a,0,", "units-in-a-circle", "units.csv E2"),
    ("indicators.csv", "万元,0,more", "万元,0,up", "word-unknown", "indicators.csv F2"),
    ("campaign.yaml", "demo: true", "domo: true", "campaign-key-unknown", "campaign.yaml line 6"),
    ("campaign.yaml", "organisation: 示例集团\n", "", "campaign-key-missing", "campaign.yaml"),
    ("campaign.yaml", "kind: natural-year", "kind: year-long", "campaign-value-wrong", "campaign.yaml line 3"),
    ("rulebooks/scheme.yaml", "indicator: revenue", "indicator: renevue", "indicator-unknown", "scheme.yaml line 6"),
    ("rulebooks/scheme.yaml", "method: attainment, cap", "method: attainmint, cap", "rulebook-unknown-method", "scheme.yaml line 6"),
    ("rulebooks/scheme.yaml", "weight: 60", "weight: {甲组: 60, 丙组: 40}", "track-unknown", "scheme.yaml line 6"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "place"), WRONG)
def test_problem_is_found_at_its_place(tmp_path, file, old, new, code, place):
    problems = found(tmp_path, replaced(file, old, new))
    assert where(problems).get(code) == place


def test_unknown_name_comes_with_the_nearest_known_one(tmp_path):
    problems = found(tmp_path, replaced("facts.csv", "a,revenue,2026-02", "a,renevue,2026-02"))
    assert any("是不是“revenue”" in p.message() for p in problems)
    assert any("did you mean “revenue”" in p.message("en") for p in problems)


def test_figure_given_twice_names_both_cells_and_the_first_stands(tmp_path):
    tables, _ = load(tmp_path, replaced("facts.csv", "a,revenue,2026-02", "a,revenue,2026-01"))
    (problem,) = tables.problems
    assert problem.place.cell == "E3"
    assert "E2" in problem.message()
    assert tables.facts.filter(pl.col("unit") == "a")["value"].to_list() == [90.0, 4.61]


def test_value_and_kind_of_missing_together_are_named(tmp_path):
    facts = (
        "unit,indicator,period,value,missing\na,revenue,2026-01,5,不计\nb,revenue,2026-01,,不计\n"
    )
    tables, _ = load(tmp_path, {"facts.csv": facts})
    assert where(tables.problems) == {"value-and-missing": "facts.csv E2"}
    assert tables.facts["missing"].to_list() == ["excluded"]


def test_rulebook_that_scores_an_unknown_indicator_is_left_out(tmp_path):
    tables, rulebooks = load(
        tmp_path, replaced("rulebooks/scheme.yaml", "indicator: revenue", "indicator: renevue")
    )
    assert rulebooks == ()
    assert [p.code for p in tables.problems] == ["indicator-unknown"]


def test_assignment_to_an_unknown_unit_is_not_given_to_everybody(tmp_path):
    tables, _ = load(tmp_path, {"assignments.csv": "indicator,unit,weight\nrevenue,zz,60\n"})
    assert tables.campaign.assignments == ()
    assert where(tables.problems) == {"unit-unknown": "assignments.csv B2"}


def test_units_in_a_circle_lose_their_parents(tmp_path):
    changes = replaced("units.csv", "g,示例集团,集团,group,,0,", "g,示例集团,集团,group,a,0,")
    tables, _ = load(tmp_path, changes)
    assert {u.code: u.parent for u in tables.campaign.units} == {
        "g": "",
        "a": "",
        "b": "g",
        "c": "g",
    }


def test_misspelt_file_is_named_and_another_is_left_alone(tmp_path):
    changes = {
        "targets.csv": None,
        "target.csv": FILES["targets.csv"],
        "projects.csv": "a,b\n1,2\n",
    }
    tables, _ = load(tmp_path, changes)
    assert [(p.code, p.place.file) for p in tables.problems] == [("file-passed-over", "target.csv")]


def test_total_rows_and_notes_are_passed_over(tmp_path):
    facts = FILES["facts.csv"] + "合计,revenue,2026-02,confirmed,365\n注：本表为虚构,,,,\n,,,,\n"
    tables, _ = load(tmp_path, {"facts.csv": facts})
    assert [p.code for p in tables.problems] == ["total-rows-passed-over"]
    assert tables.problems[0].severity == "warning"
    assert tables.facts.height == 8


def test_thousands_of_the_same_problem_are_counted_not_listed(tmp_path):
    rows = "".join(f"x{n},revenue,2026-01,confirmed,1\n" for n in range(5000))
    tables, _ = load(tmp_path, {"facts.csv": FILES["facts.csv"] + rows})
    listed = [p for p in tables.problems if p.code == "unit-unknown"]
    assert len(listed) == campaign_problems.MOST_OF_A_KIND
    (rest,) = [p for p in tables.problems if p.code == "same-problem-elsewhere"]
    assert str(5000 - len(listed)) in rest.message()


def test_thousands_of_blank_names_are_counted_too(tmp_path):
    rows = ",revenue,2026-01,confirmed,1\n" * 3000
    tables, _ = load(tmp_path, {"facts.csv": FILES["facts.csv"] + rows})
    (rest,) = [p for p in tables.problems if p.code == "same-problem-elsewhere"]
    assert str(3000 - campaign_problems.MOST_OF_A_KIND) in rest.message()


def test_the_same_figure_given_thousands_of_times_is_counted(tmp_path):
    rows = "b,revenue,2026-01,confirmed,1\n" * 3000
    tables, _ = load(tmp_path, {"facts.csv": FILES["facts.csv"] + rows})
    assert len(tables.problems) <= campaign_problems.MOST_OF_A_KIND + 1
    assert str(3000 - campaign_problems.MOST_OF_A_KIND) in tables.problems[-1].message()


# --- as of --------------------------------------------------------------------------------------

RECORDED = """\
unit,indicator,period,value,recorded_at
a,revenue,2026-01,90,2026-02-05 10:00:00
a,revenue,2026-01,95,2026-03-05 10:00:00
a,revenue,2026-02,200,2026-03-05
b,revenue,2026-01,50,2026-02-06
"""


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (None, {("a", "2026-01"): 95.0, ("a", "2026-02"): 200.0, ("b", "2026-01"): 50.0}),
        (datetime(2026, 3, 1), {("a", "2026-01"): 90.0, ("b", "2026-01"): 50.0}),
        (datetime(2026, 2, 5, 12), {("a", "2026-01"): 90.0}),
        (datetime(2026, 1, 1), {}),
    ],
)
def test_last_recorded_figure_up_to_a_moment_stands(tmp_path, as_of, expected):
    tables, _ = load_campaign(write_files(tmp_path, {"facts.csv": RECORDED}), as_of=as_of)
    got = {(r["unit"], r["period"]): r["value"] for r in tables.facts.to_dicts()}
    assert got == expected
    assert tables.problems == []


def test_as_of_without_times_of_recording_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        load_campaign(write_files(tmp_path), as_of=datetime(2026, 3, 1))
    assert refusal.value.problem.code == "as-of-without-times"
    assert refusal.value.problem.place.file == "facts.csv"


# --- what cannot be read ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"campaign.yaml": None}, "campaign-not-found"),
        ({"campaign.yaml": "name: [unclosed"}, "document-unreadable"),
        ({"campaign.yaml": "a: &x 1\nb: *x\n"}, "document-feature"),
        ({"campaign.yaml": "name: 无时钟\n"}, "clock-missing"),
        ({"campaign.yaml": b"\xff\xfe\x00"}, "document-not-text"),
        ({"campaign.yaml": ""}, "clock-missing"),
    ],
)
def test_unreadable_settings_are_refused(tmp_path, changes, code):
    with pytest.raises(Refused) as refusal:
        load(tmp_path, changes)
    assert refusal.value.problem.code == code


def test_missing_path_is_refused(tmp_path):
    with pytest.raises(Refused, match="找不到"):
        load_campaign(tmp_path / "nothing")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02" * 5000,
        b"PK\x03\x04garbage",
        bytes(range(256)) * 100,
        b'"' + b"x" * 50_000,
    ],
    ids=["empty", "nulls", "zip", "bytes", "unclosed"],
)
@pytest.mark.parametrize("name", ["facts.csv", "units.csv", "facts.parquet"])
def test_garbage_tables_end_in_problems_not_in_tracebacks(tmp_path, content, name):
    changes = {"facts.csv": None, name: content}
    tables, _ = load(tmp_path, changes)
    assert tables.problems
    assert any(p.place.file == name for p in tables.problems)


def test_cell_of_a_megabyte_is_named_briefly(tmp_path):
    long = "长" * 1_000_000
    problems = found(tmp_path, replaced("facts.csv", "confirmed,210", f"confirmed,{long}"))
    assert where(problems)["number-expected"] == "facts.csv E3"
    assert max(len(p.text()) for p in problems) < 1000
    (tmp_path / "u").mkdir()
    problems = found(tmp_path / "u", replaced("units.csv", "示例三部", long))
    assert where(problems)["cell-too-long"] == "units.csv B5"


def test_csv_over_the_limit_is_named_and_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("saima.files.campaign.grids.MAX_CSV", 100)
    tables, _ = load(tmp_path)
    assert "table-too-large" in {p.code for p in tables.problems}


def test_large_parquet_folder_is_read_by_columns(tmp_path):
    """Two hundred thousand facts: every one placed, against a plain NumPy reading of the same."""
    units, months = [f"u{n:03d}" for n in range(200)], [f"2026-{m:02d}" for m in range(1, 13)]
    names = [f"i{n:02d}" for n in range(84)]
    grid = np.array(np.meshgrid(range(200), range(84), range(12), indexing="ij")).reshape(3, -1)
    values = np.arange(grid.shape[1], dtype=np.float64)
    folder = write_files(
        tmp_path,
        {
            "units.csv": "code,name,track\n" + "".join(f"{u},示例{u},甲组\n" for u in units),
            "indicators.csv": "code,name\n" + "".join(f"{i},指标{i}\n" for i in names),
            "targets.csv": None,
            "facts.csv": None,
            "rulebooks/scheme.yaml": None,
        },
    )
    pl.DataFrame(
        {
            "unit": np.array(units)[grid[0]],
            "indicator": np.array(names)[grid[1]],
            "period": np.array(months)[grid[2]],
            "value": values,
        }
    ).write_parquet(folder / "facts.parquet")
    facts = load_campaign(folder)[0].facts
    assert np.array_equal(facts["unit"].to_physical().to_numpy(), grid[0])
    assert np.array_equal(facts["indicator"].to_physical().to_numpy(), grid[1])
    assert np.array_equal(facts["value"].to_numpy(), values)
    assert facts["row"].to_list()[:3] == [2, 3, 4]
