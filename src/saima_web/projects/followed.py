"""What is followed of a project in slices above: its tasks, problems and cards, through a slot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from saima_web.people.models import User
from saima_web.projects.models import Project


@dataclass(frozen=True)
class Followed:
    """One thing: of which kind, where it stands, until when; `late` once that day has passed."""

    kind: str
    title: str
    href: str
    state: str
    due: date | None = None
    late: bool = False


Reader = Callable[[User, Project], Iterable[Followed]]
_readers: list[Reader] = []


def read_by(*readers: Reader) -> None:
    """Fill the slot (once, at start-up)."""
    _readers[:] = readers


def followed_of(by: User, project: Project) -> list[Followed]:
    """Everything that a user may see of it; nothing while nobody has filled the slot."""
    return [row for reader in _readers for row in reader(by, project)]
