"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.targets import grid_views, paper_views, views

app_name = "targets"
HOME = "c/<slug:campaign>/targets/"
SET = HOME + "sets/<int:pk>/"
GRID = HOME + "grid/<str:indicator>/"
urlpatterns: list[URLPattern] = [
    path(HOME, views.overview, name="list"),
    path(HOME + "sets/", views.sets, name="sets"),
    path(SET, views.one_set, name="set"),
    path(SET + "submit/", views.submit, name="submit"),
    path(SET + "decide/", views.decide, name="decide"),
    path(SET + "back/", views.take_back, name="take-back"),
    path(SET + "discard/", views.discard, name="discard"),
    path(HOME + "export/", paper_views.export, name="export"),
    path(HOME + "import/", paper_views.bring, name="import"),
    path(HOME + "import/save/", paper_views.bring_in, name="import-save"),
    path(HOME + "letters/", paper_views.letters, name="letters"),
    path(HOME + "letters/<str:unit>/", paper_views.letter, name="letter"),
    path(GRID, grid_views.grid, name="grid"),
    path(GRID + "save/", grid_views.save, name="save"),
    path(GRID + "allocate/", grid_views.allocate, name="allocate"),
    path(GRID + "headline/", grid_views.headline, name="headline"),
    path(GRID + "bound/", grid_views.bound, name="bound"),
    path(GRID + "transfer/", grid_views.transfer, name="transfer"),
    path(GRID + "projects/", grid_views.projects, name="projects"),
    path(GRID + "projects/save/", grid_views.save_projects, name="save-projects"),
    path(GRID + "projects/sums/", grid_views.take_sums, name="take-sums"),
    path(GRID + "cascade/", grid_views.cascade, name="cascade"),
]
