"""What a figure is made of, where a higher slice keeps it: asked for, never imported.

A slice above (projects) adds its function to SOURCES when the platform starts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from saima.periods import parse
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import clock_of
from saima_web.people.models import User
from saima_web.reporting.checks import figure_period
from saima_web.reporting.models import Entry, Round

Asked = tuple[int, int, str]
"""Unit id, indicator id, canonical period of the figure."""


def never(_value: Decimal | None) -> str:
    """No difference to speak of."""
    return ""


@dataclass(frozen=True)
class Offer:
    """What a figure would be: an amount in the indicator's measure, said in words.

    amount: None where nothing is known yet. complete: whether all parts are in. href, opens: the
    page that lists the parts, and the words of its link; empty where the reader may not see it.
    title: what it is, for a list. differs: how far a figure is from it, in words.
    """

    amount: Decimal | None
    words: str
    complete: bool = True
    href: str = ""
    opens: str = ""
    title: str = ""
    differs: Callable[[Decimal | None], str] = never

    def compared(self, value: Decimal | None) -> str:
        """What it is made of, and how far a figure is from it."""
        return self.words + self.differs(value)


Source = Callable[[Campaign, Sequence[Asked], User], dict[Asked, Offer]]
SOURCES: list[Source] = []


def offers(campaign: Campaign, asked: Sequence[Asked], by: User) -> dict[Asked, Offer]:
    """What stands behind figures, by figure; most have nothing."""
    found: dict[Asked, Offer] = {}
    for source in SOURCES:
        found |= source(campaign, asked, by)
    return found


def made_of_cells(round: Round, entries: Sequence[Entry], by: User) -> dict[tuple[int, int], Offer]:
    """What stands behind the cells of a round, by unit and indicator."""
    clock = clock_of(round.campaign)
    at = parse(round.period, clock)
    asked = [
        (e.unit_id, e.indicator_id, figure_period(clock, at, e.indicator).text) for e in entries
    ]
    return {key[:2]: offer for key, offer in offers(round.campaign, asked, by).items()}
