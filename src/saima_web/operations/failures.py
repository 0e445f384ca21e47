"""What somebody sees when the database is away, busy, or the disk is full: words, not a trace."""

from __future__ import annotations

import errno
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error

FULL = ("disk is full", "No space left", "could not extend file")
BUSY = ("database is locked", "deadlock detected", "could not serialize", "lock timeout")


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler of errors that nobody caught: 503 for a failure that will pass, else 500."""
    error = sys.exc_info()[1]
    heading, words = said(error)
    if not heading:
        return server_error(request)
    number = request.META.get("SAIMA_REQUEST", "")
    if "application/json" in request.headers.get("Accept", ""):
        data = {"problem": {"code": "unavailable", "message": heading, "hint": words}}
        answer: HttpResponse = JsonResponse(data, status=503)
    else:
        context = {"heading": heading, "words": words, "number": number}
        answer = HttpResponse(render_to_string("operations/unavailable.html", context), status=503)
    answer.headers["Retry-After"] = "30"
    return answer


def said(error: BaseException | None) -> tuple[str, str]:
    """Heading and words for an error, nothing where it is a bug."""
    text = str(error)
    if _is_full(error, text):
        return _("服务器的磁盘满了"), _(
            "这一次没有保存，以前保存的都在。请把要填的内容先留着，告诉管理员清理磁盘后再试。"
        )
    if not isinstance(error, OperationalError | InterfaceError):
        return "", ""
    if any(word in text for word in BUSY):
        return _("现在太忙"), _("这一次没有保存，以前保存的都在。请过一会儿再试。")
    return _("数据库暂时连不上"), _(
        "这一次没有保存，以前保存的都在。请过几分钟再试；如果一直这样，请告诉管理员。"
    )


def _is_full(error: BaseException | None, text: str) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return isinstance(error, DatabaseError) and any(word in text for word in FULL)
