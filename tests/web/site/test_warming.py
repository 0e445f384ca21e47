"""A new process makes ready what first pages stand on, and serves where that fails."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from saima_web.campaigns.models import Campaign
from saima_web.people.models import Post, Role
from saima_web.site import warming
from saima_web.targets import kept
from tests.web import objects
from tests.web.cast import House
from tests.web.targets.helpers import lines_made


def test_first_pages_find_what_was_made_ready(
    house: House, as_user: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects.build(house)
    assert warming.warm() == 1
    made = lines_made(monkeypatch)
    client: Client = as_user(house.office)  # type: ignore[operator]
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/c/race/targets/").status_code == 200
        assert client.get("/c/race/cockpit/").status_code == 200
    assert made == []
    assert not [q for q in asked.captured_queries if '"scoring_scorerun"."result"' in q["sql"]]


def test_without_it_the_first_page_reads_the_result(house: House, as_user: object) -> None:
    objects.build(house)
    client: Client = as_user(house.office)  # type: ignore[operator]
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/c/race/cockpit/").status_code == 200
    assert [q for q in asked.captured_queries if '"scoring_scorerun"."result"' in q["sql"]]


def test_only_running_campaigns_that_somebody_sees_whole_are_made_ready(house: House) -> None:
    Post.objects.filter(role=Role.OFFICE).delete()
    assert warming.warm() == 0
    Campaign.objects.update(state=Campaign.State.CLOSED)
    assert warming.warm() == 0


def test_what_cannot_be_made_ready_is_logged_and_stops_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_of: object) -> None:
        raise OSError("the disk")

    kept.forget()
    monkeypatch.setattr(warming, "headline_table", fail)
    with caplog.at_level("ERROR", logger="saima.warming"):
        assert warming.warm() == 0
    assert "was not made ready" in caplog.text
