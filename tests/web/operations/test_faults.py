"""Faults under a real server, run by `make proof`: killed under load, disk full, two schedulers."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.operations.writers import WRITERS, Writer, post
from tests.web.platforms import SERVER, Platform, Server


def workers_of(server: Server) -> list[int]:
    """The processes that answer (the scheduler is none of them)."""
    found = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in found.splitlines()]
    mine = [(int(p), a) for p, parent, a in rows if int(parent) == server.process.pid]
    return [pid for pid, command in mine if "tick" not in command]


def harm(server: Server, chance: random.Random, times: int) -> list[str]:
    """kill -9 at random moments: of one process, or of all of them, which are then begun anew."""
    done = []
    for number in range(times):
        time.sleep(chance.uniform(2, 6))
        workers = workers_of(server)
        if number % 3 == 2 or not workers:
            server.kill()
            done.append("server")
            server.begin()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
            done.append("worker")
        server.get("/healthz", patience=120)
    return done


@pytest.mark.proof
def test_no_acknowledged_save_is_lost_or_doubled_when_servers_are_killed(
    filled: tuple[Platform, int, list[tuple[int, str]]],
) -> None:
    platform, round, people = filled
    seed = random.randrange(10**6)
    with platform.serving("--workers", "2") as server:
        server.get("/healthz", patience=120)
        writers = [Writer(n, round, e, s, [server.port]) for n, (e, s) in enumerate(people)]
        over = threading.Event()
        threads = [threading.Thread(target=w.work, args=(over,)) for w in writers]
        for thread in threads:
            thread.start()
        killed = harm(server, random.Random(seed), 9)
        time.sleep(3)
        over.set()
        for thread in threads:
            thread.join(timeout=240)
    acknowledged = sum(len(w.sent) for w in writers)
    print(
        f"seed {seed}: {acknowledged} saves acknowledged, {sum(w.again for w in writers)} sent again,"
        f" killed {killed.count('worker')} processes and {killed.count('server')} servers"
    )
    assert [t for w in writers for t in w.trouble] == []
    assert acknowledged > 5 * WRITERS
    assert all(not t.is_alive() for t in threads)
    for writer in writers:
        rows = platform.sql(
            "SELECT f.value FROM reporting_figure f JOIN people_unit u ON u.id = f.unit_id"
            f" WHERE u.code = 'W{writer.number}' ORDER BY f.id"
        )
        assert [value for (value,) in rows] == writer.sent
    assert platform.sql("SELECT count(*) FROM audit_entry WHERE event = 'figure.reported'") == [
        (acknowledged,)
    ]
    assert platform.saima("audit", "verify").returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    disk = tmp_path / "small"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.proof
@pytest.mark.skipif(bool(SERVER), reason="the disk of a PostgreSQL server is its own")
def test_a_full_disk_is_told_and_spoils_nothing(
    filled: tuple[Platform, int, list[tuple[int, str]]], small_disk: Path
) -> None:
    platform, round, people = filled
    crowded = Platform(small_disk, like=platform)
    entry, session = people[0]

    def save(value: int) -> tuple[int, str]:
        row = {"request": f"f-{value}", "entry": entry, "text": str(value), "origin": "typed"}
        body = json.dumps({"round": round, "rows": [row]})
        return post(server.port, "/c/race/cells/save/", body, session)

    with crowded.serving("--workers", "1") as server:
        server.get("/healthz", patience=120)
        assert save(1)[0] == 200
        full, answers = small_disk / "ballast", list[tuple[int, str]]()
        with contextlib.suppress(OSError), full.open("wb", buffering=0) as ballast:
            while ballast.write(b"x" * 4096):
                pass
        answers = [save(value) for value in range(2, 400)]
        refused = [(s, said) for s, said in answers if s != 200]
        assert refused, "the disk was full"
        assert {s for s, _ in refused} == {503}
        assert "磁盘满了" in refused[0][1]
        assert server.get("/healthz")[0] == 200
        full.unlink()
        assert save(1000)[0] == 200
    kept = [
        v
        for (v,) in crowded.sql(
            "SELECT value FROM reporting_figure WHERE request_id LIKE 'f-%' ORDER BY id"
        )
    ]
    saved = [str(n) for n, (status, _) in enumerate(answers, 2) if status == 200]
    assert kept == ["1", *saved, "1000"]
    assert crowded.sql("PRAGMA integrity_check") == [("ok",)]
    assert crowded.saima("audit", "verify").returncode == 0


@pytest.mark.proof
def test_two_schedulers_run_each_due_job_once(platform: Platform) -> None:
    code = "import runpy, sys; runpy.run_module('saima_web.commands.tick', run_name='__main__')"
    both = [platform.python(code) for _ in range(2)]
    end = time.monotonic() + 120
    finished = "SELECT count(*) FROM jobs_jobrun WHERE ended_at IS NOT NULL"
    due = "SELECT count(*) FROM jobs_jobrun"
    while time.monotonic() < end:
        time.sleep(2)
        counts = platform.sql(due)[0][0], platform.sql(finished)[0][0]
        if counts[0] >= 4 and counts[0] == counts[1]:
            break
    for process in both:
        process.terminate()
    assert [p.communicate(timeout=60)[1] for p in both if p.wait(60)] == []
    runs = platform.sql("SELECT job, count(*), max(due_at) FROM jobs_jobrun GROUP BY job")
    assert len(runs) >= 4
    assert {number for _, number, _ in runs} == {1}
    assert platform.sql("SELECT count(*) FROM audit_verification") == [(1,)]


def hostile() -> list[tuple[str, bytes]]:
    """Files that look like evidence and are not, or bear names that climb."""
    page = b"<!doctype html><script>alert(1)</script>"
    return [
        ("说明.pdf", page),
        ("picture.png", page),
        ("表.xlsx", b"PK\x03\x04" + os.urandom(2000)),
        ("run.exe", b"MZ" + os.urandom(200)),
        ("page.html", page),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("empty.pdf", b""),
        ("no-ending", b"%PDF-1.4"),
        ("large.pdf", b"%PDF-1.4" + b"0" * (21 * 1024 * 1024)),
    ]


def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(
    house: Any, as_user: Any, settings: Any, tmp_path: Path
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from saima_web.reporting.models import Entry, Evidence

    settings.MEDIA_ROOT = tmp_path / "files"
    entry = Entry.objects.get(unit__code="E1", indicator__code="revenue")
    client, address = as_user(house.clerk), f"/c/race/cells/{entry.pk}/evidence/"
    for name, content in hostile():
        answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 200, name
        assert "alert(1)" not in answer.content.decode()
    assert not Evidence.objects.exists()
    assert not list(tmp_path.rglob("files/*"))
    climbing = SimpleUploadedFile("x.pdf", b"%PDF-1.4")
    climbing._name = "../../../evil.pdf"  # type: ignore[attr-defined]
    assert client.post(address, {"file": climbing}).status_code == 200
    row = Evidence.objects.get()
    assert "/" not in row.name
    assert [p for p in tmp_path.rglob("*.pdf") if not p.is_relative_to(tmp_path / "files")] == []
    shown = client.get(f"/c/race/evidence/{row.pk}/")
    assert shown["Content-Type"] == "application/octet-stream"
    assert shown["Content-Disposition"].startswith("attachment")
    assert shown["X-Content-Type-Options"] == "nosniff"
