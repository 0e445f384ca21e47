"""Erasing personal words: they go, and that they went is recorded; the chain stays whole."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from saima_web.audit.actions import writing
from saima_web.audit.models import PersonalText
from saima_web.base.clock import now

KEPT = timedelta(days=180)
"""How long nothing is erased of what was written about log-ins and administrators' doings."""
SECURITY = ("log-in", "second-factor", "session", "post.", "user.", "password.", "administrator")
"""What the events begin with that this holds for."""


def erase(*, subjects: Collection[str], campaign: str, reason: str, by: Any) -> int:
    """Empty what was written in person about some subjects; how many texts it was.

    The salt goes too, so that nobody can try words against the digest that the chain keeps.
    """
    with writing(by) as ledger:
        found = PersonalText.objects.filter(entry__subject__in=subjects, erased_at__isnull=True)
        for event in SECURITY:
            found = found.exclude(entry__event__startswith=event, entry__at__gt=now() - KEPT)
        count = found.update(text="", salt="", erased_at=now())
        for subject in subjects:
            ledger.record("personal.erased", subject, campaign=campaign, reason=reason)
    return count
