"""Schedules as files: the office's workbook and MS Project XML, read and written."""

from __future__ import annotations

from pathlib import Path

from saima.files.loading import content
from saima.files.saving import save
from saima.files.schedule.mspdi_reading import read_mspdi
from saima.files.schedule.mspdi_writing import mspdi_bytes
from saima.files.schedule.problems import NOT_WRITABLE_KIND
from saima.files.schedule.workbook_reading import at_edge, read_workbook_schedule
from saima.problems import Place, Problem, refuse
from saima.scheduling.model import Project
from saima.scheduling.result import Schedule

__all__ = ["at_edge", "mspdi_bytes", "read_mspdi", "read_schedule", "write_schedule"]

MAX_XML = 100_000_000
"""Bytes of an XML file that is read at all."""


def read_schedule(path: Path) -> tuple[Project, list[Problem]]:
    """Read a plan from .xml (MSPDI) or a workbook, with what could not be read of it."""
    data = content(path, MAX_XML)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or _is_utf16_xml(data):
        return read_mspdi(path, data)
    if path.suffix.lower() == ".xml":
        return read_mspdi(path, data)
    return read_workbook_schedule(path)


def _is_utf16_xml(data: bytes) -> bool:
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") and b"<" in data[:4]


def write_schedule(path: Path, found: Schedule) -> None:
    """Write a schedule to .xml (MSPDI) or .xlsx. Errors: Refused for another kind of file."""
    suffix = path.suffix.lower()
    if suffix == ".xml":
        save(path, mspdi_bytes(found))
    elif suffix == ".xlsx":
        from saima.files.schedule.workbook_writing import workbook_bytes

        save(path, workbook_bytes(found))
    else:
        raise refuse(NOT_WRITABLE_KIND, Place(path.name), suffix=suffix or path.name)
