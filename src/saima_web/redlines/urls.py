"""Addresses of this slice."""

from __future__ import annotations

from django.urls import URLPattern, path

from saima_web.redlines import (
    contribution_views,
    honour_views,
    risk_views,
    setup_views,
    views,
)

app_name = "redlines"
HERE = "c/<slug:campaign>/redlines/"
RISKS = "c/<slug:campaign>/risks/"
HONOURS = "c/<slug:campaign>/honours/"
ANSWERED = "c/<slug:campaign>/accountability/"
DEEDS = "c/<slug:campaign>/contributions/"
urlpatterns: list[URLPattern] = [
    path(HERE, views.overview, name="list"),
    path(HERE + "new/", views.new, name="new"),
    path(HERE + "preview/", views.preview, name="preview"),
    path(HERE + "<int:pk>/", views.one, name="one"),
    path(HERE + "<int:pk>/move/", views.move, name="move"),
    path(HERE + "<int:pk>/file/", views.file, name="file"),
    path(HERE + "vetoes/", setup_views.vetoes, name="vetoes"),
    path(HERE + "vetoes/<int:pk>/retire/", setup_views.veto_retire, name="veto-retire"),
    path(HERE + "domains/", setup_views.domain_new, name="domain-new"),
    path(RISKS, risk_views.risks, name="risks"),
    path(RISKS + "new/", risk_views.new, name="risk-new"),
    path(RISKS + "<int:pk>/", risk_views.risk, name="risk"),
    path(RISKS + "<int:pk>/move/", risk_views.move, name="risk-move"),
    path(HONOURS, honour_views.honours, name="honours"),
    path(HONOURS + "new/", honour_views.new, name="honour-new"),
    path(HONOURS + "caps/", honour_views.caps, name="caps"),
    path(HONOURS + "<int:pk>/", honour_views.honour, name="honour"),
    path(HONOURS + "<int:pk>/move/", honour_views.move, name="honour-move"),
    path(ANSWERED, honour_views.accountability, name="accountability"),
    path(
        ANSWERED + "<int:pk>/erase/", honour_views.accountability_erase, name="accountability-erase"
    ),
    path(DEEDS, contribution_views.contributions, name="contributions"),
    path(DEEDS + "new/", contribution_views.new, name="contribution-new"),
    path(DEEDS + "switch/", contribution_views.switch, name="contribution-switch"),
    path(DEEDS + "export/", contribution_views.export, name="contribution-export"),
    path(DEEDS + "mine/", contribution_views.mine, name="mine"),
    path(DEEDS + "<int:pk>/", contribution_views.change, name="contribution-change"),
    path(DEEDS + "<int:pk>/ask/", contribution_views.ask, name="ask"),
]
