"""What is observed of tasks and commitments, and the cards that follow by the default rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from saima.cards.reading import default_text
from saima_web.cards.observers import months_between
from saima_web.cards.project_observers import _project
from saima_web.cards.proposing import propose
from saima_web.followup.models import Task
from saima_web.people.models import Unit
from saima_web.pledges.models import Commitment, CommitmentStep
from saima_web.projects.models import Milestone, Project, ProjectMoney
from saima_web.projects.money import Money
from tests.web.cards.table import TODAY, at, by_subject, switched_on
from tests.web.cast import House
from tests.web.followup.making import task

MADE = datetime(2026, 6, 5, tzinfo=UTC)


def judged(house: House, day: date = TODAY) -> dict[str, tuple[str, str]]:
    with at(day):
        propose(campaign=house.campaign, by=house.office)
    return {s: (c.level, c.state) for s, c in by_subject(house).items()}


def overdue_task(house: House, deadline: date, state: str = "in_hand") -> Task:
    with at(date(2026, 9, 1)):
        made = task(house)
    Task.objects.filter(pk=made.pk).update(deadline=deadline, state=state)
    return made


def test_a_task_that_is_late_brings_a_yellow_and_then_a_red_card(house: House):
    switched_on(house, default_text())
    made = overdue_task(house, date(2026, 10, 10))
    assert judged(house) == {f"task/{made.pk}": ("黄牌", "proposed")}
    card = house.campaign.cards.get()
    assert (card.unit, card.name, card.office) == (
        made.responsible_unit, made.title, "assessment",
    )  # fmt: skip
    assert judged(house, date(2026, 10, 27)) == {f"task/{made.pk}": ("红牌", "proposed")}
    assert [c.state for c in house.campaign.cards.order_by("pk")] == ["lapsed", "proposed"]


def test_a_task_in_time_or_done_brings_none(house: House):
    switched_on(house, default_text())
    overdue_task(house, TODAY)
    overdue_task(house, date(2026, 9, 10), state="completed")
    assert judged(house) == {}


def test_a_task_that_is_done_lets_the_proposal_lapse(house: House):
    switched_on(house, default_text())
    made = overdue_task(house, date(2026, 10, 10))
    judged(house)
    Task.objects.filter(pk=made.pk).update(state="completed")
    assert judged(house, date(2026, 10, 22)) == {f"task/{made.pk}": ("黄牌", "lapsed")}


def commitment(house: House, **more: object) -> Commitment:
    return Commitment.objects.create(
        campaign=house.campaign, unit=house.units["E1"], what="新增两家首店", goal="两家",
        due_on=date(2026, 12, 1), recorded_at=MADE, made_at=MADE, **{"state": "made", **more},
    )  # fmt: skip


def test_a_commitment_without_movement_for_three_months_brings_a_card(house: House):
    switched_on(house, default_text())
    still, moving = commitment(house), commitment(house)
    commitment(house, state="fulfilled")
    CommitmentStep.objects.create(
        commitment=moving, text="一家已开业", at=datetime(2026, 8, 5, tzinfo=UTC), by=house.clerk
    )
    assert judged(house) == {f"commitment/{still.pk}": ("黄牌", "proposed")}


def test_a_kind_of_subject_without_a_rule_is_not_looked_at(house: House):
    switched_on(house)
    overdue_task(house, date(2026, 9, 10))
    commitment(house)
    assert judged(house) == {}


def test_months_are_counted_whole():
    assert months_between(date(2026, 7, 20), TODAY) == 3
    assert months_between(date(2026, 7, 21), TODAY) == 2
    assert months_between(date(2026, 11, 1), TODAY) == 0


def project(house: House, **more: object) -> Project:
    return Project.objects.create(
        campaign=house.campaign, name="示例一号厂房", category="new", kind=Project.Kind.values[0],
        unit=house.units["C1"], total="24000", year_plan="12000", **more,
    )  # fmt: skip


def spent(row: Project, *months: int) -> None:
    """Money of January, February … as the statistics have it."""
    for number, value in enumerate(months, 1):
        ProjectMoney.objects.create(
            project=row, series=ProjectMoney.Series.STATISTICAL, month=f"2026-{number:02}",
            value=str(value), recorded_at=MADE,
        )  # fmt: skip


def test_a_project_behind_pace_brings_a_card_that_the_project_office_decides(house: House):
    switched_on(house, default_text())
    row = project(house)
    spent(row, *[1000] * 4, *[700] * 5)
    assert judged(house) == {f"project/{row.pk}": ("黄牌", "proposed")}
    card = house.campaign.cards.get()
    assert (card.office, card.unit.code, card.evaluated_on) == ("project", "C1", date(2026, 9, 30))
    assert card.reason.startswith("落后序时进度12.5个百分点")


def test_a_project_that_should_have_started_is_counted_by_months():
    row = Project(start_due=date(2026, 7, 10), year_plan=Decimal(0))
    seen = [_project_at(row, date(2026, n, 28)) for n in (6, 7, 8, 9)]
    assert seen == [None, 1.0, 2.0, 3.0]
    row.started_on = date(2026, 9, 2)
    assert _project_at(row, date(2026, 9, 28)) == 0.0


def _project_at(row: Project, on: date) -> float | None:
    row.unit = Unit(code="C1")
    found = _project(row, Money(), on)
    return found.values.get("not-started") if found else None


def test_a_milestone_that_is_late_brings_a_card(house: House):
    switched_on(house, default_text())
    row = Milestone.objects.create(
        project=project(house), number=1, name="主体封顶", duration="60",
        planned_finish=date(2026, 10, 12),
    )  # fmt: skip
    found = judged(house)
    assert found[f"milestone/{row.project_id}/{row.pk}"] == ("黄牌", "proposed")
    Milestone.objects.update(actual_start=TODAY, actual_finish=date(2026, 10, 21))
    assert judged(house, date(2026, 10, 22))[f"milestone/{row.project_id}/{row.pk}"] == (
        "黄牌", "lapsed",
    )  # fmt: skip
