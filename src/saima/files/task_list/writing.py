"""Write a task list in the office's usual columns: a title, the header, one task a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from saima.files.saving import check_folder, fixed_package, save
from saima.files.task_list.columns import COLUMNS, STATES, Column
from saima.tasks.model import Task

WRITTEN = tuple(c for c in COLUMNS if c.field != "step")


def write_task_list(tasks: Iterable[Task], path: Path, title: str, on: date) -> None:
    """Write a list to `path`; the same list and day give the same bytes. Errors: Refused."""
    check_folder(path)
    save(path, task_list_bytes(tasks, title, on))


def task_list_bytes(tasks: Iterable[Task], title: str, on: date) -> bytes:
    """The workbook of a list: a title row, the header, the tasks; every text stays a text."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("任务清单")
    head = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    big = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    sheet.merge_range(0, 0, 0, len(WRITTEN) - 1, title, big)
    for index, column in enumerate(WRITTEN):
        sheet.write_string(1, index, column.header, head)
        sheet.set_column(index, index, column.width)
    for row, task in enumerate(tasks, 2):
        for index, text in enumerate(texts_of(task)):
            sheet.write_string(row, index, text, cell)
    sheet.freeze_panes(2, 3)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    book.close()
    return fixed_package(stream.getvalue(), on)


def texts_of(task: Task, columns: Sequence[Column] = WRITTEN) -> list[str]:
    """A task's cells as texts, in the order of the columns."""
    return [_text(task, column.field) for column in columns]


def _text(task: Task, name: str) -> str:
    value: Any = getattr(task, name)
    if name == "deadline":
        return task.deadline.text if task.deadline else task.deadline_text
    if name == "state":
        return STATES[task.state][0]
    if value is None:
        return ""
    return "、".join(value) if isinstance(value, tuple) else str(value)
