"""Problems: raised by their owner, sorted, met in the weekly slot, decided, closed out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.base.clock import now, today
from saima_web.people.models import User
from saima_web.supervision import problems
from saima_web.supervision.calendar import next_month_day, next_slot
from saima_web.supervision.models import Problem
from saima_web.supervision.queries import problems_for, slot_list
from saima_web.supervision.reminders import remind
from tests.web.cast import House
from tests.web.supervision.making import decided, later, raised, sorted_to

As = Callable[[User], Client]
HERE = "/c/race/problems/"


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_problem_goes_round_from_its_page(house: House, as_user: As) -> None:
    unit, office = as_user(house.clerk), as_user(house.office)
    data = {
        "unit": house.units["E1"].pk, "kind": "problem", "title": "用电增容批不下来",
        "detail": "等了两个月。", "asks": "请协调供电公司。",
    }  # fmt: skip
    unit.post(HERE + "new/", data)
    row = Problem.objects.get()
    there = f"{HERE}{row.pk}/"
    slot = {"lead_unit": house.units["D2"].pk, "slot_on": later(2).isoformat(), "note": ""}
    office.post(there + "do/to-meeting/", slot)
    assert "用电增容批不下来" in words(office, f"{HERE}slot/?on={later(2):%Y-%m-%d}")
    ruling = {
        "decision": "经营部牵头，本周内与供电公司会商。", "responsible_unit": house.units["E2"].pk,
        "due_on": later().isoformat(),
    }  # fmt: skip
    office.post(there + "do/decide/", ruling)
    as_user(house.other_clerk).post(there + "report/", {"text": "已批复。"})
    unit.post(there + "own/return/", {"text": "只批了一半"})
    as_user(house.other_clerk).post(there + "report/", {"text": "全部批复。"})
    office.post(there + "do/close/", {"text": ""})
    row.refresh_from_db()
    assert row.state == "closed" and row.closed_on == today()
    told = words(unit, there)
    assert "只批了一半" in told and "全部批复" in told
    assert Entry.objects.filter(event__startswith="problem.").count() == 7


def test_what_is_missing_is_said_and_nothing_typed_is_lost(house: House, as_user: As) -> None:
    data = {
        "unit": house.units["E1"].pk, "kind": "upward", "title": "争取专项债", "detail": "差两千万。",
        "asks": "请领导带队。",
    }  # fmt: skip
    page = as_user(house.clerk).post(HERE + "new/", data).content.decode()
    assert "向上争取要写明争取对象" in page and "差两千万。" in page
    assert not Problem.objects.exists()


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"title": " "}, "难题"),
        ({"asks": ""}, "请求事项"),
        ({"kind": "upward"}, "争取对象"),
        ({"kind": "guarantee"}, "要素"),
    ],
)
def test_an_incomplete_problem_is_refused(house: House, values: dict[str, str], what: str) -> None:
    with pytest.raises(Refused, match=what):
        raised(house, **values)
    assert raised(house).number == 1


def test_a_unit_raises_for_itself_only(house: House) -> None:
    with pytest.raises(Refused):
        problems.raise_problem(
            campaign=house.campaign, unit=house.units["E2"], by=house.head, title="别家的",
            detail="x", asks="y",
        )  # fmt: skip


def test_a_unit_sees_its_own_and_those_it_has_to_solve(house: House, as_user: As) -> None:
    own, others = raised(house), raised(house, "E2", title="澄江的难题")
    assert list(problems_for(house.head, house.campaign)) == [own]
    assert as_user(house.head).get(f"{HERE}{others.pk}/").status_code == 404
    decided(house, others, responsible="E1")
    assert set(problems_for(house.head, house.campaign)) == {own, others}
    assert problems.report(problem=others, result="已协调", by=house.head).state == "reported"


def test_a_lead_office_sees_and_sorts_what_it_leads(house: House) -> None:
    own, other = raised(house), raised(house, "E2")
    problems.sort(problem=own, event="to_team", lead_unit=house.units["D1"], by=house.office)
    assert list(problems_for(house.lead_office, house.campaign)) == [own]
    assert problems.sort(problem=own, event="to_meeting", by=house.lead_office).slot_on
    with pytest.raises(Refused):
        problems.sort(problem=other, event="to_team", by=house.lead_office)


def test_what_went_up_is_decided_by_a_leader_only(house: House, as_user: As) -> None:
    row = sorted_to(house, raised(house), "to_leaders")
    assert house.leader.inbox.filter(kind="problem").exists()
    ruling = {
        "decision": "同意垫付", "responsible_unit": house.units["E2"].pk,
        "due_on": later().isoformat(),
    }  # fmt: skip
    as_user(house.office).post(f"{HERE}{row.pk}/do/decide/", ruling)
    row.refresh_from_db()
    assert row.state == "for_leaders"
    as_user(house.leader).post(f"{HERE}{row.pk}/rule/", ruling)
    row.refresh_from_db()
    assert (row.state, row.decision) == ("decided", "同意垫付")
    with pytest.raises(Refused):
        problems.decide(
            problem=sorted_to(house, raised(house), "to_meeting"), decision="x",
            responsible_unit=house.units["E2"], due_on=later(), by=house.leader,
        )  # fmt: skip


def test_a_decision_needs_words_a_unit_and_a_day(house: House) -> None:
    row = sorted_to(house, raised(house), "to_meeting")
    good = {"decision": "办", "responsible_unit": house.units["E2"], "due_on": later()}
    for missing, what in (
        ("decision", "议定意见"),
        ("responsible_unit", "责任单位"),
        ("due_on", "办结期限"),
    ):
        given = good | {missing: "" if missing == "decision" else None}
        with pytest.raises(Refused, match=what):
            problems.decide(problem=row, by=house.office, **given)  # type: ignore[arg-type]
    assert problems.decide(problem=row, by=house.office, **good).state == "decided"  # type: ignore[arg-type]


def test_what_did_not_work_goes_up_with_a_reason(house: House) -> None:
    row = decided(house, raised(house))
    with pytest.raises(Refused, match="上报原因"):
        problems.sort(problem=row, event="to_leaders", by=house.office)
    row = problems.sort(problem=row, event="to_leaders", note="两家谈不拢", by=house.office)
    assert row.level == "leaders"


def test_the_slot_is_the_next_weekday_set_and_keeps_what_was_not_met(house: House) -> None:
    wednesday = date(2026, 11, 25)
    assert next_slot(date(2026, 11, 22), 2) == wednesday == next_slot(wednesday, 2)
    assert next_month_day(date(2026, 12, 17), 16) == date(2027, 1, 16)
    row = sorted_to(house, raised(house), "to_meeting")
    assert row.slot_on is not None and row.slot_on.weekday() == 2
    after = row.slot_on + timedelta(days=7)
    assert slot_list(house.office, house.campaign, after) == [row]
    problems.postpone(problem=row, slot_on=after, by=house.office, note="牵头部门出差")
    assert slot_list(house.office, house.campaign, row.slot_on) == []


def test_the_slot_copies_as_text_and_picture(house: House, as_user: As) -> None:
    row = sorted_to(house, raised(house), "to_meeting")
    client, day = as_user(house.inspector), f"?on={row.slot_on}"
    assert "栖湖文旅：地块征收卡在两户。请求：请投资部协调评估" in words(
        client, HERE + "slot/" + day
    )
    assert client.get(HERE + "slot/picture/" + day).content[:4] == b"\x89PNG"
    assert "地块征收" not in words(as_user(house.other_head), HERE + "slot/" + day)
    assert client.get(HERE + "slot/?on=2026-99-99").status_code == 200


def test_a_unit_takes_back_its_own_problem_and_nobody_elses(house: House) -> None:
    row = raised(house)
    with pytest.raises(Refused):
        problems.withdraw(problem=row, by=house.other_head)
    assert problems.withdraw(problem=row, by=house.clerk).state == "withdrawn"


def test_a_closed_problem_that_comes_back_is_taken_up_under_its_number(house: House) -> None:
    row = problems.report(problem=decided(house, raised(house)), result="好了", by=house.other_head)
    row = problems.close(problem=row, by=house.office)
    with pytest.raises(Refused, match="原因"):
        problems.reopen(problem=row, reason=" ", by=house.office)
    row = problems.reopen(problem=row, reason="又停了", by=house.office)
    assert (row.number, row.state, row.closed_on) == (1, "decided", None)


def test_the_list_counts_filters_and_exports(house: House, as_user: As) -> None:
    raised(house)
    decided(house, raised(house, "E2", title="澄江的难题"))
    with clock.at(now() + timedelta(days=12)):
        client = as_user(house.office)
        page = words(client, HERE + "?box=late")
        assert "澄江的难题" in page and "地块征收卡在两户" not in page
        assert "1件超过办结期限" in page
    assert client.get(HERE + "?export=xlsx").content[:2] == b"PK"


def test_the_responsible_unit_is_reminded_before_on_and_after_the_day(house: House) -> None:
    decided(house, raised(house))
    for days, expected in ((6, 0), (7, 2), (10, 2), (11, 2), (12, 0), (18, 2)):
        with clock.at(now() + timedelta(days=days)):
            assert remind() == expected, days
    assert house.other_head.inbox.filter(subject__contains="已逾期8天").exists()
