"""The language that somebody chose, and pages for what the library refuses."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from saima.problems import Language, Refused

Answer = Callable[[HttpRequest], HttpResponse]


class PrivateMiddleware:
    """What somebody sees who has logged in is kept by no cache, nor by the browser's next user."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class LanguageMiddleware:
    """Chinese, unless somebody chose otherwise here: a browser's own language is not asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(known):
            request.LANGUAGE_CODE = known
            response = self.answer(request)
            response.headers.setdefault("Content-Language", known)
            return response


class RefusedMiddleware:
    """403 for what is not allowed, 409 for what is not possible now; nothing was changed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        problem = error.problem
        status = 403 if problem.code == "not-allowed" else 409
        language: Language = "en" if get_language() == "en" else "zh"
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"problem": problem.as_data(language)}, status=status)
        context = {
            "problem": problem.as_data(language), "written": _written(request),
            "back": _came_from(request),
        }  # fmt: skip
        template = "ui/_refused.html" if getattr(request, "htmx", False) else "ui/refused.html"
        return render(request, template, context, status=status)


def _written(request: HttpRequest) -> list[str]:
    """The sentences that were sent, to be shown again: what is refused must not cost the typing."""
    if request.method != "POST":
        return []
    lists = request.POST.lists()
    sent = [v.strip() for key, values in lists if "password" not in key for v in values]
    return list(dict.fromkeys(v for v in sent if len(v) > 3 and not v.isascii()))


def _came_from(request: HttpRequest) -> str:
    """The page of this platform that a form was sent from."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if ours and request.method == "POST" else ""
