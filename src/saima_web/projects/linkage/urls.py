"""Addresses of indicators and the projects behind them."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.projects.linkage import views as linkage_views

HERE = "c/<slug:campaign>/projects/linked/"
ONE = HERE + "<str:indicator>/"
PATHS: list[URLPattern] = [
    path(HERE, linkage_views.linked, name="linked"),
    path(ONE, linkage_views.linked_one, name="linked-one"),
    path(ONE + "series/", linkage_views.declare, name="linked-declare"),
    path(ONE + "targets/", linkage_views.targets, name="linked-targets"),
]
