"""The slice of projects: what lower slices ask it without knowing it."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "saima_web.projects"

    def ready(self) -> None:
        from saima_web.projects.linkage.sums import offers
        from saima_web.reporting.sources import SOURCES

        if offers not in SOURCES:
            SOURCES.append(offers)
