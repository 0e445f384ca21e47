"""Beginning a task and leading it round its loop, and the refusals beside."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saima.problems import Refused
from saima_web.audit.models import Entry
from tests.web.cast import House
from tests.web.followup.making import task


def test_office_initiates_a_task_and_the_ledger_says_so(house: House) -> None:
    made = task(house, supporting_units=[house.units["C1"]], supporting_project="栖湖乐园二期")
    assert (made.state, made.number) == ("initiated", 1)
    assert list(made.supporting_units.all()) == [house.units["C1"]]
    assert made.steps.get().event == "initiate"
    entry = Entry.objects.get(event="task.initiated")
    assert entry.subject == "task/race/1"
    assert entry.data["unit"] == "E1"


def test_tasks_are_numbered_through(house: House) -> None:
    assert [task(house).number, task(house, "E2").number] == [1, 2]


@pytest.mark.parametrize("changed", [{"title": " "}, {"deadline": date(2020, 1, 1)}])
def test_task_without_title_or_with_a_past_date_is_refused(
    house: House, changed: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="任务还缺"):
        task(house, **changed)


def test_clerk_cannot_initiate(house: House) -> None:
    with pytest.raises(Refused, match="没有“立项”的权限"):
        task(house, by=house.clerk)
