"""Every state that a cell can reach × every person × every event: allowed exactly as the table says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from saima.problems import Refused
from saima.workflows.submission import SUBMISSION
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.people.models import User
from saima_web.reporting import actions
from saima_web.reporting.models import Entry, Figure, Remark, Round
from tests.web.cast import House

REPORTERS = {"clerk", "head", "owner"}
"""The owner only in the unit's name, and said so; the unit itself still hands it in."""
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("empty", "save"): REPORTERS,
    ("draft", "save"): REPORTERS,
    ("returned", "save"): REPORTERS,
    ("draft", "clear"): REPORTERS,
    ("returned", "clear"): REPORTERS,
    ("draft", "submit"): {"clerk", "head"},
    ("submitted", "withdraw"): {"clerk", "head"},
    ("submitted", "endorse"): {"head"},
    ("submitted", "return"): {"head"},
    ("endorsed", "confirm"): {"owner"},
    ("endorsed", "return"): {"owner"},
    ("confirmed", "return"): {"owner"},
}
PROVIDED = {("empty", "provide"): {"owner"}, ("confirmed", "provide"): {"owner"}}
EVENTS = ("save", "clear", "submit", "withdraw", "endorse", "return", "confirm")
Do = Callable[[Entry, User], Any]


def _save(value: str | None) -> Do:
    def do(entry: Entry, by: User) -> Any:
        number = None if value is None else Decimal(value)
        return actions.save_figure(entry=entry, value=number, by=by, on_behalf="受托代填")

    return do


DO: dict[str, Do] = {
    "save": _save("9998"),
    "provide": _save("9998"),
    "clear": _save(None),
    "submit": lambda e, by: actions.submit(round=e.round, unit=e.unit, by=by),
    "withdraw": lambda e, by: actions.withdraw(round=e.round, unit=e.unit, by=by),
    "endorse": lambda e, by: actions.endorse(entries=[e], by=by),
    "return": lambda e, by: actions.return_(entries=[e], reason="请核实", by=by),
    "confirm": lambda e, by: actions.confirm(entries=[e], by=by),
}
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "empty": (),
    "draft": (("save", "clerk"),),
    "submitted": (("save", "clerk"), ("submit", "clerk")),
    "returned": (("save", "clerk"), ("submit", "clerk"), ("return", "head")),
    "endorsed": (("save", "clerk"), ("submit", "clerk"), ("endorse", "head")),
    "confirmed": (
        ("save", "clerk"),
        ("submit", "clerk"),
        ("endorse", "head"),
        ("confirm", "owner"),
    ),
}
"""How each state is reached."""


def cell(house: House, indicator: str = "revenue") -> Entry:
    return Entry.objects.select_related("round", "unit").get(
        unit=house.units["E1"], indicator=house.indicators[indicator]
    )


def reach(house: House, state: str) -> Entry:
    for event, person in WAYS[state]:
        entry = cell(house)
        if event == "save":
            actions.save_figure(entry=entry, value=Decimal(9999), by=house.people[person])
        else:
            DO[event](entry, house.people[person])
    entry = cell(house)
    assert entry.state == state
    return entry


def everything() -> tuple[Any, ...]:
    """All that an action on a cell could have written."""
    return (
        list(Entry.objects.order_by("pk").values()),
        list(Figure.objects.order_by("pk").values_list("pk", "value", "withdrawn")),
        Remark.objects.count(),
        LedgerEntry.objects.count(),
    )


def attempt(entry: Entry, event: str, by: User) -> tuple[bool, str]:
    """Whether the event was done, and the state after it; rolled back either way."""
    before = everything()
    with transaction.atomic():
        try:
            DO[event](entry, by)
        except Refused:
            assert everything() == before, "a refusal left something changed"
            return False, entry.state
        state = Entry.objects.get(pk=entry.pk).state
        done = everything() != before
        transaction.set_rollback(True)
    return done, state


def test_table_of_roles_covers_the_whole_workflow() -> None:
    assert set(ALLOWED) | set(PROVIDED) == set(SUBMISSION.moves)
    assert set(WAYS) == set(SUBMISSION.states)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", WAYS)
def test_each_event_is_open_to_exactly_these_people(house: House, state: str, event: str) -> None:
    entry = reach(house, state)
    done = set()
    for name, person in house.people.items():
        happened, after = attempt(entry, event, User.objects.get(pk=person.pk))
        if happened:
            done.add(name)
            assert after == SUBMISSION.moves[state, event]
    assert done == ALLOWED.get((state, event), set())


@pytest.mark.parametrize("event", [*EVENTS, "provide"])
@pytest.mark.parametrize("state", ["empty", "confirmed"])
def test_what_the_owner_provides_nobody_else_touches(house: House, state: str, event: str) -> None:
    house.indicators["revenue"].provider = "owner"
    house.indicators["revenue"].save()
    if state == "confirmed":
        actions.save_figure(entry=cell(house), value=Decimal(5), by=house.owner)
    entry, done = cell(house), set()
    assert entry.state == state
    for name, person in house.people.items():
        happened, after = attempt(entry, event, User.objects.get(pk=person.pk))
        if happened:
            done.add(name)
            assert after == "confirmed"
    expected = PROVIDED[state, "provide"] if event in ("save", "provide") else set()
    assert done == expected


@pytest.mark.parametrize("state", WAYS)
def test_nothing_moves_in_a_closed_round(house: House, state: str) -> None:
    entry = reach(house, state)
    Round.objects.update(state="closed")
    for event in EVENTS:
        for name in ALLOWED.get((state, event), ()):
            happened, _ = attempt(cell(house), event, house.people[name])
            assert not happened, (event, name)
    assert cell(house).state == entry.state
