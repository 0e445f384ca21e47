"""Writing about people: users, posts, passwords, sessions."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from saima_web.audit.actions import writing
from saima_web.base.clock import now
from saima_web.people.models import LoginSession, Post, Role, User


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


def end_session(*, session: LoginSession, by: User) -> None:
    """End a log-in of one's own: the next click there asks for the password."""
    with writing(by) as ledger:
        Session.objects.filter(session_key=session.key).delete()
        ledger.record("session.ended", f"user/{session.user_id}")
        session.delete()


def change_password(*, user: User, password: str, by: User) -> None:
    """Set a user's own new password; it is no longer the first one."""
    with writing(by) as ledger:
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        ledger.record("password.changed", f"user/{user.pk}")


def first_administrator(*, username: str, name: str, password: str) -> User:
    """The first administrator, made by command on an empty platform."""
    with writing(None) as ledger:
        user = User.objects.create_user(username, password, name=name)
        Post.objects.create(user=user, role=Role.ADMINISTRATOR)
        ledger.record("administrator.made", f"user/{user.pk}", personal=f"{username} {name}")
    return user
