"""Sheets as offices send them, written out by hand: what each cell is and what each figure means."""

from __future__ import annotations

import random
import time
from datetime import date

import pytest

from saima.files.opening import Sheet, Workbook
from saima.files.opening.facts import Facts
from saima.files.sheet.mapping import Mapping
from saima.files.sheet.model import Reading, Value
from saima.files.sheet.reading import read_table, read_workbook
from saima.files.sheet.words import is_blank
from saima.places import cell_position

Merged = tuple[str, ...]


def sheet(*rows: list[object], merged: Merged = (), facts: Facts | None = None) -> Sheet:
    """A sheet from rows (padded with blanks) and merged ranges such as A1:C1."""
    width = max(len(row) for row in rows)
    ranges = [tuple(cell_position(end) for end in text.split(":")) for text in merged]
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    return Sheet("数据", filled, merged=tuple(ranges), facts=facts or Facts())  # type: ignore[arg-type]


def read(*rows: list[object], merged: Merged = (), **options: object) -> Reading:
    return read_table(sheet(*rows, merged=merged), **options)  # type: ignore[arg-type]


def value(reading: Reading, cell: str) -> Value:
    [found] = [v for t in reading.tables for v in t.values if v.cell == cell]
    return found


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(p.code, p.place.cell) for p in reading.problems]


def paths(reading: Reading, table: int = 0) -> list[str]:
    return [column.name for column in reading.tables[table].columns]


# --- headers ------------------------------------------------------------------------------------


def test_three_row_header_that_switches_back_to_a_single_one():
    reading = read(
        ["单位", "经济指标", "", "", "", "排名", "备注"],
        ["", "固定资产投资", "", "财政收入", "", "", ""],
        ["", "目标", "完成", "目标", "完成", "", ""],
        ["甲区", 10.0, 5.0, 8.0, 4.0, 1.0, "正常"],
        ["乙区", 12.0, 5.5, 9.0, 4.2, 2.0, ""],
        merged=("A1:A3", "B1:E1", "B2:C2", "D2:E2", "F1:F3", "G1:G3"),
    )
    assert paths(reading) == [
        "单位",
        "经济指标/固定资产投资/目标",
        "经济指标/固定资产投资/完成",
        "经济指标/财政收入/目标",
        "经济指标/财政收入/完成",
        "排名",
        "备注",
    ]
    assert codes(reading) == []
    found = value(reading, "D4")
    assert (found.unit, found.indicator, found.field) == ("甲区", "经济指标/财政收入", "target")


def test_unmerged_groups_end_where_their_pattern_ends():
    reading = read(
        ["单位", "一季度", "", "二季度", "", ""],
        ["", "计划", "完成", "计划", "完成", "排名"],
        ["甲区", 1.0, 2.0, 3.0, 4.0, 1.0],
        ["乙区", 1.0, 2.0, 3.0, 4.0, 2.0],
    )
    assert paths(reading)[1:] == [
        "一季度/计划", "一季度/完成", "二季度/计划", "二季度/完成", "排名"
    ]  # fmt: skip
    assert [c for c, _ in codes(reading)].count("sheet-header-guessed") == 2


def test_merged_group_ends_at_its_range_although_the_next_column_has_a_text_below():
    reading = read(
        ["单位", "小微企业", "", ""],
        ["", "计划", "完成", "排名"],
        ["甲区", 1.0, 2.0, 1.0],
        merged=("A1:A2", "B1:C1"),
    )
    assert paths(reading) == ["单位", "小微企业/计划", "小微企业/完成", "排名"]
    assert codes(reading) == []


def test_group_whose_merge_is_missing_from_the_list_is_still_filled_and_told():
    reading = read(
        ["单位", "投资", "", "消费", ""],
        ["", "计划", "完成", "计划", "完成"],
        ["甲区", 1.0, 2.0, 3.0, 4.0],
        merged=("A1:A2", "B1:C1"),
    )
    assert paths(reading)[3:] == ["消费/计划", "消费/完成"]
    assert codes(reading) == [("sheet-header-guessed", "D1")]


