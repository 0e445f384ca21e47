"""Published networks: the length of every PSPLIB network, every stored value of MS Project files."""

from __future__ import annotations

from pathlib import Path

import pytest

from saima.files.schedule import read_schedule, write_schedule
from saima.scheduling import schedule
from tests.support import networks

RESULTS = Path(__file__).parents[3] / "benchmarks" / "results"
needs_psplib = pytest.mark.skipif(
    bool(networks.why_missing(networks.PSPLIB)), reason=networks.why_missing(networks.PSPLIB)
)
needs_mspdi = pytest.mark.skipif(
    bool(networks.why_missing(networks.MSPDI)), reason=networks.why_missing(networks.MSPDI)
)


@needs_psplib
def test_every_psplib_network_is_as_long_as_published():
    wrong, seen = [], 0
    for name, text in networks.psplib_texts():
        project, length = networks.psplib_project(text)
        hours = (schedule(project).finish - project.start).total_seconds() / networks.HOUR
        seen += 1
        if hours != length:
            wrong.append((name, hours, length))
    assert seen == 480
    assert wrong == []


@needs_mspdi
def test_every_stored_value_of_the_ms_project_files_is_computed_or_explained():
    """The kept comparison is what comes out now, and no value differs without a line there."""
    kept = (RESULTS / "schedule-mspdi.txt").read_text(encoding="utf-8")
    now = "\n".join(networks.mspdi_lines()) + "\n"
    assert kept == now
    assert "all files: 486 values compared, 0 differ" in now


@needs_mspdi
@pytest.mark.parametrize("number", range(3))
def test_a_plan_that_was_written_again_has_the_same_dates(number, tmp_path):
    source = networks.mspdi_files()[number]
    found = schedule(read_schedule(source)[0])
    write_schedule(tmp_path / "again.xml", found)
    project, problems = read_schedule(tmp_path / "again.xml")
    assert problems == []
    again = schedule(project)
    assert [d[1:] for d in again.tasks.values()] == [d[1:] for d in found.tasks.values()]
