"""Tasks as a board by state, as a calendar of deadlines, as bars over months: plain data."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from saima.periods import add_months
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.followup.doing import DOINGS, QUICK
from saima_web.followup.models import Task
from saima_web.followup.scope import scope
from saima_web.people.models import User

LANES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("plan", _("待交办"), ("initiated", "disputed")),
    ("assigned", _("待签收"), ("assigned",)),
    ("hand", _("承办中"), ("accepted", "in_hand", "returned")),
    ("review", _("待审核"), ("reported", "reviewed")),
    ("done", _("已办结"), ("completed",)),
    ("closed", _("已销号"), ("closed_out", "evaluated")),
)
"""The board's lanes: key, title, the states in them. Archived and stopped tasks are off the board."""
IN_LANE, ON_DAY = 25, 4
"""How many cards a lane, and how many tasks a calendar's day, show before they say how many more."""
Rows = Sequence[dict[str, Any]]


def lanes(rows: Rows, allowed: dict[str, set[int]]) -> list[dict[str, Any]]:
    """The board's lanes with their cards, the most urgent first."""
    found = []
    for key, title, states in LANES:
        own = sorted((r for r in rows if r["state"] in states), key=lambda r: r["deadline"])
        cards = [{**row, "moves": moves(row, allowed)} for row in own[:IN_LANE]]
        found.append(
            {"key": key, "title": title, "cards": cards, "count": len(own),
             "more": max(0, len(own) - IN_LANE), "late": sum(1 for r in own if r["standing"].open and r["due"] == "overdue")}
        )  # fmt: skip
    return found


def moves(row: dict[str, Any], allowed: dict[str, set[int]]) -> list[dict[str, Any]]:
    """Where a card may go: at once, or by way of its page where words are needed."""
    return [
        {"key": d.key, "title": d.title, "quick": d.key in QUICK and not d.needed}
        for d in DOINGS
        if row["state"] in d.states and row["task"].pk in allowed[d.action]
    ]


def month_asked(text: str | None) -> date:
    """The first day of the month that an address asks for, else of this one."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today().replace(day=1)


@dataclass(frozen=True)
class Day:
    """A day of the calendar."""

    on: date
    inside: bool
    rows: Rows
    dates: Sequence[Any]

    @property
    def shown(self) -> Rows:
        return self.rows[:ON_DAY]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - ON_DAY)

    @property
    def is_today(self) -> bool:
        return self.on == today()


def weeks(rows: Rows, campaign: Campaign, first: date) -> list[list[Day]]:
    """The weeks of a month, Monday to Sunday, with what is due on each day."""
    due: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        if row["state"] not in ("stopped", "archived"):
            due.setdefault(row["deadline"], []).append(row)
    marked: dict[date, list[Any]] = {}
    for key_date in campaign.key_dates.all():
        marked.setdefault(key_date.on, []).append(key_date)
    return [
        [Day(d, d.month == first.month, due.get(d, []), marked.get(d, [])) for d in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]


@dataclass(frozen=True)
class Bar:
    """A task's bar in percent of the shown span: from its beginning to its deadline."""

    row: dict[str, Any]
    start: float
    width: float
    done: float | None
    """Where it was reported done; None where it was not."""

    @property
    def kind(self) -> str:
        if not self.row["standing"].open:
            return "done"
        return {"overdue": "late", "nearing": "soon"}.get(self.row["due"], "")


@dataclass(frozen=True)
class Span:
    """The months that bars are drawn over."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """A day's place in percent, kept within the span."""
        return min(100.0, max(0.0, (day - self.first).days / self.days * 100))

    def months(self) -> list[dict[str, Any]]:
        found, day = [], self.first
        while day <= self.last:
            after = add_months(day, 1)
            text = f"{day:%Y-%m}"
            found.append(
                {"text": text, "start": self.at(day), "width": self.at(after) - self.at(day)}
            )
            day = after
        return found


def span_of(rows: Rows, campaign: Campaign) -> Span:
    """From the first month with a task to the last, inside a year and a half of the campaign."""
    begun = [began(row["task"]) for row in rows] or [campaign.start]
    ends = [row["deadline"] for row in rows] or [campaign.end]
    first = max(min(begun), campaign.start - timedelta(days=180)).replace(day=1)
    last = min(max(*ends, today()), campaign.end + timedelta(days=180))
    return Span(first, add_months(last.replace(day=1), 1) - timedelta(days=1))


def began(task: Task) -> date:
    return min(timezone.localdate(task.initiated_at), task.deadline)


def bars(rows: Rows, span: Span) -> list[dict[str, Any]]:
    """The bars, by unit in official order, each unit's by deadline."""
    groups: dict[str, list[Bar]] = {}
    order = {r["unit"]: (r["task"].responsible_unit.order, r["unit"]) for r in rows}
    for row in sorted(rows, key=lambda r: (order[r["unit"]], r["deadline"], r["number"])):
        groups.setdefault(row["unit"], []).append(_bar(row, span))
    return [{"unit": unit, "bars": own} for unit, own in groups.items()]


def _bar(row: dict[str, Any], span: Span) -> Bar:
    task = row["task"]
    start = span.at(began(task))
    end = span.at(task.deadline + timedelta(days=1))
    done = span.at(task.reported_on) if task.reported_on else None
    return Bar(row, start, max(0.6, end - start), done)


def allowed_on(by: User, campaign: Campaign, rows: Rows) -> dict[str, set[int]]:
    """For every action of the board, the tasks on which a person may do it."""
    ids = [row["task"].pk for row in rows]
    return {
        action: set(
            Task.objects.filter(scope(by, action, campaign), pk__in=ids).values_list(
                "pk", flat=True
            )
        )
        for action in {d.action for d in DOINGS}
    }
