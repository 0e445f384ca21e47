"""The ranking to date beside the month's, and the way to the month's bulletin."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client

from saima_web.base.clock import today
from saima_web.dashboards.totals import runs_in, to_date
from saima_web.people.models import User
from saima_web.publishing.actions import issue
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of
from tests.web.cast import House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
YEAR = "/c/race/ranking/2026-09/?span=year"


@pytest.fixture
def months(house: House) -> list[ScoreRun]:
    house.campaign.sprint_start = date(2026, 9, 1)
    house.campaign.save()
    return publish(house, "2026-07", "2026-08", "2026-09")


def test_score_to_date_is_the_mean_of_published_months(
    house: House, months: list[ScoreRun]
) -> None:
    found = to_date(house.campaign, months[-1], "year")
    scores = [u.score for r in months for u in result_of(r).units if u.unit == "E1"]
    assert found.months == ["2026-07", "2026-08", "2026-09"]
    total = next(t for t in found.totals if t.unit.unit == "E1")
    assert total.months == 3 and None not in scores
    assert total.score == pytest.approx(sum(s or 0.0 for s in scores) / 3, abs=0.005)
    assert sorted(t.rank or 0 for t in found.totals if t.unit.track == "经营类") == [1, 2]


def test_equal_scores_to_date_share_their_place(house: House, months: list[ScoreRun]) -> None:
    for run in months:
        for unit in run.result["units"]:
            unit["score"] = 50.0
        run.made_at += timedelta(microseconds=1)  # another run, as far as anybody knows
        run.save()
    ranks = [(t.rank, t.tied) for t in to_date(house.campaign, months[-1], "year").totals]
    assert ranks == [(1, True), (1, True), (1, False)]


def test_months_before_the_push_after_the_month_and_trials_do_not_count(
    house: House, months: list[ScoreRun]
) -> None:
    assert [r.period for r in runs_in(house.campaign, months[-1], "sprint")] == ["2026-09"]
    assert [r.period for r in runs_in(house.campaign, months[1], "year")] == ["2026-07", "2026-08"]
    ScoreRun.objects.filter(pk=months[0].pk).update(trial=True)
    assert [r.period for r in runs_in(house.campaign, months[1], "year")] == ["2026-08"]


def test_view_to_date_stands_in_the_address_and_is_exported(
    house: House, as_user: As, months: list[ScoreRun]
) -> None:
    client = as_user(house.viewer)
    page = client.get(YEAR).content.decode()
    assert "截至9月，3个月平均" in page and "2026年7月至2026年9月" in page
    assert 'href="/c/race/ranking/2026-08/?span=year"' in page
    book = openpyxl.load_workbook(io.BytesIO(client.get(YEAR + "&export=xlsx").content))
    rows = list(book.worksheets[0].values)
    assert rows[0][:3] == ("累计位次", "赛道", "单位") and len(rows) == 4


def test_unknown_span_shows_the_month(house: House, as_user: As, months: list[ScoreRun]) -> None:
    page = as_user(house.viewer).get("/c/race/ranking/2026-09/?span=ever").content.decode()
    assert "月度排名" in page and "个月平均" not in page


def test_ranking_leads_to_its_bulletin_once_it_is_issued(
    house: House, as_user: As, months: list[ScoreRun]
) -> None:
    client = as_user(house.viewer)
    assert "期通报" not in client.get("/c/race/ranking/2026-09/").content.decode()
    made = issue(run=months[-1], dated=today(), by=house.office)
    for address in ("/c/race/ranking/2026-09/", YEAR):
        assert (
            f'href="/c/race/bulletins/{made.pk}/">第1期通报' in client.get(address).content.decode()
        )
    assert "期通报" not in client.get("/c/race/ranking/2026-08/").content.decode()
