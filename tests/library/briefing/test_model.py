"""The briefing as plain data: what prints how, and what cannot be built."""

from __future__ import annotations

from datetime import date

import pytest

from saima.briefing.model import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    Annex,
    Briefing,
    Chart,
    Column,
    Section,
    Series,
    Table,
    Tied,
    all_tables,
    cell_text,
    chart_table,
    date_text,
    heading_number,
    printed_number,
)

VALUE = Column("投资", "number", 2, "万元")


@pytest.mark.parametrize(
    ("cell", "column", "text"),
    [
        (1234.5, VALUE, "1,234.50"),
        (1.005, VALUE, "1.01"),
        (0, VALUE, "0.00"),
        (-0.001, VALUE, "0.00"),
        (83.56, Column("率", "percent", 1, "%"), "83.6"),
        (3, Column("位次", "rank"), "3"),
        (Tied(2), Column("位次", "rank"), "并列2"),
        (2, Column("变化", "movement"), "↑2"),
        (-1, Column("变化", "movement"), "↓1"),
        (0, Column("变化", "movement"), "持平"),
        (NOT_REPORTED, VALUE, "未报"),
        (NOT_APPLICABLE, VALUE, "—"),
        (None, VALUE, ""),
        ("=1+1", Column("单位"), "=1+1"),
    ],
)
def test_cell_prints_as_people_read_it(cell, column, text):
    assert cell_text(cell, column) == text


def test_measure_stands_in_the_header_in_full_width_brackets():
    assert (VALUE.heading, Column("单位").heading) == ("投资（万元）", "单位")


@pytest.mark.parametrize(
    ("level", "place", "number"),
    [
        (1, 1, "一、"),
        (1, 10, "十、"),
        (1, 19, "十九、"),
        (1, 20, "二十、"),
        (1, 99, "九十九、"),
        (2, 3, "（三）"),
        (3, 4, "4."),
        (4, 5, "（5）"),
    ],
)
def test_heading_numbers_follow_the_four_levels_of_the_standard(level, place, number):
    assert heading_number(level, place) == number


def test_date_has_no_padded_zeros():
    assert date_text(date(2026, 3, 5)) == "2026年3月5日"


def test_table_refuses_a_row_that_is_not_as_long_as_its_header():
    with pytest.raises(ValueError, match="one cell per column"):
        Table("表", (VALUE,), ((1.0, 2.0),))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_table_refuses_a_number_that_is_not_one(value):
    with pytest.raises(ValueError, match="not finite"):
        Table("表", (VALUE,), ((value,),))


def test_chart_refuses_a_series_that_is_not_as_long_as_its_categories():
    with pytest.raises(ValueError, match="one value per category"):
        Chart("bar", "图", ("1月", "2月"), (Series("得分", (1.0,)),))


def test_chart_turns_into_a_table_with_its_gaps_named():
    chart = Chart(
        "line", "图", ("1月", "2月"), (Series("甲", (1.5, None)),), "分", 1, category="月份"
    )
    table = chart_table(chart)
    assert [column.heading for column in table.columns] == ["月份", "甲（分）"]
    assert table.rows == (("1月", 1.5), ("2月", NOT_REPORTED))


def test_tables_are_listed_once_though_an_annex_repeats_one():
    table = Table("表", (VALUE,), ((1.0,),))
    annexes = (Annex("附表", (table,)),)
    body = (Section("", (table,)),)
    assert all_tables(Briefing("通报", "题", date(2026, 1, 1), body, annexes=annexes)) == [table]


def test_printed_number_is_the_number_in_the_print():
    assert printed_number(1.005, VALUE) == 1.01
    assert printed_number(2, Column("变化", "movement")) == 2
