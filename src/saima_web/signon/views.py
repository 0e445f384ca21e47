"""To the identity provider and back; whatever goes wrong is said on the log-in page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from saima.problems import Refused, refuse
from saima_web.people.languages import told
from saima_web.signon.adapters import FAILED

View = Callable[[HttpRequest, str], HttpResponseBase]


def _or_log_in(view: View) -> View:
    """The view's answer; the log-in page where it refuses or there is no such provider."""

    @wraps(view)
    def inner(request: HttpRequest, provider_id: str) -> HttpResponseBase:
        try:
            return view(request, provider_id)
        except Refused as refused:
            messages.error(request, told(refused.problem))
        except Http404:
            pass
        return redirect("people:login")

    return inner


@require_POST
@_or_log_in
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to the provider."""
    try:
        answer: HttpResponseBase = views.login(request, provider_id)
    except RequestException:
        raise refuse(FAILED, why=_("认证服务器暂时连不上。")) from None
    return answer


@require_GET
@_or_log_in
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Somebody comes back from the provider with its word."""
    answer: HttpResponseBase = views.callback(request, provider_id)
    return answer
