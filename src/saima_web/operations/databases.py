"""The two databases as backup and restore see them: copied in one moment, put aside, brought in."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from saima.problems import refuse
from saima_web.operations.refusals import PROGRAM_FAILED

ASK = {
    "migrations": "SELECT app, name FROM django_migrations",
    "head": "SELECT number, digest FROM audit_head WHERE id = 1",
}


@dataclass(frozen=True)
class Copy:
    """What a copied database says of itself, read in the moment of the copy."""

    head: tuple[int, str]
    migrations: tuple[str, ...]


class Database(Protocol):
    """One of the two databases."""

    kind: str
    member: str

    def copy(self, to: Path) -> Copy:
        """Write a copy of one moment, while others write. Errors: Refused."""

    def occupied(self) -> bool:
        """Whether it has any tables."""

    def put_aside(self, name: str) -> None:
        """Keep what is there under another name, and leave nothing in its place."""

    def put_back(self, name: str) -> None:
        """Undo `put_aside`, and drop what was brought in."""

    def drop_empty(self, name: str) -> None:
        """Forget what was put aside, where that was nothing."""

    def bring_in(self, copy: Path) -> None:
        """Fill the empty place from a copy. Errors: Refused."""


class SQLite:
    """A file in the data folder, with its log beside it."""

    kind, member = "SQLite", "database.sqlite3"

    def __init__(self, file: Path, aside: Path) -> None:
        self.file, self.aside = file, aside

    def copy(self, to: Path) -> Copy:
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(to)) as copy:
            source.execute("PRAGMA busy_timeout = 20000")
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            return _said(lambda ask: copy.execute(ask).fetchall())

    def occupied(self) -> bool:
        return self.file.exists() and self.file.stat().st_size > 0

    def put_aside(self, name: str) -> None:
        for file in self._files():
            _moved(file, self.aside / name / file.name)

    def put_back(self, name: str) -> None:
        connection.close()
        for file in self._files():
            file.unlink()
        for file in (self.aside / name).glob(f"{self.file.name}*"):
            file.rename(self.file.with_name(file.name))

    def drop_empty(self, name: str) -> None:
        shutil.rmtree(self.aside / name, ignore_errors=True)

    def bring_in(self, copy: Path) -> None:
        _moved(copy, self.file)

    def _files(self) -> list[Path]:
        return list(self.file.parent.glob(f"{self.file.name}*"))


class PostgreSQL:
    """A schema of a server's database, copied by pg_dump and brought in by pg_restore."""

    kind, member = "PostgreSQL", "database.dump"

    def __init__(self, setting: Mapping[str, Any]) -> None:
        named = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        self.where = {to: str(setting[k]) for k, to in named.items() if setting[k]}
        self.where["dbname"] = str(setting["NAME"])

    def copy(self, to: Path) -> Copy:
        """The dump and what it says of itself are of one snapshot."""
        with psycopg.connect(**self.where) as server:  # type: ignore[arg-type]
            server.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            [(snapshot,)] = server.execute("SELECT pg_export_snapshot()").fetchall()
            options = ("--format=custom", "--schema=public", "--no-owner", "--no-privileges")
            self._run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={to}")
            return _said(lambda ask: server.execute(ask.encode()).fetchall())

    def occupied(self) -> bool:
        return bool(connection.introspection.table_names())

    def put_aside(self, name: str) -> None:
        self._execute("ALTER SCHEMA public RENAME TO {}", name)
        self._execute("CREATE SCHEMA public")

    def put_back(self, name: str) -> None:
        connection.close()
        self._execute("DROP SCHEMA public CASCADE")
        self._execute("ALTER SCHEMA {} RENAME TO public", name)

    def drop_empty(self, name: str) -> None:
        self._execute("DROP SCHEMA {}", name)

    def bring_in(self, copy: Path) -> None:
        connection.close()
        options = ("--schema=public", "--no-owner", "--no-privileges", "--single-transaction")
        self._run("pg_restore", *options, f"--dbname={self.where['dbname']}", str(copy))

    def _execute(self, order: str, *names: str) -> None:
        connection.close()
        with psycopg.connect(**self.where) as server:  # type: ignore[arg-type]
            server.execute(sql.SQL(order).format(*map(sql.Identifier, names)))

    def _run(self, program: str, *options: str) -> None:
        names = {"dbname": "PGDATABASE"} | {
            k: f"PG{k.upper()}" for k in ("host", "port", "user", "password")
        }
        environment = os.environ | {names[k]: v for k, v in self.where.items()}
        try:
            done = subprocess.run(
                [program, *options], env=environment, capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise refuse(PROGRAM_FAILED, program=program, why=error.strerror) from None
        if done.returncode:
            why = done.stderr.strip().splitlines()
            raise refuse(PROGRAM_FAILED, program=program, why=why[0] if why else done.returncode)


def database(aside: Path) -> Database:
    """The platform's database. `aside` is where a file is put that is replaced."""
    setting = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        return SQLite(Path(setting["NAME"]), aside)
    return PostgreSQL(setting)


def _said(ask: Any) -> Copy:
    number, digest = next(iter(ask(ASK["head"])), (0, ""))
    names = sorted(f"{app}.{name}" for app, name in ask(ASK["migrations"]))
    return Copy((number, digest), tuple(names))


def _moved(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    file.rename(to)
