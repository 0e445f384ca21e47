"""A platform of its own for a test: a data folder, a database of either kind, a real server."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError

SAIMA = str(Path(sys.executable).with_name("saima"))
PASSWORD = "draw-the-bow-7"
SERVER = os.environ.get("SAIMA_DATABASE", "")
"""A PostgreSQL server on which databases may be made; without it SQLite is used."""


EACH = """
import contextlib, io, json, sys
from saima.cli import main
found = []
for words in json.loads(sys.argv[1]):
    out, trouble = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(trouble):
        status = main(words)
    found.append((status, out.getvalue(), trouble.getvalue()))
print(json.dumps(found))
"""


class Answer(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Platform:
    """A data folder and a database of its own, and the commands run on them."""

    def __init__(self, folder: Path, like: Platform | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.name = folder, f"saima_{secrets.token_hex(6)}" if SERVER else ""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SAIMA_", "DJANGO_"))}
        self.env = kept | {"SAIMA_DATA": str(folder), "SAIMA_SECRET": "only-for-this-test"}
        if SERVER:
            self.env["SAIMA_DATABASE"] = self.address = f"{SERVER.rpartition('/')[0]}/{self.name}"
            self.order(f"CREATE DATABASE {self.name}" + (f" TEMPLATE {like.name}" if like else ""))
        elif like:
            with sqlite3.connect(like.file) as there, sqlite3.connect(self.file) as here:
                there.backup(here)

    @property
    def file(self) -> Path:
        return self.folder / "saima.sqlite3"

    def order(self, words: str) -> None:
        import psycopg

        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(words.encode())

    def close(self) -> None:
        if SERVER:
            self.order(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def sql(self, words: str) -> list[tuple[Any, ...]]:
        """Run a statement past the platform, as somebody with the database could."""
        if SERVER:
            import psycopg

            with psycopg.connect(self.address) as server:
                done = server.execute(words.encode())
                return list(done.fetchall()) if done.description else []
        with closing(sqlite3.connect(self.file, timeout=20)) as database, database:
            return list(database.execute(words))

    def saima(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SAIMA, *words], env=self.env | env, cwd=self.folder, text=True,
            capture_output=True, timeout=600, check=False,
        )  # fmt: skip

    def saima_each(self, *commands: tuple[str, ...]) -> list[Answer]:
        """Several commands in one process, which is begun once: their status and what they say."""
        said = self.done(EACH, json.dumps(commands))
        return [Answer(*row) for row in json.loads(said.splitlines()[-1])]

    def python(self, code: str, *words: str) -> subprocess.Popen[str]:
        """Begin a process with the platform's settings, Django set up."""
        env = self.env | {"DJANGO_SETTINGS_MODULE": "saima_web.site.settings"}
        return subprocess.Popen(
            [sys.executable, "-c", "import django; django.setup()\n" + code, *words],
            env=env, cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def done(self, code: str, *words: str) -> str:
        """What a process with the platform's settings prints, once it has ended well."""
        process = self.python(code, *words)
        said, trouble = process.communicate(timeout=600)
        assert process.returncode == 0, trouble
        return said

    @contextmanager
    def serving(self, *options: str, **env: str) -> Iterator[Server]:
        server = Server(self, options, env)
        try:
            yield server
        finally:
            server.kill()


class Server:
    """A running `saima serve`, its address, its output in a file."""

    def __init__(self, platform: Platform, options: tuple[str, ...], env: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.platform, self.options, self.extra = platform, options, env
        self.address = f"http://127.0.0.1:{self.port}{env.get('SAIMA_PREFIX', '')}"
        self.log = platform.folder / "server.log"
        self.begin()

    def begin(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [SAIMA, "serve", "--port", str(self.port), "--threads", "4", *self.options],
                env=self.platform.env | self.extra, cwd=self.platform.folder,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """kill -9 of the whole process tree."""
        family = self.process.pid
        if self.process.poll() is None:
            os.killpg(family, 9)
        self.process.wait()
        for counts in Path("/dev/shm").glob(f"saima-counts-{os.getuid()}-{self.port}-*"):
            shutil.rmtree(counts, ignore_errors=True)

    def get(self, path: str, patience: float = 180, **headers: str) -> tuple[int, str]:
        """Status and words of an address, waiting until something answers there."""
        end = time.monotonic() + patience
        while True:
            try:
                request = urllib.request.Request(self.address + path, headers=headers)
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as error:
                return error.code, error.read().decode()
            except (URLError, ConnectionError, TimeoutError):
                if time.monotonic() > end or self.process.poll() is not None:
                    raise AssertionError(self.log.read_text()[-3000:]) from None
                time.sleep(0.2)


def made(folder: Path) -> Platform:
    """A platform with its tables and its first administrator."""
    platform = Platform(folder)
    words = ("admin", "first", "--username", "admin", "--name", "江启明")
    answer = platform.saima(*words, SAIMA_PASSWORD=PASSWORD)
    assert answer.returncode == 0, answer.stderr
    return platform
