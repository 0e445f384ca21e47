"""Exit statuses, refusals and help of the command line: never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from saima.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = str(ROOT / "src" / "saima" / "samples" / "hundred-days")


def test_without_words_the_help_is_shown_and_the_use_is_wrong(capsys):
    assert main([]) == 2
    assert "用法" in capsys.readouterr().out


def test_help_names_every_command(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert "saima" in capsys.readouterr().out


def test_an_unknown_command_is_wrong_use(capsys):
    assert main(["rank"]) == 2
    assert "没有“rank”这个命令" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["score"],
        ["score", SAMPLE, "--nonsense"],
        ["explain", SAMPLE],
        ["brief", SAMPLE, "--kind"],
    ],
)
def test_wrong_words_exit_with_two_and_say_so_in_chinese(words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert "用法不对" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score", "没有这个文件.xlsx"], "没有这个文件.xlsx"),
        (["score", SAMPLE, "--period", "2031-05"], "2026-09"),
        (["score", SAMPLE, "--period", "某月"], "看不懂期间"),
        (["score", SAMPLE, "--rulebook", "没有"], "monthly-tournament"),
        (["score", SAMPLE, "--as-of", "昨天"], "看不懂时间"),
        (["explain", SAMPLE, "--unit", "没有这家"], "没有“没有这家”这个单位"),
        (["explain", SAMPLE, "--unit", "示例栖湖文旅有限公司", "--indicator", "没有"], "计分指标"),
    ],
)
def test_what_cannot_be_done_is_refused_with_status_two(words, said, capsys):
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_as_of_without_recording_times_is_refused_with_a_sentence(tmp_path, capsys):
    from saima.files.campaign import write_template

    write_template(tmp_path / "台账.xlsx")
    assert main(["score", str(tmp_path / "台账.xlsx"), "--as-of", "2026-10-18"]) == 2
    assert "录入时间" in capsys.readouterr().err


def test_english_messages_are_one_word_away(capsys):
    assert main(["score", SAMPLE, "--period", "2031-05", "--lang", "en"]) == 2
    assert "nothing to score" in capsys.readouterr().err


def test_a_closed_pipe_is_no_crash():
    command = f"{sys.executable} -m saima score {SAMPLE} --json | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
