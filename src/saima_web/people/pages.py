"""The frame of pages outside campaigns: who may open them is said where the view is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from saima_web.people.models import User
from saima_web.people.permissions import require


class Request(HttpRequest):
    """A request of somebody who is logged in, as views behind `site_page` and `campaign_page` get it."""

    user: User


View = Callable[..., HttpResponse]
AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponseBase])


def public(view: AnyView) -> AnyView:
    """A view for everybody, whether they have logged in or not."""
    view.action = "public"  # type: ignore[attr-defined]
    return view


def site_page(action: str | None) -> Callable[[View], View]:
    """A view outside campaigns: for people who may do an action anywhere, None for all users."""

    def wrap(view: View) -> View:
        @wraps(view)
        @login_required
        def inner(request: Request, **rest: Any) -> HttpResponse:
            if action is not None:
                require(request.user, action)
            return view(request, **rest)

        inner.action = action  # type: ignore[attr-defined]
        return inner

    return wrap
