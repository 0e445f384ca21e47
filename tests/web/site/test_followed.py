"""The page of a project shows its tasks, problems and cards to those who may see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from saima_web.cards.models import Card
from saima_web.cards.proposing import propose
from saima_web.followup.actions import initiate_task
from saima_web.people.models import User
from saima_web.projects import actions
from saima_web.projects.models import Project
from tests.web.cards.table import at, switched_on
from tests.web.cast import House
from tests.web.projects.slipping import RULES, old_town

As = Callable[[User], Client]
DAY = date(2026, 11, 2)


@pytest.fixture
def slipping(house: House) -> Project:
    """A project whose milestones are late, with a proposed card on each."""
    with at(DAY):
        switched_on(house, RULES)
        made = old_town(house)
        propose(campaign=house.campaign, by=house.office)
    return made


def page(client: Client, project: Project) -> list[tuple[str, str]]:
    with at(DAY):
        answer = client.get(reverse("projects:one", args=["race", project.pk]))
    return [(row.title, row.state) for row in answer.context["followed"]]


def test_a_card_shows_to_the_unit_once_it_is_issued(
    house: House, slipping: Project, as_user: As
) -> None:
    names = {name for name, _ in page(as_user(house.project_office), slipping)}
    assert names == {"古镇二期：主体施工", "古镇二期：主体封顶"}
    assert page(as_user(house.clerk), slipping) == []
    Card.objects.filter(name="古镇二期：主体封顶").update(state="issued", issued_on=DAY)
    assert [name for name, _ in page(as_user(house.clerk), slipping)] == ["古镇二期：主体封顶"]


def test_tasks_of_the_project_alone_are_shown(house: House, slipping: Project, as_user: As) -> None:
    with at(DAY):
        other = actions.add_project(
            campaign=house.campaign, by=house.project_office, name="澄江酒店", category="new",
            kind="industry", unit=house.units["E1"],
        )  # fmt: skip
        for project in (slipping, other):
            initiate_task(
                campaign=house.campaign, responsible_unit=house.units["E1"], source="plan",
                deadline=date(2026, 12, 20), title=f"推进{project.name}", goal="封顶", project=project,
                by=house.office,
            )  # fmt: skip
    found = page(as_user(house.leader), slipping)
    assert ("推进古镇二期", "已立项") in found
    assert all("澄江酒店" not in title for title, _ in found)
