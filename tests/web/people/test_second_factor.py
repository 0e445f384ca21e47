"""The second factor: asked after the password and after signing on, taken once, locked when guessed."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from saima.problems import Refused
from saima_web.api import tokens
from saima_web.audit.models import Entry
from saima_web.base.sealed import MARK
from saima_web.people import second_factor
from saima_web.people.models import User
from tests.web.cast import PASSWORD, House

CODE = "/login/code/"
OWN = "/account/second-factor/"
CHANGE = "/account/second-factor/change/"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The machine's time stands, until a test moves it: a code must not run out between two lines."""
    at = [time.time()]
    monkeypatch.setattr(time, "time", lambda: at[0])
    return at


def code_of(key: str, later: int = 0) -> str:
    """What a device shows, so many steps of half a minute later."""
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30 + later)))


def enrol(user: User) -> tuple[str, list[str]]:
    """Give a user a second factor, set up a step of time ago; the key and the recovery codes."""
    key = second_factor.new_key()
    codes = second_factor.set_up(user=user, key=key, code=code_of(key, -1))
    assert codes is not None
    return key, codes


def by_password(name: str = "clerk") -> Client:
    """A browser in which a password was right."""
    client = Client()
    client.post("/login/", {"username": name, "password": PASSWORD, "next": "/account/password/"})
    return client


