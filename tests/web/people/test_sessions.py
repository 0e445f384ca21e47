"""Log-ins that last: listed, forgotten on logging out, ended by standing idle."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from saima_web.people.models import LoginSession
from saima_web.people.sessions import NOTED_EVERY, lasting
from tests.web.cast import PASSWORD, House


@pytest.fixture
def clerk(house: House) -> Client:
    """A clerk who has just logged in by the page."""
    client = Client()
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    return client


def idle(client: Client, seconds: float) -> None:
    """Let a session have been used last so many seconds ago."""
    session = client.session
    session["seen"] = time.time() - seconds
    session.save()


def test_an_hour_without_a_click_ends_the_log_in(clerk: Client, house: House) -> None:
    idle(clerk, 3601)
    answer = clerk.get("/account/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/login/?next=/account/")
    assert "超过60分钟没有操作" in answer.content.decode()
    assert not LoginSession.objects.filter(user=house.clerk).exists()


def test_a_click_within_the_hour_keeps_the_log_in(clerk: Client) -> None:
    idle(clerk, 3500)
    assert clerk.get("/account/").status_code == 200
    assert time.time() - clerk.session["seen"] < NOTED_EVERY


def test_not_every_click_is_written_down(clerk: Client) -> None:
    idle(clerk, NOTED_EVERY / 2)
    before = clerk.session["seen"]
    clerk.get("/account/")
    assert clerk.session["seen"] == before


def test_zero_minutes_never_ends_a_log_in(clerk: Client, settings: Any) -> None:
    settings.SAIMA_IDLE = 0
    idle(clerk, 10**6)
    assert clerk.get("/account/").status_code == 200


def test_a_form_sent_after_standing_idle_changes_nothing(clerk: Client, house: House) -> None:
    idle(clerk, 3601)
    fresh = "a-long-and-new-one"
    answer = clerk.post("/account/password/", {"old": PASSWORD, "new": fresh, "again": fresh})
    assert answer["Location"].startswith("/login/")
    assert Client().login(username="clerk", password=PASSWORD)


def test_logging_out_takes_the_log_in_off_the_list(clerk: Client, house: House) -> None:
    assert lasting(house.clerk).count() == 1
    clerk.post("/logout/")
    assert lasting(house.clerk).count() == 0
    assert not LoginSession.objects.filter(user=house.clerk).exists()


def test_a_session_that_has_run_out_is_not_listed(clerk: Client, house: House) -> None:
    clerk.session.delete()
    assert LoginSession.objects.filter(user=house.clerk).count() == 1
    assert lasting(house.clerk).count() == 0


def test_a_page_bears_its_reader_where_the_watermark_is_on(
    clerk: Client, house: House, settings: Any
) -> None:
    assert "s-watermark" not in clerk.get("/account/").content.decode()
    settings.SAIMA_WATERMARK = True
    page = clerk.get("/account/").content.decode()
    assert 's-watermark" aria-hidden="true" style="background-image:url(data:image/svg' in page


def test_a_strange_name_does_not_break_out_of_the_watermark(
    clerk: Client, house: House, settings: Any
) -> None:
    house.clerk.name = "\"><script>1</script>'"
    house.clerk.save()
    settings.SAIMA_WATERMARK = True
    assert "<script>1" not in clerk.get("/account/").content.decode()
