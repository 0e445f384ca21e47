"""Files are put in place whole, and packages carry the document's date and nobody's clock."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from saima.files.saving import fixed_package, save
from saima.problems import Refused

CORE = b"<x><dcterms:created a='b'>2020-01-01T10:20:30Z</dcterms:created><title>t</title></x>"


def packed(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def test_content_is_written_and_nothing_else_is_left(tmp_path):
    save(tmp_path / "a.txt", b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.txt", b"new")]


def test_failure_leaves_no_part_behind_and_says_why(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(Refused) as refusal:
        save(tmp_path / "a.txt", b"new")
    assert "原有文件未改动" in refusal.value.problem.text()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_missing_folder_is_refused_with_its_name(tmp_path):
    with pytest.raises(Refused) as refusal:
        save(tmp_path / "三月" / "a.txt", b"")
    assert "三月" in refusal.value.problem.text()


def test_times_are_set_to_the_day_in_workbooks_inside_too():
    inner = packed(sheet=b"1")
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as outer:
        outer.writestr("docProps/core.xml", CORE)
        outer.writestr("embedded/Sheet.xlsx", inner)
    with zipfile.ZipFile(io.BytesIO(fixed_package(package.getvalue(), date(2026, 3, 5)))) as fixed:
        assert b"created a='b'>2026-03-05T00:00:00Z<" in fixed.read("docProps/core.xml")
        assert b"<title>t</title>" in fixed.read("docProps/core.xml")
        assert {info.date_time for info in fixed.infolist()} == {(2026, 3, 5, 0, 0, 0)}
        with zipfile.ZipFile(io.BytesIO(fixed.read("embedded/Sheet.xlsx"))) as nested:
            assert {info.date_time for info in nested.infolist()} == {(2026, 3, 5, 0, 0, 0)}
