"""A server on a data folder: restoring needs the folder alone; its processes count together."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOCK = "serving.lock"
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks, when it is first imported, for a folder to count in."""


def begin(folder: Path) -> IO[str]:
    """Say that a server works here, for as long as the file returned is open in any process."""
    lock = (folder / LOCK).open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold the folder alone; False where a server has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def counting_together(port: int) -> Iterator[None]:
    """Let the processes of a server, begun inside, count requests together, from nought.

    The counts are mapped into memory: on a disk that fills up they would kill the process, so
    they stand in memory where there is such a place.
    """
    memory, server = Path("/dev/shm"), os.getpid()
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    ours = f"saima-counts-{os.getuid()}-{port}-"
    _forget_dead(place, ours)
    # its own folder: a server that still ends at this port takes away only what it counted
    folder = Path(tempfile.mkdtemp(prefix=f"{ours}{server}-", dir=place))
    os.environ[COUNTS] = str(folder)
    try:
        yield
    finally:
        if os.getpid() == server:  # the processes leave through here as well
            shutil.rmtree(folder, ignore_errors=True)


def _forget_dead(place: Path, prefix: str) -> None:
    """Remove what servers left that were killed."""
    for old in place.glob(f"{prefix}*"):
        pid = old.name.removeprefix(prefix).partition("-")[0]
        if not pid.isdigit() or int(pid) == os.getpid() or not Path(f"/proc/{pid}").exists():
            shutil.rmtree(old, ignore_errors=True)


def ended(pid: int) -> None:
    """A process of the server has ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