def test_header_group_above_a_blank_corner_is_part_of_the_header():
    reading = read(
        ["", "2023年", "", "2024年", ""],
        ["地区", "产值", "增速(%)", "产值", "增速(%)"],
        ["甲区", 10.0, 5.0, 11.0, 6.0],
        merged=("B1:C1", "D1:E1"),
    )
    assert [(c.period, c.measure) for c in reading.tables[0].columns[1:]] == [
        ("2023", ""), ("2023", "%"), ("2024", ""), ("2024", "%")
    ]  # fmt: skip
    assert (value(reading, "E3").field, value(reading, "E3").indicator) == ("growth", "")
    assert value(reading, "D3").indicator == "产值"


def test_row_of_measures_and_row_of_column_numbers_belong_to_the_header():
    reading = read(
        ["序号", "单位", "投资额", "完成率"],
        ["", "", "（万元）", "（%）"],
        ["甲", "乙", 1.0, 2.0],
        [1.0, "甲区", 300.0, 97.5],
        [2.0, "乙区", 200.0, 88.0],
    )
    assert [row.index for row in reading.tables[0].rows] == [3, 4]
    assert (value(reading, "C4").measure, value(reading, "D4").measure) == ("万元", "%")
    assert reading.roles[2] == ["header"] * 4


def test_column_numbers_after_a_blank_row_and_english_names_belong_to_the_header():
    reading = read(
        ["地区", "产值", "增速（%）"],
        ["Region", "Output", "Growth"],
        ["", "", ""],
        ["甲", "1", "2"],
        ["甲区", 10.0, 5.0],
    )
    assert paths(reading) == ["地区", "产值", "增速（%）"]
    assert [row.labels for row in reading.tables[0].rows] == [("甲区",)]
    assert codes(reading) == []


def test_header_that_ends_in_a_colon_is_a_header():
    reading = read(["单位：", "完成："], ["甲区", 1.0])
    assert [c.field for c in reading.tables[0].columns] == ["unit", "actual"]


def test_year_headers_written_as_numbers_are_no_data():
    reading = read(["地区", 2022.0, 2023.0], ["甲区", 2021.0, 2024.0], ["乙区", 5.0, 6.0])
    assert [c.period for c in reading.tables[0].columns] == ["", "2022", "2023"]
    assert value(reading, "B2").number == 2021.0


def test_months_without_a_year_take_it_from_the_title_or_from_above():
    title = read(["2024年分月情况"], ["单位", "1-2月", "3月"], ["甲区", 1.0, 2.0])
    assert [c.period for c in title.tables[0].columns[1:]] == ["2024-B1", "2024-03"]
    above = read(
        ["单位", "2023年", "", "2024年", ""],
        ["", "11月", "12月", "1月", "2月"],
        ["甲区", 1.0, 2.0, 3.0, 4.0],
        merged=("A1:A2", "B1:C1", "D1:E1"),
    )
    assert [c.period for c in above.tables[0].columns[1:]] == [
        "2023-11", "2023-12", "2024-01", "2024-02"
    ]  # fmt: skip
    assert codes(above) == []


def test_months_without_any_year_are_told_once():
    reading = read(["单位", "1月", "2月"], ["甲区", 1.0, 2.0])
    assert codes(reading) == [("sheet-month-in-doubt", "B1")]


def test_24_feb_means_february_2024_as_text_and_as_the_date_it_was_turned_into():
    text = read(["单位", "24-Feb", "24-Mar"], ["甲区", 1.0, 2.0])
    assert [c.period for c in text.tables[0].columns[1:]] == ["2024-02", "2024-03"]
    assert codes(text) == []
    dates = read(["单位", date(2026, 2, 24), date(2026, 3, 24)], ["甲区", 1.0, 2.0])
    assert [c.period for c in dates.tables[0].columns[1:]] == ["2024-02", "2024-03"]
    assert [cell for _, cell in codes(dates)] == ["B1", "C1"]


# --- what stands around a table -------------------------------------------------------------------


