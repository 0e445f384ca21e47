"""Every address × every role, on own and on others' objects: who gets in, and what never leaks."""

from __future__ import annotations

import html
import io
import itertools
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from saima_web.api import tokens
from saima_web.api.models import Token
from saima_web.people.models import ADMINISTRATORS, User
from saima_web.people.permissions import RULES, may
from tests.web import objects
from tests.web.cast import House
from tests.web.objects import PLANTED, Chest, Thing

As = Callable[[User], Client]
TABLE: dict[str, Any] = {
    name: row if isinstance(row, dict) else {"action": row}
    for name, row in yaml.safe_load(
        Path(__file__).with_name("permissions.yaml").read_text(encoding="utf-8")
    ).items()
}
WHO = (
    "admin", "system", "security", "auditor", "office", "project_office", "lead_office", "clerk", "head", "owner", "inspector",
    "leader", "viewer", "stranger", "anonymous",
)  # fmt: skip
"""One person per role of the house, somebody without a post, and nobody."""
FOUND = {"system": 0.2, "auditor": 0.25}
"""The share of the open words that a visit finds at least, where it is not half: these two are let
see what tasks tell, by the outbox or by the ledger, but neither shows all of it on its first page."""
WHOLE = ("anonymous", "stranger", "clerk")
"""Who gets a refusal as a whole page; others as what a part of a page gets, which is made sooner."""
REFUSED = {401, 403, 404, 405}
HOLDERS = {"unit": "unit", "indicator": "indicator", "code": "indicator", "period": "period"}
FIXED = {"campaign": "race", "at": "0.0", "number": 1}


@dataclass(frozen=True)
class Address:
    """A pattern of the resolver: its name, the view, the parts that it takes."""

    name: str
    view: Any
    parts: tuple[str, ...]


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: Any, space: str, parts: tuple[str, ...]) -> Iterator[Address]:
    for one in patterns:
        taken = (*parts, *one.pattern.converters)
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from _walk(one.url_patterns, space + inner, taken)
        elif isinstance(one, URLPattern):
            yield Address(space + (one.name or str(one.pattern)), one.callback, taken)


# ── The table itself ──


def test_every_address_stands_in_the_table() -> None:
    there = {a.name: getattr(a.view, "action", "?") for a in addresses()}
    missing = [f"{name}: {action}" for name, action in there.items() if name not in TABLE]
    report("enter in tests/web/permissions.yaml", missing)
    report("these are gone", [name for name in TABLE if name not in there])


def test_every_view_asks_for_the_action_of_the_table() -> None:
    declared = {a.name: getattr(a.view, "action", "nothing declared") for a in addresses()}
    stated = {name: TABLE[name]["action"] for name in declared if name in TABLE}
    report(
        "declared otherwise than in the table",
        [f"{n}: {declared[n]}, in the table {a}" for n, a in stated.items() if declared[n] != a],
    )


def report(what: str, lines: list[str]) -> None:
    """Fail with all that is wrong, one a line."""
    if lines:
        pytest.fail("\n  ".join([f"{what}:", *lines]), pytrace=False)


def test_every_action_is_known() -> None:
    for row in TABLE.values():
        asked = [row["action"], row.get("post"), *(row.get("also") or "").split(" or ")]
        assert set(asked) - {None, "", "public"} <= set(RULES)


# ── Requests ──


@dataclass(frozen=True)
class Try:
    """One request that is made: an address with its parts filled, and what decides it."""

    address: Address
    path: str
    things: tuple[Thing, ...]


def tries(chest: Chest) -> Iterator[Try]:
    for address in addresses():
        row = TABLE.get(address.name)
        if row is None:
            continue
        filled = [_fillings(chest, part, row) for part in address.parts]
        for things in itertools.product(*filled):
            values = {p: t.value for p, t in zip(address.parts, things, strict=True)}
            yield Try(address, reverse(address.name, kwargs=values), things)


def _fillings(chest: Chest, part: str, row: dict[str, Any]) -> list[Thing]:
    kind = row.get(part) or HOLDERS.get(part)
    return chest.things[kind] if kind in chest.things else [Thing(row.get(part, FIXED.get(part)))]


def allowed(house: House, who: str, attempt: Try, action: str | None) -> bool:
    """Whether the rules let somebody through, on the objects that the address names."""
    if action == "public" or who == "anonymous":
        return action == "public"
    user, inside = house.people[who], "campaign" in attempt.address.parts
    everywhere = user.posts.filter(role__in=ADMINISTRATORS).exists()
    if inside and not (everywhere or user.posts.filter(campaign=house.campaign).exists()):
        return False
    also = TABLE[attempt.address.name].get("also")
    asked = {action, also, *(t.also for t in attempt.things)} - {None, "public"}
    on: dict[str, Any] = {"campaign": house.campaign if inside else None}
    on["unit"] = next((t.unit for t in attempt.things if t.unit), None)
    on["indicator"] = next((t.indicator for t in attempt.things if t.indicator), None)
    owners = [t.only for t in attempt.things if t.only is not None]
    through = all(any(may(user, one, **on) for one in a.split(" or ")) for a in asked)
    return through and all(who in o for o in owners)


