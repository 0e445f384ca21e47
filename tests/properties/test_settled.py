"""Readings on which engine and reference once differed, each in its smallest campaign."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from saima.campaigns import Campaign, Event, Indicator, Unit
from saima.periods import Clock
from saima.rules.methods import method
from saima.rules.rulebook import Grade, Leaf, Node, Rounding, Rulebook
from tests.support.comparing import differences, engine_score
from tests.support.generated import Case

YEAR = Clock("natural_year", date(2026, 1, 1), date(2026, 12, 31))
HUNDRED_DAYS = Clock("days", date(2026, 3, 1), date(2026, 6, 8))


def indicator(code: str = "x", **shape: Any) -> Indicator:
    return Indicator(code=code, name=code, **shape)


def leaf(name: str = "attainment", *, code: str = "x", weight: float = 10.0, **shape: Any) -> Leaf:
    """A leaf with a method; settings in `with_`, its other fields as they are called."""
    settings = msgspec.convert(shape.pop("with_", {}), method(name).Settings)
    return Leaf(indicator=code, weight=weight, method=name, settings=settings, **shape)


def case(
    leaves: list[Leaf] | None = None,
    *,
    facts: dict[tuple[str, str, str], float | str] | None = None,
    targets: dict[tuple[str, str, str], float] | None = None,
    indicators: tuple[Indicator, ...] = (indicator(),),
    units: str = "a",
    parents: dict[str, str] | None = None,
    clock: Clock = YEAR,
    events: tuple[Event, ...] = (),
    **rules: Any,
) -> Case:
    """A campaign of one track; facts by (unit, indicator, period), a text is a kind of missing."""
    campaign = Campaign(
        name="示例攻坚行动",
        organisation="示例集团",
        clock=clock,
        units=tuple(
            Unit(code=u, name=u, order=n, track="赛道", parent=(parents or {}).get(u, ""))
            for n, u in enumerate(units)
        ),
        indicators=indicators,
        tracks=("赛道",),
        events=events,
    )
    rules.setdefault("tree", (Node(category="类", indicators=tuple(leaves or [])),))
    rulebook = Rulebook(rulebook="settled", name="示例办法", **rules)
    return Case(campaign, fact_rows(facts or {}), target_rows(targets or {}), rulebook)


def fact_rows(facts: dict[tuple[str, str, str], float | str]) -> list[dict[str, Any]]:
    rows = []
    for (unit, code, period), value in facts.items():
        said = {"value": None, "missing": value} if isinstance(value, str) else {"value": value}
        row = {"unit": unit, "indicator": code, "period": period, "source": "confirmed"}
        rows.append(row | {"missing": ""} | said)
    return rows


def target_rows(targets: dict[tuple[str, str, str], float]) -> list[dict[str, Any]]:
    return [
        {"unit": u, "indicator": code, "period": period, "target": value, "stretch": None}
        for (u, code, period), value in targets.items()
    ]


def last(found: Case, unit: str = "a") -> dict[str, Any]:
    """The unit's row in the last scored period; reference and engine must agree on all of them."""
    assert differences(found) == []
    return next(row for row in list(engine_score(found).values())[-1] if row["unit"] == unit)


def mark(found: Case, unit: str = "a") -> tuple[float | None, str]:
    first = last(found, unit)["marks"][0]
    return first["marks"], first["state"]


@pytest.mark.parametrize("test", ["at-least", "at-most"])
def test_missing_target_passes_and_fails_no_test(test: str) -> None:
    chosen = leaf("all-or-nothing", with_={"test": test, "otherwise": 4.0})
    assert mark(case([chosen], facts={("a", "x", "2026-01"): 5.0})) == (0.0, "zero")


def test_missing_plan_decides_no_branch_of_a_formula() -> None:
    chosen = leaf("formula", with_={"marks": "if(actual >= plan, W, W/2)"})
    assert mark(case([chosen], facts={("a", "x", "2026-01"): 5.0})) == (0.0, "zero")


def test_nothing_is_cleared_without_an_opening() -> None:
    homes = indicator(direction="clear-to-zero", nature="point-in-time")
    facts = {("a", "x", "2026-01"): 5.0}
    found = case([leaf("clear-to-zero")], facts=facts, indicators=(homes,))
    assert mark(found) == (0.0, "zero")


def test_unit_without_a_figure_has_no_part_in_equal_marks() -> None:
    chosen = leaf("efficacy", with_={"of": "growth", "when-equal": "full"})
    facts = {("a", "x", "2026-01"): 5.0, ("b", "x", "2026-01"): 6.0, ("b", "x", "2025-01"): 3.0}
    found = case([chosen], facts=facts, units="ab")
    assert mark(found) == (0.0, "zero")
    assert mark(found, "b") == (10.0, "marked")


def test_threshold_not_reached_gives_no_mark_without_a_base() -> None:
    chosen = leaf(
        "volume", with_={"each": 1.0, "adds": 1.0, "threshold": 9.0}, when_missing="exclude"
    )
    found = case([chosen], facts={("a", "x", "2026-01"): 5.0})
    assert mark(found) == (None, "left_out")


