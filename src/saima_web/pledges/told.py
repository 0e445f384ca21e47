"""What the ledger tells of one thing, in words for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext

from saima_web.audit.queries import history
from saima_web.audit.words import said


@dataclass(frozen=True)
class Told:
    """When, by whom, what was done, and the words that went with it unless they were erased."""

    at: datetime
    who: str
    what: str
    words: str
    data: dict[str, Any]


def told(subject: str) -> list[Told]:
    """The latest first."""
    language = get_language() or ""
    return [
        Told(
            at=entry.at,
            who=entry.actor.name if entry.actor else gettext("系统"),
            what=said(entry.event, language),
            words=personal.text if (personal := getattr(entry, "personal", None)) else "",
            data=entry.data,
        )
        for entry in history(subject)
    ]
