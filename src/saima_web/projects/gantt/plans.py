"""A plan file as milestones of a project: the schedule workbook or MS Project XML."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from saima.files.schedule import read_schedule
from saima.files.schedule.links import link_text
from saima.problems import Refused
from saima.rounding import text
from saima.scheduling import schedule
from saima.scheduling.checks import problems_of
from saima_web.projects.models import Milestone


def milestones_in(path: Path) -> list[Milestone]:
    """The tasks of a plan, summaries left out; without a baseline its calculated dates are one.

    Errors: Refused with the first thing that is wrong with the file or its tasks.
    """
    plan, problems = read_schedule(path)
    wrong = [p for p in problems if p.severity == "error"] + problems_of(plan)
    if wrong:
        raise Refused(wrong[0])
    found = schedule(plan)
    leaves = [dates for dates in found.tasks.values() if not dates.task.summary]
    numbers = {dates.task.uid: at for at, dates in enumerate(leaves, 1)}
    rows = []
    for dates in leaves:
        task = dates.task
        links = [link for link in task.links if link.predecessor in numbers]
        written = "，".join(
            link_text(type(k)(numbers[k.predecessor], k.kind, k.lag, k.unit), plan.day)
            for k in links
        )
        rows.append(
            Milestone(
                number=numbers[task.uid], name=task.name[:80], predecessors=written[:120],
                duration=Decimal(text(task.duration / plan.day, 2)),
                planned_start=(task.baseline_start or dates.start).date(),
                planned_finish=(task.baseline_finish or dates.finish).date(),
                actual_start=(begun := task.actual_start or task.actual_finish) and begun.date(),
                actual_finish=task.actual_finish and task.actual_finish.date(),
                percent=100 if task.actual_finish else int(task.percent_complete),
                **_estimates(task.estimates, plan.day),
            )
        )  # fmt: skip
    return rows


def _estimates(three: tuple[int, int, int] | None, day: int) -> dict[str, Decimal]:
    names = ("optimistic", "likely", "pessimistic")
    return {name: Decimal(text(v / day, 2)) for name, v in zip(names, three or ())}
