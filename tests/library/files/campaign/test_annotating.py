"""Annotated copies: bad cells marked and commented, a list with links, the original untouched."""

from __future__ import annotations

import openpyxl
import pytest

from saima.files.campaign import annotate, check_tables, load_campaign
from saima.problems import Place, Problem, Refused
from tests.support.campaign_files import replaced, write_files
from tests.support.campaign_workbooks import changed, write_book


def all_problems(path):
    tables, rulebooks = load_campaign(path)
    return [*tables.problems, *check_tables(tables, rulebooks)]


@pytest.fixture
def faulty(tmp_path):
    return changed(tmp_path / "台账.xlsx", {("数据", "F2"): "力争210", ("数据", "F3"): 40})


def test_bad_cells_are_coloured_and_commented(tmp_path, faulty):
    annotate(faulty, all_problems(faulty), tmp_path / "标注.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "标注.xlsx")["数据"]
    assert sheet["F2"].value == "力争210"
    assert "应填数字" in sheet["F2"].comment.text
    assert "请只填数字" in sheet["F2"].comment.text
    assert "比上期累计50少" in sheet["F3"].comment.text
    red, yellow, plain = (sheet[cell].fill.start_color.rgb for cell in ("F2", "F3", "F4"))
    assert len({red, yellow, plain}) == 3


def test_list_names_every_problem_and_links_to_its_cell(tmp_path, faulty):
    problems = all_problems(faulty)
    annotate(faulty, problems, tmp_path / "标注.xlsx")
    book = openpyxl.load_workbook(tmp_path / "标注.xlsx")
    sheet = book["问题清单"]
    assert book.sheetnames[0] == "问题清单"
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[3] for row in rows] == [p.message() for p in problems]
    assert [row[1] for row in rows] == ["错误", "请核对"]
    assert sheet["C2"].hyperlink.location == "'数据'!F2"


def test_original_is_not_touched(tmp_path, faulty):
    before = faulty.read_bytes()
    annotate(faulty, all_problems(faulty), tmp_path / "标注.xlsx")
    assert faulty.read_bytes() == before


def test_annotated_copy_can_be_mended_and_read_again(tmp_path, faulty):
    out = tmp_path / "标注.xlsx"
    annotate(faulty, all_problems(faulty), out)
    assert [p.code for p in all_problems(out)] == [p.code for p in all_problems(faulty)]
    book = openpyxl.load_workbook(out)
    book["数据"]["F2"], book["数据"]["F3"] = 210, 95
    book.save(out)
    assert all_problems(out) == []


def test_formulas_stay_formulas(tmp_path):
    path = changed(tmp_path / "台账.xlsx", {("数据", "F2"): "=E2+120"})
    annotate(path, all_problems(path), tmp_path / "标注.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "标注.xlsx")["数据"]
    assert sheet["F2"].value == "=E2+120"
    assert "没有计算结果" in sheet["F2"].comment.text


def test_message_that_looks_like_a_formula_is_text(tmp_path):
    path = changed(tmp_path / "台账.xlsx", {("数据", "A3"): "=cmd()"})
    problem = Problem("unit-unknown", Place("台账.xlsx", "数据", "A3"),
                      {"text": "x", "nearest": "", "nearest_en": ""})  # fmt: skip
    odd = Problem("period-needs-clock", Place(file="=1+1"), {"text": "\x07"})
    annotate(path, [problem, odd], tmp_path / "标注.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "标注.xlsx")["问题清单"]
    assert (sheet["C3"].value, sheet["C3"].data_type) == ("=1+1", "s")


def test_problem_in_a_merged_cell_is_marked_on_its_first_cell(tmp_path, faulty):
    book = openpyxl.load_workbook(faulty)
    book["数据"].merge_cells("A2:A3")
    book.save(faulty)
    problem = Problem("cell-empty", Place("台账.xlsx", "数据", "A3"), {"header": "单位"})
    annotate(faulty, [problem], tmp_path / "标注.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "标注.xlsx")["数据"]
    assert "没有填" in sheet["A2"].comment.text


def test_folder_gets_the_list_alone(tmp_path):
    folder = write_files(tmp_path / "活动", replaced("facts.csv", ",210", ",abc"))
    problems = all_problems(folder)
    annotate(folder, problems, tmp_path / "清单.xlsx")
    book = openpyxl.load_workbook(tmp_path / "清单.xlsx")
    assert book.sheetnames == ["问题清单"]
    assert "facts.csv" in book["问题清单"]["C2"].value


def test_no_problem_still_gives_a_copy_with_an_empty_list(tmp_path):
    path = write_book(tmp_path / "台账.xlsx")
    annotate(path, [], tmp_path / "标注.xlsx")
    assert openpyxl.load_workbook(tmp_path / "标注.xlsx")["问题清单"].max_row == 1


def test_existing_output_other_suffix_and_broken_original_are_refused(tmp_path, faulty):
    (tmp_path / "有.xlsx").write_bytes(b"mine")
    with pytest.raises(Refused, match="没有覆盖"):
        annotate(faulty, [], tmp_path / "有.xlsx")
    assert (tmp_path / "有.xlsx").read_bytes() == b"mine"
    with pytest.raises(Refused, match="xlsx"):
        annotate(faulty, [], tmp_path / "标注.csv")
    with pytest.raises(Refused, match="没有覆盖"):
        annotate(faulty, [], faulty)
    (tmp_path / "坏.xlsx").write_bytes(b"PK broken")
    with pytest.raises(Refused, match="没有改动"):
        annotate(tmp_path / "坏.xlsx", [], tmp_path / "新.xlsx")
    assert not (tmp_path / "新.xlsx").exists()
