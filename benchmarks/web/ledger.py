"""A ledger of 1,000,000 entries verified by `saima audit verify`, sound and with one entry edited.

On SQLite, or on the database that SAIMA_DATABASE names (`.ci/with-postgres` gives one).
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.timing import process, saima

ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
BEGAN = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)


def run() -> Iterator[str]:
    """Lines of the result."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(SAIMA_DATA=folder, SAIMA_SECRET="only-for-this-measurement")
        subprocess.run(saima("admin", "migrate"), check=True, stdout=subprocess.DEVNULL)
        kind, began = _kind(), time.perf_counter()
        subprocess.run([sys.executable, "-m", "benchmarks.web.ledger"], check=True)
        yield f"{kind}: {ENTRIES:,} entries written in {time.perf_counter() - began:.0f} s"
        verify = saima("audit", "verify")
        said = subprocess.run(verify, capture_output=True, text=True, check=True).stdout
        assert f"{ENTRIES}条，校验通过" in said, said
        yield f"{kind}: `saima audit verify`, sound: {process(verify, times=3)}"
        half = ENTRIES // 2
        _change(f"UPDATE audit_entry SET subject = 'E0' WHERE number = {half}")
        found = subprocess.run(verify, capture_output=True, text=True, check=False)
        assert found.returncode == 1 and f"第{half}条：内容被改动" in found.stdout, found
        yield f"{kind}: `saima audit verify`, one entry edited and named: {process(verify, times=1)}"


def _kind() -> str:
    return "PostgreSQL" if os.environ.get("SAIMA_DATABASE") else "SQLite"


def _change(sql: str) -> None:
    _started().execute(sql)


def _started() -> Any:
    """A cursor of the platform's database."""
    from saima_web.commands.django_setup import start

    start()
    from django.db import connection

    return connection.cursor()


def fill(entries: int) -> None:
    """Chain entries as a year of reporting leaves them, past the platform's actions for speed."""
    cursor = _started()
    from django.db import transaction

    from saima_web.audit.chain import ALGORITHM, START, digest_of
    from saima_web.audit.models import Head

    previous, batch = START, []
    with transaction.atomic():
        for number in range(1, entries + 1):
            row = _row(number) | {"algorithm": ALGORITHM, "previous": previous}
            previous = digest_of(**row)
            batch.append((*row.values(), previous))
            if len(batch) == 5000 or number == entries:
                _insert(cursor, batch)
                batch = []
        Head.objects.update_or_create(pk=1, defaults={"number": entries, "digest": previous})


def _insert(cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    """Rows in the order of `_row`, as the ORM would write them."""
    cursor.executemany(
        "INSERT INTO audit_entry (number, at, actor_id, event, campaign, subject, data,"
        " personal_digest, algorithm, previous, digest)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (row[0], f"{row[1]:%Y-%m-%d %H:%M:%S.%f}", *row[2:6], json.dumps(row[6]), *row[7:])
            for row in rows
        ],
    )


def _row(number: int) -> dict[str, Any]:
    month, unit = 1 + number % 12, number % 500
    return {
        "number": number,
        "at": BEGAN + timedelta(seconds=30 * number, microseconds=number % 1000),
        "actor": None,
        "event": ("figure.reported", "figure.endorsed", "figure.confirmed")[number % 3],
        "campaign": "2026-race",
        "subject": f"E{unit:03}/investment-{number % 300}/2026-{month:02}",
        "data": {
            "value": f"{number * 37 % 99991}.{number % 100:02}",
            "from": None,
            "note": "累计数",
        },
        "personal_digest": secrets.token_hex(32) if number % 20 == 0 else "",
    }


if __name__ == "__main__":
    fill(ENTRIES)
