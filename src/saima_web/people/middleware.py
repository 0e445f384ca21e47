"""Sessions that can be listed and revoked; a first password that must be changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from saima_web.people.actions import note_session

Answer = Callable[[HttpRequest], HttpResponse]


class SessionNoteMiddleware:
    """Keeps, beside the session, whose it is and when it began, for the list on the account page."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.session_key:
            note_session(request, request.user)
        return self.answer(request)


class PasswordChangeMiddleware:
    """Sends people with a first password to the page where they choose their own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password:
            allowed = (
                reverse("people:password"),
                reverse("people:logout"),
                reverse("set_language"),
            )
            if request.path not in allowed and not request.path.startswith("/static/"):
                return HttpResponseRedirect(reverse("people:password"))
        return self.answer(request)
