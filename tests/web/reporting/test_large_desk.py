"""A desk that the database pages shows what the whole desk shows, in the same order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from saima_web.people.models import User
from saima_web.reporting import review, round_words
from saima_web.reporting.large_desk import BOXES, LargeDesk
from saima_web.reporting.models import Entry, Figure, Remark, Round
from tests.web.cast import PAST, House

As = Callable[[User], Client]
REVIEW = "/c/race/rounds/2026-10/review/"
STATES = ("empty", "draft", "submitted", "endorsed", "confirmed", "returned")


@pytest.fixture
def round(house: House, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A round whose cells stand in every way, one indicator given by its owner."""
    monkeypatch.setattr(review, "LARGE", 1)
    house.indicators["investment"].provider = "owner"
    house.indicators["investment"].save()
    cells = list(Entry.objects.order_by("unit__order", "indicator__order"))
    for cell, state in zip(cells, STATES, strict=True):
        cell.state = state if cell.indicator.code == "revenue" else "empty"
        if cell.state != "empty":
            cell.reported = Figure.objects.create(
                unit=cell.unit, indicator=cell.indicator, period="2026-10", source="reported",
                value="950", by=house.clerk, recorded_at=PAST,
            )  # fmt: skip
        cell.save()
    found = Round.objects.select_related("campaign").get()
    cells = list(found.entries.filter(indicator__code="revenue").order_by("unit__order"))
    for cell, state in zip(cells, ("submitted", "endorsed", "returned"), strict=True):
        Entry.objects.filter(pk=cell.pk).update(state=state, reason="口径不对")
    Remark.objects.create(entry=cells[2], kind="return", text="口径不对", at=PAST)
    return found


@pytest.mark.parametrize("name", ["office", "head", "owner", "other_owner", "clerk", "leader"])
def test_pages_hold_what_the_whole_desk_holds(house: House, round: Round, name: str) -> None:
    by = User.objects.get(pk=house.people[name].pk)
    large, whole = review.desk_for(by, round), review.desk_of(by, round)
    assert isinstance(large, LargeDesk) and whole.rows
    assert [r["pk"] for r in large.rows] == [r["pk"] for r in whole.rows]
    assert list(large.rows) == list(whole.rows)
    assert (large.units, large.indicators) == (whole.units, whole.indicators)
    assert large.events == whole.events and large.numbers() == whole.numbers()
    assert round_words.desk_answer(large) == round_words.desk_answer(whole)
    for box in review.desk_table(whole).boxes:
        kept = [r["pk"] for r in whole.rows if box.test(r)]
        if box.key in BOXES:
            assert [r["pk"] for r in large.rows.asked("", box.key)] == kept
            assert large.rows.counts("")[box.key] == len(kept)


def test_stretches_of_a_desk_join_to_the_whole(house: House, round: Round) -> None:
    rows = review.desk_for(house.office, round).rows
    whole = [r["pk"] for r in rows]
    for size in (1, 2, 4):
        parts = [rows[at : at + size] for at in range(0, len(whole), size)]
        assert [r["pk"] for part in parts for r in part] == whole
    assert rows[len(whole) :] == []


def test_search_finds_by_unit_and_indicator_together(house: House, round: Round) -> None:
    rows = review.desk_for(house.office, round).rows
    found = [(r["unit"], r["indicator"]) for r in rows.asked("栖湖 营业", "")]
    assert found == [("栖湖文旅", "营业收入")]
    assert rows.counts("栖湖")[""] == 2 and not rows.asked("没有的单位", "")


def test_page_of_a_large_desk_decides_filters_and_exports_as_ever(
    house: House, as_user: As, round: Round
) -> None:
    page = as_user(house.owner).get(REVIEW).content.decode()
    assert 'name="do"' in page and page.count('name="entry"') == 1
    office = as_user(house.office)
    assert "栖湖文旅" in office.get(REVIEW + "?box=submitted").content.decode()
    assert "待核定 <b>1</b>" in office.get(REVIEW + "?box=endorsed").content.decode()
    whole = office.get(REVIEW + "?box=asks").content.decode()
    assert "有疑问 <b>" in whole and "有疑问 <b>" not in page
    assert office.get(REVIEW + "?export=xlsx").headers["Content-Type"].endswith("sheet")
    assert office.get(REVIEW + "?page=9&q=%20").status_code == 200


def test_nothing_of_other_units_is_counted_or_offered(
    house: House, as_user: As, round: Round
) -> None:
    page = as_user(house.clerk).get(REVIEW).content.decode()
    assert "栖湖文旅" in page and "澄江置业" not in page and "望岳建设" not in page
