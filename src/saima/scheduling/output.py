"""`saima schedule --json`: the shape, and a schedule in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from saima.problems import Language, Problem
from saima.rounding import number
from saima.scheduling.odds import Odds
from saima.scheduling.result import Schedule, TaskDates
from saima.scheduling.slip import Delay, slippages
from saima.scheduling.words import chain_sentence

_PLACES = 4


class TaskData(Struct, forbid_unknown_fields=True):
    """One task: dates as ISO moments, slack in working days (`day` of the project)."""

    uid: int | str
    name: str
    early_start: str
    early_finish: str
    late_start: str
    late_finish: str
    total_slack_days: float
    free_slack_days: float
    critical: bool


class SlippageData(Struct, forbid_unknown_fields=True):
    """Working days after the baseline; `origin`: the slip begins here; what it pushes."""

    uid: int | str
    start_days: float
    finish_days: float
    origin: bool
    pushes: list[int | str]


class OddsData(Struct, forbid_unknown_fields=True):
    """The simulated finish: the share that is in time, and the dates reached by 50, 80, 95 %."""

    by: str
    probability: float
    p50: str
    p80: str
    p95: str
    runs: int
    seed: int


class PushedData(Struct, forbid_unknown_fields=True):
    """A task that a delay moves, in working days."""

    uid: int | str
    days: float


class DelayData(Struct, forbid_unknown_fields=True):
    """What a longer task does: the finish then, and the tasks that move."""

    uid: int | str
    days: float
    finish: str
    pushed: list[PushedData]


class ScheduleData(Struct, forbid_unknown_fields=True):
    """`saima schedule --json`."""

    finish: str
    tasks: list[TaskData]
    driving: str
    slips: list[SlippageData]
    problems: list[dict[str, Any]]
    odds: OddsData | UnsetType = UNSET
    delay: DelayData | UnsetType = UNSET


def as_data(found: Schedule, problems: list[Problem], language: Language = "zh") -> ScheduleData:
    """A schedule as its JSON shape."""
    return ScheduleData(
        finish=found.finish.isoformat(),
        tasks=[_task(dates, found.project.day) for dates in found.tasks.values()],
        driving=chain_sentence(found, language),
        slips=[
            SlippageData(
                s.task.uid,
                number(s.start_days, _PLACES),
                number(s.finish_days, _PLACES),
                s.origin,
                list(s.pushes),
            )
            for s in slippages(found)
        ],
        problems=[problem.as_data(language) for problem in problems],
    )


def _task(dates: TaskDates, day: int) -> TaskData:
    return TaskData(
        dates.task.uid,
        dates.task.name,
        dates.early_start.isoformat(),
        dates.early_finish.isoformat(),
        dates.late_start.isoformat(),
        dates.late_finish.isoformat(),
        number(dates.total_slack / day, _PLACES),
        number(dates.free_slack / day, _PLACES),
        dates.critical,
    )


def odds_data(found: Odds, by: datetime) -> OddsData:
    """The odds of a date as their JSON shape."""
    half, most, nearly = (found.at(share).isoformat() for share in (0.5, 0.8, 0.95))
    share = number(found.by(by), _PLACES)
    return OddsData(by.isoformat(), share, half, most, nearly, len(found.finishes), found.seed)


def delay_data(delay: Delay) -> DelayData:
    """A delay as its JSON shape."""
    pushed = [PushedData(p.task.uid, number(p.days, _PLACES)) for p in delay.pushed]
    return DelayData(delay.task.uid, number(delay.days, _PLACES), delay.after.isoformat(), pushed)
