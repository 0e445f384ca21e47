"""A database kept from before is brought up by the present version, its ledger and figures whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.web.platforms import SERVER, Platform

KEPT = sorted(Path(__file__).with_name("kept").glob("*.sql"))
"""Databases as `sqlite3 .dump` writes them, each under the version that made it."""

pytestmark = pytest.mark.skipif(bool(SERVER), reason="the databases that were kept are SQLite's")


@pytest.fixture(params=KEPT, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    platform = Platform(tmp_path / "old")
    with closing(sqlite3.connect(platform.file)) as database:
        database.executescript(request.param.read_text(encoding="utf-8"))
    yield platform
    platform.close()


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
