"""How far indicators have come: sums are of what adds up, and paces of what has a pace."""

from __future__ import annotations

import msgspec
import pytest

from saima.briefing.model import NOT_APPLICABLE, NOT_REPORTED
from saima.briefing.next_steps import days_left, need_sentences, rate_decimals, rest_of
from saima.briefing.progress import all_progress, catch_up, progress_sentence
from saima.briefing.progress_tables import level_tables, progress_table, rest_table, summary_table
from saima.campaigns import Assignment, DocumentSettings
from tests.library.briefing.invented import INDICATORS, RULEBOOK, figure, overview, target, units


def one(view, code: str):
    return next(p for p in all_progress(view) if p.indicator.code == code)


def test_total_is_the_sum_over_the_units_and_its_pace_is_of_the_sums():
    total = one(overview(), "revenue").total
    done = sum(figure(n, "revenue", 9) for n in range(7))
    assert total.actual == pytest.approx(done)
    assert total.attainment == pytest.approx(done / (7 * target("revenue")))
    assert total.gap == pytest.approx((done / (7 * target("revenue")) - 0.75) * 100)
    assert total.current == pytest.approx(done - sum(figure(n, "revenue", 8) for n in range(7)))


def test_in_period_figures_are_summed_over_the_months():
    total = one(overview(), "investment").total
    months = range(1, 10)
    assert total.actual == pytest.approx(
        sum(figure(n, "investment", m) for n in range(7) for m in months)
    )


def test_clearing_counts_down_from_the_opening():
    progress = one(overview(), "left")
    opening = sum(figure(n, "left", 0) for n in range(7))
    now = sum(figure(n, "left", 9) for n in range(7))
    assert progress.total.attainment == pytest.approx((opening - now) / opening)
    assert progress_sentence(progress).startswith(
        f"未签约户数。期初{opening:.0f}户，现余{now:.0f}户，清零进度87.92%，超序时12.92个百分点"
    )


def test_figures_that_do_not_add_up_are_not_added():
    assert one(overview(), "hazards").total is None
    plain = tuple(msgspec.structs.replace(x, rolls_up="own") for x in INDICATORS)
    assert one(overview(indicators=plain), "revenue").total is None


def test_parent_beside_its_children_is_not_counted_twice():
    family = list(units())
    family[1] = msgspec.structs.replace(family[1], parent="u0")
    progress = one(overview(of=family), "revenue")
    others = [figure(n, "revenue", 9) for n in range(7) if n != 1]
    assert progress.total.actual == pytest.approx(sum(others))


def test_missing_figure_leaves_the_total_to_the_others_and_says_how_many():
    progress = one(overview(changed={("u2", "revenue", 9): None}), "revenue")
    assert progress.total.units == 6
    assert progress_sentence(progress).startswith("营业收入。6家单位累计完成")
    table = progress_table(progress)
    assert "合计为有目标和完成数的6家单位之和。" in table.notes
    row = next(r for r in table.rows if r[0] == "栖湖文旅")
    assert row[3] is NOT_REPORTED


def test_sentence_names_all_who_share_an_end():
    level = {("u0", "revenue", 9): figure(4, "revenue", 9)}
    said = progress_sentence(one(overview(changed=level), "revenue"))
    assert said == (
        "营业收入。累计完成63,810万元，完成全年目标的75.96%，超序时0.96个百分点；"
        "4家单位达到或超过序时进度，3家欠序时进度；"
        "超序时最多的是数智云科（超6.75个百分点），欠序时最多的是望岳建设（欠7.5个百分点）。"
    )


def test_rates_without_a_pace_have_no_pace_in_any_table():
    view = overview()
    hazards = one(view, "hazards")
    assert not hazards.known
    assert [c.header for c in progress_table(hazards).columns] == [
        "单位",
        "全年目标",
        "现值",
        "完成率",
    ]


def test_progress_table_stands_by_attainment_or_in_official_order():
    by_rank = progress_table(one(overview(), "revenue"))
    rates = [row[4] for row in by_rank.rows[:-1]]
    assert rates == sorted(rates, reverse=True)
    official = overview(documents=DocumentSettings(order="official"))
    names = [row[0] for row in progress_table(one(official, "revenue")).rows]
    assert names == [*(u.short_name for u in units()), "合计"]


