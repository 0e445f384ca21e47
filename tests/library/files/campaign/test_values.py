"""Cells to values: the writings of offices, and columns that agree with cells one by one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.files.campaign.values import (
    date_of,
    moment_of,
    moments,
    number_of,
    numbers,
    percent_of,
    plain_text,
    texts,
    whole_of,
)

WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(st.decimals(-(10**12), 10**12, places=3, allow_nan=False, allow_infinity=False))
def test_number_is_read_with_separators_and_in_full_width(value):
    assert number_of(f"{value:,}") == float(value)
    assert number_of(f" {value} ".translate(WIDE)) == float(value)
    assert percent_of(f"{value}％") == float(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,23", "12,34,567", "1.2.3", "nan", "inf", "1e999", "1_000", "0x10", "一百", "12万", "≥95", "1-2", "--1"]
)  # fmt: skip
def test_what_is_no_number_is_none(text):
    assert number_of(text) is None


def test_flags_are_no_numbers():
    assert number_of(True) is None
    assert plain_text(True) == "是"


@given(st.lists(st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.integers().map(str),
    st.sampled_from(["", " ", "—", "1,234", "１２", "x", "3%", " 7 "]),
)))  # fmt: skip
def test_column_of_texts_is_read_as_cells_one_by_one(cells):
    expected = [number_of(c) if c.strip() else None for c in cells]
    rest = [c.strip() if c.strip() and number_of(c) is None else None for c in cells]
    for column in (list(cells), pl.Series(cells, dtype=pl.String)):
        got, left = numbers(column)
        assert got.to_list() == expected
        assert (left.to_list() if left is not None else [None] * len(cells)) == rest


@given(
    st.lists(st.one_of(st.floats(), st.booleans(), st.just(""), st.text(max_size=4), st.dates()))
)
def test_column_of_raw_cells_never_fails(cells):
    got, _ = numbers(cells)
    assert len(got) == len(cells)
    assert texts(cells).to_list() == [plain_text(c) or None for c in cells]


def test_numbers_of_parquet_are_taken_as_they_are():
    got, rest = numbers(pl.Series([1, None, 3], dtype=pl.Int32))
    assert got.to_list() == [1.0, None, 3.0]
    assert rest is None
    assert numbers(pl.Series([1.5, float("nan"), float("inf")]))[0].to_list() == [1.5, None, None]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-09-30", date(2026, 9, 30)),
        ("2026/9/30", date(2026, 9, 30)),
        ("2026年9月30日", date(2026, 9, 30)),
        ("2026-09-30 08:00", date(2026, 9, 30)),
        (datetime(2026, 9, 30, 8), date(2026, 9, 30)),
        (date(2026, 9, 30), date(2026, 9, 30)),
        ("2026-09", None),
        ("2026-02-30", None),
        (46000.0, None),
    ],
)
def test_dates_as_cells_and_as_texts(raw, expected):
    assert date_of(raw) == expected


def test_moments_of_texts_and_of_typed_columns():
    wanted = [datetime(2026, 9, 30, 8, 5), datetime(2026, 9, 30), None, None]
    got, rest = moments(["2026-09-30 08:05:00", "2026年9月30日", "昨天", ""])
    assert got.to_list() == wanted
    assert rest is not None
    assert rest.to_list() == [None, None, "昨天", None]
    typed = pl.Series([datetime(2026, 9, 30, 8, 5)]).dt.replace_time_zone("UTC")
    assert moments(typed)[0].to_list() == wanted[:1]
    assert moment_of("2026-09-30T08:05:00+08:00") == wanted[0]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_whole_numbers_have_no_point_and_read_back(value):
    assert float(plain_text(value)) == value
    assert whole_of(Decimal(3).__float__()) == 3
    assert whole_of(3.5) is None
