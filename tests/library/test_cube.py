"""Figures meet in the cube as the campaign declares: sources, spans, openings, plans."""

from datetime import date

import numpy as np
import pytest

from saima.campaigns import Indicator, Unit
from saima.cube import State, build
from saima.periods import Clock
from tests.support.small import tables

FLOW = Indicator(code="investment", name="投资", nature="in-period")
SUM = Indicator(code="revenue", name="营业收入")
STOCK = Indicator(code="households", name="户数", nature="point-in-time")


def cell(cube, indicator, period_end, unit="a", layer="value"):
    i, u = cube.campaign.indicator_index[indicator], cube.campaign.unit_index[unit]
    return getattr(cube, layer)[i, u, cube.column_of[period_end]]


def test_in_period_figures_add_up_within_the_window_and_start_anew():
    figures = {("a", "investment", f"2025-{m:02d}"): 10.0 for m in range(1, 13)}
    figures |= {("a", "investment", f"2026-{m:02d}"): float(m) for m in range(1, 4)}
    cube = build(tables(["a"], [FLOW], figures), "month")
    assert cell(cube, "investment", date(2025, 12, 31)) == 120.0
    assert cell(cube, "investment", date(2026, 3, 31)) == 6.0


def test_a_gap_in_in_period_figures_leaves_the_sum_unknown():
    figures = {("a", "investment", "2026-01"): 1.0, ("a", "investment", "2026-03"): 3.0}
    cube = build(tables(["a"], [FLOW], figures), "month")
    assert np.isnan(cell(cube, "investment", date(2026, 3, 31)))


def test_a_joint_span_stands_for_its_months():
    clock = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31), ((1, 2),))
    figures = {("a", "investment", "2026-01..2026-02"): 5.0, ("a", "investment", "2026-03"): 3.0}
    cube = build(tables(["a"], [FLOW], figures, clock=clock), "month")
    assert [p.text for p in cube.scored] == ["2026-02", "2026-03"]
    assert cell(cube, "investment", date(2026, 3, 31)) == 8.0


def test_the_source_declared_first_counts_and_the_other_fills_in():
    import polars as pl

    made = tables(["a"], [SUM], {("a", "revenue", "2026-01"): 1.0, ("a", "revenue", "2026-02"): 2.0},
                  counts=("official", "confirmed"))  # fmt: skip
    official = made.facts.head(1).with_columns(source=pl.lit("official"), value=pl.lit(9.0))
    both = type(made)(made.campaign, made.targets, pl.concat([made.facts, official]), made.name)
    cube = build(both, "month")
    assert cell(cube, "revenue", date(2026, 1, 31)) == 9.0
    assert cell(cube, "revenue", date(2026, 2, 28)) == 2.0


def test_kinds_of_missing_are_kept_apart_and_below_unit_counts_as_zero():
    figures = {
        ("a", "revenue", "2026-01"): 4.0,
        ("b", "revenue", "2026-01"): "not-applicable",
        ("c", "revenue", "2026-01"): "below-unit",
        ("d", "revenue", "2026-01"): None,
    }
    cube = build(tables(["a", "b", "c", "d"], [SUM], figures), "month")
    end = date(2026, 1, 31)
    states = [cell(cube, "revenue", end, u, "state") for u in "abcd"]
    assert states == [State.VALUE, State.NOT_APPLICABLE, State.BELOW_UNIT, State.NOT_REPORTED]
    assert cell(cube, "revenue", end, "c") == 0.0


def test_monthly_plans_add_up_and_the_stated_target_stands():
    targets = {("a", "revenue", f"2026-{m:02d}"): 10.0 for m in range(1, 13)}
    cube = build(tables(["a"], [SUM], {("a", "revenue", "2026-03"): 1.0}, targets), "month")
    assert cell(cube, "revenue", date(2026, 3, 31), layer="plan") == 30.0
    assert cube.target[0, 0, 0] == 120.0
    stated = build(
        tables(
            ["a"],
            [SUM],
            {("a", "revenue", "2026-03"): 1.0},
            {**targets, ("a", "revenue", "2026"): 150.0},
        ),
        "month",
    )
    assert stated.target[0, 0, 0] == 150.0


def test_a_hundred_days_have_their_opening_at_day_zero():
    clock = Clock("days", date(2026, 9, 22), date(2026, 12, 30))
    figures = {("a", "households", "D0"): 40.0, ("a", "households", "2026-09-T3"): 31.0}
    cube = build(tables(["a"], [STOCK], figures, clock=clock), "ten_day")
    opening = cube.shifted("opening")[cube.column_of[date(2026, 9, 30)]]
    assert cube.columns[opening] == date(2026, 9, 21)
    assert cube.value[0, 0, opening] == 40.0


def test_places_lead_back_to_the_cell():
    cube = build(tables(["a"], [SUM], {("a", "revenue", "2026-01"): 1.0}), "month")
    assert str(cube.place(0, 0, cube.column_of[date(2026, 1, 31)])) == "示例.xlsx“数据”!D2"
    assert str(cube.place(0, 0, cube.column_of[date(2026, 2, 28)])) == ""


def test_rows_that_name_nothing_known_are_passed_over():
    figures = {("a", "revenue", "2026-01"): 1.0, ("x", "revenue", "2026-01"): 5.0}
    cube = build(tables(["a"], [SUM], figures), "month")
    assert np.nansum(cube.value) == 1.0


@pytest.mark.parametrize("order", [1, -1])
def test_row_order_makes_no_difference(order):
    figures = {("a", "revenue", f"2026-{m:02d}"): float(m) for m in range(1, 7)}
    shuffled = dict(list(figures.items())[::order])
    cube = build(tables([Unit(code="a", name="甲", track="一")], [SUM], shuffled), "month")
    assert cell(cube, "revenue", date(2026, 6, 30)) == 6.0
