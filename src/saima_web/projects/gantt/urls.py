"""Addresses of the Gantt chart and of plan files."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.projects.gantt import files as plan_files
from saima_web.projects.gantt import views as gantt_views

HERE = "c/<slug:campaign>/projects/"
PATHS: list[URLPattern] = [
    path(HERE + "gantt/", gantt_views.gantt, name="gantt"),
    path(HERE + "gantt/bars/<int:pk>/", gantt_views.gantt_move, name="gantt-move"),
    path(HERE + "<int:pk>/gantt/", gantt_views.gantt_one, name="gantt-one"),
    path(HERE + "<int:pk>/gantt/import/", plan_files.plan_import, name="plan-import"),
]
