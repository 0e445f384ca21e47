"""清单 → 事项 → 步骤: what the parts of a task say about the whole."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from saima.tasks.due import DueState
from saima.workflows.task import OPEN

Key = TypeVar("Key", bound=Hashable)
LEVELS = ("清单", "事项", "步骤")
_WORSE: tuple[DueState, ...] = ("normal", "nearing", "overdue")
DONE = ("completed", "closed_out", "evaluated", "archived")


@dataclass(frozen=True)
class Part:
    """One task as its whole sees it."""

    state: str
    due: DueState


@dataclass(frozen=True)
class Whole:
    """What stands below a task: how many last parts, how many are done, the worst due state.

    Stopped parts do not count. `state` is due to the worst part, the task's own included.
    """

    parts: int
    done: int
    due: DueState

    @property
    def share(self) -> float | None:
        """Done parts of all, None where there are none."""
        return self.done / self.parts if self.parts else None


def level_name(depth: int) -> str:
    """How a task of a depth is called (0: 清单); deeper ones are steps too."""
    return LEVELS[min(depth, len(LEVELS) - 1)]


def roll_up(parts: Mapping[Key, Part], parents: Mapping[Key, Key | None]) -> dict[Key, Whole]:
    """For every task, what its last parts add up to. Errors: ValueError for a ring of parents."""
    children: dict[Key, list[Key]] = {}
    for key in parts:
        parent = parents.get(key)
        if parent is not None and parent in parts:
            children.setdefault(parent, []).append(key)
    found: dict[Key, Whole] = {}
    for key in _from_below(parts, children):
        found[key] = _whole(parts[key], [(parts[c], found[c]) for c in children.get(key, ())])
    if len(found) < len(parts):
        raise ValueError("a task is part of itself")
    return found


def _from_below(parts: Mapping[Key, Part], children: Mapping[Key, list[Key]]) -> list[Key]:
    """The tasks, parts before their wholes."""
    inner = {child for below in children.values() for child in below}
    order = [key for key in parts if key not in inner]
    for key in order:  # grows while it is walked: every generation follows the one above it
        order.extend(children.get(key, ()))
    return order[::-1]


def _whole(own: Part, below: Iterable[tuple[Part, Whole]]) -> Whole:
    parts = done = 0
    due = [own.due]
    for part, whole in below:
        if part.state == "stopped":
            continue
        parts += whole.parts or 1
        done += whole.done if whole.parts else part.state in DONE
        due.append(whole.due)
    return Whole(parts, done, max(due, key=_WORSE.index))


def holds_open(states: Iterable[str]) -> int:
    """How many parts keep a whole from being reported done."""
    return sum(1 for state in states if state in OPEN)