def test_title_measure_notes_and_signatures_have_their_roles():
    reading = read(
        ["关于重点工作的进展情况", ""],
        ["填报单位：甲局", "单位：亿元"],
        ["单位", "累计完成"],
        ["甲区", 1.5],
        ["乙区", 2.5],
        ["合计", 4.0],
        ["注：1.数据为快报数。", ""],
        ["2.“…”表示数据不详。", ""],
        ["填表人：甲某", "审核人：乙某"],
    )
    assert [next(filter(None, row)) for row in reading.roles] == [
        "title", "measure", "header", "label", "label", "total", "note", "note", "note"
    ]  # fmt: skip
    table = reading.tables[0]
    assert (table.title, table.measures) == ("关于重点工作的进展情况", ("亿元",))
    assert value(reading, "B4").measure == "亿元"
    assert codes(reading) == []


def test_tables_below_one_another_are_read_apart_and_a_continued_one_keeps_what_was_said():
    reading = read(
        ["2023年分地区支出"],
        ["单位：亿元"],
        ["地区", "教育"],
        ["甲区", 1.0],
        ["乙区", 2.0],
        [""],
        ["续表"],
        ["地区", "科技"],
        ["甲区", 3.0],
        ["乙区", 4.0],
    )
    assert [t.title for t in reading.tables] == ["2023年分地区支出", "续表"]
    found = value(reading, "B9")
    assert (found.indicator, found.period, found.measure) == ("科技", "2023", "亿元")
    assert codes(reading) == []


def test_second_sheet_that_continues_the_first_keeps_its_measure():
    first = sheet(["2023年支出"], ["单位：亿元"], ["地区", "教育"], ["甲区", 1.0])
    second = sheet(["续表2"], ["地区", "科技"], ["甲区", 3.0])
    readings = read_workbook(Workbook("甲.xlsx", "xlsx", (first, second)))
    assert readings[1].tables[0].values[0].measure == "亿元"


def test_repeated_header_after_a_page_break_is_skipped_and_told():
    reading = read(["单位", "完成"], ["甲区", 1.0], ["单位", "完成"], ["乙区", 2.0], ["丙区", 3.0])
    assert [row.labels for row in reading.tables[0].rows] == [("甲区",), ("乙区",), ("丙区",)]
    assert codes(reading) == [("sheet-repeated-header", "A3")]


def test_sheet_without_header_is_unread_with_a_reason_and_not_lost():
    reading = read(["甲区", 1.0, 2.0], ["乙区", 3.0, 4.0])
    assert reading.tables == ()
    assert set(reading.unread.values()) == {"no-header"}
    assert len(reading.unread) == 6
    assert codes(reading) == [("sheet-without-header", "A1")]


def test_empty_sheet_and_sheet_of_notes_are_no_trouble():
    assert read_table(Sheet("空", [])).tables == ()
    assert codes(read(["填报说明"], ["一、按月填报。"], ["二、每月5日前报送。"])) == []


def test_every_cell_that_is_not_blank_has_a_role():
    reading = read(
        ["标题", "", "", "附件1"],
        ["单位", "完成", "", ""],
        ["甲区", 1.0, "", ""],
        ["", "", "", "请核"],
        ["乙区", "x", 2.0, ""],
    )
    for row, roles in zip(reading_cells(reading), reading.roles, strict=True):
        assert [bool(v) for v in row] == [bool(r) for r in roles]
    assert set(reading.unread) == {(3, 3), (4, 1), (4, 2)}


ANYTHING: list[object] = [
    "", "", "", "单位", "单位：万元", "甲区", "合计", "小计", "一、经济", "注：数据", "2024年", "1月",
    3.5, 2024.0, 12.0, "1.5亿", "—", "…", "12%", "≥95", "续表", "完成", "完成率(%)", True,
    date(2024, 2, 24), "#DIV/0!", "指标", "序号", "甲", "乙", 1.0, 2.0, "(万元)", "Region", "备注",
    "填表人：甲", "\u200b", " ", "很长的一段说明文字" * 5, "无", "其中：甲",
]  # fmt: skip


