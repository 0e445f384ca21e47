"""A campaign workbook: the sheets as offices keep them, and the same tables as from a folder."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path

import msgspec
import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saima.campaigns import Campaign
from saima.files.campaign import check_tables, load_campaign, save_campaign
from saima.problems import Problem, Refused
from saima.rules.reading import read_rulebook
from saima.tables import Tables
from tests.support.campaign_files import FILES, load, plain, where, write_files
from tests.support.campaign_workbooks import SHEETS, changed, write_book


def problems_of(path: Path) -> list[Problem]:
    tables, rulebooks = load_campaign(path)
    return [*tables.problems, *check_tables(tables, rulebooks)]


def unplaced(tables: Tables) -> Campaign:
    return msgspec.structs.replace(tables.campaign, places={})


def test_workbook_is_read_with_nothing_wrong(tmp_path):
    path = write_book(tmp_path / "台账.xlsx")
    tables, (rulebook,) = load_campaign(path)
    assert problems_of(path) == []
    assert tables.campaign.name == "示例集团赛马（虚构）"
    assert rulebook.name == "示例办法"
    assert [t.name for t in rulebook.tiers.order] == ["第一梯队", "第二梯队"]


def test_figure_and_plan_know_their_cells(tmp_path):
    tables, _ = load_campaign(write_book(tmp_path / "台账.xlsx"))
    fact = tables.facts.filter(value=210.0).row(0, named=True)
    place = tables.place(fact["table"], fact["row"], fact["column"])
    assert (place.file, place.sheet, place.cell) == ("台账.xlsx", "数据", "F2")
    plan = tables.targets.filter(period="2026-02").row(0, named=True)
    assert tables.place(plan["table"], plan["row"], plan["column"]).cell == "G2"
    year = tables.targets.filter(period="2026").row(0, named=True)
    assert (year["target"], year["stretch"]) == (1200, 1300)


def test_blank_cell_is_not_reported_at_its_cell_and_a_month_to_come_is_nothing(tmp_path):
    rows = [[*row, None] for row in SHEETS["数据"]]
    rows[0][-1] = "3月"
    tables, _ = load_campaign(write_book(tmp_path / "台账.xlsx", {"数据": rows}))
    blank = tables.facts.filter(missing="not-reported").to_dicts()
    assert [(r["unit"], r["row"], r["column"]) for r in blank] == [("b", 6, 4)]
    assert "2026-03" not in tables.facts["period"].cast(pl.String).to_list()


def test_simple_rulebook_is_the_same_document_as_yaml(tmp_path):
    _, (simple,) = load_campaign(write_book(tmp_path / "台账.xlsx"))
    text = """\
rulebook: scheme
name: 示例办法
rounding: {marks: 2}
tiers: {第一梯队: {top: 1}, 第二梯队: rest}
tree:
  - category: 经营
    indicators:
      - {indicator: revenue, weight: {甲组: 60, 乙组: 100}, method: attainment, cap: 120%, floor: 0, when-missing: zero, clause: 第三条}
      - {indicator: cost, weight: {甲组: 40, 乙组: 0}, method: rank-decay, of: actual, step: 10%, clause: 第四条}
events:
  - {kind: bonus, name: 先进典型, each: 1, at-most: 3}
  - {kind: veto, name: 安全事故, effect: grade, grade: 不合格}
