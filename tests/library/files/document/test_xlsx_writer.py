"""The .xlsx writer: real numbers that equal the print, ready to filter and print, no formulas."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from saima.briefing.model import (
    NOT_REPORTED,
    Briefing,
    Chart,
    Column,
    Section,
    Series,
    Table,
    Tied,
    all_tables,
)
from saima.files.document.xlsx_writer import number_format, sheet_names, write_xlsx
from saima.problems import Refused
from tests.support.sample_briefing import printed, sample

FIRST_ROW = 4
TEXT_FORMATS = {'"↑"0;"↓"0;"持平"': "movement", '"并列"0': "tied"}


def written(tmp_path, source):
    write_xlsx(source, tmp_path / "表.xlsx")
    return openpyxl.load_workbook(tmp_path / "表.xlsx")


def of_tables(*tables):
    return Briefing("通报", "通报", date(2026, 3, 5), (Section("", tables),))


def shown(cell):
    """What Excel shows for a cell, for the formats that the writer uses."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    kind = TEXT_FORMATS.get(cell.number_format)
    if kind == "movement":
        return "持平" if not cell.value else f"{'↑' if cell.value > 0 else '↓'}{abs(cell.value)}"
    if kind == "tied":
        return f"并列{cell.value}"
    if cell.number_format == "0":
        return str(cell.value)
    decimals = len(cell.number_format.partition(".")[2])
    whole, _, fraction = str(cell.value).partition(".")
    assert len(fraction) <= decimals, "a number is stored longer than it is shown"
    return f"{int(whole):,}" + ("." + fraction.ljust(decimals, "0") if decimals else "")


def body(sheet, table):
    rows = sheet.iter_rows(FIRST_ROW, FIRST_ROW + len(table.rows) - 1, 1, len(table.columns))
    return [[shown(cell) for cell in row] for row in rows]


def test_every_cell_of_every_table_reads_back_as_the_briefing_says(tmp_path):
    book = written(tmp_path, sample())
    tables = all_tables(sample())
    assert len(book.sheetnames) == 1 + len(tables)
    for sheet, table in zip(book.worksheets[1:], tables, strict=True):
        gaps = sheet.title.startswith("三个赛道")  # a chart's missing value is an empty cell
        wanted = [["" if gaps and c == "未报" else c for c in row] for row in printed(table)]
        assert body(sheet, table) == wanted
        assert [c.value for c in sheet[3]] == [column.heading for column in table.columns]


def test_numbers_are_numbers_and_missing_values_are_words(tmp_path):
    sheet = written(tmp_path, sample())["服务保障类单位2026年9月排名"]
    assert [cell.data_type for cell in sheet[6]] == ["n", "s", "s", "s", "n", "n", "n"]
    assert (sheet["C6"].value, sheet["E6"].value) == ("未报", 86.92)


def test_same_briefing_gives_the_same_bytes(tmp_path):
    write_xlsx(sample(), tmp_path / "a.xlsx")
    write_xlsx(sample(), tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /c calc'!A0"])
def test_text_never_starts_a_formula(tmp_path, text):
    table = Table(text, (Column(text),), ((text,),), measure_line=text, notes=(text,))
    book = written(tmp_path, replace(of_tables(table), title=text, headline=text))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    cell = book.worksheets[1].cell(FIRST_ROW, 1)
    assert (cell.value, cell.quotePrefix) == (text, True)


def test_sheet_is_frozen_filtered_and_set_up_to_print(tmp_path):
    sheet = written(tmp_path, sample())["2026年1—9月投资完成进度表"]
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:O17"  # the total row stays out
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)


def test_title_measure_line_and_notes_stand_around_the_table(tmp_path):
    sheet = written(tmp_path, sample())["经营类单位2026年9月排名"]
    assert sheet["A1"].value == "经营类单位2026年9月排名"
    assert (sheet["A2"].value, sheet["G2"].value) == ("演示数据，均为虚构", "单位：万元、%、分")
    assert sheet["A9"].value == "注：按四舍五入到两位的得分排名，同分并列，下一名次顺延。"


def test_chart_is_drawn_beside_its_numbers(tmp_path):
    book = written(tmp_path, sample())
    assert [sheet.title for sheet in book if sheet._charts] == [
        "各单位9月得分",
        "三个赛道1—9月平均得分",
    ]


def test_missing_value_of_a_chart_is_a_gap_and_not_a_zero(tmp_path):
    chart = Chart("line", "走势", ("1月", "2月"), (Series("得分", (1.5, None)),), decimals=1)
    sheet = written(tmp_path, of_tables(chart)).worksheets[1]
    assert [sheet["B4"].value, sheet["B5"].value] == [1.5, None]
    assert sheet["A6"].value == "注：空白为未报。"


def test_stored_number_is_rounded_half_up_like_the_print(tmp_path):
    table = Table("表", (Column("值", "number", 2),), ((1.005,), (2.675,), (-0.125,), (1e-7,)))
    sheet = written(tmp_path, of_tables(table)).worksheets[1]
    assert [sheet.cell(row, 1).value for row in range(4, 8)] == [1.01, 2.68, -0.13, 0]


@pytest.mark.parametrize(
    ("cell", "column", "format_"),
    [
        (1.0, Column("值", "number", 0), "#,##0"),
        (1.0, Column("值", "percent", 2), "#,##0.00"),
        (3, Column("位次", "rank"), "0"),
        (Tied(3), Column("位次", "rank"), '"并列"0'),
    ],
)
def test_number_format_follows_the_column(cell, column, format_):
    assert number_format(cell, column) == format_


def test_sheet_names_are_short_allowed_and_different():
    long = "关于全市重点项目投资完成情况的通报附表（按单位和月份列示的明细）"
    names = sheet_names([long, long, "A/B:C?", "a b c ", "'引号'", "[]", ""])
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert len({name.lower() for name in names}) == len(names)


def test_table_without_rows_is_written(tmp_path):
    table = Table("空表", (Column("单位"), Column("得分", "number")), ())
    assert written(tmp_path, of_tables(table))["空表"]["A3"].value == "单位"


def test_contents_name_every_sheet_and_link_to_it(tmp_path):
    sheet = written(tmp_path, sample()).worksheets[0]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links[0] == "'各单位9月得分'!A1" and len(links) == 7
    assert sheet["A1"].value == sample().title


def test_missing_folder_is_refused(tmp_path):
    with pytest.raises(Refused):
        write_xlsx(of_tables(), tmp_path / "没有" / "a.xlsx")


def test_not_reported_is_never_a_zero(tmp_path):
    table = Table("表", (Column("值", "number", 1),), ((NOT_REPORTED,), (0.0,)))
    sheet = written(tmp_path, of_tables(table)).worksheets[1]
    assert [sheet["A4"].value, sheet["A5"].value] == ["未报", 0]
