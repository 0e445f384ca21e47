"""The demonstration's story is told in a process of its own, so that forked workers can score.

Polars starts threads at its first use; a worker forked afterwards would wait for them for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

START = """
import os, sys, threading
from pathlib import Path
from saima_web.commands import demo

folder = Path(sys.argv[1])
assert demo._prepare(folder)
"""
CANNOT_BE_TOLD = """
(folder / "saima.sqlite3").write_bytes(b"no database" * 200)
try:
    demo._populate_apart(folder, "zh")
except SystemExit as end:
    told = "saima_web.demo.story" in sys.modules or "saima_web.demo.figures" in sys.modules
    print("ended", end.code, "told here" if told else "told apart")
"""
FORKED = """
demo.start()
from django.db import connection
connection.cursor().execute("select 1")
pid = os.fork()
if pid == 0:
    import polars as pl
    total = pl.DataFrame({"a": [1, 2]}).lazy().select(pl.col("a").sum()).collect().item()
    os._exit(total)
import time
for _ in range(300):
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        print("worker", os.waitstatus_to_exitcode(status))
        break
    time.sleep(0.1)
else:
    os.kill(pid, 9)
    print("worker hangs")
"""
USED_BEFORE = """
import polars as pl
pl.DataFrame({"a": [1, 2]}).lazy().select(pl.col("a").sum()).collect()
print("threads", len(os.listdir("/proc/self/task")) > 1)
"""


def script(text: str, folder: Path) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAIMA_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", text, str(folder / "demo")], env=kept, cwd=folder, text=True,
        capture_output=True, timeout=110, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_the_story_is_told_and_fails_in_a_process_of_its_own(tmp_path: Path) -> None:
    said = script(START + CANNOT_BE_TOLD, tmp_path)
    assert "ended 1 told apart" in said, said
    assert "file is not a database" in said


def test_worker_forked_from_the_served_process_can_use_polars(tmp_path: Path) -> None:
    said = script(START + FORKED, tmp_path)
    assert "worker 3" in said, said


def test_polars_used_in_a_process_leaves_threads_that_a_fork_would_miss(tmp_path: Path) -> None:
    assert "threads True" in script("import os" + USED_BEFORE, tmp_path)
