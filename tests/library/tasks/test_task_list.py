"""The office's task list: read as it is, every bad cell named, written in the usual columns."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from saima.cli import main
from saima.files.task_list import TaskList, read_task_list, write_task_list
from saima.tasks.deadlines import Deadline
from saima.tasks.model import Task

HEAD = (
    "序号",
    "工作任务",
    "目标\n（量化）",
    "责任（牵头）单位",
    "配合单位",
    "责 任 人",
    "完成\n时限",
    "进展情况",
    "状态",
)


def book(tmp_path: Path, rows: list[tuple[Any, ...]], head: tuple[Any, ...] = HEAD) -> Path:
    """A workbook with a title, the header, rows."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "清单"
    sheet.append(("示例集团2026年百日攻坚任务清单",))
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    made.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def read(path: Path) -> TaskList:
    return read_task_list(path, 2020)


def told(found: TaskList) -> dict[str, str]:
    return {p.place.cell: p.code for p in found.problems}


def test_usual_list_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [
        ("一、产业招商",),
        (1, "引进文旅运营商", "签约3家", "栖湖文旅", "澄江置业、望岳建设", "沈知禾", "10月底前", "已签2家", "推进中"),
        ("1.1", "谈判", "", "栖湖文旅", "", "", "9月30日前", "完成", "已完成"),
        ("注：本表每周五更新。",),
        (9, "注解下面的不算", "", "栖湖文旅", "", "", "9月30日前"),
    ]  # fmt: skip
    found = read(book(tmp_path, rows))
    assert found.problems == []
    first, second = found.tasks
    assert (first.title, first.front, first.state) == ("引进文旅运营商", "产业招商", "in_hand")
    assert first.supporting_units == ("澄江置业", "望岳建设")
    assert first.deadline == Deadline(date(2026, 10, 31), "month"), "the title says the year"
    assert (second.parent, second.state) == ("1", "completed")
    assert first.place("deadline").cell == "G4"


def test_bad_cells_are_named_with_their_place(tmp_path: Path) -> None:
    rows = [
        (1, "甲", "3家", "栖湖文旅", "", "", "2月30日", "", "在弄"),
        (1, "乙", "3家", "", "", "", "", "", ""),
        ("5.1", "", "3家", "栖湖文旅", "", "", "长期坚持", "", ""),
    ]
    found = read(book(tmp_path, rows))
    assert told(found) == {
        "G3": "task-bad-deadline", "I3": "task-bad-state", "D4": "task-no-unit",
        "G4": "task-no-deadline", "A4": "task-number-twice", "B5": "task-no-title",
        "A5": "task-no-parent",
    }  # fmt: skip


def test_two_row_header_and_merged_items_with_steps(tmp_path: Path) -> None:
    path = book(tmp_path, [], ("序号", "工作任务", "步骤", "责任分工", None, "完成时限"))
    made = openpyxl.load_workbook(path)
    sheet = made.worksheets[0]
    sheet.append((None, None, None, "责任单位", "责任人", None))
    sheet.append((1, "引进运营商", "谈判", "栖湖文旅", "沈知禾", "9月底"))
    sheet.append((None, None, "签约", "栖湖文旅", "沈知禾", "10月底"))
    for area in ("D2:E2", "A2:A3", "B2:B3", "C2:C3", "F2:F3", "A4:A5", "B4:B5"):
        sheet.merge_cells(area)
    made.save(path)
    found = read(path)
    assert [(t.number, t.title, t.parent) for t in found.tasks] == [
        ("1", "引进运营商", ""), ("1.1", "谈判", "1"), ("1.2", "签约", "1"),
    ]  # fmt: skip
    assert found.tasks[2].place().cell == "C5"
    assert found.problems == []


def test_file_without_a_list_says_what_is_needed(tmp_path: Path) -> None:
    found = read(book(tmp_path, [], ("指标", "目标值")))
    assert [p.code for p in found.problems] == ["task-list-none"]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    given = [
        Task("1", "引进运营商", "签约3家", "乐园二期", "首店开业", "年度计划", "招商", "江启明", "周临川",
             "栖湖文旅", ("澄江置业", "望岳建设"), "沈知禾", Deadline(date(2026, 11, 8), "week"), "2026-W45",
             "=1+1", "问题", "措施", "returned", "备注"),
        Task("1.1", "谈判", responsible_unit="栖湖文旅", deadline_text="长期坚持", parent="1",
             reported=date(2026, 9, 9), state="closed_out"),
    ]  # fmt: skip
    write_task_list(given, tmp_path / "out.xlsx", "任务清单", date(2026, 10, 1))
    found = read(tmp_path / "out.xlsx")
    assert list(found.tasks) == given
    assert found.problems == []


def test_command_lists_what_is_late_near_and_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        (1, "甲", "3家", "栖湖文旅", "", "", "10月底前", "", ""),
        (2, "乙", "3家", "栖湖文旅", "", "", "11月5日", "", ""),
        (3, "丙", "3家", "栖湖文旅", "", "", "10月底前", "", "已办结"),
    ]
    path = book(tmp_path, rows)
    assert main(["tasks", str(path), "--on", "2026-11-03"]) == 1
    said = capsys.readouterr().out
    assert "3项任务，应办3项、办结1项，逾期1项，临期1项，要素不全2项" in said
    assert "list.xlsx“清单”!B3　1 甲　栖湖文旅　2026-10-31 逾期3天" in said
    assert main(["tasks", str(path), "--on", "2026-10-20", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["overdue"], data["nearing"]) == ([], [])
    assert data["incomplete"][0]["lacks"] == ["project", "result"]


def test_template_is_a_list_without_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "new.xlsx")
    assert main(["tasks", "--template", path, "--on", "2026-10-01"]) == 0
    assert main(["tasks", path, "--on", "2026-10-01"]) == 0
    assert "1项任务" in capsys.readouterr().out


def test_command_without_file_or_with_a_bad_day_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["tasks"]) == 2
    assert main(["tasks", "x.xlsx", "--on", "明天"]) == 2
    assert "看不懂日期“明天”" in capsys.readouterr().err
