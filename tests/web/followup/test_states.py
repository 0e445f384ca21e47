"""Every state that a task can reach × every person × every event: allowed exactly as written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from saima.problems import Refused
from saima.workflows.task import STOPPABLE, TASK
from saima_web.audit.models import Entry
from saima_web.followup.models import Reminder, Report, Step, Task
from saima_web.people.models import User
from tests.web.cast import House
from tests.web.followup.making import DO, WAYS, reach, task

UNIT, MANAGERS = {"clerk", "head"}, {"office", "project_office", "lead_office"}
"""The task of E1 names a supporting project and was assigned by D1: both offices have it."""
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("initiated", "assign"): MANAGERS,
    ("disputed", "assign"): MANAGERS,
    ("assigned", "accept"): UNIT,
    ("assigned", "dispute"): UNIT,
    ("accepted", "start"): UNIT,
    ("returned", "start"): UNIT,
    ("in_hand", "report"): UNIT,
    ("reported", "review"): MANAGERS,
    ("reviewed", "return"): MANAGERS,
    ("reviewed", "complete"): MANAGERS,
    ("completed", "close_out"): MANAGERS,
    ("completed", "return"): MANAGERS,
    ("closed_out", "evaluate"): {"office", "leader"},
    ("evaluated", "archive"): MANAGERS,
    ("stopped", "archive"): MANAGERS,
    **{(state, "stop"): MANAGERS for state in STOPPABLE},
}
BY_THE_WAY = {
    ("in_hand", "start"): ("in_hand", UNIT),
    ("accepted", "report"): ("reported", UNIT),
    ("returned", "report"): ("reported", UNIT),
}
"""What an action does beside the table: a further line of progress moves nothing; who reports at
once has begun at once."""

STRONGEST = ("office", "clerk", "leader")
"""Who tries what no state allows to anybody: between them they may do every step."""


def everything() -> tuple[Any, ...]:
    """All that an action on a task could have written."""
    return (
        list(Task.objects.order_by("pk").values()),
        *(model.objects.count() for model in (Step, Report, Reminder, Entry)),
    )


def attempt(made: Task, event: str, by: User) -> tuple[bool, str]:
    """Whether the event was done, and the state after it; rolled back either way."""
    before = everything()
    with transaction.atomic():
        try:
            DO[event](made, by)
        except Refused:
            assert everything() == before, "a refusal left something changed"
            return False, made.state
        state = Task.objects.get(pk=made.pk).state
        done = everything() != before
        transaction.set_rollback(True)
    return done, state


def shared(house: House) -> Task:
    """A task of E1 in the care of all three offices."""
    made = task(house, supporting_project="栖湖乐园二期")
    made.assigning_unit = house.units["D1"]
    made.save()
    return made


def test_table_of_roles_covers_the_whole_loop() -> None:
    assert set(ALLOWED) == set(TASK.moves)
    assert set(WAYS) == set(TASK.states)


@pytest.mark.parametrize("state", WAYS)
def test_each_event_is_open_to_exactly_these_people(house: House, state: str) -> None:
    made = reach(house, state, shared(house))
    for event in TASK.events:
        after, who = BY_THE_WAY.get((state, event), ("", set()))
        after = TASK.moves.get((state, event), after)
        done = set()
        for name in house.people if after else STRONGEST:
            by = User.objects.get(pk=house.people[name].pk)
            happened, reached = attempt(made, event, by)
            if happened:
                done.add(name)
                assert reached == after, (event, name)
        assert done == (ALLOWED.get((state, event)) or who), event


def test_supporting_unit_sees_the_task_and_moves_nothing(house: House) -> None:
    made = shared(house)
    made.supporting_units.add(house.units["E2"])
    made = reach(house, "in_hand", made)
    for event in TASK.events:
        assert not attempt(made, event, house.other_clerk)[0]


def test_offices_handle_only_what_is_theirs(house: House) -> None:
    made = reach(house, "reported")
    for name in ("project_office", "lead_office"):
        assert not attempt(made, "review", house.people[name])[0]
    assert attempt(made, "review", house.office)[0]


def test_who_reported_does_not_review(house: House) -> None:
    house.office.posts.create(role="clerk", campaign=house.campaign, unit=house.units["E1"])
    both = User.objects.get(pk=house.office.pk)
    made = reach(house, "in_hand", shared(house))
    DO["report"](made, both)
    with pytest.raises(Refused, match="不能由您审核"):
        DO["review"](made, both)
    assert attempt(made, "review", house.lead_office)[0]