def test_points_for_events_need_no_figure() -> None:
    chosen = leaf("per-event", code="y", with_={"events": [{"name": "项目开工", "adds": 2.0}]})
    started = Event(kind="bonus", unit="a", name="项目开工", on=date(2026, 1, 9), count=3.0)
    found = case(
        [chosen, leaf()],
        facts={("a", "x", "2026-01"): 5.0},
        indicators=(indicator(), indicator("y")),
        events=(started,),
    )
    assert mark(found) == (6.0, "marked")


def test_event_that_the_rulebook_does_not_name_changes_no_score() -> None:
    praised = Event(kind="bonus", unit="a", name="表扬", on=date(2026, 1, 9), points=3.0)
    facts, targets = {("a", "x", "2026-01"): 5.0}, {("a", "x", "2026"): 10.0}
    assert last(case([leaf()], facts=facts, targets=targets, events=(praised,)))["score"] == 5.0


def test_excluded_month_leaves_the_sums_after_it_out() -> None:
    flow = indicator(nature="in-period")
    facts = {("a", "x", "2026-01"): "excluded", ("a", "x", "2026-02"): 5.0}
    found = case([leaf()], facts=facts, targets={("a", "x", "2026"): 10.0}, indicators=(flow,))
    assert mark(found) == (None, "left_out")


def test_gap_in_a_sum_is_missing_before_a_target_is_refused() -> None:
    flow = indicator(nature="in-period")
    chosen = leaf(when_missing="exclude")
    facts = {("a", "x", "2026-02"): 5.0}
    found = case([chosen], facts=facts, targets={("a", "x", "2026"): 0.0}, indicators=(flow,))
    assert mark(found) == (None, "left_out")


def test_weighted_sum_makes_up_by_full_marks_not_by_weights_alone() -> None:
    """60 and 40 points, the 40 left out: 30 of 60 come to 50 of 100, not to 60."""
    parts = (
        Node(category="甲", indicators=(leaf(weight=60.0),)),
        Node(category="乙", indicators=(leaf(code="y", weight=40.0),)),
    )
    found = case(
        tree=parts,
        aggregate="weighted-sum",
        facts={("a", "x", "2026-01"): 5.0, ("a", "y", "2026-01"): "not-applicable"},
        targets={("a", "x", "2026"): 10.0},
        indicators=(indicator(), indicator("y")),
    )
    assert last(found)["score"] == 50.0


def test_opening_is_not_held_as_a_figure_of_the_campaign() -> None:
    stock = indicator(nature="point-in-time")
    found = case(
        [leaf(with_={"of": "actual", "cap": None}, when_missing="zero")],
        facts={("a", "x", "D0"): 7.0, ("a", "y", "2026-03-01"): 1.0},
        indicators=(stock, indicator("y", frequency="day")),
        clock=HUNDRED_DAYS,
        scores="day",
    )
    assert mark(found) == (None, "left_out")


def test_sum_of_a_hundred_days_has_no_single_day_of_last_year_as_its_base() -> None:
    flow = indicator(nature="in-period", frequency="day")
    days = {("a", "x", f"{year}-03-0{n}"): 5.0 for year in (2025, 2026) for n in (1, 2)}
    found = case(
        [leaf(with_={"of": "growth", "cap": None}, when_missing="exclude")],
        facts=days,
        indicators=(flow,),
        clock=HUNDRED_DAYS,
        scores="day",
    )
    assert mark(found) == (None, "left_out")


def test_unrounded_scores_tie_for_a_grade_without_their_binary_noise() -> None:
    """0.1 + 0.2 is 0.3: two equal units do not get one of one place."""
    facts = {("a", "x", "2026-01"): 0.1, ("a", "y", "2026-01"): 0.2, ("b", "x", "2026-01"): 0.3,
             ("b", "y", "2026-01"): 0.0}  # fmt: skip
    marks = {"marks": "actual"}
    found = case(
        [leaf("formula", with_=marks), leaf("formula", code="y", with_=marks)],
        facts=facts,
        indicators=(indicator(), indicator("y")),
        units="ab",
        rounding=Rounding(score=None),
        grades=(Grade(name="优秀", at_most=0.5), Grade(name="合格")),
    )
    assert [last(found, unit)["grade"] for unit in "ab"] == ["合格", "合格"]


def test_derived_indicator_of_a_parent_is_made_of_rolled_up_figures() -> None:
    summed, double = indicator(rolls_up="sum"), indicator("d", formula="2*x")
    found = case(
        [leaf("formula", code="d", with_={"marks": "actual"})],
        facts={("b", "x", "2026-01"): 1.0, ("c", "x", "2026-01"): 2.0},
        indicators=(summed, double),
        units="abc",
        parents={"b": "a", "c": "a"},
    )
    assert mark(found) == (6.0, "marked")


def test_indicator_that_applies_to_no_child_does_not_apply_to_the_parent() -> None:
    found = case(
        [leaf(weight=10.0)],
        facts={("b", "x", "2026-01"): "not-applicable", ("c", "y", "2026-01"): 2.0},
        targets={("a", "x", "2026"): 10.0},
        indicators=(indicator(rolls_up="sum"), indicator("y")),
        units="abc",
        parents={"b": "a"},
    )
    assert mark(found) == (None, "left_out")
