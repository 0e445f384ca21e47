"""The main pages in Chromium 86 itself (`.ci/old-browser` fetches it): no error, nothing beyond."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import session_of
from tests.journeys.test_layout import WIDEST
from tests.web.cast import House

PROGRAM = Path(__file__).parents[2] / "build/old-browser/chromium"
PAGES = {
    "office": (
        "", "cockpit/", "ranking/", "heat/", "compare/", "rounds/", "tasks/", "tasks/board/",
        "tasks/calendar/", "tasks/timeline/", "projects/", "projects/wall/", "projects/gantt/",
        "projects/calendar/", "projects/assessment/", "targets/", "targets/grid/investment/",
        "rulebooks/", "scores/", "bulletins/", "cards/", "supervision/",
        "problems/", "commitments/", "pledges/", "redlines/", "settings/",
    ),
    "clerk": ("", "rounds/", "report/2026-10/E1/"),
    "leader": ("cockpit/", "board/"),
}  # fmt: skip
PATIENCE = 180
"""Seconds in which a browser says something, even on a busy machine."""


class Old:
    """A browser driven through the two pipes that it opens, which its age does not matter to."""

    def __init__(self, profile: Path) -> None:
        (theirs, self.into), (self.out, back) = os.pipe(), os.pipe()
        command = 'exec "$0" "$@" 3<&"$THEIRS" 4>&"$BACK"'
        self.process = subprocess.Popen(
            ["bash", "-c", command, str(PROGRAM), "--headless", "--no-sandbox", "--no-zygote",
             "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}"],
            pass_fds=(theirs, back), stderr=subprocess.DEVNULL,
            env=os.environ | {"THEIRS": str(theirs), "BACK": str(back)},
        )  # fmt: skip
        os.close(theirs)
        os.close(back)
        self.number, self.rest, self.session = 0, b"", ""
        self.told: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def read(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            assert select.select([self.out], [], [], PATIENCE)[0], f"silence after {self.told[-3:]}"
            more = os.read(self.out, 1 << 20)
            assert more, "the browser ended"
            self.rest += more
        one, _, self.rest = self.rest.partition(b"\0")
        told = dict(json.loads(one))
        assert told.get("method") != "Inspector.targetCrashed", "the page crashed the browser"
        return told

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.into, json.dumps(message).encode() + b"\0")
        while (answer := self.read()).get("id") != self.number:
            self.told.append(answer)
        assert "error" not in answer, answer
        return dict(answer["result"])

    def open(self, address: str) -> list[str]:
        """Load a page; what its scripts and the browser complain of."""
        self.told.clear()
        self.call("Page.navigate", url=address)
        while not self.loaded():
            self.told.append(self.read())
        self.run("new Promise(done => setTimeout(done, 300))")
        return [c for c in map(complaint, self.told) if c]

    def loaded(self) -> bool:
        """Whether a page has come and been loaded, not the empty one that was there before."""
        names = [
            t.get("method") for t in self.told
            if t.get("method") != "Page.frameNavigated" or "http" in t["params"]["frame"]["url"]
        ]  # fmt: skip
        come = names.index("Page.frameNavigated") if "Page.frameNavigated" in names else len(names)
        return "Page.loadEventFired" in names[come:]

    def run(self, code: str) -> Any:
        answer = self.call(
            "Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, number: int) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=number
            )


def complaint(told: dict[str, Any]) -> str:
    """An error among what the browser tells, in words."""
    params = told.get("params", {})
    if told.get("method") == "Runtime.exceptionThrown":
        details = params["exceptionDetails"]
        return str(details.get("exception", {}).get("description", details["text"]))[:300]
    entry = params.get("entry", {})
    return str(entry.get("text", "")) if entry.get("level") == "error" else ""


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Old]:
    if not PROGRAM.exists():
        pytest.skip("Chromium 86 is not here: .ci/old-browser fetches it")
    browser = Old(tmp_path)
    yield browser
    browser.process.kill()
    browser.process.wait()


def log_in(old: Old, address: str, house: House, who: str) -> None:
    cookie = session_of(house.people[who])
    old.call("Network.setCookie", url=address, name=cookie["name"], value=cookie["value"])
    old.call(
        "Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1,
        mobile=False,
    )  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize("who", PAGES)
def test_the_main_pages_work_in_the_oldest_browser(
    old: Old, live_server: Any, house: House, who: str
) -> None:
    assert "Chrome/86." in old.run("navigator.userAgent")
    log_in(old, live_server.url, house, who)
    found = []
    for path in PAGES[who]:
        errors = old.open(f"{live_server.url}/c/race/{path}")
        assert old.run("document.querySelector('h1') !== null"), path
        wide = old.run(f"({WIDEST})()")
        found += [f"{path}: {said}" for said in [*errors, wide] if said]
    assert not found, "\n".join(found)


@pytest.mark.proof
def test_the_entry_grid_takes_keys_in_the_oldest_browser(
    old: Old, live_server: Any, house: House
) -> None:
    log_in(old, live_server.url, house, "clerk")
    assert old.open(f"{live_server.url}/c/race/report/2026-10/E1/") == []
    old.run("document.querySelector('tr[data-entry] [data-col=value]').focus()")
    column = "document.activeElement.closest('[data-col]').dataset.col"
    last = "[...document.querySelector('tr[data-entry]').querySelectorAll('[data-col]')].pop().dataset.col"
    assert old.run(column) == "value"
    old.press("End", 35)
    assert old.run(column) == old.run(last) != "value"
    assert [c for c in map(complaint, old.told) if c] == []
