"""Log-ins that last: noted, listed, ended by hand, by logging out or by standing idle."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import user_logged_out
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.people.models import LoginSession, User
from saima_web.people.permissions import require

SIGNED_ON = "signed-on"
"""What a session keeps that an identity provider has begun."""
NOTED_EVERY = 60
"""Seconds between two notes that a session is in use: not every click is worth a write."""


def note_session(request: HttpRequest, user: User) -> None:
    """Keep whose session this is, once per session."""
    if request.session.get("noted") == request.session.session_key:
        return
    key = request.session.session_key
    LoginSession.objects.get_or_create(
        key=key,
        defaults={
            "user": user,
            "began_at": now(),
            "address": request.META.get("REMOTE_ADDR", ""),
            "agent": request.headers.get("User-Agent", "")[:200],
        },
    )
    request.session["noted"] = key


def stood_idle(request: HttpRequest) -> bool:
    """Whether nobody used the session for `SAIMA_IDLE` minutes; otherwise notes that it is in use.

    Measured with the machine's clock, which the demonstration's own day does not turn.
    """
    at, limit = time.time(), settings.SAIMA_IDLE * 60
    seen = request.session.get("seen", at)
    if limit and at - seen > limit:
        return True
    if limit and ("seen" not in request.session or at - seen > NOTED_EVERY):
        request.session["seen"] = at
    return False


def signed_on(request: HttpRequest) -> bool:
    """Whether the session began by signing on elsewhere: such a user needs no password of ours."""
    return bool(request.session.get(SIGNED_ON))


def lasting(user: User) -> QuerySet[LoginSession]:
    """A user's log-ins that still hold."""
    held = Session.objects.filter(expire_date__gt=timezone.now())  # kept by the machine's clock
    return user.login_sessions.filter(key__in=held.values("session_key"))


def end_session(*, session: LoginSession, by: User) -> None:
    """End a log-in, one's own or as administrator: the next click there asks for the password."""
    if session.user_id != by.pk:
        require(by, "people.manage")
    with writing(by) as ledger:
        Session.objects.filter(session_key=session.key).delete()
        ledger.record("session.ended", f"user/{session.user_id}")
        session.delete()


def end_others(request: HttpRequest, user: User) -> None:
    """End all log-ins of a user but the one that asks."""
    others = user.login_sessions.exclude(key=request.session.session_key)
    Session.objects.filter(session_key__in=list(others.values_list("key", flat=True))).delete()
    others.delete()


@receiver(user_logged_out)
def forget(request: HttpRequest, **_kept: object) -> None:
    """Logging out takes the log-in off the list."""
    LoginSession.objects.filter(key=request.session.session_key).delete()
