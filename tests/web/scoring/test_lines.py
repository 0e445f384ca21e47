"""Battle fronts, business lines and lead departments are credited with their indicators' marks."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from saima.scoring import result, score
from saima_web.base.clock import now
from saima_web.indicators.queries import parsed
from saima_web.people.models import User
from saima_web.scoring.lines import rolled_up
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.tables import tables_of
from tests.web.cast import RULEBOOK, House

LogIn = Callable[[User], Client]


@pytest.fixture
def run(house: House) -> ScoreRun:
    """September, published; revenue is a front of its own, led by the investment department."""
    for code, front in (("revenue", "企业培育"), ("investment", "有效投入")):
        row = house.indicators[code]
        row.battle_line, row.lead_unit = front, house.units["D2"]
        row.save()
    book = parsed(RULEBOOK)[0]
    assert book is not None
    found = result(score(tables_of(house.campaign, now()), book), "2026-09")
    return ScoreRun.objects.create(
        campaign=house.campaign, period="2026-09", rulebook=house.campaign.rulebooks.get(),
        state="published", as_of=now(), rulebook_digest="x", input_digest="x", library="0",
        result=msgspec.to_builtins(found), made_at=now(), published_at=now(),
    )  # fmt: skip


def test_a_front_sums_marks_over_full_marks(run: ScoreRun) -> None:
    whole, apart = rolled_up(run, {"revenue": "企业培育", "investment": "有效投入"})
    # revenue to date 8100, 9000 and 6300 of 12000: 40.5 + 45 + 31.5 of 180
    assert whole["企业培育"].rate == pytest.approx(65.0)
    assert apart["企业培育", "E1"].rate == pytest.approx(67.5)
    assert whole["有效投入"].rate == pytest.approx(75.0)


def test_the_lead_department_is_credited_beside_the_units(run: ScoreRun) -> None:
    whole, apart = rolled_up(run, {"revenue": "投资部", "investment": "投资部"})
    assert whole["投资部"].marks == pytest.approx(70.5 + 69.0 + 67.5)
    assert apart["投资部", "E2"].marks == pytest.approx(69.0)


def page(client: Client, by: str) -> str:
    return client.get(reverse("scoring:lines", args=["race"]), {"by": by}).content.decode()


def test_the_page_says_which_front_leads(house: House, as_user: LogIn, run: ScoreRun) -> None:
    text = page(as_user(house.leader), "battle")
    assert "有效投入得分率最高，75.0%；" in text
    assert "企业培育最低，65.0%" in text


def test_a_clerk_sees_the_fronts_but_only_own_units_share(
    house: House, as_user: LogIn, run: ScoreRun
) -> None:
    text = page(as_user(house.clerk), "department")
    assert "投资部" in text
    assert "栖湖文旅" in text
    assert "澄江置业" not in text


def test_without_a_published_ranking_the_page_says_what_comes(house: House, as_user: LogIn) -> None:
    assert "指标还没有分战役或板块" in page(as_user(house.viewer), "business")
