"""No unit sees what is not its own: random reads and writes that name another unit's objects.

Words and figures that stand nowhere else are planted in both units' objects (objects.py). Clerks
and heads ask every address with the other's identifiers in the path and in the query; no answer,
page, export, trace, picture or call may hold a word that the rules keep from them, and no form that
names the other's objects may change anything.
"""

from __future__ import annotations

import logging
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.urls import reverse

from saima_web.audit.models import Entry, Head
from saima_web.people.models import Unit, User
from saima_web.people.permissions import may
from tests.web import objects
from tests.web.cast import House
from tests.web.objects import PLANTED, Chest, Thing
from tests.web.test_permissions import (
    REFUSED,
    TABLE,
    Address,
    Try,
    _fillings,
    addresses,
    allowed,
    browser,
    forbidden,
    send,
    text_of,
)

As = Callable[[User], Client]
READERS = {"clerk": "E2", "head": "E2", "other_clerk": "E1", "other_head": "E1"}
"""Who asks, and whose objects they name."""
READS = int(os.environ.get("SAIMA_TEST_READS", "100000"))
"""How many the proof makes in all."""
LEFT_OUT = {
    "people:logout", "people:login", "openid_connect_login", "openid_connect_callback",
    "api-v1:openapi-json",  # made of the program alone, slowly
}  # fmt: skip
SOURCE = Path(__file__).parents[2] / "src" / "saima_web"


def parameters(method: str) -> list[str]:
    """The names that views read from an address or a form, gathered from the source."""
    pattern = re.compile(rf"""{method}(?:\.get(?:list)?\(|\[)\s*["'](\w+)["']""")
    found = {n for p in SOURCE.rglob("*.py") for n in pattern.findall(p.read_text("utf-8"))}
    return sorted(found | {"sort", "q", "page", "box", "export", "unit", "indicator", "period"})


@dataclass
class Prowl:
    """Somebody of one unit, asking for another's."""

    chest: Chest
    who: str
    client: Client
    rng: random.Random
    other: Unit
    closed: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)
    before: State | None = None
    forms: list[Address] = field(default_factory=list)
    pages: list[Address] = field(default_factory=list)
    """Of the addresses those that open to somebody's role at all; test_permissions has the rest."""

    def __post_init__(self) -> None:
        self.closed = set(forbidden(self.chest, self.who))
        self.open = {s.word for s in self.chest.secrets} - self.closed
        self.forms = [a for a in addresses() if a.name in TABLE and a.name not in LEFT_OUT]
        self.pages = [a for a in self.forms if self._opens(a)]
        self.asked, self.sent = parameters("GET"), parameters("POST")
        self.values = self._values()

    def _values(self) -> list[Any]:
        """What goes into queries and forms: the other's numbers, codes and common choices."""
        mine = [t.value for k in self.chest.things.values() for t in k if self._strange(t)]
        words = [self.other.pk, self.other.code, self.other.name, self.other.short_name, "密语"]
        common = ["xlsx", "csv", "1", "all", "2026-08", "2026-10", "2026-Q3", "2026", "revenue",
                  "investment", "unit", "E1,E2", "-1", "%", "", "json", "md", "docx"]  # fmt: skip
        return [*mine, *words * 4, *common * 2]

    def _strange(self, thing: Thing) -> bool:
        return thing.unit == self.other or (thing.only is not None and self.who not in thing.only)

    def _opens(self, address: Address) -> bool:
        action = TABLE[address.name]["action"]
        return action in (None, "public") or may(self.chest.house.people[self.who], action)

    def attempt(self, among: list[Address]) -> Try:
        """An address, its parts filled with the other's objects wherever it has some."""
        address = self.rng.choice(among)
        things = []
        for part in address.parts:
            known = _fillings(self.chest, part, TABLE[address.name])
            strange = [t for t in known if self._strange(t)]
            things.append(
                self.rng.choice(strange if strange and self.rng.random() < 0.8 else known)
            )
        parts = {p: t.value for p, t in zip(address.parts, things, strict=True)}
        return Try(address, reverse(address.name, kwargs=parts), tuple(things))

    def query(self, names: list[str]) -> dict[str, Any]:
        chosen = self.rng.sample(names, self.rng.randint(0, 4))
        return {n: self.rng.choice(self.values) for n in chosen}

    def read(self) -> str:
        """One read; what was wrong with its answer."""
        attempt = self.attempt(self.pages)
        query = self.query(self.asked)
        if self.rng.random() < 0.3:
            query["export"] = "xlsx"
        path = f"{attempt.path}?{urlencode(query)}" if query else attempt.path
        answer = send(self.client, "GET", path)
        self.done[f"{answer.status_code}"] += 1
        if answer.status_code == 405:
            self.pages.remove(attempt.address)
        if answer.status_code >= 500:
            return f"GET {path}: {answer.status_code}"
        return self.leaks_of(answer, path, " ".join(str(v) for v in query.values()))

    def leaks_of(self, answer: HttpResponse, path: str, said: str = "") -> str:
        """The closed words in an answer; what the request itself said is no leak."""
        found = set(PLANTED.findall(text_of(answer)))
        self.seen |= found & self.open
        told = (found & self.closed) - set(PLANTED.findall(said))
        return f"GET {path}: shows {sorted(told)}" if told else ""

    def write(self) -> str:
        """One form that names the other's objects; what it changed that it should not."""
        attempt = self.attempt(self.forms)
        row = TABLE[attempt.address.name]
        let_in = allowed(self.chest.house, self.who, attempt, row.get("post", row["action"]))
        before = self.before = self.before or state_of(self.other)  # nothing done here stays
        mark = transaction.savepoint()
        try:
            answer = self.client.post(attempt.path, self.query(self.sent))
            self.done[f"POST {answer.status_code}"] += 1
            after = state_of(self.other)
        finally:
            transaction.savepoint_rollback(mark)
        return self._judged(attempt, answer, let_in, before, after)

    def _judged(self, attempt: Try, answer: Any, let_in: bool, before: Any, after: Any) -> str:
        if answer.status_code >= 500:
            return f"POST {attempt.path}: {answer.status_code}"
        if not let_in and answer.status_code not in REFUSED:
            return f"POST {attempt.path}: {answer.status_code}, should be refused"
        same = before.rows == after.rows and (let_in or before.number == after.number)
        about = [s for s in after.subjects[len(before.subjects) :] if self.other.code in s]
        changed = sorted(k for k in before.rows if before.rows[k] != after.rows[k])
        return "" if same and not about else f"POST {attempt.path}: changed {changed or about}"


