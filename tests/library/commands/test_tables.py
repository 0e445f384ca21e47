"""The ranking on the terminal: the answer first, plain text without a terminal, any width."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from rich.cells import cell_len

from saima.campaigns import Event
from saima.commands.tables import print_ranking
from saima.scoring import result
from tests.library.briefing.invented import RULEBOOK, overview, units


def shown(
    capsys, monkeypatch, *, width: int = 100, language="zh", rulebook: str = RULEBOOK, **bent
) -> str:
    """What is printed for a bent campaign."""
    monkeypatch.setenv("COLUMNS", str(width))
    view = overview(rulebook, **bent)
    found = result(view.scoring, view.result.period, language=language)
    print_ranking(view.scoring, found, language)
    return capsys.readouterr().out


def test_first_line_answers_who_stands_where(capsys, monkeypatch):
    first = shown(capsys, monkeypatch).splitlines()[0]
    assert (
        first
        == "2026年9月：云岭交通、新渠市政分列各赛道第一；云岭交通、栖湖文旅各升2位，澄江置业降3位。"
    )


def test_table_has_place_movement_score_gap_and_what_closes_it(capsys, monkeypatch):
    lines = shown(capsys, monkeypatch).splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("经营类（4家）"))
    assert lines[head + 1].split() == [
        "位次", "比上月", "单位", "梯队", "得分", "距前一名", "进一位还需", "月月红",
    ]  # fmt: skip
    assert lines[head + 3].split() == [
        "1", "↑2", "云岭交通", "第一梯队", "100.00", "—", "领先5.51分", "□□□□□□□□□", "0",
    ]  # fmt: skip
    assert lines[head + 4].split() == [
        "2", "↑2", "栖湖文旅", "第二梯队", "94.49", "5.51", "营业收入再多完成1,241万元",
        "■□■□□□□□□", "2",
    ]  # fmt: skip


def test_unit_listed_apart_stands_last_without_a_place(capsys, monkeypatch):
    said = shown(capsys, monkeypatch)
    assert "建设类（3家，其中1家不参加排名）" in said
    assert "\n单列  —       数智云科" in said


def test_vetoed_unit_says_so_in_place_of_its_rank(capsys, monkeypatch):
    veto = Event(
        kind="veto", unit="u4", name="较大生产安全事故", on=date(2026, 5, 1), basis="示例规定"
    )
    said = shown(capsys, monkeypatch, events=[veto])
    assert "\n一票否决  " in said
    assert "新渠市政：一票否决：较大生产安全事故；" in said


def test_every_unit_has_a_reason(capsys, monkeypatch):
    said = shown(capsys, monkeypatch)
    reasons = said.partition("为什么在这个位置")[2].partition("超与赶")[0]
    assert [reasons.count(f"{u.short_name}：") for u in units()] == [1] * 7


def test_who_is_ahead_and_who_has_to_catch_up_is_said_last(capsys, monkeypatch):
    last = shown(capsys, monkeypatch).partition("超与赶\n")[2]
    assert last.startswith("  超：新渠市政未签约户数超序时25个百分点；")
    assert "\n  赶：澄江置业未签约户数欠序时7.82个百分点；" in last


def test_first_month_has_no_column_of_movement(capsys, monkeypatch):
    said = shown(capsys, monkeypatch, months=1)
    assert "比上月" not in said
    assert "位次变化" not in said


def test_ties_are_shown_as_ties(capsys, monkeypatch):
    unreported = {
        (u.code, x, 9): None for u in units() for x in ("revenue", "investment", "left", "hazards")
    }
    said = shown(capsys, monkeypatch, changed=unreported | {("u0", "revenue", 9): 9000.0})
    assert said.count("\n2并列  ") == 3


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_screen(capsys, monkeypatch, width, language):
    said = shown(capsys, monkeypatch, width=width, language=language, of=units(60))
    assert max(cell_len(line) for line in said.splitlines()) <= width


def test_long_names_wrap_and_stay_whole(capsys, monkeypatch):
    long = tuple(
        msgspec.structs.replace(u, short_name="", name=f"示例{'开发建设' * 12}{u.code}")
        for u in units()
    )
    said = shown(capsys, monkeypatch, width=80, of=long)
    assert max(cell_len(line) for line in said.splitlines()) <= 80
    assert f"示例{'开发建设' * 12}u3" in said.replace("\n", "").replace(" ", "")


def test_wider_screen_shows_a_square_for_every_month_and_a_narrow_one_a_word(capsys, monkeypatch):
    assert "■□■□■□■□■ 5" in shown(capsys, monkeypatch, width=120)
    narrow = shown(capsys, monkeypatch, width=80)
    assert "■红" in narrow
    assert "□未红" in narrow


def test_plain_text_has_no_control_characters_and_no_blank_ends(capsys, monkeypatch):
    said = shown(capsys, monkeypatch)
    assert "\x1b" not in said
    assert all(line == line.rstrip() for line in said.splitlines())


def test_nothing_is_taken_for_markup(capsys, monkeypatch):
    odd = tuple(msgspec.structs.replace(u, short_name=f"[b]{u.short_name}[/]") for u in units())
    assert "[b]云岭交通[/]" in shown(capsys, monkeypatch, of=odd)


def test_ranking_speaks_english(capsys, monkeypatch):
    said = shown(capsys, monkeypatch, language="en")
    assert said.startswith("2026-09: 云岭交通 first in 经营类;")
    assert "营业收入 by 1,241 万元" in said
    assert "Why each stands there" in said


def test_all_units_together_stand_in_one_table(capsys, monkeypatch):
    together = RULEBOOK.replace("rounding:", "ranks: {within: all}\nrounding:")
    said = shown(capsys, monkeypatch, rulebook=together)
    assert "全部单位（7家，其中1家不参加排名）" in said
    assert "经营类（" not in said
