"""A task's supporting project as a link both ways, and its contingency plan as text and file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saima.problems import Refused
from saima_web.audit.models import Entry
from saima_web.base.clock import today
from saima_web.campaigns.models import Campaign
from saima_web.followup.actions import change_task
from saima_web.followup.models import Task
from saima_web.followup.parts import PartOf, split
from saima_web.people.models import User
from saima_web.projects.models import Project
from tests.web.cast import House
from tests.web.followup.making import reach, task

As = Callable[[User], Client]
TASKS = "/c/race/tasks/"
PDF = b"%PDF-1.4 plan"


def project(house: House, name: str = "示例环湖路", **other: Any) -> Project:
    given = {"campaign": house.campaign, "unit": house.units["E1"], "name": name} | other
    return Project.objects.create(category="new", kind="infrastructure", **given)


def form_of(house: House, **other: Any) -> dict[str, Any]:
    return {
        "title": "环湖路开工", "responsible_unit": house.units["E1"].pk, "source": "plan",
        "deadline_kind": "day", "every": "month", "deadline": today() + timedelta(days=20), **other,
    }  # fmt: skip


def test_project_and_task_lead_to_each_other(house: House, as_user: As) -> None:
    road = project(house)
    client = as_user(house.office)
    client.post(TASKS + "new/", form_of(house, project=road.pk, supporting_project="别的"))
    made = Task.objects.get()
    assert (made.project, made.supporting_project) == (road, "示例环湖路")
    assert f'href="/c/race/projects/{road.pk}/"' in client.get(TASKS + "1/").content.decode()
    page = client.get(f"/c/race/projects/{road.pk}/").content.decode()
    assert f'href="{TASKS}?project={road.pk}"' in page
    task(house, title="无关的")
    text = client.get(f"{TASKS}?project={road.pk}").content.decode()
    assert "环湖路开工" in text
    assert "无关的" not in text


def test_a_name_finds_its_project_and_another_name_leaves_it(house: House) -> None:
    road = project(house)
    made = task(house, supporting_project="示例环湖路")
    assert made.project == road
    assert task(house, title="另一件", supporting_project="百日攻坚").project is None
    changed = change_task(task=made, supporting_project="百日攻坚", by=house.office)
    assert (changed.project, changed.supporting_project) == (None, "百日攻坚")
    changed = change_task(task=made, project=road, by=house.office)
    assert (changed.project, changed.supporting_project) == (road, "示例环湖路")


def test_a_project_of_another_campaign_is_refused(house: House) -> None:
    other = Campaign.objects.create(
        code="other", name="另一行动", start=house.campaign.start, end=house.campaign.end
    )
    with pytest.raises(Refused, match="不在这个行动的重点项目里"):
        task(house, project=project(house, campaign=other))
    assert not Task.objects.exists()


def test_parts_rest_on_the_same_project(house: House) -> None:
    whole = task(house, project=project(house))
    part = PartOf("第一步", house.units["E1"], today() + timedelta(days=3))
    (made,) = split(task=whole, parts=[part], by=house.office)
    assert made.project == whole.project


def test_contingency_plan_is_kept_as_it_was_brought(house: House, as_user: As) -> None:
    given = form_of(house, contingency_plan="雨天停工", file=SimpleUploadedFile("预案.pdf", PDF))
    as_user(house.office).post(TASKS + "new/", given)
    made = reach(house, "in_hand", Task.objects.get())
    page = as_user(house.clerk).get(TASKS + "1/").content.decode()
    assert "雨天停工" in page
    assert "预案.pdf" in page
    answer = as_user(house.clerk).get(TASKS + "1/file/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_user(house.other_clerk).get(TASKS + "1/file/").status_code == 404
    change_task(task=made, person="小周", by=house.office)
    assert Task.objects.get().file_name == "预案.pdf", "it stays where none is brought"


def test_a_file_that_is_none_is_refused_and_nothing_is_lost(house: House, as_user: As) -> None:
    bad = SimpleUploadedFile("预案.pdf", b"MZ not a document")
    answer = as_user(house.office).post(TASKS + "new/", form_of(house, file=bad))
    assert "内容不是PDF格式" in answer.content.decode()
    assert "环湖路开工" in answer.content.decode()
    assert not Task.objects.exists()
    task(house)
    assert as_user(house.office).get(TASKS + "1/file/").status_code == 404


def test_what_shows_the_work_stands_with_its_line_and_in_the_ledger(
    house: House, as_user: As
) -> None:
    made = reach(house, "accepted")
    client = as_user(house.clerk)
    page = client.get(f"{TASKS}{made.number}/").content.decode()
    assert page.count('type="file" name="file"') == 2
    sent = {"do": "tell", "words": "已签两家", "file": SimpleUploadedFile("合同.pdf", PDF)}
    client.post(f"{TASKS}{made.number}/step/", sent)
    told = made.reports.get()
    assert (told.text, told.file_name) == ("已签两家", "合同.pdf")
    address = f"{TASKS}reports/{told.pk}/file/"
    assert f'href="{address}"' in client.get(f"{TASKS}{made.number}/").content.decode()
    answer = as_user(house.office).get(address)
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert as_user(house.other_clerk).get(address).status_code == 404
    entry = Entry.objects.get(event="task.told")
    assert entry.data["digest"] == hashlib.sha256(PDF).hexdigest()
    sent = {"do": "report", "words": "都签了", "file": SimpleUploadedFile("现场.pdf", PDF)}
    client.post(f"{TASKS}{made.number}/step/", sent)
    assert made.reports.get(final=True).file_name == "现场.pdf"


def test_a_line_without_a_file_has_none_to_fetch(house: House, as_user: As) -> None:
    made = reach(house, "accepted")
    as_user(house.clerk).post(f"{TASKS}{made.number}/step/", {"do": "tell", "words": "在谈"})
    told = made.reports.get()
    assert as_user(house.clerk).get(f"{TASKS}reports/{told.pk}/file/").status_code == 404


def test_a_file_that_is_no_document_keeps_what_was_written(house: House, as_user: As) -> None:
    made = reach(house, "accepted")
    sent = {"do": "tell", "words": "已签两家", "file": SimpleUploadedFile("合同.pdf", b"no pdf")}
    answer = as_user(house.clerk).post(f"{TASKS}{made.number}/step/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "没有收下" in text and "已签两家" in text
    assert not made.reports.exists()
