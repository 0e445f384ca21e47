"""How likely a finish is, by the three-point estimates of what is still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from saima.scheduling import Schedule, Task, schedule
from saima.scheduling.odds import Odds, odds
from saima.scheduling.words import odds_sentence
from saima_web.people.languages import reader
from saima_web.projects.timing import CLOSING, Timing

RUNS = 2000


def estimated(found: Schedule) -> bool:
    """Whether something that is still to come has estimates."""
    return any(t.estimates and not t.actual_finish for t in found.project.tasks)


def odds_of(found: Schedule, guess: tuple[int, int] | None = None) -> Odds | None:
    """The odds of the finish from the activities' estimates.

    guess: the others lie between so many percent of their planned durations; without one they
    take as long as planned. None where there is nothing to simulate.
    """
    tasks = tuple(_guessed(task, guess) for task in found.project.tasks)
    fresh = found if guess is None else schedule(replace(found.project, tasks=tasks))
    return odds(fresh, RUNS) if estimated(fresh) else None


def _guessed(task: Task, guess: tuple[int, int] | None) -> Task:
    if guess is None or task.estimates or not task.duration or task.actual_finish:
        return task
    low, high = guess
    three = (task.duration * low // 100, task.duration, task.duration * high // 100)
    return replace(task, estimates=three)


def own_odds(timing: Timing, by: date | None) -> str:
    """How likely a day is by the activities' own estimates, in words; empty without any."""
    found = timing.schedule
    likely = odds_of(found) if found is not None and by is not None else None
    return odds_sentence(likely, datetime.combine(by, CLOSING), reader()) if likely and by else ""
