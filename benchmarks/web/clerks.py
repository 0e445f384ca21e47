"""Clerks and leaders as their browsers would act: log in, save cells, paste rows, read pages.

One asyncio loop drives them all, over plain sockets, so that the load costs little beside what it
measures. A row that is not acknowledged is sent again under its own number, as the entry page does.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

EVERY = 5.0
"""Seconds between the single saves of a clerk."""
PASTE_EVERY = 60.0
ROWS = 30
"""Rows of a paste."""
LOST = 0.02
"""Share of saves whose answer counts as lost: they are sent once more though they were kept."""
PATIENCE = 60.0
"""Seconds after which a request without an answer counts as broken off."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Answer(NamedTuple):
    """Status (0: nothing came), cookies that were set, and the body."""

    status: int
    cookies: dict[str, str]
    body: bytes


async def ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
    """One request over a connection of its own."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            lines = {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body))}
            told = "".join(f"{k}: {v}\r\n" for k, v in (lines | headers).items())
            writer.write(f"{method} {path} HTTP/1.1\r\n{told}\r\n".encode() + body)
            whole = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return Answer(0, {}, b"")
    head, gap, rest = whole.partition(b"\r\n\r\n")
    first, *others = head.decode("latin-1").split("\r\n")
    if not gap or not _complete(others, rest):
        return Answer(0, {}, b"")
    return Answer(int(first.split()[1]), _cookies(others), rest)


def _complete(headers: Sequence[str], body: bytes) -> bool:
    for line in headers:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return len(body) == int(value)
    return True


def _cookies(headers: Sequence[str]) -> dict[str, str]:
    found = {}
    for line in headers:
        name, _, value = line.partition(":")
        if name.lower() == "set-cookie":
            key, _, text = value.strip().partition(";")[0].partition("=")
            found[key] = text
    return found


@dataclass
class Tally:
    """What was seen: seconds by kind of request, answers that were no success, what was kept."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    again: int = 0
    kept: dict[str, tuple[int, str]] = field(default_factory=dict)
    measuring: bool = False

    def took(self, kind: str, seconds: float) -> None:
        if self.measuring:
            self.seconds.setdefault(kind, []).append(seconds)


@dataclass
class Person:
    """Somebody who logs in."""

    name: str
    port: int
    tally: Tally
    cookies: dict[str, str] = field(default_factory=dict)

    async def log_in(self, password: str) -> None:
        page = await self.ask("GET", "/login/")
        found = TOKEN.search(page.body.decode())
        assert found, f"{self.name} finds no log-in page: {page.status}"
        form = {"csrfmiddlewaretoken": found[1], "username": self.name, "password": password}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        done = await self.ask("POST", "/login/", urlencode(form).encode(), **kind)
        assert done.status == 302, f"{self.name} cannot log in: {done.status}"

    async def ask(self, method: str, path: str, body: bytes = b"", **more: str) -> Answer:
        cookies = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        token = self.cookies.get("saima_csrf", "")
        answer = await ask(
            self.port, method, path, {"Cookie": cookies, "X-CSRFToken": token} | more, body
        )
        self.cookies |= answer.cookies
        return answer


@dataclass
class Clerk(Person):
    """A clerk with the cells of the own unit."""

    round: int = 0
    path: str = ""
    cells: Sequence[int] = ()
    seen: dict[int, int] = field(default_factory=dict)

    async def work(self, until: float) -> None:
        """One cell every five seconds, thirty rows once a minute, each in its turn."""
        start = time.monotonic()
        save, paste = start + random.uniform(0, EVERY), start + random.uniform(0, PASTE_EVERY)
        while min(save, paste) < until:
            await asyncio.sleep(max(0.0, min(save, paste) - time.monotonic()))
            if save <= paste:
                save += EVERY
                await self.save("save", 1)
            else:
                paste += PASTE_EVERY
                await self.save("paste", ROWS)

    async def save(self, kind: str, count: int) -> None:
        """Figures with so many decimals that none is in its cell already and so kept once."""
        origin = "pasted" if count > 1 else "typed"
        chosen = random.sample(self.cells, min(count, len(self.cells)))
        rows = [
            {
                "request": secrets.token_hex(16), "entry": cell, "origin": origin, "behalf": "",
                "text": f"{random.uniform(70, 130):.6f}", "expected": self.seen.get(cell),
            }
            for cell in chosen
        ]  # fmt: skip
        body = json.dumps({"round": self.round, "axis": "unit", "rows": rows}).encode()
        await self._until_told(kind, body, {r["request"]: (r["entry"], r["text"]) for r in rows})
        if random.random() < LOST:
            self.tally.again += 1
            await self._send(body)

    async def _until_told(self, kind: str, body: bytes, sent: dict[str, tuple[int, str]]) -> None:
        wait = 0.5
        while True:
            began = time.monotonic()
            answer = await self._send(body)
            if answer.status == 200:
                self.tally.took(kind, time.monotonic() - began)
                self._told(json.loads(answer.body)["rows"], sent)
                return
            if 0 < answer.status < 500:
                self.tally.errors.append(f"{answer.status} {answer.body[:200]!r}")
                return
            self.tally.errors.append(f"{kind}: {answer.status or 'no answer'}, sent again")
            await asyncio.sleep(wait)
            wait = min(8.0, wait * 2)

    async def _send(self, body: bytes) -> Answer:
        kinds = {"Content-Type": "application/json", "Accept": "application/json"}
        return await self.ask("POST", self.path, body, **kinds)

    def _told(self, rows: list[dict[str, object]], sent: dict[str, tuple[int, str]]) -> None:
        for row in rows:
            request = str(row["request"])
            if row["status"] != "saved":
                self.tally.errors.append(f"{row['status']}: {row.get('message')}")
                continue
            self.tally.kept[request] = sent[request]
            line = row["line"]
            assert isinstance(line, dict)
            self.seen[sent[request][0]] = line["figure"]


@dataclass
class Leader(Person):
    """Somebody who reads."""

    pages: Sequence[str] = ()

    async def work(self, until: float) -> None:
        await asyncio.sleep(random.uniform(0, 2 * EVERY))
        number = 0
        while time.monotonic() < until:
            began = time.monotonic()
            answer = await self.ask("GET", self.pages[number % len(self.pages)])
            number += 1
            if answer.status == 200:
                self.tally.took("page", time.monotonic() - began)
            else:
                self.tally.errors.append(f"page: {answer.status or 'no answer'}")
            await asyncio.sleep(2 * EVERY)
