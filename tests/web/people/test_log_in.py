"""Logging in, and what strangers see."""

from django.test import Client

from tests.web.cast import PASSWORD, House


def test_clerk_logs_in_and_sees_own_account(house: House) -> None:
    client = Client()
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    page = client.get("/account/").content.decode()
    assert "沈知禾" in page
    assert "填报员" in page


def test_wrong_password_says_what_to_do(house: House) -> None:
    page = Client().post("/login/", {"username": "clerk", "password": "wrong"}).content.decode()
    assert "登录名或密码不对" in page


def test_nobody_sees_an_account_without_logging_in(house: House) -> None:
    answer = Client().get("/account/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
