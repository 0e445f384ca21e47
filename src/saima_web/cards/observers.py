"""What is observed of a campaign's subjects, kind by kind: the registry that judging asks.

An observer gives the observations of its latest evaluation, those before, and the day. A kind of
subject is added by a function here: cards stand above the slices that they look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from saima.cards import CardRules, Observation
from saima.cards.observing import history_of
from saima_web.campaigns.models import Campaign
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import latest_published, scoring_of


@dataclass(frozen=True)
class Seen:
    """Observations of one evaluation day, and those of earlier ones."""

    on: date
    now: tuple[Observation, ...]
    earlier: tuple[Observation, ...] = ()


Observer = Callable[[Campaign, CardRules], Seen | None]


def scored_history(run: ScoreRun) -> list[Observation]:
    """The observations of all scored periods up to a run's own."""
    scoring = scoring_of(run)
    end = scoring.cube.scored[scoring.index_of(run.period)].end
    return [o for o in history_of(scoring) if o.on <= end]


def indicators(campaign: Campaign, rules: CardRules) -> Seen | None:
    """Units by indicator and by place, as the latest published ranking tells."""
    if not {r.subject for r in rules.rules} & {"unit-indicator", "unit"}:
        return None
    run = latest_published(campaign)
    if run is None:
        return None
    found = scored_history(run)
    on = max((o.on for o in found), default=None)
    if on is None:
        return None
    return Seen(on, tuple(o for o in found if o.on == on), tuple(o for o in found if o.on < on))


OBSERVERS: list[Observer] = [indicators]
"""Asked in this order."""


def observed(campaign: Campaign, rules: CardRules) -> list[Seen]:
    """What every observer sees of a campaign."""
    return [seen for observer in OBSERVERS if (seen := observer(campaign, rules)) is not None]