def inside(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_password_alone_does_not_let_in_who_has_a_second_factor(house: House) -> None:
    enrol(house.clerk)
    client = Client()
    answer = client.post("/login/", {"username": "clerk", "password": PASSWORD})
    assert answer["Location"] == CODE
    assert not inside(client)
    assert "沈知禾，请输入验证码" in client.get(CODE).content.decode()


def test_code_lets_in_and_leads_where_one_wanted(house: House) -> None:
    key, _ = enrol(house.clerk)
    client = by_password()
    answer = client.post(CODE, {"code": code_of(key)})
    assert answer["Location"] == "/account/password/"
    assert inside(client)
    entry = Entry.objects.get(event="log-in.succeeded")
    assert (entry.actor, entry.data["second"]) == (house.clerk, "code")


def test_without_a_second_factor_the_password_is_enough(house: House) -> None:
    assert inside(by_password())


def test_wrong_code_is_refused_and_kept_in_the_ledger(house: House) -> None:
    key, _ = enrol(house.clerk)
    client = by_password()
    wrong = f"{(int(code_of(key)) + 1) % 10**6:06}"
    assert "验证码不对" in client.post(CODE, {"code": wrong}).content.decode()
    assert not inside(client)
    entry = Entry.objects.get(event="log-in.failed")
    assert (entry.subject, entry.data) == (f"user/{house.clerk.pk}", {"why": "second factor"})


@pytest.mark.parametrize("odd", ["", "abc", "０１２３４５", "123 45", "9" * 20, "é\x00"])
def test_odd_codes_are_refused_in_words(house: House, odd: str) -> None:
    enrol(house.clerk)
    client = by_password()
    assert client.post(CODE, {"code": odd}).status_code == 200
    assert not inside(client)


def test_a_code_is_taken_once(house: House) -> None:
    key, _ = enrol(house.clerk)
    code = code_of(key)
    assert by_password().post(CODE, {"code": code}).status_code == 302
    seen_over_the_shoulder = by_password()
    assert "已经用过" in seen_over_the_shoulder.post(CODE, {"code": code}).content.decode()
    assert not inside(seen_over_the_shoulder)


def test_the_code_that_set_it_up_is_used_up(house: House) -> None:
    key = second_factor.new_key()
    code = code_of(key)
    second_factor.set_up(user=house.clerk, key=key, code=code)
    assert second_factor.check(house.clerk, code) == "wrong"


def test_an_old_code_is_refused(house: House) -> None:
    key, _ = enrol(house.clerk)
    assert second_factor.check(house.clerk, code_of(key, -5)) == "wrong"


def test_a_recovery_code_lets_in_once(house: House) -> None:
    _, codes = enrol(house.clerk)
    assert by_password().post(CODE, {"code": codes[3]}).status_code == 302
    again = by_password()
    again.post(CODE, {"code": codes[3]})
    assert not inside(again)
    assert second_factor.codes_left(house.clerk) == 9


def test_six_wrong_codes_lock_also_the_right_one_for_a_quarter_of_an_hour(
    house: House, still: list[float]
) -> None:
    key, codes = enrol(house.clerk)
    client = by_password()
    for _ in range(second_factor.TRIES):
        client.post(CODE, {"code": "12345"})
    assert "15分钟后再试" in client.post(CODE, {"code": code_of(key)}).content.decode()
    assert second_factor.check(house.clerk, codes[0]) == "locked"
    assert Entry.objects.filter(event="second-factor.locked").count() == 1
    still[0] += second_factor.PAUSE + 1
    assert second_factor.check(house.clerk, code_of(key)) == "code"


def test_five_wrong_codes_and_a_right_one_begin_counting_anew(house: House) -> None:
    key, codes = enrol(house.clerk)
    for code in [*["1"] * 5, codes[0], *["1"] * 5]:
        second_factor.check(house.clerk, code)
    assert second_factor.check(house.clerk, code_of(key)) == "code"


def test_whoever_waits_too_long_begins_again(house: House, still: list[float]) -> None:
    key, _ = enrol(house.clerk)
    client = by_password()
    still[0] += 301
    client.post(CODE, {"code": code_of(key)})
    assert not inside(client)
    assert client.get(CODE)["Location"] == "/login/"


def test_a_password_reset_meanwhile_ends_the_waiting(house: House) -> None:
    key, _ = enrol(house.clerk)
    client = by_password()
    house.clerk.set_password("another-long-one")
    house.clerk.save()
    client.post(CODE, {"code": code_of(key)})
    assert not inside(client)


def test_nobody_gives_a_code_without_a_password(house: House) -> None:
    key, _ = enrol(house.clerk)
    client = Client()
    assert client.post(CODE, {"code": code_of(key)})["Location"] == "/login/"
    assert not inside(client)


def test_clerk_sets_it_up_by_the_page(house: House) -> None:
    client, elsewhere = by_password(), by_password()
    assert inside(client)
    assert inside(elsewhere)
    page = client.get(OWN).content.decode()
    assert "<svg" in page
    assert "<script>" not in page
    found = re.search(r'class="p-key">([A-Z2-7 ]+)<', page)
    assert found
    key = found.group(1).replace(" ", "")
    assert "验证码不对" in client.post(OWN, {"code": "000"}).content.decode()
    answer = client.post(OWN, {"code": code_of(key)})
    codes = re.findall(r"<code>(\d{8})</code>", answer.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in answer["Cache-Control"]
    assert codes[0] not in client.get(OWN).content.decode(), "they are shown once"
    assert inside(client)
    assert not inside(elsewhere), "log-ins without it end"
    assert second_factor.check(house.clerk, codes[0]) == "recovery code"


def test_key_and_seed_are_kept_sealed(house: House) -> None:
    key, codes = enrol(house.clerk)
    kept = {a.type: a.data for a in Authenticator.objects.all()}
    assert kept["totp"]["secret"].startswith(MARK)
    assert kept["recovery_codes"]["seed"].startswith(MARK)
    assert key not in str(kept)
    assert not any(c in str(kept) for c in codes)
    ledger = str(list(Entry.objects.values_list("data", "personal__text")))
    assert key not in ledger


def test_a_lost_secret_opens_nothing(house: House, settings: Any) -> None:
    enrol(house.clerk)
    settings.SECRET_KEY = "another-secret"
    with pytest.raises(Refused, match="打不开了"):
        second_factor.check(house.clerk, code_of("A" * 32))
    with pytest.raises(Refused, match="打不开了"):
        second_factor.check(house.clerk, "00000000")


def test_new_recovery_codes_need_a_code_and_replace_the_old(house: House) -> None:
    key, old = enrol(house.clerk)
    client = by_password()
    client.post(CODE, {"code": old[0]})
    assert "验证码不对" in client.post(CHANGE, {"code": "1", "do": "codes"}).content.decode()
    page = client.post(CHANGE, {"code": code_of(key), "do": "codes"}).content.decode()
    new = re.findall(r"<code>(\d{8})</code>", page)
    assert second_factor.check(house.clerk, old[1]) == "wrong"
    assert second_factor.check(house.clerk, new[1]) == "recovery code"


def test_turning_it_off_needs_a_code(house: House) -> None:
    key, old = enrol(house.clerk)
    client = by_password()
    client.post(CODE, {"code": old[0]})
    client.post(CHANGE, {"code": old[0], "do": "off"})
    assert second_factor.is_set_up(house.clerk)
    client.post(CHANGE, {"code": code_of(key), "do": "off"})
    assert not second_factor.is_set_up(house.clerk)
    assert inside(by_password())


def test_who_is_required_to_have_one_is_led_to_it(house: House, settings: Any) -> None:
    settings.SAIMA_SECOND_FACTOR = "administrators"
    assert inside(by_password("clerk"))
    admin = by_password("admin")
    assert admin.get("/people/")["Location"] == OWN
    assert "按单位要求" in admin.get(OWN).content.decode()
    settings.SAIMA_SECOND_FACTOR = "all"
    assert not inside(by_password("clerk"))


def test_who_has_one_as_required_comes_in_by_it(house: House, settings: Any) -> None:
    settings.SAIMA_SECOND_FACTOR = "all"
    key, _ = enrol(house.clerk)
    client = by_password()
    client.post(CODE, {"code": code_of(key)})
    assert inside(client)


def test_a_log_in_older_than_the_second_factor_is_sent_out_where_it_is_required(
    house: House, settings: Any
) -> None:
    client = by_password()
    enrol(house.clerk)
    settings.SAIMA_SECOND_FACTOR = "all"
    assert client.get("/account/")["Location"] == "/login/"
    settings.SAIMA_SECOND_FACTOR = ""
    assert not inside(client)


def test_administrator_resets_it_with_an_entry(house: House) -> None:
    enrol(house.clerk)
    admin = by_password("admin")
    admin.post(f"/people/{house.clerk.pk}/second-factor/reset/")
    assert not second_factor.is_set_up(house.clerk)
    entry = Entry.objects.get(event="second-factor.reset")
    assert (entry.actor, entry.subject) == (house.admin, f"user/{house.clerk.pk}")
    assert inside(by_password())


def test_neither_a_clerk_nor_the_system_administrator_resets_it(house: House) -> None:
    enrol(house.clerk)
    for name in ("other_clerk", "system", "auditor"):
        with pytest.raises(Refused, match="没有“管理用户”的权限"):
            second_factor.reset(user=house.clerk, by=house.people[name])
    assert second_factor.is_set_up(house.clerk)


def test_nobody_resets_their_own(house: House) -> None:
    enrol(house.admin)
    with pytest.raises(Refused, match="不能给自己重置"):
        second_factor.reset(user=house.admin, by=house.admin)
    assert second_factor.is_set_up(house.admin)


def test_tokens_ask_for_no_second_factor(house: House, settings: Any) -> None:
    enrol(house.clerk)
    settings.SAIMA_SECOND_FACTOR = "all"
    text = tokens.make(by=house.clerk, name="月报程序", scopes=["read"])[1]
    headers = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
    assert Client(**headers).get("/api/v1/campaigns/race/units").status_code == 200  # type: ignore[arg-type]
