"""The hundred-day rule (百日尺): a tick a day, the past in ink, today in red, dates that matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import day_count

WIDTH = 1200
MOST = 120
"""Longer campaigns draw a tick for several days."""


@dataclass(frozen=True)
class Tick:
    """One tick: where it stands, how high, and whether it is past (`d`), today (`t`) or to come."""

    x: float
    y: int
    height: int
    css: str


@dataclass(frozen=True)
class Label:
    """A word under the rule, at a percentage of its width."""

    left: float
    text: str
    on: date
    css: str = ""


@dataclass(frozen=True)
class Rule:
    """The drawn rule, and the two numbers beside it."""

    day: int
    left: int
    ticks: list[Tick]
    labels: list[Label]
    start: date
    end: date

    @property
    def now(self) -> float | None:
        """Where today's word stands, None where it would lie over the first or the last date."""
        left = (self.day - 0.5) / (self.day + self.left) * 100
        return left if 14 < left < 84 else None


def rule_of(campaign: Campaign) -> Rule | None:
    """The rule of a campaign that is running today, None outside its days."""
    count = day_count(campaign)
    if count is None:
        return None
    start, end = campaign.sprint_start or campaign.start, campaign.sprint_end or campaign.end
    whole = (end - start).days + 1
    step = -(-whole // MOST)
    ticks = [_tick(n, whole, count[0], step) for n in range(1, whole + 1, step)]
    return Rule(count[0], count[1], ticks, _labels(campaign, start, end), start, end)


def _tick(n: int, whole: int, day: int, step: int) -> Tick:
    x = (n - 0.5) / whole * WIDTH
    here = n <= day < n + step
    if here:
        return Tick(round(x, 1), 0, 28, "t")
    tall = (n - 1) // step % 10 == 0
    return Tick(round(x, 1), 10 if tall else 18, 18 if tall else 10, "d" if n < day else "")


def _labels(campaign: Campaign, start: date, end: date) -> list[Label]:
    """Dates that matter within the rule, those that would lie over another left out."""
    whole = (end - start).days + 1
    moment = today()
    taken = [0.0, 100.0, ((moment - start).days + 0.5) / whole * 100]
    found = []
    for row in campaign.key_dates.filter(on__gt=start, on__lt=end):
        left = ((row.on - start).days + 0.5) / whole * 100
        if row.on >= moment - timedelta(days=1) and all(abs(left - t) > 13 for t in taken):
            taken.append(left)
            found.append(Label(round(left, 1), row.name, row.on))
    return found
