"""Tables of places and marks: the usual columns, and a shape that fits what there is."""

from __future__ import annotations

from datetime import date

import pytest

from saima.briefing.model import NOT_APPLICABLE, Missing, Tied
from saima.briefing.ranking_tables import marks_tables, ranking_table
from saima.campaigns import Assignment, DocumentSettings, Event
from tests.library.briefing.invented import INDICATORS, RULEBOOK, figure, overview, units

MANY = RULEBOOK.replace(
    "  - category: 项目\n",
    "      - {indicator: revenue, weight: 1, method: attainment}\n" * 7 + "  - category: 项目\n",
    1,
)
"""Eleven marks a unit."""


def test_ranking_table_carries_the_usual_columns():
    table = ranking_table(overview(), overview().groups[0])
    assert [c.heading for c in table.columns] == [
        "位次", "单位", "得分", "8月位次", "位次变化", "距前一名（分）", "梯队", "月月红",
    ]  # fmt: skip
    assert table.rows[1] == (2, "栖湖文旅", 94.49, 4, 2, pytest.approx(5.51), "第二梯队", None)
    assert table.title == "经营类排名表"


def test_columns_without_content_are_left_out():
    plain = RULEBOOK.replace("tiers:", "# tiers:").replace("seals:", "# seals:")
    view = overview(plain, months=1)
    assert [c.header for c in ranking_table(view, view.groups[0]).columns] == [
        "位次", "单位", "得分", "距前一名",
    ]  # fmt: skip


def test_ties_are_ties_and_units_apart_say_why():
    level = {
        (u.code, x.code, m): figure(1, x.code, m)
        for u in units()
        for x in INDICATORS
        for m in range(10)
    }
    view = overview(changed=level)
    ranks = [row[0] for row in ranking_table(view, view.groups[1]).rows]
    assert ranks == [Tied(1), Tied(1), Missing("单列")]


def test_table_can_stand_in_official_order():
    view = overview(documents=DocumentSettings(order="official"))
    names = [row[1] for row in ranking_table(view, view.groups[0]).rows]
    assert names == ["澄江置业", "云岭交通", "栖湖文旅", "望岳建设"]


def test_notes_say_how_ranks_are_given_and_what_movement_is_against():
    view = overview()
    assert ranking_table(view, view.groups[0]).notes == (
        "按四舍五入到2位小数的得分排名，同分并列，下一名次顺延。",
        "位次变化与重新计算的8月位次比较。",
    )


def test_few_marks_stand_beside_one_another_with_the_score():
    events = [Event(kind="bonus", unit="u1", name="典型经验", on=date(2026, 8, 3))]
    view = overview(events=events)
    (table,) = marks_tables(view, view.groups[0])
    assert [c.heading for c in table.columns][1:] == [
        "营业收入（40分）", "固定资产投资（30分）", "未签约户数（10分）", "隐患整改率（20分）", "加分", "总分",
    ]  # fmt: skip
    for row in table.rows:
        assert sum(row[1:-1]) == pytest.approx(row[-1])


def test_many_marks_of_few_units_are_turned():
    view = overview(MANY)
    (table,) = marks_tables(view, view.groups[0])
    assert [c.header for c in table.columns] == [
        "类别", "指标", "满分", "云岭交通", "栖湖文旅", "望岳建设", "澄江置业",
    ]  # fmt: skip
    column = [row[3] for row in table.rows]
    assert sum(column[:-1]) == pytest.approx(column[-1])
    assert table.bold_rows == (len(table.rows) - 1,)


def test_many_marks_of_many_units_are_parted_by_category():
    view = overview(MANY, of=units(12, ("全部",)))
    titles = [t.title for t in marks_tables(view, view.groups[0])]
    assert titles == ["全部分项得分表（经营）", "全部分项得分表（项目）", "全部分项得分表（安全）"]


def test_marks_of_units_with_tasks_of_their_own_are_listed():
    own = [Assignment(indicator="revenue", unit="u0")]
    view = overview(MANY, of=units(12, ("全部",)), assignments=own)
    (table,) = marks_tables(view, view.groups[0])
    assert [c.header for c in table.columns] == ["单位", "类别", "指标", "满分", "得分"]
    totals = {row[0]: row[4] for row in table.rows if row[1] == "总分"}
    for unit in view.result.units:
        assert totals[view.label(unit.unit)] == unit.score


def test_unheld_mark_is_a_dash_and_full_marks_that_differ_are_not_stated():
    own = [
        Assignment(indicator="left", unit="u0", weight=10),
        Assignment(indicator="left", unit="u1", weight=12),
    ]
    view = overview(assignments=own)
    (table,) = marks_tables(view, view.groups[0])
    place = [c.header for c in table.columns].index("未签约户数")
    assert table.columns[place].measure == ""
    assert [row[place] is NOT_APPLICABLE for row in table.rows].count(True) == 2
