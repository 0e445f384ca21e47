"""When a task is due: normal, nearing or overdue; which extensions count; when to ask for progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from saima.periods import add_months
from saima.tasks.workdays import Works, left, usual

DueState = Literal["normal", "nearing", "overdue"]
DUE: dict[DueState, str] = {"normal": "正常", "nearing": "临期", "overdue": "逾期"}
NEARING = 3
"""Working days before the deadline from which a task is nearing it."""

Every = Literal["none", "day", "week", "month"]


def due_state(
    deadline: date,
    on: date,
    *,
    reported: date | None = None,
    nearing: int = NEARING,
    works: Works = usual,
) -> DueState:
    """How a deadline stands on a day. What was reported done counts by the day of the report."""
    if reported is not None:
        return "overdue" if reported > deadline else "normal"
    if on > deadline:
        return "overdue"
    return "nearing" if left(on, deadline, works, nearing + 1) <= nearing else "normal"


def overdue_days(deadline: date, on: date, reported: date | None = None) -> int:
    """Days that a task is or was late, 0 where it is not."""
    return max(0, ((reported or on) - deadline).days)


@dataclass(frozen=True)
class Extension:
    """A request for a later day: when it was asked, when it was approved (None: not)."""

    asked: date
    approved: date | None
    until: date


def counts(extension: Extension, deadline: date) -> bool:
    """Whether a request moves a deadline: asked and approved no later than the deadline itself."""
    approved = extension.approved
    return approved is not None and extension.asked <= deadline and approved <= deadline


def deadline_that_counts(first: date, extensions: Iterable[Extension]) -> date:
    """The day that a task is judged by: the first one, moved by those extensions that count.

    Each is held against the deadline that counted when it was approved; one that came too late
    leaves the old day standing (没有按期办理延期的，按原定时间考核).
    """
    deadline = first
    given = [e for e in extensions if e.approved is not None]
    for extension in sorted(given, key=lambda e: (e.approved or first, e.asked)):
        if counts(extension, deadline):
            deadline = extension.until
    return deadline


def progress_due(every: Every, last: date) -> date | None:
    """The day from which a line of progress is asked for; None if none is ever.

    last: the day of the last line, or that on which the task was taken on.
    """
    if every == "none":
        return None
    days = {"day": 1, "week": 7}.get(every)
    return last + timedelta(days=days) if days else add_months(last, 1)