def test_whatever_stands_in_a_sheet_it_is_read_or_left_with_a_reason():
    rng = random.Random(5)
    for _ in range(1500):
        height, width = rng.randint(1, 12), rng.randint(1, 8)
        rows = [[rng.choice(ANYTHING) for _ in range(width)] for _ in range(height)]
        corners = [(rng.randrange(height), rng.randrange(width)) for _ in range(rng.randint(0, 3))]
        merged = tuple(((r, c), (r + rng.randint(0, 3), c + rng.randint(0, 3))) for r, c in corners)
        reading = read_table(Sheet("数据", rows, merged=merged))
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                role = reading.roles[r][c]
                assert bool(role) != is_blank(cell), (rows, r, c)
                assert (role == "unread") == ((r, c) in reading.unread), (rows, r, c)
        assert all(p.text("zh") and p.text("en") for p in reading.problems)


@pytest.mark.parametrize(
    "row",
    [
        ["合计", 1.0],
        ["说明", ""],
        ["单位", "完成"],
        ["续表", ""],
        ["注：", ""],
        ["一、", ""],
        ["", "甲"],
    ],
)
def test_many_rows_of_one_odd_kind_take_no_more_than_their_share_of_time(row):
    start = time.process_time()
    rows = [["单位", "完成"], ["甲区", 1.0], *[list(row) for _ in range(20_000)], ["乙区", 1.0]]
    ranges = [((1, 0), (20_000, 1))] * 500
    read_table(Sheet("数据", rows, merged=tuple(ranges)))  # type: ignore[arg-type]
    assert time.process_time() - start < 20


def reading_cells(reading: Reading) -> list[list[object]]:
    return [["标题", "", "", "附件1"], ["单位", "完成", "", ""], ["甲区", 1.0, "", ""],
            ["", "", "", "请核"], ["乙区", "x", 2.0, ""]][: len(reading.roles)]  # fmt: skip


# --- rows ---------------------------------------------------------------------------------------


def test_group_column_is_filled_down_with_and_without_merged_cells():
    rows: list[list[object]] = [
        ["片区", "单位", "完成"],
        ["东部", "甲区", 1.0],
        ["", "乙区", 2.0],
        ["", "小计", 3.0],
        ["西部", "丙区", 4.0],
        ["", "小计", 4.0],
        ["合计", "", 7.0],
    ]
    for merged in (("A2:A4", "A5:A6", "A7:B7"), ()):
        reading = read(*rows, merged=merged)
        table = reading.tables[0]
        assert [(r.labels[0], r.kind) for r in table.rows][:2] == [("东部", "item")] * 2
        assert [r.kind for r in table.rows] == [
            "item", "item", "subtotal", "item", "subtotal", "total"
        ]  # fmt: skip
        assert codes(reading) == []


def test_wrong_subtotal_is_told_with_the_sum_of_its_own_group():
    reading = read(
        ["片区", "单位", "完成"],
        ["东部", "甲区", 1.0],
        ["", "乙区", 2.0],
        ["", "小计", 5.0],
        ["西部", "丙区", 4.0],
        ["合计", "", 7.0],
    )
    [problem] = reading.problems
    assert (problem.code, problem.place.cell) == ("sheet-total-differs", "C4")
    assert (problem.values["sum"], problem.values["gap"]) == ("3", "2")


def test_total_may_differ_by_what_rounding_comes_to_and_no_more():
    rows: list[list[object]] = [["单位", "完成"], ["甲区", 1.4], ["乙区", 1.4], ["丙区", 1.4]]
    assert codes(read(*rows, ["合计", 4.4])) == []
    assert codes(read(*rows, ["合计", 4.5])) == [("sheet-total-differs", "B5")]


def test_total_that_says_how_many_it_adds_up_is_a_total():
    reading = read(["单位", "产值"], ["合计（2个）", 10.0], ["甲区", 4.0], ["乙区", 6.0])
    assert [row.kind for row in reading.tables[0].rows] == ["total", "item", "item"]
    assert codes(reading) == []


def test_total_of_shares_and_ranks_is_not_added_up():
    reading = read(
        ["单位", "完成率(%)", "排名", "得分"],
        ["甲区", 97.0, 1.0, 90.0],
        ["乙区", 88.0, 2.0, 80.0],
        ["全市平均", 92.5, "", 85.0],
        ["合计", 90.0, "", 50.0],
    )
    assert codes(reading) == []


