"""Inspections: planned, approved, recorded, told, answered or disputed; findings to the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from saima.files.docx_check import check_docx
from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base import clock
from saima_web.base.clock import now, today
from saima_web.followup import loop
from saima_web.followup.models import Task
from saima_web.messaging.models import Message
from saima_web.people.models import User
from saima_web.scoring.models import ScoreEvent
from saima_web.supervision import actions, findings
from saima_web.supervision.models import Inspected, Inspection
from saima_web.supervision.queries import inspections_for
from saima_web.supervision.waiting import my_supervision
from tests.web.cast import House
from tests.web.followup.making import DO, UNIT_DOES, WAYS
from tests.web.supervision.making import concluded, fault, later, part_of, planned, recorded

As = Callable[[User], Client]
HERE = "/c/race/supervision/"


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


# --- the plan -----------------------------------------------------------------------------------


def test_the_year_is_planned_approved_and_then_needs_a_reason(house: House, as_user: As) -> None:
    planned(house)
    assert "批准计划" in words(as_user(house.leader), HERE)
    as_user(house.leader).post(HERE + "approve/")
    with pytest.raises(Refused, match="计划外原因"):
        planned(house, title="再查一次")
    late = planned(house, title="再查一次", reason="省里交办")
    assert not late.planned
    assert "计划外：省里交办" in words(as_user(house.inspector), f"{HERE}{late.pk}/")


@pytest.mark.parametrize("who", ["office", "inspector", "head", "lead_office"])
def test_nobody_but_a_leader_approves_the_plan(house: House, who: str) -> None:
    planned(house)
    with pytest.raises(Refused):
        actions.approve_plan(campaign=house.campaign, year=today().year, by=house.people[who])


def test_an_approved_inspection_is_not_changed(house: House) -> None:
    row = planned(house)
    actions.change_inspection(inspection=row, title="改一次", by=house.inspector)
    actions.approve_plan(campaign=house.campaign, year=today().year, by=house.leader)
    with pytest.raises(Refused, match="已经批准"):
        actions.change_inspection(inspection=row, title="再改", by=house.inspector)


def test_a_lead_office_plans_its_own_matters_only(house: House) -> None:
    own = planned(house, by="lead_office", lead_unit=house.units["D1"])
    assert own.lead_unit == house.units["D1"]
    with pytest.raises(Refused):
        planned(house, by="lead_office", lead_unit=house.units["D2"])
    with pytest.raises(Refused):
        actions.change_inspection(inspection=own, lead_unit=house.units["D2"], by=house.lead_office)


def test_a_lead_office_reaches_the_categories_of_its_post(house: House) -> None:
    house.lead_office.posts.update(categories=["投资建设"])
    row = planned(house)
    assert inspections_for(house.lead_office, house.campaign).get() == row
    house.lead_office.posts.update(categories=["经营效益"])
    del house.lead_office._posts_today  # type: ignore[attr-defined]
    assert not inspections_for(house.lead_office, house.campaign).exists()


def test_two_comprehensive_inspections_of_a_department_are_pointed_out(
    house: House, as_user: As
) -> None:
    planned(house, kind="comprehensive")
    assert "减负" not in words(as_user(house.office), HERE)
    planned(house, kind="comprehensive", title="又一次综合督查")
    assert "投资部今年安排了一次以上综合督查" in words(as_user(house.office), HERE)


def test_an_inspection_is_arranged_from_its_page(house: House, as_user: As) -> None:
    client = as_user(house.inspector)
    data = {
        "title": "安全督查", "kind": "special", "begins_on": "2026-12-10", "ends_on": "2026-12-01",
        "content": "隐患整改", "units": [house.units["E1"].pk],
    }  # fmt: skip
    page = client.post(HERE + "new/", data).content.decode()
    assert "不早于开始日期" in page and "安全督查" in page, "what was typed is kept"
    client.post(HERE + "new/", data | {"ends_on": "2026-12-12"})
    assert Inspection.objects.get().parts.get().unit == house.units["E1"]


# --- one unit -----------------------------------------------------------------------------------


def test_the_unit_reads_nothing_before_the_conclusion_is_told(house: House, as_user: As) -> None:
    part = recorded(house, part_of(planned(house)))
    fault(house, part)
    page = f"{HERE}{part.inspection_id}/"
    assert "查看3个工地" not in words(as_user(house.head), page)
    assert "开工未入库" not in words(as_user(house.head), HERE + "findings/")
    assert as_user(house.head).get(f"{HERE}parts/{part.pk}/paper/").status_code == 404
    concluded(house, part)
    assert "查看3个工地" in words(as_user(house.head), page)
    assert "开工未入库" in words(as_user(house.head), HERE + "findings/")


def test_other_units_see_neither_part_nor_findings(
    house: House, as_user: As, told: Inspected
) -> None:
    client = as_user(house.other_head)
    page = words(client, f"{HERE}{told.inspection_id}/")
    assert "栖湖文旅" not in page and "开工未入库" not in page and "澄江置业" in page
    assert client.post(f"{HERE}parts/{told.pk}/say/answer/", {"text": "代答"}).status_code == 404
    lone = part_of(planned(house, "E1", title="只查栖湖文旅"))
    assert client.get(f"{HERE}{lone.inspection_id}/").status_code == 404


def test_head_answers_and_the_inspector_closes_once_all_is_made_good(
    house: House, as_user: As, told: Inspected
) -> None:
    found = told.findings.get()
    as_user(house.head).post(f"{HERE}parts/{told.pk}/say/answer/", {"text": "已制定整改方案。"})
    client = as_user(house.inspector)
    page = client.post(f"{HERE}parts/{told.pk}/do/close/", {"text": ""}).content.decode()
    assert "还有1个问题没有整改到位" in page
    as_user(house.clerk).post(f"{HERE}findings/{found.pk}/report/", {"text": "资料已补，已入库。"})
    client.post(f"{HERE}findings/{found.pk}/do/send-back/", {"text": "还差施工许可"})
    as_user(house.clerk).post(f"{HERE}findings/{found.pk}/report/", {"text": "许可已办。"})
    client.post(f"{HERE}findings/{found.pk}/do/settle/", {"text": ""})
    client.post(f"{HERE}parts/{told.pk}/do/close/", {"text": "整改到位"})
    told.refresh_from_db()
    found.refresh_from_db()
    assert (told.state, found.state) == ("closed", "settled")


def test_clerk_cannot_answer_for_the_head(house: House, told: Inspected) -> None:
    with pytest.raises(Refused):
        actions.answer(part=told, text="已整改", by=house.clerk)
    assert actions.answer(part=told, text="已整改", by=house.head).state == "answered"


def test_an_objection_is_reviewed_and_the_conclusion_stands_or_is_told_again(
    house: House, told: Inspected
) -> None:
    actions.object_to(part=told, text="入库资料10日已报。", by=house.head)
    with pytest.raises(Refused):
        actions.review(part=told, upheld=True, text="自己复核", by=house.head)
    actions.review(part=told, upheld=False, text="经核，资料已报。", by=house.inspector)
    part = concluded(house, told)
    assert part.state == "concluded"
    actions.object_to(part=part, text="仍有出入。", by=house.head)
    part = actions.review(part=part, upheld=True, text="事实清楚，维持。", by=house.inspector)
    with pytest.raises(Refused, match="不能提出异议"):
        actions.object_to(part=part, text="再提", by=house.head)
    assert actions.answer(part=part, text="接受。", by=house.head).state == "answered"


def test_after_the_day_to_answer_there_is_no_objection_but_still_an_answer(
    house: House, told: Inspected
) -> None:
    with clock.at(now() + timedelta(days=11)):
        with pytest.raises(Refused, match="不能再提异议"):
            actions.object_to(part=told, text="有异议", by=house.head)
        assert actions.answer(part=told, text="情况如下", by=house.head).state == "answered"


def test_an_answer_that_says_nothing_goes_back(house: House, told: Inspected) -> None:
    part = actions.answer(part=told, text="已阅。", by=house.head)
    part = actions.return_answer(part=part, text="没有措施和时限", by=house.inspector)
    assert part.state == "returned"
    assert house.head.inbox.filter(subject__contains="退回").exists()


def test_findings_need_requirement_and_day_and_an_open_record(house: House) -> None:
    part = part_of(planned(house))
    with pytest.raises(Refused, match="督查情况记录"):
        fault(house, part)
    part = recorded(house, part)
    with pytest.raises(Refused, match="整改要求"):
        findings.add_finding(part=part, kind="fault", text="问题", by=house.inspector)
    with pytest.raises(Refused, match="整改期限"):
        findings.add_finding(
            part=part, kind="fault", text="问题", requirement="改", deadline=later(-1),
            by=house.inspector,
        )  # fmt: skip
    fault(house, part)
    concluded(house, part)
    with pytest.raises(Refused, match="不能再增减"):
        fault(house, part, "又一个")


# --- what follows -------------------------------------------------------------------------------


def test_a_fault_becomes_a_task_of_the_unit_once(house: House, told: Inspected) -> None:
    found = told.findings.get()
    made = findings.make_task(finding=found, by=house.office)
    row = Task.objects.get()
    assert made == row and row.source == "inspection" and row.responsible_unit == told.unit
    assert row.goal == "补齐资料，本月入库" and "三季度投资进度专项督查" in row.source_note
    with pytest.raises(Refused, match="已经立项"):
        findings.make_task(finding=found, by=house.office)


def test_the_inspector_makes_a_task_and_the_unit_finds_its_way_back(
    house: House, as_user: As, told: Inspected
) -> None:
    found = told.findings.get()
    path = f"{HERE}findings/{found.pk}/do/task/"
    assert as_user(house.head).post(path).status_code == 403
    as_user(house.inspector).post(path)
    row = Task.objects.get()
    assert row.state == "assigned"
    assert house.clerk.inbox.filter(kind="task").exists()
    page = as_user(house.clerk).get(f"/c/race/tasks/{row.number}/").content.decode()
    assert f'href="{HERE}{told.inspection_id}/"' in page
    assert as_user(house.clerk).get(f"{HERE}{told.inspection_id}/").status_code == 200
    assert as_user(house.inspector).get("/c/race/tasks/new/").status_code == 403, "no other task"
    with pytest.raises(Refused, match="没有“督查发现立项督办”的权限"):
        findings.make_task(finding=found, by=house.head)


def test_a_task_struck_off_proposes_to_settle_its_fault(
    house: House, as_user: As, told: Inspected
) -> None:
    found = told.findings.get()
    made = findings.make_task(finding=found, by=house.inspector)
    waits = [w.title for w in my_supervision(house.head, house.campaign)]
    assert not any("待整改" in title for title in waits), "it waits as a task"
    with pytest.raises(Refused, match="现在是“整改中”"):
        findings.judge(finding=found, settled=True, note="", by=house.inspector)
    for event in WAYS["closed_out"][1:]:
        DO[event](made, house.clerk if event in UNIT_DOES else house.office)
    page = as_user(house.inspector).get(f"{HERE}{told.inspection_id}/").content.decode()
    assert "任务已销号，请核实这个问题是否整改到位" in page
    waits = [w.title for w in my_supervision(house.inspector, house.campaign)]
    assert any("督查整改待核实" in title for title in waits)
    found = findings.judge(finding=found, settled=True, note="现场看过", by=house.inspector)
    assert (found.state, found.measure) == ("settled", "已签约3家")
    assert not any("待核实" in w.title for w in my_supervision(house.inspector, house.campaign))


def test_a_fault_whose_task_was_stopped_may_get_another(house: House, told: Inspected) -> None:
    found = told.findings.get()
    loop.stop(
        task=findings.make_task(finding=found, by=house.inspector), reason="立错了", by=house.office
    )
    again = findings.make_task(finding=found, by=house.inspector)
    found.refresh_from_db()
    assert found.task == again


def test_a_fault_counts_with_the_conclusion_as_its_basis(
    house: House, as_user: As, told: Inspected
) -> None:
    found = told.findings.get()
    path = f"{HERE}findings/{found.pk}/do/score/"
    assert (
        as_user(house.inspector).post(path, {"item": "deduction:工作推动不力"}).status_code == 403
    )
    as_user(house.office).post(path, {"item": "deduction:工作推动不力"})
    event = ScoreEvent.objects.get()
    assert (event.unit, event.kind, event.name) == (told.unit, "deduction", "工作推动不力")
    assert "督查结论" in event.basis
    with pytest.raises(Refused, match="已经计分"):
        findings.score(finding=found, kind="deduction", name="工作推动不力", by=house.office)


def test_nothing_counts_before_the_unit_was_told(house: House) -> None:
    part = recorded(house, part_of(planned(house)))
    found = fault(house, part)
    for step in (
        lambda: findings.make_task(finding=found, by=house.office),
        lambda: findings.score(finding=found, kind="deduction", name="x", by=house.office),
    ):
        with pytest.raises(Refused, match="还没有送达"):
            step()
    assert not ScoreEvent.objects.exists() and not Task.objects.exists()


def test_the_bulletin_and_the_conclusion_pass_the_official_form(
    house: House, as_user: As, told: Inspected, tmp_path: Path
) -> None:
    client = as_user(house.inspector)
    for path in (f"{HERE}{told.inspection_id}/bulletin/", f"{HERE}parts/{told.pk}/paper/"):
        answer = client.get(path)
        file = tmp_path / "paper.docx"
        file.write_bytes(answer.content)
        assert check_docx(file) == []
    assert as_user(house.head).get(f"{HERE}parts/{told.pk}/paper/").status_code == 200
    assert as_user(house.head).get(f"{HERE}{told.inspection_id}/bulletin/").status_code == 403


def test_a_bulletin_before_any_conclusion_is_refused(house: House, as_user: As) -> None:
    row = planned(house)
    answer = as_user(house.inspector).get(f"{HERE}{row.pk}/bulletin/")
    assert answer.status_code == 409 and "还没有送达的结论" in answer.content.decode()


def test_every_step_stands_in_the_ledger_and_tells_whom_it_concerns(
    house: House, told: Inspected
) -> None:
    actions.answer(part=told, text="收到。", by=house.head)
    events = set(Entry.objects.values_list("event", flat=True))
    assert {
        "inspection.planned", "inspection.recorded", "finding.added", "inspection.concluded",
        "inspection.answered",
    } <= events  # fmt: skip
    assert Message.objects.filter(to=house.head, kind="inspection").exists()
    assert Message.objects.filter(to=house.inspector, subject__contains="反馈了督查结论").exists()
