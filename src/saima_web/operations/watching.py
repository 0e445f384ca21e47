"""Every request gets a number, is timed and counted, and may leave a line in the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from saima_web.operations import logs, metrics

SENT = re.compile(r"[\w-]{8,64}")


class WatchMiddleware:
    """The outermost: it sees whatever is answered. A proxy's X-Request-Id is kept."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent, began = request.headers.get("X-Request-Id", ""), perf_counter()
        number = sent if SENT.fullmatch(sent) else secrets.token_hex(6)
        request.META["SAIMA_REQUEST"] = number
        response = self.answer(request)
        response.headers["X-Request-Id"] = number
        seconds, match = perf_counter() - began, request.resolver_match
        route = (match.view_name if match else "") or "-"
        metrics.count(route, request.method or "-", response.status_code, seconds)
        user = getattr(request, "_cached_user", None)
        logs.note(
            "saima.requests",
            "answered",
            {
                "request": number,
                "method": request.method,
                "page": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "user": getattr(user, "pk", None),
            },
        )
        return response
