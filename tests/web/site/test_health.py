"""Whether the platform is alive and ready, asked by whoever watches it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client

from saima_web.site import health


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    health._complete.clear()


def test_a_platform_with_its_tables_is_alive_and_ready(db: None) -> None:
    for address in ("/healthz", "/readyz"):
        answer = Client().get(address)
        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "no-store" in answer["Cache-Control"]


def test_a_database_of_an_older_version_is_not_ready(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations\n")
    call_command("migrate", "audit", fake=True, verbosity=0)
    assert Client().get("/readyz").status_code == 200


def test_a_database_that_does_not_answer_is_not_ready(db: None) -> None:
    with patch.object(connection, "ensure_connection", side_effect=DatabaseError("gone")):
        answer = Client().get("/readyz")
        assert (answer.status_code, answer.content) == (503, b"database\n")
        assert Client().get("/healthz").status_code == 200
