"""Every request gets a number, is timed and counted, and may leave a line in the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from saima_web.operations import logs, metrics

SENT = re.compile(r"[\w-]{8,64}")
LARGEST = 64 * 1024 * 1024
"""Bytes of a request; what a page takes itself is less. deploy/nginx.conf says the same."""


def too_large(request: HttpRequest) -> HttpResponse | None:
    """413 for a request that is too large, before anything of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) <= LARGEST:
        return None
    words = {
        "heading": _("文件太大"),
        "words": _("一次最多发%(n)sMB。请压缩或分成几个文件再传。")
        % {"n": LARGEST // 1024 // 1024},
    }
    return HttpResponse(render_to_string("operations/unavailable.html", words), status=413)


class WatchMiddleware:
    """The outermost: it sees whatever is answered. A proxy's X-Request-Id is kept."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent, began = request.headers.get("X-Request-Id", ""), perf_counter()
        number = sent if SENT.fullmatch(sent) else secrets.token_hex(6)
        request.META["SAIMA_REQUEST"] = number
        response = too_large(request) or self.answer(request)
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
