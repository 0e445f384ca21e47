"""Main pages ask the database as often for many units as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saima_web.campaigns.models import Participation, Track
from saima_web.people.models import Unit, User
from saima_web.reporting import review
from saima_web.reporting.models import Entry, Figure, Round
from saima_web.targets.models import Target, TargetSet
from tests.web.cast import PAST, House
from tests.web.dashboards.published import publish

As = Callable[[User], Client]
MORE = 12
PAGES = {
    "": ("office", 32), "cockpit/": ("leader", 45), "ranking/": ("office", 18),
    "ranking/2026-09/?span=year": ("office", 20), "units/E1/": ("office", 26),
    "standing/revenue/": ("office", 24), "heat/": ("office", 18), "compare/": ("office", 20),
    "completeness/": ("office", 22), "burden/": ("office", 25), "board/": ("office", 20),
    "why/2026-09/E1/revenue/": ("office", 22), "why/2026-09/E1/revenue/?part=ifs": ("office", 12),
    "why/2026-09/E1/": ("office", 22), "rounds/": ("office", 18), "rounds/2026-10/": ("office", 24),
    "rounds/2026-10/review/": ("office", 36), "rounds/2026-10/review/?unit=E1": ("office", 36),
    "report/2026-10/E1/": ("clerk", 36), "indicators/": ("office", 18),
    "targets/": ("office", 24), "targets/grid/revenue/": ("office", 32), "scores/": ("office", 18),
    "events/": ("office", 16), "bulletins/": ("office", 16),
}  # fmt: skip
"""Page in the campaign -> who opens it, how many queries it may make with its caches filled."""


def grow(house: House) -> None:
    """Twelve units more, with targets, figures and cells of the open round."""
    track = Track.objects.filter(campaign=house.campaign).first()
    batch, row = TargetSet.objects.get(), Round.objects.get()
    for number in range(MORE):
        unit = Unit.objects.create(
            code=f"N{number}", name=f"示例新增公司{number}", kind="company", order=50 + number
        )
        Participation.objects.create(
            campaign=house.campaign, unit=unit, track=track, recorded_at=PAST
        )
        for indicator in house.indicators.values():
            on = {"unit": unit, "indicator": indicator}
            Target.objects.create(batch=batch, period="2026", value="12000", recorded_at=PAST, **on)
            Entry.objects.create(round=row, **on)
            Figure.objects.bulk_create(
                Figure(
                    period=f"2026-{month:02}", source="confirmed", value=str(600 + 30 * number),
                    origin="history", recorded_at=PAST + timedelta(days=1), **on,
                )
                for month in range(1, 10)
            )  # fmt: skip


def asked(client: Client, path: str) -> int:
    """How many queries a page makes when it is opened again, its caches filled."""
    address = "/c/race/" + path
    assert client.get(address).status_code == 200, path
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def counts(house: House, as_user: As) -> dict[str, int]:
    return {path: asked(as_user(house.people[who]), path) for path, (who, _n) in PAGES.items()}


@pytest.mark.parametrize("large", [1, 3000])
def test_pages_ask_no_more_for_many_units_than_for_few(
    house: House, as_user: As, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(review, "LARGE", large)  # the desk paged by the database, and whole
    publish(house, "2026-08", "2026-09")
    few = counts(house, as_user)
    grow(house)
    for run in house.campaign.runs.all():
        run.standings.all().delete()
        run.checks.all().delete()
        run.delete()
    publish(house, "2026-08", "2026-09")
    many = counts(house, as_user)
    assert house.campaign.runs.get(period="2026-09").standings.count() == 3 + MORE
    grown = {path: (few[path], many[path]) for path in PAGES if many[path] > few[path] + 2}
    assert grown == {}, "queries with 3 units, with 15"
    above = {path: (n, PAGES[path][1]) for path, n in many.items() if n > PAGES[path][1]}
    assert above == {}, "queries of a page, and how many it may make"
