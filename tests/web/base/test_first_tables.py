"""An empty database's tables, made in one step, are those that the migrations make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.web.platforms import SERVER, Platform

WALK = """
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""
MAKE = "from saima_web.commands.django_setup import migrate; migrate()"
CUT_OFF = """
import os
from saima_web.base import first_tables
first_tables.mark_applied = lambda: os._exit(9)
first_tables.make()
"""

UNUSED = "('auth_group_permissions', 'id',"
"""Django's own migration keeps a narrower number there than its model says; nothing is in it."""


@contextmanager
def platform(folder: Path) -> Iterator[Platform]:
    made = Platform(folder)
    try:
        yield made
    finally:
        made.close()


def shape(base: Platform) -> dict[str, list[str]]:
    """Columns, keys, checks and indexes of every table, and the migrations marked as applied."""
    found = _postgresql(base) if SERVER else _sqlite(base)
    applied = base.sql("SELECT app, name FROM django_migrations")
    return {name: sorted(lines) for name, lines in found.items()} | {
        "applied": sorted(f"{app}.{name}" for app, name in applied)
    }


def _postgresql(base: Platform) -> dict[str, list[str]]:
    return {
        "columns": [str(row) for row in base.sql(
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, "
            "column_default, is_identity, numeric_precision, numeric_scale "
            "FROM information_schema.columns WHERE table_schema = 'public'"
        )],
        "constraints": [str(row) for row in base.sql(
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace"
        )],
        "indexes": [str(row) for row in base.sql(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )],
    }  # fmt: skip


def _sqlite(base: Platform) -> dict[str, list[str]]:
    with closing(sqlite3.connect(base.file)) as database:
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        return {name: list(_described(database, name, sql)) for name, sql in tables}


def _described(database: sqlite3.Connection, table: str, sql: str) -> Iterator[str]:
    for row in database.execute(f"PRAGMA table_info({table})"):
        yield f"column {row[1:]}"
    for row in database.execute(f"PRAGMA foreign_key_list({table})"):
        yield f"key {row[2:]}"
    for row in list(database.execute(f"PRAGMA index_list({table})")):
        parts = [c[2] for c in database.execute(f"PRAGMA index_info({row[1]})")]
        yield f"index {row[2]} {row[4]} {parts}"
    yield f"{sql.count('CHECK')} checks"


def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    with platform(tmp_path / "at-once") as one, platform(tmp_path / "walked") as other:
        one.done(MAKE)
        other.done(WALK)
        made, walked = shape(one), shape(other)
    for one_shape in (made, walked):
        one_shape["columns"] = [c for c in one_shape.get("columns", []) if UNUSED not in c]
    assert {k: sorted(set(v) ^ set(walked[k])) for k, v in made.items() if v != walked[k]} == {}
    assert len(made["applied"]) > 70
    assert sum(map(len, made.values())) > 1000


def test_making_that_was_cut_off_leaves_an_empty_database_to_begin_again(tmp_path: Path) -> None:
    with platform(tmp_path / "one") as one:
        ended = one.python(CUT_OFF)
        ended.communicate(timeout=600)
        assert ended.returncode == 9
        one.done(MAKE)
        assert len(shape(one)["applied"]) > 70


def test_two_that_begin_at_once_make_the_tables_once(tmp_path: Path) -> None:
    with platform(tmp_path / "one") as one:
        both = [one.python(MAKE), one.python(MAKE)]
        told = [process.communicate(timeout=600) for process in both]
        assert [process.returncode for process in both] == [0, 0], told
        applied = shape(one)["applied"]
        assert len(applied) == len(set(applied)) > 70
