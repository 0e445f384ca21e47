"""Addresses of this slice."""

from __future__ import annotations

from django.urls import path

from saima_web.dashboards import figures_views, filling_views, views

app_name = "dashboards"
HERE = "c/<slug:campaign>/"
urlpatterns = [
    path(HERE, views.work, name="work"),
    path(HERE + "cockpit/", views.cockpit, name="cockpit"),
    path(HERE + "ranking/", views.ranking, name="ranking"),
    path(HERE + "ranking/<str:period>/", views.ranking, name="ranking"),
    path(HERE + "units/<str:unit>/", views.unit, name="unit"),
    path(HERE + "standing/<str:indicator>/", figures_views.indicator, name="indicator"),
    path(HERE + "heat/", figures_views.heat, name="heat"),
    path(HERE + "compare/", figures_views.compare, name="compare"),
    path(HERE + "completeness/", filling_views.completeness, name="completeness"),
    path(HERE + "burden/", filling_views.burden, name="burden"),
    path(HERE + "board/", views.board, name="board"),
    path(HERE + "board/<str:period>/", views.board, name="board"),
    path(HERE + "board/<str:period>/wall/", views.board_wall, name="board-wall"),
    path(HERE + "board/<str:period>/move/", views.board_move, name="board-move"),
]
