"""All reachable states × roles: what each person may do is what the tables and rules say, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from saima.problems import Refused
from saima.workflows.inspection import INSPECTION
from saima.workflows.problem import PROBLEM
from saima_web.people.models import User
from saima_web.supervision import actions, problems
from saima_web.supervision.inspection_page import Part
from saima_web.supervision.models import Inspected, Problem
from saima_web.supervision.problem_page import steps_of
from tests.web.cast import House
from tests.web.supervision.making import concluded, later, part_of, planned, raised, recorded

WHO = (
    "admin", "office", "project_office", "lead_office", "clerk", "head", "other_clerk",
    "other_head", "owner", "inspector", "leader", "viewer", "stranger",
)  # fmt: skip

SORTS = {"office", "lead_office"}
RAISES = {"clerk", "head"}
SOLVES = {"other_clerk", "other_head"}
PROBLEM_RIGHTS: dict[str, set[str]] = {
    "withdraw": RAISES, "report": SOLVES, "return": SORTS | RAISES,
    **dict.fromkeys(("to_team", "to_meeting", "to_leaders", "decline", "decide", "close", "reopen"), SORTS),
}  # fmt: skip
"""Who may take a step of E1's problem that E2 has to solve and D1 leads on; leaders: see below."""

INSPECTS = {"office", "inspector", "lead_office"}
INSPECTION_RIGHTS: dict[str, set[str]] = {
    "answer": {"head"}, "object": {"head"},
    **dict.fromkeys(("record", "conclude", "uphold", "revise", "return", "close", "drop"), INSPECTS),
}  # fmt: skip


def take_problem(event: str, row: Problem, house: House, by: User) -> Problem:
    if event.startswith("to_"):
        lead = house.units["D1"]
        return problems.sort(problem=row, event=event, lead_unit=lead, note="上报", by=by)
    steps: dict[str, Callable[[], Problem]] = {
        "decline": lambda: problems.decline(problem=row, reason="不属于", by=by),
        "withdraw": lambda: problems.withdraw(problem=row, by=by),
        "decide": lambda: problems.decide(
            problem=row, decision="办", responsible_unit=house.units["E2"], due_on=later(), by=by
        ),
        "report": lambda: problems.report(problem=row, result="办好了", by=by),
        "return": lambda: problems.return_(problem=row, reason="没好", by=by),
        "close": lambda: problems.close(problem=row, by=by),
        "reopen": lambda: problems.reopen(problem=row, reason="又来", by=by),
    }
    return steps[event]()


def take_inspection(event: str, row: Inspected, house: House, by: User) -> Inspected:
    del house
    say: dict[str, Any] = {"part": row, "text": "话", "by": by}
    steps: dict[str, Callable[[], Inspected]] = {
        "record": lambda: actions.record(
            part=row, visited_on=row.inspection.begins_on, inspectors="严督", text="情况", by=by
        ),
        "conclude": lambda: actions.conclude(part=row, conclusion="结论", by=by),
        "answer": lambda: actions.answer(**say),
        "object": lambda: actions.object_to(**say),
        "uphold": lambda: actions.review(upheld=True, **say),
        "revise": lambda: actions.review(upheld=False, **say),
        "return": lambda: actions.return_answer(**say),
        "close": lambda: actions.close(part=row, by=by),
        "drop": lambda: actions.drop(part=row, reason="不查了", by=by),
    }
    return steps[event]()


def may_problem(who: str, event: str, row: Problem) -> bool:
    if event == "decide" and row.state == "for_leaders":
        return who == "leader"
    return who in PROBLEM_RIGHTS[event]


def may_inspect(who: str, event: str, _row: Inspected) -> bool:
    return who in INSPECTION_RIGHTS[event]


def tried(take: Callable[[], Any]) -> bool:
    """Whether a step is done; what it did does not stay."""
    mark = transaction.savepoint()
    try:
        take()
    except Refused:
        return False
    else:
        return True
    finally:
        transaction.savepoint_rollback(mark)


def explore(house: House, row: Any, table: Any, take: Any, may: Any) -> set[str]:
    """Walk every state; in each, everybody tries every step. Returns the states that were reached."""
    model, pk, seen = type(row), row.pk, set()

    def at(state: str) -> None:
        if state in seen:
            return
        seen.add(state)
        wrong = [
            f"{state}: {who} {event}"
            for who in WHO
            for event in table.events
            if tried(
                lambda e=event, w=who: take(e, model.objects.get(pk=pk), house, house.people[w])
            )
            != ((state, event) in table.moves and may(who, event, model.objects.get(pk=pk)))
        ]
        assert wrong == []
        for event in table.events_at(state):
            who = next(w for w in WHO if may(w, event, model.objects.get(pk=pk)))
            mark = transaction.savepoint()
            take(event, model.objects.get(pk=pk), house, house.people[who])
            at(model.objects.get(pk=pk).state)
            transaction.savepoint_rollback(mark)

    at(row.state)
    return seen


def test_everybody_may_do_with_a_problem_what_the_rules_say(house: House) -> None:
    row = raised(house)
    Problem.objects.update(lead_unit=house.units["D1"])
    assert explore(house, row, PROBLEM, take_problem, may_problem) == set(PROBLEM.states)


def test_everybody_may_do_in_an_inspection_what_the_rules_say(house: House) -> None:
    part = part_of(planned(house, lead_unit=house.units["D1"]))
    assert explore(house, part, INSPECTION, take_inspection, may_inspect) == set(INSPECTION.states)


@pytest.mark.parametrize("who", WHO)
def test_the_page_of_a_problem_offers_what_may_be_done(house: House, who: str) -> None:
    row = problems.sort(
        problem=raised(house), event="to_leaders", lead_unit=house.units["D1"], by=house.office
    )
    for state in PROBLEM.states:
        row.state, row.responsible_unit = state, house.units["E2"]
        offered = {e.replace("-", "_") for e, _where in steps_of(house.people[who], row)}
        allowed = {e for e in PROBLEM.events_at(state) if may_problem(who, e, row)}
        assert offered - {"postpone"} == allowed, state


@pytest.mark.parametrize("who", WHO)
def test_the_page_of_an_inspection_offers_what_may_be_done(house: House, who: str) -> None:
    part = concluded(house, recorded(house, part_of(planned(house, lead_unit=house.units["D1"]))))
    for state in INSPECTION.states:
        part.state = state
        offered = {s["event"] for s in Part(house.people[who], part, None).steps} - {"find"}
        allowed = {e for e in INSPECTION.events_at(state) if who in INSPECTION_RIGHTS[e]}
        assert offered == allowed, state
