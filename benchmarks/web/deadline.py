"""The hour of the deadline: clerks saving and pasting on the real server, leaders reading beside.

`saima serve` as it is installed, with log-in, permissions, checks and ledger; server, database and
this load share the machine. On SQLite, or on the database that SAIMA_DATABASE names
(`.ci/with-postgres` gives one; it is told to write to the disk here). CLERKS and SECONDS change
the load; KILL=1 kills a process of the server every few seconds. HOUSE names a folder where the
house that was made is kept for the next run. Afterwards every acknowledged save has to be there
exactly once, in the figures and in the ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.timing import saima
from benchmarks.web.clerks import Clerk, Leader, Person, Tally
from benchmarks.web.houses import LEADERS

SECONDS = float(os.environ.get("SECONDS", "60"))
WARM = float(os.environ.get("WARM", "10"))
KILL = os.environ.get("KILL") == "1"
UNITS, INDICATORS, MONTHS = 200, 40, 11
STEPS = {"PostgreSQL": "200", "SQLite": "50,100,150,200"}
TICK = os.sysconf("SC_CLK_TCK")


def run() -> Iterator[str]:
    """Lines of the result."""
    with tempfile.TemporaryDirectory() as made:
        folder = os.environ.get("HOUSE", made)
        os.environ.update(SAIMA_DATA=folder, SAIMA_SECRET="only-for-this-measurement")
        kind = _ready()
        house = _house(Path(folder) / "house.json")
        with _server(Path(folder)) as (server, port):
            people = asyncio.run(_logged_in(house, port))
            yield f"{kind}, {UNITS} units × {INDICATORS} indicators, {LEADERS} leaders reading"
            steps = os.environ.get("CLERKS", STEPS[kind]).split(",")
            kept: dict[str, tuple[int, str]] = {}
            for step in map(int, steps):
                tally, spent = _measure(people, step, server, _postgres())
                kept |= tally.kept
                yield from _said(step, tally, spent)
        yield from _checked(kept)


def _ready() -> str:
    """An empty database with its tables; which kind it is."""
    subprocess.run(saima("admin", "migrate"), check=True, stdout=subprocess.DEVNULL)
    address = os.environ.get("SAIMA_DATABASE")
    if not address:
        return "SQLite"
    import psycopg

    with psycopg.connect(address, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET fsync = on")
        server.execute("SELECT pg_reload_conf()")
    return "PostgreSQL"


def _house(file: Path) -> dict[str, Any]:
    if not file.exists():
        size = map(str, (UNITS, INDICATORS, MONTHS))
        command = [sys.executable, "-m", "benchmarks.web.houses", *size]
        made = subprocess.run(command, check=True, capture_output=True, text=True)
        file.write_text(made.stdout.splitlines()[-1], encoding="utf-8")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[tuple[int, int]]:
    """`saima serve` with what it is installed with; its process and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            saima("serve", "--port", str(port)), stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", folder / "server.log")
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10):
            return
        time.sleep(0.2)
    raise RuntimeError(log.read_text()[-3000:])


async def _logged_in(house: dict[str, Any], port: int) -> list[Person]:
    """Everybody with a session of their own, clerks first."""
    here, tally = f"/c/{house['campaign']}/", Tally()
    clerks: list[Person] = [
        Clerk(name, port, tally, round=house["round"], path=f"{here}cells/save/", cells=cells)
        for name, cells in zip(house["clerks"], house["entries"], strict=True)
    ]
    pages = [f"{here}cockpit/", f"{here}ranking/", f"{here}completeness/"]
    leaders = [Leader(f"leader{n}", port, tally, pages=pages) for n in range(LEADERS)]
    people = [*clerks, *leaders]
    waiting = asyncio.Semaphore(4)

    async def log_in(person: Person) -> None:
        async with waiting:
            await person.log_in(house["password"])

    await asyncio.gather(*map(log_in, people))
    return people


def _measure(
    people: list[Person], clerks: int, server: int, postgres: int
) -> tuple[Tally, dict[str, float]]:
    """The load of so many clerks; what was seen, and seconds of CPU by process."""
    tally = Tally()
    chosen = [*people[:clerks], *people[-LEADERS:]]
    for person in chosen:
        person.tally = tally
    spent = asyncio.run(_load(chosen, tally, server, postgres))
    return tally, spent


