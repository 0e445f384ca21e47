"""Reading cards and their rules: what is in force, which cards a person may see, their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from saima.cards import Card as JudgedCard
from saima.cards import CardRules
from saima.cards.reading import read_card_rules
from saima.problems import Problem
from saima.workflows.card import AWAITS_ANSWER
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.waiting import Waiting, end_of
from saima_web.cards.models import Card, CardRuleSet
from saima_web.people.models import User
from saima_web.people.permissions import cells_for, may

State = Card.State
UNDECIDED = (State.PROPOSED, State.HELD, State.LAPSED)
NAME = "规则.yaml"


@lru_cache(maxsize=64)
def parsed(text: str) -> tuple[CardRules | None, tuple[Problem, ...]]:
    """Card rules as read, with every problem."""
    rules, problems = read_card_rules(text, NAME)
    return rules, tuple(problems)


def rules_of(row: CardRuleSet) -> CardRules:
    """The rules of a version that was switched on, which read."""
    found = parsed(row.text)[0]
    assert found is not None, "rules that were switched on read"
    return found


def in_force(campaign: Campaign, day: date) -> CardRuleSet | None:
    """The version of the card rules in force at a day."""
    rows = campaign.card_rules.filter(state=CardRuleSet.State.PUBLISHED, effective_from__lte=day)
    return rows.order_by("-effective_from", "-version").first()


def draft_of(campaign: Campaign) -> CardRuleSet | None:
    """The version that is being written."""
    return campaign.card_rules.filter(state=CardRuleSet.State.DRAFT).first()


def decides(by: User, campaign: Campaign, office: str = "") -> bool:
    """Whether a person decides about cards (of an office)."""
    project = may(by, "cards.decide-project", campaign=campaign)
    if office == Card.Office.PROJECT:
        return project
    return may(by, "cards.decide", campaign=campaign) or (not office and project)


def cards_for(by: User, campaign: Campaign) -> QuerySet[Card]:
    """The cards that a user may see: a unit its own, once they were issued."""
    rows = Card.objects.filter(cells_for(by, "cards.see", campaign), campaign=campaign)
    if not may(by, "cards.see-proposed", campaign=campaign):
        rows = rows.exclude(issued_on__isnull=True)
    return rows.select_related("campaign", "unit", "indicator", "rules", "replaces")


def standing(campaign: Campaign) -> QuerySet[Card]:
    """Cards that units have in hand."""
    return campaign.cards.filter(state__in=[s for s in State if Card(state=s).out], good=False)


def judged(cards: Iterable[Card]) -> tuple[JudgedCard, ...]:
    """Cards as the library knows them."""
    return tuple(
        JudgedCard(
            subject=c.subject,
            kind=c.subject_kind,  # type: ignore[arg-type]
            level=c.level,
            on=c.evaluated_on,
            unit=c.unit.code,
            name=c.name,
            state=c.state,
            due=c.due,
            raised=c.raised,
            steps=_done(c),
            closed=c.closed_on,
        )
        for c in cards
    )


def _done(card: Card) -> tuple[str, ...]:
    """What was done about a card or stands as advice, so that it is not proposed again."""
    held = [i.step for i in card.interviews.all()]
    return (*held, *(a["step"] for a in card.advice if a["kind"] == "step"))


def active(campaign: Campaign) -> QuerySet[Card]:
    """Every card of a campaign, ready for judging."""
    return (
        campaign.cards.select_related("unit", "campaign")
        .prefetch_related("interviews")
        .order_by("pk")
    )


def visible(
    by: User, campaign: Campaign, unit: str = "", level: str = "", office: str = ""
) -> QuerySet[Card]:
    """The cards of a list: filtered by unit code, level and office where they are given."""
    asked = Q()
    if unit:
        asked &= Q(unit__code=unit)
    if level:
        asked &= Q(level=level)
    if office:
        asked &= Q(office=office)
    return cards_for(by, campaign).filter(asked)


def my_cards(by: User, campaign: Campaign) -> Iterator[Waiting]:
    """Cards that wait for a person: a unit's answer, an office's decision, review or lifting."""
    rows = campaign.cards.filter(good=False).select_related("campaign", "unit", "indicator")
    if may(by, "cards.answer", campaign=campaign):
        mine = rows.filter(cells_for(by, "cards.answer", campaign), state__in=AWAITS_ANSWER)
        for card in mine:
            words = {"card": card.title, "name": card.name}
            due = end_of(card.due) if card.due else None
            yield _waiting(card, _("答复%(card)s：%(name)s") % words, due)
    for office in Card.Office.values:
        if decides(by, campaign, office):
            yield from _of_office(campaign, office)


def _of_office(campaign: Campaign, office: str) -> Iterator[Waiting]:
    rows = campaign.cards.filter(office=office).select_related("campaign", "unit", "indicator")
    proposed = rows.filter(state=State.PROPOSED).count()
    if proposed:
        href = reverse("cards:list", args=[campaign.code]) + f"?box=proposed&office={office}"
        yield Waiting(_("%(n)s张牌待您决定") % {"n": proposed}, href)
    for card in rows.filter(good=False, state__in=(State.ANSWERED, State.ACCEPTED)):
        words = {"card": card.title, "unit": card.unit, "name": card.name}
        if card.state == State.ANSWERED:
            yield _waiting(card, _("复核%(unit)s对%(card)s的答复") % words)
        elif any(a["kind"] in ("lift", "lower") for a in card.advice):
            yield _waiting(card, _("%(card)s已达标，可以摘牌或降级") % words)


def _waiting(card: Card, title: str, due: datetime | None = None) -> Waiting:
    href = reverse("cards:card", args=[card.campaign.code, card.pk])
    return Waiting(title, href, due, card.name)
