"""Which pages there are to look at: every address, by the people whose page has something new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client

from saima_web.people.models import User
from tests.web.objects import Chest
from tests.web.test_permissions import TABLE, Try, allowed, tries

WHO = (
    "office", "leader", "clerk", "head", "owner", "admin", "project_office", "inspector",
    "viewer", "anonymous",
)  # fmt: skip
SLICES = sorted({name.partition(":")[0] for name in TABLE if ":" in name})


@dataclass(frozen=True)
class Sight:
    """A page of one person."""

    who: str
    name: str
    path: str

    def __str__(self) -> str:
        return f"{self.name} {self.path} ({self.who})"


def sights(chest: Chest, slice_: str) -> Iterator[Sight]:
    """The pages of a slice: of each address those whose kinds of parts nobody before has shown."""
    clients = {who: browser(chest.house.people.get(who)) for who in WHO}
    seen: dict[str, set[str]] = {}
    for attempt in tries(chest):
        name = attempt.address.name
        if name.partition(":")[0] == slice_:
            yield from _of(chest, attempt, clients, seen.setdefault(name, set()))


def _of(chest: Chest, attempt: Try, clients: dict[str, Client], seen: set[str]) -> Iterator[Sight]:
    action = TABLE[attempt.address.name]["action"]
    for who, client in clients.items():
        if not allowed(chest.house, who, attempt, action):
            continue
        parts = parts_of(client, attempt.path)
        if parts - seen:
            seen |= parts
            yield Sight(who, attempt.address.name, attempt.path)


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="saima_web.people.backends.Accounts")
    return client


def parts_of(client: Client, path: str) -> set[str]:
    """The kinds of elements on a page (tag and classes); nothing where there is no page."""
    answer = client.get(path)
    if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
        return set()
    text = answer.content.decode()
    if not text.lstrip().lower().startswith("<!doctype"):
        return set()
    return set(re.findall(r"<(?:form|\w+ (?:class|type)=\"[^\"]*\")|class=\"[^\"]*\"", text))
