"""Commitments, plans, incidents, honours: every state can be reached, the ends are ends."""

from __future__ import annotations

import pytest

from saima.problems import Refused
from saima.workflows.action_plan import ACTION_PLAN
from saima.workflows.commitment import COMMITMENT
from saima.workflows.honour import HONOUR
from saima.workflows.incident import INCIDENT
from saima.workflows.tables import Workflow

FIRST = {"commitment": "draft", "plan": "draft", "incident": "recorded", "honour": "recorded"}
FLOWS = {"commitment": COMMITMENT, "plan": ACTION_PLAN, "incident": INCIDENT, "honour": HONOUR}
ENDS = {
    "commitment": {"fulfilled", "unfulfilled", "dropped"},
    "plan": {"concluded"},
    "incident": {"dismissed", "withdrawn", "expired"},
    "honour": {"refused", "withdrawn"},
}


def reached(flow: Workflow, first: str) -> set[str]:
    """All states that events lead to."""
    found, todo = {first}, [first]
    while todo:
        state = todo.pop()
        for event in flow.events_at(state):
            after = flow.step(state, event)
            if after not in found:
                found.add(after)
                todo.append(after)
    return found


@pytest.mark.parametrize("name", FLOWS)
def test_every_state_can_be_reached(name: str) -> None:
    assert reached(FLOWS[name], FIRST[name]) == set(FLOWS[name].states)


@pytest.mark.parametrize("name", FLOWS)
def test_only_the_ends_lead_nowhere(name: str) -> None:
    flow = FLOWS[name]
    assert {s for s in flow.states if not flow.events_at(s)} == ENDS[name]


@pytest.mark.parametrize("name", FLOWS)
def test_every_event_has_a_word_and_is_used(name: str) -> None:
    flow = FLOWS[name]
    assert {event for _state, event in flow.moves} == set(flow.events)
    assert set(flow.moves.values()) <= set(flow.states)


def test_an_appeal_is_answered_before_its_incident_expires() -> None:
    with pytest.raises(Refused) as error:
        INCIDENT.step("appealed", "expire")
    assert "申诉中" in str(error.value)
    assert INCIDENT.step(INCIDENT.step("appealed", "uphold"), "expire") == "expired"


def test_an_upheld_incident_is_not_appealed_again() -> None:
    with pytest.raises(Refused):
        INCIDENT.step("upheld", "appeal")
    assert INCIDENT.step("appealed", "retract") == "in-effect"


def test_a_commitment_is_judged_fulfilled_only_once_it_is_claimed() -> None:
    with pytest.raises(Refused):
        COMMITMENT.step("made", "fulfil")
    assert COMMITMENT.step(COMMITMENT.step("made", "claim"), "fulfil") == "fulfilled"


def test_a_plan_under_way_is_opened_again_only_by_being_returned() -> None:
    with pytest.raises(Refused):
        ACTION_PLAN.step("approved", "submit")
    assert ACTION_PLAN.step("approved", "revise") == "returned"
