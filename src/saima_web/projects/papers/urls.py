"""Addresses about papers that run out."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.projects.papers import views

PATHS: list[URLPattern] = [
    path("c/<slug:campaign>/projects/papers/<int:pk>/", views.follow, name="paper-follow"),
]
