"""What is observed of a campaign's subjects, kind by kind: the registry that judging asks.

An observer gives the observations of its latest evaluation, those before, and the day. A kind of
subject is added by a function here: cards stand above the slices that they look at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from saima.cards import CardRules, Observation
from saima.cards.observing import history_of
from saima.workflows.task import OPEN
from saima_web.base.clock import now, today
from saima_web.campaigns.models import Campaign
from saima_web.cards.project_observers import of_milestones, of_projects
from saima_web.followup.models import Task
from saima_web.pledges.models import Commitment
from saima_web.pledges.queries import count_on, moved_on, with_last_step
from saima_web.scoring.models import ScoreRun
from saima_web.scoring.queries import published_runs, scoring_of


@dataclass(frozen=True)
class Seen:
    """Observations of one evaluation day, and those of earlier ones."""

    on: date
    now: tuple[Observation, ...]
    earlier: tuple[Observation, ...] = ()


Observer = Callable[[Campaign, CardRules], Seen | None]


def scored_history(run: ScoreRun) -> list[Observation]:
    """The observations of all scored periods up to a run's own."""
    scoring = scoring_of(run)
    end = scoring.cube.scored[scoring.index_of(run.period)].end
    return [o for o in history_of(scoring) if o.on <= end]


def indicators(campaign: Campaign, rules: CardRules) -> Seen | None:
    """Units by indicator and by place, as the latest published ranking tells."""
    if not speaks(rules, "unit-indicator") and not speaks(rules, "unit"):
        return None
    run = _latest(campaign)
    if run is None:
        return None
    return _latest_of(scored_history(run))


def _latest(campaign: Campaign) -> ScoreRun | None:
    """The publication of the latest period that was out by now."""
    moment = now()
    rows = [
        r
        for r in published_runs(campaign)
        if not r.trial and r.published_at is not None and r.published_at <= moment
    ]
    return rows[-1] if rows else None


def tasks(campaign: Campaign, rules: CardRules) -> Seen | None:
    """Tasks by their deadline; one that is done brings the event 办结."""
    if not speaks(rules, "task"):
        return None
    day = today()
    begun = campaign.tasks.filter(initiated_at__lte=now())
    rows = begun.select_related("responsible_unit")
    found = tuple(
        task_seen(t, day, TaskThen(t.state not in OPEN, t.deadline, t.told_on)) for t in rows
    )
    return Seen(day, found) if found else None


@dataclass(frozen=True)
class TaskThen:
    """How a task stood on a day: whether it was done, its deadline, when it was last told of."""

    done: bool
    deadline: date
    told: date | None


def task_seen(task: Task, day: date, then: TaskThen) -> Observation:
    """A task as cards see it on a day."""
    left = (then.deadline - day).days
    values = {"days-overdue": 0.0 if then.done else float(max(0, -left))}
    if not then.done:
        begun = timezone.localdate(task.initiated_at)
        values["months-open"] = months_between(begun, day)
        values["months-without-movement"] = months_between(then.told or begun, day)
        if left >= 0:
            values["days-left"] = float(left)
    return Observation(
        subject=f"task/{task.pk}", kind="task", on=day, values=values, name=task.title,
        unit=task.responsible_unit.code, events=("办结",) if then.done else (),
    )  # fmt: skip


def commitments(campaign: Campaign, rules: CardRules) -> Seen | None:
    """Commitments by how long they have not moved and how late they are."""
    if not speaks(rules, "commitment"):
        return None
    day = today()
    kept = (Commitment.State.DRAFT, Commitment.State.DROPPED)
    begun = campaign.commitments.filter(made_at__lte=now())
    rows = with_last_step(begun.exclude(state__in=kept))
    found = tuple(
        commitment_seen(
            c, day, runs=c.state == Commitment.State.MADE, moved=moved_on(c),
            reached=getattr(c, "last_reached", None), fulfilled=c.state == Commitment.State.FULFILLED,
        )
        for c in rows.select_related("unit")
    )  # fmt: skip
    return Seen(day, found) if found else None


def commitment_seen(
    row: Commitment, day: date, *, runs: bool, moved: date | None, reached: Decimal | None,
    fulfilled: bool,
) -> Observation:  # fmt: skip
    """A commitment as cards see it on a day. moved, reached: what was last told of it."""
    values = {"days-overdue": 0.0, "months-without-movement": 0.0}
    if runs:
        values["days-overdue"] = float(max(0, (day - row.due_on).days))
        values["months-without-movement"] = months_between(moved, day) if moved else 0.0
    found = count_on(row, day, reached) if runs else None
    if found is not None:
        values["behind-pace"] = -found.points
    return Observation(
        subject=f"commitment/{row.pk}", kind="commitment", on=day, values=values, name=row.what,
        unit=row.unit.code, events=("兑现",) if fulfilled else (),
    )  # fmt: skip


def projects(campaign: Campaign, rules: CardRules) -> Seen | None:
    """Key projects at the end of the last month that is over, and of the months before."""
    if not speaks(rules, "project"):
        return None
    return _latest_of(of_projects(campaign))


def milestones(campaign: Campaign, rules: CardRules) -> Seen | None:
    """Milestones by how late they are today."""
    if not speaks(rules, "milestone"):
        return None
    return _latest_of(list(of_milestones(campaign)))


def _latest_of(found: list[Observation]) -> Seen | None:
    """The last day observed, with what came before it."""
    on = max((o.on for o in found), default=None)
    if on is None:
        return None
    return Seen(on, tuple(o for o in found if o.on == on), tuple(o for o in found if o.on < on))


def speaks(rules: CardRules, kind: str) -> bool:
    """Whether any rule is about a kind of subject."""
    return any(r.subject == kind for r in rules.rules)


def months_between(begin: date, end: date) -> float:
    """Whole months from a day to another, 0 for a day to come."""
    whole = (end.year - begin.year) * 12 + end.month - begin.month
    return float(max(0, whole - (end.day < begin.day)))


OBSERVERS: list[Observer] = [indicators, tasks, commitments, projects, milestones]
"""Asked in this order."""


def observed(campaign: Campaign, rules: CardRules) -> list[Seen]:
    """What every observer sees of a campaign."""
    return [seen for observer in OBSERVERS if (seen := observer(campaign, rules)) is not None]
