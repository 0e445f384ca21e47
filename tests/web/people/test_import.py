"""Units, users, posts and deputies come from a sheet: all of it or nothing, row by row explained."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from saima_web.audit.models import Entry
from saima_web.people.models import Post, Unit, User
from tests.web.cast import House

Sheets = dict[str, list[list[object]]]
UNITS = ["代码", "名称", "简称", "类型", "上级", "机构序"]
USERS = ["登录名", "姓名", "单位", "职务"]
POSTS = ["登录名", "角色", "行动", "单位", "指标类别", "起", "止", "代理谁"]


def workbook(sheets: Sheets) -> io.BytesIO:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "人员.xlsx"
    return stream


GOOD: Sheets = {
    "单位": [UNITS, ["E4", "示例云岭农业公司", "云岭农业", "企业", "G", 31], ["E5", "云岭茶厂", "", "企业", "E4", 32]],
    "用户": [USERS, ["yan", "严小禾", "云岭农业", "科员"], ["mu", "穆青", "E5", "经理"]],
    "角色": [
        POSTS,
        ["yan", "填报员", "示例赛马行动", "E4", "", "", "", ""],
        ["mu", "单位负责人", "race", "云岭茶厂", "", "", "", ""],
        ["yan", "单位负责人", "race", "E1", "", "", "2099-12-31", "head"],
        ["mu", "数据责任部门", "race", "", "经营效益、投资建设", "", "", ""],
    ],
}  # fmt: skip


@pytest.fixture
def admin(house: House, as_user: Callable[[User], Client]) -> Client:
    return as_user(house.admin)


def upload(client: Client, sheets: Sheets) -> str:
    answer = client.post("/people/import/", {"file": workbook(sheets)})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_sheet_brings_units_users_posts_and_deputies(house: House, admin: Client) -> None:
    address = upload(admin, GOOD)
    assert "8行都可以导入" in admin.get(address).content.decode()
    page = admin.post(address).content.decode()
    yan = User.objects.get(username="yan")
    assert (yan.unit, yan.must_change_password) == (Unit.objects.get(code="E4"), True)
    assert Unit.objects.get(code="E5").parent == yan.unit
    deputy = yan.posts.get(role="head")
    assert (deputy.deputy_for, deputy.unit) == (house.head, house.units["E1"])
    assert User.objects.get(username="mu").posts.get(role="data-owner").categories == [
        "经营效益",
        "投资建设",
    ]
    password = page.split("<td>yan</td><td><code>")[1].split("</code>")[0]
    assert Client().login(username="yan", password=password) or yan.check_password(password)
    told = Entry.objects.filter(event="user.added")
    assert told.count() == 2
    assert all("严小禾" not in str(e.data) for e in told)


def test_second_import_of_a_sheet_changes_nothing(admin: Client, house: House) -> None:
    admin.post(upload(admin, GOOD))
    before = Post.objects.count(), User.objects.count()
    assert "不需要导入" in admin.get(upload(admin, GOOD)).content.decode()
    assert (Post.objects.count(), User.objects.count()) == before


def bad() -> Sheets:
    return {
        "单位": [UNITS, ["E4", "", "云岭", "公司", "没有的", "x"], ["E6", "示例江岸港务公司", "", "企业", "G", 5]],
        "用户": [USERS, ["yan yi", "严小禾", "E1", ""], ["ok", "石磊", "E6", ""], ["ok", "石磊", "E6", ""],
               ["kid", "田野", "云岭", ""]],
        "角色": [POSTS, ["kid", "填报员", "race", "", "", "", "", ""], ["ok", "填报", "race", "E6", "", "", "", ""],
               ["head", "填报员", "没有的行动", "E1", "", "昨天", "", "owner"]],
    }  # fmt: skip


def test_every_bad_row_is_told_with_its_cell_and_mend(admin: Client, house: House) -> None:
    page = admin.get(upload(admin, bad())).content.decode()
    for words in (
        "人员.xlsx“单位”!B2", "“名称”没有填", "“类型”不能是“公司”", "“上级”里的“没有的”找不到",
        "“机构序”里的“x”不是整数", "登录名“yan yi”里有不能用的字符", "“ok”与第3行重复",
        "“单位”里的“云岭”所在的第2行有错", "“单位”没有填", "“角色”不能是“填报”",
        "“行动”里的“没有的行动”找不到", "“起”里的“昨天”不是日期", "代理没有写明截止日期",
    ):  # fmt: skip
        assert words in page, words


def test_nothing_is_imported_while_a_row_is_wrong(admin: Client, house: House) -> None:
    answer = admin.post(upload(admin, bad()))
    assert answer.status_code == 409
    assert not User.objects.filter(username="ok").exists()
    assert not Unit.objects.filter(code="E6").exists()


def test_failed_rows_come_back_alone_to_be_mended(admin: Client, house: House) -> None:
    address = upload(admin, bad())
    book = openpyxl.load_workbook(io.BytesIO(admin.get(address + "failed/").content))
    assert [r[0].value for r in book["单位"].iter_rows(min_row=2)] == ["E4"]
    assert [r[0].value for r in book["用户"].iter_rows(min_row=2)] == ["yan yi", "ok", "kid"]
    assert "没有填" in str(book["单位"].cell(2, 9).value)


def test_good_rows_can_be_taken_alone_without_those_that_build_on_bad_ones(
    admin: Client, house: House
) -> None:
    admin.post(upload(admin, bad()), {"which": "good"})
    assert User.objects.filter(username="ok").count() == 1
    assert Unit.objects.filter(code="E6").exists()
    assert not User.objects.filter(username__in=("kid", "yan yi")).exists()
    assert not house.head.posts.filter(role="clerk").exists()


def test_superiors_in_a_circle_are_refused(admin: Client, house: House) -> None:
    rows: Sheets = {
        "单位": [UNITS, ["A", "甲公司", "", "企业", "B", 1], ["B", "乙公司", "", "企业", "A", 2]]
    }
    page = admin.get(upload(admin, rows)).content.decode()
    assert page.count("绕成了圈") == 2


def test_template_opens_and_imports_nothing_by_itself(admin: Client, house: House) -> None:
    stream = io.BytesIO(admin.get("/people/import/template/").content)
    stream.name = "模板.xlsx"
    address = admin.post("/people/import/", {"file": stream})["Location"]
    assert "不需要导入" in admin.get(address).content.decode()


def test_a_file_that_is_no_workbook_is_refused_in_words(admin: Client, house: House) -> None:
    stream = io.BytesIO(b"not a workbook")
    stream.name = "人员.xlsx"
    address = admin.post("/people/import/", {"file": stream})["Location"]
    assert "换一个文件" in admin.get(address).content.decode()
    text = io.BytesIO(b"x")
    text.name = "人员.txt"
    assert "不能读取“.txt”文件" in admin.post("/people/import/", {"file": text}).content.decode()


def test_office_cannot_import_people(house: House, as_user: Callable[[User], Client]) -> None:
    assert as_user(house.office).post("/people/import/", {}).status_code == 403


def test_upload_of_another_administrator_is_not_there(
    house: House, admin: Client, as_user: Callable[[User], Client]
) -> None:
    address = upload(admin, GOOD)
    Post.objects.create(user=house.viewer, role="administrator")
    assert as_user(house.viewer).get(address).status_code == 404


def test_hundreds_of_users_are_imported_at_once(
    admin: Client, house: House, tmp_path: Path
) -> None:

    rows: Sheets = {"用户": [USERS, *[[f"u{n}", f"用户{n}", "E1", ""] for n in range(300)]]}
    address = upload(admin, rows)
    admin.post(address)
    assert User.objects.filter(username__startswith="u").count() >= 300
