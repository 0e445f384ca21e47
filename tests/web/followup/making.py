"""Tasks for tests, and the way to each state by the hands that usually lead there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from saima_web.base.clock import today
from saima_web.followup import loop
from saima_web.followup.actions import initiate_task
from saima_web.followup.models import Task
from saima_web.people.models import User
from tests.web.cast import House


def task(house: House, unit: str = "E1", **changed: Any) -> Task:
    """A task of a unit, initiated by the office, due in ten days."""
    given: dict[str, Any] = {
        "campaign": house.campaign, "title": "引进文旅运营商", "goal": "签约3家",
        "responsible_unit": house.units[unit], "deadline": today() + timedelta(days=10),
        "source": "plan", "by": house.office,
    }  # fmt: skip
    return initiate_task(**(given | changed))


DO: dict[str, Callable[[Task, User], Any]] = {
    "assign": lambda t, by: loop.assign(task=t, by=by, note="维持原交办"),
    "accept": lambda t, by: loop.accept(task=t, by=by),
    "dispute": lambda t, by: loop.dispute(task=t, reason="不属本单位职责", by=by),
    "start": lambda t, by: loop.tell(task=t, text="已开始对接", by=by),
    "report": lambda t, by: loop.report(task=t, text="已签约3家", by=by),
    "review": lambda t, by: loop.review(task=t, note="事实清楚", by=by),
    "return": lambda t, by: loop.return_(task=t, reason="缺协议", by=by),
    "complete": lambda t, by: loop.complete(task=t, by=by),
    "close_out": lambda t, by: loop.close_out(task=t, by=by),
    "evaluate": lambda t, by: loop.evaluate(task=t, grade="good", by=by),
    "archive": lambda t, by: loop.archive(task=t, by=by),
    "stop": lambda t, by: loop.stop(task=t, reason="政策调整", by=by),
}
"""Event -> the action that brings it about."""

_TO_REPORTED = ("assign", "accept", "start", "report")
_TO_CLOSED = (*_TO_REPORTED, "review", "complete", "close_out")
WAYS: dict[str, tuple[str, ...]] = {
    "initiated": (), "assigned": ("assign",), "disputed": ("assign", "dispute"),
    "accepted": ("assign", "accept"), "in_hand": ("assign", "accept", "start"),
    "reported": _TO_REPORTED, "reviewed": (*_TO_REPORTED, "review"),
    "returned": (*_TO_REPORTED, "review", "return"), "completed": _TO_CLOSED[:-1],
    "closed_out": _TO_CLOSED, "evaluated": (*_TO_CLOSED, "evaluate"),
    "archived": (*_TO_CLOSED, "evaluate", "archive"), "stopped": ("stop",),
}  # fmt: skip
"""State -> the events that lead there."""
UNIT_DOES = {"accept", "dispute", "start", "report"}


def reach(house: House, state: str, made: Task | None = None) -> Task:
    """A task in a state, led there by the clerk of E1 and the office."""
    found = made or task(house)
    for event in WAYS[state]:
        DO[event](found, house.clerk if event in UNIT_DOES else house.office)
    found.refresh_from_db()
    assert found.state == state
    return found
