"""The platform's commands as they are typed: admin, audit and serve, on a database of their own."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from saima_web.commands import audit

SAIMA = str(Path(sys.executable).with_name("saima"))
GOOD = "draw-the-bow-7"


class House:
    """A data folder of its own, and the commands run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAIMA_", "DJANGO_"))}
        self.env = kept | {"SAIMA_DATA": str(folder), "SAIMA_SECRET": "only-for-this-test"}

    def saima(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SAIMA, *words], env=self.env | env, cwd=self.folder, text=True,
            capture_output=True, timeout=600, check=False,
        )  # fmt: skip

    def first(self, name: str, password: str = GOOD) -> subprocess.CompletedProcess[str]:
        words = ("admin", "first", "--username", name, "--name", "江启明")
        return self.saima(*words, SAIMA_PASSWORD=password)

    def change(self, sql: str) -> None:
        with sqlite3.connect(self.folder / "saima.sqlite3") as database:
            database.execute(sql)


@pytest.fixture(scope="module")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A platform with its tables, and nobody in it."""
    house = House(tmp_path_factory.mktemp("empty"))
    assert house.saima("admin", "migrate").returncode == 0
    return house


@pytest.fixture(scope="module")
def _made(_empty: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A platform with its first administrator."""
    house = copy_of(_empty, tmp_path_factory.mktemp("house"))
    assert house.first("admin").returncode == 0
    return house


@pytest.fixture
def house(_made: House, tmp_path: Path) -> House:
    """A copy of it, to be bent."""
    return copy_of(_made, tmp_path)


def copy_of(house: House, folder: Path) -> House:
    """Making tables takes most of a command's time; copying them none."""
    old, new = (f / "saima.sqlite3" for f in (house.folder, folder))
    with sqlite3.connect(old) as there, sqlite3.connect(new) as here:
        there.backup(here)
    return House(folder)


# ── saima admin ──


def test_every_secret_is_new_and_long(tmp_path: Path) -> None:
    one, other = (House(tmp_path).saima("admin", "secret").stdout.strip() for _ in range(2))
    assert one != other
    assert min(len(one), len(other)) >= 60


def test_nothing_starts_without_a_secret(tmp_path: Path) -> None:
    for command in (("admin", "migrate"), ("serve",), ("audit", "verify")):
        answer = House(tmp_path).saima(*command, SAIMA_SECRET="")
        assert answer.returncode != 0
        assert "SAIMA_SECRET" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_migrate_may_be_run_again(house: House) -> None:
    answer = house.saima("admin", "migrate")
    assert (answer.returncode, answer.stdout) == (0, "数据库已是最新。\n")
    assert house.saima("admin", "--lang", "en", "migrate").stdout == "The database is up to date.\n"


def test_there_is_one_first_administrator(house: House) -> None:
    answer = house.first("second")
    assert answer.returncode != 0
    assert "已经有管理员“admin”" in answer.stderr
    with sqlite3.connect(house.folder / "saima.sqlite3") as database:
        assert database.execute("SELECT username FROM people_user").fetchall() == [("admin",)]


@pytest.mark.parametrize("weak", ["short-1", "password12", "administrator-of-race1"])
def test_a_weak_password_is_refused(_empty: House, tmp_path: Path, weak: str) -> None:
    house = copy_of(_empty, tmp_path)
    answer = house.first("administrator-of-race", weak)
    assert answer.returncode != 0
    assert "密码不合要求" in answer.stderr
    assert "Traceback" not in answer.stderr
    with sqlite3.connect(house.folder / "saima.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM people_user").fetchone() == (0,)


# ── saima audit ──


def test_a_whole_ledger_is_found_whole(house: House) -> None:
    answer = house.saima("audit", "verify")
    assert answer.returncode == 0
    assert re.fullmatch(r"账本完整：\d+条，校验通过。\n", answer.stdout)
    assert json.loads(house.saima("audit", "verify", "--json").stdout)["breaks"] == []


def test_a_terminal_is_told_how_far_it_is_and_a_file_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for told, terminal in (("\r\x1b[K50,000 / 120,000\r\x1b[K", True), ("", False)):
        shown = io.StringIO()
        monkeypatch.setattr(shown, "isatty", lambda answer=terminal: answer)
        monkeypatch.setattr(sys, "stderr", shown)
        audit._progress(50_000, 120_000)
        audit._progress(120_000, 120_000)
        assert shown.getvalue() == told


def test_a_bent_ledger_is_found_bent(house: House) -> None:
    house.change("UPDATE audit_entry SET subject = 'bent' WHERE number = 1")
    answer = house.saima("audit", "verify")
    assert answer.returncode == 1
    assert "第1条：内容被改动" in answer.stdout
    found = json.loads(house.saima("audit", "verify", "--json").stdout)["breaks"]
    assert [(b["kind"], b["number"]) for b in found] == [("edited", 1)]


def test_an_export_is_verified_without_database_and_secret(house: House, tmp_path: Path) -> None:
    file = tmp_path / "账本.jsonl"
    answer = house.saima("audit", "export", "-o", str(file))
    assert answer.returncode == 0
    away = House(tmp_path / "away")
    away.folder.mkdir()
    assert away.saima("audit", "verify", str(file), SAIMA_SECRET="").returncode == 0
    file.write_text(file.read_text(encoding="utf-8").replace('"actor"', '"author"', 1), "utf-8")
    bent = away.saima("audit", "verify", str(file), SAIMA_SECRET="")
    assert bent.returncode == 2
    assert "Traceback" not in bent.stderr


def test_an_anchor_that_is_no_anchor_is_explained(house: House) -> None:
    answer = house.saima("audit", "verify", "--anchor", "nonsense")
    assert answer.returncode != 0
    assert "锚点请写成" in answer.stderr
    wrong = house.saima("audit", "verify", "--anchor", "1:" + "0" * 64)
    assert wrong.returncode == 1
    assert "锚点不符" in wrong.stdout


def test_a_file_that_is_not_there_is_explained(house: House) -> None:
    answer = house.saima("audit", "verify", "no-such-file.jsonl")
    assert answer.returncode != 0
    assert "Traceback" not in answer.stderr
    assert "no-such-file.jsonl" in answer.stderr
    (house.folder / "picture.jsonl").write_bytes(bytes(range(256)))
    answer = house.saima("audit", "verify", "picture.jsonl")
    assert "看不懂账本文件的这一行" in answer.stderr


# ── saima serve ──


@pytest.fixture
def serving(house: House) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [SAIMA, "serve", "--port", str(port), "--workers", "1", "--threads", "2"],
        env=house.env, cwd=house.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.kill()
    process.communicate()


def asked(address: str, patience: float = 120) -> str:
    """What an address answers, once it does."""
    end = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except (URLError, ConnectionError, TimeoutError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def children_of(pid: int) -> dict[int, str]:
    """The processes that a process has started, with their command lines (Linux)."""
    found = {}
    for line in subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines():
        child, parent, command = line.split(None, 2)
        if int(parent) == pid:
            found[int(child)] = command
    return found


def test_serve_answers_and_ends_with_its_scheduler(
    serving: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = serving
    assert asked(address + "/healthz") == "ok\n"
    assert asked(address + "/readyz") == "ok\n"
    assert "赛马" in asked(address + "/login/")
    assert "--s-paper" in asked(address + "/static/ui/tokens.css")
    family = children_of(process.pid)
    assert sum("saima_web.commands.tick" in c for c in family.values()) == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=120) == 0
    for pid in family:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
