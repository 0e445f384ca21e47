"""How many cards fell on each project: what the assessment of projects asks."""

from __future__ import annotations

from datetime import date

from saima_web.campaigns.models import Campaign
from saima_web.cards.models import Card

ON_PROJECTS = ("project", "milestone")
COLOURS = ("yellow", "red")


def counts(campaign: Campaign, start: date, end: date) -> dict[int, tuple[int, int]]:
    """Project id -> yellow and red cards issued from one day to another, on it or its milestones.

    A card that another one replaced is not counted beside it.
    """
    rows = Card.objects.filter(
        campaign=campaign, subject_kind__in=ON_PROJECTS, colour__in=COLOURS, good=False,
        issued_on__range=(start, end),
    ).exclude(state=Card.State.REPLACED)  # fmt: skip
    found: dict[int, tuple[int, int]] = {}
    for subject, colour in rows.values_list("subject", "colour"):
        pk = int(subject.split("/")[1])
        yellow, red = found.get(pk, (0, 0))
        found[pk] = (yellow + 1, red) if colour == "yellow" else (yellow, red + 1)
    return found
