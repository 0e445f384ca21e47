"""How a step of a task is written down: state, step, ledger entry, all in one place."""

from __future__ import annotations

from typing import Any

from saima.workflows.task import TASK
from saima_web.audit.actions import Ledger
from saima_web.base.clock import now
from saima_web.followup.models import Step, Task
from saima_web.people.models import User

DONE = {
    "initiate": "initiated", "assign": "assigned", "accept": "accepted", "dispute": "disputed",
    "start": "started", "report": "reported", "review": "reviewed", "return": "returned",
    "complete": "completed", "close_out": "closed-out", "evaluate": "evaluated",
    "archive": "archived", "stop": "stopped",
}  # fmt: skip
"""Event -> what the ledger calls it once it is done."""


def subject_of(task: Task) -> str:
    return f"task/{task.campaign.code}/{task.number}"


def record(ledger: Ledger, event: str, task: Task, words: str = "", **data: Any) -> None:
    """An entry about a task; its words stand outside the chain."""
    ledger.record(
        f"task.{event}", subject_of(task), campaign=task.campaign.code, personal=words.strip(),
        unit=task.responsible_unit.code, **data,
    )  # fmt: skip


def move(ledger: Ledger, task: Task, event: str, by: User, note: str = "", **data: Any) -> None:
    """Take a task one step on, save it and write it down. Errors: Refused `not-now`."""
    step(ledger, task, event, by, note, **data)
    task.changed_at = now()
    task.save()


def step(ledger: Ledger, task: Task, event: str, by: User, note: str = "", **data: Any) -> None:
    """As `move`, for a caller that saves the task itself."""
    task.state = TASK.step(task.state, event)
    note_step(task, event, by, note)
    record(ledger, DONE[event], task, note, state=task.state, **data)


def note_step(task: Task, event: str, by: User, note: str = "") -> Step:
    return Step.objects.create(
        task=task, event=event, state=task.state, note=note.strip(), by=by, at=now()
    )


def locked(task: Task) -> Task:
    """The row as it stands now, held until the transaction ends."""
    found = Task.objects.select_for_update().get(pk=task.pk)
    found.campaign = task.campaign
    if found.responsible_unit_id == task.responsible_unit_id:
        found.responsible_unit = task.responsible_unit
    return found
