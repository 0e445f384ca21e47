"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from saima_web.scoring import views

app_name = "scoring"
HERE = "c/<slug:campaign>/scores/"
RUN = HERE + "<int:pk>/"
WHY = "c/<slug:campaign>/why/<str:period>/<str:unit>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("saima_web.scoring.preview_urls")),
    path(HERE, views.runs, name="runs"),
    path(HERE + "make/", views.make, name="make"),
    path(RUN, views.run, name="run"),
    path(RUN + "step/", views.step, name="step"),
    path(RUN + "sheets/<str:unit>/", views.sheet, name="sheet"),
    path(RUN + "sheets/<str:unit>/answer/", views.sheet_answer, name="sheet-answer"),
    path(RUN + "sheets/<str:unit>/appeal/", views.appeal, name="appeal"),
    path(WHY, views.why_mark, name="why-score"),
    path(WHY + "<str:indicator>/", views.why_mark, name="why"),
    path("c/<slug:campaign>/events/", views.event_list, name="events"),
    path(
        "c/<slug:campaign>/events/<int:pk>/withdraw/", views.event_withdraw, name="event-withdraw"
    ),
    path("c/<slug:campaign>/appeals/", views.appeal_list, name="appeals"),
    path("c/<slug:campaign>/appeals/<int:pk>/decide/", views.appeal_decide, name="appeal-decide"),
]
