"""Sessions in the database as Django keeps them, found by a statement that is kept ready."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from saima_web.base.prepared import prepared


@prepared
def _sessions(key: Any) -> QuerySet[Session, Session]:
    return Session.objects.filter(session_key=key)


class SessionStore(db.SessionStore):
    """Django's own; only the look-up that every request begins with is another."""

    def _get_session_from_db(self) -> Session | None:
        lasting = [s for s in _sessions(str(self.session_key)) if s.expire_date > timezone.now()]
        if not lasting:
            self._session_key = None
        return lasting[0] if lasting else None
