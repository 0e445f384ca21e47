"""`saima schedule` from the command line: the answer, its JSON, what it writes, what it refuses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest

from saima.cli import main
from saima.files.schedule import write_schedule
from saima.reference import schemas
from saima.scheduling import Link, Project, Task, schedule
from saima.scheduling.model import DAY

START = datetime(2026, 3, 2, 8)
PLAN = (
    Task(1, "设计", 5 * DAY, estimates=(4 * DAY, 5 * DAY, 9 * DAY)),
    Task(
        2,
        "施工",
        10 * DAY,
        (Link(1),),
        baseline_start=START,
        baseline_finish=datetime(2026, 3, 18, 17),
    ),
    Task(3, "绿化", 2 * DAY, (Link(1),)),
)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "计划.xml"
    write_schedule(path, schedule(Project(START, PLAN, name="示范工程")))
    return str(path)


def told(capsys, *words: str) -> dict:
    assert main(["schedule", *words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, json.loads(schemas()["schedule.schema.json"]))
    return data


def test_json_has_the_finish_and_every_task_with_its_dates_and_slack(plan, capsys):
    data = told(capsys, plan)
    assert data["finish"] == "2026-03-20T17:00:00"
    assert data["tasks"][2] == {
        "uid": 3, "name": "绿化",
        "early_start": "2026-03-09T08:00:00", "early_finish": "2026-03-10T17:00:00",
        "late_start": "2026-03-19T08:00:00", "late_finish": "2026-03-20T17:00:00",
        "total_slack_days": 8.0, "free_slack_days": 8.0, "critical": False,
    }  # fmt: skip
    assert data["slips"][0]["finish_days"] == 2


def test_answer_chain_and_slip_are_told_in_chinese(plan, capsys):
    assert main(["schedule", plan]) == 0
    said = capsys.readouterr().out
    assert "预计 2026-03-20 完工；共 3 项任务，2 项在关键路径上。" in said
    assert "施工（10天），在“设计”完成后开始" in said.replace(
        "\n", ""
    )  # lines break at the terminal
    assert "“施工”比计划晚完成 2天" in said


def test_answer_is_told_in_english_too(plan, capsys):
    assert main(["schedule", plan, "--lang", "en", "--delay", "3=9"]) == 0
    said = capsys.readouterr().out
    assert "Finish on 2026-03-20; 3 tasks, 2 of them critical." in said
    assert "“绿化” taking 9 days longer moves no other task; the finish moves" in said.replace(
        "\n", " "
    )


def test_a_delay_tells_what_it_pushes(plan, capsys):
    data = told(capsys, plan, "--delay", "1=3")
    assert data["delay"]["finish"] == "2026-03-25T17:00:00"
    assert [(p["uid"], p["days"]) for p in data["delay"]["pushed"]] == [(2, 3.0), (3, 3.0)]


def test_odds_of_a_date_come_from_the_estimates(tmp_path, capsys):
    path = tmp_path / "计划.xlsx"
    write_schedule(path, schedule(Project(START, PLAN)))
    sure = told(capsys, str(path), "--by", "2026-04-30")["odds"]
    none = told(capsys, str(path), "--by", "2026-03-10")["odds"]
    assert (sure["probability"], none["probability"]) == (1.0, 0.0)
    assert "2026-03-19" < sure["p50"] < sure["p80"] < sure["p95"]


def test_a_status_date_puts_undone_work_behind_it(plan, capsys):
    assert told(capsys, plan, "--status", "2026-03-06")["finish"] == "2026-03-27T17:00:00"


def test_plan_is_written_as_workbook_and_xml(plan, tmp_path, capsys):
    for name in ("出.xml", "出.xlsx"):
        assert main(["schedule", plan, "--write", str(tmp_path / name)]) == 0
        capsys.readouterr()
        assert told(capsys, str(tmp_path / name))["finish"] == "2026-03-20T17:00:00"


def test_bad_input_is_refused_in_one_go_and_without_a_trace(tmp_path, capsys):
    path = tmp_path / "计划.xml"
    path.write_text(
        '<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-03-02T08:00:00</StartDate>'
        "<Tasks><Task><UID>1</UID><Name>甲</Name><Duration>-PT8H0M0S</Duration></Task><Task><UID>2</UID>"
        "<Name>乙</Name><PredecessorLink><PredecessorUID>9</PredecessorUID></PredecessorLink></Task>"
        "</Tasks></Project>",
        encoding="utf-8",
    )
    assert main(["schedule", str(path)]) == 2
    said = capsys.readouterr().err
    assert "“甲”的工期是负数（-1.00天）" in said
    assert "“乙”的前置任务“9”不存在" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("--delay", "x"),
        ("--delay", "1=0"),
        ("--delay", "77=1"),
        ("--by", "明天"),
        ("--write", "a.mpp"),
    ],
)
def test_words_that_make_no_sense_are_refused(plan, capsys, words):
    assert main(["schedule", plan, *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_file_is_refused(tmp_path, capsys):
    assert main(["schedule", str(tmp_path / "无.xml")]) == 2
    assert "找不到文件" in capsys.readouterr().err
