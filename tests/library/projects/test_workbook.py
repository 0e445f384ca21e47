"""The project workbook: read with every bad cell named, written and read again, summed by a command."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from saima.cli import main
from saima.files.project_list import project_list_bytes, read_project_list
from saima.files.project_list.writing import Line
from saima.problems import Refused

HEADERS = (
    "项目名称", "类别", "责任单位", "总投资（万元）", "年度计划（万元）", "计划开工", "实际开工", "入库纳统", "8月计划",
    "9月计划", "8月完成", "9月完成", "9月实物量", "9月支付",
)  # fmt: skip
GOOD = (
    "水厂", "续建", "甲公司", 9000, 3000, date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 8), 1000,
    500, 900, 650, 800, 100,
)  # fmt: skip
TODAY = date(2026, 10, 20)


def book(tmp_path: Path, *rows: tuple[Any, ...], title: str = "2026年重点项目") -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "重点项目"
    for row in ((title,), HEADERS, *rows):
        sheet.append(list(row))
    path = tmp_path / "项目.xlsx"
    workbook.save(path)
    return path


def changed(**cells: Any) -> tuple[Any, ...]:
    return tuple(cells.get(f"c{at}", value) for at, value in enumerate(GOOD))


def test_a_row_is_a_project_with_its_months_each_series_apart(tmp_path: Path) -> None:
    found = read_project_list(book(tmp_path, GOOD), 2020, today=TODAY)
    assert (found.year, found.last_month, found.problems) == (2026, "2026-09", [])
    one = found.projects("2026-09")[0]
    assert (one.money.planned, one.money.done) == (1500, 1550)
    assert (one.money.to_date("physical"), one.money.to_date("paid")) == (800, 100)
    assert one.included_on == date(2026, 4, 8)


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        (changed(c4=9900), "E3", "年度计划9900.00万元，超过总投资9000.00万元"),
        (changed(c10=9001), "K3", "2026-08统计口径9001.00万元，超过总投资"),
        (changed(c11=-5), "L3", "“9月完成”里的“-5"),
        (changed(c3="很多"), "D3", "“总投资（万元）”里的“很多”不对"),
        (changed(c1="在建"), "B3", "“类别”里的“在建”不对"),
        (changed(c0=""), "A3", "“项目名称”没有填"),
        (changed(c5="下月"), "F3", "“计划开工”里的“下月”不对"),
        (changed(c6=date(2026, 12, 1)), "G3", "实际开工2026-12-01还没有到"),
        (changed(c6=""), "H3", "还没有登记开工，不能登记入库纳统"),
    ],
)
def test_every_bad_cell_is_named_with_its_place(
    tmp_path: Path, row: tuple[Any, ...], cell: str, said: str
) -> None:
    problems = read_project_list(book(tmp_path, row), 2026, today=TODAY).problems
    assert any(p.place.cell == cell and said in p.text("zh") for p in problems), problems


def test_the_same_project_twice_is_named(tmp_path: Path) -> None:
    problems = read_project_list(book(tmp_path, GOOD, GOOD), 2026, today=TODAY).problems
    assert [(p.place.cell, p.values["line"]) for p in problems] == [("A4", 3)]


def test_totals_and_notes_below_the_list_are_no_projects(tmp_path: Path) -> None:
    found = read_project_list(
        book(tmp_path, GOOD, ("合计", "", "", 9000), ("注：投资为统计口径",)), 2026
    )
    assert [row.name for row in found.rows] == ["水厂"]


def test_a_sheet_without_the_columns_is_refused(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["一", "二"])
    workbook.save(tmp_path / "项目.xlsx")
    with pytest.raises(Refused) as refused:
        read_project_list(tmp_path / "项目.xlsx", 2026)
    assert refused.value.problem.code == "projects-header"


def test_what_is_written_is_read_again_unchanged(tmp_path: Path) -> None:
    months = {
        "plan": {"2026-01": Decimal("10.5"), "2026-12": Decimal(20)},
        "statistical": {"2026-01": Decimal(0), "2026-02": Decimal("7.25")},
        "paid": {"2026-02": Decimal(3)},
    }
    values = {
        "name": "=水厂", "category": "竣工", "kind": "民生", "unit": "甲公司", "total": Decimal(100),
        "before": Decimal("0.5"), "started_on": date(2026, 1, 5), "problem": "缺料",
    }  # fmt: skip
    path = tmp_path / "项目.xlsx"
    path.write_bytes(project_list_bytes([Line(values, months)], 2026))
    found = read_project_list(path, 2026, today=TODAY)
    assert found.problems == []
    assert found.rows[0].values == values
    assert {s: m for s, m in found.rows[0].months.items() if m} == months


# --- the command ---------------------------------------------------------------------------------


def test_command_sums_and_writes_the_bulletin(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "通报.docx"
    path = book(tmp_path, GOOD)
    words = ["projects", str(path), "--bulletin", str(out), "--date", "2026-10-20"]
    assert main(words) == 0
    said = capsys.readouterr().out.replace("\n", "")  # a terminal breaks long lines
    assert "完成投资1,550万元，完成率51.67%，欠序时23.33个百分点" in said
    assert out.stat().st_size > 5000


def test_command_gives_unrounded_data(tmp_path: Path, capsys: Any) -> None:
    assert main(["projects", str(book(tmp_path, GOOD)), "--json", "--date", "2026-10-20"]) == 0
    data = json.loads(capsys.readouterr().out)
    whole = data["whole"]
    assert (data["month"], whole["done"], whole["physical"], whole["paid"]) == (
        "2026-09",
        1550,
        800,
        100,
    )
    assert whole["share_percent"] == pytest.approx(1550 / 3000 * 100)
    assert whole["plan_gap_points"] == pytest.approx(50 / 3000 * 100)
    assert (whole["due_to_start"], whole["due_in_statistics"], whole["included"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--month", "2025-09"], "看不懂月份“2025-09”"),
        (["--month", "十月"], "看不懂月份“十月”"),
        (["--bulletin", "通报.pdf"], "通报不能写成“通报.pdf”"),
        (["--date", "明天"], "看不懂成文日期“明天”"),
    ],
)
def test_command_refuses_what_it_cannot_do(
    tmp_path: Path, capsys: Any, more: list[str], said: str
) -> None:
    assert main(["projects", str(book(tmp_path, GOOD)), *more]) == 2
    assert said in capsys.readouterr().err


def test_command_names_every_bad_cell_and_sums_nothing(tmp_path: Path, capsys: Any) -> None:
    path = book(tmp_path, changed(c4=9900), changed(c0="环路", c11=-5))
    assert main(["projects", str(path), "--date", "2026-10-20"]) == 2
    told = capsys.readouterr()
    assert "E3" in told.err and "L4" in told.err
    assert told.out == ""


@pytest.mark.parametrize(("length", "read"), [(1000, 1000), (32_767, 32_767), (32_768, 0)])
def test_a_contingency_plan_is_kept_whole_or_left_out_never_cut(
    tmp_path: Path, length: int, read: int
) -> None:
    values = {"name": "水厂", "unit": "甲公司", "contingency": "预" * length}
    path = tmp_path / "项目.xlsx"
    path.write_bytes(project_list_bytes([Line(values, {})], 2026))
    [row] = read_project_list(path, 2026).rows
    assert len(row.values.get("contingency", "")) == read
    assert row.problems == []
