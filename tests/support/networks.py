"""Published networks to hold the schedule against: PSPLIB and MS Project files, where they lie."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from saima.files.schedule import read_schedule
from saima.scheduling import Link, Project, Schedule, Task, schedule
from tests.support.realestate import shared_folder

PSPLIB = "data/psplib/j30.sm.zip"
MSPDI = "data/mspdi"
HOUR = 3600
START = datetime(2026, 1, 5)
_NAMESPACE = "{http://schemas.microsoft.com/project}"
DATES = ("EarlyStart", "EarlyFinish", "LateStart", "LateFinish", "Start", "Finish")
SLACK = ("TotalSlack", "FreeSlack")


def why_missing(name: str) -> str:
    """Why a test cannot run; empty if it can."""
    return "" if (shared_folder() / name).exists() else f"not in the shared folder: {name}"


def psplib_texts() -> Iterator[tuple[str, str]]:
    """Name and text of every network."""
    with zipfile.ZipFile(shared_folder() / PSPLIB) as archive:
        for name in sorted(archive.namelist()):
            yield name, archive.read(name).decode("ascii")


def psplib_project(text: str) -> tuple[Project, int]:
    """A network as a project in which a period is an hour of the clock, and its MPM-Time."""
    lines = text.splitlines()
    info = next(i for i, line in enumerate(lines) if line.startswith("pronr."))
    length = int(lines[info + 1].split()[-1])
    after = _block(lines, "PRECEDENCE RELATIONS")
    needs = _block(lines, "REQUESTS/DURATIONS")
    before: dict[int, list[int]] = {row[0]: [] for row in after}
    for job, _, _, *successors in after:
        for successor in successors:
            before[successor].append(job)
    tasks = [
        Task(row[0], f"任务{row[0]}", row[2] * HOUR, tuple(Link(p) for p in before[row[0]]))
        for row in needs
    ]
    from saima.scheduling import ALL_DAY

    return Project(START, tuple(tasks), calendars={"": ALL_DAY}), length


def _block(lines: list[str], title: str) -> list[list[int]]:
    at = next(i for i, line in enumerate(lines) if line.startswith(title))
    rows = []
    for line in lines[at + 1 :]:
        if line.startswith("*"):
            break
        if re.match(r"\s*\d", line):
            rows.append([int(part) for part in line.split()])
    return rows


def mspdi_files() -> list[Path]:
    return sorted((shared_folder() / MSPDI).glob("*.xml"))


def stored_and_computed(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Task, field, the value that the file stores, the value that is computed."""
    project, _ = read_schedule(path)
    found = schedule(project)
    root = etree.parse(str(path)).getroot()
    for element in root.iter(f"{_NAMESPACE}Task"):
        uid = int(element.findtext(f"{_NAMESPACE}UID"))
        for name, computed in _computed(found, uid).items():
            stored = element.findtext(f"{_NAMESPACE}{name}")
            if stored is not None:
                yield f"{uid} {found.tasks[uid].task.name}", name, stored, computed


def _computed(found: Schedule, uid: int) -> dict[str, str]:
    dates = found.tasks[uid]
    moments: tuple[Any, ...] = (
        dates.early_start,
        dates.early_finish,
        dates.late_start,
        dates.late_finish,
        dates.start,
        dates.finish,
    )
    named = {name: at.isoformat() for name, at in zip(DATES, moments)}
    slack = {name: str(s // 6) for name, s in zip(SLACK, (dates.total_slack, dates.free_slack))}
    return {**named, **slack, "Critical": str(int(dates.critical))}


def mspdi_lines() -> Iterator[str]:
    """The comparison as text: counts by file and field, then every difference with its reason."""
    yield "Values stored by MS Project beside the values computed from the same plan: early, late"
    yield "and scheduled dates to the second, total and free slack to the tenth of a minute, the"
    yield "critical flag; every task, summaries and the project's own summary included."
    total = wrong = 0
    for path in mspdi_files():
        cells = list(stored_and_computed(path))
        differences = [cell for cell in cells if cell[2] != cell[3]]
        total, wrong = total + len(cells), wrong + len(differences)
        tasks = len({cell[0] for cell in cells})
        yield ""
        yield f"{path.name}: {tasks} tasks, {len(cells)} values, {len(differences)} differ"
        for name in (*DATES, *SLACK, "Critical"):
            own = [cell for cell in cells if cell[1] == name]
            yield f"  {name}: {sum(c[2] == c[3] for c in own)} of {len(own)} equal"
        for task, name, stored, computed in differences:
            yield f"  {task} {name}: stored {stored}, computed {computed}"
    yield ""
    yield f"all files: {total} values compared, {wrong} differ"
