"""Single cells: numbers in every dress, marks for missing ones, measures, months, texts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saima.files.sheet.measures import (
    convert,
    declared_measures,
    is_measure,
    measure_in,
    speaks_of_ratio,
    without_measure,
)
from saima.files.sheet.months import Moment, moment, period_in, settle
from saima.files.sheet.notes import legend_in
from saima.files.sheet.preface import indicator_in
from saima.files.sheet.rows import row_kind
from saima.files.sheet.values import parse, parse_text
from saima.files.sheet.words import is_blank, key, plain, tidy
from saima.tables import MISSING_KINDS

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3), st.booleans(), st.booleans())
def test_a_number_is_the_same_in_every_dress(number, grouped, wide):
    text = f"{number:,}" if grouped else f"{number}"
    assert parse_text(text.translate(FULL_WIDTH) if wide else text).number == number


@pytest.mark.parametrize(
    ("text", "number", "measure", "bound"),
    [
        ("97.2%", "97.2", "%", ""),
        ("９７．２％", "97.2", "%", ""),
        ("7.33个百分点", "7.33", "个百分点", ""),
        ("≥95%", "95", "%", ">="),
        ("不低于100", "100", "", ">="),
        ("100户以上", "100", "户", ">="),
        ("300以内", "300", "", "<="),
        ("超过5亿元", "5", "亿元", ">"),
        ("约30", "30", "", "~"),
        ("1.5亿", "1.5", "亿", ""),
        ("3,200万元", "3200", "万元", ""),
        ("下降3.2%", "-3.2", "%", ""),
        ("增长5.1%", "5.1", "%", ""),
        ("+5.1", "5.1", "", ""),
        ("\u221248", "-48", "", ""),
        ("（123.4）", "-123.4", "", ""),
        ("123①", "123", "", ""),
        ("45[2]", "45", "", ""),
        ("\u200b12\u00a0", "12", "", ""),
        (".5", "0.5", "", ""),
    ],
)
def test_numbers_that_people_write(text, number, measure, bound):
    parsed = parse_text(text)
    assert (parsed.number, parsed.measure, parsed.bound) == (Decimal(number), measure, bound)


@pytest.mark.parametrize(
    "text",
    ["1O5.3", "12..5", "12.5.6", "1,23", "1,2345", "完成", "8月底前", "5-6", "1 234", "12abc", "--5",
     "1e5", "%", "3/5", "2024年", "第3名次", "甲1"],
)  # fmt: skip
def test_texts_that_only_look_like_numbers_are_none(text):
    assert parse_text(text).number is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("—", "not-applicable"), ("－", "not-applicable"), ("/", "not-applicable"),
        ("…", "below-unit"), ("……", "below-unit"), ("暂无数据", "not-reported"),
        ("不详", "unknown"), ("不考核", "excluded"),
    ],
)  # fmt: skip
def test_marks_keep_their_different_meanings(text, kind):
    assert parse(text).missing == kind
    assert parse(text).number is None
    assert kind in MISSING_KINDS


def test_word_for_nothing_is_a_zero_that_was_reported():
    assert parse("无").number == 0
    assert parse("无").missing == "zero"


def test_notes_go_before_the_usual_meaning_of_a_mark():
    legend = legend_in(("注：“—”表示数据不足最小单位；“…”表示该项数据不详。", "空格表示无该项数据"))
    assert legend == {"—": "below-unit", "…": "unknown", "": "not-applicable"}
    assert parse("—", legend).missing == "below-unit"


def test_notes_that_say_nothing_of_marks_change_nothing():
    assert legend_in(("注：数据为快报数。", "数据来源：各单位")) == {}


def test_numbers_keep_every_digit_and_truth_values_are_no_numbers():
    assert parse(0.1 + 0.2).number == Decimal("0.30000000000000004")
    assert parse(True).number is None
    assert parse(date(2024, 3, 5)).number is None


# --- measures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["万元", "亿元", "%", "个百分点", "千公顷", "万千瓦", "元/人", "万人次"]
)
def test_measures_are_known(text):
    assert is_measure(text)


@pytest.mark.parametrize("text", ["", "局", "一季度", "试点", "单位", "万", "完成"])
def test_other_words_are_no_measures(text):
    assert not is_measure(text)


@pytest.mark.parametrize(
    ("header", "measure", "bare"),
    [
        ("投资额（亿元）", "亿元", "投资额"),
        ("投资额（单位：万元）", "万元", "投资额"),
        ("累计增长(%)", "%", "累计增长"),
        ("完成率%", "%", "完成率"),
        ("投资额:万元", "万元", "投资额:万元"),
        ("中国（试点）", "", "中国（试点）"),
        ("得分", "", "得分"),
    ],
)
def test_measure_of_a_header_is_found_and_taken_out(header, measure, bare):
    assert measure_in(header) == measure
    assert without_measure(header) == bare


def test_measure_row_may_declare_several():
    assert declared_measures("单位：亿元、%") == ("亿元", "%")
    assert declared_measures("（计量单位：万元）") == ("万元",)
    assert declared_measures("填报单位：甲局") == ()


@pytest.mark.parametrize(
    ("value", "of", "to", "result"),
    [
        ("1.5", "亿元", "万元", "15000"),
        ("1.5", "亿", "万元", "15000"),
        ("5000", "元", "万元", "0.5"),
        ("3", "万", "人", "30000"),
        ("2", "千瓦", "万千瓦", "0.0002"),
        ("2", "万元", "万元", "2"),
    ],
)
def test_measures_of_one_base_are_converted_exactly(value, of, to, result):
    assert convert(Decimal(value), of, to) == Decimal(result)


@pytest.mark.parametrize(
    ("of", "to"), [("吨", "万元"), ("%", "万元"), ("亩", "公顷"), ("元/人", "元")]
)
def test_measures_of_different_bases_are_not_converted(of, to):
    assert convert(Decimal(1), of, to) is None


def test_headers_that_speak_of_ratios():
    assert all(
        map(speaks_of_ratio, ["完成率", "同比", "增速", "占比", "累计增长", "序时进度（旬）"])
    )
    assert not any(map(speaks_of_ratio, ["完成", "增长额", "效率工程投资", "比武得分"]))


# --- months -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "period"),
    [
        ("2024年2月", "2024-02"), ("2023.9", "2023-09"), ("2023.10", "2023-10"),
        ("24-Feb", "2024-02"), ("Feb-24", "2024-02"), ("2023年12月末", "2023-12"),
        ("202309", "2023-09"), (202309.0, "2023-09"), (2023.11, "2023-11"), (2021.0, "2021"),
        ("2024年一季度", "2024-Q1"), ("2024年上半年", "2024-H1"), ("2024年1-9月", "2024-01..2024-09"),
        (date(2024, 2, 1), "2024-02"), (datetime(2024, 2, 29), "2024-02"), ("2020年", "2020"),
    ],
)  # fmt: skip
def test_periods_in_headers(value, period):
    assert moment(value) == Moment(period)


@pytest.mark.parametrize(
    "value", ["地区", "单位", 3.5, "", "完成", 2023.13, True, None, "12", "1899"]
)
def test_other_headers_are_no_periods(value):
    assert moment(value) is None


def test_year_completes_what_has_none():
    assert moment("2月", "2024") == Moment("2024-02")
    assert moment("全年", "2024") == Moment("2024")
    assert moment("2月") == Moment("", "year")


def test_january_and_october_are_told_apart_by_their_neighbours():
    assert [m.period for m in settle([2023.8, 2023.9, 2023.1, 2023.11]) if m][2] == "2023-10"
    assert settle([2023.1, 2023.2])[0] == Moment("2023-01")
    assert settle(["单位", 2023.1, "完成"])[1] == Moment("2023-01", "tenth")


def test_dates_of_one_row_that_share_a_day_were_typed_as_year_and_month():
    typed = settle([date(2026, 1, 24), date(2026, 2, 24), date(2026, 3, 24)])
    assert [m.period for m in typed if m] == ["2024-01", "2024-02", "2024-03"]
    assert settle([date(2026, 2, 24)])[0] == Moment("2026-02", "day")
    assert settle([date(2026, 2, 24)], "2024")[0] == Moment("2024-02", "day")


def test_real_month_ends_are_months_without_doubt():
    ends = settle([date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)])
    assert ends == [Moment("2024-01"), Moment("2024-02"), Moment("2024-03")]


def test_title_names_period_and_indicator():
    assert period_in("7-6 分地区一般公共预算支出(2019年)") == "2019"
    assert period_in("2024年1-6月固定资产投资完成情况") == "2024-H1"
    assert period_in("重点工作进展") == ""
    assert indicator_in("2024年分地区工业投资完成情况表（亿元）") == "工业投资"


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("地 区", "地区"),
        (" 北  京", "北京"),
        ("公 共\r\n安全支出\r\nExpenditure\r\nfor\r\nPublic\r\nSecurity", "公共安全支出"),
        ("其他支出\nOther\nExpendi-\nture", "其他支出"),
        ("完成率\n%", "完成率 %"),
        ("落实(shí)工作", "落实工作"),
        ("Total of All\r\nRegions", "Total of All Regions"),
        ("投资 （亿元）", "投资（亿元）"),
    ],
)
def test_texts_are_tidied_to_what_is_meant(text, meant):
    assert tidy(text) == meant


def test_headers_compare_without_width_case_and_spaces():
    assert key("完成率（％）") == key("完成 率(%)")
    assert plain("ＧＤＰ　") == "GDP"
    assert all(map(is_blank, ["", " ", "\u3000", "\u200b", None]))
    assert not any(map(is_blank, [0.0, "0", False]))


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("小计", "subtotal"), ("东部小计", "subtotal"), ("合 计", "total"), ("地方合计", "total"),
        ("总计", "total"), ("全市", "total"), ("全市平均", "total"), ("其中：技改", "of-which"),
        ("甲区", "item"), ("会计局", "item"), ("全福街道", "item"), ("审计局", "item"),
    ],
)  # fmt: skip
def test_names_of_totals_are_known(label, kind):
    assert row_kind([label]) == kind
