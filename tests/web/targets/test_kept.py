"""The overview's lines are kept, and made anew when anything that they tell of has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from saima_web.base.clock import now
from saima_web.people.models import Unit, User
from saima_web.targets import kept, lists
from saima_web.targets.models import Headline, Target, TargetSet
from saima_web.targets.overview import Overview
from tests.web.cast import House
from tests.web.targets.helpers import lines_made

As = Callable[[User], Client]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return lines_made(monkeypatch)


def lines(house: House, who: str = "office") -> dict[str, dict[str, object]]:
    view = Overview(house.campaign, User.objects.get(pk=house.people[who].pk))
    return {str(r["code"]): dict(r) for r in lists.headline_table(view).rows}


def test_lines_are_made_once_for_all_who_see_all(house: House, made: list[str]) -> None:
    assert lines(house) == lines(house, "leader")
    assert made == ["revenue", "investment"]


def test_approved_set_shows_at_once_and_a_draft_does_not(house: House, made: list[str]) -> None:
    assert lines(house)["revenue"]["base"] == 36000
    batch = TargetSet.objects.create(campaign=house.campaign, title="调整", made_at=now())
    Target.objects.create(
        batch=batch, unit=house.units["E1"], indicator=house.indicators["revenue"],
        period="2026", value="13000", recorded_at=now(),
    )  # fmt: skip
    assert lines(house)["revenue"]["base"] == 36000
    batch.state, batch.decided_at = "approved", now() + timedelta(seconds=1)
    batch.save()
    assert lines(house)["revenue"]["base"] == 37000
    assert made.count("revenue") == 3


def test_names_headlines_and_units_show_at_once(house: House) -> None:
    lines(house)
    house.indicators["revenue"].name = "营业总收入"
    house.indicators["revenue"].save()
    Headline.objects.create(
        campaign=house.campaign, indicator=house.indicators["revenue"], comparator="exceed",
        assigned="30000", recorded_at=now(),
    )  # fmt: skip
    Unit.objects.filter(code="E1").update(valid_to=house.campaign.start)
    found = lines(house)["revenue"]
    assert (found["name"], found["comparator"], found["due"]) == ("营业总收入", "突破", 2)


def test_who_sees_a_part_is_told_of_that_part(house: House) -> None:
    wide, own = lines(house), lines(house, "clerk")
    assert (wide["revenue"]["base"], own["revenue"]["base"]) == (36000, 12000)
    assert len(kept._kept) == 1


def test_grid_of_one_indicator_tells_what_the_overview_tells(house: House) -> None:
    for who in ("office", "clerk", "owner"):
        by = User.objects.get(pk=house.people[who].pk)
        row = house.indicators["revenue"]
        whole, one = Overview(house.campaign, by), Overview(house.campaign, by, [row.code])
        assert whole.row(row) == one.row(row) and whole.concerns(row) == one.concerns(row)
        assert whole.units == one.units


def test_an_overview_narrowed_after_reading_tells_the_same(house: House) -> None:
    for who in ("office", "clerk", "owner"):
        by = User.objects.get(pk=house.people[who].pk)
        row, whole = house.indicators["revenue"], Overview(house.campaign, by)
        told = whole.row(row)
        assert whole.units and whole.indicators
        one = whole.narrowed([row.code])
        assert (one.row(row), one.units) == (told, whole.units)
        assert one.concerned == [x for x in whole.indicators if x == row]
