"""What waits for a person, as every slice tells it of its own things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for a person: in words, where, until when, whose.

    kind: what sort of thing it is, where a slice has several.
    """

    title: str
    href: str
    due: datetime | None = None
    detail: str = ""
    kind: str = ""


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
