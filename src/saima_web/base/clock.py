"""Now and today. The demonstration runs on a clock that is set off from the real one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("saima_clock", default=None)


def now() -> datetime:
    """The platform's time, aware."""
    offset: timedelta = settings.SAIMA_CLOCK_OFFSET
    return _stopped.get() or timezone.now() + offset


def today() -> date:
    """The platform's day in its own time zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware moment, for a story that is told afterwards."""
    token = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(token)
