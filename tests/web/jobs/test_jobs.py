"""Scheduled jobs: each once per due time, whoever schedules; a failure is kept and stops nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from saima_web.jobs.actions import ABANDONED, Daily, run_due
from saima_web.jobs.models import JobRun

CHINA = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=CHINA)


class Counting:
    """A job's work that counts how often it was done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"第{self.times}次"


def fails() -> str:
    raise OSError("no space left")


@pytest.mark.parametrize(
    ("when", "moment", "expected"),
    [
        (time(6, 0), at(10, 6, 0), at(10, 6)),
        (time(6, 0), at(10, 5, 59), at(9, 6)),
        (time(6, 0), at(10, 0, 0), at(9, 6)),
        (time(23, 50), at(10, 0, 5), at(9, 23, 50)),
        (time(23, 50), at(10, 23, 55), at(10, 23, 50)),
        (time(0, 0), at(10, 0, 0), at(10, 0)),
    ],
)
def test_a_daily_job_is_due_at_its_last_time(
    when: time, moment: datetime, expected: datetime
) -> None:
    assert Daily(when, str).due(moment) == expected
    assert Daily(when, str).due(moment.astimezone(UTC)) == expected


def test_a_due_job_is_done_once_a_day(db: None) -> None:
    work = Counting()
    jobs = {"one": Daily(time(6, 0), work)}
    assert run_due(jobs, at(10, 6, 1)) == ["one"]
    assert run_due(jobs, at(10, 6, 2)) == []
    assert run_due(jobs, at(10, 23, 59)) == []
    assert run_due(jobs, at(11, 6, 0)) == ["one"]
    assert work.times == 2
    newest, oldest = JobRun.objects.all()
    assert (oldest.outcome, newest.outcome) == ("第1次", "第2次")
    assert newest.due_at - oldest.due_at == timedelta(days=1)


def test_a_missed_day_is_made_good_once_not_for_every_day(db: None) -> None:
    work = Counting()
    jobs = {"one": Daily(time(6, 0), work)}
    run_due(jobs, at(1, 7))
    assert run_due(jobs, at(10, 7)) == ["one"]
    assert work.times == 2


def test_a_failing_job_is_kept_with_its_failure_and_stops_no_other(db: None) -> None:
    work = Counting()
    jobs = {"bad": Daily(time(6, 0), fails), "good": Daily(time(6, 0), work)}
    assert run_due(jobs, at(10, 7)) == ["bad", "good"]
    bad, good = JobRun.objects.order_by("job")
    assert bad.failed
    assert bad.outcome == "OSError: no space left"
    assert bad.ended_at is not None
    assert not good.failed
    assert work.times == 1
    assert run_due(jobs, at(10, 8)) == []


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_do_a_due_job_once() -> None:
    work, together, ran = Counting(), threading.Barrier(2), list[str]()
    jobs = {f"job {n}": Daily(time(6, 0), work) for n in range(5)}

    def scheduler() -> None:
        together.wait()
        try:
            ran.extend(run_due(jobs, at(10, 7)))
        finally:
            connection.close()

    threads = [threading.Thread(target=scheduler) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == sorted(jobs)
    assert work.times == 5
    assert JobRun.objects.count() == 5


def test_a_run_whose_scheduler_was_killed_is_taken_over_once(db: None) -> None:
    work, begun = Counting(), at(10, 6, 1)
    jobs = {"one": Daily(time(6, 0), work)}
    JobRun.objects.create(job="one", due_at=at(10, 6), began_at=begun)
    assert run_due(jobs, begun + ABANDONED - timedelta(minutes=1)) == []
    assert run_due(jobs, begun + ABANDONED) == ["one"]
    assert run_due(jobs, begun + 3 * ABANDONED) == []
    assert work.times == 1
    assert JobRun.objects.get().ended_at is not None
