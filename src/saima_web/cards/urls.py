"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.cards import rule_views, views

app_name = "cards"
HERE = "c/<slug:campaign>/cards/"
RULES = HERE + "rules/"
urlpatterns: list[URLPattern] = [
    path(HERE, views.listing, name="list"),
    path(HERE + "judge/", views.judge_now, name="judge"),
    path(HERE + "bulletin/", views.bulletin, name="bulletin"),
    path(HERE + "<int:pk>/", views.card, name="card"),
    path(HERE + "<int:pk>/step/", views.step, name="step"),
    path(HERE + "<int:pk>/answer/", views.answer, name="answer"),
    path(HERE + "<int:pk>/escalate/", views.escalate, name="escalate"),
    path(HERE + "<int:pk>/<slug:kind>.docx", views.paper, name="paper"),
    path(RULES, rule_views.versions, name="rules"),
    path(RULES + "begin/", rule_views.begin, name="rules-begin"),
    path(RULES + "<int:version>/", rule_views.version, name="rules-version"),
    path(RULES + "<int:version>/preview/", rule_views.preview, name="rules-preview"),
    path(RULES + "<int:version>/on/", rule_views.switch_on, name="rules-on"),
    path(RULES + "<int:version>/drop/", rule_views.drop, name="rules-drop"),
]