@dataclass(frozen=True)
class State:
    """A unit's rows in every table, the ledger's end, and the subjects it speaks of."""

    rows: dict[str, int]
    number: int
    subjects: list[str]


def state_of(unit: Unit) -> State:
    rows = {}
    with connection.cursor() as cursor:
        for name, select, values in selects(unit.pk):
            cursor.execute(select, values)
            rows[name] = hash(tuple(map(repr, cursor.fetchall())))
    head = Head.objects.first()
    subjects = list(Entry.objects.order_by("number").values_list("subject", flat=True))
    return State(rows, head.number if head else 0, subjects)


@cache
def selects(unit: int) -> list[tuple[str, str, Any]]:
    """What reads a unit's rows of every table: the table and how it belongs, SQL, its values."""
    return [
        (
            f"{model.__name__}.{path}",
            *model._default_manager.filter(**{path: unit})
            .order_by("pk")
            .values_list()
            .query.sql_with_params(),
        )
        for model, path in paths_to_unit()
    ]


def paths_to_unit() -> list[tuple[type[models.Model], str]]:
    """Every table that belongs to a unit, itself or by what it hangs on, and how."""
    direct = [
        (m, f.name)
        for m in apps.get_models()
        if m.__module__.startswith("saima_web.")
        for f in m._meta.fields
        if f.related_model is Unit and f.name == "unit"
    ]
    holders = {m for m, _ in direct} - {User}
    hanging = [
        (m, f"{f.name}__unit")
        for m in apps.get_models()
        if m.__module__.startswith("saima_web.")
        for f in m._meta.fields
        if f.related_model in holders and m not in holders
    ]
    return direct + hanging


def prowl(house: House, as_user: As, who: str, seed: int) -> Prowl:
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    chest = objects.build(house)
    client = browser(house, as_user, who)
    return Prowl(chest, who, client, random.Random(seed), house.units[READERS[who]])


@pytest.fixture(autouse=True)
def plain_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are drawn as for people: nobody here looks at what tests would keep of each part."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


def roam(found: Prowl, reads: int) -> list[str]:
    """So many reads, a form after every tenth; all that was wrong. Tells how far it is."""
    wrong = []
    for n in range(reads):
        wrong.append(found.read())
        if n % 10 == 0:
            wrong.append(found.write())
        if (n + 1) % 250 == 0:
            amiss = sorted({w for w in wrong if w})
            print(f"{found.who}: {n + 1} reads, {dict(sorted(found.done.items()))}, {amiss}")
    return sorted({w for w in wrong if w})


@pytest.mark.parametrize("who", READERS)
def test_two_thousand_reads_show_nobody_what_is_another_units(
    house: House, as_user: As, who: str
) -> None:
    found = prowl(house, as_user, who, seed=7)
    assert found.closed, "there is something to hide"
    assert roam(found, 500) == []
    assert found.done["200"] > 100, "pages were really shown"
    assert len(found.seen) >= 10, "the search finds what may be seen"


@pytest.mark.proof
@pytest.mark.parametrize("who", READERS)
def test_hundred_thousand_reads_show_nobody_what_is_another_units(
    house: House, as_user: As, who: str
) -> None:
    found = prowl(house, as_user, who, seed=20261122)
    wrong = roam(found, READS // len(READERS))
    print(f"{who}: {dict(sorted(found.done.items()))}; {len(found.closed)} words kept, "
          f"{len(found.seen)} of {len(found.open)} own ones seen")  # fmt: skip
    assert wrong == []
    assert len(found.seen) >= len(found.open) / 2


def test_a_word_that_leaks_is_noticed_also_in_a_workbook(house: House, as_user: As) -> None:
    """The other's own reader is shown it: were it the clerk, the search would say so."""
    chest = objects.build(house)
    theirs = browser(house, as_user, "other_clerk")
    evil = Prowl(chest, "clerk", theirs, random.Random(1), house.units["E2"])
    wrong = [evil.leaks_of(send(theirs, "GET", p), p) for p in ("/c/race/leads/", "/c/race/tasks/")]
    assert any("shows" in w for w in wrong), wrong
    book = send(theirs, "GET", f"{reverse('targets:leads', args=['race'])}?export=xlsx")
    assert book.content[:2] == b"PK"
    assert "shows" in evil.leaks_of(book, "the workbook")


def test_a_form_that_changes_the_other_units_rows_is_noticed(house: House, as_user: As) -> None:
    before = state_of(house.units["E2"])
    Unit.objects.filter(code="E2").update(name="改了名")
    house.other_clerk.phone = "1"
    house.other_clerk.save()
    after = state_of(house.units["E2"])
    assert before.rows["User.unit"] != after.rows["User.unit"]
    assert before.rows["Entry.unit"] == after.rows["Entry.unit"]
