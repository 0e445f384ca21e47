"""The frame of a campaign's pages: who may open them is said where the view is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import campaign_of
from saima_web.people.pages import Request
from saima_web.people.permissions import require

View = Callable[..., HttpResponse]


def campaign_page(action: str) -> Callable[[View], View]:
    """A view under `/c/<campaign>/`, for people who may do an action there.

    The view gets the Campaign in place of its code. A campaign in which the user has no post does
    not exist for them (404); an action they may not do is refused (403). On objects, actions and
    queries ask again with the unit and indicator.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        @login_required
        def inner(request: Request, campaign: str, **rest: Any) -> HttpResponse:
            found = campaign_of(request.user, campaign)
            if found is None:
                raise Http404
            require(request.user, action, campaign=found)
            request.campaign = found  # type: ignore[attr-defined]
            return view(request, found, **rest)

        inner.action = action  # type: ignore[attr-defined]
        return inner

    return wrap


def campaign_in(request: HttpRequest) -> Campaign | None:
    """The campaign of the page being shown, None outside campaigns."""
    found: Campaign | None = getattr(request, "campaign", None)
    return found
