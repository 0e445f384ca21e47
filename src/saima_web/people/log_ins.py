"""Coming in and going out: by password or signed on, with a second factor, each in the ledger.

The ledger keeps who, when and how; never an address, a browser or what somebody typed.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import (
    login,
    user_logged_out,
    user_login_failed,
)
from django.dispatch import receiver
from django.http import HttpRequest

from saima_web.audit.actions import writing
from saima_web.audit.models import Entry
from saima_web.base.clock import now
from saima_web.people import second_factor
from saima_web.people.models import User
from saima_web.people.sessions import SIGNED_ON

PASSED = "second-factor"
"""What a session keeps whose user has given a second factor, or has just set one up."""
WAITING = "waiting"
"""What a session keeps of somebody whose first proof held and whose second is awaited."""
PATIENCE = 5 * 60
"""Seconds that it is awaited."""
FAILURES_KEPT = 20
"""Failed log-ins of one user that the ledger takes within an hour: guessing must not fill it."""


def come_in(request: HttpRequest, user: User, *, how: str, second: str = "") -> None:
    """Log somebody in, all of whose proofs held. how: password or sign-on."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session[SIGNED_ON] = how == "sign-on"
    request.session[PASSED] = bool(second)
    with writing(user) as ledger:
        ledger.record("log-in.succeeded", f"user/{user.pk}", how=how, second=second)


def await_second(request: HttpRequest, user: User, *, how: str, wanted: str) -> None:
    """Remember whose first proof held; they have not come in yet."""
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": user.pk, "how": how, "next": wanted, "at": time.time(),
        "proof": user.get_session_auth_hash(),
    }  # fmt: skip


def awaited(request: HttpRequest) -> tuple[User, str, str] | None:
    """Who is awaited, how they came, where they wanted to go; None where it is too late."""
    kept: dict[str, Any] = request.session.get(WAITING) or {}
    if not kept or time.time() - kept["at"] > PATIENCE:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["proof"]:
        return None
    return user, kept["how"], kept["next"]


def give_second(request: HttpRequest, code: str) -> second_factor.Verdict:
    """Take a code of whoever is awaited; where it is right they are in."""
    found = awaited(request)
    if found is None:
        return "wrong"
    user, how, _wanted = found
    verdict = second_factor.check(user, code)
    if verdict in ("wrong", "locked"):
        failed(user, "second factor")
    else:
        del request.session[WAITING]
        come_in(request, user, how=how, second=verdict)
    return verdict


def owes_second(request: HttpRequest, user: User) -> bool:
    """Whether somebody who is in must still set up a second factor."""
    return not request.session.get(PASSED) and second_factor.is_required(user)


def failed(user: User | None, why: str) -> None:
    """Keep that a log-in failed: of whom, not what was typed."""
    subject = f"user/{user.pk}" if user else "user/?"
    kept = Entry.objects.filter(
        subject=subject, event="log-in.failed", at__gt=now() - timedelta(hours=1)
    )
    if kept.count() < FAILURES_KEPT:
        with writing(None) as ledger:
            ledger.record("log-in.failed", subject, why=why)


@receiver(user_login_failed)
def keep_failure(credentials: dict[str, Any], **_kept: object) -> None:
    name = str(credentials.get("username") or "").replace("\x00", "")
    failed(User.objects.filter(username=name).first(), "password")


@receiver(user_logged_out)
def keep_leaving(user: User | None, **_kept: object) -> None:
    if user is not None:
        with writing(user) as ledger:
            ledger.record("log-in.ended", f"user/{user.pk}")
