"""Money of projects and the assessment of units, against cases counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saima.periods import parse
from saima.projects.assessment import MEASURES, assess, assess_unit, behind
from saima.projects.model import Milestone, Project
from saima.projects.money import Money, together

THIRD = parse("2026年3季度")
OVER = date(2026, 10, 20)


def money(done: int, plan: int, year: int, month: str = "2026-09", total: int = 90000) -> Money:
    """All of the plan to date and of what was done in one month."""
    found = Money(Decimal(total), Decimal(0), Decimal(year), month, {month: Decimal(plan)})
    found.series["statistical"][month] = Decimal(done)
    return found


def project(unit: str = "甲公司", **values: Any) -> Project:
    return Project(**{"name": "水厂", "unit": unit, **values})


def test_published_gaps_come_out_of_unrounded_amounts() -> None:
    sanyuan = money(236800, 1, 320000, "2026-08")  # 23.68亿元 is 74 % of the year's plan
    assert sanyuan.calendar_gap == pytest.approx(7.3333333)
    jiangmen = money(6290000, 1, 6474000, "2026-10")
    assert jiangmen.share == pytest.approx(97.158, abs=0.001)
    assert jiangmen.calendar_gap == pytest.approx(13.825, abs=0.001)


def test_shares_of_many_are_of_their_sums() -> None:
    whole = together([money(50, 100, 100), money(900, 900, 900)], "2026-09")
    assert whole.share == 95.0
    assert whole.gap == -5.0


def test_series_are_never_added_to_one_another() -> None:
    one = money(50, 100, 100)
    one.series["paid"]["2026-09"] = Decimal(7)
    whole = together([one, one], "2026-09")
    assert (whole.to_date(), whole.to_date("paid"), whole.to_date("physical")) == (100, 14, 0)


def test_a_units_quarter_counted_by_hand() -> None:
    """plan 25·800/1000 = 20; pace 15·(800/1200)/0.75 = 13.33; starts 20·2/3; statistics 15·1/2;

    milestones 25·1/2: together 66.666… of 100; one yellow and one red card: less 2.5.
    """
    rows = [
        project(
            money=money(800, 1000, 1200), start_due=date(2026, 1, 1), started_on=date(2026, 1, 5),
            included_on=date(2026, 2, 1), yellow=1,
            milestones=(
                Milestone("封顶", date(2026, 8, 1), date(2026, 8, 1)),
                Milestone("验收", date(2026, 9, 30), date(2026, 10, 8)),
                Milestone("通水", date(2026, 10, 5)),
            ),
        ),
        project(name="步道", start_due=date(2026, 9, 30), started_on=date(2026, 9, 30), red=1),
        project(name="泵站", start_due=date(2026, 7, 1)),
        project(name="来年", start_due=date(2027, 1, 1)),
    ]  # fmt: skip
    found = assess_unit("甲公司", rows, THIRD, OVER, "2026-09")
    marks = {m.measure.key: m.marks for m in found.marks}
    assert marks == pytest.approx(
        {"plan": 20.0, "pace": 40 / 3, "starts": 40 / 3, "statistics": 7.5, "milestones": 12.5}
    )
    assert found.score == pytest.approx(66.6666667 - 2.5)
    assert [item.project.name for item in found.starts.missed] == ["泵站"]
    assert [item.what for item in found.milestones.missed] == ["验收"]


def test_what_cannot_be_measured_is_left_out_and_the_rest_scaled() -> None:
    """Only starts (20 marks, one of two) can be measured: 10 of 20 are 50 of 100."""
    rows = [
        project(start_due=date(2026, 1, 1)),
        project(
            name="步道", start_due=date(2026, 1, 1), started_on=date(2026, 2, 1),
            money=Money(total=Decimal(499)),
        ),
    ]  # fmt: skip
    found = assess_unit("甲公司", rows, THIRD, OVER, "2026-09")
    assert found.score == pytest.approx(50.0)
    assert found.share_of("statistics") is None


def test_a_unit_where_nothing_is_due_has_no_score_and_no_place() -> None:
    rows = [project(), project("乙公司", start_due=date(2026, 1, 1))]
    found = assess(rows, THIRD, OVER, "2026-09")
    assert [(x.unit, x.score, x.place) for x in found] == [("乙公司", 0.0, 1), ("甲公司", None, 0)]


def test_units_with_the_same_score_share_a_place() -> None:
    rows = [
        project(unit, start_due=date(2026, 1, 1), started_on=begun)
        for unit, begun in (("甲", None), ("乙", date(2026, 2, 1)), ("丙", date(2026, 2, 2)))
    ]
    for one in rows:
        assert one.money.total == 0
    found = assess(rows, THIRD, OVER, "2026-09")
    assert [(x.unit, x.place) for x in found] == [("乙", 1), ("丙", 1), ("甲", 3)]


def test_more_than_the_plan_earns_no_more_than_full_marks() -> None:
    found = assess_unit("甲", [project(money=money(2400, 1000, 1200))], THIRD, OVER, "2026-09")
    assert [m.marks for m in found.marks[:2]] == [25, 15]
    assert found.score == 100


@pytest.mark.parametrize(
    ("done", "today", "counted"),
    [
        (None, date(2026, 8, 20), (0, 0)),
        (date(2026, 8, 20), date(2026, 8, 20), (1, 1)),
        (None, date(2026, 8, 21), (0, 1)),
        (date(2026, 8, 25), date(2026, 8, 26), (0, 1)),
    ],
)
def test_a_milestone_has_the_whole_of_its_day(
    done: date | None, today: date, counted: tuple[int, int]
) -> None:
    rows = [project(milestones=(Milestone("封顶", date(2026, 8, 20), done),))]
    found = assess_unit("甲", rows, THIRD, today, "2026-07").milestones
    assert (found.met, found.of) == counted


def test_the_quarter_is_judged_on_its_last_day_once_it_is_over() -> None:
    rows = [project(start_due=date(2026, 9, 1), started_on=date(2026, 10, 2))]
    assert assess_unit("甲", rows, THIRD, OVER, "2026-09").starts.share == 0


def test_projects_of_unknown_size_are_due_in_the_statistics_small_ones_are_not() -> None:
    begun = {"started_on": date(2026, 1, 5)}
    small, large, unknown = (
        project(money=Money(total=Decimal(total)), **begun) for total in (499, 500, 0)
    )
    assert [p.due_in_statistics(OVER) for p in (small, large, unknown)] == [False, True, True]


def test_those_behind_are_listed_the_furthest_first() -> None:
    rows = [project(name=n, money=money(d, 100, 100)) for n, d in (("一", 90), ("二", 40), ("三", 100))]  # fmt: skip
    assert [p.name for p in behind(rows)] == ["二", "一"]


def test_the_method_gives_a_hundred_marks_and_names_its_sources() -> None:
    assert sum(m.full for m in MEASURES) == 100
    assert all(m.source and m.rule for m in MEASURES)
