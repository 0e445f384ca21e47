"""The scheduler's process: once a minute it runs the jobs that are due, and ends with its parent."""

from __future__ import annotations

import logging
import os
import signal
import time
from types import FrameType

from saima_web.commands.django_setup import start

PAUSE = 60
log = logging.getLogger("saima.jobs")


def main() -> None:
    """Run due jobs until told to end or until the parent is gone."""
    start()
    from django.db import close_old_connections

    from saima_web.site.jobs import run_due

    ending = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal ending
        ending = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    parent = os.getppid()
    while not ending and os.getppid() == parent:
        close_old_connections()
        try:
            run_due()
        except Exception:
            log.exception("a round of scheduled jobs failed; the next minute tries again")
        for _ in range(PAUSE):
            if ending or os.getppid() != parent:
                break
            time.sleep(1)


if __name__ == "__main__":
    main()
