"""What waits for a person stands among their own work, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from saima_web.people.models import User
from saima_web.supervision import actions, findings, problems
from saima_web.supervision.models import Inspected
from saima_web.supervision.waiting import my_supervision
from tests.web.cast import House
from tests.web.supervision.making import decided, raised, sorted_to

As = Callable[[User], Client]


def titles(house: House, who: str) -> set[str]:
    found = my_supervision(house.people[who], house.campaign)
    return {w.title.partition("：")[0] for w in found}


def test_an_inspection_waits_for_the_unit_then_for_who_inspects(
    house: House, told: Inspected
) -> None:
    assert titles(house, "head") == {"督查结论待反馈", "督查问题待整改"}
    assert titles(house, "clerk") == {"督查问题待整改"}
    assert titles(house, "other_head") == set()
    findings.report(finding=told.findings.get(), measure="已入库", by=house.clerk)
    actions.object_to(part=told, text="资料已报", by=house.head)
    assert titles(house, "head") == set()
    assert titles(house, "inspector") == {"督查异议待复核", "督查整改待核实"}
    assert titles(house, "lead_office") == set(), "another department leads on it"
    assert "督查计划待您批准" in "".join(titles(house, "leader"))
    assert titles(house, "viewer") == titles(house, "stranger") == set()


def test_a_problem_waits_for_whoever_acts_next(house: House) -> None:
    row = raised(house)
    assert titles(house, "office") == {"难题待分流"} and titles(house, "head") == set()
    sorted_to(house, row, "to_leaders")
    assert titles(house, "leader") == {"难题待您决策"} and titles(house, "office") == set()
    other = decided(house, raised(house))
    assert titles(house, "other_head") == {"难题待办结"}
    problems.report(problem=other, result="好了", by=house.other_head)
    assert titles(house, "other_head") == set() and titles(house, "office") == {"难题待销号"}


def test_it_stands_on_the_page_of_ones_work(house: House, as_user: As, told: Inspected) -> None:
    page = as_user(house.head).get("/c/race/").content.decode()
    assert f"督查结论待反馈：{told.inspection.title}" in page
