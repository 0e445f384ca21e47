"""The platform's own accounts stand last in the list of users and are called what they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from saima_web.people.models import User
from saima_web.people.shown import users_table
from tests.web.cast import House

As = Callable[[User], Client]


@pytest.fixture
def founder(house: House) -> User:
    """As the demonstration leaves it: without a password, inactive, without posts."""
    return User.objects.create_user("a-founder", None, name="系统初始化", is_active=False)


def test_system_account_is_marked_and_stands_last(house: House, as_user: As, founder: User) -> None:
    rows = users_table(full=True).rows
    assert rows[-1]["username"] == "a-founder"
    assert rows[-1]["standing"] == "系统账号，不能登录"
    assert [r["username"] for r in rows if r["system"]] == ["a-founder"]
    page = as_user(house.admin).get("/people/").content.decode()
    assert "系统账号，不能登录" in page


def test_a_person_who_left_is_no_system_account(house: House, founder: User) -> None:
    User.objects.filter(username="viewer").update(is_active=False)
    shown = users_table(full=True)
    off = next(box for box in shown.boxes if box.key == "off")
    assert [r["username"] for r in shown.rows if off.test(r)] == ["viewer"]


def test_without_system_accounts_the_list_does_not_speak_of_them(house: House) -> None:
    assert [box.key for box in users_table(full=True).boxes] == ["none", "first", "off"]
