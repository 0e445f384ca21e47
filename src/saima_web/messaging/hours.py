"""When a message may leave: quiet hours, and the time of the daily digest."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone


def is_quiet(moment: datetime, begins: time, ends: time) -> bool:
    """Whether a moment lies in the quiet hours; they may span midnight. None where both are equal."""
    local = timezone.localtime(moment).time()
    if begins <= ends:
        return begins <= local < ends
    return local >= begins or local < ends


def awake(moment: datetime, begins: time, ends: time) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    return next_time(moment, ends) if is_quiet(moment, begins, ends) else moment


def next_time(moment: datetime, at: time) -> datetime:
    """The next time of day `at`, not before a moment."""
    local = timezone.localtime(moment)
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found >= local else found + timedelta(days=1)
