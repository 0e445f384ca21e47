"""Tokens: shown once, kept as a digest, never more than their owner, ended by date or by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.api import refusals, tokens
from saima_web.api.models import Token
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.people.actions import reset_password, set_active
from saima_web.people.models import User
from tests.web.api.caller import E1, Caller, caller, problem
from tests.web.cast import House

As = Callable[[User], Client]
UNITS = "/campaigns/race/units"
FORM = {"name": "财务系统", "scopes": ["read"], "expires_on": ""}


def form(days: int = 30) -> dict[str, object]:
    return FORM | {"expires_on": (clock.today() + timedelta(days=days)).isoformat()}


def test_a_token_shows_once_and_is_kept_as_a_digest(house: House, as_user: As) -> None:
    page = as_user(house.clerk).post("/account/tokens/", form())
    [text] = re.findall(r"saima_[\w-]{43}", page.content.decode())
    row = Token.objects.get()
    assert text not in str(vars(row)) and len(row.digest) == 64
    assert Caller(text).get(UNITS).status_code == 200
    assert text not in as_user(house.clerk).get("/account/tokens/").content.decode()
    assert Entry.objects.get(event="token.made").data["scopes"] == ["read"]


def test_a_token_lasts_ninety_days_if_nothing_is_said(house: House) -> None:
    row = tokens.make(by=house.clerk, name="月报", scopes=["read"])[0]
    assert row.expires_on == clock.today() + timedelta(days=90)


@pytest.mark.parametrize("days", [-1, 366])
def test_a_token_ends_within_a_year(house: House, as_user: As, days: int) -> None:
    page = as_user(house.clerk).post("/account/tokens/", form(days))
    assert "一年之内" in page.content.decode() and not Token.objects.exists()
    until = clock.today() + timedelta(days=days)
    with pytest.raises(Refused, match="一年"):
        tokens.make(by=house.clerk, name="月报", scopes=["read"], expires_on=until)


def test_a_token_without_scope_is_refused(house: House) -> None:
    with pytest.raises(Refused, match="至少要有一项权限"):
        tokens.make(by=house.clerk, name="月报", scopes=["everything"])


def test_a_call_without_a_token_is_refused(house: House) -> None:
    for answer in (Client().get("/api/v1" + UNITS), Caller("saima_nonsense").get(UNITS)):
        assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
        assert problem(answer)["code"] == "api-no-token"


def test_a_log_in_alone_opens_no_call(house: House, as_user: As) -> None:
    assert as_user(house.clerk).get("/api/v1" + UNITS).status_code == 401


def test_a_token_for_reading_reports_nothing(house: House) -> None:
    answer = caller(house.clerk, "read").post(E1 + "/figures/revenue", {"key": "a", "value": "1"})
    assert answer.status_code == 403 and problem(answer)["code"] == "api-no-scope"


def test_a_token_for_reporting_reads_nothing(house: House) -> None:
    assert caller(house.clerk, "report").get(UNITS).status_code == 403


def test_an_expired_token_is_dead(house: House) -> None:
    program = caller(house.clerk)
    with clock.at(clock.now() + timedelta(days=90)):
        assert program.get(UNITS).status_code == 200
    with clock.at(clock.now() + timedelta(days=91)):
        assert program.get(UNITS).status_code == 401


def test_a_disabled_users_token_is_dead(house: House) -> None:
    program = caller(house.clerk)
    set_active(user=house.clerk, active=False, by=house.admin)
    assert program.get(UNITS).status_code == 401


def test_a_token_waits_until_a_reset_password_is_changed(house: House) -> None:
    program = caller(house.clerk)
    reset_password(user=house.clerk, by=house.admin)
    assert program.get(UNITS).status_code == 401


def test_a_revoked_token_is_dead_at_once(house: House, as_user: As) -> None:
    program = caller(house.clerk)
    there = f"/account/tokens/{Token.objects.get().pk}/revoke/"
    assert as_user(house.head).post(there).status_code == 404
    assert program.get(UNITS).status_code == 200
    as_user(house.clerk).post(there)
    assert program.get(UNITS).status_code == 401
    assert Entry.objects.filter(event="token.revoked").count() == 1


def test_the_administrator_sees_and_revokes_all_tokens(house: House, as_user: As) -> None:
    program = caller(house.clerk)
    page = as_user(house.admin).get("/people/tokens/").content.decode()
    assert "月报" in page and "沈知禾" in page
    as_user(house.admin).post(f"/people/tokens/{Token.objects.get().pk}/revoke/")
    assert program.get(UNITS).status_code == 401


def test_another_may_not_revoke_a_token(house: House) -> None:
    caller(house.clerk)
    with pytest.raises(Refused):
        tokens.revoke(token=Token.objects.get(), by=house.office)


def test_the_list_tells_the_day_of_the_last_use_not_the_time(house: House, as_user: As) -> None:
    moment = clock.now().replace(hour=5, minute=47, second=0)
    with clock.at(moment):
        caller(house.clerk).get(UNITS)
        page = as_user(house.admin).get("/people/tokens/").content.decode()
    assert "13:47" not in page and "05:47" not in page


def test_too_many_calls_wait_for_the_next_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST", 3)
    program, other = caller(house.clerk), caller(house.head)
    moment = datetime(2026, 11, 20, 4, 0, 15, tzinfo=clock.now().tzinfo)
    with clock.at(moment):
        assert [program.get(UNITS).status_code for _ in range(4)] == [200, 200, 200, 429]
        answer = program.get(UNITS)
        assert answer["Retry-After"] == "45" and problem(answer)["code"] == "api-too-many"
        assert other.get(UNITS).status_code == 200
    with clock.at(moment + timedelta(seconds=45)):
        assert program.get(UNITS).status_code == 200


def test_every_status_named_for_a_refusal_is_a_declared_one() -> None:
    assert set(refusals.STATUS.values()) == {403, 404, 422}
