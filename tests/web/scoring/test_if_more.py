"""What a unit would gain by doing more, beside the clause that the mark follows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from saima.rules.showing import clauses_of, show
from saima_web.base.clock import now
from saima_web.indicators.queries import parsed
from saima_web.people.models import User
from saima_web.reporting.models import Figure
from saima_web.scoring import actions, if_more
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import result_of
from saima_web.scoring.what_if import effect
from tests.web.cast import RULEBOOK, House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
WHY = "/c/race/why/2026-09/E1/revenue/"


@pytest.fixture
def run(house: House) -> ScoreRun:
    return publish(house, "2026-09")[0]


def test_lines_lead_from_pace_to_the_target(house: House, run: ScoreRun) -> None:
    lines = if_more.lines(run, "E1", "revenue")
    aims = {line.aim: line for line in lines}
    # 900 a month of 12,000: 8,100 done, 9,000 by the end of September
    assert aims["赶上序时"].amount == "900万元" and aims["完成目标"].amount == "3,900万元"
    assert aims["完成目标"].mark == 60.0
    gains = [line.gain for line in lines]
    assert gains == sorted(set(gains)) and gains[0] > 0


def test_a_line_equals_the_run_with_that_figure(house: House, run: ScoreRun) -> None:
    line = next(x for x in if_more.lines(run, "E1", "revenue") if "序时" in x.aim)
    seen = effect(run, "E1", "revenue", Decimal(900 + 900))
    assert seen is not None and (line.mark, line.score) == (seen.mark, seen.score)
    Figure.objects.create(
        unit=house.units["E1"], indicator=house.indicators["revenue"], period="2026-09",
        source="confirmed", value="1800", recorded_at=now(),
    )  # fmt: skip
    later = actions.run(campaign=house.campaign, period="2026-09", by=house.office, reason="更正")
    unit = next(u for u in result_of(later).units if u.unit == "E1")
    assert (line.score, line.rank) == (unit.score, unit.rank)


def test_nothing_is_promised_where_nothing_can_be_gained(house: House) -> None:
    for month in range(1, 10):
        Figure.objects.create(
            unit=house.units["C1"], indicator=house.indicators["investment"],
            period=f"2026-{month:02}", source="confirmed", value="2000", recorded_at=now(),
        )  # fmt: skip
    full = publish(house, "2026-09")[0]
    assert if_more.lines(full, "C1", "investment") == []
    assert if_more.lines(full, "C1", "revenue")


def test_a_figure_that_is_missing_has_no_line(house: House) -> None:
    Figure.objects.filter(unit=house.units["E2"], indicator=house.indicators["revenue"]).delete()
    missing = publish(house, "2026-09")[0]
    assert if_more.lines(missing, "E2", "revenue") == []


def test_clause_is_quoted_as_the_scheme_prints_it() -> None:
    book, _problems = parsed(RULEBOOK)
    assert book is not None
    names = {"revenue": "营业收入", "investment": "固定资产投资"}
    (clause,) = clauses_of(book, "revenue", names)
    assert clause.startswith("经营：营业收入（60分）［第二条第一款］：")
    assert clause.partition("：")[2] in show(book, names)
    assert clauses_of(book, "nobody", names) == []


def test_own_people_read_clause_and_lines_others_do_not(
    house: House, as_user: As, run: ScoreRun
) -> None:
    for who, opened in (("clerk", True), ("office", True), ("other_clerk", False)):
        client = as_user(house.people[who])
        page, lines = (client.get(a).content.decode() for a in (WHY, WHY + "?part=ifs"))
        assert ('hx-get="?part=ifs"' in page) is opened  # scored anew: it comes after the page
        assert ("再完成900万元（赶上序时）：" in lines) is opened
        assert ("营业收入（60分）［第二条第一款］" in page) is opened
