"""Whether the platform runs, for whatever watches it: alive, and ready to serve."""

from __future__ import annotations

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from saima_web.operations import queries
from saima_web.people.pages import public

log = logging.getLogger("saima.health")


@public
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return _answer("ok")


@public
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and has this version's tables; 503 with a word where not."""
    try:
        with connection.cursor() as cursor:  # a kept connection may have been lost
            cursor.execute("SELECT 1")
        missing = migrations_missing()
    except (DatabaseError, InterfaceError):
        log.exception("the database does not answer")
        return _answer("database", 503)
    return _answer("migrations", 503) if missing else _answer("ok")


_complete: set[str] = set()
"""The databases that have all tables: they are not asked again, the check is too dear for it."""


def migrations_missing() -> bool:
    """Whether tables wait for `saima admin migrate`."""
    if connection.alias in _complete:
        return False
    if queries.migrations_missing():
        return True
    _complete.add(connection.alias)
    return False


def _answer(word: str, status: int = 200) -> HttpResponse:
    return HttpResponse(word + "\n", content_type="text/plain; charset=utf-8", status=status)
