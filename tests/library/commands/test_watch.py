"""`saima watch`: what moved is said, an unfinished save is waited for, a bad one changes nothing."""

from __future__ import annotations

import argparse
import os
import shutil
import threading
import time
from pathlib import Path

import msgspec
import pytest

from saima.commands import watch
from saima.commands.demo import sample_folder
from saima.commands.watch import PATIENCE, Watcher, moved, stamp
from saima.problems import Refused
from saima.scoring import result
from tests.library.briefing.invented import figure, scored, units


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copytree(sample_folder(), tmp_path / "活动")
    return tmp_path / "活动"


def watching(folder: Path, language="zh") -> Watcher:
    return Watcher(
        argparse.Namespace(
            campaign=str(folder), period="2026-09", rulebook=None, as_of=None, lang=language
        )
    )


def put(folder: Path, unit: str, indicator: str, text: str) -> None:
    """Write the confirmed figure of September."""
    facts = folder / "facts" / "2026.csv"
    lines = facts.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if f"{unit},{indicator},核定数" in line)
    cells = lines[place].split(",")
    cells[11] = text
    lines[place] = ",".join(cells)
    facts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    later(facts)


def later(path: Path) -> None:
    """A time of change that no file had before."""
    when = time.time_ns() + 1_000_000_000 * (1 + len(path.name))
    os.utime(path, ns=(when, when))


def test_nothing_is_said_while_nothing_is_saved(folder):
    watcher = watching(folder)
    assert "正在看着" in watcher.start()[0]
    assert watcher.look() == []
    assert watcher.look() == []


def test_saved_figure_moves_marks_scores_and_places(folder):
    watcher = watching(folder)
    watcher.start()
    before = {u.name: u for u in watcher.good.units}
    put(folder, "栖湖文旅", "营业收入", "79044")
    assert watcher.look() == []  # a save may not be finished yet
    lines = watcher.look()
    assert lines[0].endswith("已重新计分")
    after = {u.name: u for u in watcher.good.units}
    name = "示例栖湖文旅有限公司"
    line = next(line for line in lines if name in line)
    assert f"得分 {before[name].score:g} → {after[name].score:g}" in line
    assert any("营业收入 15.46 → " in line and "完成数 73,044 → 79,044" in line for line in lines)
    assert watcher.look() == []


def test_save_without_a_change_says_that_nothing_moved(folder):
    watcher = watching(folder)
    watcher.start()
    later(folder / "units.csv")
    assert watcher.look() == []
    assert watcher.look()[1:] == ["  得分和位次没有变化。"]


def test_bad_figure_shows_its_problem_and_keeps_the_last_good_state(folder):
    watcher = watching(folder)
    watcher.start()
    good = watcher.good
    put(folder, "栖湖文旅", "营业收入", "很多")
    watcher.look()
    lines = watcher.look()
    assert "有问题，结果仍是上一次的" in lines[0]
    assert "“很多”" in lines[1]
    assert watcher.good is good
    put(folder, "栖湖文旅", "营业收入", "73044")
    watcher.look()
    assert watcher.look()[1:] == ["  得分和位次没有变化。"]


def test_half_written_file_is_waited_for(folder):
    watcher = watching(folder)
    watcher.start()
    settings = folder / "campaign.yaml"
    whole = settings.read_text(encoding="utf-8")
    settings.write_text(whole[:40], encoding="utf-8")
    later(settings)
    assert [watcher.look() for _ in range(PATIENCE - 1)] == [[]] * (PATIENCE - 1)
    settings.write_text(whole, encoding="utf-8")
    watcher.look()
    assert watcher.look()[1:] == ["  得分和位次没有变化。"]


def test_file_that_stays_unreadable_is_named_once(folder):
    watcher = watching(folder)
    watcher.start()
    settings = folder / "campaign.yaml"
    settings.write_text("{", encoding="utf-8")
    later(settings)
    said = [line for _ in range(3 * PATIENCE) for line in watcher.look()]
    assert len(said) == 2
    assert "结果仍是上一次的" in said[0]
    assert "campaign.yaml" in said[1]


def test_file_that_is_away_for_a_moment_is_waited_for(folder):
    watcher = watching(folder)
    watcher.start()
    away = folder.with_name("别处")
    folder.rename(away)
    assert watcher.look() == []
    away.rename(folder)
    assert watcher.look() == []


def test_campaign_that_is_not_there_is_refused_at_the_start(tmp_path):
    with pytest.raises(Refused):
        watching(tmp_path / "没有").start()


def test_lock_files_of_office_programs_are_no_save(folder):
    before = stamp(folder)
    (folder / "~$units.csv").write_text("x", encoding="utf-8")
    (folder / ".units.csv.part").write_text("x", encoding="utf-8")
    assert stamp(folder) == before


def test_once_ends_after_the_first_change(folder, capsys, monkeypatch):
    monkeypatch.setattr(watch, "EVERY", 0.02)
    args = argparse.Namespace(**vars(watching(folder).args), once=True)
    writer = threading.Timer(1.5, put, (folder, "栖湖文旅", "营业收入", "79044"))
    writer.start()
    assert watch.run(args) == 0
    writer.join()
    assert "已重新计分" in capsys.readouterr().out


def test_interrupt_ends_quietly(folder, capsys, monkeypatch):
    def interrupt(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(watch.time, "sleep", interrupt)
    args = argparse.Namespace(**vars(watching(folder).args), once=False)
    assert watch.run(args) == 0
    assert capsys.readouterr().out.endswith("已停止，原文件没有改动。\n")


# --- what moved ---------------------------------------------------------------------------------


def test_moved_says_old_and_new_of_everything_that_changed():
    better = figure(3, "revenue", 9) + 500
    lines = moved(
        result(scored(), "2026-09"),
        result(scored(changed={("u3", "revenue", 9): better}), "2026-09"),
    )
    assert lines == [
        "  示例栖湖文旅有限公司：位次 2 → 3",
        "  示例望岳建设有限公司：得分 93.49 → 95.71（+2.22），位次 3 → 2",
        "      营业收入 36 → 38.22（完成数 8,100 → 8,600）",
    ]


def test_moved_names_who_joined_and_who_left():
    few, all_of_them = (
        result(scored(of=units(2)), "2026-09"),
        result(scored(of=units(3)), "2026-09"),
    )
    assert any(line == "  示例栖湖文旅有限公司：新参加" for line in moved(few, all_of_them))
    assert any(line == "  示例栖湖文旅有限公司：不再参加" for line in moved(all_of_them, few))


def test_new_period_is_a_new_beginning():
    scoring = scored()
    assert moved(result(scoring, "2026-08"), result(scoring, "2026-09")) == [
        "  期间 2026-08 → 2026-09"
    ]


def test_same_result_moved_nothing_in_either_language():
    one = result(scored(), "2026-09")
    assert moved(one, one) == ["  得分和位次没有变化。"]
    assert moved(one, one, "en") == ["  no score or place changed."]


def test_score_that_went_away_is_a_dash():
    one = result(scored(of=units(1)), "2026-09")
    gone = msgspec.structs.replace(one.units[0], score=None, rank=None)
    (line,) = moved(one, msgspec.structs.replace(one, units=(gone,)))
    assert "位次 1 → —" in line
