"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from saima_web.scoring import event_views, views, why_views

app_name = "scoring"
HERE = "c/<slug:campaign>/"
WHY = HERE + "why/<str:period>/<str:unit>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("saima_web.scoring.preview_urls")),
    path(HERE + "scores/", views.runs, name="runs"),
    path(HERE + "scores/make/", views.make, name="make"),
    path(HERE + "scores/compare/<str:period>/", views.compare, name="compare"),
    path(HERE + "scores/<int:pk>/", views.show, name="run"),
    path(HERE + "scores/<int:pk>/if/", views.if_changed, name="what-if"),
    path(HERE + "scores/<int:pk>/step/", views.step, name="step"),
    path(HERE + "scores/<int:pk>/sheets/<str:unit>/", views.sheet, name="sheet"),
    path(HERE + "scores/<int:pk>/sheets/<str:unit>/appeal/", event_views.appeal, name="appeal"),
    path(HERE + "scores/<int:pk>/sheets/<str:unit>/answer/", views.answer, name="sheet-answer"),
    path(HERE + "events/", event_views.events, name="events"),
    path(HERE + "events/preview/", event_views.preview_event, name="event-preview"),
    path(HERE + "events/<int:pk>/withdraw/", event_views.withdraw_event, name="event-withdraw"),
    path(HERE + "appeals/", event_views.appeals, name="appeals"),
    path(HERE + "appeals/<int:pk>/decide/", event_views.decide, name="appeal-decide"),
    path(WHY, why_views.score, name="why-score"),
    path(WHY + "<str:indicator>/", why_views.mark, name="why"),
]
