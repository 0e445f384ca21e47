"""Every address of the platform; each slice lists its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.i18n import set_language

from saima_web.campaigns.queries import campaigns_of, current_campaign
from saima_web.people.pages import Request, public, site_page
from saima_web.site import health, slots


@site_page(None)
def home(request: Request) -> HttpResponse:
    """One's own work in the campaign that one most likely means."""
    chosen = campaigns_of(request.user).filter(code=request.GET.get("campaign", "")).first()
    campaign = chosen or current_campaign(request.user)
    if campaign is None:
        return redirect("campaigns:none")
    return redirect("dashboards:work", campaign=campaign.code)


slots.fill()

urlpatterns = [
    path("", home, name="home"),
    path("language/", public(set_language), name="set_language"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("saima_web.people.urls")),
    path("", include("saima_web.signon.urls")),
    path("", include("saima_web.ledger.urls")),
    path("", include("saima_web.ui.urls")),
    path("", include("saima_web.campaigns.urls")),
    path("", include("saima_web.messaging.urls")),
    path("", include("saima_web.operations.urls")),
    path("", include("saima_web.indicators.urls")),
    path("", include("saima_web.targets.urls")),
    path("", include("saima_web.reporting.urls")),
    path("", include("saima_web.scoring.urls")),
    path("", include("saima_web.setup.urls")),
    path("", include("saima_web.publishing.urls")),
    path("", include("saima_web.projects.urls")),
    path("", include("saima_web.followup.urls")),
    path("", include("saima_web.pledges.urls")),
    path("", include("saima_web.supervision.urls")),
    path("", include("saima_web.redlines.urls")),
    path("", include("saima_web.cards.urls")),
    path("", include("saima_web.dashboards.urls")),
    path("", include("saima_web.api.urls")),
]
handler500 = "saima_web.operations.failures.failed"
