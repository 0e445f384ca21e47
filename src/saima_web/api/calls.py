"""The API itself: every call with its scope, its action and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from saima_web.api.guard import Bearer
from saima_web.api.models import Token
from saima_web.api.refusals import handle
from saima_web.api.shapes import Problems

READ, REPORT = Token.Scope.READ, Token.Scope.REPORT
api = NinjaAPI(title="Saima 赛马", version="1.0", urls_namespace="api-v1", docs_url=None)
handle(api)


@dataclass(frozen=True)
class Call:
    """A call as the page of calls lists it.

    needs: the actions of which one is asked in the end, where that is not `action` alone.
    """

    name: str
    method: str
    path: str
    title: str | Promise
    scope: Token.Scope
    action: str | None
    group: str | Promise
    needs: tuple[str, ...]


CALLS: list[Call] = []


def call(
    method: str, path: str, *, name: str, action: str | None, title: Any, gives: Any,
    scope: Token.Scope = READ, group: Any, needs: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Make a function a call: the action is asked where the address says, before it runs.

    name: of the address (reverse "api-v1:<name>"); calls of one path share it.
    title, group: words that are translated when they are read.
    """
    refusals = (401, 403, 404, 422, 429) if method == "GET" else (400, 401, 403, 404, 409, 422, 429)
    asked = needs or ((action,) if action else ())
    CALLS.append(Call(name, method, path, title, scope, action, group, asked))

    def made(answer: Callable[..., Any]) -> Callable[..., Any]:
        guard = Bearer(scope, action)
        register = api.api_operation(
            [method], path, auth=guard, url_name=name, summary=title,
            response={200: gives, **dict.fromkeys(refusals, Problems)}, tags=[group],
            operation_id=f"{name}-{method.lower()}".replace("-", "_"),
        )  # fmt: skip
        view = register(answer)
        guard.known = _parameters(path)
        return view

    return made


def _parameters(path: str) -> tuple[str, ...]:
    """What may stand after the question mark of the call that was made last under a path."""
    models: Any = api.default_router.path_operations[path].operations[-1].models
    asked = [m for m in models if m.__ninja_param_source__ == "query"]
    return tuple(name for model in asked for name in model.__ninja_flatten_map__)


REFERENCE, REPORTING, RESULTS = _("基础数据"), _("填报"), _("结果")
CAMPAIGN = "/campaigns/{campaign}"
ROUND_UNIT = CAMPAIGN + "/rounds/{period}/units/{unit}"
RESULT = CAMPAIGN + "/results/{period}"
