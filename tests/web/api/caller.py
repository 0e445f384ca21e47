"""A program that calls the interface with somebody's token."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from saima_web.api import tokens
from saima_web.people.models import User
from saima_web.scoring import actions as scoring
from saima_web.scoring.models import ScoreRun
from tests.web.cast import House

BASE = "/api/v1"
E1 = "/campaigns/race/rounds/2026-10/units/E1"


@dataclass
class Caller:
    """A program with a token."""

    text: str

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self._client().get(BASE + path, query)

    def post(self, path: str, body: Any = None) -> HttpResponse:
        data = "" if body is None else json.dumps(body)
        return self._client().post(BASE + path, data, content_type="application/json")

    def _client(self) -> Client:
        return Client(headers={"Authorization": f"Bearer {self.text}"})


def caller(user: User, *scopes: str) -> Caller:
    return Caller(tokens.make(by=user, name="月报", scopes=scopes or ("read", "report"))[1])


def problem(answer: HttpResponse) -> dict[str, Any]:
    """The one problem of a refusal."""
    [found] = answer.json()["problems"]
    assert found["message_zh"] and found["message_en"] != found["message_zh"]
    return dict(found)


STEPS: tuple[Callable[[ScoreRun, House], ScoreRun], ...] = (
    lambda r, h: scoring.send_for_checking(run=r, by=h.office),
    lambda r, h: scoring.close_checking(run=r, by=h.office),
    lambda r, h: scoring.approve(run=r, by=h.leader),
    lambda r, h: scoring.publish(run=r, by=h.office),
)


def publish(house: House, period: str = "2026-09") -> ScoreRun:
    """A published run."""
    run = scoring.run(campaign=house.campaign, period=period, by=house.office)
    for step in STEPS:
        run = step(run, house)
    return run
