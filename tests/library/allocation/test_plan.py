"""Whole plans: read with every problem on its line, worked out, and written."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saima.allocation.breakdown import broken
from saima.allocation.command import run, text_of
from saima.allocation.output import AllocationData, csv_bytes, xlsx_bytes
from saima.allocation.plan import read_plan
from saima.allocation.tables import allocate_plan
from saima.problems import Refused

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "allocation.md"

UNITS = """\
plan: 示例计划（数据均为虚构）
periods: {from: 2026-01, to: 2026-12}
units:
  - {unit: north, name: 北城公司, weight: 5}
  - {unit: south, name: 南城公司, weight: 3}
"""


def written(tmp_path, *parts):
    path = tmp_path / "计划.yaml"
    path.write_text("".join(parts), encoding="utf-8")
    return path


def worked_out(path, history=None):
    plan, document, problems = read_plan(path)
    assert plan is not None, [p.text() for p in problems]
    return allocate_plan(plan, history, document)


def codes(problems):
    return [p.code for p in problems]


# --- the reference ------------------------------------------------------------------------------


def example():
    return re.search(r"```yaml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]


def test_worked_example_of_the_reference_comes_out_as_printed(tmp_path):
    data, _, problems = run(written(tmp_path, example()))
    assert problems == []
    table = re.search(r"结果：\n\n(.*?)\n\n", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[1]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    by_unit = {"北城公司": "north", "南城公司": "south", "江滨公司": "river"}
    for name, *printed in rows[2:-1]:
        cells = [r["target"] for r in data["rows"] if r["unit"] == by_unit[name]]
        assert [*cells, data["indicators"][0]["units"][by_unit[name]]] == printed
    assert [*data["indicators"][0]["periods"].values(), "1001"] == rows[-1][1:]


def test_conflict_of_the_reference_reads_as_printed(tmp_path):
    text = DOCUMENT.read_text(encoding="utf-8")
    more = "      - {unit: 北城公司, lower: 970}\n"
    data, _, problems = run(written(tmp_path, example(), more))
    assert data["rows"] == []
    assert [p["code"] for p in data["problems"]] == ["allocation-conflict"]
    assert problems[0].message() + problems[0].hint() in text
    assert problems[0].place.line == 8


# --- headlines and shares -----------------------------------------------------------------------

PARTS = """\
headlines:
  - {headline: revenue, name: 营业收入, measure: 万元, target: 1000.01, split-by: weights,
     assigned: 950, stretch: 1100}
indicators:
  - {indicator: tourism, name: 景区收入, headline: revenue, share: 1}
  - {indicator: rent, name: 租赁收入, headline: revenue, share: 2}
