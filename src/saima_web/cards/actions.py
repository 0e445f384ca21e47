"""Deciding about cards: issued, held, waived, reviewed, escalated, lowered, lifted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db.models import Max

from saima.cards.replaying import answer_due
from saima.problems import refuse
from saima.rounding import text as digits
from saima.workflows.card import CARD
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.working_days import add_working_days, overrides
from saima_web.cards import refusals
from saima_web.cards.models import Card, CardAnswer, Interview
from saima_web.cards.proposing import note, subject_of
from saima_web.cards.queries import rules_of
from saima_web.cards.refusals import said
from saima_web.messaging.actions import tell
from saima_web.people.models import Role, User
from saima_web.people.permissions import may, require
from saima_web.scoring.events import record_event, withdraw_event
from saima_web.scoring.models import ScoreEvent

State = Card.State


def right_of(card: Card) -> str:
    """The action by which a card is decided: each office its own."""
    project = card.office == Card.Office.PROJECT
    return "cards.decide-project" if project else "cards.decide"


class Step:
    """A card in the middle of a step; `data` goes into the ledger."""

    def __init__(self, card: Card, ledger: Ledger) -> None:
        self.card, self.ledger = card, ledger
        self.data: dict[str, Any] = {}


def right_to_escalate(card: Card, by: User) -> str:
    """The action by which a person escalates a card: as who decides it, or as a leader."""
    return "cards.escalate" if may(by, "cards.escalate", campaign=card.campaign) else right_of(card)


@contextmanager
def step(card: Card, event: str, by: User, under: str, words: str = "") -> Iterator[Step]:
    """The card, locked and moved, with its ledger; saved and noted at the end.

    Errors: Refused where the event does not apply or the person may not.
    """
    with writing(by) as ledger:
        found = (
            Card.objects.select_for_update()
            .select_related("campaign", "unit", "rules")
            .get(pk=card.pk)
        )
        require(by, under, campaign=found.campaign, unit=found.unit, indicator=found.indicator)
        if found.good and event not in ("issue", "hold", "waive"):
            raise refuse(refusals.PRAISE, level=found.level)
        found.state = CARD.step(found.state, event)
        moved = Step(found, ledger)
        yield moved
        found.changed_at = now()
        found.save()
        note(found, event, words, by)
        ledger.record(
            f"card.{PAST[event]}", subject_of(found), campaign=found.campaign.code,
            unit=found.unit.code, personal=words.strip(), **moved.data,
        )  # fmt: skip


PAST = {
    "issue": "issued", "hold": "held", "waive": "waived", "answer": "answered",
    "return": "returned", "accept": "accepted", "escalate": "escalated", "lift": "lifted",
    "replace": "replaced",
}  # fmt: skip


def issue(*, card: Card, by: User) -> Card:
    """Issue a proposed card: it gets its number, its days run, its points are taken."""
    with step(card, "issue", by, right_of(card)) as moved:
        found = moved.card
        found.number, found.year = _next_number(found.campaign), today().year
        found.issued_on, found.issued_by = today(), by
        found.decided_at, found.decided_by = now(), by
        level = rules_of(found.rules).level(found.level)
        days_off = overrides()
        found.due = answer_due(level, today(), lambda d, n: add_working_days(d, n, days_off))
        found.save()
        if found.deducts:
            take_points(found, found.deducts, found.level, by, right_of(found))
        if found.replaces is not None and found.replaces.out:
            _replace(found.replaces, found, by)
        moved.data = {"number": found.title, "due": found.due.isoformat() if found.due else None}
        _tell_unit(found, "{card}：{name}", by)
    return found


def _next_number(campaign: Campaign) -> int:
    """The next number of the year, over all levels."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    last = campaign.cards.filter(year=today().year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def take_points(card: Card, points: float, what: str, by: User, under: str) -> ScoreEvent:
    """Register what a card costs, under its number, so that runs from now on count it."""
    made = record_event(
        campaign=card.campaign, by=by, under=under, kind=ScoreEvent.Kind.DEDUCTION,
        unit=card.unit, name=rules_of(card.rules).deducts_as, on=today(),
        points=digits(points, 2).rstrip("0").rstrip("."), basis=card.title,
        indicator=card.indicator, note=f"{card.name}：{what}"[:300],
    )  # fmt: skip
    card.events.add(made)
    return made


def _replace(old: Card, new: Card, by: User) -> None:
    """The card in whose place another comes is closed."""
    with step(old, "replace", by, right_of(old), new.title) as moved:
        moved.card.closed_on, moved.card.advice = today(), []
        moved.data = {"by": new.title}


def hold(*, card: Card, words: str, by: User) -> Card:
    """Leave a proposal undecided for now, with a reason."""
    with step(card, "hold", by, right_of(card), words) as moved:
        _decided(moved.card, said(words, "暂缓的理由"), by)
    return moved.card


def waive(*, card: Card, words: str, by: User) -> Card:
    """Waive a card (容错), before or after it was issued; points that it took are given back."""
    with step(card, "waive", by, right_of(card), words) as moved:
        reason = said(words, "容错免牌的理由")
        _decided(moved.card, reason, by)
        moved.card.closed_on, moved.card.advice = today(), []
        for event in moved.card.events.filter(withdrawn_at__isnull=True):
            withdraw_event(
                event=event, reason=f"{moved.card.title}容错免牌：{reason}"[:300], by=by,
                under=right_of(card),
            )  # fmt: skip
        if moved.card.issued_on:
            _tell_unit(moved.card, "{card}容错免牌：{name}", by)
    return moved.card


def _decided(card: Card, words: str, by: User) -> None:
    card.decision, card.decided_at, card.decided_by = words[:300], now(), by


