"""Running what is due, each job once per due time, however many schedulers there are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from saima_web.base.clock import now
from saima_web.jobs.models import JobRun

log = logging.getLogger("saima.jobs")
ABANDONED = timedelta(minutes=30)
"""A run that has not ended by then has lost its scheduler: no job takes a tenth of that."""


@dataclass(frozen=True)
class Daily:
    """A job that is due every day at a time; `work` says in a line what it did."""

    at: time
    work: Callable[[], str]

    def due(self, moment: datetime) -> datetime:
        """The latest due time not after a moment."""
        local = timezone.localtime(moment)
        today = local.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)


@dataclass(frozen=True)
class Every:
    """A job that is due every so many minutes; without anything `waiting` no run is made."""

    minutes: int
    work: Callable[[], str]
    waiting: Callable[[], bool]

    def due(self, moment: datetime) -> datetime:
        """The latest due time not after a moment."""
        local = timezone.localtime(moment).replace(second=0, microsecond=0)
        return local - timedelta(minutes=(local.hour * 60 + local.minute) % self.minutes)


Job = Daily | Every


def run_due(jobs: Mapping[str, Job], moment: datetime | None = None) -> list[str]:
    """Run the jobs whose latest due time has no row yet. Returns their names."""
    moment = moment or now()
    ran = []
    for name, job in jobs.items():
        if isinstance(job, Every) and not job.waiting():
            continue
        run = _claim(name, job.due(moment), moment)
        if run is not None:
            _work(run, job)
            ran.append(name)
    return ran


def _claim(name: str, due: datetime, moment: datetime) -> JobRun | None:
    """The row of this run, or None where another scheduler has it."""
    known = JobRun.objects.filter(job=name, due_at=due).first()
    if known is not None:
        return _taken_over(known, moment)
    try:
        with transaction.atomic():
            return JobRun.objects.create(job=name, due_at=due, began_at=moment)
    except IntegrityError:
        return None


def _taken_over(run: JobRun, moment: datetime) -> JobRun | None:
    """The run, if whoever began it was killed before its end; only one scheduler gets it."""
    if run.ended_at is not None or moment - run.began_at < ABANDONED:
        return None
    same = JobRun.objects.filter(pk=run.pk, began_at=run.began_at, ended_at=None)
    if not same.update(began_at=moment):
        return None
    run.began_at = moment
    return run


def _work(run: JobRun, job: Job) -> None:
    try:
        run.outcome = job.work()[:200]
    except Exception as error:
        log.exception("job %s failed", run.job)
        run.failed, run.outcome = True, f"{type(error).__name__}: {error}"[:200]
    run.ended_at = now()
    run.save()