"""


def test_all_cells_of_a_headline_s_parts_add_up_to_it(tmp_path):
    allocation, problems = worked_out(written(tmp_path, UNITS, PARTS))
    assert problems == []
    assert sum(row.target for row in allocation.rows) == Decimal("1000.01")
    assert [item.table.total for item in allocation.items] == [Decimal("333.34"), Decimal("666.67")]


def test_stretch_adds_up_too_and_no_cell_is_easier_than_its_target(tmp_path):
    allocation, _ = worked_out(written(tmp_path, UNITS, PARTS))
    assert sum(row.stretch for row in allocation.rows) == 1100
    assert all(row.stretch >= row.target for row in allocation.rows)


def test_a_locked_cell_is_not_stretched(tmp_path):
    locks = "locks: [{unit: north, period: 3月, amount: 50}, {unit: south, amount: 300}]"
    bounds = "bounds: [{unit: north, period: 4月, upper: 45}]"
    allocation, problems = worked_out(one(tmp_path, "stretch: 900", locks, bounds))
    rows = {(r.unit, r.period): r for r in allocation.rows}
    assert problems == []
    assert rows["north", "2026-03"].stretch == 50
    assert rows["north", "2026-04"].stretch <= 45
    assert sum(r.stretch for r in rows.values()) == 900


def test_a_part_with_a_target_of_its_own_leaves_the_rest_to_the_others(tmp_path):
    plan = PARTS.replace("share: 1}", "target: 700}")
    allocation, _ = worked_out(written(tmp_path, UNITS, plan))
    assert [item.table.total for item in allocation.items] == [700, Decimal("300.01")]


def test_parts_that_come_to_more_than_the_headline_are_refused(tmp_path):
    plan = PARTS.replace("share: 1}", "target: 1000.02}")
    _, problems = worked_out(written(tmp_path, UNITS, plan))
    assert codes(problems) == ["headline-parts"]
    assert problems[0].place.line == 7


def test_what_was_assigned_above_starts_a_chain_down_to_the_units(tmp_path):
    allocation, _ = worked_out(written(tmp_path, UNITS, PARTS))
    own, units = allocation.amplified[0].levels
    assert own.amplification == Decimal("1.0526")  # 1000.01 / 950
    assert units.amplification == Decimal("1.1000")  # stretch 1100 / 1000.01
    assert units.cumulated == Decimal("1.1579")  # 1100 / 950


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("share: 2}", "}", "headline-weights"),
        ("headline: revenue, share: 2}", "target: 5}", None),
        ("headline: revenue, share: 2}", "}", "plan-no-target"),
        ("headline: revenue, share: 2}", "headline: other}", "plan-unknown"),
        ("share: 2}", "share: 2, measure: 户}", "plan-part-measure"),
        ("stretch: 1100", "stretch: 900", "stretch-direction"),
        ("target: 1000.01", "target: 1000.001", "allocation-too-fine"),
        ("target: 1000.01", "target: .inf", "rulebook-wrong-value"),
        ("name: 租赁收入", "name: 景区收入", "plan-key-twice"),
        ("headline: revenue, name", "headline: another, name", "plan-unknown"),
    ],
)
def test_faults_of_headlines_are_told(tmp_path, was, becomes, code):
    assert was in PARTS
    _, _, problems = run(written(tmp_path, UNITS, PARTS.replace(was, becomes)))
    assert (code in codes(problems)) if code else (problems == [])


# --- indicators ---------------------------------------------------------------------------------


def one(tmp_path, *lines):
    """A plan with one indicator of 800 with further lines."""
    more = "indicators:\n  - indicator: revenue\n    target: 800\n"
    return written(tmp_path, UNITS, more, "".join(f"    {line}\n" for line in lines))


def by_unit(allocation):
    table = allocation.items[0].table
    return {unit: table.of_unit(unit) for unit in table.units}


def by_period(allocation):
    table = allocation.items[0].table
    return [table.of_period(period) for period in table.periods]


def test_units_share_by_their_own_weight_unless_told_otherwise(tmp_path):
    assert by_unit(worked_out(one(tmp_path))[0]) == {"north": 500, "south": 300}
    equal = worked_out(one(tmp_path, "units-by: equal"))[0]
    assert by_unit(equal) == {"north": 400, "south": 400}
    named = one(tmp_path, "units-by: {basis: weights, figures: {北城公司: 1, south: 3}}")
    assert by_unit(worked_out(named)[0]) == {"north": 200, "south": 600}


def test_capacity_is_a_share_and_a_bound(tmp_path):
    fits, problems = worked_out(one(tmp_path, "units-by: {basis: capacity, figures: [600, 400]}"))
    assert by_unit(fits) == {"north": 480, "south": 320}
    assert problems == []
    _, problems = worked_out(one(tmp_path, "units-by: {basis: capacity, figures: [300, 400]}"))
    assert codes(problems) == ["allocation-conflict"]
    assert "合计至多为700.00；两者相差100.00" in problems[0].message()
    assert "（能力）" in problems[0].message()


def test_periods_share_by_season_days_or_working_days(tmp_path):
    season = one(tmp_path, "periods-by: {basis: season, figures: [1,1,1,1,1,1,1,1,2,2,2,2]}")
    assert by_period(worked_out(season)[0]) == [50] * 8 + [100] * 4
    days = by_period(worked_out(one(tmp_path, "periods-by: days"))[0])
    assert abs(days[1] - Decimal(800) * 28 / 365) < Decimal("0.01")
    working, problems = worked_out(one(tmp_path, "periods-by: working-days"))
    assert by_period(working)[9] < by_period(working)[10]  # the October holiday
    assert problems == []


def test_a_named_profile_serves_several_indicators(tmp_path):
    more = "seasons: {淡旺: [1,1,1,1,1,1,1,1,2,2,2,2]}\nindicators:\n"
    for code in ("a", "b"):
        more += f"  - {{indicator: {code}, target: 16, periods-by: "
        more += "{basis: season, profile: 淡旺}}\n"
    allocation, _ = worked_out(written(tmp_path, UNITS, more))
    for item in allocation.items:
        assert [item.table.of_period(p) for p in item.table.periods] == [1] * 8 + [2] * 4


def test_a_hundred_days_are_cut_at_their_first_and_last_day(tmp_path):
    text = UNITS.replace("from: 2026-01, to: 2026-12", "from: 2026-09-23, to: 2026-12-31")
    more = "indicators: [{indicator: revenue, target: 100, decimals: 0, periods-by: days}]"
    allocation, _ = worked_out(written(tmp_path, text, more))
    assert [p.text for p in allocation.periods][:2] == ["2026-09-23..2026-09-30", "2026-10"]
    assert by_period(allocation) == [8, 31, 30, 31]


def test_past_months_locked_at_their_actuals_leave_the_rest_of_the_year(tmp_path):
    done = [f"      - {{period: 2026-{m:02d}, amount: 50}}" for m in range(1, 10)]
    allocation, _ = worked_out(one(tmp_path, "locks:", *[line[4:] for line in done]))
    assert by_period(allocation)[:9] == [50] * 9
    assert sum(by_period(allocation)[9:]) == 350


def test_quarters_and_groups_of_units_can_be_named_in_chinese(tmp_path):
    groups = "unit-groups: {城区片: [北城公司, south]}\n"
    lines = "indicators:\n  - indicator: revenue\n    target: 800\n    locks:\n"
    lines += "      - {period: 一季度, amount: 100}\n      - {unit: 城区片, amount: 800}\n"
    lines += "      - {unit: 北城公司, period: 2026-H2, amount: 333}\n"
    allocation, problems = worked_out(written(tmp_path, UNITS, groups, lines))
    assert problems == []
    assert sum(by_period(allocation)[:3]) == 100
    item = allocation.items[0]
    assert broken(item.breakdown, item.table) == []
    assert item.table.sum_of(("north",), item.table.periods[6:]) == 333


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("locks: [{unit: 东城公司, amount: 1}]", "plan-unknown"),
        ("locks: [{period: 2027-01, amount: 1}]", "plan-period-misfit"),
        ("locks: [{period: 2026-01-T1, amount: 1}]", "plan-period-misfit"),
        ("locks: [{period: 某月, amount: 1}]", "unknown-period"),
        ("locks: [{unit: north}]", "rulebook-missing-key"),
        ("units-by: {basis: weights, figures: [1, 2, 3]}", "plan-figures-count"),
        ("units-by: {basis: weights, figures: {north: 1}}", "plan-figures-missing"),
        ("units-by: {basis: weights, figures: {north: 1, west: 1}}", "plan-unknown"),
        (
            "units-by: {basis: weights, figures: {north: 1, south: -1}}",
            "allocation-negative-weight",
        ),
        ("units-by: history", "plan-figures-missing"),
        ("periods-by: history", "plan-figures-missing"),
        ("periods-by: {basis: season, profile: 没有}", "plan-figures-missing"),
        ("units-by: size", "rulebook-wrong-value"),
        ("over: projects", "allocation-no-units"),
        ("supported-by: nothing", "support-unknown"),
        ("assigned: -3", "amplification-not-positive"),
    ],
)
def test_faults_of_an_indicator_are_told_with_their_line(tmp_path, line, code):
    _, _, problems = run(one(tmp_path, line))
    assert code in codes(problems)
    if code != "amplification-not-positive":
        assert problems[0].place.line in (6, 7, 9)


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("from: 2026-01", "from: 2027-01", "plan-window"),
        ("from: 2026-01", "from: 去年", "unknown-period"),
        ("unit: south", "unit: north", "plan-key-twice"),
        ("plan: ", "plam: ", "rulebook-unknown-key"),
        ("to: 2026-12}", "to: 2026-12, by: year}", "rulebook-wrong-value"),
    ],
)
def test_faults_of_the_frame_are_told(tmp_path, was, becomes, code):
    text = UNITS.replace(was, becomes, 1)
    _, _, problems = run(written(tmp_path, text, "indicators: [{indicator: a, target: 1}]\n"))
    assert code in codes(problems)


def test_a_file_that_is_no_plan_is_told(tmp_path):
    assert codes(run(written(tmp_path, "- 1\n"))[2]) == ["plan-empty"]
    with pytest.raises(Refused, match="不是能读懂的"):
        run(written(tmp_path, "a: [\n"))
    with pytest.raises(Refused, match="打不开"):
        run(tmp_path / "没有.yaml")
    with pytest.raises(Refused, match="没有内容"):
        run(written(tmp_path, ""))


def test_one_indicator_that_cannot_be_broken_down_does_not_stop_the_others(tmp_path):
    more = "indicators:\n  - {indicator: a, target: 1, locks: [{unit: north, amount: 2}]}\n"
    more += "  - {indicator: b, target: 7}\n"
    allocation, problems = worked_out(written(tmp_path, UNITS, more))
    assert codes(problems) == ["allocation-conflict"]
    assert [item.table.indicator for item in allocation.items] == ["b"]


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(4)), st.lists(st.integers(1, 9), min_size=4, max_size=4))
def test_units_listed_in_another_order_get_the_same_targets(tmp_path_factory, places, weights):
    """Equal weights make ties; they go by the official order, wherever a unit is listed."""
    rows = [f"  - {{unit: u{n}, order: {n + 1}, weight: {weights[n]}}}\n" for n in range(4)]
    folder = tmp_path_factory.mktemp("plans")
    head = "plan: 示例\nperiods: {from: 2026-01, to: 2026-05}\nunits:\n"
    tail = "indicators: [{indicator: a, target: 103, decimals: 0}]\n"
    found = []
    for order in (range(4), places):
        path = written(folder, head, "".join(rows[n] for n in order), tail)
        found.append(worked_out(path)[0].rows)
    assert found[0] == found[1]


@pytest.mark.parametrize("hostile", ["NaN", "1e30", "'1e400'", "1e-30", "-1", "0", "[]"])
def test_no_value_in_a_plan_ends_in_a_traceback(tmp_path, hostile):
    """Every number of two plans in turn is replaced by something that does not belong there."""
    more = "  - {indicator: c, target: 9, stretch: 10, assigned: 8, "
    more += "units-by: {basis: capacity, figures: [6, 4]}, "
    more += "periods-by: {basis: season, figures: [1, 1, 2, 2]}, "
    more += "locks: [{unit: north, period: 三季度, amount: 1}], bounds: [{lower: 2, upper: 9}]}\n"
    chain = "amplification: {nodes: [{node: a, level: x, target: 5}, "
    chain += "{node: b, level: y, parent: a, target: 6, weight: 1}]}\n"
    text = UNITS.replace("12}", "12, by: quarter}") + PARTS + more + chain
    for number in re.finditer(r"(?<=[:\[,] )[\d.]+(?=[,\]}\n])|(?<=\[)\d(?=,)", text):
        broken_text = text[: number.start()] + hostile + text[number.end() :]
        data, _, problems = run(written(tmp_path, broken_text))
        assert data["rows"] or problems


# --- projects -----------------------------------------------------------------------------------

PROJECTS = """\
projects:
  - {project: p1, name: 一号路, unit: north, weight: 4, from: 2026-03, to: 2026-10}
  - {project: p2, name: 二号桥, unit: south, weight: 1}
