"""Three-point estimates: who writes them, what is refused, the odds that they make."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from saima.cli import main
from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.people.models import User
from saima_web.projects.gantt import estimate_actions as actions
from saima_web.projects.gantt.odds import odds_of
from saima_web.projects.gantt.plans import milestones_in
from saima_web.projects.models import Milestone, Project
from tests.web.cast import House
from tests.web.projects.test_gantt import ahead, of
from tests.web.projects.test_milestones import day, happened, timing
from tests.web.projects.test_projects import code_of

__all__ = ["ahead", "day"]
As = Callable[[User], Client]


def three(*days: int) -> actions.Three:
    low, likely, high = map(Decimal, days)
    return low, likely, high


def estimated(project: Project, number: int, days: actions.Three | None, by: User) -> None:
    actions.set_estimates(project=project, values={of(project, number).pk: days}, by=by)


def test_unit_estimates_what_is_left(house: House, ahead: Project) -> None:
    estimated(ahead, 1, three(15, 20, 40), house.clerk)
    row = of(ahead, 1)
    assert (row.optimistic, row.likely, row.pessimistic) == (15, 20, 40)
    assert Entry.objects.filter(event="project.estimated").count() == 1
    estimated(ahead, 1, None, house.clerk)
    assert of(ahead, 1).likely is None


def test_others_cannot_estimate(house: House, ahead: Project) -> None:
    for who in (house.other_clerk, house.leader):
        with pytest.raises(Refused) as refused:
            estimated(ahead, 1, three(15, 20, 40), who)
        assert code_of(refused) == "not-allowed"


@pytest.mark.parametrize("days", [(20, 15, 40), (15, 50, 40), (0, 15, 40), (1, 2, 9999)])
def test_days_that_do_not_rise_are_refused(
    house: House, ahead: Project, days: tuple[int, ...]
) -> None:
    with pytest.raises(Refused) as refused:
        estimated(ahead, 1, three(*days), house.clerk)
    assert code_of(refused) == "project-estimates"
    assert of(ahead, 1).likely is None


def test_what_is_finished_and_what_takes_no_time_is_not_estimated(
    house: House, ahead: Project
) -> None:
    happened(ahead, 1, house.clerk, date(2026, 10, 1), date(2026, 10, 20))
    for number in (1, 3):
        with pytest.raises(Refused) as refused:
            estimated(ahead, number, three(1, 2, 3), house.clerk)
        assert code_of(refused) == "project-estimates-open"


def test_the_database_keeps_three_or_none(house: House, ahead: Project) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=of(ahead, 1).pk).update(likely=Decimal(3))


def test_odds_come_from_the_estimates_and_leave_the_dates_alone(
    house: House, ahead: Project
) -> None:
    before = timing(ahead).schedule.finish
    assert odds_of(timing(ahead).schedule) is None
    estimated(ahead, 1, three(10, 20, 60), house.clerk)
    found = timing(ahead).schedule
    assert found.finish == before
    likely = odds_of(found)
    assert likely is not None
    assert 0.1 < likely.by(before) < 0.4  # the mean of the estimate is 25 days, five more
    assert likely.by(datetime(2027, 3, 1)) == 1.0


def test_the_pages_say_the_odds_of_the_deadline(house: House, ahead: Project, as_user: As) -> None:
    Project.objects.filter(pk=ahead.pk).update(finish_due=date(2027, 3, 1))
    client = as_user(house.clerk)
    one, gantt = (reverse(f"projects:{n}", args=["race", ahead.pk]) for n in ("one", "gantt-one"))
    assert "完工的可能性" not in client.get(gantt).content.decode()
    estimated(ahead, 1, three(10, 20, 60), house.clerk)
    for page in (one, gantt):
        assert "2027-03-01 前完工的可能性为 100.0%" in client.get(page).content.decode()


def test_the_form_saves_all_three_and_keeps_what_is_wrong(
    house: House, ahead: Project, as_user: As
) -> None:
    client, at = as_user(house.clerk), reverse("projects:estimates", args=["race", ahead.pk])
    assert [f.row.name for f in client.get(at).context["forms"]] == ["桩基", "主体"]
    key = f"m{of(ahead, 1).pk}-"
    half = client.post(at, {key + "optimistic": "5"})
    assert half.status_code == 422
    assert "三个都填，或都不填。" in half.content.decode()
    wrong = {key + "optimistic": "9", key + "likely": "8", key + "pessimistic": "7"}
    answer = client.post(at, wrong)
    assert answer.status_code == 422
    assert "三点估计不对" in answer.content.decode()
    assert 'value="9"' in answer.content.decode()
    right = {key + "optimistic": "15", key + "likely": "20.5", key + "pessimistic": "30"}
    assert client.post(at, right).status_code == 302
    assert of(ahead, 1).likely == Decimal("20.5")
    assert as_user(house.leader).get(at).status_code == 403


def test_the_plan_as_a_workbook_gives_the_command_the_same_odds(
    house: House, ahead: Project, as_user: As, tmp_path: Path, capsys: Any
) -> None:
    estimated(ahead, 1, three(10, 20, 60), house.clerk)
    estimated(ahead, 2, three(25, 30, 50), house.clerk)
    book = as_user(house.leader).get(reverse("projects:plan", args=["race", ahead.pk, "xlsx"]))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(book.content)
    assert [r.pessimistic for r in milestones_in(path)] == [60, 50, None]
    capsys.readouterr()
    main(["schedule", str(path), "--by", "2027-01-10", "--json"])
    told = json.loads(capsys.readouterr().out)["odds"]
    here = odds_of(timing(ahead).schedule)
    assert here is not None
    mine = here.by(datetime(2027, 1, 10, 17, tzinfo=UTC).replace(tzinfo=None))
    assert 0.05 < mine < 0.95
    assert abs(mine - told["probability"]) < 0.03
