"""Signing on by a real identity provider, run as a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client

from saima_web.audit.models import Entry
from saima_web.people import second_factor
from saima_web.people.models import User
from saima_web.signon import configuration
from tests.web.cast import PASSWORD, House

BEGIN = "/sso/sso/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address; whoever it is asked for, it identifies."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=60)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def environ(address: str) -> dict[str, str]:
    return {
        "SAIMA_SSO_ISSUER": address,
        "SAIMA_SSO_CLIENT": "saima",
        "SAIMA_SSO_SECRET": "only-for-tests",
    }


@pytest.fixture
def sso(provider: str, settings: Any) -> str:
    use(settings, provider)
    return provider


def use(settings: Any, address: str) -> None:
    settings.SSO = configuration.apps(environ(address))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": settings.SSO}}


def said(client: Client, answer: Any) -> str:
    """The log-in page to which somebody was sent back, with what it says."""
    assert (answer.status_code, answer["Location"]) == (302, "/login/")
    return str(client.get("/login/").content.decode())


def sign_on(client: Client, provider: str, sub: str, name: str, wanted: str = "") -> Any:
    """Go to the provider, be identified as `sub` with a log-in name, come back."""
    claims = {"preferred_username": name, "name": "某人", "email": f"{sub}@id.example"}
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=60).raise_for_status()
    sent = client.post(BEGIN, {"next": wanted})
    assert sent.status_code == 302
    assert sent["Location"].startswith(provider)
    answer = requests.post(sent["Location"], data={"sub": sub}, allow_redirects=False, timeout=60)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_clerk_signs_on_and_lands_where_they_wanted(sso: str, house: House) -> None:
    client = Client()
    answer = sign_on(client, sso, "7d1", "clerk", "/account/")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert house.clerk.name in client.get("/account/").content.decode()


def test_signing_on_asks_for_the_second_factor_where_there_is_one(sso: str, house: House) -> None:
    codes = second_factor.set_up(user=house.clerk, **first_code())
    assert codes is not None
    client = Client()
    answer = sign_on(client, sso, "7d1", "clerk", "/account/password/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/code/")
    assert client.get("/account/").status_code == 302
    assert "验证码不对" in client.post("/login/code/", {"code": "00000000"}).content.decode()
    answer = client.post("/login/code/", {"code": codes[0]})
    assert answer["Location"] == "/account/password/"
    assert client.get("/account/").status_code == 200
    entry = Entry.objects.get(event="log-in.succeeded")
    assert entry.data == {"how": "sign-on", "second": "recovery code"}


def first_code() -> dict[str, str]:
    """A new key, and what a device shows for it now."""
    key = second_factor.new_key()
    step = next(yield_hotp_counters_from_time())
    return {"key": key, "code": str(format_hotp_value(hotp_value(key, step)))}


def test_the_log_in_page_offers_the_provider_only_where_there_is_one(
    sso: str, house: House, settings: Any
) -> None:
    assert "用统一身份认证登录" in Client().get("/login/").content.decode()
    settings.SSO = []
    assert "统一身份认证" not in Client().get("/login/").content.decode()


def test_whoever_has_no_user_here_is_told_and_not_made_one(sso: str, house: House) -> None:
    users, client = User.objects.count(), Client()
    answer = sign_on(client, sso, "8e2", "nobody")
    assert "没有“nobody”这个登录名" in said(client, answer)
    assert User.objects.count() == users
    assert client.get("/account/").status_code == 302


def test_a_disabled_user_stays_outside(sso: str, house: House) -> None:
    house.clerk.is_active = False
    house.clerk.save()
    client = Client()
    assert "已停用" in said(client, sign_on(client, sso, "7d1", "clerk"))
    assert client.get("/account/").status_code == 302


def test_after_the_first_time_the_identity_counts_not_the_name(sso: str, house: House) -> None:
    sign_on(Client(), sso, "7d1", "clerk")
    renamed = Client()
    sign_on(renamed, sso, "7d1", "office")  # the provider now gives them a leader's name
    assert house.clerk.name in renamed.get("/account/").content.decode()


def test_what_the_provider_says_of_a_person_is_not_kept(sso: str, house: House) -> None:
    for _ in range(2):
        sign_on(Client(), sso, "7d1", "clerk")
    row = SocialAccount.objects.get(user=house.clerk)
    assert row.extra_data == {}
    entry = Entry.objects.get(event="user.linked")
    assert "某人" not in str(entry.data)


def test_whoever_signs_on_needs_no_password_of_ours(sso: str, house: House) -> None:
    house.clerk.must_change_password = True
    house.clerk.save()
    client = Client()
    sign_on(client, sso, "7d1", "clerk")
    assert client.get("/account/").status_code == 200
    by_password = Client()
    by_password.post("/login/", {"username": "clerk", "password": PASSWORD})
    assert by_password.get("/account/")["Location"] == "/account/password/"


def test_an_answer_that_nobody_asked_for_is_refused(sso: str, house: House) -> None:
    client = Client()
    answer = client.get("/sso/sso/back/?code=stolen&state=invented")
    assert "统一身份认证没有完成" in said(client, answer)
    assert client.get("/account/").status_code == 302


def test_somebody_who_turns_back_at_the_provider_is_told(sso: str, house: House) -> None:
    client = Client()
    sent: HttpResponse = client.post(BEGIN)
    (state,) = parse_qs(urlsplit(sent["Location"]).query)["state"]
    answer = client.get("/sso/sso/back/", {"error": "access_denied", "state": state})
    assert "您在认证页面取消了" in said(client, answer)


def test_a_provider_that_is_away_is_said_to_be(house: House, settings: Any) -> None:
    use(settings, "http://127.0.0.1:9")
    client = Client()
    assert "认证服务器暂时连不上" in said(client, client.post(BEGIN))


def test_without_a_provider_one_stays_at_the_log_in_page(house: House) -> None:
    client = Client()
    assert "没有完成" not in said(client, client.post(BEGIN))


def test_a_visit_by_address_sends_nobody_to_the_provider(sso: str, house: House) -> None:
    assert Client().get(BEGIN).status_code == 405


def test_half_a_configuration_says_what_is_missing() -> None:
    with pytest.raises(ImproperlyConfigured, match="SAIMA_SSO_CLIENT"):
        configuration.apps({"SAIMA_SSO_ISSUER": "https://id.example"})
    with pytest.raises(ImproperlyConfigured, match="应是网址"):
        configuration.apps(environ("id.example"))


def test_the_pages_may_send_forms_to_the_provider_alone() -> None:
    (app,) = configuration.apps(environ("https://id.example:8443/realms/a/"))
    assert configuration.origin(app) == "https://id.example:8443"
