"""The slice of cards: what lower slices ask it without knowing it."""

from __future__ import annotations

from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "saima_web.cards"

    def ready(self) -> None:
        from saima_web.cards.project_counts import counts
        from saima_web.projects.assessment.quarters import CARDS

        if counts not in CARDS:
            CARDS.append(counts)
