"""The office's own task list is imported: every bad cell named, nothing half done."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from saima_web.followup.models import Task
from saima_web.people.models import User
from tests.web.cast import House

As = Callable[[User], Client]
IMPORT = "/c/race/tasks/import/"
HEAD = (
    "序号",
    "工作任务",
    "量化目标",
    "责任单位",
    "配合单位",
    "完成时限",
    "进展情况",
    "状态",
    "来源",
)


def uploaded(client: Client, *rows: tuple[Any, ...]) -> str:
    """Upload a list and give the address of its preview."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].title = "清单"
    for row in (("2026年任务清单",), HEAD, *rows):
        book.worksheets[0].append(row)
    book.save(stream)
    file = SimpleUploadedFile("清单.xlsx", stream.getvalue())
    answer = client.post(IMPORT, {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


GOOD = (
    1,
    "引进运营商",
    "签约3家",
    "栖湖文旅",
    "澄江置业",
    "10月底前",
    "已签2家",
    "推进中",
    "会议议定",
)
PART = ("1.1", "谈判", "1份协议", "示例栖湖文旅公司", "", "9月30日", "完成", "已完成", "")
BAD = (2, "修路", "通车3公里", "没有的单位", "", "2月30日", "", "", "")


def test_list_becomes_tasks_with_state_progress_and_parents(house: House, as_user: As) -> None:
    client = as_user(house.office)
    there = uploaded(client, GOOD, PART)
    assert "2项任务都可以导入" in client.get(there).content.decode()
    assert Task.objects.count() == 0, "a preview writes nothing"
    client.post(there)
    whole, part = Task.objects.order_by("number")
    assert (whole.state, whole.source, whole.progress) == ("in_hand", "meeting", "已签2家")
    assert str(whole.deadline) == "2026-10-31"
    assert list(whole.supporting_units.all()) == [house.units["E2"]]
    assert (part.parent, part.state) == (whole, "completed")
    assert part.responsible_unit == house.units["E1"]


def test_bad_cells_are_named_and_nothing_is_written(house: House, as_user: As) -> None:
    client = as_user(house.office)
    there = uploaded(client, GOOD, BAD)
    text = client.get(there).content.decode()
    assert "1行有错" in text
    assert "清单.xlsx“清单”!D4" in text
    assert "“没有的单位”不是本行动的单位" in text
    assert "看不懂完成时限“2月30日”" in text
    assert client.post(there).status_code == 409
    assert Task.objects.count() == 0
    client.post(there, {"which": "good"})
    assert Task.objects.get().title == "引进运营商"


def test_task_that_is_there_already_is_left_out(house: House, as_user: As) -> None:
    client = as_user(house.office)
    client.post(uploaded(client, GOOD))
    there = uploaded(client, GOOD)
    assert "平台上已有同名的任务（编号1）" in client.get(there).content.decode()
    client.post(there)
    assert Task.objects.count() == 1


def test_exported_list_is_read_again_without_a_fault(house: House, as_user: As) -> None:
    client = as_user(house.office)
    client.post(uploaded(client, GOOD, PART))
    content = client.get("/c/race/tasks/?export=xlsx").content
    Task.objects.filter(parent__isnull=False).delete()
    Task.objects.all().delete()
    there = client.post(IMPORT, {"file": SimpleUploadedFile("再来.xlsx", content)})["Location"]
    assert "2项任务都可以导入" in client.get(there).content.decode()


def test_file_without_a_list_says_what_is_needed(house: House, as_user: As) -> None:
    client = as_user(house.office)
    file = SimpleUploadedFile("别的.csv", "指标,目标值\n营业收入,5".encode())
    there = client.post(IMPORT, {"file": file})["Location"]
    assert "没有找到任务清单" in client.get(there).content.decode()


def test_unreadable_file_is_refused_in_words_and_clerks_do_not_import(
    house: House, as_user: As
) -> None:
    client = as_user(house.office)
    there = client.post(IMPORT, {"file": SimpleUploadedFile("坏.xlsx", b"nothing")})["Location"]
    assert client.get(there).status_code == 200
    assert as_user(house.clerk).get(IMPORT).status_code == 403
    answer = client.post(IMPORT, {"file": SimpleUploadedFile("表.docx", b"PK")})
    assert "不能读取" in answer.content.decode()
