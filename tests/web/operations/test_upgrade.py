"""A database kept from before is brought up by the present version, its ledger and figures whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.web.platforms import SERVER, Platform

KEPT = sorted(Path(__file__).with_name("kept").glob("*.sql"))
"""Databases as `sqlite3 .dump` writes them, each under the version that made it."""

THEN = """
import json, sys
from django.core.management import call_command
for app, name in json.loads(sys.argv[1]):
    call_command("migrate", app, name, verbosity=0, interactive=False)
"""
"""Makes the tables of the time."""


@pytest.fixture(params=KEPT, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path / "old")
    kept = sqlite3.connect(":memory:" if SERVER else platform.file)
    with closing(kept) as database:
        database.executescript(request.param.read_text(encoding="utf-8"))
        if SERVER:
            moved_to_server(database, platform)
    yield platform
    platform.close()


def moved_to_server(kept: sqlite3.Connection, platform: Platform) -> None:
    """The kept rows in PostgreSQL, in tables that stand where the old version's stood."""
    import psycopg
    from psycopg import sql

    last = kept.execute(
        "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY min(id)"
    )
    platform.done(THEN, json.dumps(last.fetchall()))
    kinds = (
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s"
    )
    with psycopg.connect(platform.address) as server:
        server.execute("SET session_replication_role = replica")  # rows in any order
        tables = kept.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            known = dict(server.execute(kinds, [table]).fetchall())
            if table.startswith("sqlite_"):
                continue
            rows = kept.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            assert set(names) == set(known), table
            place = sql.Identifier(table)
            server.execute(sql.SQL("DELETE FROM {}").format(place))
            into = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                place,
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.SQL(", ").join(sql.Placeholder() * len(names)),
            )
            for row in rows:
                values = zip(names, row, strict=True)
                server.execute(into, [typed(value, known[name]) for name, value in values])
            if known.get("id") in ("bigint", "integer"):
                server.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id))"
                    f' FROM "{table}" HAVING max(id) > 0',
                    [table],
                )


def typed(value: Any, kind: str) -> Any:
    """A value of SQLite's as PostgreSQL takes it: truth is a number there, a time has no zone."""
    if value is not None and kind == "boolean":
        return bool(value)
    if value is not None and kind == "timestamp with time zone":
        return f"{value}+00:00"
    return value


def test_there_are_databases_that_were_kept() -> None:
    assert KEPT


def test_an_old_database_is_brought_up_by_serving(old: Platform) -> None:
    asked = (
        "SELECT number, digest FROM audit_entry ORDER BY number",
        "SELECT unit_id, indicator_id, period, source, value FROM reporting_figure ORDER BY id",
        "SELECT username, name FROM people_user ORDER BY id",
        "SELECT code, name FROM campaigns_campaign",
    )
    before = [old.sql(q) for q in asked]
    assert all(before)
    with old.serving("--workers", "1") as server:
        assert server.get("/readyz", patience=180) == (200, "ok\n")
        assert server.get("/login/")[0] == 200
    assert [old.sql(q)[: len(rows)] for q, rows in zip(asked, before, strict=True)] == before
    assert old.saima("audit", "verify").returncode == 0
    if not SERVER:
        assert old.sql("PRAGMA foreign_key_check") == []


def test_a_backup_of_an_old_version_is_restored_and_brought_up(
    old: Platform, tmp_path: Path
) -> None:
    backup, other = tmp_path / "old.tar", Platform(tmp_path / "new")
    entries = old.sql("SELECT count(*) FROM audit_entry")
    assert old.saima("backup", str(backup)).returncode == 0
    answer = other.saima("restore", str(backup))
    assert answer.returncode == 0, answer.stderr
    there = "SELECT count(*) FROM audit_entry WHERE event <> 'backup.restored'"
    assert other.sql(there) == entries
    assert other.saima("admin", "migrate").returncode == 0
    assert other.saima("audit", "verify").returncode == 0
