"""What a task says: a row of the office's task list, with the cells that it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from saima.problems import Place
from saima.tasks.deadlines import Deadline
from saima.tasks.due import DueState, due_state
from saima.tasks.workdays import Works, usual
from saima.workflows.task import OPEN


@dataclass(frozen=True)
class Task:
    """One task. number: as the list numbers it (1.2); parent: the number it is a part of, or ''.

    deadline_text: the deadline as it was written. reported: the day on which the task was said to
    be done, None where the list does not say. cells: where each field stands, by its name.
    """

    number: str
    title: str
    goal: str = ""
    supporting_project: str = ""
    landmark_result: str = ""
    source: str = ""
    front: str = ""
    lead_leader: str = ""
    first_responsible: str = ""
    responsible_unit: str = ""
    supporting_units: tuple[str, ...] = ()
    person: str = ""
    deadline: Deadline | None = None
    deadline_text: str = ""
    progress: str = ""
    trouble: str = ""
    next_step: str = ""
    state: str = "in_hand"
    note: str = ""
    parent: str = ""
    reported: date | None = None
    cells: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN

    def place(self, name: str = "title") -> Place:
        """The cell of a field, that of the title where the field has none."""
        return self.cells.get(name) or self.cells.get("title", Place())

    def due(self, on: date, works: Works = usual) -> DueState:
        """Its due state on a day; what is done counts by the day of the report, if it is known."""
        if self.deadline is None or (not self.open and self.reported is None):
            return "normal"
        return due_state(self.deadline.day, on, reported=self.reported, works=works)
