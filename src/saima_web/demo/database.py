"""The demonstration's empty database, made in one step instead of migration by migration."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def create() -> None:
    """Make all tables as the models say, and mark every migration as applied.

    Walking through the migrations draws every model anew at each of their steps, a third of the
    demonstration's start. The tables are the same (a test compares them); a database that is to
    last is still made by its migrations.
    """
    settings.DATA.mkdir(parents=True, exist_ok=True)
    known = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    try:
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    finally:
        settings.MIGRATION_MODULES = known
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).disk_migrations:
        recorder.record_applied(app, name)
