"""What every test stands on: a database whose tables were made in one step; long tests first."""

from __future__ import annotations

import gc
from typing import Any

import pytest

# a page makes many small objects that live as long as it: looking through them less often saves
# a twentieth of the whole run
gc.set_threshold(200_000, 20, 100)

LONG = ("tests/web/test_permissions.py", "tests/web/test_other_units.py")
"""Begun first, so that no worker is left alone with them at the end."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,  # noqa: ARG001 - first as it is usually
    django_db_blocker: Any,
) -> None:
    """The tables as an empty database gets them, its migrations marked as gone through."""
    from saima_web.base.first_tables import mark_applied

    with django_db_blocker.unblock():
        mark_applied()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests at the head of each of two halves: where two workers begin."""
    long = [item for item in items if item.nodeid.startswith(LONG)]
    rest = [item for item in items if not item.nodeid.startswith(LONG)]
    half = (len(rest) + len(long) % 2) // 2
    items[:] = [*long[::2], *rest[:half], *long[1::2], *rest[half:]]
