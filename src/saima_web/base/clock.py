"""Now and today. The demonstration runs on a clock that is set off from the real one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The platform's time, aware."""
    offset: timedelta = settings.SAIMA_CLOCK_OFFSET
    return timezone.now() + offset


def today() -> date:
    """The platform's day in its own time zone."""
    return timezone.localdate(now())