async def _load(people: list[Person], tally: Tally, server: int, postgres: int) -> dict[str, float]:
    until = time.monotonic() + WARM + SECONDS
    work = [asyncio.create_task(p.work(until)) for p in people]  # type: ignore[attr-defined]
    harm = asyncio.create_task(_harm(server)) if KILL else None
    await asyncio.sleep(WARM)
    tally.measuring, before = True, _spent(server, postgres)
    await asyncio.sleep(SECONDS)
    tally.measuring, after = False, _spent(server, postgres)
    if harm is not None:
        harm.cancel()
    await asyncio.gather(*work)
    return {name: after[name] - before[name] for name in after}


async def _harm(server: int) -> None:
    """kill -9 of a process that answers, at random moments."""
    while True:
        await asyncio.sleep(random.uniform(3, 8))
        workers = [p for p in _children(server) if b"tick" not in _command(p)]
        if workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)


def _postgres() -> int:
    """The database server's first process on this machine; 0 for SQLite."""
    if not (address := os.environ.get("SAIMA_DATABASE")):
        return 0
    import psycopg

    with psycopg.connect(address) as server:
        [(backend,)] = server.execute("SELECT pg_backend_pid()").fetchall()
        return _parent(backend)


def _spent(server: int, postgres: int) -> dict[str, float]:
    """Seconds of CPU so far of the server, the database and the load."""
    found = {"server": _seconds(server), "load": time.process_time()}
    return found | ({"database": _seconds(postgres)} if postgres else {})


def _seconds(first: int) -> float:
    """CPU of a process and its children, ended ones too."""
    return sum(sum(_stat(p)[11:15]) / TICK for p in (first, *_children(first)))


def _children(parent: int) -> list[int]:
    found = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    return [pid for pid in found if _parent(pid) == parent]


def _parent(pid: int) -> int:
    return _stat(pid)[1]


def _stat(pid: int) -> list[int]:
    """The numbers of /proc/PID/stat after the name; zeros for a process that is gone."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return [0] * 50
    return [0, *map(int, words[1:])]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _said(clerks: int, tally: Tally, spent: dict[str, float]) -> Iterator[str]:
    yield f"{clerks} clerks, {SECONDS:.0f} s{', processes of the server killed' if KILL else ''}:"
    for kind, name in (("save", "single saves"), ("paste", "pastes of 30"), ("page", "pages")):
        took = sorted(tally.seconds.get(kind, ()))
        if took:
            p50, p95, p99 = (
                took[min(len(took) - 1, int(len(took) * p))] for p in (0.5, 0.95, 0.99)
            )
            yield (
                f"  {name}: {len(took)}, p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms,"
                f" p99 {p99 * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms"
            )
    yield "  CPU: " + ", ".join(f"{name} {s:.1f} s" for name, s in spent.items())
    count = Counter(tally.errors)
    yield f"  not answered or refused: {sum(count.values())}" + "".join(
        f"; {number} × {words}" for words, number in count.most_common(3)
    )
    yield f"  rows acknowledged: {len(tally.kept)}, requests sent again though kept: {tally.again}"


@dataclass(frozen=True)
class Found:
    """What of the acknowledged rows is not in the database exactly once."""

    lost: int
    doubled: int
    unnoted: int


def _checked(kept: dict[str, tuple[int, str]]) -> Iterator[str]:
    found = _found(kept)
    sound = subprocess.run(saima("audit", "verify"), capture_output=True, check=False).returncode
    yield (
        f"{len(kept)} acknowledged rows: {found.lost} lost, {found.doubled} doubled,"
        f" {found.unnoted} without their one entry in the ledger;"
        f" the chain {'is sound' if sound == 0 else 'is BROKEN'}"
    )
    assert found == Found(0, 0, 0) and sound == 0


def _found(kept: dict[str, tuple[int, str]]) -> Found:
    from saima_web.commands.django_setup import start

    start()
    from saima_web.audit.models import Entry as LedgerEntry
    from saima_web.base.fields import canonical
    from saima_web.reporting.models import Entry, Figure

    cells = {pk: (u, i) for pk, u, i in Entry.objects.values_list("pk", "unit_id", "indicator_id")}
    rows: dict[str, list[Any]] = {}
    for figure in Figure.objects.filter(request_id__isnull=False).iterator():
        rows.setdefault(str(figure.request_id), []).append(figure)
    noted = Counter(
        data.get("figure")
        for data in LedgerEntry.objects.filter(event="figure.reported").values_list(
            "data", flat=True
        )
    )
    good = {
        request
        for request, (cell, text) in kept.items()
        if any(
            (f.unit_id, f.indicator_id) == cells[cell] and float(canonical(f.value)) == float(text)
            for f in rows.get(request, ())
        )
    }
    return Found(
        len(kept) - len(good),
        sum(1 for request in kept if len(rows.get(request, ())) > 1),
        sum(1 for found in rows.values() for f in found if noted[f.pk] != 1),
    )
