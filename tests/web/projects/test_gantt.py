"""The Gantt chart: what it shows, bars that are moved and put back, odds, plans from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.people.models import User
from saima_web.projects import actions as projects_actions
from saima_web.projects.gantt import actions
from saima_web.projects.models import Milestone, Project
from tests.web.cast import House
from tests.web.projects.test_milestones import day, happened, project, row, timing, workbook
from tests.web.projects.test_projects import code_of, entered

__all__ = ["day", "project"]
As = Callable[[User], Client]


@pytest.fixture
def ahead(house: House) -> Project:
    """Nothing has begun: piling, then the frame, topping out ten days after it."""
    made = entered(house, leader="周正")
    rows = [
        row(1, "桩基", 20, "", date(2026, 11, 1), date(2026, 11, 20)),
        row(2, "主体", 30, "1", date(2026, 11, 21), date(2026, 12, 20)),
        row(3, "封顶", 0, "2FS+10天", date(2026, 12, 30), date(2026, 12, 30)),
    ]
    projects_actions.set_milestones(project=made, rows=rows, by=house.project_office)
    return made


def of(project: Project, number: int) -> Milestone:
    return project.milestones.get(number=number)


def forecast(project: Project, number: int) -> date:
    found: date = next(x.forecast for x in timing(project).lines if x.row.number == number)
    return found


def moved(project: Project, number: int, days: int, by: User) -> Milestone:
    found = of(project, number)
    return actions.move(milestone=found, days=days, seen=actions.setting_of(found), by=by)


def test_a_first_activity_moves_by_its_planned_start_and_pushes_the_rest(
    house: House, ahead: Project
) -> None:
    moved(ahead, 1, 5, house.project_office)
    assert of(ahead, 1).planned_start == date(2026, 11, 6)
    assert [forecast(ahead, n) for n in (1, 2, 3)] == [
        date(2026, 11, 25), date(2026, 12, 25), date(2027, 1, 4),
    ]  # fmt: skip


def test_the_planned_finish_never_moves_with_a_bar(house: House, ahead: Project) -> None:
    moved(ahead, 1, 5, house.project_office)
    moved(ahead, 3, 4, house.project_office)
    planned = [m.planned_finish for m in ahead.milestones.all()]
    assert planned == [date(2026, 11, 20), date(2026, 12, 20), date(2026, 12, 30)]


def test_a_following_activity_moves_by_its_lag_and_back(house: House, ahead: Project) -> None:
    moved(ahead, 2, 7, house.project_office)
    assert of(ahead, 2).predecessors == "1FS+7天"
    assert forecast(ahead, 2) == date(2026, 12, 27)
    moved(ahead, 2, -7, house.project_office)
    assert of(ahead, 2).predecessors == "1"
    assert forecast(ahead, 2) == date(2026, 12, 20)


def test_of_two_predecessors_each_gives_way_in_turn(house: House, ahead: Project) -> None:
    rows = list(ahead.milestones.all())
    rows[2].predecessors = "1FS+39天，2FS+10天"
    projects_actions.set_milestones(project=ahead, rows=rows, by=house.project_office)
    before = forecast(ahead, 3)
    moved(ahead, 3, -4, house.project_office)
    assert (before - forecast(ahead, 3)).days == 4


def test_an_activity_cannot_begin_before_the_one_it_waits_for(house: House, ahead: Project) -> None:
    with pytest.raises(Refused) as refused:
        moved(ahead, 2, -1, house.project_office)
    assert code_of(refused) == "gantt-bound"
    assert "桩基" in refused.value.problem.message("zh")
    assert of(ahead, 2).predecessors == "1"


def test_nothing_is_planned_before_today(house: House, ahead: Project) -> None:
    with pytest.raises(Refused) as refused:
        moved(ahead, 1, -4, house.project_office)
    assert code_of(refused) == "gantt-past"
    assert moved(ahead, 1, -3, house.project_office).planned_start == date(2026, 10, 29)


def test_an_activity_whose_predecessors_are_long_done_still_moves(
    house: House, project: Project
) -> None:
    happened(project, 1, house.clerk, date(2026, 8, 1), date(2026, 8, 30))
    before = forecast(project, 2)
    moved(project, 2, 3, house.project_office)
    assert (forecast(project, 2) - before).days == 3


def test_what_has_begun_keeps_its_start_and_what_is_done_all(
    house: House, project: Project
) -> None:
    happened(project, 1, house.clerk, date(2026, 8, 1), date(2026, 8, 30))
    happened(project, 2, house.clerk, date(2026, 8, 31), None, 80)
    codes = []
    for number in (1, 2):
        with pytest.raises(Refused) as refused:
            moved(project, number, 1, house.project_office)
        codes.append(code_of(refused))
    assert codes == ["gantt-done", "gantt-begun"]


def resized(project: Project, number: int, days: int, by: User) -> Milestone:
    found = of(project, number)
    return actions.resize(milestone=found, days=days, seen=actions.setting_of(found), by=by)


def test_a_longer_activity_finishes_so_many_days_later_even_under_way(
    house: House, project: Project
) -> None:
    happened(project, 1, house.clerk, date(2026, 8, 1), date(2026, 8, 30))
    happened(project, 2, house.clerk, date(2026, 8, 31), None, 80)
    resized(project, 2, 4, house.project_office)
    assert forecast(project, 2) == date(2026, 11, 12)
    assert of(project, 2).duration == 71


@pytest.mark.parametrize(("number", "days", "code"), [(1, -20, "gantt-too-short"), (3, 2, "gantt-no-length")])  # fmt: skip
def test_no_activity_shrinks_to_nothing_and_no_event_grows(
    house: House, ahead: Project, number: int, days: int, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        resized(ahead, number, days, house.project_office)
    assert code_of(refused) == code


@pytest.mark.parametrize("who", ["clerk", "head", "office", "leader"])
def test_only_the_project_office_moves_bars(house: House, ahead: Project, who: str) -> None:
    with pytest.raises(Refused) as refused:
        moved(ahead, 1, 1, house.people[who])
    assert code_of(refused) == "not-allowed"


def test_a_move_stands_in_the_ledger_with_what_was(house: House, ahead: Project) -> None:
    moved(ahead, 2, 7, house.project_office)
    said = json.dumps(Entry.objects.filter(event="project.replanned").get().data)
    assert "1FS+7" in said
    assert "2026-11-21" in said


def post(client: Client, milestone: Milestone, **body: Any) -> Any:
    address = reverse("projects:gantt-move", args=["race", milestone.pk])
    seen = actions.setting_of(milestone).as_data()
    return client.post(
        address, json.dumps({"seen": seen, **body}), content_type="application/json",
        headers={"accept": "application/json"},
    )  # fmt: skip


def test_a_drop_answers_the_new_dates_of_the_project_and_is_undone(
    house: House, ahead: Project, as_user: As
) -> None:
    client, before = as_user(house.project_office), of(ahead, 1)
    answer = post(client, before, do="move", days=5).json()
    finishes = [date.fromordinal(b["finish"] + date(1970, 1, 1).toordinal()) for b in answer["bars"]]  # fmt: skip
    assert finishes == [date(2026, 11, 25), date(2026, 12, 25), date(2027, 1, 4)]
    assert "桩基" in answer["said"]
    old = actions.setting_of(before).as_data()
    assert post(client, of(ahead, 1), do="put", setting=old).status_code == 200
    assert of(ahead, 1).planned_start == date(2026, 11, 1)


def test_a_drop_on_a_bar_that_somebody_has_changed_is_refused(
    house: House, ahead: Project, as_user: As
) -> None:
    stale = of(ahead, 1)
    moved(ahead, 1, 5, house.project_office)
    answer = post(as_user(house.project_office), stale, do="move", days=1)
    assert answer.status_code == 409
    assert "刚被别人改过" in answer.json()["problem"]["message"]
    assert of(ahead, 1).planned_start == date(2026, 11, 6)


@pytest.mark.parametrize(
    "body",
    [
        {"do": "fly"}, {"do": "move", "days": "x"}, {"do": "move", "days": 10**9}, {"do": "put"},
        {"do": "move", "days": 1, "seen": None},
        {"do": "put", "setting": {"predecessors": "9", "planned_start": None, "duration": "20"}},
        {"do": "put", "setting": {"predecessors": "", "planned_start": "31", "duration": "NaN"}},
    ],
)  # fmt: skip
def test_a_drop_that_cannot_be_read_changes_nothing(
    house: House, ahead: Project, as_user: As, body: dict[str, Any]
) -> None:
    answer = post(as_user(house.project_office), of(ahead, 1), **body)
    assert answer.status_code == 409
    assert of(ahead, 1).planned_start == date(2026, 11, 1)


def shown(client: Client, address: str) -> Any:
    return client.get(address).context["data"]


def test_all_projects_show_milestones_and_one_its_activities(
    house: House, ahead: Project, as_user: As
) -> None:
    client = as_user(house.leader)
    every = shown(client, reverse("projects:gantt", args=["race"]))
    assert [b["name"] for g in every["groups"] for b in g["bars"]] == ["封顶"]
    one = shown(client, reverse("projects:gantt-one", args=["race", ahead.pk]))
    bars = one["groups"][0]["bars"]
    assert [b["name"] for b in bars] == ["桩基", "主体", "封顶"]
    assert bars[2]["links"] == [(bars[1]["id"], "FS")]
    assert all(b["critical"] for b in bars)
    assert not any("can" in b for b in bars)


def test_bars_group_by_unit_and_leader(house: House, ahead: Project, as_user: As) -> None:
    address = reverse("projects:gantt", args=["race"])
    groups = {
        by: [g["title"] for g in shown(as_user(house.leader), f"{address}?group={by}")["groups"]]
        for by in ("unit", "leader", "nonsense")
    }
    assert groups == {"unit": [str(ahead.unit)], "leader": ["周正"], "nonsense": ["古镇二期"]}


def test_another_units_clerk_sees_no_bar(house: House, ahead: Project, as_user: As) -> None:
    client = as_user(house.other_clerk)
    assert shown(client, reverse("projects:gantt", args=["race"]))["groups"] == []
    assert client.get(reverse("projects:gantt-one", args=["race", ahead.pk])).status_code == 404


def test_the_deadline_has_odds_from_three_point_estimates(
    house: House, ahead: Project, as_user: As
) -> None:
    address = reverse("projects:gantt-one", args=["race", ahead.pk])

    def odds(by: str, **guess: int) -> str:
        found: str = as_user(house.leader).get(address, {"by": by, **guess}).context["odds"]
        return found

    assert "2027-03-31 前完工的可能性为 100.0%" in odds("2027-03-31", low=90, high=130)
    assert "2026-12-20 前完工的可能性为 0.0%" in odds("2026-12-20", low=90, high=130)
    assert odds("2027-03-31", low=90, high=20) == ""


def preview(client: Client, project: Project) -> Any:
    file = workbook(
        (1, "桩基", 25, None, date(2026, 11, 1), date(2026, 11, 25)),
        (2, "封顶", 0, "1FS+5天", date(2026, 11, 30), date(2026, 11, 30)),
        (3, "验收", 0, "2", date(2026, 12, 5), date(2026, 12, 5)),
    )
    return client.post(reverse("projects:plan-import", args=["race", project.pk]), {"file": file})


def test_a_plan_file_is_looked_at_before_it_replaces_the_plan(
    house: House, ahead: Project, as_user: As
) -> None:
    client = as_user(house.project_office)
    page = preview(client, ahead)
    assert page.context["count"] == {"new": 1, "gone": 1, "changed": 2, "same": 0}
    assert "工期20天改为25天" in page.content.decode()
    assert ahead.milestones.get(number=2).name == "主体"
    address = reverse("projects:plan-import", args=["race", ahead.pk])
    assert client.post(address, {"plan": page.context["packed"]}).status_code == 302
    assert [m.name for m in ahead.milestones.all()] == ["桩基", "封顶", "验收"]


def test_a_preview_of_a_plan_that_has_changed_since_is_refused(
    house: House, ahead: Project, as_user: As
) -> None:
    client = as_user(house.project_office)
    packed = preview(client, ahead).context["packed"]
    moved(ahead, 1, 5, house.project_office)
    address = reverse("projects:plan-import", args=["race", ahead.pk])
    for text in (packed, packed[:-3] + "abc"):
        assert client.post(address, {"plan": text}).status_code == 409
    assert ahead.milestones.get(number=2).name == "主体"


def test_a_plan_that_went_out_as_project_file_comes_back_the_same(
    house: House, ahead: Project, as_user: As
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_user(house.project_office)
    out = client.get(reverse("projects:plan", args=["race", ahead.pk, "xml"])).content
    address = reverse("projects:plan-import", args=["race", ahead.pk])
    page = client.post(address, {"file": SimpleUploadedFile("计划.xml", out)})
    assert page.context["count"] == {"new": 0, "gone": 0, "changed": 0, "same": 3}


def test_durations_are_told_without_needless_zeros(ahead: Project) -> None:
    assert actions.setting_of(of(ahead, 1)).as_data()["duration"] == "20"
    assert actions.Setting("", None, Decimal("2.50")).as_data()["duration"] == "2.5"
