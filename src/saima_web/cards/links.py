"""Where the subject of a card can be looked at."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from saima_web.cards.models import Card

PAGES = {
    "project": "projects:one",
    "task": "followup:task",
    "commitment": "pledges:one",
}
"""Kind of subject -> its page; the subject's key ends in the object's key, a task's page in its
number."""


def subject_link(card: Card) -> str:
    """The page of what a card is about; empty where it has none."""
    code = card.campaign.code
    if card.subject_kind == "unit-indicator" and card.indicator is not None:
        period = card.evaluated_on.strftime("%Y-%m")
        args: list[object] = [code, period, card.unit.code, card.indicator.code]
        return _address("scoring:why", args)
    if card.subject_kind == "unit":
        return _address("dashboards:unit", [code, card.unit.code])
    number = card.subject.rpartition("/")[2]
    if card.subject_kind == "task":
        rows = card.campaign.tasks.filter(pk=number).values_list("number", flat=True)
        number = str(rows.first() or "")
    if card.subject_kind == "milestone":
        return _address(PAGES["project"], [code, card.subject.split("/")[1]])
    page = PAGES.get(card.subject_kind)
    return _address(page, [code, number]) if page else ""


def _address(name: str, args: list[object]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
