"""Published months for tests of pages, made by the platform's own scoring."""

from __future__ import annotations

from saima_web.scoring import actions
from saima_web.scoring.models import ScoreRun
from tests.web.cast import House


def publish(house: House, *periods: str) -> list[ScoreRun]:
    """Score, check, approve and publish periods in order."""
    return [_publish(house, period) for period in periods or ("2026-08", "2026-09")]


def _publish(house: House, period: str) -> ScoreRun:
    run = actions.run(campaign=house.campaign, period=period, by=house.office)
    run = actions.send_for_checking(run=run, by=house.office)
    run = actions.close_checking(run=run, by=house.office)
    run = actions.approve(run=run, by=house.leader)
    return actions.publish(run=run, by=house.office)