def send(client: Client, method: str, path: str, **headers: str) -> HttpResponse:
    """A request whose changes do not stay, nor what it does to the log-in."""
    mark, cookies = transaction.savepoint(), client.cookies.output(header="", sep=";")
    try:
        return client.get(path, **headers) if method == "GET" else client.post(path, {}, **headers)
    finally:
        transaction.savepoint_rollback(mark)
        client.cookies.load(cookies)


def browser(house: House, as_user: As, who: str) -> Client:
    """A browser of somebody who has logged in; it carries a token too, for the interface."""
    client = Client() if who == "anonymous" else as_user(house.people[who])
    if who != "anonymous":
        scopes = Token.Scope.values
        text = tokens.make(by=house.people[who], name="全部调用", scopes=scopes)[1]
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("who", WHO)
def test_addresses_let_in_whom_the_rules_name(house: House, as_user: As, who: str) -> None:
    """GET and an empty POST to every address, each on own and on others' objects."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    visit = Visit(objects.build(house), who, browser(house, as_user, who))
    wrong = [line for attempt in tries(visit.chest) for line in visit.wrong_with(attempt)]
    report(f"{who}, {len(wrong)} wrong", wrong)
    assert visit.opened > (3 if who in ("anonymous", "stranger") else 20)
    least = len(visit.open_words) * FOUND.get(who, 0.5)
    assert len(visit.seen) >= least, "the search finds what may be seen"


@dataclass
class Visit:
    """Somebody at every address: what was wrong, and how much they were shown."""

    chest: Chest
    who: str
    client: Client
    opened: int = 0
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.closed_words = set(forbidden(self.chest, self.who))
        self.open_words = {s.word for s in self.chest.secrets} - self.closed_words

    def wrong_with(self, attempt: Try) -> Iterator[str]:
        answered = set()
        for method in ("GET", "POST"):
            row = TABLE[attempt.address.name]
            action = row.get("post", row["action"]) if method == "POST" else row["action"]
            let_in = allowed(self.chest.house, self.who, attempt, action)
            brief = {} if let_in or self.who in WHOLE else {"HTTP_HX_REQUEST": "true"}
            answer = send(self.client, method, attempt.path, **brief)
            answered.add(answer.status_code)
            said = verdict(answer, method, let_in, self.who) or self.leaks_of(answer)
            if said:
                yield f"{method} {attempt.address.name} {attempt.path}: {said}"
        if answered == {405}:
            yield f"{attempt.address.name} {attempt.path}: answers to nothing"

    def leaks_of(self, answer: HttpResponse) -> str:
        """The closed words in an answer and in the exports that it offers."""
        if answer.status_code != 200:
            return ""
        texts = list(shown(self.client, answer))
        self.opened += len(texts)
        found = {w for text in texts for w in PLANTED.findall(text)}
        self.seen |= found & self.open_words
        told = sorted(found & self.closed_words)
        return f"shows {told}" if told else ""


def verdict(answer: HttpResponse, method: str, let_in: bool, who: str) -> str:
    """What is wrong with an answer, nothing where it is as the rules say."""
    status = answer.status_code
    if status >= 500:
        return f"{status}"
    if not let_in:
        to_login = who == "anonymous" and status == 302 and "/login/" in answer["Location"]
        return "" if to_login or status in REFUSED else f"{status}, should be refused"
    if method == "GET":
        return "" if status in {200, 302, 405} else f"{status}, should be shown"
    return f"{status}, may be done" if status == 403 else ""


# ── What never leaks ──


def forbidden(chest: Chest, who: str) -> list[str]:
    """The words that a person must not be shown anywhere."""
    if who == "anonymous":
        return [s.word for s in chest.secrets]
    user = chest.house.people[who]
    return [s.word for s in chest.secrets if not s.open_to(user, chest.house)]


def shown(client: Client, answer: HttpResponse) -> Iterator[str]:
    """The words of an answer, and of every export that a page offers."""
    text = text_of(answer)
    yield text
    for link in set(re.findall(r'href="([^"]*[?&](?:amp;)?\w*export=[^"]*)"', text)):
        there = urljoin(answer.request["PATH_INFO"], link)
        export = send(client, "GET", there)
        assert export.status_code == 200, there
        yield text_of(export)


def text_of(answer: HttpResponse) -> str:
    """All words and numbers of an answer: pages, JSON, workbooks, documents, archives."""
    content = b"".join(answer) if answer.streaming else answer.content
    if content[:2] == b"PK":
        text = "\n".join(_members(content))
    elif answer.get("Content-Type", "").startswith("application/json"):
        text = json.dumps(json.loads(content), ensure_ascii=False)
    else:
        text = html.unescape(content.decode("utf-8", "replace"))
    return re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"\\u([0-9a-f]{4})", _letter, text))


def _letter(found: re.Match[str]) -> str:
    return chr(int(found.group(1), 16))


def _members(archive: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as members:
        for name in members.namelist():
            inner = members.read(name)
            if inner[:2] == b"PK":
                yield from _members(inner)
            else:
                yield html.unescape(re.sub(r"<[^>]*>", "", inner.decode("utf-8", "replace")))
