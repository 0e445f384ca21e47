"""The office's own mapping of headers: kept in a file, used again, never guessed over."""

from __future__ import annotations

import json

import msgspec
import pytest

from saima.files.opening import Sheet, Workbook
from saima.files.sheet.mapping import KNOWN, Mapping, load_mapping, save_mapping
from saima.files.sheet.reading import read_workbook, remembered
from saima.files.sheet.report import read_file, report, role_counts
from saima.files.sheet.shapes import ReadData
from saima.files.sheet.words import key
from saima.problems import Refused

ROWS: list[list[object]] = [
    ["重点工作进展", "", ""],
    ["单位", "累计完成", "盘子（万元）"],
    ["甲区", 1.0, "3亿"],
    ["乙区", "x", "—"],
]


def workbook() -> Workbook:
    return Workbook("进度.xlsx", "xlsx", (Sheet("数据", ROWS), Sheet("空", [])))


def test_mapping_once_made_is_remembered_and_used_again(tmp_path):
    path = tmp_path / "对照.json"
    first = load_mapping(path)
    readings = read_workbook(workbook(), first)
    assert readings[0].unmapped == ("盘子（万元）",)
    save_mapping(remembered(first, readings), path)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept == {"headers": {"单位": "unit", "累计完成": "actual", "盘子（万元）": None}}
    kept["headers"]["盘子（万元）"] = "target"
    path.write_text(json.dumps(kept), encoding="utf-8")
    again = read_workbook(workbook(), load_mapping(path))
    assert again[0].unmapped == ()
    assert [v.field for v in again[0].tables[0].rows[0].values] == ["actual", "target"]


def test_what_was_decided_is_never_overwritten():
    decided = Mapping({"单位": "", "累计完成": "in_period"})
    learned = remembered(decided, read_workbook(workbook(), decided))
    assert learned.headers == {"单位": "", "累计完成": "in_period", "盘子（万元）": None}


def test_header_that_means_nothing_is_not_asked_for_again():
    decided = Mapping({"盘子（万元）": ""})
    assert read_workbook(workbook(), decided)[0].unmapped == ()


def test_mapping_of_a_header_that_has_gone_is_told():
    mapping = Mapping({"旧表头": "target", "单位": "unit", "不用": ""}, "对照.json")
    problems = mapping.absent({"单位", "累计完成"})
    assert [(p.code, p.values["text"]) for p in problems] == [("mapping-header-absent", "旧表头")]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"headers": 3}', '{"headers": {"a": 3}}', '{"headers": {"a": [']
)
def test_broken_mapping_is_refused_with_what_to_do(tmp_path, text):
    path = tmp_path / "对照.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load_mapping(path)
    assert caught.value.problem.code == "mapping-unreadable"
    assert "headers" in caught.value.problem.text("zh")


def test_group_above_a_header_may_be_decided_apart_from_others():
    mapping = Mapping({"一季度/完成": "base"})
    assert mapping.field_of(("一季度", "完成")) == "base"
    assert mapping.field_of(("二季度", "完成")) == "actual"


def test_no_known_word_has_two_meanings():
    words = [key(word) for text in KNOWN.values() for word in text.split()]
    assert sorted(set(words)) == sorted(words)


# --- the report ---------------------------------------------------------------------------------


def test_reading_as_data_holds_every_value_and_what_was_not_read():
    book = workbook()
    readings = read_workbook(book)
    data = report(book, readings, []).as_data()
    msgspec.convert(json.loads(json.dumps(data)), ReadData)
    [sheet] = data["sheets"]
    assert sheet["unread"] == [{"cell": "B4", "code": "not-a-number", "reason": "不是数字"}]
    assert sheet["cells"] == {"value": 3, "label": 2, "header": 3, "title": 1, "unread": 1}
    values = [v for row in sheet["tables"][0]["rows"] for v in row["values"]]
    assert values[1] == {
        "cell": "C3", "written": "3亿", "number": 30000.0, "measure": "万元",
        "unit": "甲区", "indicator": "盘子",
    }  # fmt: skip
    assert values[3]["missing"] == "not-applicable"
    assert [p["code"] for p in data["problems"]] == [
        "sheet-not-a-number", "sheet-measure-converted"
    ]  # fmt: skip
    assert data["problems"][0]["where"] == {"file": "进度.xlsx", "sheet": "数据", "cell": "B4"}


def test_counts_of_roles_cover_every_cell_that_is_not_blank():
    [reading] = read_workbook(workbook())
    filled = sum(value != "" for row in ROWS for value in row)
    assert sum(role_counts(reading).values()) == filled


def test_reading_as_text_says_in_chinese_what_was_understood():
    book = workbook()
    readings = read_workbook(book)
    text = report(book, readings, []).text()
    for said in (
        "进度.xlsx",
        "B 累计完成（实际值）",
        "未读取 1 格（不是数字）：B4",
        "没有对应字段的表头：盘子",
    ):
        assert said in text
    assert "累计完成 (actual)" in report(book, readings, []).text("en")


def test_columns_of_one_series_share_a_line():
    rows: list[list[object]] = [
        ["单位", "2024年1月", "2024年2月", "2024年3月"],
        ["甲区", 1.0, 2.0, 3.0],
    ]
    book = Workbook("月.xlsx", "xlsx", (Sheet("数据", rows),))
    assert "B—D（2024-01 至 2024-03，共 3 期）" in report(book, read_workbook(book), []).text()


def test_reading_a_file_makes_its_mapping_and_keeps_to_it(tmp_path):
    path, mapping = tmp_path / "进度.csv", tmp_path / "对照.json"
    path.write_text("单位,累计完成,盘子\n甲区,1.5,2\n乙区,2.5,3\n", encoding="utf-8")
    first = read_file(path, mapping)
    assert first.problems == []
    assert first.readings[0].unmapped == ("盘子",)
    made = json.loads(mapping.read_text(encoding="utf-8"))["headers"]
    made |= {"盘子": "target", "走了": "base"}
    mapping.write_text(json.dumps({"headers": made}), encoding="utf-8")
    again = read_file(path, mapping)
    assert [p.code for p in again.problems] == ["mapping-header-absent"]
    assert {v.field for v in again.readings[0].tables[0].values} == {"actual", "target"}
    assert json.loads(mapping.read_text(encoding="utf-8"))["headers"] == made


def test_reading_without_a_mapping_writes_nothing(tmp_path):
    path = tmp_path / "进度.csv"
    path.write_text("单位,累计完成\n甲区,1.5\n", encoding="utf-8")
    assert read_file(path).as_data()["kind"] == "csv"
    assert [p.name for p in tmp_path.iterdir()] == ["进度.csv"]
