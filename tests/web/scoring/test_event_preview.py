"""Before an event is registered its effect is shown, and it is what the next run then gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from saima_web.people.models import User
from saima_web.scoring import actions, events
from saima_web.scoring.event_preview import preview
from saima_web.scoring.models import ScoreEvent, ScoreRun
from saima_web.scoring.queries import result_of
from tests.web.cast import House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
ADDRESS = "/c/race/events/preview/"


@pytest.fixture
def run(house: House) -> ScoreRun:
    return publish(house, "2026-09")[0]


def given(house: House, **other: Any) -> dict[str, Any]:
    return {
        "kind": "deduction", "unit": house.units["E1"], "name": "工作推动不力",
        "on": date(2026, 9, 20), "count": "4", "points": "", "expires": None, **other,
    }  # fmt: skip


def sent(house: House, **other: Any) -> dict[str, Any]:
    values = {
        **given(house),
        "unit": house.units["E1"].pk,
        "on": "2026-09-20",
        "expires": "",
        **other,
    }
    return {k: v for k, v in values.items() if v is not None}


def test_preview_equals_the_run_after_the_event_is_registered(house: House, run: ScoreRun) -> None:
    seen = preview(house.campaign, given(house))
    assert seen is not None and seen.changes
    events.record_event(
        campaign=house.campaign, by=house.office, basis="示例〔2026〕9号", **given(house)
    )
    later = actions.run(
        campaign=house.campaign, period="2026-09", by=house.office, reason="补登扣分"
    )
    real = {u.unit: u for u in result_of(later).units}
    assert (seen.after.score, seen.after.rank) == (real["E1"].score, real["E1"].rank)
    assert (seen.before.score or 0) - (seen.after.score or 0) == pytest.approx(4)
    for mover in seen.movers:
        unit = next(u for u in real.values() if str(house.units[u.unit]) == mover["name"])
        assert (mover["score"], mover["rank"]) == (unit.score, unit.rank)


def test_who_is_passed_stands_in_the_list_of_movers(house: House, run: ScoreRun) -> None:
    first = next(u for u in result_of(run).units if u.track == "经营类" and u.rank == 1)
    seen = preview(house.campaign, given(house, unit=house.units[first.unit], count="5"))
    assert seen is not None and seen.moved == -1
    assert [m["moved"] for m in seen.movers] == [1]


def test_limit_of_the_rulebook_holds_in_the_preview(house: House, run: ScoreRun) -> None:
    bonus = given(house, kind="bonus", name="典型经验推广", count="9")
    seen = preview(house.campaign, bonus)
    assert seen is not None
    assert (seen.after.score or 0) - (seen.before.score or 0) == pytest.approx(3)
    assert "依据第四条：每次1分，最多3分。" in seen.notes


def test_a_name_that_the_rulebook_does_not_know_changes_nothing(
    house: House, run: ScoreRun
) -> None:
    seen = preview(house.campaign, given(house, name="迟到"))
    assert seen is not None and not seen.changes
    assert any("登记了也不计分" in note for note in seen.notes)


def test_an_event_after_the_published_month_says_what_it_is_tried_on(
    house: House, run: ScoreRun
) -> None:
    seen = preview(house.campaign, given(house, on=date(2026, 11, 2)))
    assert seen is not None and seen.changes
    assert "这里按2026年9月试算" in seen.notes[0]
    assert preview(house.campaign, given(house, unit=house.units["D1"])) is None


def test_nothing_is_published_nothing_can_be_tried(house: House) -> None:
    assert preview(house.campaign, given(house)) is None


def test_office_sees_before_and_after_and_nothing_is_saved(
    house: House, as_user: As, run: ScoreRun
) -> None:
    page = as_user(house.office).post(ADDRESS, sent(house)).content.decode()
    score = next(u.score for u in result_of(run).units if u.unit == "E1")
    assert score is not None
    assert f"总分{score:.2f}→{score - 4:.2f}分" in page and "位次" in page
    assert not ScoreEvent.objects.exists()


def test_unfinished_form_waits_and_a_wrong_one_says_what_is_wrong(
    house: House, as_user: As, run: ScoreRun
) -> None:
    client = as_user(house.office)
    assert "选好单位" in client.post(ADDRESS, sent(house, unit="")).content.decode()
    wrong = client.post(ADDRESS, sent(house, count="-1")).content.decode()
    assert "次数要大于0" in wrong and "→" not in wrong
    assert "event-effect" in client.get("/c/race/events/").content.decode()


@pytest.mark.parametrize("who", ["leader", "head", "clerk", "viewer"])
def test_nobody_but_the_office_tries_an_event(
    house: House, as_user: As, run: ScoreRun, who: str
) -> None:
    client = as_user(house.people[who])
    assert client.post(ADDRESS, sent(house)).status_code == 403
    assert "event-effect" not in client.get("/c/race/events/").content.decode()


def test_preview_is_not_read_by_address_alone(house: House, as_user: As, run: ScoreRun) -> None:
    assert as_user(house.office).get(ADDRESS).status_code == 405
