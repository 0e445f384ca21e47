"""Every state × every role: what the page offers is exactly what the actions let through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from saima.problems import Refused
from saima.workflows.card import CARD
from saima_web.cards import actions
from saima_web.cards.models import Card, CardAnswer
from saima_web.cards.shown import choices
from saima_web.people.models import User
from tests.web.cards.table import ANSWER, at, proposed
from tests.web.cast import House

WHO = (
    "admin", "office", "project_office", "lead_office", "clerk", "head", "other_clerk",
    "other_head", "owner", "inspector", "leader", "viewer",
)  # fmt: skip
SPOKEN = {
    "what": "约谈",
    "on": date(2026, 10, 20),
    "interviewer": "甲",
    "attended": "乙",
    "record": "丙",
}
ADVICE = [
    {"kind": k, "level": "黄牌", "step": "", "reason": "", "deducts": 0} for k in ("lift", "lower")
]
DO: dict[str, Callable[[Card, User], Any]] = {
    "issue": lambda c, by: actions.issue(card=c, by=by),
    "hold": lambda c, by: actions.hold(card=c, words="等核实", by=by),
    "waive": lambda c, by: actions.waive(card=c, words="不可抗力", by=by),
    "answer": lambda c, by: actions.answer(card=c, by=by, **ANSWER),
    "accept": lambda c, by: actions.review(card=c, accepted=True, words="可以", by=by),
    "return": lambda c, by: actions.review(card=c, accepted=False, words="再写", by=by),
    "escalate": lambda c, by: actions.escalate(card=c, by=by, **SPOKEN),
    "lift": lambda c, by: actions.lift(card=c, words="", by=by),
    "lower": lambda c, by: actions.lower(card=c, words="", by=by),
}  # fmt: skip
"""What a page offers -> the action behind it."""


def in_state(card: Card, state: str) -> Card:
    """The card put into a state, with all that the rules may propose for it."""
    Card.objects.filter(pk=card.pk).update(
        state=state, advice=ADVICE, number=77, issued_on=date(2026, 10, 19), due=date(2026, 10, 26)
    )
    CardAnswer.objects.filter(card=card).delete()
    card.refresh_from_db()
    return card


@pytest.mark.parametrize("state", CARD.states)
def test_what_a_page_offers_is_what_may_be_done(house: House, state: str):
    from django.db import transaction

    found = proposed(house)["E2/investment"]
    wrong = []
    for who in WHO:
        by = house.people[who]
        for event, do in DO.items():
            card, mark = in_state(found, state), transaction.savepoint()
            offered = choices(by, card)[event]
            with at():
                try:
                    do(card, by)
                    done = True
                except Refused:
                    done = False
            transaction.savepoint_rollback(mark)
            if offered != done:
                wrong.append(f"{who} {event}: offered {offered}, done {done}")
    assert wrong == []
