"""Chinese by default, English where it was chosen."""

from collections.abc import Callable

from django.test import Client

from saima_web.people.models import User
from tests.web.cast import House


def test_a_browser_in_english_gets_chinese_until_english_is_chosen(
    house: House, as_user: Callable[[User], Client]
) -> None:
    client = as_user(house.office)
    asked = {"HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9"}
    assert 'lang="zh-CN"' in client.get("/account/", **asked).content.decode()
    client.post("/language/", {"language": "en", "next": "/account/"})
    assert 'lang="en"' in client.get("/account/").content.decode()


def test_an_unknown_language_is_passed_over(
    house: House, as_user: Callable[[User], Client]
) -> None:
    client = as_user(house.office)
    client.cookies["saima_language"] = "xx"
    assert 'lang="zh-CN"' in client.get("/account/").content.decode()
