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
    folder = place / f"saima-counts-{os.getuid()}-{port}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        folder = Path(tempfile.mkdtemp(prefix="saima-counts-"))  # somebody else's is no place
    for old in folder.glob("*.db"):
        old.unlink(missing_ok=True)
    os.environ[COUNTS] = str(folder)
    try:
        yield
    finally:
        if os.getpid() == server:  # the processes leave through here as well
            shutil.rmtree(folder, ignore_errors=True)


def ended(pid: int) -> None:
    """A process of the server has ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
