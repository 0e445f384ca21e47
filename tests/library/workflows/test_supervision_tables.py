"""The tables of inspections, findings, problems and dispatch meetings: every state, every end."""

from __future__ import annotations

import pytest

from saima.problems import Refused
from saima.workflows.dispatch import DISPATCH
from saima.workflows.inspection import FINDING, INSPECTION, TO_ANSWER, TOLD
from saima.workflows.problem import LEVEL_OF, LEVELS, OPEN, PROBLEM, UNDECIDED
from saima.workflows.tables import Workflow

TABLES = {
    "inspection": (INSPECTION, "planned", {"closed", "dropped"}),
    "finding": (FINDING, "open", {"settled"}),
    "problem": (PROBLEM, "raised", {"declined", "withdrawn"}),
    "dispatch": (DISPATCH, "planned", {"issued", "dropped"}),
}


def reached(table: Workflow, start: str) -> set[str]:
    """Every state that a walk from the start comes to."""
    found, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state not in found:
            found.add(state)
            todo += [table.step(state, e) for e in table.events_at(state)]
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_state_is_reached_and_every_event_used(name: str) -> None:
    table, start, _ = TABLES[name]
    assert reached(table, start) == set(table.states)
    assert {event for _state, event in table.moves} == set(table.events)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_leads_to_an_end(name: str) -> None:
    table, _start, ends = TABLES[name]
    for state in table.states:
        assert reached(table, state) & (ends | {"closed"}), state
    assert {s for s in table.states if not table.events_at(s)} == ends


def test_a_conclusion_is_disputed_once() -> None:
    state = INSPECTION.step(INSPECTION.step("concluded", "object"), "uphold")
    with pytest.raises(Refused, match="维持结论"):
        INSPECTION.step(state, "object")
    assert INSPECTION.step(state, "answer") == "answered"


def test_a_revised_conclusion_is_told_again() -> None:
    assert INSPECTION.step(INSPECTION.step("objected", "revise"), "conclude") == "concluded"


def test_who_owes_an_answer_has_been_told() -> None:
    assert set(TO_ANSWER) < set(TOLD)
    assert all("answer" in INSPECTION.events_at(s) for s in TO_ANSWER)


def test_a_problem_is_sorted_by_who_can_solve_it() -> None:
    assert set(LEVEL_OF.values()) == set(LEVELS)
    assert set(LEVEL_OF) <= set(PROBLEM.events_at("raised"))
    with pytest.raises(Refused, match="待分流"):
        PROBLEM.step("raised", "decide")


def test_what_is_decided_may_go_up_again_and_what_is_closed_may_come_back() -> None:
    assert PROBLEM.step("decided", "to_leaders") == "for_leaders"
    assert PROBLEM.step("closed", "reopen") == "decided"
    assert set(UNDECIDED) < set(OPEN)
