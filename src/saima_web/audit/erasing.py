"""Erasing personal words: they go, and that they went is recorded; the chain stays whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from saima_web.audit.actions import writing
from saima_web.audit.models import PersonalText
from saima_web.base.clock import now


def erase(*, subjects: Collection[str], campaign: str, reason: str, by: Any) -> int:
    """Empty what was written in person about some subjects; how many texts it was.

    The salt goes too, so that nobody can try words against the digest that the chain keeps.
    """
    with writing(by) as ledger:
        found = PersonalText.objects.filter(entry__subject__in=subjects, erased_at__isnull=True)
        count = found.update(text="", salt="", erased_at=now())
        for subject in subjects:
            ledger.record("personal.erased", subject, campaign=campaign, reason=reason)
    return count
