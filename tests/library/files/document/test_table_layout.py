"""Columns are as wide as what they hold, and titles break between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.briefing.model import Chart, Column, Series, Table
from saima.files.document.docx_title import title_lines
from saima.files.document.table_layout import (
    PADDING,
    bars_lie,
    crowded_columns,
    fit_columns,
    header_text,
    lines_in,
    row_lines,
    squeezed_columns,
    text_width,
)

NUMBERS = tuple(Column(f"{month}月", "number", 1) for month in range(1, 13))


def table(*columns, rows=()):
    return Table("表", columns, tuple(rows))


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("排名", 2, 2), ("95.12", 2, 2.6), ("2026年3月", 4.5, 6), ("", 0, 0), ("一\n二三", 2, 2)],
)
def test_width_is_measured_in_characters(text, least, most):
    assert least <= text_width(text) <= most


def test_columns_fill_the_room_exactly():
    widths = fit_columns(table(Column("单位"), Column("得分", "number", 2), rows=[("甲", 1.0)]), 40)
    assert sum(widths) == pytest.approx(40)


def test_table_that_is_too_wide_does_not_fit():
    assert fit_columns(table(*NUMBERS, rows=[(1e6,) * 12]), 40) is None


def test_name_column_gives_way_before_a_number_breaks():
    wide = table(Column("单位"), *NUMBERS[:8], rows=[("名" * 30, *[123456.7] * 8)])
    widths = squeezed_columns(wide, 60)
    assert sum(widths) == pytest.approx(60)
    assert all(width > text_width("123,456.7") for width in widths[1:])


def test_words_that_cannot_give_way_further_are_not_squeezed():
    wide = table(Column("单位"), *NUMBERS[:8], rows=[("名" * 30, *[123456.7] * 8)])
    assert squeezed_columns(wide, 44) is None
    assert sum(crowded_columns(wide, 44)) == pytest.approx(44)


@pytest.mark.parametrize(
    ("kind", "name", "lying"),
    [
        ("ranked_bar", "1月", True),
        ("bar", "1月", False),
        ("bar", "某某投资发展有限公司", True),
        ("line", "某某投资发展有限公司", False),
    ],
)
def test_bars_lie_where_they_are_ranked_or_their_names_are_long(kind, name, lying):
    assert bars_lie(Chart(kind, "图", (name,), (Series("得分", (1.0,)),))) is lying


def test_asked_widths_are_kept_where_nothing_breaks_by_them():
    asked = table(Column("单位", width=3), Column("说明", width=1), rows=[("甲", "乙")])
    assert fit_columns(asked, 40) == [30, 10]


def test_asked_widths_that_would_break_a_number_are_not_kept():
    asked = table(Column("单位", width=99), Column("值", "number", width=1), rows=[("甲", 1e9)])
    widths = fit_columns(asked, 40)
    assert widths[1] > text_width("1,000,000,000")


def test_header_breaks_evenly_and_keeps_the_measure_whole():
    column = Column("累计完成投资", "number", 1, "万元")
    assert header_text(column, 20) == "累计完成投资（万元）"
    assert header_text(column, 5) == "累计完\n成投资\n（万元）"


def test_rows_are_as_high_as_their_longest_cell():
    texts = table(Column("单位"), Column("说明"), rows=[("甲", "字" * 20), ("乙", "字")])
    assert row_lines(texts, [6, 10 + PADDING]) == [1, 2, 1]


@given(st.text("甲乙丙1234.,年月 ", max_size=60), st.floats(3, 40))
def test_more_room_never_takes_more_lines(text, width):
    assert lines_in(text, width + 5) <= lines_in(text, width)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于情况的通报", ["关于情况的通报"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        (
            "关于2026年上半年重点项目投资完成情况的通报",
            ["关于2026年上半年重点项目", "投资完成情况的通报"],
        ),
        (
            "关于2026年10月百日攻坚·决战四季度情况的通报",
            ["关于2026年10月百日攻坚·", "决战四季度情况的通报"],
        ),
    ],
)
def test_title_breaks_between_words(title, lines):
    assert title_lines(title, 20) == lines


@given(st.text("关于年月情况的通报2026《办法》、“”", min_size=1, max_size=70))
def test_title_lines_hold_the_whole_title_and_fit(title):
    lines = title_lines(title, 20)
    assert "".join(lines) == title
    assert all(text_width(line) <= 20 for line in lines) or lines == [title]


def test_number_and_book_title_are_never_broken():
    title = "关于《全市重点项目建设攻坚行动实施方案》2026年10月落实情况的通报"
    lines = title_lines(title, 20)
    assert any("《全市重点项目建设攻坚行动实施方案》" in line for line in lines)
