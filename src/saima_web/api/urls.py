"""Addresses of this slice: pages, and the calls themselves."""

from __future__ import annotations

from typing import Any

from django.urls import include, path

from saima_web.api import hook_views, reference, reporting, results, views  # noqa: F401 - make calls
from saima_web.api.calls import CALLS, api


def _calls() -> tuple[list[Any], str, str]:
    """The calls' addresses, each view saying which action it asks for, as pages do."""
    found: Any = api.urls
    patterns, app, space = found
    actions = {one.name: one.action for one in CALLS}
    actions |= {"openapi-json": "public", "api-root": None}
    for pattern in patterns:
        pattern.callback.action = actions[pattern.name]
    return patterns, app, space


pages = [
    path("account/tokens/", views.own, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke, name="token-revoke"),
    path("people/tokens/", views.everybodys, name="all-tokens"),
    path("people/tokens/<int:pk>/revoke/", views.revoke_any, name="token-revoke-any"),
    path("hooks/", hook_views.hooks, name="hooks"),
    path("hooks/new/", hook_views.hook_new, name="hook-new"),
    path("hooks/<int:pk>/", hook_views.hook, name="hook"),
    path("hooks/<int:pk>/secret/", hook_views.new_secret, name="hook-secret"),
    path("hooks/deliveries/<int:pk>/retry/", hook_views.retry, name="hook-retry"),
    path("api/v1/", views.calls, name="calls"),
]
urlpatterns = [path("", include((pages, "api"))), path("api/v1/", _calls())]
