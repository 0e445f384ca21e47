"""What a new process reads before it is asked, so that nobody's first page is the slow one.

Results of published runs and the sums of targets are kept by each process (`kept_by_run`,
`lines_of`). In a large house making them takes seconds; here a thread makes them while the process
already answers. Nothing hangs on it: what is missing is made when a page asks for it.
"""

from __future__ import annotations

import logging
from threading import Thread

from django.db import connection

from saima_web.campaigns.models import Campaign
from saima_web.dashboards import cockpit
from saima_web.dashboards.leaderboard import leaderboard_of
from saima_web.people.models import Role, User
from saima_web.scoring.queries import latest_published
from saima_web.targets.lists import headline_table
from saima_web.targets.overview import Overview

log = logging.getLogger("saima.warming")
MOST = 3
"""Running campaigns whose pages are made ready, the latest first."""


def begin() -> Thread:
    """Warm this process beside its work."""
    thread = Thread(target=_beside, name="warming", daemon=True)
    thread.start()
    return thread


def _beside() -> None:
    try:
        warm()
    finally:
        connection.close()


def warm() -> int:
    """Make ready what the first pages of running campaigns stand on; of how many it was done."""
    done = 0
    try:
        running = Campaign.objects.filter(state=Campaign.State.RUNNING).order_by("-start", "-pk")
        for campaign in running[:MOST]:
            done += _ready(campaign)
    except Exception:  # the process serves whatever could not be made ready
        log.exception("what first pages stand on was not made ready")
    return done


def _ready(campaign: Campaign) -> bool:
    by = _sees_all(campaign)
    if by is None:
        return False
    headline_table(Overview(campaign, by))
    run = latest_published(campaign)
    if run is not None:
        cockpit.headlines(campaign, run)
        cockpit.behind(campaign, leaderboard_of(by, campaign, run))
    return True


def _sees_all(campaign: Campaign) -> User | None:
    """Somebody of the office: what they see is what is kept."""
    people = User.objects.filter(is_active=True, posts__role=Role.OFFICE).distinct().order_by("pk")
    return next((u for u in people if Overview(campaign, u).sees_all), None)