def test_progress_table_carries_the_usual_columns():
    table = progress_table(one(overview(), "revenue"))
    assert [c.heading for c in table.columns] == [
        "单位", "全年目标", "本月完成", "累计完成", "完成率（%）", "超欠序时（百分点）", "月均还需",
    ]  # fmt: skip
    assert table.measure_line == "单位：万元"
    assert table.bold_rows == (7,)


def test_levels_stand_side_by_side_and_unheld_cells_do_not_apply():
    view = overview()
    (table,) = level_tables(view, [one(view, "hazards")], "其他指标完成情况")
    assert table.columns[1].heading == "隐患整改率（%）"
    assert table.rows[0] == ("澄江置业", figure(0, "hazards", 9))
    assert level_tables(view, [], "其他") == []


def test_many_levels_are_parted_evenly():
    view = overview()
    titles = [t.title for t in level_tables(view, [one(view, "hazards")] * 7, "其他")]
    assert titles == ["其他（1）", "其他（2）"]


def test_summary_says_how_many_keep_pace():
    view = overview()
    table = summary_table([p for p in all_progress(view) if p.known])
    row = next(r for r in table.rows if r[0] == "营业收入")
    assert row[3:] == (3, 4, "数智云科", "望岳建设")


def test_rest_is_spread_over_the_days_that_are_left():
    rest = rest_of(920.0, 92)
    assert (rest.per_day, rest.per_week) == (10.0, 70.0)
    assert rest.per_month == pytest.approx(920 / 92 * 365.25 / 12)
    assert rest_of(5.0, 3).per_month == 5.0


def test_amounts_per_day_keep_enough_decimals_to_say_something():
    assert [rate_decimals(x, 0) for x in (250.0, 3.4, 0.2)] == [0, 1, 2]
    assert rate_decimals(0.2, 3) == 3


def test_rest_table_leaves_out_who_has_arrived():
    view = overview()
    table = rest_table(view, one(view, "left"))
    names = [row[0] for row in table.rows]
    assert "新渠市政" not in names
    assert names[-1] == "合计"
    assert table.rows[-1][1] == 103.0


def test_nothing_is_spread_after_the_last_day():
    view = overview(months=12)
    assert days_left(view) == 0
    assert rest_table(view, one(view, "revenue")) is None
    assert need_sentences(view, all_progress(view)) == []


def test_needs_are_not_stated_over_a_sum_that_lacks_somebody():
    view = overview(changed={("u2", "revenue", 9): None})
    assert not any(said.startswith("营业收入") for said in need_sentences(view, all_progress(view)))


def test_indicator_scored_twice_is_shown_once():
    twice = RULEBOOK.replace(
        "  - category: 项目",
        "      - {indicator: revenue, weight: 5, method: rank-decay, of: actual}\n  - category: 项目",
    )
    view = overview(twice)
    assert [p.indicator.code for p in all_progress(view)].count("revenue") == 1
    assert len([r for r in view.pace_rows if r.indicator == "revenue"]) == 7


def test_not_applicable_is_a_dash_and_not_a_zero():
    view = overview(targets={("u3", "revenue"): None})
    row = next(r for r in progress_table(one(view, "revenue")).rows if r[0] == "望岳建设")
    assert row[1] is NOT_APPLICABLE


def test_units_of_several_kinds_are_not_added_together():
    mixed = [
        msgspec.structs.replace(u, kind="department") if u.code == "u3" else u for u in units()
    ]
    assert one(overview(of=mixed), "revenue").total is None


def test_catching_up_is_rounded_up_so_that_it_is_enough():
    little_behind = {("u0", "left", 9): 33.0}  # 131 at the opening, 98.25 due
    progress = one(overview(changed=little_behind), "left")
    row = next(r for r in progress.rows if r.unit.unit == "u0")
    assert catch_up(progress, row) == "1户"
    ahead = next(r for r in progress.rows if r.unit.unit == "u4")
    assert catch_up(progress, ahead) == ""


def test_unit_to_which_an_indicator_does_not_apply_is_not_in_its_table():
    others = [Assignment(indicator="revenue", unit=u.code) for u in units() if u.code != "u2"]
    progress = one(overview(assignments=others), "revenue")
    assert {r.unit.unit for r in progress.rows} == {"u0", "u1", "u3", "u4", "u5", "u6"}
    assert progress.total.units == 6