grades: {优秀: ">= 95, at most 30%", 合格: ">= 60", 不合格: otherwise}
"""
    written, problems = read_rulebook(text, "")
    assert problems == []
    assert simple == written


def test_rulebook_may_stand_as_its_own_text(tmp_path):
    lines = [[line] for line in FILES["rulebooks/scheme.yaml"].splitlines()]
    sheets = {"办法": None, "办法指标": None, "办法事项": None, "办法等次": None, "办法原文": lines}
    _, (rulebook,) = load_campaign(write_book(tmp_path / "台账.xlsx", sheets))
    assert rulebook.name == "示例办法"
    lines[5][0] = lines[5][0].replace("attainment", "atainment")
    problems = problems_of(write_book(tmp_path / "错.xlsx", sheets))
    assert where(problems)["rulebook-unknown-method"] == "办法原文 A6"


# --- the shapes that offices send ---------------------------------------------------------------


def test_title_rows_above_the_header_are_passed_over(tmp_path):
    rows = [["2026年数据台账"], ["单位：万元"], *SHEETS["数据"], [], ["注：数据为虚构"]]
    tables, _ = load_campaign(write_book(tmp_path / "台账.xlsx", {"数据": rows}))
    assert tables.problems == []
    assert tables.facts.filter(value=210.0)["row"].to_list() == [4]


def test_merged_unit_cells_are_filled_in(tmp_path):
    path = write_book(tmp_path / "台账.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["数据"]
    sheet.delete_rows(3, 5)
    sheet["A3"], sheet["B3"], sheet["D3"], sheet["F3"] = None, "成本率", "核定数", 4.61
    sheet.merge_cells("A2:A3")
    book.save(path)
    tables, _ = load_campaign(path)
    assert tables.problems == []
    assert tables.facts.filter(indicator="cost", value=4.61)["unit"].to_list() == ["a"]


def test_large_table_may_stand_on_several_sheets(tmp_path):
    head, *rows = SHEETS["数据"]
    sheets = {"数据": None, "数据（一）": [head, *rows[:3]], "数据（二）": [head, *rows[3:]]}
    tables, _ = load_campaign(write_book(tmp_path / "a.xlsx", sheets))
    whole, _ = load_campaign(write_book(tmp_path / "b.xlsx"))
    assert tables.problems == []
    assert plain(tables.facts) == plain(whole.facts)


def test_months_that_the_spreadsheet_turned_into_dates_are_months(tmp_path):
    edits = {("数据", "E1"): date(2026, 1, 1), ("数据", "F1"): date(2026, 2, 1)}
    tables, _ = load_campaign(changed(tmp_path / "台账.xlsx", edits))
    assert tables.problems == []
    assert set(tables.facts["period"].cast(pl.String)) == {"2026-01", "2026-02"}


def test_long_form_with_times_of_recording_is_read(tmp_path):
    rows = [
        ["单位", "指标", "期间", "数值", "录入时间"],
        ["一公司", "营业收入", "2026年1月", 90, "2026-02-05"],
        ["一公司", "营业收入", "2026年1月", 95, "2026-03-05"],
    ]
    tables, _ = load_campaign(write_book(tmp_path / "台账.xlsx", {"数据": rows}))
    assert tables.facts["value"].to_list() == [95.0]
    assert tables.facts["source"].to_list() == ["confirmed"]


def test_number_shown_as_percent_is_read_as_shown(tmp_path):
    path = changed(tmp_path / "台账.xlsx", {("数据", "F5"): 0.0461, ("数据", "F3"): 0.95})
    book = openpyxl.load_workbook(path)
    book["数据"]["F5"].number_format = book["数据"]["F3"].number_format = "0.00%"
    book.save(path)
    tables, _ = load_campaign(path)
    assert tables.facts.filter(row=5, period="2026-02")["value"].to_list() == [4.61]
    assert where(tables.problems) == {"percent-unexpected": "数据 F3"}


def test_opening_balance_last_year_and_ten_days_are_periods(tmp_path):
    rows = [
        ["单位", "指标", "期初", "2025年9月", "9月上旬", "三季度", "1—9月", "D5"],
        ["一公司", "营业收入", 1, 2, 3, 4, 5, 6],
    ]
    tables, _ = load_campaign(write_book(tmp_path / "台账.xlsx", {"数据": rows}))
    assert tables.problems == []
    periods = tables.facts.sort("value")["period"].cast(pl.String).to_list()
    assert periods == [
        "2025-12-31",
        "2025-09",
        "2026-09-T1",
        "2026-Q3",
        "2026-01..2026-09",
        "2026-01-05",
    ]


def test_hundred_days_have_an_end(tmp_path):
    settings_rows = [["活动名称", "百日"], ["主办单位", "示例"], ["计时方式", "按天数"],
                     ["开始日期", date(2026, 9, 22)], ["天数", 100]]  # fmt: skip
    tables, _ = load_campaign(write_book(tmp_path / "台账.xlsx", {"活动": settings_rows}))
    assert tables.campaign.clock.end == date(2026, 12, 30)
    assert tables.campaign.clock.days == 100


# --- what is wrong, by cell ---------------------------------------------------------------------

EDITS: list[tuple[tuple[str, str], object, str, str]] = [
    (("活动", "B4"), "某年", "campaign-value-wrong", "活动 B4"),
    (("活动", "A6"), "采用数剧", "campaign-key-unknown", "活动 B6"),
    (("单位", "D2"), "企页", "word-unknown", "单位 D2"),
    (("单位", "A3"), "a", "code-twice", "单位 A3"),
    (("单位", "E2"), "某集团", "parent-unknown", "单位 E2"),
    (("指标", "E2"), 1.5, "whole-number-expected", "指标 E2"),
    (("目标", "D2"), "力争1200", "number-expected", "目标 D2"),
    (("目标", "E2"), 1100, "stretch-below-target", "目标 D2"),
    (("目标", "A4"), "四部", "unit-unknown", "目标 A4"),
    (("数据", "B3"), "营收", "indicator-unknown", "数据 B3"),
    (("数据", "C2"), "亿元", "measure-differs", "数据 C2"),
    (("数据", "D2"), "快报数", "word-unknown", "数据 D2"),
    (("数据", "E2"), "#DIV/0!", "number-expected", "数据 E2"),
    (("数据", "F2"), "完成", "number-expected", "数据 F2"),
    (("数据", "F2"), "=E2*2", "formula-without-value", "数据 F2"),
    (("数据", "A3"), "一公司", "figure-twice", "数据 E3"),
    (("数据", "G1"), "13月", "column-unknown", "数据 G1"),
    (("办法指标", "B2"), "营收", "indicator-unknown", "办法指标 B2"),
    (("办法指标", "D2"), "完成率", "rulebook-unknown-method", "办法指标 D2"),
    (("办法指标", "E2"), "顶: 1", "rulebook-unknown-key", "办法指标 E2"),
    (("办法指标", "E3"), "按: 完成数, 递减: 300%", "rulebook-wrong-value", "办法指标 E3"),
    (("办法指标", "C2"), "六十", "rulebook-wrong-value", "办法指标 C2"),
    (("办法", "B5"), "第一梯队: {tops: 1}", "rulebook-unknown-key", "办法 B5"),
    (("办法", "A4"), "小数", "campaign-key-unknown", "办法 B4"),
    (("办法事项", "E3"), "批评", "word-unknown", "办法事项 E3"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "code", "place"), EDITS)
def test_problem_is_found_at_its_cell(tmp_path, cell, value, code, place):
    problems = problems_of(changed(tmp_path / "台账.xlsx", {cell: value}))
    assert where(problems).get(code) == place


def test_error_value_of_a_formula_is_no_number(tmp_path):
    path = changed(tmp_path / "台账.xlsx", {("数据", "E2"): "#DIV/0!"})
    book = openpyxl.load_workbook(path)
    book["数据"]["E2"].data_type = "e"
    book.save(path)
    assert where(problems_of(path))["number-expected"] == "数据 E2"


def test_hidden_rows_are_read_and_said(tmp_path):
    path = write_book(tmp_path / "台账.xlsx")
    book = openpyxl.load_workbook(path)
    book["数据"].row_dimensions[3].hidden = True
    book.save(path)
    tables, _ = load_campaign(path)
    assert [p.code for p in tables.problems] == ["hidden-cells-read"]
    assert tables.facts.filter(unit="b").height == 4


def test_misspelt_sheet_is_named_with_the_name_meant(tmp_path):
    sheets = {"数据": None, "数据表": SHEETS["数据"], "会议记录": [["随便"]]}
    problems = problems_of(write_book(tmp_path / "台账.xlsx", sheets))
    passed = [p for p in problems if p.code == "sheet-passed-over"]
    assert [(p.place.sheet, "数据" in p.message()) for p in passed] == [("数据表", True)]
    assert "table-missing" in {p.code for p in problems}


def test_sheet_without_a_header_is_named(tmp_path):
    problems = problems_of(write_book(tmp_path / "台账.xlsx", {"数据": [["一公司", 90, 210]]}))
    assert where(problems)["header-missing"] == "数据"


def test_workbook_that_is_no_campaign_is_refused(tmp_path):
    with pytest.raises(Refused) as refusal:
        load_campaign(write_book(tmp_path / "别的.xlsx", {"活动": None}))
    assert refusal.value.problem.code == "sheet-missing"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00" * 4000, b"hello"])
def test_file_that_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refused):
        load_campaign(path)


# --- the same tables from both ------------------------------------------------------------------


def test_folder_and_workbook_give_the_same_tables(tmp_path):
    (tmp_path / "f").mkdir()
    tables, rulebooks = load(tmp_path / "f")
    save_campaign(tables, rulebooks, tmp_path / "台账.xlsx")
    again, same = load_campaign(tmp_path / "台账.xlsx")
    assert again.problems == []
    assert unplaced(again) == unplaced(tables)
    assert plain(again.facts) == plain(tables.facts)
    assert plain(again.targets) == plain(tables.targets)
    assert [r.digest for r in same] == [r.digest for r in rulebooks]


@pytest.mark.parametrize("parquet", [False, True])
def test_workbook_and_folder_give_the_same_tables(tmp_path, parquet):
    tables, rulebooks = load_campaign(write_book(tmp_path / "台账.xlsx"))
    save_campaign(tables, rulebooks, tmp_path / "f", parquet=parquet)
    again, same = load_campaign(tmp_path / "f")
    assert again.problems == []
    assert unplaced(again) == unplaced(tables)
    assert plain(again.facts) == plain(tables.facts)
    assert plain(again.targets) == plain(tables.targets)
    assert same == rulebooks


def test_goals_in_words_by_month_survive_as_well(tmp_path):
    (tmp_path / "f").mkdir()
    tables, _ = load(
        tmp_path / "f",
        {
            "indicators.csv": "code,name,qualitative\nrevenue,营业收入,\ncost,成本率,\nparty,党建创建,是\n",
            "targets.csv": "unit,indicator,全年目标,文字目标,1月,2月\n"
            "a,party,,建成示范支部,主题党日,志愿服务\na,revenue,1200,,100,\n",
            "facts.csv": "unit,indicator,1月,2月\na,party,优秀,\na,revenue,90,210\n",
        },
    )
    assert tables.problems == []
    save_campaign(tables, (), tmp_path / "台账.xlsx")
    again, _ = load_campaign(tmp_path / "台账.xlsx")
    assert plain(again.targets) == plain(tables.targets)
    assert plain(again.facts) == plain(tables.facts)
    goals = {r["period"]: r["goal"] for r in plain(again.targets) if r["goal"]}
    assert goals == {"2026": "建成示范支部", "2026-01": "主题党日", "2026-02": "志愿服务"}
    assert set(tables.facts["grade"].cast(pl.String)) == {"优秀", ""}


def test_figure_with_a_value_and_a_grade_keeps_both(tmp_path):
    (tmp_path / "f").mkdir()
    facts = (
        "unit,indicator,period,value,grade,recorded-at\na,revenue,2026-01,88.5,良,2026-02-01\n"
        "b,revenue,2026-01,,优,\nc,revenue,2026-01,—,,\n"
    )
    tables, _ = load(tmp_path / "f", {"facts.csv": facts})
    save_campaign(tables, (), tmp_path / "台账.xlsx")
    again, _ = load_campaign(tmp_path / "台账.xlsx")
    assert plain(again.facts) == plain(tables.facts)
    assert [(r["value"], r["grade"], r["missing"]) for r in plain(again.facts)] == [
        (88.5, "良", ""),
        (None, "优", ""),
        (None, "", "not-applicable"),
    ]


# spreadsheets keep fifteen digits
FIGURES = st.dictionaries(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from(["revenue", "cost"]),
        st.sampled_from(["2025-12", "2026-01", "2026-T", "2026-Q1", "2026-W07", "D0"]),
        st.sampled_from(["reported", "confirmed", "official"]),
    ),
    st.one_of(
        st.integers(-(10**14), 10**14).map(lambda n: repr(n / 10**4)),
        st.sampled_from(["—", "…", "不详", "不计", "0"]),
    ),
    min_size=1,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(figures=FIGURES)
def test_any_figures_survive_the_way_through_a_workbook_and_back(tmp_path, figures):
    folder = tmp_path / "any"
    shutil.rmtree(folder, ignore_errors=True)
    lines = [
        ",".join([*key, value]).replace("2026-T", "2026-03-T2") for key, value in figures.items()
    ]
    head = "unit,indicator,period,source,value"
    tables, _ = load_campaign(write_files(folder, {"facts.csv": "\n".join([head, *lines])}))
    assert tables.problems == []
    (folder / "x.xlsx").unlink(missing_ok=True)
    save_campaign(tables, (), folder / "x.xlsx")
    again, _ = load_campaign(folder / "x.xlsx")
    assert [p for p in again.problems if p.severity == "error"] == []
    assert plain(again.facts) == plain(tables.facts)


# --- hostile ------------------------------------------------------------------------------------


def timed(path: Path) -> tuple[float, list[Problem]]:
    start = time.process_time()
    problems = problems_of(path)
    return time.process_time() - start, problems


def test_thousands_of_unknown_columns_are_named_in_bounded_time(tmp_path):
    rows = [[*row, *(f"杂项{n}" for n in range(8000))] for row in SHEETS["数据"][:1]]
    spent, problems = timed(write_book(tmp_path / "宽.xlsx", {"数据": rows + SHEETS["数据"][1:]}))
    assert where(problems)["column-unknown"] == "数据 G1"
    assert spent < 10


def test_thousands_of_wrong_words_and_names_are_named_in_bounded_time(tmp_path):
    units = SHEETS["单位"] + [[f"z{n}", f"示例{n}", "", f"类{n}", f"上级{n}"] for n in range(5000)]
    facts = SHEETS["数据"] + [[f"谁{n}", "营收", "", f"源{n}", f"数{n}", 1] for n in range(5000)]
    spent, problems = timed(write_book(tmp_path / "乱.xlsx", {"单位": units, "数据": facts}))
    assert {"word-unknown", "unit-unknown", "parent-unknown"} <= {p.code for p in problems}
    assert len(problems) < 2500
    assert spent < 15


def test_cell_of_a_megabyte_does_not_flood_the_messages(tmp_path):
    long = "长" * 32_000  # a cell holds no more
    edits = {("数据", "E2"): long, ("单位", "B2"): long, ("活动", "B4"): long, ("数据", "A3"): long}
    spent, problems = timed(changed(tmp_path / "长.xlsx", edits))
    assert where(problems)["cell-too-long"] == "单位 B2"
    assert max(len(p.text()) for p in problems) < 1000
    assert spent < 10


def test_merged_cells_are_filled_up_to_a_bound(tmp_path, monkeypatch):
    path = write_book(tmp_path / "并.xlsx", {"数据": [*SHEETS["数据"], ["二公司", "成本率"]]})
    book = openpyxl.load_workbook(path)
    book["数据"].merge_cells("A2:A9000")
    book.save(path)
    assert "figure-twice" in where(problems_of(path))
    monkeypatch.setattr("saima.files.campaign.sheets._MOST_FILLED", 3)
    assert "cell-empty" in where(problems_of(path))
