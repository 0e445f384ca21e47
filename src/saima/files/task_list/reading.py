"""Read the office's task list: merged cells, headings between rows, 1.2 under 1, notes below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from saima.files.campaign.values import plain_text
from saima.files.opening import Sheet, Workbook, open_workbook
from saima.files.sheet.grid import Grid
from saima.files.sheet.layout import is_note, is_signature
from saima.files.sheet.words import tidy
from saima.files.task_list import problems as wrong
from saima.files.task_list.columns import BY_STATE, STATES
from saima.files.task_list.finding import Header, fields_in, find_header
from saima.places import cell_name
from saima.problems import Place, Problem
from saima.tasks.deadlines import STANDING, Deadline, read_deadline
from saima.tasks.model import Task

_SPLIT = re.compile(r"[、，,；;/\n]+|\s{2,}")
_YEAR = re.compile(r"(20\d\d)年")
_LEADING = re.compile(r"^[（(]?[一二三四五六七八九十]+[)）、.．]\s*")
_TEXTS = (
    "title", "goal", "supporting_project", "landmark_result", "source", "front", "lead_leader",
    "first_responsible", "responsible_unit", "person", "progress", "trouble", "next_step", "note",
)  # fmt: skip


@dataclass(frozen=True)
class TaskList:
    """The tasks of a file in their order, and everything that was wrong, with its cell."""

    name: str
    tasks: tuple[Task, ...]
    problems: list[Problem] = field(default_factory=list)


def read_task_list(path: Path, year: int) -> TaskList:
    """The task list of a workbook. year: of deadlines that name none, where no title says it.

    Errors: Refused where the file cannot be opened (see `open_workbook`).
    """
    return task_list_of(open_workbook(path), year)


def task_list_of(workbook: Workbook, year: int) -> TaskList:
    """The task list of an opened workbook; sheets without one are passed over."""
    found = TaskList(workbook.name, (), list(workbook.problems))
    tasks: list[Task] = []
    headed = False
    for sheet in workbook.sheets:
        grid = Grid(sheet)
        header = None if sheet.hidden else find_header(grid)
        if header is None:
            continue
        headed = True
        tasks += _Reader(workbook.name, sheet, grid, header, year, found.problems).tasks()
    if not headed:
        found.problems.append(Problem(wrong.NO_LIST, Place(file=workbook.name)))
    return replace(found, tasks=tuple(_numbered(tasks, found.problems)))


class _Reader:
    """Reads the rows of one sheet below its header."""

    def __init__(
        self, file: str, sheet: Sheet, grid: Grid, header: Header, year: int, found: list[Problem]
    ) -> None:
        self.file, self.sheet, self.grid, self.header = file, sheet, grid, header
        self.problems, self.front = found, ""
        above = " ".join(plain_text(v) for row in sheet.rows[: header.first] for v in row)
        named = _YEAR.search(above)
        self.year = int(named[1]) if named else year

    def tasks(self) -> Iterator[Task]:
        """The tasks from top to bottom; a merged task with steps comes before them."""
        for row in range(self.header.end, self.grid.height):
            if not self.grid.filled[row] or self._repeats(row):
                continue
            if is_signature(self.grid, row) or (is_note(self.grid, row) and self._alone(row)):
                return
            if self._alone(row):
                self.front = _LEADING.sub("", tidy(plain_text(self._first(row))))
                continue
            yield from self._row(row)

    def _row(self, row: int) -> Iterator[Task]:
        step = self._text(row, "step")
        span = self.grid.spans.get((row, self.header.columns["title"]))
        if not step or span is None or span[2] == span[0]:
            yield self._task(row)
            return
        whole = self._task(span[0])
        if row == span[0]:
            yield replace(whole, progress="", trouble="", next_step="")
        number = f"{whole.number}.{row - span[0] + 1}" if whole.number else ""
        part = self._task(row)
        cells = {**part.cells, "title": self._place(row, "step")}
        yield replace(part, number=number, title=step, parent=whole.number, cells=cells)

    def _task(self, row: int) -> Task:
        texts: dict[str, Any] = {name: self._text(row, name) for name in _TEXTS}
        texts["front"] = texts["front"] or self.front
        self._check(row, texts)
        progress = texts["progress"]
        return Task(
            number=self._text(row, "number").rstrip(".、"),
            supporting_units=_names(self._text(row, "supporting_units")),
            deadline=self._deadline(row),
            deadline_text=self._text(row, "deadline"),
            state=self._state(row, progress),
            reported=self._reported(row),
            cells={name: self._place(row, name) for name in self.header.columns},
            **texts,
        )

    def _check(self, row: int, texts: dict[str, Any]) -> None:
        if not texts["title"]:
            self._blame(wrong.NO_TITLE, row, "title")
        elif "responsible_unit" in self.header.columns and not texts["responsible_unit"]:
            self._blame(wrong.NO_UNIT, row, "responsible_unit")

    def _deadline(self, row: int) -> Deadline | None:
        if "deadline" not in self.header.columns:
            return None
        value, text = self._value(row, "deadline"), self._text(row, "deadline")
        found = read_deadline(value, self.year)
        if found is None and not text:
            self._blame(wrong.NO_DEADLINE, row, "deadline")
        elif found is None and text.rstrip("。") not in STANDING:
            self._blame(wrong.BAD_DEADLINE, row, "deadline", text=text)
        return found

    def _state(self, row: int, progress: str) -> str:
        """The state that is written; without one, what the line of progress says in one word."""
        text = self._text(row, "state")
        usual = BY_STATE.get(progress.rstrip("。"), "in_hand" if progress else "assigned")
        if text and text not in BY_STATE:
            known = "、".join(words[0] for words in STATES.values())
            self._blame(
                wrong.BAD_STATE, row, "state", text=text, taken=STATES[usual][0], known=known
            )
        return BY_STATE.get(text, usual)

    def _reported(self, row: int) -> Any:
        text = self._text(row, "reported")
        found = read_deadline(self._value(row, "reported"), self.year) if text else None
        if text and found is None:
            self._blame(wrong.BAD_REPORTED, row, "reported", text=text)
        return found.day if found else None

    def _blame(self, code: str, row: int, name: str, **values: Any) -> None:
        problem = Problem(code, self._place(row, name), values)
        if problem not in self.problems:  # a merged cell is read once for every row
            self.problems.append(problem)

    # --- cells ---

    def _value(self, row: int, name: str) -> object:
        column = self.header.columns.get(name)
        return "" if column is None else self.grid.shown(row, column)

    def _text(self, row: int, name: str) -> str:
        return tidy(plain_text(self._value(row, name)))

    def _place(self, row: int, name: str) -> Place:
        column = self.header.columns.get(name, 0)
        span = self.grid.spans.get((row, column))
        at = (span[0], span[1]) if span else (row, column)
        return Place(self.file, self.sheet.name, cell_name(*at))

    def _alone(self, row: int) -> bool:
        return self.grid.is_single(row) and self._text(row, "deadline") == ""

    def _first(self, row: int) -> object:
        return self.grid.rows[row][self.grid.filled[row][0]]

    def _repeats(self, row: int) -> bool:
        """Whether the header is said once more, as at a page break."""
        if row + self.header.rows > self.grid.height:
            return False
        return len(fields_in(self.grid, row, 1)) >= 3


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in _SPLIT.split(text) if (name := part.strip()))


def _numbered(tasks: list[Task], problems: list[Problem]) -> Iterator[Task]:
    """Tasks under their parents by number: 1.2 is a part of 1; a number that stands twice is told."""
    known: dict[str, Task] = {}
    for task in tasks:
        other = known.get(task.number)
        if task.number and other is not None:
            values = {"number": task.number, "other": other.place("number")}
            problems.append(Problem(wrong.TWICE, task.place("number"), values))
        known.setdefault(task.number, task)
    for task in tasks:
        yield _under(task, known, problems)


def _under(task: Task, known: dict[str, Task], problems: list[Problem]) -> Task:
    above = task.number.rpartition(".")[0]
    if task.parent or not above or not re.fullmatch(r"\d+(\.\d+)+", task.number):
        return task
    if above in known:
        return replace(task, parent=above)
    values = {"number": task.number, "parent": above}
    problems.append(Problem(wrong.NO_PARENT, task.place("number"), values))
    return task
