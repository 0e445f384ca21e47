"""The pages of tasks: who finds what, what a page says, what a form does and refuses."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client

from saima_web.base.clock import today
from saima_web.dashboards.queries import my_work
from saima_web.followup import loop
from saima_web.followup.actions import write_instruction
from saima_web.followup.models import Task
from saima_web.followup.queries import tasks_for
from saima_web.people.models import User
from tests.web.cast import House
from tests.web.followup.making import reach, task

As = Callable[[User], Client]
TASKS = "/c/race/tasks/"


def numbers(by: User, house: House) -> list[int]:
    return list(tasks_for(by, house.campaign).order_by("number").values_list("number", flat=True))


def test_each_sees_their_own_tasks(house: House) -> None:
    mine, other = reach(house, "assigned"), task(house, "E2")
    waiting = task(house)
    loop.assign(task=other, by=house.office)
    other.supporting_units.add(house.units["C1"])
    assert numbers(house.office, house) == numbers(house.leader, house) == [1, 2, 3]
    assert numbers(house.clerk, house) == [mine.number], "what waits to be assigned is not told"
    assert numbers(house.other_head, house) == [other.number]
    assert numbers(house.viewer, house) == numbers(house.lead_office, house) == []
    assert waiting.state == "initiated"
    other.supporting_units.add(house.units["E1"])
    assert numbers(house.clerk, house) == [1, 2], "a supporting unit sees it"


def test_lead_office_sees_its_fronts(house: House) -> None:
    house.lead_office.posts.update(categories=["投资建设"])
    task(house, front="投资建设")
    task(house, front="招商引资")
    assert numbers(User.objects.get(username="lead_office"), house) == [1]


@pytest.mark.parametrize("page", ["", "board/", "calendar/", "timeline/"])
def test_task_of_another_unit_is_on_no_page(house: House, as_user: As, page: str) -> None:
    reach(house, "in_hand", task(house, title="甲单位的任务"))
    assert "甲单位的任务" in as_user(house.clerk).get(TASKS + page).content.decode()
    shown = as_user(house.other_clerk).get(TASKS + page)
    assert shown.status_code == 200
    assert "甲单位的任务" not in shown.content.decode()
    assert as_user(house.other_clerk).get(TASKS + "1/").status_code == 404


def test_list_says_what_is_late_and_filters_by_it(house: House, as_user: As) -> None:
    late = reach(house, "in_hand", task(house, title="逾期的"))
    Task.objects.filter(pk=late.pk).update(deadline=today() - timedelta(days=4))
    task(house, "E2", title="不急的", deadline=today() + timedelta(days=60))
    text = as_user(house.office).get(TASKS).content.decode()
    assert "2项任务，" in text
    assert "逾期1项，" in text
    text = as_user(house.office).get(TASKS + "?box=overdue").content.decode()
    assert "逾期的" in text
    assert "不急的" not in text
    text = as_user(house.office).get(TASKS + "?unit=E2").content.decode()
    assert "不急的" in text
    assert "逾期的" not in text


def test_list_is_exported_in_the_offices_columns(house: House, as_user: As) -> None:
    task(house, title="引进运营商")
    answer = as_user(house.office).get(TASKS + "?export=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert rows[1][:4] == ("序号", "战线", "工作任务", "目标（量化）")
    assert (rows[2][0], rows[2][2], rows[2][3]) == ("1", "引进运营商", "签约3家")


def test_form_initiates_and_falls_back_on_the_default_limit(house: House, as_user: As) -> None:
    given = {
        "title": "落实会议议定事项", "responsible_unit": house.units["E1"].pk, "source": "meeting",
        "deadline_kind": "day", "every": "month", "limit": "meeting",
    }  # fmt: skip
    answer = as_user(house.office).post(TASKS + "new/", given)
    made = Task.objects.get()
    assert answer.status_code == 302
    assert made.deadline >= today() + timedelta(days=7)
    answer = as_user(house.office).post(TASKS + "new/", given | {"limit": ""})
    assert "请写明时限，或选一个时限类别" in answer.content.decode()
    assert Task.objects.count() == 1


def test_next_step_is_offered_to_whom_it_belongs(house: House, as_user: As) -> None:
    reach(house, "assigned")
    assert 'value="accept"' in as_user(house.clerk).get(TASKS + "1/").content.decode()
    assert 'value="accept"' not in as_user(house.office).get(TASKS + "1/").content.decode()


def test_words_are_kept_where_a_step_is_refused(house: House, as_user: As) -> None:
    made = reach(house, "in_hand")
    task(house, parent=made)
    given = {"do": "report", "words": "已签约3家，合同在档案室"}
    answer = as_user(house.clerk).post(TASKS + "1/step/", given)
    assert answer.status_code == 409
    assert "还有1项下级任务没有办结" in answer.content.decode()
    assert "已签约3家，合同在档案室" in answer.content.decode()


def test_step_is_taken_by_form_and_refused_to_others(house: House, as_user: As) -> None:
    made = reach(house, "assigned")
    assert as_user(house.office).post(TASKS + "1/step/", {"do": "accept"}).status_code == 403
    as_user(house.clerk).post(TASKS + "1/step/", {"do": "accept", "next": "board"})
    made.refresh_from_db()
    assert made.state == "accepted"


def test_many_are_assigned_at_once_and_what_fails_is_named(house: House, as_user: As) -> None:
    task(house), task(house, "E2")
    reach(house, "in_hand")
    client = as_user(house.office)
    client.post(TASKS + "bulk/", {"do": "assign", "task": ["1", "2", "3"]})
    assert [t.state for t in Task.objects.order_by("number")] == ["assigned", "assigned", "in_hand"]
    text = client.get(TASKS).content.decode()
    assert "2项已办" in text
    assert "现在是“承办中”，不能交办" in text


def test_reminder_is_copied_and_noted(house: House, as_user: As) -> None:
    made = reach(house, "in_hand")
    client = as_user(house.office)
    there = client.post(TASKS + "bulk/", {"do": "remind", "task": ["1"]})["Location"]
    assert "引进文旅运营商" in client.get(there).content.decode()
    client.post(TASKS + "remind/", {"task": ["1"]})
    assert "栖湖文旅：" in made.reminders.get().text


def test_board_moves_a_card_and_calendar_shows_the_day(house: House, as_user: As) -> None:
    made = task(house)
    assert 'value="assign"' in as_user(house.office).get(TASKS + "board/").content.decode()
    month = f"{made.deadline:%Y-%m}"
    shown = as_user(house.office).get(TASKS + f"calendar/?month={month}").content.decode()
    assert f"{made.deadline.year}年{made.deadline.month}月1项任务到期" in shown
    assert as_user(house.office).get(TASKS + "calendar/?month=x").status_code == 200


def test_my_work_shows_what_waits_for_unit_and_office(house: House) -> None:
    reach(house, "assigned"), reach(house, "reported")
    of_unit = [i.title for i in my_work(house.clerk, house.campaign) if i.kind == "task"]
    of_office = [i.title for i in my_work(house.office, house.campaign) if i.kind == "task"]
    assert of_unit == ["“引进文旅运营商”待签收"]
    assert of_office == ["“引进文旅运营商”报告办结，待审核"]
    other = my_work(house.other_clerk, house.campaign)
    assert [i for i in other if i.kind == "task"] == []


def test_instruction_page_leads_to_the_task(house: House, as_user: As) -> None:
    row = write_instruction(
        campaign=house.campaign, unit=house.units["E1"], text="拿出时间表", by=house.leader,
        due_on=today() + timedelta(days=7),
    )  # fmt: skip
    client = as_user(house.office)
    address = f"/c/race/instructions/{row.pk}/task/"
    assert address in client.get("/c/race/instructions/").content.decode()
    assert address not in as_user(house.clerk).get("/c/race/instructions/").content.decode()
    form = client.get(address).context["form"]
    given = {k: form[k].value() or "" for k in form.fields if k != "responsible_unit"}
    given |= {"responsible_unit": house.units["E1"].pk, "supporting_units": [], "indicators": []}
    client.post(address, given)
    made = Task.objects.get()
    assert (made.instruction, made.state) == (row, "assigned")
    assert f"{TASKS}{made.number}/" in client.get("/c/race/instructions/").content.decode()
