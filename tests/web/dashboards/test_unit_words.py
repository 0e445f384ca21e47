"""A unit's page: what the unit says of being behind, and its sheet to take away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from saima_web.base.clock import now
from saima_web.dashboards.reasons import reasons_of
from saima_web.people.models import User
from saima_web.reporting.models import Entry, Remark, Round
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreRun
from saima_web.targets.models import Countermeasure
from tests.web.cast import House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
PAGE = "/c/race/units/E1/"
CAUSE, MEASURE = "景区改造停业三周", "延长夜场，补办秋季节庆"


@pytest.fixture
def run(house: House) -> ScoreRun:
    return publish(house, "2026-09")[0]


def explain(house: House, unit: str = "E1") -> None:
    """The unit's words with September's revenue."""
    row, _made = Round.objects.get_or_create(
        campaign=house.campaign, period="2026-09",
        defaults={"state": "closed", "opens_on": date(2026, 10, 1), "due_at": now(), "confirm_due_at": now()},
    )  # fmt: skip
    entry = Entry.objects.create(
        round=row, unit=house.units[unit], indicator=house.indicators["revenue"]
    )
    Remark.objects.create(
        entry=entry, kind="behind", text=CAUSE, measure=MEASURE, catch_up_on=date(2026, 12, 20),
        by=house.clerk, at=now(),
    )  # fmt: skip


def page(house: House, client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_cause_measure_and_date_stand_beside_what_is_behind(
    house: House, as_user: As, run: ScoreRun
) -> None:
    assert "还没有说明原因和措施" in page(house, as_user(house.leader))
    explain(house)
    shown = page(house, as_user(house.leader))
    assert CAUSE in shown and MEASURE in shown and "12月20日" in shown
    assert CAUSE in page(house, as_user(house.clerk))


def test_words_of_a_unit_are_not_shown_to_another(house: House, as_user: As, run: ScoreRun) -> None:
    explain(house)
    for who in (house.other_clerk, house.viewer):
        shown = page(house, as_user(who))
        assert CAUSE not in shown and MEASURE not in shown


def test_words_of_another_unit_or_month_are_not_taken(house: House, run: ScoreRun) -> None:
    explain(house, "E2")
    assert not reasons_of(house.campaign, "2026-09", "E1")
    assert not reasons_of(house.campaign, "2026-08")
    assert list(reasons_of(house.campaign, "2026-09")) == [("E2", "revenue")]


def test_a_later_countermeasure_replaces_the_words_with_the_figure(
    house: House, run: ScoreRun
) -> None:
    explain(house)
    for days, cause in ((-3, "旧的说法"), (1, "客源结构变化")):
        Countermeasure.objects.create(
            campaign=house.campaign, unit=house.units["E1"], indicator=house.indicators["revenue"],
            period="2026-09", cause=cause, measure="拓展团队客源", responsible="沈知禾",
            due=date(2026, 12, 1), recorded_at=now() + timedelta(days=days), by=house.clerk,
        )  # fmt: skip
    found = reasons_of(house.campaign, "2026-09", "E1")["E1", "revenue"]
    assert (found.cause, found.who) == ("客源结构变化", "沈知禾")


def test_own_people_and_the_office_take_the_sheet_away_others_do_not_see_it(
    house: House, as_user: As, run: ScoreRun
) -> None:
    address = f"/c/race/publish/{run.pk}/sheets/E1/"
    for who, open_ in (("clerk", True), ("office", True), ("leader", True), ("other_clerk", False)):
        client = as_user(house.people[who])
        assert (f'href="{address}"' in page(house, client)) is open_
        answer = client.get(address)
        assert answer.status_code == (200 if open_ else 403)
        assert answer.content.startswith(b"PK") is open_


def test_draft_sheet_is_offered_to_the_office_only(house: House, as_user: As) -> None:
    scoring.run(campaign=house.campaign, period="2026-09", by=house.office)
    draft = PAGE + "?period=2026-09"
    assert "/sheets/E1/" in as_user(house.office).get(draft).content.decode()
    assert "/sheets/E1/" not in as_user(house.clerk).get(draft).content.decode()
