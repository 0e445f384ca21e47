"""What the database knows scores as the library would score it."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from django.test import Client

from saima.scoring import result, score
from saima_web.base.clock import now
from saima_web.campaigns.models import Participation
from saima_web.campaigns.queries import period_in
from saima_web.indicators.queries import parsed, rulebook_in_force
from saima_web.people.models import User
from saima_web.reporting.models import Figure
from saima_web.scoring import actions, why_views
from saima_web.scoring.queries import scoring_of, still_the_same
from saima_web.scoring.tables import tables_of
from tests.web.cast import House
from tests.web.dashboards.published import publish


def test_figures_in_the_database_give_marks(house: House) -> None:
    row = rulebook_in_force(house.campaign, period_in(house.campaign, "2026-09"))
    book, _ = parsed(row.text)
    assert book is not None
    found = result(score(tables_of(house.campaign, now()), book), "2026-09")
    scores = {u.unit: u.score for u in found.units if u.score is not None}
    # attainment to date: E1 8100/12000 of 60 + 9000/12000 of 40 = 40.5 + 30
    assert scores == {"E1": 70.5, "E2": 69.0, "C1": 67.5}


def test_an_official_month_sees_only_what_was_recorded_by_then(house: House) -> None:
    from tests.web.cast import PAST

    tables = tables_of(house.campaign, PAST)
    assert tables.facts.height == 0
    assert tables.targets.height == 6


def test_a_unit_that_moved_later_is_ranked_where_it_stood(house: House) -> None:
    row = house.campaign.participations.get(unit=house.units["E1"])
    row.valid_to = date(2026, 9, 30)
    row.save()
    Participation.objects.create(
        campaign=house.campaign, unit=house.units["E1"], recorded_at=now(),
        track=house.campaign.tracks.get(name="建设类"), valid_from=date(2026, 10, 1),
    )  # fmt: skip
    run = actions.run(campaign=house.campaign, period="2026-09", by=house.office)
    assert run.standings.get(unit=house.units["E1"]).track == "经营类"
    assert still_the_same(run)


def test_figures_of_years_ago_are_not_read_and_last_years_are(house: House) -> None:
    own = {"unit": house.units["E1"], "indicator": house.indicators["revenue"]}
    for period in ("2021-06", "2023-12", "2024-12", "2025-06", "D0"):
        Figure.objects.create(
            **own, period=period, source="confirmed", value="77", recorded_at=now()
        )
    facts = tables_of(house.campaign, now()).facts.filter(pl.col("value") == 77.0)
    assert set(facts["period"]) == {"2024-12", "2025-06", "D0"}


def test_the_result_of_one_unit_is_its_line_of_the_whole(house: House) -> None:
    run = actions.run(campaign=house.campaign, period="2026-09", by=house.office)
    whole = result(scoring_of(run), "2026-09")
    one = result(scoring_of(run), "2026-09", unit="E2")
    assert one.units == tuple(u for u in whole.units if u.unit == "E2")
    assert len(one.units) == 1
    assert result(scoring_of(run), "2026-09", unit="nobody").units == ()


def test_score_of_very_many_marks_tells_its_steps_mark_by_mark(
    house: House, as_user: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(house, "2026-09")
    address = "/c/race/why/2026-09/E1/"
    whole = as_user(house.office).get(address).content.decode()
    monkeypatch.setattr(why_views, "LONG", 1)
    part = as_user(house.office).get(address).content.decode()
    assert 'id="figures-' in whole and "点“各项得分”里的一项" not in whole
    assert 'id="figures-' not in part and "点“各项得分”里的一项" in part
    assert "营业收入" in part and len(part) < len(whole)
    mark = as_user(house.office).get(address + "revenue/").content.decode()
    assert 'id="figures-' in mark and "点“各项得分”里的一项" not in mark
