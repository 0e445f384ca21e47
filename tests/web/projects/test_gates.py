"""The campaign's own list of gates, and the way from a project to a problem about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.gate_actions import add_gate, move_gate, remove_gate
from saima_web.projects.models import Gate
from tests.web.cast import House
from tests.web.projects.test_projects import code_of, entered

As = Callable[[User], Client]
GATES = "/c/race/projects/gates/"


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.at(datetime(2026, 10, 29, 4, tzinfo=UTC)):
        yield


def made(house: House, name: str = "使用林地审批") -> Gate:
    return add_gate(
        campaign=house.campaign, name=name, matter="preliminary", by=house.project_office
    )


def test_projects_that_are_there_get_new_gates(house: House) -> None:
    project = entered(house)
    actions.add_usual_gates(campaign=house.campaign, by=house.project_office)
    gate = made(house)
    assert project.passages.count() == 23
    assert gate.order == 23


@pytest.mark.parametrize("name", ["开工", "  "])
def test_gate_without_a_name_of_its_own_is_refused(house: House, name: str) -> None:
    actions.add_usual_gates(campaign=house.campaign, by=house.project_office)
    with pytest.raises(Refused) as refused:
        made(house, name)
    assert code_of(refused) == "gate-name"
    assert house.campaign.gates.count() == 22


def test_gate_goes_unless_something_is_entered_at_it(house: House) -> None:
    project, gate = entered(house), made(house)
    passage = project.passages.get()
    actions.pass_gate(passage=passage, by=house.project_office, due=date(2026, 11, 1), done_on=None)
    with pytest.raises(Refused) as refused:
        remove_gate(gate=gate, by=house.project_office)
    assert code_of(refused) == "gate-used"
    actions.pass_gate(passage=passage, by=house.project_office, due=None, done_on=None)
    remove_gate(gate=gate, by=house.project_office)
    assert not house.campaign.gates.exists()
    assert Entry.objects.filter(event="gate.removed").count() == 1


def test_gates_change_places_and_the_first_goes_no_higher(house: House) -> None:
    first, second = made(house, "甲"), made(house, "乙")
    move_gate(gate=first, up=True, by=house.project_office)
    assert [g.name for g in house.campaign.gates.all()] == ["甲", "乙"]
    move_gate(gate=second, up=True, by=house.project_office)
    assert [g.name for g in house.campaign.gates.all()] == ["乙", "甲"]
    assert Entry.objects.filter(event="gate.moved").count() == 1


def test_others_cannot_change_the_list(house: House) -> None:
    gate = made(house)
    for write in (
        lambda: add_gate(campaign=house.campaign, name="乙", matter="site", by=house.clerk),
        lambda: remove_gate(gate=gate, by=house.leader),
        lambda: move_gate(gate=gate, up=True, by=house.office),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert code_of(refused) == "not-allowed"


def test_page_adds_moves_and_removes(house: House, as_user: As) -> None:
    browser = as_user(house.project_office)
    browser.post(GATES)
    given = {"name": "使用林地审批", "matter": "preliminary", "owner": "林业局"}
    assert browser.post(GATES, given).status_code == 302
    gate = Gate.objects.get(name="使用林地审批")
    change = reverse("projects:gate-change", args=["race", gate.pk])
    browser.post(change, {"do": "up"})
    gate.refresh_from_db()
    assert gate.order == 22
    assert "林业局" in browser.get(GATES).content.decode()
    browser.post(change, {"do": "remove"})
    assert "使用林地审批" not in browser.get(GATES).content.decode()


def test_unit_goes_from_its_project_to_a_problem_that_names_it(house: House, as_user: As) -> None:
    project, browser = entered(house), as_user(house.clerk)
    page = browser.get(reverse("projects:one", args=["race", project.pk])).content.decode()
    address = reverse("supervision:problem-new", args=["race"])
    assert f"{address}?unit={project.unit.pk}&amp;project={project.pk}" in page
    form = browser.get(address, {"unit": project.unit.pk, "project": project.pk})
    assert f'<option value="{project.pk}" selected>{project.name}' in form.content.decode()
    leader = as_user(house.leader).get(reverse("projects:one", args=["race", project.pk]))
    assert "提出难题" not in leader.content.decode()
