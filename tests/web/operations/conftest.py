"""Platforms of their own: made once, copied for each test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.operations.writers import FILL, ROOT, WRITERS
from tests.web.platforms import Platform, made


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = made(tmp_path_factory.mktemp("made"))
    yield platform
    platform.close()


@pytest.fixture
def platform(_made: Platform, tmp_path: Path) -> Iterator[Platform]:
    """A copy of it, to be worked on."""
    copy = Platform(tmp_path / "platform", like=_made)
    yield copy
    copy.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[[str], Platform]]:
    """Platforms without tables, by name."""
    built: list[Platform] = []

    def build(name: str) -> Platform:
        built.append(Platform(tmp_path / name))
        return built[-1]

    yield build
    for platform in built:
        platform.close()


@pytest.fixture
def filled(platform: Platform) -> tuple[Platform, int, list[tuple[int, str]]]:
    """A platform with an open round and ten clerks who are logged in."""
    platform.sql("DELETE FROM people_post")
    platform.sql("UPDATE people_user SET username = 'first'")
    platform.env["PYTHONPATH"] = f"{ROOT}:{ROOT / 'src'}"
    round, people = json.loads(platform.done(FILL, str(WRITERS)).splitlines()[-1])
    return platform, round, [(entry, session) for entry, session in people]