def test_section_lines_and_of_which_lines_are_no_rows_of_their_own_kind():
    reading = read(
        ["指标", "计量单位", "完成"],
        ["一、经济发展", "", ""],
        ["工业投资", "亿元", 3.0],
        ["其中：技改投资", "亿元", 1.0],
        ["二、民生", "", ""],
        ["新增就业", "人", 200.0],
    )
    rows = reading.tables[0].rows
    assert [(r.section, r.kind) for r in rows] == [
        ("一、经济发展", "item"), ("一、经济发展", "of-which"), ("二、民生", "item")
    ]  # fmt: skip
    assert value(reading, "C6").measure == "人"
    assert codes(reading) == []


def test_rows_that_speak_of_years_are_periods():
    reading = read(["年份", "产值(亿元)"], [2022.0, 5.0], [2023.0, 6.0])
    found = value(reading, "B3")
    assert (found.period, found.number, found.measure) == ("2023", 6.0, "亿元")


def test_one_indicator_for_all_units_and_all_indicators_of_one_unit_mean_the_same():
    by_column = read(["2024年工业投资（亿元）"], ["单位", "1月", "2月"], ["甲区", 1.0, 2.0])
    by_unit = read(
        ["地区：甲区"], ["指标", "2024年1月", "2024年2月"], ["工业投资（亿元）", 1.0, 2.0]
    )
    one, other = value(by_column, "C3"), value(by_unit, "C3")
    assert (one.unit, one.period, one.number) == (other.unit, other.period, other.number)
    assert (one.indicator, one.measure) == (other.indicator, other.measure) == ("工业投资", "亿元")


def test_units_across_the_columns_are_units():
    reading = read(
        ["指标", "计量单位", "甲区", "", "乙区", ""],
        ["", "", "目标", "完成", "目标", "完成"],
        ["工业投资", "亿元", 10.0, 8.0, 20.0, 18.0],
        merged=("A1:A2", "B1:B2", "C1:D1", "E1:F1"),
    )
    found = value(reading, "F3")
    assert (found.unit, found.indicator, found.field) == ("乙区", "工业投资", "actual")
    assert found.measure == "亿元"


def test_figures_beside_known_fields_are_no_units():
    reading = read(["项目", "实际", "预算"], ["营收", 50.0, 100.0])
    assert [v.unit for v in reading.tables[0].values] == ["", ""]


def test_title_names_the_indicator_where_all_columns_are_months():
    reading = read(
        ["2024年分地区工业投资完成情况表（亿元）"], ["地区", "1月", "2月"], ["甲区", 1.0, 2.0]
    )
    found = value(reading, "C3")
    assert (found.unit, found.indicator, found.period) == ("甲区", "工业投资", "2024-02")
    assert found.measure == "亿元"


def test_tables_side_by_side_are_read_as_two():
    reading = read(
        ["单位", "完成", "", "单位", "完成"],
        ["甲区", 1.0, "", "丙区", 3.0],
        ["乙区", 2.0, "", "", ""],
    )
    units = [[v.unit for v in table.values] for table in reading.tables]
    assert units == [["甲区", "乙区"], ["丙区"]]
    assert codes(reading) == []
    assert reading.unread == {}


def test_weight_merged_over_its_group_belongs_to_the_group():
    reading = read(
        ["一级指标", "权重", "二级指标", "分值"],
        ["经济", 60.0, "投资", 30.0],
        ["", "", "消费", 30.0],
        ["民生", 40.0, "就业", 40.0],
        merged=("A2:A3", "B2:B3"),
    )
    assert codes(reading) == []
    assert [row.labels for row in reading.tables[0].rows] == [
        ("经济", "投资"), ("经济", "消费"), ("民生", "就业")
    ]  # fmt: skip
    assert [v.cell for v in reading.tables[0].values] == ["B2", "D2", "D3", "B4", "D4"]


def test_ranks_marks_and_movements_do_not_take_the_measure_of_the_sheet():
    reading = read(
        ["单位：万元"],
        ["单位", "完成", "得分", "排名", "位次变化"],
        ["甲区", 5.0, 95.0, 1.0, "↑2"],
        ["乙区", 4.0, 90.0, 2.0, "▲1"],
        ["丙区", 3.0, 80.0, 3.0, "持平"],
        ["丁区", 2.0, 70.0, 4.0, "↓3"],
    )
    assert [v.measure for v in reading.tables[0].rows[0].values] == ["万元", "分", "", ""]
    assert [row.values[-1].number for row in reading.tables[0].rows] == [2.0, 1.0, 0.0, -3.0]
    assert codes(reading) == []


