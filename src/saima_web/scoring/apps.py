"""The scoring slice: what lower slices ask it before they act."""

from __future__ import annotations

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "saima_web.scoring"

    def ready(self) -> None:
        from saima_web.indicators.rulebook_actions import GUARDS
        from saima_web.scoring.guards import refuse_ranked_periods

        if refuse_ranked_periods not in GUARDS:
            GUARDS.append(refuse_ranked_periods)
