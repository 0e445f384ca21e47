"""The platform's main pages on the demonstration's data: CPU and queries of one request each.

Asked by Django's test client in this process, each page three times after one that fills caches;
the best counts. SAIMA_DEMO names a folder of `saima demo` that is there already; without one the
demonstration is made first, which takes about a minute.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import pace

CAMPAIGN = "/c/race-2026/"
PAGES = (
    ("my work", "office", ""),
    ("cockpit", "leader", "cockpit/"),
    ("ranking", "office", "ranking/"),
    ("ranking to date", "office", "ranking/?span=year"),
    ("unit", "office", "units/C5/"),
    ("indicator", "office", "standing/investment/"),
    ("heat map", "office", "heat/"),
    ("comparison", "office", "compare/"),
    ("completeness", "office", "completeness/"),
    ("burden", "office", "burden/"),
    ("wall board", "office", "board/"),
    ("explanation of a mark", "office", "why/2026-10/C5/investment/"),
    ("explanation of a score", "office", "why/2026-10/C5/"),
    ("rounds", "office", "rounds/"),
    ("review desk", "office", "rounds/2026-11/review/"),
    ("runs", "office", "scores/"),
    ("events", "office", "events/"),
    ("bulletins", "office", "bulletins/"),
    ("targets", "office", "targets/"),
    ("rulebooks", "office", "rulebooks/"),
)
"""What a page is called here, who opens it, its address in the campaign."""


def run() -> Iterator[str]:
    """Lines of the result."""
    given = os.environ.get("SAIMA_DEMO", "")
    with tempfile.TemporaryDirectory() as folder:
        where = Path(given or folder) if given else Path(folder) / "demo"
        if not given:
            child = multiprocessing.get_context("spawn").Process(target=_make, args=(where,))
            child.start()
            child.join()
            assert child.exitcode == 0, "the demonstration could not be made"
        _settings(where)
        yield from _measured()


def _make(where: Path) -> None:
    """The demonstration, in a process of its own as `saima demo` does it."""
    from saima_web.commands.demo import _populate, _prepare

    _prepare(where)
    _populate(where, "zh")


def _settings(where: Path) -> None:
    known = json.loads((where / "saima-demo.json").read_text(encoding="utf-8"))
    os.environ.update(
        SAIMA_DATA=str(where), SAIMA_SECRET=known["secret"], SAIMA_DATABASE="",
        SAIMA_CLOCK_OFFSET=str(known["offset"]),
    )  # fmt: skip
    from saima_web.commands.django_setup import migrate, start

    start()
    migrate()


def _measured() -> Iterator[str]:
    import saima_web.site.urls  # noqa: F401 - fills the slots, as a server does at its start

    yield f"{'page':<24}{'CPU ms':>8}{'queries':>9}{'kB':>7}"
    for name, who, path in PAGES:
        cpu, queries, size = _page(_client(who), CAMPAIGN + path)
        yield f"{name:<24}{cpu * 1000:>8.0f}{queries:>9}{size / 1024:>7.0f}"
    yield f"counting to 3,000,000 afterwards: {pace():.2f} s"


def _client(who: str) -> Any:
    from django.test import Client

    from saima_web.people.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=who), backend="saima_web.people.backends.Accounts")
    return client


def _page(client: Any, path: str) -> tuple[float, int, int]:
    """Seconds of CPU, queries and bytes of a page; the first request fills caches."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    best, queries, size = float("inf"), 0, 0
    for attempt in range(4):
        with CaptureQueriesContext(connection) as seen:
            began = time.process_time()
            answer = client.get(path)
            took = time.process_time() - began
        assert answer.status_code == 200, (path, answer.status_code)
        queries, size = len(seen), len(answer.content)
        best = min(best, took) if attempt else best
    return best, queries, size