def answer(*, card: Card, cause: str, countermeasure: str, promised_on: date, by: User) -> Card:
    """The unit answers: the cause, what is done, by when."""
    with step(card, "answer", by, "cards.answer", countermeasure) as moved:
        if promised_on < today():
            raise refuse(refusals.PROMISE_PAST, day=promised_on.isoformat())
        late = moved.card.due is not None and today() > moved.card.due
        CardAnswer.objects.create(
            card=moved.card, cause=said(cause, "原因"),
            countermeasure=said(countermeasure, "对策"), promised_on=promised_on, late=late,
            by=by, at=now(),
        )  # fmt: skip
        moved.data = {"promised": promised_on.isoformat(), "late": late}
        _tell_office(moved.card, "{card}已答复：{unit}　{name}", by)
    return moved.card


def review(*, card: Card, accepted: bool, words: str, by: User) -> Card:
    """The office accepts an answer, or returns it with what is lacking and a new day."""
    event = "accept" if accepted else "return"
    with step(card, event, by, right_of(card), words) as moved:
        found = moved.card
        last = found.answers.last()
        said_words = words.strip() if accepted else said(words, "退回的理由")
        if last is not None:
            last.accepted, last.review = accepted, said_words[:300]
            last.reviewed_by, last.reviewed_at = by, now()
            last.save()
        if not accepted:
            _new_due(found)
            _tell_unit(found, "{card}的答复被退回：{name}", by, words)
    return found


def _new_due(card: Card) -> None:
    """The days for an answer run anew."""
    level = rules_of(card.rules).level(card.level)
    days_off = overrides()
    card.due = answer_due(level, today(), lambda d, n: add_working_days(d, n, days_off))


def escalate(
    *, card: Card, what: str, on: date, interviewer: str, attended: str, record: str, by: User
) -> Card:
    """Escalate a card (约谈): who spoke with whom and what was said; the answer is due anew.

    Points are taken where the rules propose this step with a deduction.
    """
    under = right_to_escalate(card, by)
    with step(card, "escalate", by, under, what) as moved:
        found = moved.card
        what = said(what, "处理方式")
        Interview.objects.create(
            card=found, step=what, on=on, interviewer=said(interviewer, "约谈人"),
            attended=said(attended, "参加人"), record=said(record, "约谈记录"), by=by, at=now(),
        )  # fmt: skip
        points = sum(a["deducts"] for a in found.advice if a["step"] == what)
        found.advice = [a for a in found.advice if a["step"] != what]
        if points:
            take_points(found, points, what, by, under)
        _new_due(found)
        moved.data = {"step": what, "on": on.isoformat(), "points": digits(points, 2)}
        _tell_unit(found, "{card}升级处理：{name}", by, what)
    return found


def lift(*, card: Card, words: str, by: User) -> Card:
    """Lift a card whose figure was made good. Errors: Refused while the rules say otherwise."""
    with step(card, "lift", by, right_of(card), words) as moved:
        _require_advice(moved.card, "lift")
        moved.card.closed_on, moved.card.advice = today(), []
        moved.card.decision = words.strip()[:300]
        _tell_unit(moved.card, "{card}已摘牌：{name}", by)
    return moved.card


def lower(*, card: Card, words: str, by: User) -> Card:
    """Put a lighter card in place of one that was made good (红牌降为黄牌)."""
    with writing(by) as ledger:
        found = Card.objects.select_related("campaign", "unit", "rules").get(pk=card.pk)
        require(by, right_of(found), campaign=found.campaign)
        CARD.step(found.state, "lift")
        to = _require_advice(found, "lower")["level"]
        level = rules_of(found.rules).level(to)
        made = Card.objects.create(
            campaign=found.campaign, rules=found.rules, year=today().year, subject=found.subject,
            number=_next_number(found.campaign), subject_kind=found.subject_kind, name=found.name,
            unit=found.unit, indicator=found.indicator, level=to, colour=level.colour,
            state=State.ACCEPTED, evaluated_on=found.evaluated_on, office=found.office,
            reason=f"{found.title}已达标，降为{to}。", receivers=list(level.receivers),
            was=found.level, replaces=found, raised=False, proposed_at=now(), changed_at=now(),
            decided_at=now(), decided_by=by, issued_on=today(), issued_by=by,
        )  # fmt: skip
        _replace(found, made, by)
        note(made, "issue", words, by)
        ledger.record(
            "card.lowered", subject_of(made), campaign=made.campaign.code, unit=made.unit.code,
            personal=words.strip(), was=found.title, number=made.title,
        )  # fmt: skip
        _tell_unit(made, "{card}：{name}", by)
    return made


def _require_advice(card: Card, kind: str) -> dict[str, Any]:
    found = next((a for a in card.advice if a["kind"] == kind), None)
    if found is None:
        raise refuse(refusals.STILL_BEHIND)
    return dict(found)


def _tell_unit(card: Card, subject: str, by: User, text: str = "") -> None:
    due = f"请在{card.due.isoformat()}前答复。" if card.due and card.awaits_answer else ""
    tell(
        to=[card.unit], campaign=card.campaign, kind="card", by=by,
        subject=subject.format(card=card.title, name=card.name), text=f"{text}{due}",
        link=f"/c/{card.campaign.code}/cards/{card.pk}/",
    )  # fmt: skip


def _tell_office(card: Card, subject: str, by: User) -> None:
    role = Role.PROJECT_OFFICE if card.office == Card.Office.PROJECT else Role.OFFICE
    tell(
        to=[role], campaign=card.campaign, kind="card", by=by,
        subject=subject.format(card=card.title, name=card.name, unit=card.unit),
        link=f"/c/{card.campaign.code}/cards/{card.pk}/",
    )  # fmt: skip
