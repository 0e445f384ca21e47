"""Sessions that can be listed and revoked and end by standing idle; first passwords changed."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from saima_web.people.log_ins import owes_second
from saima_web.people.second_factor import is_set_up
from saima_web.people.sessions import note_session, signed_on, stood_idle

Answer = Callable[[HttpRequest], HttpResponse]


class SessionNoteMiddleware:
    """Keeps whose session it is and when it began; ends one that stood idle.

    The page then asked for sends to the log-in page like any other page of a stranger's.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.session_key:
            if stood_idle(request):
                logout(request)
                said = _("超过%(n)s分钟没有操作，已自动退出，请重新登录。")
                messages.info(request, said % {"n": settings.SAIMA_IDLE})
            else:
                note_session(request, request.user)
        return self.answer(request)


class SecondFactorMiddleware:
    """Leads people who must have a second factor to setting it up; nothing else opens before."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or request.path in _always() or not owes_second(request, user):
            return self.answer(request)
        if is_set_up(user):  # a log-in that began before: they come in again, with it
            logout(request)
            return HttpResponseRedirect(reverse("people:login"))
        return HttpResponseRedirect(reverse("people:second-factor"))


def _always() -> set[str]:
    names = ("people:second-factor", "people:password", "people:logout", "set_language")
    return {reverse(name) for name in names}


class PasswordChangeMiddleware:
    """Sends people with a first password to the page where they choose their own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not signed_on(request):
            allowed = (
                reverse("people:password"),
                reverse("people:logout"),
                reverse("set_language"),
            )
            if request.path not in allowed and not request.path.startswith("/static/"):
                return HttpResponseRedirect(reverse("people:password"))
        return self.answer(request)
