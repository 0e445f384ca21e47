"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.targets import behind_views, grid_views, paper_views, views

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
    path(HOME + "goals/", behind_views.goals, name="goals"),
    path(HOME + "goals/save/", behind_views.save_goals, name="save-goals"),
    path(HOME + "leads/", behind_views.lead_list, name="leads"),
    path(HOME + "leads/add/", behind_views.add_lead, name="add-lead"),
    path(HOME + "leads/<int:pk>/", behind_views.lead, name="lead"),
    path(HOME + "countermeasures/", behind_views.countermeasures, name="countermeasures"),
    path(
        HOME + "countermeasures/<str:unit>/<str:indicator>/",
        behind_views.countermeasure,
        name="countermeasure",
    ),
    path(HOME + "next/", behind_views.next_year, name="next"),
    path(HOME + "next/begin/", behind_views.begin_next_year, name="next-begin"),
    path(HOME + "next/save/", behind_views.save_next_year, name="next-save"),
    path(HOME + "next/hand-over/", behind_views.hand_over, name="hand-over"),
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
