"""Results in a folder: JSON and CSV that read back as they are, and never start a formula."""

from __future__ import annotations

import csv
import json

import msgspec
import pytest

from saima.files.results import FILES, write_result
from saima.problems import Refused
from saima.scoring import result
from tests.library.briefing.invented import scored, units


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_three_files_are_written_into_a_folder_that_is_made(tmp_path):
    paths = write_result(result(scored()), tmp_path / "结果" / "9月")
    assert [p.name for p in paths] == list(FILES)
    assert sorted(p.name for p in (tmp_path / "结果" / "9月").iterdir()) == sorted(FILES)


def test_json_is_the_result_itself(tmp_path):
    found = result(scored())
    write_result(found, tmp_path)
    read = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert read == json.loads(msgspec.json.encode(found))


def test_ranking_stands_by_track_and_place_with_its_numbers(tmp_path):
    found = result(scored(changed={("u2", "investment", 9): None}))
    write_result(found, tmp_path)
    read = rows(tmp_path / "ranking.csv")
    assert [(r["赛道"], r["位次"]) for r in read] == [
        ("经营类", "1"), ("经营类", "2"), ("经营类", "3"), ("经营类", "4"),
        ("建设类", "1"), ("建设类", "2"), ("建设类", ""),
    ]  # fmt: skip
    scores = {r["单位代码"]: float(r["得分"]) for r in read}
    assert scores == {u.unit: u.score for u in found.units}


def test_marks_hold_every_mark_with_its_sentence(tmp_path):
    found = result(scored(changed={("u2", "investment", 9): None}))
    write_result(found, tmp_path)
    read = rows(tmp_path / "marks.csv")
    assert len(read) == sum(len(u.marks) for u in found.units)
    missing = next(r for r in read if r["单位代码"] == "u2" and r["指标代码"] == "investment")
    assert (missing["完成数"], missing["得分"], missing["状态"]) == ("", "0", "未报计0分")
    assert missing["说明"] == "未报，计0分"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_text_never_starts_a_formula(tmp_path, start):
    odd = tuple(msgspec.structs.replace(u, name=f"{start}1+1{u.code}") for u in units())
    write_result(result(scored(of=odd)), tmp_path)
    for name in ("ranking.csv", "marks.csv"):
        assert all(r["单位"].startswith("'") for r in rows(tmp_path / name))


def test_negative_number_stays_a_number(tmp_path):
    write_result(result(scored()), tmp_path)
    gaps = [r["超欠序时（百分点）"] for r in rows(tmp_path / "marks.csv")]
    assert min(float(gap) for gap in gaps if gap) < 0


def test_file_in_the_way_is_refused_and_untouched(tmp_path):
    (tmp_path / "结果").write_text("别人的", encoding="utf-8")
    with pytest.raises(Refused):
        write_result(result(scored()), tmp_path / "结果")
    assert (tmp_path / "结果").read_text(encoding="utf-8") == "别人的"


def test_same_result_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_result(result(scored()), tmp_path / name)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
