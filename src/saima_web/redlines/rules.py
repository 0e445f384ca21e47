"""What the rulebook in force says of events: which names count, how long a veto lasts."""

from __future__ import annotations

from datetime import date, timedelta

from saima.periods import add_months
from saima.rules.rulebook import EventRule
from saima.scoring.additions import months_of
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import periods_of
from saima_web.indicators.queries import parsed, published_rulebooks, rulebook_in_force


def event_rules(campaign: Campaign, day: date | None = None) -> tuple[EventRule, ...]:
    """The events that the rulebook in force on a day knows; none where there is no rulebook."""
    moment = day or today()
    begun = [p for p in periods_of(campaign) if p.start <= moment]
    if not begun or not published_rulebooks(campaign):
        return ()
    book = parsed(rulebook_in_force(campaign, begun[-1]).text)[0]
    return book.events if book else ()


def rule_of(campaign: Campaign, kind: str, name: str, day: date) -> EventRule | None:
    """What the rulebook says of one kind and name."""
    rules = (r for r in event_rules(campaign, day) if (r.kind, r.name) == (kind, name))
    return next(rules, None)


def expiry(campaign: Campaign, kind: str, name: str, on: date) -> date | None:
    """The last day on which the rulebook lets a veto or gate last; None where it does not say."""
    rule = rule_of(campaign, kind, name, on)
    if rule is None or not rule.lasts:
        return None
    return add_months(on, months_of(rule.lasts)) - timedelta(days=1)
