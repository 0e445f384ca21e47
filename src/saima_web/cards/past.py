"""What would have been observed at each month's end of a campaign, from the dates that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from saima.cards import CardRules, Observation
from saima.periods import add_months, last_of_month
from saima.workflows.task import OPEN
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.cards.observers import (
    TaskThen,
    commitment_seen,
    scored_history,
    speaks,
    task_seen,
)
from saima_web.cards.project_observers import of_milestones, of_projects
from saima_web.followup.models import Task
from saima_web.pledges.models import Commitment
from saima_web.scoring.queries import latest_published

State = Commitment.State


def past_of(campaign: Campaign, rules: CardRules) -> list[Observation]:
    """Every kind of subject that the rules speak of, as it stood at the months' ends."""
    run = latest_published(campaign)
    found = scored_history(run) if run is not None else []
    days = month_ends(campaign)
    if speaks(rules, "task"):
        found += list(_tasks(campaign, days))
    if speaks(rules, "commitment"):
        found += list(_commitments(campaign, days))
    if speaks(rules, "project"):
        found += of_projects(campaign)
    if speaks(rules, "milestone"):
        found += [seen for day in days for seen in of_milestones(campaign, day)]
    return found


def month_ends(campaign: Campaign) -> list[date]:
    """The last days of the campaign's months that are over."""
    found, first = [], campaign.start.replace(day=1)
    limit = min(today(), campaign.end)
    while (end := last_of_month(first.year, first.month)) <= limit:
        found.append(end)
        first = add_months(first, 1)
    return found


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _tasks(campaign: Campaign, days: Sequence[date]) -> Iterator[Observation]:
    rows = campaign.tasks.select_related("responsible_unit")
    for task in rows.prefetch_related("steps", "reports", "requests"):
        for day in days:
            then = _task_then(task, day)
            if then is not None:
                yield task_seen(task, day, then)


def _task_then(task: Task, day: date) -> TaskThen | None:
    """How a task stood on a day; None before it was initiated."""
    begun = _day(task.initiated_at)
    if begun > day:
        return None
    steps = [s for s in task.steps.all() if _day(s.at) <= day]
    told = [_day(r.at) for r in task.reports.all() if _day(r.at) <= day]
    told += [_day(s.at) for s in steps if s.event in ("accept", "return")]
    state = steps[-1].state if steps else task.state
    return TaskThen(state not in OPEN, _deadline(task, day), max(told, default=None))


def _deadline(task: Task, day: date) -> date:
    """The deadline that a task was judged by on a day."""
    moved = sorted(
        (_day(r.decided_at), r.until)
        for r in task.requests.all()
        if r.counts and r.until is not None and r.decided_at is not None
    )
    if not moved:
        return task.deadline
    known = [until for at, until in moved if at <= day]
    return known[-1] if known else task.first_deadline


def _commitments(campaign: Campaign, days: Sequence[date]) -> Iterator[Observation]:
    rows = campaign.commitments.exclude(made_at=None).select_related("unit")
    for row in rows.prefetch_related("steps"):
        for day in days:
            if row.made_at is not None and _day(row.made_at) <= day:
                yield _commitment(row, day)


def _commitment(row: Commitment, day: date) -> Observation:
    """A commitment on a day: it ran until it was claimed or judged."""
    ended = [m for m in (row.claimed_at, row.decided_at) if m is not None and _day(m) <= day]
    runs = row.state == State.MADE or not ended
    steps = [s for s in row.steps.all() if _day(s.at) <= day]
    numbers = [s.reached for s in steps if s.reached is not None]
    last = max((s.at for s in steps), default=row.made_at)
    judged = row.decided_at is not None and _day(row.decided_at) <= day
    return commitment_seen(
        row, day, runs=runs, moved=_day(last) if last else None,
        reached=numbers[0] if numbers else None,
        fulfilled=judged and row.state == State.FULFILLED,
    )  # fmt: skip


def not_replayed(rules: CardRules) -> list[str]:
    """What the stored history does not tell, for the kinds that the rules speak of."""
    said = {
        "task": _("任务按每月末重演，月中亮过又销掉的不在内；责任单位按现在的。"),
        "commitment": _("承诺按每月末重演；认定时被退回过的，只知道最近一次。"),
        "project": _("项目的投资按现在登记的各月数重演，更正以前的旧数不在内。"),
        "milestone": _("节点按现在的计划日期重演，改过计划的，旧的日期没有保存。"),
    }
    return [words for kind, words in said.items() if speaks(rules, kind)]
