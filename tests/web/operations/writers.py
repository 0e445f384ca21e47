"""Clerks' browsers against a real server: they send a figure again until it is acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
WRITERS = 10
TOKEN = "a" * 32

FILL = """
import json, sys
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from saima_web.campaigns.models import Participation, Track
from saima_web.people.models import Post, Role, Unit, User
from saima_web.reporting.models import Entry, Round
from tests.web.cast import PAST, build

house = build()
round, track, found = Round.objects.get(), Track.objects.first(), []
for number in range(int(sys.argv[1])):
    unit = Unit.objects.create(code=f"W{number}", name=f"示例{number}公司", parent=house.units["G"])
    Participation.objects.create(campaign=house.campaign, unit=unit, track=track, recorded_at=PAST)
    user = User.objects.create_user(f"writer{number}", "draw-the-bow-7", name=f"甲{number}", unit=unit)
    Post.objects.create(user=user, role=Role.CLERK, unit=unit, campaign=house.campaign)
    entry = Entry.objects.create(round=round, unit=unit, indicator=house.indicators["revenue"])
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "saima_web.people.backends.Accounts"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    found.append([entry.pk, session.session_key])
print(json.dumps([round.pk, found]))
"""


@dataclass
class Writer:
    """A clerk's browser: it sends a figure again, under the same number, until it is told.

    Where one server does not answer it asks the next one.
    """

    number: int
    round: int
    entry: int
    session: str
    ports: list[int]
    sent: list[str] = field(default_factory=list)
    again: int = 0
    trouble: list[str] = field(default_factory=list)

    def work(self, until: threading.Event) -> None:
        while not until.is_set():
            value = str(1000 * (len(self.sent) + 1) + self.number)
            self.sent.append(value)
            self._save(value)

    def _save(self, value: str) -> None:
        row = {
            "request": f"w{self.number}-{value}",
            "entry": self.entry,
            "text": value,
            "origin": "typed",
        }
        body, end = json.dumps({"round": self.round, "rows": [row]}), time.monotonic() + 180
        while time.monotonic() < end:
            port = self.ports[self.again % len(self.ports)]
            status, said = post(port, "/c/race/cells/save/", body, self.session)
            if status == 200:
                [answer] = json.loads(said)["rows"]
                if answer["status"] != "saved":
                    self.trouble.append(said)
                return
            if status and status != 503:
                self.trouble.append(f"{status} {said[:300]}")
                return
            self.again += 1
            time.sleep(0.2)
        self.trouble.append("never acknowledged")


def post(port: int, path: str, body: str, session: str) -> tuple[int, str]:
    """Status and words; 0 where nothing answers, or the answer breaks off."""
    headers = {
        "Content-Type": "application/json", "X-CSRFToken": TOKEN,
        "Cookie": f"saima_csrf={TOKEN}; saima_session={session}",
    }  # fmt: skip
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()
