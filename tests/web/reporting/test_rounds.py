"""Rounds: opened by the calendar on working days, a cell for every duty, who is late, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from saima.periods import parse
from saima.problems import Refused
from saima_web.audit.models import Entry as LedgerEntry
from saima_web.base.clock import now
from saima_web.campaigns.models import DayOverride, Participation
from saima_web.indicators.models import Assignment
from saima_web.people.models import User
from saima_web.reporting import actions, queries, reminders, rounds
from saima_web.reporting.models import Entry, Figure, Round
from tests.web.cast import House

Log = Callable[[User], Client]


def opened(house: House, period: str = "2026-11", by: User | None = None) -> Round:
    return rounds.open_round(campaign=house.campaign, period=period, by=by or house.office)


def local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def test_deadline_on_a_weekend_moves_to_the_next_working_day(house: House) -> None:
    dates = rounds.dates_of(house.campaign, parse("2026-10"))  # 8 November is a Sunday
    assert local(dates.due_at) == "2026-11-09 18:00"
    assert local(dates.confirm_due_at) == "2026-11-12 18:00"
    assert dates.opens_on == date(2026, 11, 1)


def test_deadline_in_the_national_holiday_moves_past_it(house: House) -> None:
    house.campaign.report_day = 3
    assert local(rounds.dates_of(house.campaign, parse("2026-09")).due_at) == "2026-10-08 18:00"


def test_day_that_the_office_declares_worked_is_a_deadline(house: House) -> None:
    DayOverride.objects.create(on=date(2026, 11, 8), working=True, name="集中办公")
    assert local(rounds.dates_of(house.campaign, parse("2026-10")).due_at) == "2026-11-08 18:00"


def test_confirmation_never_ends_before_reporting_does(house: House) -> None:
    house.campaign.report_day = house.campaign.confirm_day = 8
    dates = rounds.dates_of(house.campaign, parse("2026-10"))
    assert dates.confirm_due_at > dates.due_at


def test_round_has_a_cell_for_every_duty(house: House) -> None:
    made = opened(house)
    assert made.entries.count() == 6
    assert set(made.entries.values_list("state", flat=True)) == {"empty"}
    row = LedgerEntry.objects.get(event="round.opened")
    assert row.subject == "round/2026-11" and row.data["cells"] == 6


def test_assignment_to_one_unit_asks_only_that_unit(house: House) -> None:
    Assignment.objects.create(
        campaign=house.campaign, indicator=house.indicators["investment"], unit=house.units["C1"]
    )
    asked = opened(house).entries.filter(indicator=house.indicators["investment"])
    assert [e.unit.code for e in asked] == ["C1"]


@pytest.mark.parametrize(("period", "asked"), [("2026-11", False), ("2026-12", True)])
def test_quarterly_indicator_is_asked_where_the_quarter_ends(
    house: House, period: str, asked: bool
) -> None:
    house.indicators["revenue"].frequency = "quarter"
    house.indicators["revenue"].save()
    found = opened(house, period).entries.filter(indicator=house.indicators["revenue"])
    assert found.exists() == asked


def test_quarterly_figure_speaks_of_its_quarter(house: House) -> None:
    house.indicators["revenue"].frequency = "quarter"
    house.indicators["revenue"].save()
    entry = opened(house, "2026-12").entries.get(
        unit=house.units["E1"], indicator=house.indicators["revenue"]
    )
    saved = actions.save_figure(entry=entry, value=Decimal(9999), by=house.clerk)
    assert saved.reported is not None and saved.reported.period == "2026-Q4"


def test_unit_that_joined_later_or_left_is_not_asked(house: House) -> None:
    Participation.objects.filter(unit=house.units["C1"]).update(valid_to=date(2026, 10, 31))
    house.units["E2"].valid_from = date(2026, 12, 1)
    house.units["E2"].save()
    assert set(opened(house).entries.values_list("unit__code", flat=True)) == {"E1"}


def test_derived_indicator_is_asked_of_nobody(house: House) -> None:
    house.indicators["investment"].formula = "revenue * 2"
    house.indicators["investment"].save()
    assert set(opened(house).entries.values_list("indicator__code", flat=True)) == {"revenue"}


def test_figure_that_is_confirmed_already_is_not_asked_again(house: House) -> None:
    made = opened(house, "2026-09")
    assert set(made.entries.values_list("state", flat=True)) == {"confirmed"}
    entry = made.entries.get(unit=house.units["E1"], indicator=house.indicators["revenue"])
    assert entry.confirmed is not None and entry.confirmed.value == 900


def test_only_the_office_opens_rounds(house: House) -> None:
    for name in ("clerk", "head", "owner", "leader", "admin", "inspector"):
        with pytest.raises(Refused) as error:
            opened(house, by=house.people[name])
        assert error.value.problem.code == "not-allowed"
    assert Round.objects.count() == 1


@pytest.mark.parametrize("period", ["2026-10", "2027-01", "nonsense"])
def test_round_that_cannot_be_is_refused(house: House, period: str) -> None:
    with pytest.raises(Refused) as error:
        opened(house, period)
    assert error.value.problem.code == "round-not-made"


def test_round_without_duties_is_refused_with_the_mend(house: House) -> None:
    Participation.objects.all().delete()
    with pytest.raises(Refused) as error:
        opened(house)
    assert "没有要填报的单位" in str(error.value)
    assert Round.objects.count() == 1


def test_calendar_opens_what_is_over_and_only_once(house: House) -> None:
    assert rounds.open_by_calendar(date(2026, 11, 30)) == []
    made = rounds.open_by_calendar(date(2026, 12, 1))
    assert [r.period for r in made] == ["2026-11"]
    assert rounds.open_by_calendar(date(2026, 12, 1)) == []
    assert LedgerEntry.objects.get(event="round.opened").actor is None


def test_first_round_of_the_calendar_leaves_history_alone(house: House) -> None:
    Entry.objects.all().delete()
    Round.objects.all().delete()
    assert [r.period for r in rounds.open_by_calendar(date(2026, 9, 3))] == ["2026-08"]


def test_exception_needs_a_reason_and_a_later_day(house: House) -> None:
    found, unit = Round.objects.get(), house.units["E1"]
    late = found.due_at + timedelta(days=2)
    for until, reason in ((late, " "), (found.due_at, "系统停机")):
        with pytest.raises(Refused):
            rounds.extend(round=found, units=[unit], until=until, reason=reason, by=house.office)
    with pytest.raises(Refused):
        rounds.extend(round=found, units=[unit], until=late, reason="停机", by=house.clerk)
    rounds.extend(round=found, units=[unit], until=late, reason="系统停机", by=house.office)
    assert actions.due_of(found, unit) == late
    assert actions.due_of(found, house.units["E2"]) == found.due_at


def test_closed_round_refuses_and_reopened_takes_figures(house: House) -> None:
    found = rounds.close_round(round=Round.objects.get(), by=house.office)
    entry = Entry.objects.filter(unit=house.units["E1"]).first()
    assert entry is not None
    with pytest.raises(Refused) as error:
        actions.save_figure(entry=entry, value=Decimal(1), by=house.clerk)
    assert "2026年10月的填报轮次已结束" in str(error.value)
    rounds.reopen_round(round=found, by=house.office)
    assert actions.save_figure(entry=entry, value=Decimal(1), by=house.clerk).state == "draft"


def hand_in(house: House, unit: str, by: User) -> None:
    for entry in Entry.objects.filter(unit=house.units[unit]):
        actions.save_figure(entry=entry, value=Decimal(9999), by=by)
    actions.submit(round=Round.objects.get(), unit=house.units[unit], by=by)


def test_my_work_names_what_is_due_returned_and_waiting_for_me(house: House) -> None:
    def kinds(person: User) -> list[tuple[str, int]]:
        return [(w.kind, w.count) for w in queries.work_of(person, house.campaign)]

    assert kinds(house.clerk) == [("report", 2)]
    hand_in(house, "E1", house.clerk)
    assert kinds(house.clerk) == [] and kinds(house.head) == [("endorse", 2)]
    entries = list(Entry.objects.filter(unit=house.units["E1"]))
    actions.return_(entries=entries[:1], reason="请核实", by=house.head)
    actions.endorse(entries=entries[1:], by=house.head)
    assert kinds(house.clerk) == [("returned", 1)]
    assert kinds(house.owner) == [] and kinds(house.other_owner) == [("confirm", 1)]
    assert kinds(house.viewer) == kinds(house.leader) == []


def test_work_past_its_deadline_is_overdue(house: House) -> None:
    Round.objects.update(due_at=now() - timedelta(days=2))
    found = queries.due_for(house.clerk, house.campaign)
    assert [w.overdue for w in found] == [True]
    rounds.extend(
        round=Round.objects.get(), units=[house.units["E1"]], until=now() + timedelta(days=1),
        reason="系统停机", by=house.office,
    )  # fmt: skip
    assert [w.overdue for w in queries.due_for(house.clerk, house.campaign)] == [False]


def test_reminder_names_who_owes_what_and_until_when(house: House) -> None:
    hand_in(house, "E1", house.clerk)
    found = Round.objects.get()
    units = queries.owed_by_name(house.office, found)
    text = reminders.overall_reminder(found, units, [])
    assert "2026年10月" in text and "还有2家单位没有报齐" in text and "还有3天" in text
    assert "1. 澄江置业：还有2项没有提交（营业收入、固定资产投资）" in text
    assert "栖湖文旅" not in text


def test_cells_are_counted_for_a_page_and_named_for_a_reminder(house: House) -> None:
    Entry.objects.filter(unit=house.units["E2"], indicator__code="revenue").update(state="returned")
    found = Round.objects.get()
    counted = {x.unit.code: x for x in queries.owed_by_units(house.office, found)}
    named = {x.unit.code: x for x in queries.owed_by_name(house.office, found)}
    assert {c: x.cells for c, x in counted.items()} == {c: x.cells for c, x in named.items()}
    assert not any(x.missing or x.returned for x in counted.values())
    assert [x.code for x in named["E1"].missing] == ["revenue", "investment"]
    assert [x.code for x in named["E2"].missing] == ["investment"]
    assert [x.code for x in named["E2"].returned] == ["revenue"]


def test_reminder_thanks_where_all_is_in(house: House) -> None:
    for unit, by in (("E1", house.clerk), ("E2", house.other_clerk)):
        hand_in(house, unit, by)
    Entry.objects.filter(unit=house.units["C1"]).delete()
    found = Round.objects.get()
    text = reminders.overall_reminder(found, queries.owed_by_name(house.office, found), [])
    assert "各单位均已报齐" in text


def test_office_opens_a_round_in_the_browser(house: House, as_user: Log) -> None:
    page = as_user(house.office)
    shown = page.get("/c/race/rounds/open/?period=2026-11").content.decode()
    assert "2026年11月要填6项" in shown and "2026-12-08T18:00" in shown
    data = {
        "period": "2026-11", "due_at": "2026-12-09T12:00", "confirm_due_at": "2026-12-11T12:00",
        "instructions": "投资数按形象进度",
    }  # fmt: skip
    answer = page.post("/c/race/rounds/open/", data)
    assert answer.headers["Location"] == "/c/race/rounds/2026-11/"
    made = Round.objects.get(period="2026-11")
    assert local(made.due_at) == "2026-12-09 12:00"
    assert "投资数按形象进度" in page.get("/c/race/rounds/2026-11/").content.decode()


def test_wrong_dates_come_back_with_their_mend(house: House, as_user: Log) -> None:
    data = {"period": "2026-11", "due_at": "2026-12-09T12:00", "confirm_due_at": "2026-12-01T12:00"}
    answer = as_user(house.office).post("/c/race/rounds/open/", data)
    assert "核定截止要晚于填报截止" in answer.content.decode()
    assert not Round.objects.filter(period="2026-11").exists()


@pytest.mark.parametrize("path", ["open/", "2026-10/change/", "2026-10/extend/"])
def test_managing_pages_are_the_offices(house: House, as_user: Log, path: str) -> None:
    for name in ("clerk", "head", "owner", "leader", "inspector", "viewer"):
        assert as_user(house.people[name]).get(f"/c/race/rounds/{path}").status_code == 403
    assert as_user(house.office).get(f"/c/race/rounds/{path}").status_code == 200


def test_office_extends_changes_and_closes_in_the_browser(house: House, as_user: Log) -> None:
    page, found = as_user(house.office), Round.objects.get()
    later = f"{timezone.localtime(found.due_at) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    data = {"units": [house.units["E1"].pk], "until": later, "reason": "系统停机"}
    assert page.post("/c/race/rounds/2026-10/extend/", data).status_code == 302
    shown = page.get("/c/race/rounds/2026-10/").content.decode()
    assert "已同意的延期" in shown and "系统停机" in shown
    end = f"{timezone.localtime(found.due_at) + timedelta(days=9):%Y-%m-%dT%H:%M}"
    change = {"due_at": later, "confirm_due_at": end, "instructions": "按新口径"}
    assert page.post("/c/race/rounds/2026-10/change/", change).status_code == 302
    assert page.post("/c/race/rounds/2026-10/switch/").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.instructions) == ("closed", "按新口径")


def test_round_that_is_not_there_is_not_found(house: House, as_user: Log) -> None:
    for path in ("2026-03/", "2026-03/review/", "nonsense/", "2026-03/remind/"):
        assert as_user(house.office).get(f"/c/race/rounds/{path}").status_code == 404


def test_nothing_of_another_unit_shows_in_lists_counts_or_reminders(
    house: House, as_user: Log
) -> None:
    hand_in(house, "E1", house.clerk)
    rounds.extend(
        round=Round.objects.get(), units=[house.units["E1"]], until=now() + timedelta(days=30),
        reason="栖湖检修", by=house.office,
    )  # fmt: skip
    page = as_user(house.other_clerk)
    for path in ("", "2026-10/", "2026-10/remind/", "2026-10/review/", "2026-10/review/?unit=E1"):
        shown = page.get(f"/c/race/rounds/{path}").content.decode()
        assert "栖湖" not in shown and "9,999" not in shown and "望岳" not in shown, path
    assert "单位应报2项，已提交0项" in page.get("/c/race/rounds/").content.decode()
    assert "1家单位应报2项，已报0项" in page.get("/c/race/rounds/2026-10/").content.decode()
    assert "单位应报6项，已提交2项" in as_user(house.office).get("/c/race/rounds/").content.decode()


def test_person_of_another_campaign_finds_no_round(house: House, as_user: Log) -> None:
    for path in ("", "2026-10/", "2026-10/review/"):
        assert as_user(house.stranger).get(f"/c/race/rounds/{path}").status_code == 404
    assert Figure.objects.filter(period="2026-10").count() == 0


def test_list_and_page_of_a_round_count_the_same(house: House, as_user: Log) -> None:
    house.indicators["investment"].provider = "owner"
    house.indicators["investment"].save()
    given = Entry.objects.get(unit=house.units["E1"], indicator=house.indicators["investment"])
    actions.save_figure(entry=given, value=Decimal(1000), by=house.other_owner)
    page = as_user(house.office)
    every, one = (
        page.get(address).content.decode()
        for address in ("/c/race/rounds/", "/c/race/rounds/2026-10/")
    )
    assert "单位应报3项，已提交0项、核定0项；" in every
    assert "部门提供3项，已提供1项。" in every
    assert "3家单位应报3项，已报0项；" in one and "部门另提供3项，已提供1项；" in one
    assert "部门提供" not in as_user(house.owner).get("/c/race/rounds/").content.decode()
