"""Years of data on PostgreSQL: every main page's time at the server, and its heaviest queries.

500 units × 300 indicators × 60 months of figures (UNITS, INDICATORS and MONTHS change that), each
month's closed round, one open round, one published score. HOUSE names a folder where a house made before is kept. Each page
is asked once cold and three times warm by Django's test client; the best warm time counts. The ten
queries that took longest, warm, are then explained, and what they scan from end to end is named.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import pace, saima

SIZE = tuple(
    int(os.environ.get(n, d))
    for n, d in (("UNITS", "500"), ("INDICATORS", "300"), ("MONTHS", "60"))
)
HEAVIEST = 10
FACTS = ("reporting_figure", "reporting_entry", "targets_target", "audit_entry")
"""Tables that grow with the years."""


def run() -> Iterator[str]:
    """Lines of the result."""
    if not os.environ.get("SAIMA_DATABASE"):
        yield "years of data are measured on PostgreSQL: run this under .ci/with-postgres"
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(os.environ.get("HOUSE", made))
        os.environ.update(SAIMA_DATA=str(folder), SAIMA_SECRET="only-for-this-measurement")
        house = _house(folder / "house.json")
        from saima_web.commands.django_setup import start

        start()
        yield from _counted()
        yield from _measured(house)


def _house(file: Path) -> dict[str, Any]:
    if not file.exists():
        subprocess.run(saima("admin", "migrate"), check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, "-m", "benchmarks.web.houses", *map(str, SIZE)]
        made = subprocess.run(command, check=True, capture_output=True, text=True)
        file.write_text(made.stdout.splitlines()[-1], encoding="utf-8")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _counted() -> Iterator[str]:
    from saima_web.people.models import Unit
    from saima_web.reporting.models import Entry, Figure

    units, figures, cells = (m.objects.count() for m in (Unit, Figure, Entry))
    yield f"{units:,} units, {figures:,} figures, {cells:,} cells of their rounds"


def pages(house: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a page is called here, who opens it, its address in the campaign."""
    unit, indicator, last, period = (house[k] for k in ("unit", "indicator", "last", "period"))
    return [
        ("my work", "office", ""),
        ("cockpit", "leader0", "cockpit/"),
        ("ranking", "office", "ranking/"),
        ("unit", "office", f"units/{unit}/"),
        ("indicator", "office", f"standing/{indicator}/"),
        ("heat map", "office", "heat/"),
        ("completeness", "office", "completeness/"),
        ("burden", "office", "burden/"),
        ("entry page of a clerk", house["clerks"][0], f"report/{period}/{unit}/"),
        ("rounds", "office", "rounds/"),
        ("review desk", "office", f"rounds/{period}/review/"),
        ("indicators", "office", "indicators/"),
        ("runs", "office", "scores/"),
        ("comparison", "office", "compare/"),
        ("round", "office", f"rounds/{period}/"),
        ("review desk of a unit", "office", f"rounds/{period}/review/?unit={unit}"),
        ("targets", "office", "targets/"),
        ("targets of an indicator", "office", f"targets/grid/{indicator}/"),
        ("explanation of a mark", "office", f"why/{last}/{unit}/{indicator}/"),
        ("my work of a department", "owner1", ""),
        ("rounds of a department", "owner1", "rounds/"),
        ("review desk of a department", "owner1", f"rounds/{period}/review/"),
        ("round of a department", "owner1", f"rounds/{period}/"),
        ("what more would bring", "office", f"why/{last}/{unit}/{indicator}/?part=ifs"),
        ("explanation of a score", "office", f"why/{last}/{unit}/"),
        ("goals in words", "office", "targets/goals/"),
        ("leads", "office", "targets/leads/"),
        ("countermeasures", "office", "targets/countermeasures/"),
        ("countermeasures of a department", "owner1", "targets/countermeasures/"),
    ]


def _measured(house: dict[str, Any]) -> Iterator[str]:
    import saima_web.site.urls  # noqa: F401 - fills the slots, as a server does at its start

    yield f"{'page':<32}{'cold ms':>9}{'warm ms':>9}{'CPU ms':>8}{'queries':>9}{'kB':>8}"
    queries: list[tuple[float, str, str]] = []
    for name, who, path in pages(house):
        yield _page(name, who, f"/c/{house['campaign']}/{path}", queries)
    yield from _explained(queries)
    yield f"counting to 3,000,000 afterwards: {pace():.2f} s"


def _page(name: str, who: str, path: str, queries: list[tuple[float, str, str]]) -> str:
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test import Client

    from saima_web.people.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    user = User.objects.get(username=who)
    client.force_login(user, backend="saima_web.people.backends.Accounts")
    request_started.disconnect(reset_queries)
    walls, cpus, count, size = [], [], 0, 0
    for attempt in range(4):
        connection.queries_log.clear()
        connection.force_debug_cursor = True
        began, used = time.perf_counter(), time.process_time()
        answer = client.get(path)
        walls.append(time.perf_counter() - began)
        cpus.append(time.process_time() - used)
        connection.force_debug_cursor = False
        asked = [q for q in connection.queries_log if "sql" in q]
        queries += [(float(q["time"] or 0), name, q["sql"]) for q in asked if attempt and q["sql"]]
        count, size = len(asked), len(answer.content)
        if answer.status_code != 200:
            return f"{name:<32} answered {answer.status_code}"
    return (
        f"{name:<32}{walls[0] * 1000:>9.0f}{min(walls[1:]) * 1000:>9.0f}"
        f"{min(cpus[1:]) * 1000:>8.0f}{count:>9}{size / 1024:>8.0f}"
    )


def _explained(queries: list[tuple[float, str, str]]) -> Iterator[str]:
    """The heaviest queries, each once, with what PostgreSQL would scan for them."""
    yield f"the {HEAVIEST} heaviest queries:"
    seen: set[str] = set()
    for took, page, sql in sorted(queries, reverse=True):
        shape = sql[:200]
        if shape in seen or not sql.lstrip().upper().startswith("SELECT"):
            continue
        seen.add(shape)
        tables = [t for t in FACTS if f"Seq Scan on {t}" in _plan(sql)]
        words = f"scans {', '.join(tables)} from end to end" if tables else "by index"
        yield f"  {took * 1000:>6.0f} ms  {page}: {_table(sql)}, {words}"
        if len(seen) == HEAVIEST:
            return


def _plan(sql: str) -> str:
    """The plan of a statement as it was sent: with $1 and so on where its numbers go."""
    from django.db import connection

    places = max((int(n) for n in re.findall(r"\$(\d+)", sql)), default=0)
    given = f"({', '.join(['NULL'] * places)})" if places else ""
    with connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute("PREPARE asked AS " + sql)
        cursor.execute(f"EXPLAIN EXECUTE asked{given}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("DEALLOCATE asked")
    return plan


def _table(sql: str) -> str:
    return sql.partition(' FROM "')[2].partition('"')[0]
