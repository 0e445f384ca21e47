"""Tokens: made by a person for himself, shown once, kept as a digest, revoked by him or for him."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import F, QuerySet

from saima.problems import declare, refuse
from saima_web.api.models import Token
from saima_web.api.refusals import MOST
from saima_web.audit.actions import writing
from saima_web.base.clock import now, today
from saima_web.people.models import User
from saima_web.people.permissions import require

USUAL, LONGEST = timedelta(days=90), timedelta(days=365)
BAD_END = declare(
    "token-end",
    "令牌的有效期要在今天到一年之内。",
    "请改有效期；到期前可以再建一个新的。",
    "a token lasts at least for today and at most for a year.",
    "Choose another day; make a new one before it ends.",
)
NO_SCOPES = declare(
    "token-without-scope",
    "令牌至少要有一项权限。",
    "请勾选“读取”或“填报”。",
    "a token needs at least one scope.",
    "Choose read, report or both.",
)


def make(
    *, by: User, name: str, scopes: Sequence[str], expires_on: date | None = None
) -> tuple[Token, str]:
    """A token of one's own and its text, which is kept nowhere: show it once."""
    until = expires_on or today() + USUAL
    if not today() <= until <= today() + LONGEST:
        raise refuse(BAD_END)
    chosen = [s for s in Token.Scope.values if s in scopes]
    if not chosen:
        raise refuse(NO_SCOPES)
    text = f"saima_{secrets.token_urlsafe(32)}"
    with writing(by) as ledger:
        row = Token.objects.create(
            owner=by, name=name.strip()[:60], scopes=chosen, digest=_digest(text), made_at=now(),
            expires_on=until,
        )  # fmt: skip
        ledger.record(
            "token.made", f"token/{row.pk}", scopes=chosen, expires_on=until.isoformat(),
            personal=row.name,
        )  # fmt: skip
    return row, text


def revoke(*, token: Token, by: User) -> Token:
    """End a token at once, one's own or as administrator."""
    if token.owner_id != by.pk:
        require(by, "people.manage")
    with writing(by) as ledger:
        found = Token.objects.select_for_update().get(pk=token.pk)
        if found.revoked_at is None:
            found.revoked_at = now()
            found.save(update_fields=["revoked_at"])
            ledger.record("token.revoked", f"token/{found.pk}", owner=found.owner_id)
    return found


def in_force() -> QuerySet[Token]:
    """Tokens that open something: neither ended nor revoked, their owners' accounts in use."""
    rows = Token.objects.filter(revoked_at=None, expires_on__gte=today())
    return rows.filter(owner__is_active=True, owner__must_change_password=False)


def found_by(text: str) -> Token | None:
    """The token in force whose text this is."""
    return in_force().filter(digest=_digest(text)).select_related("owner__unit").first()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def counted(token: Token) -> int:
    """Count a call of a token. Returns how many seconds to wait where there were too many, else 0.

    The count stands in the database, so that all processes share it.
    """
    moment = now()
    minute = moment.replace(second=0, microsecond=0)
    row = Token.objects.filter(pk=token.pk)
    for _try in range(2):
        if row.filter(minute=minute, calls__lt=MOST).update(calls=F("calls") + 1):
            return 0
        if row.exclude(minute=minute).update(minute=minute, calls=1):
            return 0
    return 60 - moment.second
