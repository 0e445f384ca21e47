"""Wall time and peak memory of a whole process, and the best of several calls."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Run:
    """What a process took: wall and CPU seconds (best of the runs), peak MiB (largest)."""

    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:,.2f} s (CPU {self.cpu:,.2f} s), {self.memory:,.0f} MiB"


def process(command: Sequence[str], times: int = 3) -> Run:
    """A command run several times, output thrown away.

    Python may keep its compiled modules, as on a user's machine: only the first run makes them.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    wall, cpu, memory = float("inf"), float("inf"), 0.0
    for _ in range(times):
        start = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        _, status, usage = os.wait4(child.pid, 0)
        if status and os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: problems were named
            raise RuntimeError(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
        wall = min(wall, time.perf_counter() - start)
        cpu = min(cpu, usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss / 1024)
    return Run(wall, cpu, memory)


def pace() -> float:
    """Seconds of CPU for a fixed count in plain Python: how fast the machine was just then."""
    start, total = time.process_time(), 0
    for n in range(3_000_000):
        total += n * n
    return time.process_time() - start


def call(function: Callable[[], Any], times: int = 3) -> float:
    """Best seconds of a call."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best


def saima(*words: str) -> list[str]:
    """The command line of this environment's `saima`."""
    return [sys.executable, "-m", "saima", *words]
