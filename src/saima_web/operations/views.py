"""The administrator's page of how the platform runs, and what Prometheus asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from saima_web.operations import metrics, queries
from saima_web.people.pages import Request, public, site_page


@site_page("operations.see")
def state(request: Request) -> HttpResponse:
    checks = queries.state()
    wrong = [c for c in checks if c.state == "bad"]
    doubtful = [c for c in checks if c.state == "attention"]
    context = {"checks": [*wrong, *doubtful, *(c for c in checks if c.state == "ok")]}
    return render(
        request, "operations/state.html", context | {"wrong": wrong, "doubtful": doubtful}
    )


@public
@never_cache
def measured(request: HttpRequest) -> HttpResponse:
    """For whoever may read them (see `metrics.may_read`), without log-in."""
    if not metrics.may_read(request):
        return HttpResponse("not allowed from here\n", content_type="text/plain", status=403)
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT)
