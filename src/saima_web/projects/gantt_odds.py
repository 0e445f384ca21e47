"""How likely a finish is where durations have three estimates."""

from __future__ import annotations

from dataclasses import replace

from saima.scheduling import Schedule, Task, schedule
from saima.scheduling.odds import Odds, odds

RUNS = 2000


def guessed_odds(found: Schedule, low: int, high: int) -> Odds | None:
    """The odds if every open duration lies between low and high percent of the plan's.

    The plan's own duration is the most likely. None where everything is finished.
    """
    tasks = tuple(_guessed(task, low, high) for task in found.project.tasks)
    if not any(task.estimates for task in tasks):
        return None
    return odds(schedule(replace(found.project, tasks=tasks)), RUNS)


def _guessed(task: Task, low: int, high: int) -> Task:
    if not task.duration or task.actual_finish:
        return task
    three = (task.duration * low // 100, task.duration, task.duration * high // 100)
    return replace(task, estimates=three)
