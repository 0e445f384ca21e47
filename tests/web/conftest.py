"""The house that the platform's tests play in (see cast.py), and people logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

import saima_web.site.urls  # noqa: F401 - fills the slots, as a server does at its start
from saima_web.people.models import User
from saima_web.targets import kept
from tests.web.cast import House, build


@pytest.fixture
def house(db: None) -> House:
    """A small campaign with one person per role."""
    kept.forget()  # the numbers of rows begin anew
    return build()


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser of a person: `as_user(house.clerk).get(...)`."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="saima_web.people.backends.Accounts")
        return client

    return log_in
