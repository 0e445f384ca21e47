"""Wall time and peak memory of a whole process, and the best of several calls."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def process(command: Sequence[str], times: int = 3) -> tuple[float, float]:
    """(best seconds, largest MiB) of a command run several times, output thrown away."""
    best, memory = float("inf"), 0.0
    for _ in range(times):
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        best = min(best, time.perf_counter() - start)
        memory = max(memory, usage.ru_maxrss / 1024)
    return best, memory


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
