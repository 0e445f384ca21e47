"""Pledges held against results, plans handed in and followed, institutions checked, duty kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry, PersonalText
from saima_web.audit.verifying import verify_and_keep
from saima_web.base import clock
from saima_web.campaigns.models import KeyDate
from saima_web.people.models import User
from saima_web.pledges import (
    duty_actions,
    institution_actions,
    plan_actions,
    pledge_actions,
    queries,
)
from saima_web.pledges.institution_actions import Article
from saima_web.pledges.models import ActionPlan, InstitutionMeasure, Pledge
from saima_web.reporting.models import Figure
from tests.web.cast import House

As = Callable[[User], Client]
DAY = datetime(2026, 10, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_day() -> Any:
    with clock.at(DAY):
        yield


# ── Pledges ──


def pledge(house: House, by: User | None = None, **values: int) -> Pledge:
    named = values or {"revenue": 12000}
    return pledge_actions.record_pledge(
        campaign=house.campaign, unit=house.units["E1"], on=date(2026, 9, 23), by=by or house.head,
        occasion="动员会", words="一定完成。",
        values={house.indicators[k]: Decimal(v) for k, v in named.items()},
    )  # fmt: skip


def test_pledge_is_held_against_the_figures_that_count(house: House, as_user: As) -> None:
    pledge(house, revenue=8000, investment=12000)
    found = queries.compare(
        house.campaign,
        [("E1", house.indicators[k], Decimal(v)) for k, v in (("revenue", 8000), ("investment", 12000))],
    )  # fmt: skip
    assert found["E1", "revenue"].actual == 8100
    assert found["E1", "revenue"].kept is True
    assert (found["E1", "investment"].actual, found["E1", "investment"].kept) == (9000, False)
    assert not found["E1", "revenue"].final
    text = as_user(house.leader).get("/c/race/pledges/").content.decode()
    assert "1家单位表态2项" in text and "目前1项已达到" in text


def test_at_the_years_end_it_is_kept_or_not(house: House, as_user: As) -> None:
    pledge(house, revenue=12000, investment=11000)
    for month in (10, 11, 12):
        for code, value in (("revenue", 900), ("investment", 1000)):
            Figure.objects.create(
                unit=house.units["E1"], indicator=house.indicators[code], source="confirmed",
                period=f"2026-{month}", value=str(value), recorded_at=DAY,
            )  # fmt: skip
    text = as_user(house.leader).get("/c/race/pledges/").content.decode()
    assert "兑现1项" in text and "没有兑现" in text


def test_fewer_is_better_where_the_indicator_says_so(house: House) -> None:
    row = house.indicators["revenue"]
    row.direction = "less"
    row.save()
    found = queries.compare(house.campaign, [("E1", row, Decimal(8000))])
    assert found["E1", "revenue"].kept is False


def test_nothing_reported_is_neither_kept_nor_broken(house: House) -> None:
    Figure.objects.all().delete()
    found = queries.compare(house.campaign, [("E1", house.indicators["revenue"], Decimal(1))])
    assert (found["E1", "revenue"].actual, found["E1", "revenue"].kept) == (None, None)


def test_head_records_a_pledge_on_the_page(house: House, as_user: As) -> None:
    data = {
        "unit": house.units["E1"].pk, "on": "2026-09-23", "occasion": "动员会", "words": "完成。",
        "value-revenue": "12500", "value-investment": "",
    }  # fmt: skip
    answer = as_user(house.head).post("/c/race/pledges/new/", data, follow=True)
    assert "栖湖文旅表态1项" in answer.content.decode()
    assert [(v.indicator.code, v.value) for v in Pledge.objects.get().values.all()] == [
        ("revenue", 12500)
    ]


def test_a_pledge_without_a_number_is_refused(house: House, as_user: As) -> None:
    data = {"unit": house.units["E1"].pk, "on": "2026-09-23", "occasion": "会", "words": "好。"}
    answer = as_user(house.head).post("/c/race/pledges/new/", data)
    assert answer.status_code == 409
    assert "没有一项有数" in answer.content.decode()
    assert not Pledge.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "office", "other_head", "leader"])
def test_nobody_but_its_head_pledges_for_a_unit(house: House, who: str) -> None:
    with pytest.raises(Refused):
        pledge(house, by=house.people[who])


def test_a_withdrawn_pledge_stays_in_the_record_and_out_of_the_comparison(house: House) -> None:
    row = pledge(house)
    with pytest.raises(Refused, match="收回原因"):
        pledge_actions.withdraw_pledge(pledge=row, reason="", by=house.head)
    pledge_actions.withdraw_pledge(pledge=row, reason="口径变了", by=house.head)
    assert queries.pledged(queries.pledges_for(house.leader, house.campaign)) == []
    assert Pledge.objects.get().withdrawal == "口径变了"
    with pytest.raises(Refused, match="已经收回"):
        pledge_actions.withdraw_pledge(pledge=row, reason="再收", by=house.head)


# ── Action plans ──


def plan(house: House, measures: int = 1, **other: Any) -> ActionPlan:
    row = plan_actions.draft_plan(
        campaign=house.campaign, unit=house.units["E1"], title="作战方案", text="怎么打",
        by=house.clerk, **other,
    )  # fmt: skip
    for n in range(measures):
        plan_actions.add_measure(
            plan=row,
            what=f"措施{n}",
            responsible="总经理",
            due_on=date(2026, 10, 25),
            by=house.clerk,
        )
    return row


def approved(house: House) -> ActionPlan:
    row = plan_actions.submit_plan(plan=plan(house), by=house.head)
    return plan_actions.decide_plan(plan=row, event="approve", words="", by=house.office)


def test_a_plan_goes_from_draft_to_done(house: House, as_user: As) -> None:
    row = approved(house)
    measure = row.measures.get()
    as_user(house.clerk).post(f"/c/race/plans/measures/{measure.pk}/", {"note": "已落实"})
    measure.refresh_from_db()
    assert (measure.done_on, measure.note) == (date(2026, 10, 20), "已落实")
    text = as_user(house.office).get(f"/c/race/plans/{row.pk}/").content.decode()
    assert "1条措施，完成1条" in text
    row = plan_actions.decide_plan(plan=row, event="conclude", words="", by=house.office)
    assert row.state == "concluded"


def test_a_plan_without_measures_is_not_handed_in(house: House) -> None:
    with pytest.raises(Refused, match="措施"):
        plan_actions.submit_plan(plan=plan(house, measures=0), by=house.head)
    assert ActionPlan.objects.get().state == "draft"


def test_returning_needs_words_and_lets_the_unit_change_it(house: House) -> None:
    row = plan_actions.submit_plan(plan=plan(house), by=house.head)
    with pytest.raises(Refused, match="待审定"):
        plan_actions.edit_plan(plan=row, title="改", text="改", by=house.clerk)
    with pytest.raises(Refused, match="退回意见"):
        plan_actions.decide_plan(plan=row, event="return", words=" ", by=house.office)
    plan_actions.decide_plan(plan=row, event="return", words="落到周", by=house.office)
    assert plan_actions.edit_plan(plan=row, title="改", text="改", by=house.clerk).title == "改"


@pytest.mark.parametrize("who", ["head", "leader", "inspector"])
def test_nobody_but_the_office_approves_a_plan(house: House, who: str) -> None:
    row = plan_actions.submit_plan(plan=plan(house), by=house.head)
    with pytest.raises(Refused):
        plan_actions.decide_plan(plan=row, event="approve", words="", by=house.people[who])


def test_overdue_measures_are_counted_once_the_plan_runs(house: House, as_user: As) -> None:
    approved(house)
    with clock.at(datetime(2026, 10, 30, 2, tzinfo=UTC)):
        text = as_user(house.office).get("/c/race/plans/").content.decode()
    assert "1条措施逾期" in text
    assert "还没有提交的：澄江置业、望岳建设" in text


def test_a_plans_file_is_kept_and_no_program_is(house: House, as_user: As) -> None:
    good = SimpleUploadedFile("方案.pdf", b"%PDF-1.4 plan")
    row = plan(house, file=good)
    answer = as_user(house.clerk).get(f"/c/race/plans/{row.pk}/file/")
    assert b"%PDF-1.4 plan" in answer.content
    with pytest.raises(Refused, match="没有收下"):
        plan(house, file=SimpleUploadedFile("方案.pdf", b"MZ a program"))
    assert ActionPlan.objects.count() == 1


# ── Institution documents ──


def document(house: House) -> InstitutionMeasure:
    made = institution_actions.enter_document(
        campaign=house.campaign, title="十项制度", number="示例〔2026〕3号", on=date(2026, 9, 1),
        articles=[Article("周调度", house.units["E1"]), Article("首问", house.units["E2"])],
        by=house.office,
    )  # fmt: skip
    return made.measures.get(unit__code="E1")


def test_articles_are_typed_one_a_line_and_wrong_lines_are_named(house: House, as_user: As) -> None:
    data = {"title": "十项制度", "on": "2026-09-01", "number": ""}
    lines = "周调度｜栖湖文旅｜2026-12-01\n首问负责|澄江置业\n没有单位\n观摩｜天外公司"
    answer = as_user(house.office).post("/c/race/institutions/new/", data | {"articles": lines})
    text = answer.content.decode()
    assert "第3行：要写成“条文｜责任单位｜落实时限”。" in text
    assert "第4行：没有叫“天外公司”的参加单位。" in text
    assert not InstitutionMeasure.objects.exists()
    good = "\n".join(lines.splitlines()[:2])
    as_user(house.office).post("/c/race/institutions/new/", data | {"articles": good})
    rows = InstitutionMeasure.objects.values_list("text", "unit__code", "due_on")
    assert list(rows) == [("周调度", "E1", date(2026, 12, 1)), ("首问负责", "E2", None)]


def test_unit_reports_and_office_checks_an_article(house: House) -> None:
    row = document(house)
    with pytest.raises(Refused, match="未报"):
        institution_actions.check_article(measure=row, sound=True, finding="", by=house.office)
    institution_actions.report_article(measure=row, evidence="已执行", by=house.clerk)
    with pytest.raises(Refused, match="核查意见"):
        institution_actions.check_article(measure=row, sound=False, finding="", by=house.office)
    institution_actions.check_article(measure=row, sound=False, finding="无记录", by=house.office)
    institution_actions.report_article(measure=row, evidence="补了记录", by=house.clerk)
    done = institution_actions.check_article(measure=row, sound=True, finding="", by=house.office)
    assert done.state == "accepted"
    with pytest.raises(Refused, match="已落实"):
        institution_actions.report_article(measure=row, evidence="再报", by=house.clerk)


def test_only_the_unit_that_answers_for_an_article_reports_it(house: House, as_user: As) -> None:
    row = document(house)
    with pytest.raises(Refused):
        institution_actions.report_article(measure=row, evidence="好", by=house.other_clerk)
    page = f"/c/race/institutions/articles/{row.pk}/"
    assert as_user(house.other_clerk).get(page).status_code == 404
    assert as_user(house.clerk).get(page).status_code == 200


# ── Duty ──


@pytest.fixture
def window(house: House) -> KeyDate:
    return KeyDate.objects.create(
        campaign=house.campaign,
        on=date(2026, 10, 22),
        until=date(2026, 10, 23),
        name="值守",
        heightened=True,
    )


def fill(house: House, window: KeyDate, *days: int) -> None:
    for day in days:
        duty_actions.set_duty(
            key_date=window, unit=house.units["E1"], on=date(2026, 10, day), leader="周某",
            keeper="沈某", phone="0000", by=house.clerk,
        )  # fmt: skip


def confirm(house: House, window: KeyDate, by: User) -> Any:
    return duty_actions.confirm_duty(key_date=window, unit=house.units["E1"], by=by)


def test_head_confirms_once_every_day_is_arranged_for(house: House, window: KeyDate) -> None:
    fill(house, window, 22)
    with pytest.raises(Refused, match="还有1天"):
        confirm(house, window, house.head)
    fill(house, window, 23)
    with pytest.raises(Refused):
        confirm(house, window, house.clerk)
    assert confirm(house, window, house.head).by == house.head


def test_duty_outside_its_window_or_without_one_is_refused(house: House, window: KeyDate) -> None:
    with pytest.raises(Refused, match="不在值守时段"):
        fill(house, window, 24)
    window.heightened = False
    with pytest.raises(Refused, match="不是值守时段"):
        fill(house, window, 22)


def test_roster_is_filled_on_the_page_and_seen_by_those_concerned(
    house: House, as_user: As, window: KeyDate
) -> None:
    page = f"/c/race/duty/{window.pk}/E1/"
    data = {f"{k}-2026-10-{d}": f"{k}{d}" for k in ("leader", "keeper", "phone") for d in (22, 23)}
    as_user(house.clerk).post(page + "fill/", data)
    for who, status in (("office", 200), ("leader", 200), ("inspector", 200), ("other_head", 404)):
        answer = as_user(house.people[who]).get(page)
        assert answer.status_code == status
        assert ("keeper22" in answer.content.decode()) is (status == 200)


def test_names_are_forgotten_when_the_window_is_over(house: House, window: KeyDate) -> None:
    fill(house, window, 22, 23)
    confirm(house, window, house.head)
    with pytest.raises(Refused, match="还没有结束"):
        duty_actions.clear_duty(key_date=window, by=house.office)
    with clock.at(datetime(2026, 10, 24, 2, tzinfo=UTC)):
        with pytest.raises(Refused):
            duty_actions.clear_duty(key_date=window, by=house.head)
        assert duty_actions.clear_duty(key_date=window, by=house.office) == 2
    assert not window.duty_lines.exists()
    assert window.duty_receipts.exists()
    left = PersonalText.objects.filter(entry__event="duty.set")
    assert {(t.text, t.salt) for t in left} == {("", "")}
    assert verify_and_keep().sound
    assert Entry.objects.filter(event="personal.erased").exists()