indicators:
  - {indicator: invest, name: 完成投资, measure: 万元, decimals: 0, target: 68300, over: projects}
  - {indicator: unit_invest, name: 单位投资, decimals: 0, target: 70000, supported-by: invest}
"""


def test_projects_by_months_keep_to_the_time_in_which_they_are_built(tmp_path):
    allocation, problems = worked_out(written(tmp_path, UNITS, PROJECTS))
    table = allocation.items[0].table
    assert problems == []
    assert table.total == 68300
    assert [table.targets["p1", p] == 0 for p in table.periods] == (
        [True] * 2 + [False] * 8 + [True] * 2
    )
    assert (table.of_unit("p1"), table.of_unit("p2")) == (54640, 13660)


def test_projects_stand_behind_the_targets_of_their_unit(tmp_path):
    allocation, _ = worked_out(written(tmp_path, UNITS, PROJECTS))
    rows = {(s.unit, s.period): s for s in allocation.items[1].supports}
    assert rows["north", "2026-01"].projects == ()
    assert rows["north", "2026-05"].projects == ("p1",)
    assert rows["north", "2026-01"].gap == rows["north", "2026-01"].target
    assert sum(s.from_projects for s in rows.values()) == 68300


# --- history ------------------------------------------------------------------------------------

BY_HISTORY = (
    "history: 上年数.csv\nindicators:\n  - {indicator: revenue, name: 营业收入, target: 800}\n"
)


def with_history(tmp_path, *rows, plan=BY_HISTORY, encoding="utf-8"):
    text = "\n".join(("单位,指标,期间,数值", *rows)) + "\n"
    (tmp_path / "上年数.csv").write_bytes(text.encode(encoding))
    return run(written(tmp_path, UNITS, plan))


def monthly(unit, figures):
    return [f"{unit},营业收入,2025-{m:02d},{x}" for m, x in enumerate(figures, start=1)]


def cells(data, unit):
    return [Decimal(r["target"]) for r in data["rows"] if r["unit"] == unit]


def test_last_year_s_figures_give_shares_and_seasons(tmp_path):
    north, south = [10] * 6 + [20] * 6, [5] * 12
    rows = [*monthly("北城公司", north), *monthly("south", south)]
    data, _, problems = with_history(tmp_path, *rows, encoding="gb18030")
    assert problems == []
    scale = Decimal(800) / 240
    for unit, figures in (("north", north), ("south", south)):
        assert all(
            abs(x - scale * y) < Decimal("0.011") for x, y in zip(cells(data, unit), figures)
        )


def test_a_joint_january_and_february_is_spread_by_days(tmp_path):
    rows = ["north,营业收入,2025-01..2025-02,59", *monthly("north", [""] * 2 + [10] * 10)]
    rows += monthly("south", [0] * 12)
    data, _, problems = with_history(tmp_path, *rows)
    assert problems == []
    jan, feb = cells(data, "north")[:2]
    assert abs(jan - Decimal(800) * 31 / 159) < Decimal("0.011")
    assert abs(feb - Decimal(800) * 28 / 159) < Decimal("0.011")


def test_a_unit_with_a_yearly_figure_only_takes_everybody_s_months(tmp_path):
    rows = ["south,营业收入,2025,120", *monthly("north", [10] * 6 + [20] * 6)]
    data, _, problems = with_history(tmp_path, *rows)
    assert problems == []
    south = cells(data, "south")
    assert sum(south) == 320  # 800 · 120 / 300
    assert all(abs(x - Decimal(320) / 18) < Decimal("0.02") for x in south[:6])


def test_faults_of_last_year_s_figures_are_told_with_their_cell(tmp_path):
    rows = [*monthly("north", [1] * 12), "north,营业收入,2025-01,2", "south,营业收入,2025-02,很多",
            "south,营业收入,某月,3", "西城公司,营业收入,2025-01,3"]  # fmt: skip
    _, _, problems = with_history(tmp_path, *rows)
    assert codes(problems)[:4] == [
        "history-twice",
        "history-value",
        "unknown-period",
        "history-unused",
    ]
    assert [p.place.cell for p in problems[:3]] == ["C14", "D15", "C16"]
    assert "南城公司" in problems[-1].message()  # no figures at all


def test_last_year_below_zero_is_refused_with_the_unit(tmp_path):
    rows = [*monthly("north", [-5] * 12), *monthly("south", [1] * 12)]
    problems = with_history(tmp_path, *rows)[2]
    assert set(codes(problems)) == {"allocation-negative-weight"}
    assert "北城公司" in problems[0].message()


def test_missing_columns_and_files_are_told(tmp_path):
    (tmp_path / "上年数.csv").write_text("单位,指标\n", encoding="utf-8")
    path = written(tmp_path, UNITS, BY_HISTORY)
    assert "history-columns" in codes(run(path)[2])
    (tmp_path / "上年数.csv").unlink()
    assert "history-unreadable" in codes(run(path)[2])


def test_a_headline_is_split_by_last_year_s_figures_of_its_parts(tmp_path):
    plan = "history: 上年数.csv\nheadlines: [{headline: all, target: 1000, decimals: 0}]\n"
    plan += "indicators: [{indicator: a, headline: all}, {indicator: b, headline: all}]\n"
    rows = [f"{u},{i},2025,{x}" for u, i, x in
            (("north", "a", 1), ("south", "a", 2), ("north", "b", 3), ("south", "b", 4))]  # fmt: skip
    data, _, problems = with_history(tmp_path, *rows, plan=plan + "", encoding="utf-8")
    assert set(codes(problems)) == {"plan-figures-missing"}  # no months to go by
    equal = plan.replace("headline: all}", "headline: all, periods-by: equal}")
    data, _, problems = with_history(tmp_path, *rows, plan=equal)
    assert problems == []
    assert [i["total"] for i in data["indicators"]] == ["300", "700"]
    assert data["headlines"][0]["total"] == "1000"


def test_other_files_are_read_by_the_caller_s_reader(tmp_path):
    rows = [["unit", "indicator", "period", "value"]]
    rows += [[u, "revenue", f"2025-{m:02d}", 1.5] for u in ("north", "south") for m in range(1, 13)]
    path = written(tmp_path, UNITS, BY_HISTORY.replace(".csv", ".xlsx"))
    data, _, problems = run(path, None, lambda _: rows)
    assert problems == []
    assert data["indicators"][0]["units"] == {"north": "400.00", "south": "400.00"}


# --- further down, and out ----------------------------------------------------------------------


def test_chosen_months_are_carried_down_and_add_up(tmp_path):
    more = "cascade: {periods: [3月], into: [ten-day, week, day], by: working-days}\n"
    more += "indicators: [{indicator: revenue, target: 800, decimals: 0}]\n"
    allocation, _ = worked_out(written(tmp_path, UNITS, more))
    targets = {(r.unit, r.period): r.target for r in allocation.rows}
    for unit in ("north", "south"):
        for kind in ("ten-day", "week", "day"):
            rows = [r for r in allocation.cascaded if (r.unit, r.kind) == (unit, kind)]
            assert sum(r.piece.target for r in rows) == targets[unit, "2026-03"]


def test_periods_to_carry_down_that_the_plan_lacks_are_told(tmp_path):
    more = "cascade: {periods: [2027-03, 某月], into: [day]}\nindicators: [{indicator: a, target: 1}]\n"
    assert codes(run(written(tmp_path, UNITS, more))[2]) == ["plan-period-misfit", "unknown-period"]


def test_workbook_holds_every_target_and_sum_as_a_number(tmp_path):
    allocation, _ = worked_out(written(tmp_path, UNITS, PARTS))
    book = openpyxl.load_workbook(BytesIO(xlsx_bytes(allocation)))
    assert book.sheetnames[:3] == ["景区收入", "景区收入（奋斗目标）", "租赁收入"]
    for item in allocation.items:
        sheet = book[item.breakdown.title]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        for unit, row in zip(item.table.units, rows):
            wanted = [item.table.targets[unit, p] for p in item.table.periods]
            assert [Decimal(str(x)) for x in row[1:]] == [*wanted, item.table.of_unit(unit)]
        assert Decimal(str(rows[-1][-1])) == item.table.total
        assert sheet["B3"].number_format == "#,##0.00"


def test_names_like_formulas_stay_text_in_files(tmp_path):
    text = UNITS.replace("北城公司", "=1+1")
    path = written(tmp_path, text, "indicators: [{indicator: a, name: '@b', target: 1}]\n")
    allocation, _ = worked_out(path)
    book = openpyxl.load_workbook(BytesIO(xlsx_bytes(allocation)))
    assert (book["@b"]["A3"].value, book["@b"]["A3"].data_type) == ("=1+1", "s")
    rows = list(csv.reader(StringIO(csv_bytes(allocation).decode("utf-8-sig"))))
    assert rows[1][:2] == ["'=1+1", "'@b"]


def test_sheet_names_are_kept_short_and_apart(tmp_path):
    long = "很长的指标名称" * 6
    more = "indicators:\n" + "".join(
        f"  - {{indicator: i{n}, name: '{long}{n}/', target: 1}}\n" for n in range(12)
    )
    allocation, _ = worked_out(written(tmp_path, UNITS, more))
    names = openpyxl.load_workbook(BytesIO(xlsx_bytes(allocation))).sheetnames
    assert len(set(names)) == 12
    assert max(map(len, names)) <= 31


def test_json_data_has_the_published_shape(tmp_path):
    data, _, _ = run(written(tmp_path, UNITS, PARTS))
    shape = msgspec.convert(data, AllocationData)
    assert shape.problems == []
    assert sum(Decimal(row.target) for row in shape.rows) == Decimal(shape.headlines[0].target)


def test_text_shows_sums_and_the_meter(tmp_path):
    allocation, _ = worked_out(written(tmp_path, UNITS, PARTS))
    text = text_of(allocation)
    assert "达到333.34万元" in text
    assert "上级下达到本级" in text
    assert text_of(replace(allocation, items=(), amplified=())) == "\n"


def test_result_is_written_as_csv_and_xlsx_only(tmp_path):
    path = written(tmp_path, UNITS, PARTS)
    run(path, tmp_path / "结果.csv")
    lines = (tmp_path / "结果.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "单位,指标,期间,目标,奋斗目标"
    assert len(lines) == 1 + 2 * 2 * 12
    run(path, tmp_path / "结果.xlsx")
    assert (tmp_path / "结果.xlsx").read_bytes()[:2] == b"PK"
    with pytest.raises(Refused, match=r"不能写出“\.pdf”"):
        run(path, tmp_path / "结果.pdf")
    with pytest.raises(Refused, match="没有写出"):
        run(path, tmp_path / "没有" / "结果.csv")
