"""An empty database gets all its tables in one step instead of migration by migration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

LOCK = 0x5361696D61
"""The number under which PostgreSQL lets one process at a time make the tables."""


def wanted() -> bool:
    """Whether the database holds no table yet."""
    return not connection.introspection.table_names()


def make() -> None:
    """Make all tables as the models say, and mark every migration as applied; all or nothing.

    Walking through the migrations draws every model anew at each of their steps, half a minute in
    all. The tables are the same: a test compares them on both databases.
    """
    connection.disable_constraint_checking()  # SQLite makes tables only so; it is put back
    try:
        with transaction.atomic():
            _make()
    finally:
        connection.enable_constraint_checking()


def _make() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if wanted():
        with _no_migrations():
            call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
        mark_applied()


def mark_applied() -> None:
    """Say of every migration that it has been gone through."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    names = sorted(MigrationLoader(connection).disk_migrations)
    recorder.migration_qs.bulk_create([recorder.Migration(app=a, name=n) for a, n in names])


@contextmanager
def _no_migrations() -> Iterator[None]:
    known = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = known
