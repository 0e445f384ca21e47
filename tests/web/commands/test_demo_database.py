"""The demonstration's database is the one that the migrations make."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

CREATE = "from saima_web.demo.database import create; create()"
MIGRATE = "from saima_web.commands.django_setup import migrate; migrate()"
START = "from saima_web.commands.django_setup import start; start(); "


def made_by(code: str, folder: Path) -> dict[str, object]:
    """Columns, keys and indexes of every table, and the migrations marked as applied."""
    env = os.environ | {
        "SAIMA_DATA": str(folder), "SAIMA_SECRET": "x", "SAIMA_DATABASE": "",
        "DJANGO_SETTINGS_MODULE": "saima_web.site.settings",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", START + code], env=env, check=True)
    with sqlite3.connect(next(folder.glob("*.sqlite3"))) as base:
        tables = [
            row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            "applied": sorted(base.execute("SELECT app, name FROM django_migrations")),
            **{name: described(base, name) for name in tables},
        }


def described(base: sqlite3.Connection, table: str) -> dict[str, object]:
    """What matters of a table, in an order that does not depend on how it came about."""
    columns = [row[1:] for row in base.execute(f"PRAGMA table_info({table})")]
    keys = [row[2:] for row in base.execute(f"PRAGMA foreign_key_list({table})")]
    indexes = []
    for row in base.execute(f"PRAGMA index_list({table})"):
        inside = [c[2] for c in base.execute(f"PRAGMA index_info({row[1]})")]
        indexes.append((row[2], row[4], inside))
    checks = base.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]
    ).fetchone()[0].count("CHECK")  # fmt: skip
    return {
        "columns": sorted(columns, key=str), "keys": sorted(keys, key=str),
        "indexes": sorted(indexes, key=str), "checks": checks,
    }  # fmt: skip


def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path) -> None:
    at_once = made_by(CREATE, tmp_path / "at-once")
    assert at_once == made_by(MIGRATE, tmp_path / "migrated")
    assert len(at_once) > 100