def test_task_list_without_figures_keeps_its_texts():
    reading = read(
        ["重点任务清单"],
        ["序号", "工作任务", "牵头单位", "完成时限", "进展情况"],
        [1.0, "建成标准厂房", "甲局", "9月底前", "已完成"],
        [2.0, "开通公交线路", "乙局", "长期坚持", "正在推进"],
    )
    table = reading.tables[0]
    assert [c.kind for c in table.columns] == ["sequence", "label", "text", "text", "text"]
    assert [v.text for v in table.rows[1].values] == ["乙局", "长期坚持", "正在推进"]
    assert codes(reading) == []


# --- figures ------------------------------------------------------------------------------------


def test_column_in_another_measure_than_its_sheet_is_left_as_it_says():
    reading = read(
        ["单位：万元"],
        ["单位", "到位资金", "签约项目（个）", "占比"],
        ["甲区", "1.2亿", 3.0, "12%"],
        ["乙区", 800.0, 4.0, "8%"],
    )
    assert value(reading, "B3").number == 12000.0
    assert (value(reading, "C3").measure, value(reading, "D3").measure) == ("个", "%")
    assert ("sheet-measure-converted", "B3") in codes(reading)


def test_formula_without_result_is_told_and_one_with_a_result_is_a_number():
    grid = sheet(
        ["单位", "完成"], ["甲区", ""], ["乙区", 2.0],
        facts=Facts(uncomputed=frozenset({(1, 1)})),
    )  # fmt: skip
    reading = read_table(grid, file="表.xlsx")
    assert codes(reading) == [("sheet-formula-without-value", "B2")]
    assert reading.problems[0].place.file == "表.xlsx"
    assert reading.unread == {(1, 1): "no-result"}


def test_cells_shown_as_percentages_are_percentages():
    grid = sheet(
        ["单位", "完成率"], ["甲区", 0.972], ["乙区", 1.034],
        facts=Facts(percents=frozenset({(1, 1), (2, 1)})),
    )  # fmt: skip
    reading = read_table(grid)
    assert [v.number for v in reading.tables[0].values] == [97.2, 103.4]
    assert codes(reading) == []


def test_column_of_fractions_under_a_rate_is_told_once():
    rows: list[list[object]] = [["甲区", 0.95], ["乙区", 0.88], ["丙区", 1.02]]
    assert codes(read(["单位", "完成率"], *rows)) == [("sheet-percent-fractions", "B2")]
    assert codes(read(["单位", "增速(%)"], *rows)) == []


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("注：“—”表示数据不足本表最小单位数。", "below-unit"),
        ("注：空格表示该项统计指标数据不详", "not-reported"),
        ("说明：“—”表示该单位无此项工作，不适用。", "not-applicable"),
    ],
)
def test_notes_decide_what_a_mark_means(note, kind):
    reading = read(["单位", "完成"], ["甲区", "—"], ["乙区", 2.0], [note])
    expected = kind if "—" in note else "not-applicable"
    assert value(reading, "B2").missing == expected


def test_note_about_blank_cells_decides_what_they_mean():
    reading = read(["单位", "完成"], ["甲区", ""], ["乙区", 2.0], ["注：空格表示数据不详。"])
    assert value(reading, "B2").missing == "unknown"


# --- mapping ------------------------------------------------------------------------------------


def test_mapping_decides_before_the_usual_meaning_of_words():
    rows: list[list[object]] = [["单位", "完成", "盘子"], ["甲区", 1.0, 2.0]]
    usual = read(*rows)
    assert [c.field for c in usual.tables[0].columns] == ["unit", "actual", ""]
    assert usual.unmapped == ("盘子",)
    decided = read(*rows, mapping=Mapping({"盘 子": "target", "完成": "in_period"}))
    assert [c.field for c in decided.tables[0].columns] == ["unit", "in_period", "target"]
    assert decided.unmapped == ()
