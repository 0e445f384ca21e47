"""Templates: they score as they stand, guide the clerk, and never overwrite anything."""

from __future__ import annotations

import math
import re
import zipfile
from datetime import date

import openpyxl
import pytest

from saima.files.campaign import (
    check_tables,
    load_campaign,
    save_campaign,
    write_template,
)
from saima.files.campaign.content import content_of
from saima.files.campaign.guide import GUIDE
from saima.files.campaign.template import workbook_bytes
from saima.problems import Refused
from saima.scoring.engine import score
from tests.support.campaign_files import load, plain


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "台账.xlsx"
    write_template(path)
    return path


@pytest.mark.parametrize("name", ["台账.xlsx", "台账"])
def test_template_scores_as_it_stands(tmp_path, name):
    write_template(tmp_path / name)
    tables, (rulebook,) = load_campaign(tmp_path / name)
    assert tables.problems == []
    assert check_tables(tables, [rulebook]) == []
    scoring = score(tables, rulebook)
    assert scoring.cube.scored[-1].text == "2026-09"
    ranked = [n for n, u in enumerate(tables.campaign.units) if u.track]
    assert len(ranked) == 4
    assert len(tables.campaign.tracks) == 2


def test_template_says_that_its_data_are_invented(template):
    tables, _ = load_campaign(template)
    assert tables.campaign.demo
    assert "虚构" in tables.campaign.name
    assert any("虚构" in line for line in GUIDE)


def test_template_as_a_folder_holds_the_same(tmp_path, template):
    write_template(tmp_path / "活动")
    first, second = load_campaign(template), load_campaign(tmp_path / "活动")
    assert first[1] == second[1]
    assert plain(first[0].facts) == plain(second[0].facts)
    assert plain(first[0].targets) == plain(second[0].targets)
    assert (tmp_path / "活动" / "rulebooks" / "sample-v1.yaml").is_file()


def test_sample_bears_the_same_bytes_every_time(tmp_path, template):
    write_template(tmp_path / "又.xlsx")
    assert (tmp_path / "又.xlsx").read_bytes() == template.read_bytes()


def test_headers_are_locked_and_the_cells_below_are_free(template):
    book = openpyxl.load_workbook(template)
    for name in ("单位", "指标", "目标", "数据", "加减分与否决", "办法指标"):
        sheet = book[name]
        assert sheet.protection.sheet
        assert sheet["A1"].protection.locked
        assert not sheet["A2"].protection.locked
        assert not sheet.column_dimensions["A"].protection.locked
        assert sheet.freeze_panes
        assert sheet["A1"].comment is not None


def test_units_indicators_and_words_are_chosen_from_lists(template):
    book = openpyxl.load_workbook(template)
    lists = {
        (name, str(rule.sqref).split(":")[0]): rule.formula1
        for name in book.sheetnames
        for rule in book[name].data_validations.dataValidation
    }
    assert lists["数据", "A2"] == "单位!$B$2:$B$2000"
    assert lists["数据", "B2"] == "指标!$B$2:$B$2000"
    assert "越大越好" in lists["指标", "H2"]
    assert "完成率计分" in lists["办法指标", "D2"]
    assert all(len(text) <= 257 for text in lists.values()), "longer lists are dropped by Excel"


def test_no_cell_is_a_formula_even_where_a_name_looks_like_one(tmp_path):
    names = {"units.csv": "code,name,track\na,=1+1,甲组\nb,@SUM(A1),甲组\nc,-2+3,乙组\n"}
    (tmp_path / "f").mkdir()
    tables, _ = load(tmp_path / "f", names)
    path = tmp_path / "台账.xlsx"
    save_campaign(tables, (), path)
    with zipfile.ZipFile(path) as package:
        sheets = [package.read(n) for n in package.namelist() if n.startswith("xl/worksheets/")]
    assert not any(re.search(rb"<f[ >]", sheet) for sheet in sheets)
    assert [u.name for u in load_campaign(path)[0].campaign.units] == ["=1+1", "@SUM(A1)", "-2+3"]
    save_campaign(tables, (), tmp_path / "g")
    text = (tmp_path / "g" / "units.csv").read_text(encoding="utf-8")
    assert not re.search(r"(^|,)[=@+-]", text, re.MULTILINE)


def test_existing_file_is_never_overwritten(template, tmp_path):
    before = template.read_bytes()
    for write in (write_template, lambda p: save_campaign(*load_campaign(template), p)):
        with pytest.raises(Refused, match="没有覆盖"):
            write(template)
    assert template.read_bytes() == before
    (tmp_path / "夹").mkdir()
    (tmp_path / "夹" / "文件.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Refused, match="没有覆盖"):
        write_template(tmp_path / "夹")
    assert [p.name for p in (tmp_path / "夹").iterdir()] == ["文件.txt"]


def test_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "夹").mkdir()
    write_template(tmp_path / "夹")
    assert (tmp_path / "夹" / "campaign.yaml").is_file()


@pytest.mark.parametrize("name", ["无此夹/台账.xlsx", "无此夹/夹"])
def test_missing_parent_is_refused(tmp_path, name):
    with pytest.raises(Refused):
        write_template(tmp_path / name)


def test_numbers_and_dates_are_written_as_numbers_and_dates(template):
    book = openpyxl.load_workbook(template)
    assert book["数据"]["F2"].value == 3710
    assert book["活动"]["B5"].value.date() == date(2026, 1, 1)


def test_settings_that_were_read_are_written_again(tmp_path, template):
    tables, rulebooks = load_campaign(template)
    (tmp_path / "b.xlsx").write_bytes(workbook_bytes(content_of(tables, rulebooks)))
    again, _ = load_campaign(tmp_path / "b.xlsx")
    assert again.campaign.documents == tables.campaign.documents
    assert again.campaign.clock == tables.campaign.clock
    assert again.campaign.counts == tables.campaign.counts


def test_every_mark_of_the_sample_is_a_number(template):
    tables, (rulebook,) = load_campaign(template)
    scoring = score(tables, rulebook)
    for n, unit in enumerate(tables.campaign.units):
        if unit.track:
            assert math.isfinite(float(scoring.score[n, -1]))
