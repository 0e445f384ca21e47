"""A real browser on a running platform: people's pages, with every error and request watched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from saima_web.people.models import User
from tests.web.cast import House, build

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's driver runs a loop
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", shutil.which("chromium-browser") or "") if Path(p).is_file()),
    "",
)
PATIENCE = 40_000
"""Milliseconds: a machine that is building something else is slow, not wrong."""
HARMLESS = ("net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED", "net::ERR_CONNECTION")
"""What the browser says itself of a connection that a test has cut."""


@dataclass
class Watched:
    """What went wrong on the pages of one test: script errors, and requests to other hosts."""

    host: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(h in message.text for h in HARMLESS):
            self.errors.append(f"{message.text} {message.location.get('url', '')}")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host:
            self.strangers.append(request.url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, once for all journeys."""
    if not CHROMIUM:
        pytest.skip("no chromium: install Debian's `chromium` and `fonts-noto-cjk`")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def house(transactional_db: None) -> House:
    """A small campaign with one person per role, visible to the server's threads."""
    return build()


@pytest.fixture
def watched(live_server: Any) -> Iterator[Watched]:
    """Fails the test at its end if a page had an error or asked another host."""
    found = Watched(urlsplit(live_server.url).netloc)
    yield found
    assert not found.errors, f"errors on the page: {found.errors}"
    assert not found.strangers, f"requests outside the host: {found.strangers}"


@pytest.fixture
def page_as(chromium: Any, live_server: Any, watched: Watched) -> Iterator[Callable[..., Any]]:
    """`page_as(user, width=1280)`: a page of somebody who is logged in (of nobody with None)."""
    contexts: list[Any] = []

    def open_page(user: User | None, width: int = 1280, height: int = 900, **more: Any) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height}, **more,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            context.add_cookies([{"url": live_server.url, **session_of(user)}])
        page = context.new_page()
        watched.watch(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


def session_of(user: User) -> dict[str, str]:
    """The cookie of somebody who has logged in."""
    client = Client()
    client.force_login(user, backend="saima_web.people.backends.Accounts")
    return {"name": "saima_session", "value": client.cookies["saima_session"].value}
