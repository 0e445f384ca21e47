"""Who may make a call: asked before anything of the request is read, as pages ask."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.security import HttpBearer

from saima.problems import refuse
from saima_web.api.models import Token
from saima_web.api.refusals import NO_SCOPE, missing, unknown_parameter
from saima_web.api.tokens import counted, found_by
from saima_web.campaigns.models import Campaign
from saima_web.campaigns.queries import campaign_of
from saima_web.indicators.models import Indicator
from saima_web.people.models import Unit, User
from saima_web.people.permissions import require
from saima_web.reporting.models import Round
from saima_web.reporting.queries import round_of


class CallRequest(HttpRequest):
    """A request that the guard let through, with what its address names."""

    user: User
    auth: Token
    campaign: Campaign
    unit: Unit
    indicator: Indicator


class Bearer(HttpBearer):
    """Lets a token through that has the scope, whose owner may do the action where the address says.

    known: the parameters after the question mark; a misspelt one must not be passed over.
    """

    def __init__(self, scope: str, action: str | None) -> None:
        super().__init__()
        self.scope, self.action = scope, action
        self.known: Collection[str] = ()

    def authenticate(self, request: Any, token: str) -> Token | None:
        found = found_by(token)
        if found is None:
            return None
        wait = counted(found)
        if wait:
            raise Throttled(wait=wait)
        if self.scope not in found.scopes:
            raise refuse(NO_SCOPE, scope=Token.Scope(self.scope).label)
        request.user = found.owner
        on = _named(request, found.owner)
        if self.action is not None:
            require(found.owner, self.action, **on)
        for name in request.GET:
            if name not in self.known:
                raise unknown_parameter(name, self.known)
        return found


def _named(request: Any, by: User) -> dict[str, Any]:
    """The campaign, unit and indicator in the address. Errors: Refused where there is none such."""
    words: dict[str, str] = request.resolver_match.kwargs
    on: dict[str, Any] = {}
    if any("\x00" in word for word in words.values()):
        raise missing("?")
    if "campaign" in words:
        on["campaign"] = campaign_of(by, words["campaign"])
    for name, model in (("unit", Unit), ("indicator", Indicator)):
        if name in words:
            on[name] = model.objects.filter(code=words[name]).first()
    for name, row in on.items():
        if row is None:
            raise missing(words[name])
        setattr(request, name, row)
    return on


def round_in(campaign: Campaign, period: str) -> Round:
    """The round of a period. Errors: Refused where there is none."""
    found = round_of(campaign, period)
    if found is None:
        raise missing(period)
    return found
